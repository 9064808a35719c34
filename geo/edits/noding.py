"""Noding a drawn line with the borders it meets, on the lattice.

The line is welded to the borders first: what was drawn within :data:`SNAP_M` of a node or of a
border means that node or that border. Then every crossing becomes a lattice node of both. A border
therefore gets its new nodes by name (*this edge, these nodes*), and a neighbour that has the edge
gets exactly the same ones: no border is ever searched for by distance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.edits.refusal import refuse
from geo.edits.zone import Coordinates, Shapes, Zone
from geo.partition import THICKNESS_M

SNAP_M = 0.01
_ON_BORDER_M = 1.5e-4  # a node on a border lies on the lattice beside it, up to 0.08 mm away
MAX_CROSSINGS = 20_000

Node = tuple[float, float]
Edge = tuple[Node, Node]


@dataclass
class Noded:
    """Edges that meet at their ends only.

    Parameters
    ----------
    edges
        Shape (n, 2, 2), every edge once, its lesser end first.
    inserted
        New nodes by the border edge they were put on, from its lesser end on.
    drawn
        The edges of the drawn line, also those that run along a border.
    """

    edges: NDArray[np.float64]
    inserted: dict[Edge, list[Node]]
    drawn: set[Edge] = field(default_factory=set)


def node_lines(
    shapes: Shapes,
    lines: Iterable[shapely.Geometry],
    zone: Zone,
    *,
    rim: shapely.Geometry | None = None,
    snap_m: float = SNAP_M,
) -> Noded:
    """Node the outlines of metric polygons with drawn lines.

    Parameters
    ----------
    shapes
        Polygons that share the edges at which they meet.
    lines
        Lines in the metric zone. An edge of ``shapes`` may be among them: then it gets nodes where
        other edges meet it, which mends polygons that do not share their nodes.
    rim
        Line that stays where it is however often it is noded: the outline of the village. New nodes
        beside it are put on it, not on the edge between earlier nodes, so that they do not drift.
    snap_m
        What is drawn this near to a border, means it.
    """
    drawing = _Drawing(edges_of(shapes), zone, rim, snap_m)
    drawing.add(_chains(lines))
    drawing.cross()
    return drawing.finish()


def edges_of(shapes: Shapes | list[shapely.Geometry]) -> NDArray[np.float64]:
    """Return the edges of polygons' rings, shape (n, 2, 2): each once, its lesser end first."""
    rings = shapely.get_rings(shapely.get_parts(np.asarray(shapes, dtype=object)))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[:-1] == ring[1:]
    edges = np.stack([xy[:-1][within], xy[1:][within]], axis=1)
    return _unique(edges)


def edge_of(a: Node, b: Node) -> Edge:
    """Return the edge between two nodes, its lesser end first."""
    return (a, b) if a <= b else (b, a)


def insert_nodes(shape: shapely.Geometry, inserted: dict[Edge, list[Node]]) -> shapely.Geometry:
    """Return a polygon with the new nodes of its edges; itself when it has none of these edges."""
    if not inserted:
        return shape
    hit = False

    def noded(ring: shapely.LinearRing) -> list[Node]:
        nonlocal hit
        nodes: list[Node] = [(x, y) for x, y in shapely.get_coordinates(ring).tolist()]
        out = nodes[:1]
        for a, b in pairwise(nodes):
            new = inserted.get(edge_of(a, b))
            if new:
                hit = True
                out += new if a <= b else new[::-1]
            out.append(b)
        return out

    changed = map_rings(shape, noded)
    return changed if hit else shape


def map_rings(
    shape: shapely.Geometry, change: Callable[[shapely.LinearRing], list[Node]]
) -> shapely.Geometry:
    """Return a polygon or multipolygon whose rings have the coordinates ``change(ring)``."""
    parts = [
        shapely.Polygon(change(part.exterior), [change(hole) for hole in part.interiors])
        for part in shapely.get_parts(shape)
    ]
    return parts[0] if shape.geom_type == "Polygon" else shapely.MultiPolygon(parts)


def nearest_on(line: shapely.Geometry, points: Shapes) -> Shapes:
    """Return the point of a line nearest to each point."""
    ends = shapely.shortest_line(line, points)
    return np.asarray(shapely.get_point(ends, 0), dtype=object)


