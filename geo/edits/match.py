"""Make grids share their nodes where their borders differ by less than a millimetre.

Files that went through another program have such borders: every coordinate rounded a little
differently. No gap or overlap is thick enough to be mended by itself, yet nothing is edge-matched.
"""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.edits.faces import Change
from geo.edits.ground import Ground
from geo.edits.noding import Node, insert_nodes, map_rings, node_lines
from geo.edits.refusal import refuse
from geo.edits.zone import Shapes
from geo.partition import THICKNESS_M

_ROUNDS = 3  # a node put on an edge may come near to the next one


def match_borders(ground: Ground) -> Change:
    """Return the change after which the grids of a ground share their nodes.

    Raises
    ------
    Refusal
        ``no_change``.
    """
    change = match_nodes(ground)
    if not change.shapes:
        raise refuse("no_change", ground=ground)
    return change


def match_nodes(ground: Ground) -> Change:
    """Return the change, maybe none, after which the grids of a ground share their nodes.

    Nodes within 1 mm of each other become one: that of the outline where there is one, else the
    least. Nodes within 1 mm of an edge become nodes of that edge.
    """
    shapes = ground.shapes
    for _ in range(_ROUNDS):
        if shapely.coverage_is_valid(shapes, gap_width=THICKNESS_M):
            break
        shapes = _weld(ground, shapes)
        lines = list(shapely.boundary(shapes))
        noded = node_lines(shapes, lines, ground.zone, rim=ground.rim, snap_m=THICKNESS_M)
        shapes = np.array([insert_nodes(s, noded.inserted) for s in shapes], dtype=object)
    same = shapely.equals_exact(ground.shapes, shapes, tolerance=0.0)
    return Change(ground, {int(i): shapes[i] for i in np.flatnonzero(~same)})


def _weld(ground: Ground, shapes: Shapes) -> Shapes:
    """Return the shapes with nodes that lie within 1 mm of each other made one."""
    xy = np.unique(shapely.get_coordinates(shapes), axis=0)
    pairs = cKDTree(xy).query_pairs(THICKNESS_M, output_type="ndarray")
    if not len(pairs):
        return shapes
    size = len(xy)
    graph = coo_array((np.ones(len(pairs)), pairs.T), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    nodes: list[Node] = [(x, y) for x, y in xy.tolist()]
    fixed = {(x, y) for x, y in shapely.get_coordinates(ground.rim).tolist()}
    chosen: dict[int, Node] = {}
    for label, node in sorted(
        zip(labels.tolist(), nodes, strict=True), key=lambda pair: (pair[1] not in fixed, pair[1])
    ):
        chosen.setdefault(label, node)
    become = {node: chosen[label] for label, node in zip(labels.tolist(), nodes, strict=True)}

    def welded(ring: shapely.LinearRing) -> list[Node]:
        return [become[x, y] for x, y in shapely.get_coordinates(ring).tolist()]

    return np.array(
        [shapely.remove_repeated_points(map_rings(shape, welded)) for shape in shapes],
        dtype=object,
    )
