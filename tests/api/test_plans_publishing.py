"""The gate and what lies behind it: problems by number, publication at one instant, history."""

import json
import threading

import pytest
from sqlalchemy import text

from data import audit
from tests.api import tiny
from tests.api.conftest import bring_in
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
    line,
    redraw,
)

A3 = f"{FIRST}003"
NOTE = {"note": "山区住户分散，保留。"}
NORTH_OF_A1, EAST_OF_A1 = (108.005, 31.015), (108.0105, 31.01)


@pytest.fixture
def draft(own_client):
    return Draft.make(own_client)


def code_at(client, place, **more):
    lon, lat = place
    answer = client.get("/api/grids/at", params={"lon": lon, "lat": lat, **more})
    assert answer.status_code == 200, answer.text
    grid = answer.json()["grid"]
    return grid and grid["code"]


def refusal(answer):
    error = answer.json()["error"]
    return answer.status_code, error["key"]


def versions(engine):
    query = text(
        "SELECT code, valid_from, valid_to, ST_AsText(geom) FROM grid ORDER BY code, valid_from"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_old_and_new_lines_answer_by_date(draft, own_client, own_engine):
    old = versions(own_engine)
    began = own_client.get("/api/plans/" + draft.id).json()["created_at"]
    draft.edit(SPLIT)
    assert code_at(own_client, NORTH_OF_A1, plan=draft.id) in (A1, A3)
    assert code_at(own_client, NORTH_OF_A1) == A1
    plan = draft.do("/publish", NOTE)
    assert plan["state"] == "published"
    assert plan["note"] == NOTE["note"]
    assert plan["submitted_at"] is not None
    instant = plan["published_at"]
    # A1 changed, A3 is new, A2 has a node more; the other village is as it was
    assert plan["counts"] == {"opened": 3, "closed": 2, "unchanged": 0}
    now = {place: code_at(own_client, place) for place in (NORTH_OF_A1, (108.005, 31.005))}
    assert set(now.values()) == {A1, A3}
    assert code_at(own_client, NORTH_OF_A1, date=began) == A1
    assert code_at(own_client, NORTH_OF_A1, date=instant) == now[NORTH_OF_A1]
    new = versions(own_engine)
    assert len(new) == len(old) + 3
    closed = [row for row in new if row[2] is not None]
    opened = [row for row in new if row[1] != old[0][1]]
    assert {row[2] for row in closed} == {row[1] for row in opened}
    assert [row for row in new if row[0].startswith(SECOND)] == [
        row for row in old if row[0].startswith(SECOND)
    ]
    rows = own_client.get("/api/grids").json()["rows"]
    assert {row["code"]: row["households"] for row in rows}[A3] == 2
    assert own_client.get("/api/partition/problems").json()["problems"] == []


def test_publication_is_in_the_audit(draft, own_engine):
    draft.edit(SPLIT)
    draft.do("/publish", NOTE)
    with own_engine.connect() as connection:
        publish, submit, *_ = audit.fetch_acts(connection)
    assert (publish["action"], submit["action"]) == ("plan publish", "plan submit")
    assert publish["object"] == draft.id
    assert publish["details"]["note"] == NOTE["note"]
    assert publish["details"]["acknowledged"] == [A1, A3]
    assert publish["details"]["opened"] == 3


def test_grids_of_odd_size_need_a_note(draft, own_engine):
    draft.edit(SPLIT)
    old = versions(own_engine)
    answer = draft.send("/publish")
    assert refusal(answer) == (409, "profile_not_acknowledged")
    details = answer.json()["error"]["details"]
    assert details["count"] == 2
    assert details["grids"] == [A1, A3]
    assert [p["key"] for p in details["problems"]] == ["grid_below_minimum"] * 2
    for note in ({"note": ""}, {"note": "  \n"}, {"note": None}, {}):
        assert refusal(draft.send("/publish", note)) == (409, "profile_not_acknowledged")
    assert refusal(draft.send("/publish", {"note": "电话13800138000"})) == (422, "personal_text")
    assert refusal(draft.send("/publish", {"note": "长" * 2001})) == (422, "text_length")
    assert refusal(draft.send("/publish", {"notes": "x"})) == (422, "invalid_body")
    assert versions(own_engine) == old
    assert draft.get()["state"] == "draft"
    assert draft.get()["revision"] == draft.revision


def test_a_plan_that_changes_nothing_is_not_published(draft, own_engine):
    old = versions(own_engine)
    assert refusal(draft.send("/publish")) == (409, "plan_empty")
    draft.edit(LOCK)
    assert refusal(draft.send("/publish", NOTE)) == (409, "plan_empty")
    draft.edit({"type": "unlock", "grids": [A2]}, SPLIT)
    for _ in range(3):
        draft.do("/undo")
    assert refusal(draft.send("/publish", NOTE)) == (409, "plan_empty")
    assert versions(own_engine) == old
    assert draft.get()["state"] == "draft"


def test_a_published_plan_is_over(draft):
    draft.edit(MERGE)
    draft.do("/submit")
    draft.do("/publish", NOTE)
    for what in ("/submit", "/publish", "/withdraw", "/reopen", "/rebase"):
        assert refusal(draft.send(what)) == (409, "plan_wrong_state"), what
    assert refusal(draft.send("/edits", SPLIT)) == (409, "plan_not_draft")
    assert refusal(draft.send("", {"name": "x"}, method="PATCH")) == (409, "plan_wrong_state")
    assert draft.get("/problems")["can_publish"] is False


def test_an_edited_neighbour_of_odd_size_is_not_blamed(own_client, own_engine):
    """A2 gets a node on its border when A1 is cut; its size was odd before and stays so."""
    draft = Draft.make(own_client)
    draft.edit(SPLIT)
    listed = draft.get("/problems")
    assert [p["grids"] for p in listed["problems"]] == [[A1], [A3]]
    draft.edit(
        {"type": "set_attributes", "grid": A2, "attributes": {"name": "新名"}},
    )
    assert len(draft.get("/problems")["problems"]) == 2


def test_problems_are_numbered_and_stepped_through(draft):
    draft.edit(SPLIT)
    listed = draft.get("/problems")
    assert (listed["errors"], listed["warnings"], listed["needs_note"]) == (0, 2, True)
    assert listed["can_publish"] is True
    first, second = listed["problems"]
    assert [p["number"] for p in listed["problems"]] == [1, 2]
    assert first["village"] == FIRST
    west, south, east, north = first["bbox"]
    assert 108.0 <= west < east <= 108.01
    assert 31.0 <= south < north <= 31.02
    assert listed["next"] == first
    assert draft.get("/problems", after=1)["next"] == second
    assert draft.get("/problems", after=2)["next"] == first  # round and round
    draft.do("/undo")
    empty = draft.get("/problems")
    assert (empty["problems"], empty["next"], empty["can_publish"]) == ([], None, False)


def test_faults_that_were_there_keep_a_touched_village_from_being_published(own_client, own_engine):
    """A gap in the lines in force: nobody minds until a plan touches the village."""
    redraw(own_engine, **{f"g{A2}": bent(108.01, 108.02, by_west=0.001)})
    with own_engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE household SET geom = ST_SetSRID(ST_MakePoint(108.0105, 31.01), 4490)"
                " WHERE code = 'H010'"
            )
        )
    draft = Draft.make(own_client)
    draft.edit(MERGE_B)
    assert draft.get("/problems")["errors"] == 0
    draft.edit(SPLIT)
    listed = draft.get("/problems")
    assert [p["key"] for p in listed["problems"] if p["severity"] == "error"] == [
        "gap_in_village",
        "household_in_no_grid",
    ]
    assert listed["can_publish"] is False
    answer = draft.send("/publish", NOTE)
    assert refusal(answer) == (409, "plan_has_problems")
    details = answer.json()["error"]["details"]
    assert [p["key"] for p in details["problems"]] == ["gap_in_village", "household_in_no_grid"]
    assert details["problems"][1]["details"]["households"] == 1
    draft.edit({"type": "fill_gap", "at": [108.0104, 31.01], "to": A2})
    assert draft.get("/problems")["errors"] == 0
    assert draft.do("/publish", NOTE)["state"] == "published"


