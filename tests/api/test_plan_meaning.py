"""A rebase tells which edits were replayed on land that is not what they were made for."""

import pytest

from api.schemas_plans import RebasedOut
from tests.api.drafting import (
    A1,
    A2,
    B1,
    B2,
    FIRST,
    LOCK,
    MERGE,
    MERGE_B,
    SPLIT,
    TRANSFER,
    Draft,
    box,
    line,
)

A3, A4 = f"{FIRST}003", f"{FIRST}004"
NOTE = {"note": "试"}
SPLIT_A2 = {"type": "split", "grid": A2, "line": line((108.009, 31.01), (108.021, 31.01))}
RENAME = {"type": "set_attributes", "grid": A1, "attributes": {"name": "河东片"}}


@pytest.fixture
def plans(own_client):
    return Draft.make(own_client, name="甲"), Draft.make(own_client, name="乙")


def rebase(draft, body=None):
    answer = draft.do("/rebase", body)
    RebasedOut.model_validate(answer)
    return [(e["position"], e["edit"]["type"], e["grids"]) for e in answer["changed_meaning"]]


def test_an_edit_on_a_grid_that_others_have_split_is_told(plans):
    one, other = plans
    one.edit(SPLIT)
    other.edit(MERGE_B, TRANSFER, RENAME)
    one.do("/publish", NOTE)
    # the second edit met all of A1 and the third what the second made of it
    assert rebase(other) == [(2, "transfer", [A1]), (3, "set_attributes", [A1])]
    # once more: nothing has changed since
    assert rebase(other) == []


def test_a_node_on_the_border_changes_nothing(plans):
    one, other = plans
    one.edit(SPLIT_A2)
    other.edit(RENAME)
    one.do("/publish", NOTE)
    before = len(other.grids()[A1]["geometry"]["coordinates"][0])
    assert rebase(other) == []
    assert len(other.grids()[A1]["geometry"]["coordinates"][0]) == before + 1


def test_a_grid_that_got_another_code_is_still_the_same(plans):
    one, other = plans
    one.edit(SPLIT_A2)
    other.edit(SPLIT, {"type": "set_attributes", "grid": A3, "attributes": {"name": "北片"}})
    one.do("/publish", NOTE)
    assert rebase(other) == []
    assert other.grids()[A4]["properties"]["name"] == "北片"


def test_grids_are_told_by_the_codes_they_have_now(plans):
    one, other = plans
    one.edit(SPLIT_A2, {"type": "transfer", "to": A2, "area": box(108.008, 31.0, 108.01, 31.02)})
    made = other.edit(SPLIT)["created"]
    other.edit({"type": "merge", "grids": [A1, *made]})
    one.do("/publish", NOTE)
    assert rebase(other) == [(1, "split", [A1]), (2, "merge", [A1, A4])]


def test_positions_are_those_of_the_log_as_it_is_now(plans):
    one, other = plans
    other.edit(SPLIT_A2, LOCK, MERGE_B, {"type": "lock", "grids": [A1, B1]})
    one.edit(MERGE | {"keep": A1})
    one.do("/publish", NOTE)
    assert rebase(other, {"drop": True}) == [(2, "lock", [A1])]
    log = other.get("/edits")["edits"]
    assert [e["edit"]["type"] for e in log if e["state"] == "applied"] == ["merge", "lock"]


def test_what_is_undone_and_what_names_no_grid_is_not_told(plans):
    one, other = plans
    gap = {"type": "move_vertex", "from": [108.03, 31.02], "to": [108.031, 31.02]}
    other.edit({"type": "lock", "villages": [FIRST]}, RENAME | {"grid": B2}, RENAME | {"grid": B1})
    other.do("/undo")
    one.edit(gap)
    one.do("/publish", NOTE)
    assert rebase(other) == [(2, "set_attributes", [B2])]
