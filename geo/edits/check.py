"""Would a change do harm? Looked at where it happens: the changed grids and their neighbours.

The same four questions as :mod:`geo.partition` asks of a village, so that an accepted edit keeps a
partition one; a village that is damaged already may be edited as long as nothing new breaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from geo.edits.faces import Change, split_parts
from geo.edits.ground import Ground
from geo.edits.refusal import Refusal, refuse
from geo.edits.values import Edit
from geo.edits.zone import Shapes
from geo.partition import THICKNESS_M, thick_difference, thick_parts
from geo.shapes import REASONS_ZH, reason_of

SLIVER_M = 1.0
# A new node on a locked border lies on the lattice beside it, up to 0.08 mm away.
_NODE_OFF_M = 1.5e-4


def check_change(
    change: Change, fixed: Mapping[int, Refusal], *, may_disconnect: bool = False
) -> None:
    """Raise a refusal if a change breaks the partition, or a rule about shapes.

    Parameters
    ----------
    change
        What an edit would do.
    fixed
        Why a grid's own line must stay, by position in the ground.
    may_disconnect
        Whether grids may fall into more pieces (mending takes land as it finds it).

    Raises
    ------
    Refusal
        One of ``fixed``, ``would_break_shape``, ``would_empty``, ``would_touch_itself``,
        ``would_disconnect``, ``would_leave_sliver``, ``would_overlap``, ``would_leave_gap``,
        ``would_leave_village``.
    """
    ground = change.ground
    _check_fixed(change, fixed)
    after = [(ground.codes[i], shape) for i, shape in sorted(change.shapes.items())]
    after += [(ground.codes[parent], shape) for parent, shape in change.pieces]
    _check_shapes(ground, after)
    for position, shape in sorted(change.shapes.items()):
        _check_pinches(ground, position, shape)
        _check_parts(ground, position, shape, may_disconnect)
    for parent, piece in change.pieces:
        _check_pinches(ground, parent, piece)
        if is_sliver(piece):
            raise refuse_sliver(ground, parent, piece)
    _check_borders(change)
    _check_land(change)


def is_sliver(shape: shapely.Geometry) -> bool:
    """Return whether no disc of :data:`SLIVER_M` diameter fits into a shape."""
    return bool(shapely.is_empty(shapely.buffer(shape, -SLIVER_M / 2, quad_segs=4)))


def refuse_sliver(
    ground: Ground, position: int, place: shapely.Geometry, fix: Edit | None = None
) -> Refusal:
    """Make the refusal of a sliver of a grid."""
    code, width = ground.codes[position], f"{SLIVER_M:g}"
    return refuse("would_leave_sliver", code, ground=ground, at=place, fix=fix, width_m=width)


def _check_fixed(change: Change, fixed: Mapping[int, Refusal]) -> None:
    cut = {*change.removed, *(parent for parent, _ in change.pieces)}
    for position in sorted({*change.shapes, *cut} & set(fixed)):
        new = change.shapes.get(position)
        if (
            new is None
            or position in cut
            or not _only_nodes_added(change.ground.shapes[position], new)
        ):
            raise fixed[position]


def _only_nodes_added(old: shapely.Geometry, new: shapely.Geometry) -> bool:
    """Return whether a shape kept its nodes and got others on its line only."""
    before = {(x, y) for x, y in shapely.get_coordinates(old).tolist()}
    after = {(x, y) for x, y in shapely.get_coordinates(new).tolist()}
    kept, added = before <= after, sorted(after - before)
    off = shapely.distance(shapely.points(np.array(added).reshape(-1, 2)), shapely.boundary(old))
    return kept and bool((off <= _NODE_OFF_M).all())


def _check_shapes(ground: Ground, after: Sequence[tuple[str, shapely.Geometry]]) -> None:
    if not after:
        return
    shapes = np.array([shape for _, shape in after], dtype=object)
    for (code, shape), empty in zip(after, shapely.is_empty(shapes), strict=True):
        if empty:
            raise refuse("would_empty", code, ground=ground, at=shape)
    stored = ground.zone.to_store(shapes)
    for shown in (shapes, stored):
        for i in map(int, np.flatnonzero(~shapely.is_valid(shown))):
            reason, place = reason_of(shown[i])
            at = place if shown is shapes else ground.to_metric(place)
            raise refuse(
                "would_break_shape",
                after[i][0],
                ground=ground,
                at=at,
                reason=reason,
                reason_zh=REASONS_ZH.get(reason, reason),
            )


def _check_parts(
    ground: Ground, position: int, shape: shapely.Geometry, may_disconnect: bool
) -> None:
    before, after = split_parts(ground.shapes[position]), split_parts(shape)
    code = ground.codes[position]
    if len(after) > len(before) and not may_disconnect:
        pieces = shapely.multipolygons(sorted(after, key=shapely.area)[:-1])
        raise refuse("would_disconnect", code, ground=ground, at=pieces, parts=len(after))
    thin = [part for part in after if is_sliver(part)]
    if len(thin) > sum(map(is_sliver, before)):
        raise refuse_sliver(ground, position, shapely.multipolygons(thin))


def _check_pinches(ground: Ground, position: int, shape: shapely.Geometry) -> None:
    """Refuse a shape that touches itself at a node: GEOS takes no such polygon into a coverage."""
    old = np.array(sorted(_pinches(ground.shapes[position]))).reshape(-1, 2)
    new = {n for n in _pinches(shape) if not (np.hypot(*(old - n).T) <= THICKNESS_M).any()}
    if new:
        place = shapely.multipoints(sorted(new))
        raise refuse("would_touch_itself", ground.codes[position], ground=ground, at=place)


def _pinches(shape: shapely.Geometry) -> set[tuple[float, float]]:
    """Return the nodes at which the rings of a shape meet."""
    nodes: set[tuple[float, float]] = set()
    twice: set[tuple[float, float]] = set()
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        for x, y in shapely.get_coordinates(ring)[:-1].tolist():
            (twice if (x, y) in nodes else nodes).add((x, y))
    return twice


def _check_borders(change: Change) -> None:
    """Refuse overlaps and borders whose sides differ, unless they were there before."""
    ground = change.ground
    made = [shape for _, shape in change.pieces]
    near = ground.around([*change.shapes.values(), *made])
    codes = [ground.codes[i] for i in near if i not in change.removed]
    after = [change.shapes.get(i, ground.shapes[i]) for i in near if i not in change.removed]
    codes += [ground.codes[parent] for parent, _ in change.pieces]
    shapes = np.array([*after, *made], dtype=object)
    if shapely.coverage_is_valid(shapes, gap_width=THICKNESS_M):
        return
    before = ground.shapes[near]
    shared = _overlaps(before)
    # Where three grids lie over each other, a border of two of them shows only once the third is
    # gone: it is no new fault as long as no more land is in two grids than was.
    known = shapely.union_all([*_mismatches(before), shared])
    faults = shapely.difference(
        _mismatches(shapes), shapely.buffer(known, 2 * THICKNESS_M, quad_segs=2)
    )
    new = np.flatnonzero(shapely.length(faults) > 2 * THICKNESS_M)
    if len(new):
        names = sorted({codes[i] for i in new})
        raise refuse("would_overlap", *names, ground=ground, at=shapely.union_all(faults[new]))
    # nor may an overlap too thin to count become one that does
    grown = thick_difference(_overlaps(shapes), shared)
    if len(grown):
        raise refuse(
            "would_overlap", *sorted(set(codes)), ground=ground, at=shapely.union_all(grown)
        )
    if _surplus_m2(shapes) > _surplus_m2(before) + THICKNESS_M * shapely.length(known):
        place = shapely.union_all(_mismatches(shapes))
        raise refuse("would_overlap", *sorted(set(codes)), ground=ground, at=place)


def _mismatches(shapes: Shapes) -> Shapes:
    return np.asarray(shapely.coverage_invalid_edges(shapes, gap_width=THICKNESS_M))


def _overlaps(shapes: Shapes) -> shapely.Geometry:
    """Return the land that is in two of the shapes or more."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    return shapely.union_all(
        thick_parts(shapely.union_all(shapely.intersection(shapes[one], shapes[other])))
    )


