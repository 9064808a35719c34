"""Suggestions of a run become edits: one, several, all; stored with what they were."""

import uuid

import pytest

from data import runs
from tests.api import tiny
from tests.api.conftest import NOW
from tests.api.drafting import A1, A2, B1, B2, FIRST, MERGE, MERGE_B, SECOND, SPLIT, Draft

J601 = f"{tiny.TOWNSHIP}601"
JOIN = {"type": "join_villages", "villages": [FIRST, SECOND]}
ASSIGN = {"type": "assign", "natural_villages": ["N01"], "to": A1}
GROUPS = [
    {"id": 1, "edit": MERGE},
    {"id": 2, "edit": MERGE_B},
    {"id": 3, "edit": JOIN},
    {"id": 4, "edit": None},
    {"id": "G-5", "edit": {"type": "merge", "grids": [A1, B1]}},
    {"id": 6, "edit": ASSIGN},
]
NOTE = {"note": "合并偏少网格。"}


@pytest.fixture
def draft(own_client):
    return Draft.make(own_client)


def store_run(engine, groups=GROUPS, *, analysis="merges", done=True, scope=None):
    """Store a run with these groups as its answer; return its id."""
    id = uuid.uuid4()
    with engine.begin() as connection:
        runs.add_run(
            connection,
            id,
            analysis=analysis,
            parameters={"scope": scope},
            plan=None,
            input_versions={},
            created_by="planner",
            now=NOW,
        )
    if done:
        with runs.claim(engine, NOW, id=id), engine.begin() as connection:
            result = {"groups": groups}
            runs.finish(connection, id, input_versions={}, result=result, layers={}, now=NOW)
    return str(id)


@pytest.fixture
def run(own_engine):
    return store_run(own_engine)


def apply(run, group):
    return {"type": "apply_suggestion", "run": run, "group": group}


def accept(draft, run, groups=None, **more):
    return draft.do("/suggestions", {"run": run, "groups": groups}, **more)


def refused(answer):
    return answer.status_code, answer.json()["error"]["key"]


def test_one_suggestion_is_the_edit_it_stands_for(draft, own_client, run):
    plain = Draft.make(own_client, name="直接").edit(MERGE)
    previewed = draft.preview(apply(run, 1))
    done = draft.edit(apply(run, 1))
    for name in ("changed", "created", "removed", "villages"):
        assert done[name] == previewed[name] == plain[name]
    assert done["edit"] == {**apply(run, 1), "edit": MERGE}
    [entry] = draft.get("/edits")["edits"]
    assert entry["edit"] == {**apply(run, 1), "edit": MERGE}
    assert draft.do("/undo")["created"] == [A2]
    assert draft.do("/redo")["removed"] == [A2]
    assert draft.edit(apply(run, 3))["joint_villages"][0]["code"] == J601


def test_all_of_a_run(draft, own_client, run):
    done = accept(draft, run)
    assert done["applied"] == [
        {"group": 1, "code": A1},
        {"group": 2, "code": B1},
        {"group": 3, "code": J601},
    ]
    told = [(r["group"], r["problem"]["key"]) for r in done["refused"]]
    assert told == [
        (4, "suggestion_not_found"),
        ("G-5", "different_villages"),
        (6, "area_misses"),
    ]
    assert done["revision"] == done["head"] == 3
    assert [grid["code"] for grid in done["changed"]] == [A1, B1]
    assert [grid["households"] for grid in done["changed"]] == [8, 8]
    assert (done["created"], done["removed"]) == ([J601], [A2, B2])
    assert done["villages"] == [FIRST, SECOND]
    assert [j["members"] for j in done["joint_villages"]] == [[FIRST, SECOND]]
    assert sorted(draft.grids()) == [A1, B1]
    listed = own_client.get("/api/joint-villages", params={"plan": draft.id}).json()
    assert listed["joint_villages"][0]["grids"] == 2
    # each is an edit of its own
    assert draft.do("/undo")["head"] == 2
    draft.do("/redo")
    assert draft.do("/publish", NOTE)["counts"]["closed"] == 4


def test_some_of_a_run_in_the_order_asked(draft, run):
    done = accept(draft, run, [2, "1", 2, 77], geometry="false")
    assert [a["group"] for a in done["applied"]] == [2, "1"]
    assert [(r["group"], r["problem"]["key"]) for r in done["refused"]] == [
        (77, "suggestion_not_found")
    ]
    assert {grid["geometry"] for grid in done["changed"]} == {None}
    again = accept(draft, run, [1])
    assert again["applied"] == []
    assert again["refused"][0]["problem"]["key"] == "grid_not_found"
    assert again["revision"] == done["revision"]


