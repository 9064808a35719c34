"""Where roads join: at vertices they share, and where an end all but touches another road.

Lines that merely cross do not join: most such places are bridges.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geo.reach.road_rows import Roads

Ids = NDArray[np.int64]


class Joined(NamedTuple):
    """An end that touched another road without a common vertex, now joined to it."""

    code: str
    other: str
    x: float
    y: float
    gap_m: float


class Segments(NamedTuple):
    """Straight pieces of road between nodes, in canonical order: by road, then along it.

    Parameters
    ----------
    nodes
        Shape (n, 2), metres.
    tail, head
        Node at which each piece starts and ends in the direction of its line.
    road
        Position of its road in :class:`geo.reach.road_rows.Roads`.
    """

    nodes: NDArray[np.float64]
    tail: Ids
    head: Ids
    road: Ids

    @property
    def lines(self) -> NDArray[np.object_]:
        """The pieces as LineStrings."""
        ends = np.stack([self.nodes[self.tail], self.nodes[self.head]], axis=1)
        return np.asarray(shapely.linestrings(ends), dtype=object)

    @property
    def metres(self) -> NDArray[np.float64]:
        """Length of each piece."""
        step = self.nodes[self.head] - self.nodes[self.tail]
        return np.asarray(np.hypot(step[:, 0], step[:, 1]))


class _Touches(NamedTuple):
    """Ends (nodes) and what each touches: a node, or a segment at ``along`` (0-1)."""

    end: Ids
    other: Ids
    along: NDArray[np.float64]
    gap_m: NDArray[np.float64]


def node_roads(roads: Roads, join_m: float) -> tuple[Segments, tuple[Joined, ...]]:
    """Cut lines at their vertices and join them.

    Parameters
    ----------
    roads
        :func:`geo.reach.road_rows.read_roads`.
    join_m
        An end of a line at most this far from a vertex of a road that does not have this end
        among its own vertices becomes one with the nearest; else the nearest such road within
        ``join_m`` (of several the lowest code) is bent to pass through the end. What moves,
        moves by at most ``join_m``.
    """
    if not len(roads.lines):
        return Segments(np.empty((0, 2)), *np.empty((3, 0), np.int64)), ()
    segments, ends = _cut(roads)
    incidence = _incidence(segments)
    to_nodes = _near_nodes(segments, ends, incidence, join_m)
    ends = np.setdiff1d(ends, np.concatenate([to_nodes.end, to_nodes.other]))
    to_segments = _near_segments(segments, ends, incidence, join_m)
    joined = _tell(roads, segments, incidence, to_nodes, to_segments)
    return _merge(_split(segments, to_segments), to_nodes), joined


def _cut(roads: Roads) -> tuple[Segments, Ids]:
    """Return the pieces between vertices, taken to the micrometre, and where lines end."""
    xy, line = shapely.get_coordinates(roads.lines, return_index=True)
    # complex numbers sort by x, then y; adding 0 makes -0.0 the same place as 0.0
    places, node = np.unique((np.round(xy, 6) + 0.0).view(np.complex128)[:, 0], return_inverse=True)
    nodes = np.column_stack([places.real, places.imag])
    first = np.flatnonzero((line[1:] == line[:-1]) & (node[1:] != node[:-1]))
    starts = np.flatnonzero(np.diff(line, prepend=-1))
    ends = node[np.concatenate([starts, starts[1:] - 1, [len(line) - 1]])]
    segments = Segments(nodes, node[first], node[first + 1], roads.road[line[first]])
    return segments, np.intersect1d(ends, np.concatenate([segments.tail, segments.head]))


def _incidence(segments: Segments) -> csr_array:
    """Return which road (column) has which node (row)."""
    rows = np.concatenate([segments.tail, segments.head])
    columns = np.concatenate([segments.road, segments.road])
    shape = (len(segments.nodes), int(segments.road.max()) + 1)
    found = csr_array((np.ones(len(rows), np.int32), (rows, columns)), shape=shape)
    found.sum_duplicates()
    return found


def _near_nodes(segments: Segments, ends: Ids, incidence: csr_array, join_m: float) -> _Touches:
    pairs = KDTree(segments.nodes[ends]).sparse_distance_matrix(
        KDTree(segments.nodes), join_m, output_type="ndarray"
    )
    end, other, gap = ends[pairs["i"]], pairs["j"].astype(np.int64), pairs["v"]
    strange = (incidence[end] * incidence[other]).sum(axis=1) == 0  # no road has both
    end, other, gap = end[strange], other[strange], gap[strange]
    order = np.lexsort((other, gap, end))
    chosen = order[np.diff(end[order], prepend=-1) > 0]
    end, other, gap = end[chosen], other[chosen], gap[chosen]
    # two ends that touch each other are joined once
    mutual = np.isin(other * len(segments.nodes) + end, end * len(segments.nodes) + other)
    once = ~mutual | (end < other)
    return _Touches(end[once], other[once], np.zeros(int(once.sum())), gap[once])


def _near_segments(segments: Segments, ends: Ids, incidence: csr_array, join_m: float) -> _Touches:
    tree = shapely.STRtree(segments.lines)
    # a trifle wider, then cut by our own formula
    pair, found = tree.query(
        shapely.points(segments.nodes[ends]), predicate="dwithin", distance=join_m * (1 + 1e-9)
    )
    end, other = ends[pair], found.astype(np.int64)
    along, gap = project(segments, other, segments.nodes[end])
    own = np.asarray(incidence[end, segments.road[other]]).ravel() > 0 if len(end) else end > 0
    # at 0 or 1 the touched thing is a vertex: _near_nodes had its say
    touches = ~own & (gap <= join_m) & (along > 0) & (along < 1)
    end, other, along, gap = end[touches], other[touches], along[touches], gap[touches]
    order = np.lexsort((other, gap, end))
    chosen = order[np.diff(end[order], prepend=-1) > 0]
    return _Touches(end[chosen], other[chosen], along[chosen], gap[chosen])


def project(
    segments: Segments, segment: Ids, places: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where on its segment (0-1) each place is nearest, and the metres to there."""
    start = segments.nodes[segments.tail[segment]]
    step = segments.nodes[segments.head[segment]] - start
    away = places - start
    along = np.clip((away * step).sum(axis=1) / (step * step).sum(axis=1), 0.0, 1.0)
    gap = away - along[:, None] * step
    return along, np.hypot(gap[:, 0], gap[:, 1])


