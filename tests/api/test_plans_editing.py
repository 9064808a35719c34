"""Editing a plan over HTTP: what an edit answers, previews, undo and redo, the log, the lines."""

import copy

import pytest
from sqlalchemy import text

from tests.api import tiny
from tests.api.desk import stored
from tests.api.drafting import (
    A1,
    A2,
    B1,
    B2,
    FIRST,
    LOCK,
    MERGE,
    MERGE_B,
    SECOND,
    SPLIT,
    TRANSFER,
    Draft,
    bent,
    box,
    households_of,
    line,
    redraw,
)

A3 = f"{FIRST}003"


@pytest.fixture
def draft(own_client):
    return Draft.make(own_client)


def test_a_split_answers_with_both_halves_and_what_was_before(draft):
    made = draft.edit(SPLIT)
    # A2 gets a node on its border, nothing else
    assert households_of(made["changed"]) == {A1: 2, A2: 4, A3: 2}
    assert made["created"] == [A3]
    assert made["removed"] == []
    assert (made["head"], made["state"], made["preview"]) == (1, "draft", False)
    assert made["villages"] == [FIRST]
    kept, neighbour, new = made["changed"]
    assert kept["before"]["households"] == 4
    assert new["before"] is None
    assert new["residents"] == 6
    assert new["area_m2"] == pytest.approx(kept["area_m2"], rel=1e-3)
    assert neighbour["area_m2"] == pytest.approx(neighbour["before"]["area_m2"], abs=0.05)
    # counted among the tiny county's size rules, both halves are too small; A2 was before
    assert [p["key"] for p in made["problems"]] == ["grid_below_minimum"] * 2
    assert {tuple(p["grids"]) for p in made["problems"]} == {(A1,), (A3,)}


def test_a_merge_answers_with_the_one_that_stays(draft):
    made = draft.edit(MERGE)
    assert households_of(made["changed"]) == {A1: 8}
    assert (made["created"], made["removed"]) == ([], [A2])
    assert made["changed"][0]["before"]["households"] == 4


def test_a_preview_answers_the_same_and_stores_nothing(draft, own_engine):
    before = stored(own_engine), draft.get(), draft.grids()
    seen = draft.preview(SPLIT)
    assert (stored(own_engine), draft.get(), draft.grids()) == before
    made = draft.edit(SPLIT)
    told = {name: made[name] for name in ("edit", "changed", "created", "removed", "problems")}
    assert {name: seen[name] for name in told} == told
    assert (seen["preview"], seen["revision"], seen["head"]) == (True, made["revision"] - 1, 0)


def test_a_preview_honours_the_revision_only_where_it_is_given(draft):
    path = f"{draft.path}/edits"
    stale = draft.client.post(
        path, json=SPLIT, params={"preview": True}, headers={"If-Match": "99"}
    )
    assert (stale.status_code, stale.json()["error"]["key"]) == (409, "plan_changed")
    draft.do("/submit")
    refused = draft.client.post(path, json=SPLIT, params={"preview": True})
    assert refused.json()["error"]["key"] == "plan_not_draft"


def test_undo_and_redo_give_the_very_same_lines_back(draft):
    states = [draft.grids()]
    edits = [SPLIT, TRANSFER, MERGE_B, LOCK]
    for edit in edits:
        draft.edit(edit)
        states.append(draft.grids())
    for state in reversed(states[:-1]):
        draft.do("/undo")
        assert _drawn(draft.grids()) == _drawn(state)
    refused = draft.send("/undo")
    assert (refused.status_code, refused.json()["error"]["key"]) == (409, "nothing_to_undo")
    for state in states[1:]:
        draft.do("/redo")
        assert _drawn(draft.grids()) == _drawn(state)
    refused = draft.send("/redo")
    assert (refused.status_code, refused.json()["error"]["key"]) == (409, "nothing_to_redo")


def _drawn(grids):
    """Return grids without whether their village is copied: an undone edit leaves the copy."""
    out = copy.deepcopy(grids)
    for feature in out.values():
        del feature["properties"]["drafted"]
    return out


def test_undo_answers_what_it_changed_back(draft):
    made = draft.edit(SPLIT)
    undone = draft.do("/undo")
    assert undone["edit"] == made["edit"]
    assert (undone["head"], undone["undone"]) == (0, 1)
    assert undone["removed"] == [A3]
    assert undone["created"] == []
    assert households_of(undone["changed"]) == {A1: 4, A2: 4}
    assert {g["code"]: g["before"]["households"] for g in undone["changed"]} == {A1: 2, A2: 4}
    redone = draft.do("/redo")
    assert redone["created"] == [A3]
    assert households_of(redone["changed"]) == {A1: 2, A2: 4, A3: 2}
    assert {g["code"] for g in redone["changed"] if g["before"] is None} == {A3}


