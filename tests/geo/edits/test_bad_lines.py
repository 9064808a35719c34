"""What must be refused, with the reason a planner reads: by drawings small enough to see."""

import json
from dataclasses import replace

import numpy as np
import pytest

from geo.edits import apply_edit, attempt, parse_edit, why_not
from geo.edits.members import MAX_VERTICES
from geo.errors import EditError
from tests.geo.cells import ORIGIN
from tests.geo.edits.attempts import after, tried
from tests.geo.edits.drawing import area, code, line, lonlat, place, shape, village

A, B, C, D, E, F = (code(x) for x in "abcdef")
PICTURE = """
    aabb
    aabb
    ccdd
    ccdd
"""


def key_of(case, edit):
    """Return the key of the refusal, ``None`` if accepted; whatever else must hold, does."""
    outcome, faults = tried(case, edit)
    assert faults == []
    if outcome is None:
        with pytest.raises(EditError) as told:
            parse_edit(edit)
        return told.value.problems[0].key
    parsed = parse_edit(edit)
    problem = why_not(case.partition, parsed)
    assert (problem and problem.key) == (outcome.problem and outcome.problem.key)
    if problem:
        with pytest.raises(EditError):
            apply_edit(case.partition, parsed)
    else:
        assert apply_edit(case.partition, parsed).equals(outcome.grids)
    return problem.key if problem else None


def split(*places, grid=A, **more):
    return {"type": "split", "grid": grid, "line": line(*places), **more}


# --- lines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (split((1, 1), (1, 5)), None),
        (split((1, 2), (1, 4)), None),  # from border to border, not beyond
        (split((3, -1), (3, 1)), "line_misses"),
        (split((10, 10), (11, 11)), "line_misses"),
        (split((0.5, 2.5), (1.5, 3.5)), "line_does_not_cross"),
        (split((0.5, 5), (0.5, 3)), "line_does_not_cross"),
        (split((2, 1), (2, 5)), "line_along_border"),
        (split((2, 2.5), (2, 3.5)), "line_along_border"),
        (split((0, 2), (2, 2), (2, 4)), "line_along_border"),
        (split((1, 1), (3, 3)), None),  # through the corner where all four meet: cuts nothing of a
        (split((2, 2), (3, 3)), "line_misses"),
        (split((1, 3), (3, 1)), "line_does_not_cross"),
        (split((0, 3), (2, 4)), None),  # from an edge to a corner
        (split((0, 2), (2, 4)), None),  # from corner to corner
        (
            split((-1, 3), (1, 3), (1, 3.5), (1.5, 3.5), (1.5, 2.5), (0.5, 2.5), (0.5, 5)),
            "would_touch_itself",
        ),
        (split((1, 5), (1, 3), (1, 5)), "line_does_not_cross"),  # there and back
    ],
)
def test_lines_to_split_by(edit, key):
    case = village(PICTURE)
    expected = "line_misses" if edit["line"] == line((1, 1), (3, 3)) else key
    assert key_of(case, edit) == expected


#   ┌───┐
#  ─┼╲ ╱┼─╮
#   │ ╳ │ │   a line that crosses itself: every face is a piece
#  ─┼╱ ╲┼─╯
#   └───┘
def test_a_line_that_crosses_itself():
    case = village(PICTURE)
    outcome, faults = tried(case, split((-1, 2.5), (3, 3.5), (3, 2.5), (-1, 3.5)))
    assert faults == []
    assert outcome.problem is None
    assert len(outcome.created) == 3
    # a loop inside leaves a piece that touches itself where the line crosses
    loop = split((-1, 3), (1.4, 3), (1.4, 3.6), (0.6, 3.6), (0.6, 2.5), (3, 2.5))
    assert key_of(case, loop) == "would_touch_itself"


def test_a_zigzag_line_makes_many_pieces():
    case = village(PICTURE)
    zigzag = [(-0.5, 2.5), (2.5, 2.8), (-0.5, 3.1), (2.5, 3.4), (-0.5, 3.7)]
    outcome, faults = tried(case, split(*zigzag))
    assert faults == []
    assert outcome.problem is None
    assert len(outcome.created) == 4


