"""Which faces hang together, and how long the border between them is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.edits.faces import Faces
from geo.edits.noding import Edge, Node, edges_of


def group_faces(
    faces: Faces, wanted: Sequence[int], *, apart: Collection[Edge] = ()
) -> list[list[int]]:
    """Group faces that share an edge; a corner does not join.

    Parameters
    ----------
    wanted
        Positions of faces.
    apart
        Edges that do not join (a drawn line).

    Returns
    -------
    list of list of int
        In the order of each group's first face.
    """
    holders: dict[Edge, list[int]] = {}
    for i, face in enumerate(wanted):
        for edge in edge_set(faces.shapes[face]):
            holders.setdefault(edge, []).append(i)
    pairs = [found for edge, found in holders.items() if len(found) > 1 and edge not in apart]
    first = [found[0] for found in pairs]
    second = [found[-1] for found in pairs]
    size = len(wanted)
    graph = coo_array((np.ones(len(pairs)), (first, second)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    groups: dict[int, list[int]] = {}
    for i, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(wanted[i])
    return list(groups.values())


def longest_neighbour(
    faces: Faces, group: Sequence[int], others: Sequence[list[int]]
) -> list[int] | None:
    """Return which of the other groups shares the longest border with a group, if any does."""
    own = {edge for face in group for edge in edge_set(faces.shapes[face])}
    best: list[int] | None = None
    longest = 0.0
    for other in others:
        shared = own & {edge for face in other for edge in edge_set(faces.shapes[face])}
        length = border_length(shared)
        if length > longest:
            best, longest = other, length
    return best


def edge_set(shape: shapely.Geometry) -> set[Edge]:
    """Return the edges of a polygon as pairs of nodes, the lesser first."""
    flat = edges_of([shape]).reshape(-1, 4).tolist()
    return {((a, b), (c, d)) for a, b, c, d in flat}


def border_length(edges: Collection[tuple[Node, Node]]) -> float:
    """Return the length of edges in metres."""
    return float(sum(np.hypot(b[0] - a[0], b[1] - a[1]) for a, b in edges))
