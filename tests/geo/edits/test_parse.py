"""Edits as JSON: what is read, what is refused, and what is written."""

import numpy as np
import pytest
import shapely

from geo.edits import EDIT_TYPES, edit_to_json, needs, parse_edit
from geo.edits.members import MAX_VERTICES
from geo.errors import EditError

LINE = {"type": "LineString", "coordinates": [[108.1, 31.1], [108.2, 31.2, 7.0]]}
RING = [[108.1, 31.1], [108.2, 31.1], [108.2, 31.2], [108.1, 31.1]]
AREA = {"type": "Polygon", "coordinates": [RING]}
EDITS = [
    {"type": "split", "grids": ["a"], "line": LINE, "tidy": True},
    {"type": "merge", "grids": ["a", "b"], "keep": "b"},
    {"type": "reshape", "grids": ["a", "b"], "line": LINE},
    {"type": "transfer", "to": "a", "area": AREA, "from": ["b"], "tidy": True},
    {"type": "assign", "natural_villages": ["n1", 7], "to": "a"},
    {"type": "move_vertex", "from": [108.1, 31.1], "to": [108.2, 31.2]},
    {"type": "fill_gap", "at": [108.1, 31.1], "to": "a"},
    {"type": "resolve_overlap", "grids": ["a", "b"], "winner": "a"},
    {"type": "clip_to_village", "grid": "a"},
    {"type": "match_borders", "village": "w"},
    {"type": "set_attributes", "grid": "a", "attributes": {"name": "甲", "kind": "basic"}},
    {"type": "renumber", "village": "v"},
    {
        "type": "join_villages",
        "villages": ["500229001001", "500229001002"],
        "name": "联村",
        "code": "500229001601",
        "within": "county",
    },
    {"type": "leave_joint_village", "village": "500229001001"},
    {
        "type": "apply_suggestion",
        "run": "5d4b5a3e-6c0f-4b0a-9a53-7f3e2b1c0d9e",
        "group": 3,
        "edit": {"type": "merge", "grids": ["a", "b"]},
    },
    {"type": "lock", "grids": ["a"]},
    {"type": "unlock", "villages": ["v"]},
]


def test_there_is_an_example_of_every_edit():
    assert tuple(edit["type"] for edit in EDITS) == EDIT_TYPES


@pytest.mark.parametrize("edit", EDITS, ids=EDIT_TYPES)
def test_what_is_written_reads_back(edit):
    parsed = parse_edit(edit)
    assert parse_edit(edit_to_json(parsed)) == parsed
    assert set(edit_to_json(parsed)) == set(edit)
    assert needs(parsed) != needs(parse_edit({"type": "renumber", "village": "other"}))


def test_one_grid_may_be_named_alone():
    assert parse_edit({"type": "split", "grid": "a", "line": LINE}).grids == ("a",)


def test_coordinates_come_back_to_the_last_bit():
    line = {"type": "LineString", "coordinates": [[108.123456789, 31.1], [0.1 + 0.2, 1 / 3]]}
    written = edit_to_json(parse_edit({"type": "split", "grid": "a", "line": line}))
    assert (
        shapely.get_coordinates(shapely.geometry.shape(written["line"])).tolist()
        == (line["coordinates"])
    )


@pytest.mark.parametrize(
    ("edit", "key", "place"),
    [
        (None, "invalid_edit", "edit"),
        ({}, "invalid_edit", "type"),
        ({"type": "explode"}, "invalid_edit", "type"),
        ({"type": ["split"]}, "invalid_edit", "type"),
        ({"type": "merge"}, "invalid_edit", "grids"),
        ({"type": "merge", "grids": ["a"]}, "invalid_edit", "grids"),
        ({"type": "merge", "grids": ["a", "a"]}, "invalid_edit", "grids"),
        ({"type": "merge", "grids": ["a", 7]}, "invalid_edit", "grids"),
        ({"type": "merge", "grids": ["a", "b\0"]}, "invalid_edit", "grids"),
        ({"type": "merge", "grids": ["a", "b"], "keep": "c"}, "invalid_edit", "keep"),
        ({"type": "merge", "grids": ["a", "b"], "colour": "red"}, "invalid_edit", "colour"),
        ({"type": "reshape", "grids": ["a", "b", "c"], "line": LINE}, "invalid_edit", "grids"),
        ({"type": "split", "grid": "a", "line": AREA}, "invalid_edit", "line"),
        ({"type": "split", "grid": "a", "line": LINE, "tidy": 1}, "invalid_edit", "tidy"),
        ({"type": "transfer", "to": "a", "area": AREA, "from": ["a"]}, "invalid_edit", "from"),
        ({"type": "assign", "natural_villages": [True], "to": "a"}, "invalid_edit", None),
        ({"type": "fill_gap", "at": "here"}, "invalid_edit", "at"),
        ({"type": "fill_gap", "at": [31.9, 108.6]}, "coordinates_swapped", "at"),
        ({"type": "fill_gap", "at": [480000, 3530000]}, "coordinates_in_metres", "at"),
        ({"type": "fill_gap", "at": [float("nan"), 31.0]}, "bad_coordinate", "at"),
        ({"type": "fill_gap", "at": [10**400, 31.0]}, "bad_coordinate", "at"),
        ({"type": "set_attributes", "grid": "a", "attributes": {}}, "invalid_edit", None),
        (
            {"type": "set_attributes", "grid": "a", "attributes": {"kind": "odd"}},
            "invalid_edit",
            "attributes.kind",
        ),
        ({"type": "lock"}, "invalid_edit", "grids"),
    ],
)
def test_bad_edits_are_told_with_their_place(edit, key, place):
    with pytest.raises(EditError) as caught:
        parse_edit(edit)
    [problem] = caught.value.problems
    assert problem.key == key
    assert place is None or problem.field == place
    assert "—" not in problem.sentence("zh") + problem.sentence("en")


def test_bow_ties_are_told_with_their_crossing():
    ring = [[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]
    area = {"type": "Polygon", "coordinates": [ring]}
    with pytest.raises(EditError) as caught:
        parse_edit({"type": "transfer", "to": "a", "area": area})
    [problem] = caught.value.problems
    assert (problem.key, problem.geometry.wkt) == ("drawing_invalid", "POINT (1 1)")


def test_too_many_vertices():
    many = [[108 + i * 1e-7, 31.0] for i in range(MAX_VERTICES + 1)]
    line = {"type": "LineString", "coordinates": many}
    with pytest.raises(EditError) as caught:
        parse_edit({"type": "split", "grid": "a", "line": line})
    assert caught.value.problems[0].key == "too_many_vertices"


def test_a_scribble_is_refused_before_anything_is_computed():
    rng = np.random.default_rng(7)
    scribble = (rng.uniform(0, 0.01, (5_000, 2)) + np.array([108.1, 31.1])).tolist()
    line = {"type": "LineString", "coordinates": scribble}
    with pytest.raises(EditError) as caught:
        parse_edit({"type": "split", "grid": "a", "line": line})
    assert caught.value.problems[0].key == "drawing_tangled"
    turns = np.linspace(0, 40, 20_000)
    spiral = np.column_stack([np.cos(turns), np.sin(turns)]) * turns[:, None] * 1e-4 + [108, 31]
    long = {"type": "LineString", "coordinates": spiral.tolist()}
    assert parse_edit({"type": "split", "grid": "a", "line": long}).grids == ("a",)