def test_one_line_over_several_grids():
    case = village(PICTURE)
    every = {"type": "split", "grids": [A, B], "line": line((-1, 3), (5, 3))}
    outcome, faults = tried(case, every)
    assert faults == []
    assert len(outcome.created) == 2
    third = {"type": "split", "grids": [A, B, C], "line": line((-1, 3), (5, 3))}
    assert key_of(case, third) == "line_misses"


def test_a_closed_line_cuts_out_an_island():
    case = village(PICTURE)
    ring = split((0.5, 2.5), (1.5, 2.5), (1.5, 3.5), (0.5, 3.5), (0.5, 2.5))
    outcome, faults = tried(case, ring)
    assert faults == []
    assert outcome.problem is None
    assert shape(after(case, outcome), "a").interiors


def test_slivers_are_refused_and_the_fix_is_offered():
    case = village(PICTURE)
    sliver = split((0.004, 1), (0.004, 5))
    outcome, faults = tried(case, sliver)
    assert faults == []
    assert outcome.problem.key == "would_leave_sliver"


# --- merging and reshaping --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grids", "key"),
    [
        ([A, B], None),
        ([A, B, C, D], None),
        ([A, D], "not_adjacent"),  # only a corner
        ([B, C], "not_adjacent"),
        ([A, "500229001001999"], "grid_not_found"),
        ([A, A], "invalid_edit"),
        ([A], "invalid_edit"),
        ([], "invalid_edit"),
        ("ab", "invalid_edit"),
        ([A, None], "invalid_edit"),
        ([A, 3], "invalid_edit"),
    ],
)
def test_merges(grids, key):
    assert key_of(village(PICTURE), {"type": "merge", "grids": grids}) == key


def test_merging_a_locked_grid():
    case = village(PICTURE, locked="b")
    assert key_of(case, {"type": "merge", "grids": [A, B]}) == "grid_locked"
    assert key_of(case, {"type": "merge", "grids": [A, C]}) is None


@pytest.mark.parametrize(
    ("places", "key"),
    [
        ([(2, 2), (1.5, 3), (2, 4)], None),
        ([(2, 2.5), (2.6, 3), (2, 3.5)], None),
        ([(3, -1), (3, 1)], "line_misses_border"),
        ([(2, 2), (2, 4)], "line_along_border"),
        ([(2, 2.5), (2, 3)], "line_along_border"),
        ([(20, 20), (21, 21)], "line_misses_border"),
        ([(2.5, 2.5), (3, 3)], "line_misses_border"),
    ],
)
def test_lines_to_reshape_by(places, key):
    edit = {"type": "reshape", "grids": [A, B], "line": line(*places)}
    got = key_of(village(PICTURE), edit)
    assert got == key


def test_reshaping_grids_that_only_touch():
    edit = {"type": "reshape", "grids": [A, D], "line": line((1, 3), (3, 1))}
    assert key_of(village(PICTURE), edit) == "not_adjacent"


# --- areas ------------------------------------------------------------------------------------


def transfer(*rings, to=A, **more):
    return {"type": "transfer", "to": to, "area": area(*rings), **more}


