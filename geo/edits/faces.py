"""The face method: outlines and drawn lines are noded, cut into faces, and given to owners.

Nothing is ever taken away from one polygon and added to another by difference and union: a face
belongs to its owners whole, so areas add up and borders match by construction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely

from geo.edits.ground import Ground
from geo.edits.noding import (
    SNAP_M,
    Edge,
    Node,
    Noded,
    edge_of,
    edges_of,
    insert_nodes,
    map_rings,
    node_lines,
)
from geo.edits.zone import Shapes
from geo.partition import THICKNESS_M

Insertions = dict[Edge, list[Node]]


class Piece(NamedTuple):
    """A grid to be made: the position of the grid it comes from, and which piece of it."""

    parent: int
    number: int


@dataclass(frozen=True)
class Change:
    """What an edit does to a ground.

    Parameters
    ----------
    shapes
        New metric shapes by position, also those that only get a node.
    pieces
        New grids: position of the grid each comes from, and its shape.
    removed
        Positions of the grids that are no more.
    keeper
        Position of the grid they went into, where they were merged.
    """

    ground: Ground
    shapes: Mapping[int, shapely.Geometry]
    pieces: tuple[tuple[int, shapely.Geometry], ...] = ()
    removed: tuple[int, ...] = ()
    keeper: int | None = None


@dataclass(frozen=True)
class Faces:
    """Faces of some grids' land, cut by lines.

    Parameters
    ----------
    touched
        Positions of the grids whose outlines were cut.
    shapes
        The faces, in metres, in a fixed order.
    owners
        Positions of the touched grids each face lies in; none for land between them.
    points
        A point inside each face.
    """

    ground: Ground
    touched: tuple[int, ...]
    shapes: Shapes
    owners: tuple[tuple[int, ...], ...]
    points: Shapes
    insertions: tuple[Insertions, ...]
    noded: Noded

    def within(self, area: shapely.Geometry) -> list[bool]:
        """Return which faces lie in an area whose outline was among the lines."""
        shapely.prepare(area)
        return [bool(inside) for inside in shapely.intersects(area, self.points)]


def lay_faces(
    ground: Ground,
    touched: Iterable[int],
    lines: Sequence[shapely.Geometry] = (),
    *,
    snap_m: float = SNAP_M,
) -> Faces:
    """Cut the land of grids into faces.

    Parameters
    ----------
    touched
        Positions of the grids.
    lines
        Lines in the metric zone.
    snap_m
        How near to a border a line means it.
    """
    positions = tuple(sorted(set(touched)))
    shapes = ground.shapes[list(positions)]
    insertions: list[Insertions] = []
    # asked together with the neighbours: near the tip of a third grid two borders of sound ones
    # may lie closer than that to each other
    around = ground.shapes[ground.around(shapes)]
    if not shapely.coverage_is_valid(around, gap_width=THICKNESS_M):
        # borders that do not share their nodes: give them their nodes first
        lines_of_own = list(shapely.boundary(shapes))
        own = node_lines(shapes, lines_of_own, ground.zone, rim=ground.rim, snap_m=THICKNESS_M)
        insertions.append(own.inserted)
        shapes = np.array([insert_nodes(shape, own.inserted) for shape in shapes], dtype=object)
    noded = node_lines(shapes, lines, ground.zone, rim=ground.rim, snap_m=snap_m)
    insertions.append(noded.inserted)
    faces = shapely.get_parts(shapely.polygonize(shapely.linestrings(noded.edges)))
    faces = faces[np.lexsort(shapely.bounds(faces).T)] if len(faces) else faces
    points = shapely.point_on_surface(faces)
    owners: list[list[int]] = [[] for _ in faces]
    of_face, of_shape = shapely.STRtree(shapes).query(points, predicate="intersects")
    for face, shape in zip(of_face.tolist(), of_shape.tolist(), strict=True):
        owners[face].append(positions[shape])
    sorted_owners = tuple(tuple(sorted(found)) for found in owners)
    return Faces(ground, positions, faces, sorted_owners, points, tuple(insertions), noded)


def settle(faces: Faces, owners: Sequence[Sequence[Hashable]]) -> Change:
    """Give each face to its owners and return what becomes of the grids.

    Parameters
    ----------
    owners
        For each face the positions of grids, or :class:`Piece` for grids to be made; empty for
        land that is to be in no grid.
    """
    ground = faces.ground
    parts: dict[Hashable, list[int]] = {}
    for face, keys in enumerate(owners):
        for key in keys:
            parts.setdefault(key, []).append(face)
    united = {key: _unite(faces.shapes[found]) for key, found in parts.items()}
    beside = ground.shapes[ground.around(ground.shapes[list(faces.touched)])]
    old = {(x, y) for x, y in shapely.get_coordinates(beside).tolist()}
    needless = _needless(faces.insertions[-1:], list(united.values())) - old
    if needless:
        united = {key: _without(shape, needless) for key, shape in united.items()}
    kept = [
        {
            edge: left
            for edge, nodes in found.items()
            if (left := [n for n in nodes if n not in needless])
        }
        for found in faces.insertions
    ]
    shapes: dict[int, shapely.Geometry] = {}
    for key, shape in united.items():
        if isinstance(key, int) and not _is_same(shape, ground.shapes[key]):
            shapes[key] = shape
    removed = tuple(position for position in faces.touched if position not in united)
    for position in ground.around(faces.ground.shapes[list(faces.touched)]):
        if position not in faces.touched:
            shape = ground.shapes[position]
            for found in kept:
                shape = insert_nodes(shape, found)
            if shape is not ground.shapes[position]:
                shapes[position] = shape
    pieces = sorted(key for key in united if isinstance(key, Piece))
    made = tuple((piece.parent, united[piece]) for piece in pieces)
    return Change(ground, shapes, made, removed)


def split_parts(shape: shapely.Geometry) -> Shapes:
    """Return the connected parts of a polygon or multipolygon."""
    return np.asarray(shapely.get_parts(shape))


def _unite(faces: Shapes) -> shapely.Geometry:
    return faces[0] if len(faces) == 1 else shapely.coverage_union_all(faces)


def _is_same(a: shapely.Geometry, b: shapely.Geometry) -> bool:
    return bool(shapely.equals_exact(shapely.normalize(a), shapely.normalize(b), tolerance=0.0))


def _needless(insertions: Iterable[Insertions], shapes: list[shapely.Geometry]) -> set[Node]:
    """Return new nodes on a border at which nothing happens: no other border meets or leaves it."""
    edges = {edge_of((a, b), (c, d)) for a, b, c, d in edges_of(shapes).reshape(-1, 4).tolist()}
    degree = Counter(node for edge in edges for node in edge)
    found = set()
    for inserted in insertions:
        for (start, end), nodes in inserted.items():
            stops = [start, *nodes, end]
            for before, node, after in zip(stops, stops[1:], stops[2:], strict=False):
                straight = edge_of(before, node) in edges and edge_of(node, after) in edges
                if degree[node] == 0 or (straight and degree[node] == 2):
                    found.add(node)
    return found


def _without(shape: shapely.Geometry, nodes: set[Node]) -> shapely.Geometry:
    """Return a polygon without some of its nodes."""
    present = {(x, y) for x, y in shapely.get_coordinates(shape).tolist()}
    if not nodes & present:
        return shape

    def cleaned(ring: shapely.LinearRing) -> list[Node]:
        left = [(x, y) for x, y in shapely.get_coordinates(ring).tolist()[:-1]]
        fewer = [node for node in left if node not in nodes]
        left = fewer if len(fewer) >= 3 else left
        return [*left, left[0]]

    return map_rings(shape, cleaned)
