"""Edits that leave the lines alone."""

import pytest

from geo.edits.naming import next_codes
from geo.edits.refusal import Refusal
from tests.geo.edits.squares import VILLAGE, code, line, partition, perform


def test_name_and_kind():
    grids = partition("ab")
    outcome = perform(
        grids,
        type="set_attributes",
        grid=code("a"),
        attributes={"name": "第一网格", "kind": "dedicated"},
    )
    assert list(outcome.grids["name"]) == ["第一网格", "网格b"]
    assert list(outcome.grids["kind"]) == ["dedicated", "basic"]
    assert outcome.changed == (code("a"),)
    assert list(grids.grids["kind"]) == ["basic", "basic"]
    again = type(grids)(outcome.grids, grids.villages)
    same = perform(again, type="set_attributes", grid=code("a"), attributes={"name": "第一网格"})
    assert same.problem.key == "no_change"


def test_numbers_go_west_to_east_and_north_to_south():
    grids = partition("db\nca")
    outcome = perform(grids, type="renumber", village=VILLAGE)
    assert list(outcome.grids["code"].str[-3:]) == ["004", "002", "003", "001"]
    assert outcome.removed == ()
    assert set(outcome.changed) == {code("a"), code("d")}
    again = type(grids)(outcome.grids, grids.villages)
    assert perform(again, type="renumber", village=VILLAGE).problem.key == "no_change"


def test_renumbering_closes_holes():
    grids = partition("ac")
    outcome = perform(grids, type="renumber", village=VILLAGE)
    assert (outcome.created, outcome.removed) == ((code("b"),), (code("c"),))


def test_a_locked_grid_keeps_its_number():
    grids = partition("db\nca", locked="a")
    assert perform(grids, type="renumber", village=VILLAGE).problem.key == "grid_locked"


def test_locks_of_grids_and_villages():
    grids = partition("ab")
    outcome = perform(grids, type="lock", grids=[code("a")])
    locked = type(grids)(outcome.grids, outcome.villages)
    cut = {"type": "split", "grid": code("a"), "line": line((0.5, -1), (0.5, 2))}
    assert perform(locked, **cut).problem.key == "grid_locked"
    assert perform(locked, type="lock", grids=[code("a")]).problem.key == "no_change"
    opened = perform(locked, type="unlock", grids=[code("a")])
    assert perform(type(grids)(opened.grids, opened.villages), **cut).problem is None
    village = perform(grids, type="lock", villages=[VILLAGE])
    closed = type(grids)(village.grids, village.villages)
    assert perform(closed, **cut).problem.key == "village_locked"
    assert perform(closed, type="unlock", villages=[VILLAGE]).problem is None


def test_units_that_do_not_exist():
    grids = partition("ab")
    assert perform(grids, type="lock", grids=["x"]).problem.key == "grid_not_found"
    assert perform(grids, type="lock", villages=["x"]).problem.key == "village_not_found"
    assert perform(grids, type="renumber", village="x").problem.key == "village_not_found"


def test_codes_run_on_and_then_fill_the_holes():
    assert next_codes("v", 1, []) == ["v001"]
    assert next_codes("v", 2, ["v998", "w999", "v9999"]) == ["v999", "v001"]
    with pytest.raises(Refusal):
        next_codes("v", 1, [f"v{n:03d}" for n in range(1, 1000)])