def test_a_later_one_builds_on_an_earlier_one(draft, own_engine):
    cut = {"type": "transfer", "to": A2, "area": tiny.box(108.009, 31.0, 108.01, 31.02)}
    run = store_run(own_engine, [{"id": 0, "edit": cut}, {"id": 1, "edit": MERGE}])
    done = accept(draft, run)
    assert [a["code"] for a in done["applied"]] == [None, A1]
    [grid] = done["changed"]
    # what it was before all of it
    assert (grid["before"]["households"], grid["households"]) == (4, 8)
    assert grid["before"]["area_m2"] == pytest.approx(grid["area_m2"] / 2, rel=0.001)
    assert done["removed"] == [A2]


def test_units_that_are_no_longer_as_they_were(draft, run):
    draft.edit(MERGE)
    error = draft.refusal(apply(run, 1))
    assert (error["key"], error["details"]["code"]) == ("grid_not_found", A2)
    draft.do("/undo")
    draft.edit({"type": "lock", "grids": [A2]})
    assert draft.refusal(apply(run, 1))["key"] == "grid_locked"


def test_a_rebase_needs_no_run(draft, own_client, own_engine, run):
    """A code that comes out different is followed into the edit of the suggestion."""
    draft.edit(SPLIT)
    third = f"{FIRST}003"
    later = store_run(own_engine, [{"id": 1, "edit": {"type": "merge", "grids": [A2, third]}}])
    draft.edit(apply(later, 1))
    other = Draft.make(own_client, name="先发布")
    other.edit({"type": "split", "grid": A2, "line": {
        "type": "LineString", "coordinates": [[108.016, 30.99], [108.016, 31.03]]
    }})  # fmt: skip
    other.do("/publish", NOTE)
    with own_engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM run")
    assert draft.do("/rebase")["replayed"] == 2
    edits = [entry["edit"] for entry in draft.get("/edits")["edits"]]
    assert edits[1]["edit"]["grids"] == [A2, f"{FIRST}004"]


def test_a_file_needs_no_run(draft, own_client, own_engine, run):
    accept(draft, run, [1, 3])
    file = draft.get("/file")
    with own_engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM run")
    brought = own_client.post("/api/plans/import", json=file).json()
    assert (brought["replayed"], brought["problems"]) == (2, [])
    [first, second] = own_client.get(f"/api/plans/{brought['id']}/edits").json()["edits"]
    assert first["edit"] == {**apply(run, 1), "edit": MERGE}
    assert second["edit"]["edit"]["villages"] == [FIRST, SECOND]


def test_who_asks_does_not_say_what_the_run_suggests(draft, run):
    error = draft.refusal({**apply(run, 1), "edit": MERGE_B})
    assert (error["key"], error["details"]["place"]) == ("invalid_edit", "edit")


def test_runs_that_suggest_nothing(draft, own_engine):
    gone = str(uuid.uuid4())
    queued = store_run(own_engine, done=False)
    gaps = store_run(own_engine, analysis="service_gaps")
    for run, said in (
        (gone, (404, "not_found")),
        (queued, (409, "run_not_done")),
        (gaps, (422, "run_not_merges")),
    ):
        assert refused(draft.send("/edits", apply(run, 1))) == said
        assert refused(draft.send("/suggestions", {"run": run})) == said
    empty = store_run(own_engine, [])
    assert accept(draft, empty)["applied"] == []
    assert draft.refusal(apply(empty, 1))["key"] == "suggestion_not_found"
    assert draft.get()["revision"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"run": "last"},
        {"run": None},
        {"run": str(uuid.UUID(int=1)), "groups": "all"},
        {"run": str(uuid.UUID(int=1)), "groups": [None]},
        {"run": str(uuid.UUID(int=1)), "groups": [1.5]},
        {"run": str(uuid.UUID(int=1)), "group": [1]},
        [],
    ],
    ids=str,
)
def test_bad_bodies(client, body):
    answer = Draft.make(client).send("/suggestions", body)
    assert refused(answer) == (422, "invalid_body")


def test_a_write_like_any_other(draft, own_client, run):
    body = {"run": run, "groups": [1]}
    answer = own_client.post(f"{draft.path}/suggestions", json=body)
    assert refused(answer) == (428, "if_match_missing")
    draft.edit(MERGE_B)
    assert refused(draft.send("/suggestions", body, seen=0)) == (409, "plan_changed")
    draft.do("/submit")
    assert refused(draft.send("/suggestions", body)) == (409, "plan_not_draft")
    assert refused(draft.send("/edits", apply(run, 1))) == (409, "plan_not_draft")