def _surplus_m2(shapes: Shapes) -> float:
    """Return how much land the shapes hold beyond what they cover together."""
    return float(shapely.area(shapes).sum() - shapely.area(shapely.union_all(shapes)))


def _check_land(change: Change) -> None:
    """Refuse land that is lost from the village or taken from outside it.

    What becomes a gap is looked for, not only what goes: where borders differ by a hair, a strip
    too thin to count may make another one as thick as a gap.
    """
    ground = change.ground
    touched = [*change.shapes, *change.removed]
    names = sorted({ground.codes[i] for i in touched})
    before = shapely.union_all(ground.shapes[touched])
    after = shapely.union_all([*change.shapes.values(), *(shape for _, shape in change.pieces)])
    where = shapely.intersection(_beside(shapely.difference(before, after)), ground.whole_land)
    others = [ground.shapes[i] for i in ground.around([where]) if i not in set(touched)]
    lost = _new_parts(
        thick_difference(where, shapely.union_all([after, *others])),
        thick_difference(where, shapely.union_all([before, *others])),
    )
    where = _beside(shapely.difference(after, before))
    gained = _new_parts(
        thick_difference(shapely.intersection(where, after), ground.whole_land),
        thick_difference(shapely.intersection(where, before), ground.whole_land),
    )
    for key, parts in (("would_leave_village", gained), ("would_leave_gap", lost)):
        if len(parts):
            area = float(shapely.area(parts).sum())
            place = shapely.union_all(parts)
            raise refuse(key, *names, ground=ground, at=place, area_m2=area)


def _beside(strips: shapely.Geometry) -> shapely.Geometry:
    """Return the land of strips, however thin, and 2 mm around."""
    parts = shapely.get_parts(strips)
    parts = parts[shapely.area(parts) > 0]
    return shapely.union_all(shapely.buffer(parts, 2 * THICKNESS_M, quad_segs=1))


def _new_parts(now: Shapes, then: Shapes) -> Shapes:
    return thick_difference(shapely.union_all(now), shapely.union_all(then)) if len(now) else now