def _chains(lines: Iterable[shapely.Geometry]) -> list[Coordinates]:
    """Return the drawn lines noded with each other, as coordinates without repeats."""
    parts = [part for line in lines for part in shapely.get_parts(line)]
    noded = shapely.get_parts(shapely.line_merge(shapely.union_all(parts)))
    # union_all puts parts into an order of its own: the same whatever the order they came in
    return [shapely.get_coordinates(part) for part in noded if not part.is_empty]


class _Drawing:
    """The drawn line while it is welded to the borders and crossed with them."""

    def __init__(
        self,
        borders: NDArray[np.float64],
        zone: Zone,
        rim: shapely.Geometry | None,
        snap_m: float,
    ) -> None:
        self._zone = zone
        self._rim = rim
        self._snap_m = snap_m
        self._borders = borders
        self._lines = shapely.linestrings(borders)
        self._tree = shapely.STRtree(self._lines)
        self._nodes = np.unique(borders.reshape(-1, 2), axis=0)
        self._node_tree = shapely.STRtree(shapely.points(self._nodes))
        self._on_border: dict[int, set[Node]] = {}
        self._drawn: dict[Edge, set[Node]] = {}

    def add(self, chains: list[Coordinates]) -> None:
        """Weld the drawn lines: their vertices to the borders, the nodes beside them to them."""
        welded = [self._weld(chain) for chain in chains]
        if not welded:
            return
        segments = np.concatenate([np.stack([w[:-1], w[1:]], axis=1) for w in welded])
        known = np.array(sorted({n for nodes in self._on_border.values() for n in nodes}))
        spots = np.concatenate([self._nodes, known.reshape(-1, 2)])
        tree = shapely.STRtree(shapely.points(spots))
        lines = shapely.linestrings(segments)
        near = tree.query(lines, predicate="dwithin", distance=self._snap_m)
        beside: dict[int, set[Node]] = {}
        for segment, spot in near.T.tolist():
            beside.setdefault(segment, set()).add(_node(spots[spot]))
        for i, ends in enumerate(segments.tolist()):
            first, last = (_node(end) for end in ends)
            if first != last:
                through = _between(first, last, beside.get(i, set()))
                self._drawn.setdefault(edge_of(first, last), set()).update(through)

    def cross(self) -> None:
        """Put a node wherever the drawn line crosses a border."""
        drawn = sorted(self._drawn)
        if not drawn:
            return
        lines = shapely.linestrings(np.array(drawn))
        pairs = self._tree.query(lines, predicate="intersects")
        meetings = shapely.intersection(lines[pairs[0]], self._lines[pairs[1]])
        crossing = (shapely.get_type_id(meetings) == 0) & ~shapely.is_empty(meetings)
        if int(crossing.sum()) > MAX_CROSSINGS:
            raise refuse("drawing_tangled", count=int(crossing.sum()), limit=MAX_CROSSINGS)
        places = self._place(meetings[crossing])
        for (which, border), place in zip(pairs[:, crossing].T.tolist(), places, strict=True):
            edge = drawn[which]
            ends = {_node(end) for end in self._borders[border].tolist()}
            of_border = ends | self._on_border.get(border, set())
            of_drawn = {*edge, *self._drawn[edge]}
            if of_border & of_drawn:
                continue  # two straight lines meet once: they do at a node
            # the line may bend to a node of the border, the border never to one of the line
            node = self._near(_node(place), of_border) or _node(place)
            if node not in of_border:
                self._on_border.setdefault(border, set()).add(node)
            if node not in of_drawn:
                self._drawn[edge].add(node)

    def finish(self) -> Noded:
        """Return all edges, cut at their nodes."""
        keys = [edge_of(_node(a), _node(b)) for a, b in self._borders.tolist()]
        if self._drawn.keys() & set(keys):
            for border, edge in enumerate(keys):
                if self._drawn.get(edge):
                    self._on_border.setdefault(border, set()).update(self._drawn[edge])
        inserted = {keys[i]: _along(*keys[i], nodes) for i, nodes in self._on_border.items()}
        pieces = {
            piece
            for edge, nodes in self._drawn.items()
            for piece in _cut(edge, [*nodes, *inserted.get(edge, ())])
        }
        whole = np.ones(len(self._borders), dtype=bool)
        whole[list(self._on_border)] = False
        cut = {piece for edge, nodes in inserted.items() for piece in _cut(edge, nodes)}
        parts = [self._borders[whole]]
        parts += [np.array(sorted(edges)) for edges in (cut, pieces) if edges]
        return Noded(_unique(np.concatenate(parts)), inserted, pieces)

    def _weld(self, chain: Coordinates) -> Coordinates:
        """Return the vertices of a line as lattice nodes: of the borders where they are near."""
        points = shapely.points(chain)
        welded = self._zone.snap(chain)
        which, border = self._tree.query_nearest(
            points, max_distance=self._snap_m, all_matches=False
        )
        node_at = self._node_tree.query_nearest(
            points, max_distance=self._snap_m, all_matches=False
        )
        on_node = dict(node_at.T.tolist())
        feet = shapely.line_interpolate_point(
            self._lines[border], shapely.line_locate_point(self._lines[border], points[which])
        )
        places = self._place(feet)
        for i, b, place in zip(which.tolist(), border.tolist(), places, strict=True):
            if i in on_node:
                continue
            foot = _node(place)
            end = self._near(foot, {_node(end) for end in self._borders[b].tolist()})
            welded[i] = end or foot
            if end is None:
                self._on_border.setdefault(b, set()).add(foot)
        for i, node in on_node.items():
            welded[i] = self._nodes[node]
        self._share(welded[which])
        return welded

    def _share(self, nodes: Coordinates) -> None:
        """Put nodes on every border they lie on: at a crossing of two borders on both."""
        which, border = self._tree.query(
            shapely.points(nodes), predicate="dwithin", distance=_ON_BORDER_M
        )
        for i, b in zip(which.tolist(), border.tolist(), strict=True):
            ends = {_node(end) for end in self._borders[b].tolist()}
            node = _node(nodes[i])
            if self._near(node, ends | self._on_border.get(b, set())) is None:
                self._on_border.setdefault(b, set()).add(node)

    def _place(self, points: Shapes) -> Coordinates:
        """Return the lattice nodes for points on borders, those on the rim by the rim."""
        placed = points.copy()
        if self._rim is not None and len(points):
            beside = shapely.distance(self._rim, points) <= THICKNESS_M
            placed[beside] = nearest_on(self._rim, points[beside])
        return self._zone.snap(shapely.get_coordinates(placed))

    def _near(self, node: Node, others: set[Node]) -> Node | None:
        """Return the node that a new one means: the nearest within the snapping distance."""
        close = sorted((np.hypot(node[0] - x, node[1] - y), (x, y)) for x, y in others)
        return close[0][1] if close and close[0][0] <= self._snap_m else None


def _node(xy: Sequence[float] | Coordinates) -> Node:
    x, y = xy
    return float(x), float(y)


def _between(start: Node, end: Node, nodes: Iterable[Node]) -> set[Node]:
    """Return the nodes beside a line, none beyond its ends."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    return {n for n in nodes if 0 < (n[0] - start[0]) * dx + (n[1] - start[1]) * dy < length}


def _along(start: Node, end: Node, nodes: Iterable[Node]) -> list[Node]:
    """Return nodes in the order in which they lie from ``start`` to ``end``."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    return sorted(nodes, key=lambda n: ((n[0] - start[0]) * dx + (n[1] - start[1]) * dy, n))


def _cut(edge: Edge, nodes: Iterable[Node]) -> list[Edge]:
    stops = [edge[0], *_along(*edge, nodes), edge[1]]
    return [edge_of(a, b) for a, b in pairwise(stops) if a != b]


def _unique(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each edge once, its lesser end first, in a fixed order."""
    a, b = edges[:, 0], edges[:, 1]
    turned = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    straight = np.where(turned[:, None, None], edges[:, ::-1], edges)
    flat = np.unique(straight.reshape(len(straight), 4), axis=0)
    return flat.reshape(-1, 2, 2)