BOX = [(1.5, 2.5), (2.5, 2.5), (2.5, 3.5), (1.5, 3.5)]


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (transfer(BOX), None),
        (transfer(BOX, to="500229001001999"), "grid_not_found"),
        (transfer(BOX, **{"from": ["500229001001999"]}), "grid_not_found"),
        (transfer(BOX, **{"from": [D]}), "area_misses"),
        (transfer([(10, 10), (11, 10), (11, 11)]), "area_misses"),
        (transfer([(0.5, 2.5), (1.5, 2.5), (1, 3)]), "area_misses"),  # has it already
        (transfer([(2.5, 2.5), (3, 2.5), (3, 3)]), "not_adjacent"),  # an island in b
        (transfer([(2, 2), (3, 1), (3, 2)]), "not_adjacent"),  # of d, by a corner only
        (transfer([(1, 1), (3, 1), (3, 3), (1, 3)]), None),  # of three grids at once
        (transfer([(1, 1), (5, 1), (5, 5), (1, 5)]), "would_empty"),
        (transfer([(1.5, 2.9), (5, 2.9), (5, 3.1), (1.5, 3.1)]), "would_disconnect"),
        (transfer([(1.5, 2.9), (5, 2.9), (5, 3.1), (1.5, 3.1)], tidy=True), None),
        (transfer([(1, 2), (3.996, 2), (3.996, 5), (1, 5)]), "would_leave_sliver"),
        (transfer([(0, 0), (1, 1), (1, 0), (0, 1)]), "drawing_invalid"),
        (transfer([(1, 1), (1, 1), (1, 1), (1, 1)]), "invalid_edit"),
        (transfer([(1, 1), (3, 3), (1, 1)]), "invalid_edit"),
        (transfer([(1, 1), (3, 3), (2, 2)]), "area_misses"),  # a line, all but rounding
        (transfer([(0, 0), (4, 0), (4, 4), (0, 4)], [(5, 5), (6, 5), (6, 6)]), "drawing_invalid"),
    ],
)
def test_areas_to_transfer(edit, key):
    assert key_of(village(PICTURE), edit) == key


def test_an_area_with_a_hole_leaves_the_hole():
    case = village(PICTURE)
    around = [(1, 2.2), (3.8, 2.2), (3.8, 3.8), (1, 3.8)]
    hole = [(2.5, 2.5), (3.5, 2.5), (3.5, 3.5), (2.5, 3.5)]
    # what is left of b are a rim and the island in the hole
    assert key_of(case, transfer(around, hole)) == "would_disconnect"
    assert key_of(case, transfer(around, hole, tidy=True)) is None


def test_a_locked_grid_gives_nothing():
    case = village(PICTURE, locked="b")
    assert key_of(case, transfer(BOX)) == "grid_locked"
    assert key_of(case, transfer([(1, 1), (2.5, 1), (2.5, 2.5), (1, 2.5)])) == "grid_locked"
    # told whom to take it from, b keeps what it has
    only = transfer([(1, 1), (2.5, 1), (2.5, 2.5), (1, 2.5)], **{"from": [C]})
    assert key_of(case, only) is None
    assert key_of(village(PICTURE, locked="a"), transfer(BOX)) == "grid_locked"


def test_the_node_of_a_cut_goes_into_a_locked_neighbour_and_nothing_else():
    case = village(PICTURE, locked="b")
    outcome, faults = tried(case, split((-1, 3.2), (3, 3.1)))
    assert faults == []
    assert outcome.problem is None
    assert B in outcome.changed
    assert len(shape(after(case, outcome), "b").exterior.coords) == 1 + len(
        shape(case, "b").exterior.coords
    )


# --- coordinates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coordinates", "key"),
    [
        ([[float("nan"), 31.9], [108.7, 31.9]], "bad_coordinate"),
        ([[float("inf"), 31.9], [108.7, 31.9]], "bad_coordinate"),
        ([[31.9, 108.7], [31.8, 108.6]], "coordinates_swapped"),
        ([list(ORIGIN), [ORIGIN[0] + 100, ORIGIN[1]]], "coordinates_in_metres"),
        ([["108.7", 31.9], [108.8, 31.9]], "invalid_edit"),
        ([[108.7], [108.8]], "invalid_edit"),
        ([[108.7, 31.9]], "invalid_edit"),
        ([[108.7, 31.9], [108.7, 31.9]], "invalid_edit"),
        ([], "invalid_edit"),
        (None, "invalid_edit"),
        ([[True, False], [108.7, 31.9]], "invalid_edit"),
        ([[1e308, 1e308], [108.7, 31.9]], "coordinates_in_metres"),
    ],
)
@pytest.mark.parametrize("kind", ["split", "reshape"])
def test_coordinates_of_lines(kind, coordinates, key):
    grids = {"grid": A} if kind == "split" else {"grids": [A, B]}
    drawn = {"type": "LineString", "coordinates": coordinates}
    assert key_of(village(PICTURE), {"type": kind, **grids, "line": drawn}) == key