def test_a_code_of_another_village_is_not_given_twice(own_client, own_engine):
    """B1 carries a code of the first village; a plan renumbers the first."""
    with own_engine.begin() as connection:
        connection.execute(
            text("UPDATE grid SET code = :new WHERE code = :old"), {"new": A3, "old": B1}
        )
    draft = Draft.make(own_client)
    made = draft.edit(SPLIT)
    assert made["created"] == [f"{FIRST}004"]
    draft.edit({"type": "renumber", "village": FIRST})
    listed = draft.get("/problems")
    told = [p for p in listed["problems"] if p["key"] == "code_taken"]
    assert [p["grids"] for p in told] == [[A3]]
    assert refusal(draft.send("/publish", NOTE)) == (409, "plan_has_problems")


def test_the_second_of_two_plans_has_to_be_rebased(own_client):
    one, other = Draft.make(own_client, name="甲"), Draft.make(own_client, name="乙")
    one.edit(SPLIT)
    other.edit(TRANSFER, MERGE_B)
    one.do("/publish", NOTE)
    listed = other.get("/problems")
    [conflict] = [p for p in listed["problems"] if p["key"] == "plan_conflict"]
    assert conflict["village"] == FIRST
    assert conflict["grids"] == [A1, A2, A3]
    answer = other.send("/publish", NOTE)
    assert refusal(answer) == (409, "plan_conflict")
    assert answer.json()["error"]["details"]["grids"] == [A1, A2, A3]
    rebased = other.do("/rebase")
    assert (rebased["replayed"], rebased["dropped"]) == (2, [])
    assert rebased["base_at"] > rebased["created_at"]
    assert set(other.grids()) == {A1, A2, A3, B1}
    assert other.get("/problems")["errors"] == 0
    other.do("/publish", NOTE)
    assert code_at(own_client, EAST_OF_A1) == A1