def _split(segments: Segments, at: _Touches) -> Segments:
    """Bend segments to pass through the ends that touch them."""
    count = len(segments.tail)
    each = np.arange(count)
    segment = np.concatenate([each, at.other, each])
    along = np.concatenate([np.zeros(count), at.along, np.ones(count)])
    node = np.concatenate([segments.tail, at.end, segments.head])
    order = np.lexsort((node, along, segment))
    segment, node = segment[order], node[order]
    first = np.flatnonzero(segment[1:] == segment[:-1])
    return Segments(segments.nodes, node[first], node[first + 1], segments.road[segment[first]])


def _merge(segments: Segments, pairs: _Touches) -> Segments:
    """Make one node of ends and the vertices they touch: the one farthest west, then south."""
    count = len(segments.nodes)
    links = csr_array((np.ones(len(pairs.end)), (pairs.end, pairs.other)), shape=(count, count))
    _, piece = connected_components(links, directed=False)
    _, first = np.unique(piece, return_index=True)
    one = first[piece]
    tail, head = one[segments.tail], one[segments.head]
    left = tail != head
    kept, ends = np.unique(np.concatenate([tail[left], head[left]]), return_inverse=True)
    tail, head = np.split(ends, 2)
    return Segments(segments.nodes[kept], tail, head, segments.road[left])


def _tell(
    roads: Roads, segments: Segments, incidence: csr_array, nodes: _Touches, lines: _Touches
) -> tuple[Joined, ...]:
    """Return what was joined, west to east."""

    def road_of(node: int) -> int:
        return int(incidence.indices[incidence.indptr[node] : incidence.indptr[node + 1]].min())

    found = [
        (end, road_of(other), gap)
        for end, other, gap in zip(nodes.end, nodes.other, nodes.gap_m, strict=True)
    ] + list(zip(lines.end, segments.road[lines.other], lines.gap_m, strict=True))
    return tuple(
        Joined(
            roads.codes[road_of(end)],
            roads.codes[other],
            float(segments.nodes[end, 0]),
            float(segments.nodes[end, 1]),
            float(gap),
        )
        for end, other, gap in sorted(found)
    )