@pytest.mark.parametrize(
    ("at", "key"),
    [
        ([float("nan"), 31.9], "bad_coordinate"),
        ([31.9, 108.7], "coordinates_swapped"),
        (list(ORIGIN), "coordinates_in_metres"),
        ("here", "invalid_edit"),
        ([108.7, 31.9, 5, 6, 7], "invalid_edit"),
        ({"lon": 1}, "invalid_edit"),
        (None, "invalid_edit"),
    ],
)
def test_coordinates_of_places(at, key):
    case = village(PICTURE)
    assert key_of(case, {"type": "fill_gap", "at": at}) == key
    assert key_of(case, {"type": "move_vertex", "from": at, "to": place(1, 1)}) == key
    assert key_of(case, {"type": "move_vertex", "from": place(2, 2), "to": at}) == key


def test_a_hundred_thousand_vertices():
    turns = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    ring = np.column_stack([2 + np.cos(turns), 3 + 0.8 * np.sin(turns)])
    assert key_of(village(PICTURE), transfer(ring.tolist())) == "too_many_vertices"
    line_of_many = {"type": "LineString", "coordinates": lonlat(*ring)}
    many = {"type": "split", "grid": A, "line": line_of_many}
    assert key_of(village(PICTURE), many) == "too_many_vertices"
    # as many as are allowed are cut by
    fine = ring[:: len(ring) // (MAX_VERTICES // 10)]
    assert key_of(village(PICTURE), transfer(fine.tolist())) is None


# --- what is no edit --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        None, 7, "split", [], {}, {"type": None}, {"type": "explode"}, {"type": ["split"]},
        {"type": "merge"}, {"type": "merge", "grids": [A, B], "keep": C},
        {"type": "merge", "grids": [A, B], "colour": "red"},
        {"type": "resolve_overlap", "grids": [A, B], "winner": C},
        {"type": "resolve_overlap", "grids": [A, B, C], "winner": A},
        {"type": "reshape", "grids": [A], "line": line((0, 0), (1, 1))},
        {"type": "reshape", "grids": [A, A], "line": line((0, 0), (1, 1))},
        {"type": "set_attributes", "grid": A, "attributes": {}},
        {"type": "set_attributes", "grid": A, "attributes": {"code": "1"}},
        {"type": "set_attributes", "grid": A, "attributes": {"kind": "triangle"}},
        {"type": "set_attributes", "grid": A, "attributes": {"name": 7}},
        {"type": "set_attributes", "grid": A, "attributes": {"name": "a\u0000b"}},
        {"type": "lock"}, {"type": "lock", "grids": []}, {"type": "unlock", "villages": [7]},
        {"type": "assign", "natural_villages": [], "to": A},
        {"type": "assign", "natural_villages": [1.5], "to": A},
        {"type": "assign", "natural_villages": [True], "to": A},
        {"type": "split", "grid": A, "grids": [B], "line": line((0, 0), (1, 1))},
        {"type": "split", "grid": A, "line": area([(0, 0), (1, 1), (0, 1)])},
        {"type": "split", "grid": A, "line": {"type": "LineString"}},
        {"type": "split", "grid": A, "line": line((0, 0), (1, 1)), "tidy": "yes"},
        {"type": "transfer", "to": A, "area": line((0, 0), (1, 1))},
        {"type": "transfer", "to": A, "area": {"type": "Polygon", "coordinates": []}},
        {"type": "renumber", "village": ""},
        {"type": "renumber", "village": "x" * 100_000},
        {"type": "renumber"},
    ],
)  # fmt: skip
def test_what_is_no_edit(value):
    assert key_of(village(PICTURE), value) == "invalid_edit"


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        ({"type": "assign", "natural_villages": ["nv-b"], "to": "7"}, "grid_not_found"),
        ({"type": "assign", "natural_villages": ["nv-z"], "to": A}, "natural_village_not_found"),
        ({"type": "assign", "natural_villages": [99], "to": A}, "natural_village_not_found"),
        ({"type": "assign", "natural_villages": ["nv-a"], "to": A}, "area_misses"),
        ({"type": "assign", "natural_villages": ["nv-b"], "to": A}, "would_empty"),
        ({"type": "renumber", "village": "500229001999"}, "village_not_found"),
        ({"type": "clip_to_village", "grid": "7"}, "grid_not_found"),
        ({"type": "clip_to_village", "grid": A}, "nothing_outside"),
        ({"type": "resolve_overlap", "grids": [A, B], "winner": A}, "no_overlap"),
        ({"type": "resolve_overlap", "grids": [A, "7"], "winner": A}, "grid_not_found"),
        ({"type": "fill_gap", "at": place(1, 1)}, "no_gap_here"),
        ({"type": "fill_gap", "at": place(90, 90)}, "no_gap_here"),
        ({"type": "move_vertex", "from": place(1.5, 1.5), "to": place(2, 2)}, "vertex_not_found"),
        ({"type": "move_vertex", "from": place(2, 2), "to": place(2, 2)}, "no_change"),
        ({"type": "move_vertex", "from": place(2, 2), "to": place(2.5, 2.5)}, None),
        ({"type": "move_vertex", "from": place(2, 2), "to": place(9, 9)}, "would_break_shape"),
        ({"type": "move_vertex", "from": place(0, 0), "to": place(1, 1)}, "vertex_on_outline"),
        ({"type": "move_vertex", "from": place(90, 90), "to": place(1, 1)}, "vertex_not_found"),
        ({"type": "set_attributes", "grid": "7", "attributes": {"name": "x"}}, "grid_not_found"),
        ({"type": "set_attributes", "grid": A, "attributes": {"name": "a"}}, "no_change"),
        ({"type": "lock", "grids": ["7"]}, "grid_not_found"),
        ({"type": "lock", "villages": ["7"]}, "village_not_found"),
        ({"type": "unlock", "grids": [A]}, "no_change"),
    ],
)
def test_what_is_not_there_or_changes_nothing(edit, key):
    assert key_of(village(PICTURE), edit) == key


