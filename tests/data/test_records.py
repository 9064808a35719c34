"""Imports that wait, runs, the audit, profiles."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data import audit, imports, profiles, runs
from data.errors import NotFoundError
from data.workspace import fetch_versions
from tests.data.frames import LATER, NOW


def store_batch(connection, now=NOW):
    identity = uuid.uuid4()
    imports.store_batch(
        connection,
        identity,
        layer="grids",
        filename="网格.geojson",
        parameters={"crs": "4490"},
        report={"rows": 3},
        created_by="planner",
        now=now,
    )
    return identity


def test_an_import_is_committed_or_discarded_once(connection):
    identity = store_batch(connection)
    batch = imports.fetch_batch(connection, identity)
    assert (batch["state"], batch["filename"], batch["report"]) == (
        "reported",
        "网格.geojson",
        {"rows": 3},
    )
    assert imports.close_batch(connection, identity, state="committed", now=LATER)
    assert not imports.close_batch(connection, identity, state="discarded", now=LATER)
    batch = imports.fetch_batch(connection, str(identity), lock=True)
    assert (batch["state"], batch["committed_at"]) == ("committed", LATER)
    assert imports.fetch_batch(connection, uuid.uuid4()) is None


def test_what_waits_too_long_is_discarded(connection):
    old, young = store_batch(connection), store_batch(connection, LATER)
    before = NOW + timedelta(days=1)
    assert imports.expire_batches(connection, before=before) == [old]
    assert imports.fetch_batch(connection, old)["state"] == "discarded"
    assert imports.fetch_batch(connection, young)["state"] == "reported"


QUESTION = {"analysis": "service_gaps", "parameters": {"level": "village", "standard_m": None}}
INPUTS = {"epoch": "x", "households": 3}


def add_run(connection, identity, **values):
    given = {**QUESTION, "plan": None, "input_versions": INPUTS, "created_by": "me", "now": NOW}
    return runs.add_run(connection, identity, **(given | values))


def begin(connection, identity):
    connection.execute(text("UPDATE run SET state = 'running' WHERE id = :id"), {"id": identity})


def finish(connection, identity, **values):
    given = {"input_versions": INPUTS, "result": {"share": 0.5}, "layers": {"areas": "{}"}}
    return runs.finish(connection, identity, now=LATER, **(given | values))


def test_the_same_question_over_the_same_data_is_answered_from_the_store(connection):
    identity = uuid.uuid4()
    stored = add_run(connection, identity)
    assert stored == runs.fetch_run(connection, identity)
    same = {"standard_m": None, "level": "village"}
    inputs = {"households": 3, "epoch": "x"}

    def find(analysis="service_gaps", plan=None, inputs=inputs):
        found = runs.fetch_same(connection, analysis, same, plan, inputs)
        return found and found["id"]

    assert find() == identity, "on the way already"
    begin(connection, identity)
    assert finish(connection, identity)
    done = runs.fetch_run(connection, identity)
    assert (done["state"], done["progress"], done["finished_at"]) == ("done", 1, LATER)
    assert find() == identity
    assert find(inputs=inputs | {"households": 4}) is None
    assert find(analysis="siting") is None
    assert find(plan=uuid.uuid4()) is None
    assert runs.fetch_layer(connection, identity, "areas") == "{}"
    assert runs.fetch_layer(connection, identity, "none") is None
    assert runs.name_layers(connection, identity) == ["areas"]
    assert runs.fetch_run(connection, uuid.uuid4()) is None


def test_a_run_that_is_not_wanted_any_more_keeps_nothing(connection):
    identity = uuid.uuid4()
    add_run(connection, identity)
    assert not finish(connection, identity), "nobody has begun"
    begin(connection, identity)
    assert runs.tell_progress(connection, identity, 0.5, "reading")
    assert runs.end(connection, identity, "cancelled", now=LATER)["state"] == "cancelled"
    assert not runs.tell_progress(connection, identity, 0.6, "reading")
    assert not finish(connection, identity)
    assert runs.end(connection, identity, "failed", now=LATER) is None
    assert runs.name_layers(connection, identity) == []
    again = runs.queue_again(connection, identity, INPUTS)
    assert (again["state"], again["progress"], again["finished_at"]) == ("queued", 0, None)
    assert runs.queue_again(connection, identity, INPUTS) is None


def test_who_dies_lets_go_of_his_run(fresh_engine):
    engine = fresh_engine
    identity, other = uuid.uuid4(), uuid.uuid4()
    with engine.begin() as connection:
        add_run(connection, identity)
        add_run(connection, other, now=LATER)
    with runs.claim(engine, NOW) as mine, runs.claim(engine, NOW) as his:
        assert (mine["id"], his["id"]) == (identity, other), "the one that waits longest first"
        assert mine["state"] == "running"
        with runs.claim(engine, NOW) as none, engine.begin() as connection:
            assert none is None
            assert runs.interrupt_orphans(connection, LATER) == [], "both have a keeper"
    orphans = set()
    while orphans != {identity, other}:  # the server takes a moment to see who has gone
        with engine.begin() as connection:
            orphans.update(runs.interrupt_orphans(connection, LATER))
    with engine.begin() as connection:
        assert runs.fetch_run(connection, identity)["state"] == "interrupted"
        recent = runs.fetch_recent(connection, analysis="service_gaps", limit=1)
    assert [run["id"] for run in recent] == [other]
    assert "result" not in recent[0]


def test_the_audit_only_grows(connection):
    for action in ("import", "export"):
        audit.store_act(
            connection, account="planner", action=action, object="grids", details={"n": 3}, now=NOW
        )
    acts = audit.fetch_acts(connection)
    assert [act["action"] for act in acts] == ["export", "import"]
    assert acts[0]["details"] == {"n": 3}
    assert audit.fetch_acts(connection, since=LATER) == []
    for statement in ("UPDATE audit SET account = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
            connection.execute(text(statement))


def test_profiles_are_seeded_once_and_never_overwritten(connection):
    assert profiles.fetch_default(connection).name == profiles.DEFAULT  # before any is stored
    count = profiles.seed_profiles(connection)
    assert count >= 2
    connection.execute(text("UPDATE profile SET title_zh = '本县规则'"))
    other = next(p for p in profiles.fetch_profiles(connection) if not p["is_default"])
    profiles.choose_default(connection, other["name"], other["version"])
    before = fetch_versions(connection)
    assert profiles.seed_profiles(connection) == 0
    assert fetch_versions(connection) == before
    found = profiles.fetch_profiles(connection)
    assert {p["title_zh"] for p in found} == {"本县规则"}
    assert [p["name"] for p in found if p["is_default"]] == [other["name"]]
    assert profiles.fetch_default(connection).name == other["name"]


def test_a_profile_that_is_none_cannot_be_chosen(connection):
    profiles.seed_profiles(connection)
    with pytest.raises(NotFoundError):
        profiles.choose_default(connection, "none", 1)
    assert profiles.fetch_default(connection).name == profiles.DEFAULT
