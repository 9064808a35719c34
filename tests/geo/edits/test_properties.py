"""Whatever is drawn on whatever village: accepted and right, or refused with a reason.

``outcome_faults`` (:mod:`tests.geo.edits.checker`) is the judge: it uses integers and GEOS, not
``geo.partition`` or ``geo.edits``. The long run of the same is ``benchmarks/edit_storm.py``.
"""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from geo.edits import EDIT_TYPES, attempt, needs, parse_edit
from tests.geo.edits import strokes
from tests.geo.edits.attempts import after, shuffled, told, tried
from tests.geo.edits.checker import (
    NODE_M,
    known_outline,
    metric,
    parts_of,
    segments_of,
    village_faults,
    wholes_of,
)
from tests.geo.edits.villages import KINDS, SITES, blurred, cases, damaged, make

SEEDS = st.integers(0, 9_999)
# 10,000 nodes a border are slow to check: they get tests of their own
QUICK = tuple(kind for kind in KINDS if kind != "winding")
# an outline that touches itself is drawn once and never again: taken apart, it stays so
WHOLE = tuple(kind for kind in QUICK if kind != "pinched")


def stroke(case, kind, seed):
    return strokes.draw(np.random.default_rng(seed), kind, case.partition)


def test_every_type_is_drawn():
    # joining villages moves no line: test_joint.py walks through those
    joining = {"join_villages", "leave_joint_village", "apply_suggestion"}
    assert set(strokes.TYPES) == set(EDIT_TYPES) - joining


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_villages_are_partitions_to_begin_with(kind, site):
    for seed in range(2):
        case = make(kind, seed, count=5, site=site)
        for whole in sorted(set(wholes_of(case.partition.grids).values())):
            shapes = parts_of(case.partition.grids, whole)
            outline = known_outline(case.partition, whole, shapes)
            allowed = {"edges"} if kind == "pinched" else set()
            assert set(village_faults(shapes, outline, case.zone)) <= allowed


def accepted(case, kind, seed):
    """Draw until an edit of a type is accepted."""
    for attempt_seed in range(seed, seed + 12):
        edit = stroke(case, kind, attempt_seed)
        outcome, faults = tried(case, edit)
        assert faults == []
        if outcome and outcome.problem is None:
            return edit, outcome
    assume(False)
    return None


# --- any sequence of edits --------------------------------------------------------------------


@settings(max_examples=60)
@given(cases(kinds=QUICK), st.lists(st.tuples(st.sampled_from(strokes.TYPES), SEEDS), max_size=12))
def test_any_sequence_of_edits_keeps_the_partition(case, drawn):
    for kind, seed in drawn:
        edit = stroke(case, kind, seed)
        outcome, faults = tried(case, edit)
        note(f"{edit} -> {outcome.problem if outcome else 'no edit'}")
        assert faults == []
        if outcome and outcome.problem is None:
            case = after(case, outcome)


@settings(max_examples=5)
@given(
    cases(kinds=("winding",)),
    st.lists(st.tuples(st.sampled_from(strokes.TYPES), SEEDS), max_size=4),
)
def test_borders_of_thousands_of_nodes(case, drawn):
    for kind, seed in drawn:
        outcome, faults = tried(case, stroke(case, kind, seed))
        assert faults == []
        if outcome and outcome.problem is None:
            case = after(case, outcome)


MENDING = ("fill_gap", "resolve_overlap", "clip_to_village")


@settings(max_examples=40)
@given(
    cases(kinds=QUICK, max_count=6),
    SEEDS,
    st.lists(st.tuples(st.sampled_from((*MENDING, *MENDING, *strokes.TYPES)), SEEDS), max_size=5),
)
def test_a_damaged_village_never_gets_worse(case, seed, drawn):
    case = damaged(case, seed)
    for kind, at in drawn:
        edit = stroke(case, kind, at)
        outcome, faults = tried(case, edit, sound=False)
        note(f"{edit} -> {outcome.problem if outcome else 'no edit'}")
        assert faults == []
        if outcome and outcome.problem is None:
            case = after(case, outcome)


MATCHABLE = tuple(kind for kind in QUICK if kind not in ("pinched", "nested"))


@settings(max_examples=20)
@given(cases(kinds=MATCHABLE, max_locked=0, outlines=True), SEEDS, st.integers(1, 3))
def test_borders_that_differ_by_a_hair_are_matched(case, seed, steps):
    village = case.partition.villages["code"].iloc[0]
    case = blurred(case, seed, steps)
    assume(shapely.is_valid(np.asarray(case.partition.grids.geometry)).all())
    outcome, faults = tried(case, {"type": "match_borders", "village": village}, sound=False)
    assert faults == []
    if outcome.problem is not None:
        assert outcome.problem.key == "no_change"
    shapes = parts_of(outcome.grids, village)
    outline = known_outline(case.partition, village, shapes)
    assert set(village_faults(shapes, outline, case.zone)) <= {"area_m2"}