def test_a_village_with_all_numbers_given():
    case = village(PICTURE)
    every = frozenset(f"{A[:12]}{number:03d}" for number in range(1, 1000))
    full = replace(case, partition=replace(case.partition, taken=every))
    assert key_of(full, split((1, 1), (1, 5))) == "too_many_grids"
    assert key_of(full, {"type": "merge", "grids": [A, B]}) is None
    # a number in the middle that nobody ever had is given last
    spare = f"{A[:12]}500"
    last = replace(case, partition=replace(case.partition, taken=every - {spare}))
    outcome, faults = tried(last, split((1, 1), (1, 5)))
    assert faults == []
    assert outcome.created == (spare,)


def test_a_grid_of_no_village():
    case = village(PICTURE)
    grids = case.partition.grids.copy()
    grids["village_code"] = [
        None if c == B else v for c, v in grids[["code", "village_code"]].values
    ]
    lost = replace(case, partition=replace(case.partition, grids=grids))
    assert key_of(lost, {"type": "merge", "grids": [A, B]}) == "grid_without_village"
    assert key_of(lost, split((3, 1), (3, 5), grid=B)) == "grid_without_village"
    # the others are a village with a gap where it was
    assert key_of(lost, transfer([(1, 1), (1.5, 1), (1.5, 2.5), (1, 2.5)])) is None


def test_locks_hold_and_let_go():
    case = village(PICTURE)
    cut = split((1, 1), (1, 5))
    for lock, key in (({"grids": [A]}, "grid_locked"), ({"villages": [A[:12]]}, "village_locked")):
        outcome, faults = tried(case, {"type": "lock", **lock})
        assert faults == []
        held = after(case, outcome)
        assert key_of(held, cut) == key
        assert key_of(held, {"type": "lock", **lock}) == "no_change"
        outcome, faults = tried(held, {"type": "unlock", **lock})
        assert faults == []
        assert key_of(after(held, outcome), cut) is None


def test_a_problem_can_be_sent_as_json():
    outcome = attempt(village(PICTURE).partition, parse_edit(split((0.5, 2.5), (1.5, 3.5))))
    assert json.dumps(dict(outcome.problem.details))
    assert outcome.problem.geometry is not None
