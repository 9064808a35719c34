"""What to draw of a road network: one way, and the land within reach. Never who is served."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reach.noding import Segments
from geo.reach.road_graph import budget
from geo.reach.road_kernels import Ids, Micro, Sides, Stops
from geo.reach.snapping import Snapped, micro

# Land beside a road is drawn as far as a place may be from it, or as far as the budget still
# allows, in steps.
STEPS = 8
# At the end of the reached part someone r from it may walk to the road farther on, and back
# along it: r * √2 at most where the road is straight.
CORNER = 2**0.5
_QUARTER_SEGMENTS = 8


class Parts(NamedTuple):
    """Parts of segments, from and to a share (0-1) of their length."""

    segment: Ids
    start: NDArray[np.float64]
    end: NDArray[np.float64]


def trace_nodes(via: Ids, sides: Sides, node: int) -> list[int]:
    """Follow the segments to take, from a node to one next to the center."""
    nodes = [node]
    while via[node] >= 0:
        segment = via[node]
        node = int(sides.head[segment] if sides.tail[segment] == node else sides.tail[segment])
        nodes.append(node)
    return nodes


def draw_way(
    segments: Segments,
    ends: NDArray[np.float64],
    feet: NDArray[np.float64],
    nodes: list[int],
) -> shapely.LineString:
    """Draw a way: door, where it meets the road, nodes, where it leaves the road, center."""
    path = np.concatenate([ends[:1], feet[:1], segments.nodes[nodes], feet[1:], ends[1:]])
    moves = (path[1:] != path[:-1]).any(axis=1)
    path = path[np.concatenate([[True], moves])]
    return shapely.LineString(path if len(path) > 1 else np.repeat(path, 2, axis=0))


def feet_of(segments: Segments, snapped: Snapped) -> NDArray[np.float64]:
    """Return where places meet the road, shape (n, 2); all must be on the network."""
    lengths = np.maximum(micro(segments.metres[snapped.segment]), 1)
    share = (snapped.offset_um / lengths)[:, None]
    tail = segments.nodes[segments.tail[snapped.segment]]
    head = segments.nodes[segments.head[snapped.segment]]
    return np.asarray(np.where(share == 1, head, tail + share * (head - tail)))


def draw_land(
    segments: Segments,
    sides: Sides,
    costs: Micro,
    reached: Micro,
    centers: Stops,
    limit: float,
    beside: list[tuple[float, float]],
) -> shapely.Geometry:
    """Draw the roads from which a center is within the limit, and the land beside them.

    Parameters
    ----------
    segments, sides
        The network.
    costs
        Of each segment, in millionths.
    reached
        Of each node the cost to the center (:func:`geo.reach.road_kernels.search`).
    centers
        The centers searched from.
    limit
        Metres or seconds.
    beside
        Metres from the road, widest first, and the cost that goes with each: land so far from
        a road is drawn where the limit still leaves that much.
    """
    open_ = np.ones(len(costs), np.bool_)
    drawn = []
    for metres, leg in beside:
        parts = _parts(sides, costs, reached, centers, budget(limit - leg))
        some = open_[parts.segment]
        parts = Parts(parts.segment[some], parts.start[some], parts.end[some])
        # a segment drawn whole with more land beside it needs no narrower one
        open_[parts.segment[(parts.start == 0) & (parts.end == 1)]] = False
        lines = shapely.multilinestrings(_lines(segments, parts))
        merged = shapely.get_parts(shapely.line_merge(lines))
        drawn.append(shapely.buffer(merged, metres, quad_segs=_QUARTER_SEGMENTS))
    land = shapely.union_all(np.concatenate(drawn))
    return shapely.Polygon() if land.is_empty else land


def _parts(sides: Sides, costs: Micro, reached: Micro, centers: Stops, most: np.int64) -> Parts:
    """Return the parts of segments from which a center costs at most so much."""
    least = np.minimum(reached[sides.tail], reached[sides.head])
    near = np.flatnonzero((least <= most) & (costs > 0))
    whole = costs[near]
    to_tail = np.where(sides.backward[near], most - reached[sides.tail[near]], -1)
    to_head = np.where(sides.forward[near], most - reached[sides.head[near]], -1)
    to_tail, to_head = np.clip(to_tail, 0, whole), np.clip(to_head, 0, whole)
    all_ = to_tail + to_head >= whole
    found = [
        (near[all_], 0 * whole[all_], whole[all_]),
        (near[~all_], 0 * whole[~all_], to_tail[~all_]),
        (near[~all_], (whole - to_head)[~all_], whole[~all_]),
    ]
    # the centers' own segments: those who come along it without passing a node
    on = np.flatnonzero((centers.segment >= 0) & ~np.isin(centers.segment, near[all_]))
    left = most - centers.leg[on]
    on, left = on[left > 0], left[left > 0]
    own, at = centers.segment[on], centers.along[on]
    before = np.where(sides.forward[own], np.maximum(at - left, 0), at)
    after = np.where(sides.backward[own], np.minimum(at + left, costs[own]), at)
    found.append((own, before, after))
    segment, start, end = (np.concatenate(column) for column in zip(*found, strict=True))
    some = end > start
    whole = costs[segment[some]]
    return Parts(segment[some], start[some] / whole, end[some] / whole)


def _lines(segments: Segments, parts: Parts) -> NDArray[np.object_]:
    tail = segments.nodes[segments.tail[parts.segment]]
    head = segments.nodes[segments.head[parts.segment]]
    step = head - tail
    start = tail + parts.start[:, None] * step
    end = np.where((parts.end == 1)[:, None], head, tail + parts.end[:, None] * step)
    return np.asarray(shapely.linestrings(np.stack([start, end], axis=1)), dtype=object)
