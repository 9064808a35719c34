"""Small cases against the naive way: shapely's difference, intersection and union of metric shapes.

The naive way leaves slivers and one-sided nodes, but where land goes it must agree: areas by owner
to 1 mm times the borders' length, and the owner of 1,000 random points, but for those within 1 mm
of a border. The same against PostGIS: tests/data/test_edit_oracles.py.
"""

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.crs import to_lattice
from geo.edits import SNAP_M
from tests.geo.edits import strokes
from tests.geo.edits.attempts import after, tried
from tests.geo.edits.checker import known_outline, metric, owners_of
from tests.geo.edits.drawing import area, code, line, place, shape, village
from tests.geo.edits.villages import WEST, cases

SEEDS = st.integers(0, 9_999)
KINDS = ("voronoi", "island", "bricks", "natural", "strips", "exclave")
TOLERANCE_M = 1e-3


def drawn_m(case, value):
    return metric([shapely.from_geojson(json.dumps(value))], case.zone)[0]


def shapes_m(case):
    grids = case.partition.grids
    return dict(zip(grids["code"], metric(grids.geometry, case.zone), strict=True))


def accepted(case, kind, seed):
    """Draw until an edit is accepted that no node of a border is snapped to."""
    nodes = shapely.points(np.vstack([shapely.get_coordinates(s) for s in shapes_m(case).values()]))
    for number in range(seed, seed + 15):
        edit = strokes.draw(np.random.default_rng(number), kind, case.partition)
        outcome, faults = tried(case, edit)
        assert faults == []
        if outcome is None or outcome.problem is not None or edit.get("tidy"):
            continue
        drawn = edit.get("line") or edit.get("area")
        if drawn:
            lines = drawn_m(case, drawn)
            border = lines.boundary if lines.geom_type == "Polygon" else lines
            vertices = shapely.points(shapely.get_coordinates(border))
            rims = shapely.multilinestrings(
                [
                    r
                    for s in shapes_m(case).values()
                    for r in shapely.get_rings(shapely.get_parts(s))
                ]
            )
            near = [*shapely.distance(nodes, border), *shapely.distance(vertices, rims)]
            if min(near) < 2 * SNAP_M:
                continue
        return edit, after(case, outcome), outcome
    assume(False)
    return None


def assert_same_land(case, now, naive):
    """Compare owners of land with ``naive``: {code: metric shape}."""
    found = shapes_m(now)
    assert set(found) == set(naive)
    for name, expected in naive.items():
        spare = TOLERANCE_M * (expected.length + found[name].length)
        assert found[name].area == pytest.approx(expected.area, abs=spare)
    rng = np.random.default_rng(1)
    bounds = shapely.total_bounds(list(found.values()))
    points = shapely.points(rng.uniform(bounds[:2], bounds[2:], (1_000, 2)))
    borders = shapely.union_all([shape.boundary for shape in naive.values()])
    points = points[shapely.distance(points, borders) > TOLERANCE_M]
    codes = sorted(found)
    ours, theirs = ([of[c] for c in codes] for of in (found, naive))
    for one, other in zip(ours, theirs, strict=True):
        assert (shapely.covers(one, points) == shapely.covers(other, points)).all()


@settings(max_examples=20)
@given(cases(kinds=KINDS, max_locked=0), SEEDS)
def test_split(case, seed):
    edit, now, outcome = accepted(case, "split", seed)
    codes = edit.get("grids") or [edit["grid"]]
    before = shapes_m(case)
    cut = drawn_m(case, edit["line"])
    assume(all(before[c].geom_type == "Polygon" for c in codes))
    pieces = []
    for name in codes:
        faces = shapely.polygonize([shapely.union_all([before[name].boundary, cut])]).geoms
        inside = [f for f in faces if before[name].contains(f.representative_point())]
        inside.sort(key=lambda f: -f.area)
        before[name] = inside[0]
        pieces += inside[1:]
    made = shapes_m(now)
    for piece in pieces:  # new codes are found by where they are
        [name] = [c for c in outcome.created if made[c].contains(piece.representative_point())]
        before[name] = piece
    assert_same_land(case, now, before)