def test_a_rebase_that_fails_changes_nothing_unless_told_to_drop(own_client, own_engine):
    one, other = Draft.make(own_client), Draft.make(own_client)
    one.edit(MERGE)
    split_a2 = {"type": "split", "grid": A2, "line": line((108.009, 31.01), (108.021, 31.01))}
    rename = {"type": "set_attributes", "grid": A3, "attributes": {"name": "新"}}
    other.edit(MERGE_B, split_a2, rename)
    one.do("/publish", NOTE)
    before = other.get(), other.get("/edits"), other.grids()
    answer = other.send("/rebase")
    assert refusal(answer) == (409, "rebase_conflict")
    conflicts = answer.json()["error"]["details"]["conflicts"]
    assert [(c["position"], c["edit"]["type"], c["problem"]["key"]) for c in conflicts] == [
        (2, "split", "grid_not_found"),
        (3, "set_attributes", "grid_not_found"),
    ]
    assert (other.get(), other.get("/edits"), other.grids()) == before
    rebased = other.do("/rebase", {"drop": True})
    assert rebased["replayed"] == 1
    assert [d["position"] for d in rebased["dropped"]] == [2, 3]
    assert set(other.grids()) == {A1, B1}
    assert [e["state"] for e in other.get("/edits")["edits"]] == ["applied", "conflict", "conflict"]
    other.do("/undo")
    assert set(other.grids()) == {A1, B1, B2}
    other.do("/redo")
    other.do("/publish", NOTE)


def test_codes_made_by_the_plan_are_followed_through_a_rebase(own_client):
    """Both plans make an A3; the rebased one gets A4 and its later edits mean that."""
    one, other = Draft.make(own_client), Draft.make(own_client)
    one.edit({"type": "split", "grid": A2, "line": line((108.009, 31.005), (108.021, 31.005))})
    made = other.edit(SPLIT)
    assert made["created"] == [A3]
    other.edit({"type": "set_attributes", "grid": A3, "attributes": {"name": "北片"}})
    one.do("/publish", NOTE)
    other.do("/rebase")
    grids = other.grids()
    a4 = f"{FIRST}004"
    assert grids[a4]["properties"]["name"] == "北片"
    assert grids[A3]["properties"]["name"] != "北片"
    assert other.get("/edits")["edits"][1]["edit"]["grid"] == a4


def test_a_submitted_plan_may_be_rebased_after_it_is_reopened(own_client):
    draft = Draft.make(own_client)
    draft.edit(SPLIT)
    draft.do("/submit")
    assert refusal(draft.send("/rebase")) == (409, "plan_wrong_state")
    draft.do("/reopen")
    assert draft.do("/rebase")["replayed"] == 1


def test_an_import_over_the_same_ground_is_a_conflict_too(own_client, own_engine, tmp_path):
    draft = Draft.make(own_client)
    draft.edit(SPLIT)
    path = tmp_path / "grids.geojson"
    shapes = {A1: bent(108.0, 108.01, by_east=0.001), A2: bent(108.01, 108.02, by_west=0.001)}
    path.write_text(
        json.dumps(tiny.collection([tiny.feature(s, code=c) for c, s in shapes.items()]))
    )
    bring_in(own_engine, tmp_path, {"grids": path})
    assert refusal(draft.send("/publish", NOTE)) == (409, "plan_conflict")
    draft.do("/rebase")
    draft.do("/publish", NOTE)
    assert own_client.get("/api/partition/problems").json()["problems"] == []