def test_undoing_a_merge_brings_the_other_grid_back(draft):
    draft.edit(MERGE)
    undone = draft.do("/undo")
    assert (undone["created"], undone["removed"]) == ([A2], [])
    assert households_of(undone["changed"]) == {A1: 4, A2: 4}


def test_a_new_edit_overtakes_what_was_undone(draft):
    draft.edit(SPLIT)
    draft.do("/undo")
    draft.edit(MERGE_B)
    refused = draft.send("/redo")
    assert refused.json()["error"]["key"] == "nothing_to_redo"
    log = draft.get("/edits")
    assert [(e["position"], e["edit"]["type"], e["state"]) for e in log["edits"]] == [
        (1, "split", "overtaken"),
        (1, "merge", "applied"),
    ]
    assert set(draft.grids()) == {A1, A2, B1}
    # a code once given is not given again
    assert draft.edit(SPLIT)["created"] != []


def test_the_log_keeps_edits_as_they_were_sent(draft):
    draft.edit(SPLIT, TRANSFER, MERGE_B)
    draft.do("/undo")
    log = draft.get("/edits")
    assert [e["state"] for e in log["edits"]] == ["applied", "applied", "undone"]
    first = log["edits"][0]
    assert first["edit"] == {"type": "split", "grids": [A1], "line": SPLIT["line"]}
    assert (first["changed"], first["created"], first["removed"]) == ([A1, A2, A3], [A3], [])
    assert first["author"] == "local"
    assert (log["head"], log["revision"]) == (2, draft.revision)


def test_every_kind_of_edit_over_http(draft):
    """One after the other on one plan; the partition of both villages stays whole."""
    kinds = [
        SPLIT,
        TRANSFER,
        {"type": "reshape", "grids": [B1, B2], "line": line(
            (108.03, 31.02), (108.032, 31.01), (108.03, 31.0)
        )},
        {"type": "assign", "natural_villages": ["N11"], "to": B2},
        {"type": "move_vertex", "from": [108.011, 31.01], "to": [108.0115, 31.0102]},
        {"type": "set_attributes", "grid": B1, "attributes": {"name": "集市", "kind": "dedicated"}},
        {"type": "lock", "villages": [SECOND]},
        {"type": "unlock", "villages": [SECOND]},
        {"type": "merge", "grids": [A1, A3], "keep": A3},
        {"type": "renumber", "village": FIRST},
    ]  # fmt: skip
    for edit in kinds:
        answer = draft.send("/edits", edit)
        if edit["type"] == "move_vertex" and answer.status_code == 422:
            continue
        assert answer.status_code == 200, (edit, answer.text)
        draft.revision = answer.json()["revision"]
    assert draft.get("/problems")["errors"] == 0
    assert draft.grids()[B1]["properties"]["kind"] == "dedicated"
    assert set(draft.grids()) == {A1, A2, B1, B2}


def test_mending_is_editing_too(own_client, own_engine):
    """A gap in the lines in force, a grid that stands out, an overlap: each mended by an edit."""
    a2 = bent(108.01, 108.02, by_west=0.001, by_east=0.001)
    b2 = bent(108.03, 108.04, by_west=-0.001)
    redraw(own_engine, **{f"g{A2}": a2, f"g{B2}": b2})
    draft = Draft.make(own_client)
    draft.edit({"type": "fill_gap", "at": [108.0105, 31.01], "to": A1})
    draft.edit({"type": "clip_to_village", "grid": A2})
    draft.edit({"type": "resolve_overlap", "grids": [B1, B2], "winner": B2})
    assert draft.get("/problems")["errors"] == 0


def test_a_locked_grid_is_refused_with_its_place(draft):
    draft.edit(LOCK)
    assert draft.grids()[A2]["properties"]["locked"] is True
    error = draft.refusal(MERGE)
    assert error["key"] == "grid_locked"
    assert error["details"]["grids"] == [A2]
    assert error["details"]["geometry"]["type"] == "Polygon"
    west, south = error["details"]["geometry"]["coordinates"][0][0]
    assert (int(west), int(south)) == (108, 31)
    draft.edit({"type": "unlock", "grids": [A2]}, MERGE)


