"""The life of a plan: made, found, locked, named, moved from state to state, copied; comments."""

import uuid

from sqlalchemy import text

from data import plan_comments, plan_lines, plan_log, plans
from tests.data.drafts import (
    A1,
    A2,
    A3,
    HOUR,
    A,
    B,
    draw,
    make_county,
    make_plan,
    shape_of_plan,
    split,
)
from tests.data.frames import LATER, NOW


def test_a_new_plan_is_an_empty_draft_on_the_lines_in_force(connection):
    make_county(connection)
    identity = uuid.uuid4()
    plan = plans.create(
        connection,
        name="划分",
        scope_code="500229001",
        network="all_purpose",
        author="李",
        now=NOW,
        identity=identity,
    )
    assert plan == {
        "id": identity,
        "name": "划分",
        "scope_code": "500229001",
        "scope_name": "葛城街道",
        "network": "all_purpose",
        "state": "draft",
        "base_at": NOW,
        "revision": 0,
        "head": 0,
        "undone": 0,
        "created_by": "李",
        "created_at": NOW,
        "changed_at": NOW,
        "submitted_at": None,
        "withdrawn_at": None,
        "published_at": None,
        "note": "",
        "copied_from": None,
    }
    assert plans.fetch(connection, identity) == plan
    assert plans.lock(connection, str(identity)) == plan
    assert plan_lines.touched(connection, identity) == []
    assert plans.fetch(connection, uuid.uuid4()) is None
    assert plans.lock(connection, uuid.uuid4()) is None


def test_plans_are_listed_by_scope_and_state_the_latest_change_first(connection):
    county = make_plan(connection, name="全县", scope="500229", now=NOW)
    town = make_plan(connection, name="城", scope="500229001", now=NOW + HOUR)
    other = make_plan(connection, name="乡", scope="500229002", now=NOW + 2 * HOUR)
    plans.rename(connection, county, "全县二", now=LATER)
    page = plans.fetch_all(connection)
    assert (page.total, [row["id"] for row in page.rows]) == (3, [county, other, town])
    assert [row["id"] for row in plans.fetch_all(connection, scope="500229001").rows] == [town]
    assert plans.fetch_all(connection, scope="5002290_1").total == 0
    plans.set_state(connection, town, "withdrawn", now=LATER)
    page = plans.fetch_all(connection, state="draft", offset=1, limit=1)
    assert (page.total, [row["id"] for row in page.rows]) == (2, [other])
    assert [row["name"] for row in plans.fetch_names(connection)] == ["全县二", "城", "乡"]


def test_every_write_raises_the_revision_and_states_keep_their_time(connection):
    plan = make_plan(connection)
    seen = [plans.rename(connection, plan, "新名", now=NOW + 2 * HOUR)]
    for hour, state in enumerate(("submitted", "draft", "withdrawn", "draft"), 3):
        seen.append(plans.set_state(connection, plan, state, now=NOW + hour * HOUR))
    assert [row["revision"] for row in seen] == [1, 2, 3, 4, 5]
    assert [row["changed_at"] for row in seen] == [NOW + i * HOUR for i in (2, 3, 4, 5, 6)]
    assert [row["submitted_at"] for row in seen] == [None, NOW + 3 * HOUR, None, None, None]
    assert [row["withdrawn_at"] for row in seen] == [None, None, None, NOW + 5 * HOUR, None]
    plans.set_state(connection, plan, "submitted", now=LATER)
    done = plans.set_state(connection, plan, "published", now=LATER + HOUR, note="小网格已核实")
    assert (done["submitted_at"], done["published_at"]) == (LATER, LATER + HOUR)
    assert (done["name"], done["note"]) == ("新名", "小网格已核实")


def test_a_copy_has_lines_undone_edits_log_and_locks_and_goes_its_own_way(connection):
    make_county(connection)
    plan = make_plan(connection)
    draw(connection, plan, split(A2, 108.017))
    draw(connection, plan, {"type": "lock", "grids": [A1], "villages": [B]})
    draw(connection, plan, {"type": "merge", "grids": [A2, f"{A}004"]})
    plan_lines.move_head(connection, plan, -1, now=LATER)
    original = shape_of_plan(connection, plan)
    source = plans.fetch(connection, plan)
    copied = plans.copy(connection, plan, name="另一案", author="王", now=LATER)
    assert (copied["head"], copied["undone"], copied["revision"]) == (2, 1, source["revision"])
    assert (copied["copied_from"], copied["created_by"], copied["state"]) == (plan, "王", "draft")
    assert shape_of_plan(connection, copied["id"]) == original
    numbers = "SELECT count(*) FROM plan_grid_indicator i JOIN plan_grid d ON d.id = i.grid_id"
    of_plan = text(f"{numbers} WHERE d.plan_id = :plan")
    counts = [connection.execute(of_plan, {"plan": id}).scalar() for id in (plan, copied["id"])]
    assert counts[0] == counts[1] > 0
    assert plan_lines.fetch_villages(connection, copied["id"], [A, B])["locked"].tolist() == [
        False,
        True,
    ]
    logs = [plan_log.fetch_log(connection, id) for id in (plan, copied["id"])]
    for log in logs:
        for row in log:
            del row["id"]
    assert logs[0] == logs[1]
    assert [row["state"] for row in logs[1]] == ["applied", "applied", "undone"]
    plan_lines.move_head(connection, copied["id"], 1, now=LATER)
    assert f"{A}004" not in shape_of_plan(connection, copied["id"])
    assert shape_of_plan(connection, plan) == original
    draw(
        connection,
        copied["id"],
        {"type": "set_attributes", "grid": A3, "attributes": {"name": "x"}},
    )
    assert shape_of_plan(connection, plan) == original
    assert plans.copy(connection, uuid.uuid4(), name="x", author="王", now=LATER) is None


def test_comments_are_resolved_once_and_leave_the_revision(connection):
    plan, other = make_plan(connection), make_plan(connection)
    asked = plan_comments.store_comment(
        connection, plan, text="这里应归三组", lon=108.0101, lat=31.005, author="王", now=NOW
    )
    assert asked == {
        "id": asked["id"],
        "text": "这里应归三组",
        "author": "王",
        "made_at": NOW,
        "resolved_by": None,
        "resolved_at": None,
        "lon": 108.0101,
        "lat": 31.005,
    }
    assert plan_comments.fetch_comments(connection, plan) == [asked]

    def resolve(plan_id, resolved, author, now):
        return plan_comments.resolve(
            connection, plan_id, asked["id"], resolved=resolved, author=author, now=now
        )

    assert resolve(other, True, "李", LATER) is None
    resolve(plan, True, "李", LATER)
    again = resolve(plan, True, "王", LATER + HOUR)
    assert (again["resolved_by"], again["resolved_at"]) == ("李", LATER)
    assert resolve(plan, False, "王", LATER) == asked
    assert plans.fetch(connection, plan)["revision"] == 0