# --- what an edit must not depend on ----------------------------------------------------------


@settings(max_examples=40)
@given(cases(kinds=QUICK), st.sampled_from(strokes.TYPES), SEEDS, SEEDS)
def test_neither_row_order_nor_a_second_try_changes_the_outcome(case, kind, seed, order):
    edit = stroke(case, kind, seed)
    first, _ = tried(case, edit)
    assume(first is not None)
    again, _ = tried(case, edit)
    other, _ = tried(shuffled(case, order), edit)
    assert told(first) == told(again)
    assert told(first) == told(other)


@settings(max_examples=30)
@given(cases(kinds=("pair", "holed")), st.sampled_from(strokes.TYPES), SEEDS)
def test_what_an_edit_says_it_needs_is_enough(case, kind, seed):
    """Loaded with only the villages ``needs`` names, the outcome is the same there."""
    try:
        edit = parse_edit(stroke(case, kind, seed))
    except ValueError:
        assume(False)
    whole = attempt(case.partition, edit)
    local = attempt(loaded(case, needs(edit)), edit)
    if whole.problem or local.problem:
        assert (whole.problem and whole.problem.key) == (local.problem and local.problem.key)
        return
    shapes = dict(zip(whole.grids["code"], whole.grids.geometry, strict=True))
    for code, shape in zip(local.grids["code"], local.grids.geometry, strict=True):
        assert shapely.to_wkb(shape) == shapely.to_wkb(shapes[code])
    assert (whole.changed, whole.created, whole.removed) == (
        local.changed,
        local.created,
        local.removed,
    )


def loaded(case, wanted):
    """Return the partition as the store would load it for an edit."""
    partition = case.partition
    grids, natural = partition.grids, partition.natural_villages
    villages = set(wanted.villages)
    villages |= set(grids["village_code"][grids["code"].isin(wanted.grids)])
    named = natural["code"].isin(wanted.natural_villages) | natural["id"].isin(
        wanted.natural_villages
    )
    villages |= set(natural["village_code"][named])
    if wanted.shape is not None:
        near = shapely.dwithin(np.asarray(grids.geometry), wanted.shape, 1e-8)
        villages |= set(grids["village_code"][near])
    return replace(
        partition,
        grids=grids[grids["village_code"].isin(villages)],
        villages=partition.villages[partition.villages["code"].isin(villages)],
        natural_villages=natural[natural["village_code"].isin(villages)],
    )


@settings(max_examples=25)
@given(cases(kinds=("pair",)), st.tuples(SEEDS, SEEDS), st.sampled_from(strokes.TYPES))
def test_edits_of_different_villages_commute(case, seeds, kind):
    assume(len(case.partition.villages) == 2)
    edits = []
    for seed, village in zip(seeds, case.partition.villages["code"], strict=True):
        grids = case.partition.grids
        own = replace(case.partition, grids=grids[grids["village_code"] == village])
        own = replace(own, villages=own.villages[own.villages["code"] == village])
        edits.append(strokes.draw(np.random.default_rng(seed), kind, own))
    one_way, other_way = case, case
    for edit in edits:
        one_way = applied(one_way, edit)
    for edit in reversed(edits):
        other_way = applied(other_way, edit)
    assert by_code(one_way) == by_code(other_way)


def applied(case, edit):
    outcome, faults = tried(case, edit)
    assert faults == []
    return after(case, outcome) if outcome and outcome.problem is None else case


def by_code(case):
    grids = case.partition.grids
    return dict(zip(grids["code"], shapely.to_wkb(np.asarray(grids.geometry)), strict=True))


# --- edits that undo or repeat each other -----------------------------------------------------


def area_of(case, code):
    grids = case.partition.grids
    return float(shapely.area(metric(grids.geometry[grids["code"] == code], case.zone)).sum())


def shape_of(case, code):
    return case.partition.grids.set_index("code").geometry[code]


@settings(max_examples=40)
@given(cases(kinds=WHOLE, max_locked=0), SEEDS)
def test_split_then_merge_is_the_grid_again(case, seed):
    edit, outcome = accepted(case, "split", seed)
    codes = edit.get("grids") or [edit["grid"]]
    assume(len(codes) == 1)
    assume(shape_of(case, codes[0]).geom_type == "Polygon")  # parts apart merge no more
    cut = after(case, outcome)
    back, faults = tried(
        cut, {"type": "merge", "grids": [*codes, *outcome.created], "keep": codes[0]}
    )
    assert faults == []
    assert back.problem is None
    whole = after(cut, back)
    assert sorted(whole.partition.grids["code"]) == sorted(case.partition.grids["code"])
    [code] = codes
    # the nodes the split put on the outline stay: the area is the same to 0.1 mm times their edges
    before, now = shape_of(case, code), shape_of(whole, code)
    if set(segments_of([before])) == set(segments_of([now])):
        assert area_of(whole, code) == pytest.approx(area_of(case, code), abs=1e-6)
    assert shapely.length(metric([before], case.zone))[0] == pytest.approx(
        shapely.length(metric([now], case.zone))[0], abs=1e-3
    )
    off = shapely.hausdorff_distance(*metric([before, now], case.zone))
    assert off <= 1.5e-4