def test_a_locked_village_refuses_all(draft):
    draft.edit({"type": "lock", "villages": [FIRST]})
    assert draft.grids()[A1]["properties"]["locked"] is True
    assert draft.grids()[B1]["properties"]["locked"] is False
    assert draft.refusal(SPLIT)["key"] == "village_locked"
    draft.do("/undo")
    draft.edit(SPLIT)


def test_a_refusal_may_come_with_a_fix_that_is_accepted(draft):
    """The drawn area cuts A2 in two: with ``tidy`` the cut-off piece goes along."""
    area = {"type": "transfer", "to": A1, "area": box(108.005, 31.004, 108.021, 31.006)}
    error = draft.refusal(area)
    assert error["key"] == "would_disconnect"
    assert error["details"]["grids"] == [A2]
    assert error["details"]["geometry"] is not None
    fix = error["details"]["fix"]
    assert fix["type"] == "transfer"
    assert draft.edit(fix)["head"] == 1


def test_a_refused_edit_leaves_no_trace(draft, own_engine):
    draft.edit(SPLIT)
    before = stored(own_engine), draft.get(), draft.get("/edits"), draft.grids()
    draft.refusal(SPLIT | {"grid": "999"})
    draft.refusal(MERGE | {"grids": [A1, B1]})
    assert (stored(own_engine), draft.get(), draft.get("/edits"), draft.grids()) == before


def test_only_the_scope_of_the_plan_can_be_edited(own_client):
    draft = Draft.make(own_client, FIRST)
    for edit in (
        MERGE_B,
        {"type": "renumber", "village": SECOND},
        {"type": "lock", "villages": [SECOND]},
        {"type": "assign", "natural_villages": ["N10"], "to": A1},
        {"type": "move_vertex", "from": [108.03, 31.0], "to": [108.031, 31.0]},
    ):
        error = draft.refusal(edit)
        assert error["key"] == "outside_plan_scope", edit
        assert error["details"]["scope"] == FIRST
    assert set(draft.grids()) == {A1, A2}


def test_grids_of_a_draft_by_box_and_village(draft):
    draft.edit(SPLIT)
    assert set(draft.grids(village=SECOND)) == {B1, B2}
    assert set(draft.grids(bbox="108.001,31.001,108.002,31.002")) == {A1} | (
        {A3} & set(draft.grids(bbox="108.001,31.001,108.002,31.002"))
    )
    assert set(draft.grids(bbox="100,30,101,31")) == set()
    feature = draft.grids()[A2]
    assert feature["properties"]["drafted"] is True
    assert draft.grids()[B1]["properties"]["drafted"] is False
    assert feature["geometry"]["coordinates"][0][0] == [108.01, 31.0]


def test_two_plans_do_not_see_each_other(own_client):
    one, other = Draft.make(own_client), Draft.make(own_client)
    one.edit(MERGE)
    assert set(other.grids()) == {A1, A2, B1, B2}
    other.edit(MERGE_B)
    assert set(one.grids()) == {A1, B1, B2}
    assert own_client.get("/api/grids").json()["total"] == 4


def test_the_plan_says_where_it_has_been(draft):
    draft.edit(SPLIT)
    plan = draft.get()
    assert plan["touched_villages"] == [{"code": FIRST, "name": "上河村"}]
    west, south, east, north = plan["bbox"]
    assert (west, east) == (108.0, 108.02)
    assert (south, north) == (31.0, 31.02)
    assert plan["scope"] == tiny.COUNTY


def test_what_was_previewed_is_made_even_if_the_ground_has_changed(draft, own_engine):
    """A preview is kept for the edit that follows, but never beyond what it was made of."""
    draft.preview(SPLIT)
    draft.edit(MERGE)  # another revision: the line does not cross what A1 is now
    assert draft.refusal(SPLIT)["key"] == "line_does_not_cross"
    draft.do("/undo")
    draft.preview(MERGE)
    with own_engine.begin() as connection:  # another version of a layer
        connection.execute(text("DELETE FROM household WHERE code = 'H000'"))
    assert households_of(draft.edit(MERGE)["changed"]) == {A1: 7}
    draft.do("/undo")
    draft.preview(MERGE)
    redraw(own_engine, **{f"g{A1}": bent(108.0, 108.01)})  # the lines in force
    assert households_of(draft.edit(MERGE)["changed"]) == {A1: 7}
    assert draft.get("/problems")["errors"] == 1  # they have changed: a conflict
