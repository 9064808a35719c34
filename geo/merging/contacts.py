"""Who borders whom, and along how many metres."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.problems import Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

# Borders drawn twice are taken for one when no farther apart; overlaps may be of any width.
CONTACT_TOLERANCE_M = 1.0
# A river is drawn as a line somewhere in its bed: a border so near to it runs along it.
BARRIER_WITHIN_M = 15.0
_OVERLAP_M2 = 1.0
_TOLD = 100


@dataclass(frozen=True)
class Contacts:
    """Pairs of units that share a border; ``first < second``, ascending.

    Parameters
    ----------
    first, second
        Positions.
    length
        Metres of border, with what cannot be crossed.
    open
        Metres of it that can be crossed.
    """

    first: Ints
    second: Ints
    length: Floats
    open: Floats

    def between(self, member: NDArray[np.bool_]) -> Floats:
        """Return the metres that can be crossed of the pairs inside a set of units."""
        return self.open[member[self.first] & member[self.second]]


_AT_ONCE = 256
_MOST_BOXES = 1000  # outlines whose boxes meet that of one
_MOST_NEAR = 40  # outlines near one; neither counts where only one of the two has more


def find_contacts(
    shapes: Shapes,
    codes: NDArray[np.object_],
    barriers: geopandas.GeoDataFrame | None = None,
    bridges: geopandas.GeoDataFrame | None = None,
) -> tuple[Contacts, list[Problem]]:
    """Find all pairs of polygons with a common border.

    Borders with common nodes are found segment by segment; what is left of each outline is
    compared with the outlines within :data:`CONTACT_TOLERANCE_M`, and counts where it runs along
    for more than four times that much (round a corner it always does a little).

    Parameters
    ----------
    shapes
        Valid polygons in a metric CRS, empty ones allowed.
    codes
        Names for the problems.
    barriers
        Lines or polygons in the same CRS; border within :data:`BARRIER_WITHIN_M` of one cannot be
        crossed there.
    bridges
        What leads across (bridges, or any roads): where one meets a barrier at the border of two
        units, the barrier does not part these two.

    Returns
    -------
    tuple
        The contacts, and ``merge_borders_differ``, ``merge_units_overlap``,
        ``merge_units_pile_up``.
    """
    segments, owner, turned = _segments(shapes)
    one, other = _matches(segments)
    foreign = owner[one] != owner[other]
    one, other = one[foreign], other[foreign]
    low = np.minimum(owner[one], owner[other])
    high = np.maximum(owner[one], owner[other])
    metres = np.hypot(*(segments[one, 2:] - segments[one, :2]).T)
    lines = shapely.linestrings(segments[one].reshape(-1, 2, 2))
    alone = np.ones(len(segments), bool)
    alone[one] = alone[other] = False
    near_low, near_high, near_lines, problems = _near(shapes, codes, segments[alone], owner[alone])
    # neighbours go along their border in opposite directions; both on one side of it overlap
    same_side = turned[one] == turned[other]
    over = np.column_stack([low[same_side], high[same_side]])
    over = np.concatenate([over, np.column_stack([near_low, near_high])])
    problems += _overlaps(shapes, codes, np.unique(over, axis=0))
    low, high = np.concatenate([low, near_low]), np.concatenate([high, near_high])
    lines = np.concatenate([lines, near_lines])
    metres = np.concatenate([metres, shapely.length(near_lines)])
    # one order of adding, so that sums are the same to the last bit
    order = np.lexsort((metres, high, low))
    low, high, lines, metres = low[order], high[order], lines[order], metres[order]
    keys, pair = np.unique(low * max(1, len(shapes)) + high, return_inverse=True)
    first, second = np.divmod(keys, max(1, len(shapes)))
    length: Floats = np.bincount(pair, weights=metres, minlength=len(keys)).astype(np.float64)
    closed: Floats = np.zeros(len(keys))
    if barriers is not None and len(barriers) and len(keys):
        blocked = _blocked(lines, pair, barriers, bridges)
        closed += np.bincount(pair, weights=blocked, minlength=len(keys))
    return Contacts(first, second, length, np.maximum(length - closed, 0.0)), problems


def _segments(shapes: Shapes) -> tuple[Floats, Ints, NDArray[np.bool_]]:
    """Return the segments (x, y, x, y; lower end first) of all rings, their owners, which turned.

    The inside lies to the left of all that are not turned, and to the right of those that are.
    """
    parts, of_part = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    of_shape = of_part[ring_part]
    xy, of_ring = shapely.get_coordinates(rings, return_index=True)
    xy = xy + 0.0  # -0.0 and 0.0 are one place
    inside = of_ring[:-1] == of_ring[1:]
    inside &= (xy[:-1] != xy[1:]).any(axis=1)
    start, end = xy[:-1][inside], xy[1:][inside]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start[swap], end[swap] = end[swap], start[swap].copy()
    return np.hstack([start, end]), np.asarray(of_shape[of_ring[:-1][inside]], np.int64), swap


def _matches(segments: Floats) -> tuple[Ints, Ints]:
    """Return pairs of positions of equal segments."""
    if not len(segments):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    bits = np.ascontiguousarray(segments).view(np.uint64)
    digest = np.zeros(len(bits), np.uint64)
    for column in range(4):
        digest = (digest ^ (bits[:, column] >> np.uint64(7))) * np.uint64(0x9E3779B97F4A7C15)
        digest ^= bits[:, column] * np.uint64(0xC2B2AE3D27D4EB4F)
    order = np.argsort(digest, kind="stable")
    one, other = [], []
    for step in (1, 2, 3):  # a border in more than four units is an overlap, told elsewhere
        a, b = order[:-step], order[step:]
        same = (digest[a] == digest[b]) & (segments[a] == segments[b]).all(axis=1)
        one.append(a[same])
        other.append(b[same])
    return np.concatenate(one), np.concatenate(other)


def _near(
    shapes: Shapes, codes: NDArray[np.object_], segments: Floats, owner: Ints
) -> tuple[Ints, Ints, Shapes, list[Problem]]:
    """Compare what has no equal on the other side: gaps, overlaps, other nodes."""
    nothing = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, object)
    if not len(segments):
        return *nothing, []
    lines = shapely.linestrings(segments.reshape(-1, 2, 2))
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    units = owner[starts]
    rest = np.array(
        [shapely.multilinestrings(part) for part in np.split(lines, starts[1:])], dtype=object
    )
    pairs, problems = _pairs(rest, shapes[units], codes[units])
    if not len(pairs):
        return *nothing, problems
    involved = np.unique(pairs)
    wider = np.empty(len(units), dtype=object)
    wider[involved] = shapely.buffer(
        shapes[units[involved]], CONTACT_TOLERANCE_M, quad_segs=2, join_style="mitre"
    )
    shapely.prepare(wider[involved])
    of_a = shapely.intersection(rest[pairs[:, 0]], wider[pairs[:, 1]])
    of_b = shapely.intersection(rest[pairs[:, 1]], wider[pairs[:, 0]])
    length_a, length_b = shapely.length(of_a), shapely.length(of_b)
    contact = np.where(length_a <= length_b, of_a, of_b)
    along = np.minimum(length_a, length_b) > 4 * CONTACT_TOLERANCE_M
    pairs, contact = pairs[along], contact[along]
    low, high = units[pairs[:, 0]], units[pairs[:, 1]]
    if len(pairs):
        named = [str(codes[i]) for i in np.unique(np.concatenate([low, high]))[:_TOLD]]
        details = {"count": len(pairs), "tolerance_m": CONTACT_TOLERANCE_M}
        problems.append(Problem("merge_borders_differ", details, grids=tuple(named)))
    return low, high, contact, problems


def _overlaps(shapes: Shapes, codes: NDArray[np.object_], pairs: Ints) -> list[Problem]:
    """Tell which of some pairs overlap."""
    low, high = pairs.T
    common = shapely.intersection(shapes[low], shapes[high])
    area = shapely.area(common)
    problems = []
    for k in np.flatnonzero(area > _OVERLAP_M2)[:_TOLD].tolist():
        names = (str(codes[low[k]]), str(codes[high[k]]))
        told = {"unit": names[0], "other": names[1], "area_m2": float(area[k])}
        problems.append(Problem("merge_units_overlap", told, grids=names, geometry=common[k]))
    return problems


def _pairs(rest: Shapes, shapes: Shapes, codes: NDArray[np.object_]) -> tuple[Ints, list[Problem]]:
    """Return which outlines come near each other or run inside the other's shape.

    Where very many lie on top of each other (the same layer twice, buffers for areas) comparing all
    with all would not end; what has so many others is not compared with its like, and that is told.
    """
    count = len(rest)
    boxes = shapely.STRtree(rest)
    hits = np.zeros(count, np.int64)
    for at in range(0, count, _AT_ONCE):
        part = boxes.query(rest[at : at + _AT_ONCE])[0]
        hits += np.bincount(part + at, minlength=count)
    clear = np.flatnonzero(hits <= _MOST_BOXES)
    inside = shapely.STRtree(shapes)
    found = [
        boxes.query(rest[clear], predicate="dwithin", distance=CONTACT_TOLERANCE_M),
        # an overlap may be wider than the tolerance
        inside.query(rest[clear], predicate="intersects"),
    ]
    pairs = np.concatenate([np.column_stack([clear[one], other]) for one, other in found])
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    crowded = np.bincount(pairs.ravel(), minlength=count) > _MOST_NEAR
    crowded |= hits > _MOST_BOXES
    both = crowded[pairs].all(axis=1)
    if not both.any() and len(clear) == count:
        return pairs, []
    named = tuple(sorted(str(code) for code in codes[crowded])[:_TOLD])
    told = Problem("merge_units_pile_up", {"count": int(crowded.sum())}, grids=named)
    return pairs[~both], [told]


def _blocked(
    lines: Shapes,
    pair: Ints,
    barriers: geopandas.GeoDataFrame,
    bridges: geopandas.GeoDataFrame | None,
) -> Floats:
    """Return how many metres of each piece of border run along a barrier."""
    blocked = np.zeros(len(lines))
    stops = np.asarray(barriers.geometry.array, dtype=object)
    stops = stops[~shapely.is_missing(stops) & ~shapely.is_empty(stops)]
    near = shapely.STRtree(lines).query(stops, predicate="dwithin", distance=BARRIER_WITHIN_M)
    used = np.unique(near[0])
    if not len(used):
        return blocked
    wide = shapely.get_parts(
        shapely.union_all(shapely.buffer(stops[used], BARRIER_WITHIN_M, quad_segs=4))
    )
    touched = np.unique(near[1])
    which, part = shapely.STRtree(wide).query(lines[touched], predicate="intersects")
    inside = shapely.intersection(lines[touched[which]], wide[part])
    if bridges is not None and len(bridges):
        ways = np.asarray(bridges.geometry.array, dtype=object)
        ways = ways[~shapely.is_missing(ways) & ~shapely.is_empty(ways)]
        met = shapely.STRtree(inside).query(ways, predicate="dwithin", distance=BARRIER_WITHIN_M)[1]
        crossed = np.isin(pair[touched[which]], np.unique(pair[touched[which[met]]]))
        which, inside = which[~crossed], inside[~crossed]
    np.add.at(blocked, touched[which], shapely.length(inside))
    return blocked