@pytest.mark.parametrize("seed", [0, 1])
def test_lines_do_not_creep_however_often_they_are_cut(seed):
    """New nodes lie on the outline as it was drawn; a locked border takes a random walk."""
    case = make("voronoi", seed, count=3, size=700.0, locked=1, outlines=False)
    grids = case.partition.grids
    held = grids["code"][grids["locked"]].iloc[0]
    rim = shapely.union_all(metric(grids.geometry, case.zone)).boundary
    line = metric([shape_of(case, held)], case.zone)[0].boundary
    [code, *_] = grids["code"][~grids["locked"]]
    for number in range(40):
        drawn = strokes._line(np.random.default_rng(number), shape_of(case, code), "across")
        cut, _ = tried(case, {"type": "split", "grid": code, "line": strokes._json(drawn)})
        if cut.problem is None:
            pieces = {"type": "merge", "grids": [code, *cut.created], "keep": code}
            healed, _ = tried(after(case, cut), pieces)
            assert healed.problem is None
            case = after(case, healed)
    now = metric(case.partition.grids.geometry, case.zone)
    assert off_m(shapely.union_all(now), rim) <= NODE_M
    assert off_m(metric([shape_of(case, held)], case.zone)[0], line) <= 2 * NODE_M


def off_m(shape, line):
    return shapely.distance(shapely.points(shapely.get_coordinates(shape)), line).max()


@settings(max_examples=40)
@given(cases(kinds=WHOLE, max_locked=0), SEEDS)
def test_transfer_there_and_back(case, seed):
    rng = np.random.default_rng(seed)
    grids = case.partition.grids
    row = int(rng.integers(len(grids)))
    near = strokes._beside(grids, [row])
    assume(near)
    assume(set(grids.geometry.geom_type) == {"Polygon"})  # a whole part would not come back
    taker, giver = grids["code"].iloc[row], grids["code"].iloc[int(rng.choice(near))]
    shared = shapely.intersection(shape_of(case, taker), shape_of(case, giver))
    at = shapely.get_coordinates(shapely.line_interpolate_point(shared, 0.5, normalized=True))[0]
    reach = strokes._width(shape_of(case, giver)) * rng.uniform(0.05, 0.3)
    blob = shapely.buffer(shapely.Point(at), reach, quad_segs=2)
    # only what the giver has, so that the same area brings it back
    area = shapely.intersection(blob, shape_of(case, giver))
    assume(area.geom_type == "Polygon" and not area.is_empty)
    there = {"type": "transfer", "to": taker, "area": strokes._json(area), "from": [giver]}
    outcome, faults = tried(case, there)
    assert faults == []
    assume(outcome and outcome.problem is None)
    moved = after(case, outcome)
    returned, faults = tried(moved, {**there, "to": giver, "from": [taker]})
    assert faults == []
    assert returned.problem is None
    again = after(moved, returned)
    for code in (taker, giver):
        shapes = metric([shape_of(case, code), shape_of(again, code)], case.zone)
        # what is drawn within 1 cm of a border is the border; this area was cut out in degrees, in
        # which a long straight edge bulges
        off = 0.02 + 2 * bulge_m(shapes[0], lat=at[1])
        assert shapely.area(shapely.symmetric_difference(*shapes)) <= off * shapes[0].length


def bulge_m(shape, *, lat):
    """Return how far the longest edge lies beside itself in degrees: L² tan(lat) / 8R."""
    longest = np.hypot(*np.diff(shapely.get_coordinates(shape), axis=0).T).max()
    return longest**2 * np.tan(np.radians(lat)) / (8 * 6.371e6)


@settings(max_examples=25)
@given(cases(kinds=QUICK), SEEDS)
def test_renumbering_twice_is_renumbering_once(case, seed):
    village = case.partition.villages["code"].iloc[0]
    once, faults = tried(case, {"type": "renumber", "village": village})
    assert faults == []
    if once.problem is None:
        twice, faults = tried(after(case, once), {"type": "renumber", "village": village})
        assert faults == []
        assert twice.problem.key == "no_change"


@settings(max_examples=25)
@given(cases(kinds=("natural", "pair", "voronoi"), max_locked=0), SEEDS)
def test_assigning_cells_is_transferring_their_union(case, seed):
    edit, outcome = accepted(case, "assign", seed)
    natural = case.partition.natural_villages
    named = natural["code"].isin(edit["natural_villages"]) | natural["id"].isin(
        edit["natural_villages"]
    )
    area = shapely.union_all(np.asarray(natural.geometry[named]))
    drawn = {**edit, "type": "transfer", "area": strokes._json(area)}
    del drawn["natural_villages"]
    same, faults = tried(case, drawn)
    assert faults == []
    assert told(same) == told(outcome)