def test_households_that_came_since_are_counted_when_published(own_client, own_engine):
    """A register brought in after the edit: the draft's stored numbers are of yesterday."""
    draft = Draft.make(own_client)
    draft.edit(MERGE)
    with own_engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO household (code, residents, geom) VALUES"
                " ('NEW', 5, ST_SetSRID(ST_MakePoint(108.004, 31.004), 4490))"
            )
        )
    [problem] = [p for p in draft.get("/problems")["problems"] if p["grids"] == [A1]]
    assert problem["details"]["households"] == 9
    draft.do("/publish", NOTE)
    rows = own_client.get("/api/grids").json()["rows"]
    assert {row["code"]: row["households"] for row in rows}[A1] == 9


def test_publishing_while_an_import_runs(own_client, own_engine, tmp_path):
    """The import holds its tables; the publication waits, then finds the conflict. No deadlock."""
    draft = Draft.make(own_client)
    draft.edit(SPLIT)
    answers = []
    publish = threading.Thread(target=lambda: answers.append(draft.send("/publish", NOTE)))
    held, go_on = threading.Event(), threading.Event()

    def bring():
        with own_engine.begin() as connection:
            connection.execute(text("LOCK TABLE household IN SHARE ROW EXCLUSIVE MODE"))
            held.set()
            go_on.wait(30)
            connection.execute(
                text("UPDATE grid SET valid_to = now() WHERE code = :code AND valid_to IS NULL"),
                {"code": A2},
            )
            connection.execute(text("UPDATE grid_indicator SET households = households"))

    importing = threading.Thread(target=bring)
    importing.start()
    assert held.wait(30)
    publish.start()
    publish.join(0.5)
    assert publish.is_alive()  # it waits for the import
    go_on.set()
    importing.join(30)
    publish.join(30)
    assert refusal(answers[0]) == (409, "plan_conflict")
    assert draft.get()["state"] == "draft"


def test_two_plans_published_in_the_same_moment(own_client):
    """Over different villages both succeed; over the same ground one of them."""
    plans = [Draft.make(own_client, name=str(n)) for n in range(4)]
    for plan, edit in zip(plans, (SPLIT, MERGE, TRANSFER, MERGE_B), strict=True):
        plan.edit(edit)
    answers = {}

    def publish(plan):
        answers[plan.id] = plan.send("/publish", NOTE)

    threads = [threading.Thread(target=publish, args=(plan,)) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    told = [answers[plan.id] for plan in plans]
    assert told[3].status_code == 200, told[3].text
    assert sorted(answer.status_code for answer in told[:3]) == [200, 409, 409]
    assert {refusal(a)[1] for a in told[:3] if a.status_code == 409} == {"plan_conflict"}
    assert own_client.get("/api/partition/problems").json()["problems"] == []


def test_can_publish_says_whether_anything_would_change(draft):
    assert draft.get("/problems")["can_publish"] is False
    draft.edit(LOCK)
    assert draft.get("/problems")["can_publish"] is False
    draft.edit(SPLIT)
    assert draft.get("/problems")["can_publish"] is True
    draft.do("/undo")
    assert draft.get("/problems")["can_publish"] is False
    draft.edit(MERGE_B)
    assert draft.get("/problems")["can_publish"] is True


def test_a_copy_of_a_published_plan_starts_from_the_lines_in_force(draft, own_client):
    draft.edit(MERGE)
    draft.do("/publish", NOTE)
    answer = own_client.post(f"{draft.path}/copy", json={"name": "再划"})
    assert answer.status_code == 201
    copy = Draft(own_client, answer.json())
    assert (copy.get()["state"], copy.get()["edits"], copy.get("/problems")["errors"]) == (
        "draft",
        0,
        0,
    )
    copy.edit(MERGE_B)
    copy.do("/publish", NOTE)


@pytest.mark.parametrize("scope", ["5", "50099", "50099900", "5009990010010"])
def test_a_beginning_of_a_code_is_no_scope(own_client, scope):
    answer = own_client.post("/api/plans", json={"name": "试划", "scope": scope})
    assert answer.status_code == 422
    assert answer.json()["error"]["key"] == "plan_scope_unknown"