@settings(max_examples=20)
@given(cases(kinds=KINDS, max_locked=0), SEEDS)
def test_transfer(case, seed):
    edit, now, _ = accepted(case, "transfer", seed)
    drawn = drawn_m(case, edit["area"])
    assert_same_land(case, now, transferred(case, edit, drawn))


@settings(max_examples=15)
@given(cases(kinds=("natural",), max_locked=0), SEEDS)
def test_assign(case, seed):
    edit, now, _ = accepted(case, "assign", seed)
    natural = case.partition.natural_villages
    names = edit["natural_villages"]
    rows = natural["code"].isin(names) | natural["id"].isin(names)
    cells = shapely.union_all(metric(natural.geometry[rows], case.zone))
    assert_same_land(case, now, transferred(case, edit, cells))


def transferred(case, edit, drawn):
    """Return the naive result of giving an area away."""
    naive = shapes_m(case)
    for name in naive:
        if name != edit["to"] and (not edit.get("from") or name in edit["from"]):
            given = naive[name].intersection(drawn)
            naive[name] = naive[name].difference(drawn)
            naive[edit["to"]] = naive[edit["to"]].union(given)
    return naive


@settings(max_examples=20)
@given(cases(kinds=KINDS, max_locked=0), SEEDS)
def test_merge(case, seed):
    edit, now, _ = accepted(case, "merge", seed)
    naive = shapes_m(case)
    whole = shapely.union_all([naive.pop(c) for c in edit["grids"]])
    naive[edit.get("keep") or min(edit["grids"])] = whole
    assert_same_land(case, now, naive)


#   ┌────┬────┐
#   │ a ╭┤ b  │   the land between the old border and the line changes hands
#   │   ╰┤    │
#   └────┴────┘
@settings(max_examples=40)
@given(st.floats(0.4, 1.9), st.floats(0.1, 0.85), st.floats(-1.8, 1.8), st.booleans())
def test_reshape(start, span, bulge, beyond):
    assume(abs(bulge) > 0.03)
    case = village("aabb\naabb")
    low, high = start * (1 - span) / 2, start * (1 - span) / 2 + span
    way = [(2, low), (2 + bulge, low + span / 3), (2 + bulge, high - span / 3), (2, high)]
    if beyond:  # a little past the border
        way = [(2 - bulge / 50, low - span / 50), *way[1:3], (2 - bulge / 50, high + span / 50)]
    drawn = line(*way)
    edit = {"type": "reshape", "grids": [code("a"), code("b")], "line": drawn}
    outcome, faults = tried(case, edit)
    assert faults == []
    assert outcome.problem is None
    old = shapely.LineString([(2, 0), (2, 2)])
    faces = shapely.polygonize([shapely.union_all([old, shapely.LineString(way)])]).geoms
    between = max(faces, key=lambda f: f.area)
    a, b = shape(case, "a"), shape(case, "b")
    now_a, now_b = (shape(after(case, outcome), x) for x in "ab")
    if bulge < 0:
        assert now_a.area == pytest.approx(a.difference(between).area, abs=1e-4)
        assert now_b.area == pytest.approx(b.union(between).area, abs=1e-4)
    else:
        assert now_a.area == pytest.approx(a.union(between).area, abs=1e-4)
        assert now_b.area == pytest.approx(b.difference(between).area, abs=1e-4)


@settings(max_examples=20)
@given(cases(kinds=KINDS, max_locked=0), st.sampled_from(("split", "transfer", "merge")), SEEDS)
def test_households_that_move_are_those_whose_land_does(case, kind, seed):
    _, now, outcome = accepted(case, kind, seed)
    owner = [
        owners_of(c.partition.grids["code"], c.partition.grids.geometry, case.households)
        for c in (case, now)
    ]
    moved = set(case.households["code"][owner[0] != owner[1]])
    before, later = shapes_m(case), shapes_m(now)
    lands = [
        shapely.difference(later[c], before[c]) if c in before else later[c]
        for c in later
        if c in outcome.changed
    ]
    land = shapely.union_all(lands)
    homes = metric(case.households.geometry, case.zone)
    borders = shapely.union_all([s.boundary for s in [*before.values(), *later.values()]])
    clear = shapely.distance(homes, borders) > TOLERANCE_M
    expected = set(case.households["code"][clear & shapely.covers(land, homes)])
    assert expected == moved & set(case.households["code"][clear])


#   ┌──┬──┬──┐
#   │ a│  │c │   what the mending edits do to a gap, an overlap and land outside, by difference
#   └──┴──┴──┘
def mending(**shapes):
    """Return a village of three grids side by side in which some have another shape."""
    case = village("aabbcc\naabbcc")
    grids = case.partition.grids.copy()
    for letter, ring in shapes.items():
        other = shapely.from_geojson(json.dumps(area(ring)))
        row = grids.index[grids["code"] == code(letter)][0]
        grids.loc[row, "geometry"] = to_lattice(np.array([other]))[0]
    return replace(case, partition=replace(case.partition, grids=grids))


def mended(case, edit):
    outcome, faults = tried(case, edit, sound=False)
    assert faults == []
    assert outcome.problem is None
    return after(case, outcome)


NARROW = [(2, 0), (3.5, 0), (3.2, 1), (3.6, 2), (2, 2)]
WIDE = [(2, 0), (4.5, 0), (4.2, 1), (4.6, 2), (2, 2)]


@pytest.mark.parametrize("to", [None, "b", "c"])
def test_a_gap_goes_to_one_neighbour_whole(to):
    case = mending(b=NARROW)
    gap = shapely.box(2, 0, 4, 2).difference(shapely.Polygon(NARROW))
    edit = {"type": "fill_gap", "at": place(3.8, 1)}
    case = mended(case, {**edit, "to": code(to)} if to else edit)
    # the longer border with the gap is that with b, by its bend
    taker = to or "b"
    expected = {"b": 4 - gap.area, "c": 4.0}
    expected[taker] += gap.area
    for letter, wanted in expected.items():
        assert shape(case, letter).area == pytest.approx(wanted, abs=1e-4)
    assert tried(case, {**edit, "to": code("b")})[0].problem.key == "no_gap_here"


@pytest.mark.parametrize("winner", ["b", "c"])
def test_an_overlap_goes_to_the_winner_whole(winner):
    case = mending(b=WIDE)
    shared = shapely.Polygon(WIDE).intersection(shapely.box(4, 0, 6, 2)).area
    edit = {"type": "resolve_overlap", "grids": [code("b"), code("c")], "winner": code(winner)}
    case = mended(case, edit)
    extra = shared if winner == "b" else 0.0
    assert shape(case, "b").area == pytest.approx(4 + extra, abs=1e-4)
    assert shape(case, "c").area == pytest.approx(4 - extra, abs=1e-4)
    assert tried(case, edit)[0].problem.key == "no_overlap"


def test_what_lies_outside_is_cut_off():
    outside = [(2, -0.4), (3, -0.2), (4, -0.5), (4, 2), (2, 2)]
    case = mended(mending(b=outside), {"type": "clip_to_village", "grid": code("b")})
    assert shape(case, "b").area == pytest.approx(4, abs=1e-4)
    again = {"type": "clip_to_village", "grid": code("b")}
    assert tried(case, again)[0].problem.key == "nothing_outside"


def test_land_of_another_village_is_not_among_what_grids_close_in():
    case = village("aaa\naba\naaa", outline=False)
    grids = case.partition.grids
    grids.loc[grids["code"] == code("b"), "village_code"] = "500229001002"
    mine = known_outline(case.partition, WEST, grids.geometry[:1])
    assert metric([mine], case.zone)[0].area == pytest.approx(80_000, rel=1e-3)


#   aabbb    bbbbb
#   aa▒▒▒    bbbbb   the strip cuts the western part of b in two: the lesser piece goes along,
#   aabbb    bbbbb   whatever the size of the other part
#   aabbb    bbbbb
def test_tidy_takes_the_lesser_piece_of_the_part_that_was_cut():
    case = village("aabbb....bbbbb\n" * 4)
    strip = area([(1.5, 2.6), (5.5, 2.6), (5.5, 3), (1.5, 3)])
    edit = {"type": "transfer", "to": code("a"), "area": strip}
    outcome, faults = tried(case, edit)
    assert faults == []
    assert outcome.problem.key == "would_disconnect"
    outcome, faults = tried(case, {**edit, "tidy": True})
    assert faults == []
    assert outcome.problem is None
    assert shape(after(case, outcome), "a").area == pytest.approx(8 + 1.2 + 3, abs=1e-4)
