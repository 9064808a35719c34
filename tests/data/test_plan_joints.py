"""Joint villages of plans in the store: any walk through edits, undo and redo, and publishing."""

import random
from datetime import timedelta

import pytest
import shapely
from sqlalchemy import text

from data import (
    divisions,
    joint_publishing,
    joint_villages,
    plan_joints,
    plan_lines,
    plans,
    publishing,
)
from data.errors import ConflictError
from data.lines import Lines
from geo.edits import Partition, attempt, needs, parse_edit
from tests.data.drafts import HOUR, make_plan
from tests.data.frames import LATER, NOW, make_frame

TOWN = "500229001"
VILLAGES = [f"{TOWN}{number:03d}" for number in range(1, 7)]
J601, J602 = f"{TOWN}601", f"{TOWN}602"


@pytest.fixture
def county(connection):
    """Six villages in a row, west to east."""
    rows = [{"code": code, "level": "village", "name": f"村{code[-1]}"} for code in VILLAGES]
    shapes = [shapely.box(108 + i / 100, 31, 108 + (i + 1) / 100, 31.01) for i in range(6)]
    divisions.store_frame(connection, make_frame("divisions", rows, shapes), now=NOW)
    return connection


def edit_plan(connection, plan, value):
    """Try an edit and store it if it is accepted; return its outcome."""
    edit = parse_edit(value)
    joint = plan_joints.fetch(connection, plan, needs(edit).villages, needs(edit).grids)
    villages = sorted({*needs(edit).villages, *(v for j in joint for v in j.members)})
    lines = plan_lines.fetch_lines(connection, plan, [])
    partition = Partition(
        lines,
        plan_lines.fetch_villages(connection, plan, villages),
        taken=plan_joints.fetch_taken(connection, plan, villages),
        joint_villages=joint,
    )
    outcome = attempt(partition, edit)
    if outcome.problem is None:
        plan_lines.store_edit(
            connection,
            plan,
            edit=edit,
            outcome=outcome,
            before=lines,
            author="李",
            now=NOW + 2 * HOUR,
            joint=joint,
        )
    return outcome


def join(*villages, **more):
    return {"type": "join_villages", "villages": list(villages), **more}


def leave(village):
    return {"type": "leave_joint_village", "village": village}


def rename(code, name):
    return {"type": "set_attributes", "grid": code, "attributes": {"name": name}}


def shown(connection, **lines):
    """Return code → name and members, in force or of a draft."""
    rows = joint_villages.fetch_all(connection, Lines(**lines))
    return {row["code"]: (row["name"], tuple(row["members"])) for row in rows}


def publish(connection, plan, now):
    counts = publishing.publish_lines(connection, plan, now=now)
    plans.set_state(connection, plan, "published", now=counts.at)
    return counts


def draw(order, joint):
    """Return an edit somebody might try, given what there is."""
    kind = order.choice(["join", "join", "leave", "rename"])
    if kind == "rename" and joint:
        return rename(order.choice(sorted(joint)), f"名{order.randint(1, 99)}")
    if kind == "leave":
        return leave(order.choice(VILLAGES))
    first = order.randint(0, 4)
    return join(*VILLAGES[first : first + order.randint(2, 3)])


@pytest.mark.parametrize("seed", range(12))
def test_any_walk_through_the_log(county, seed):
    """The plan is what its applied edits make of what was in force; nothing else has changed."""
    order = random.Random(seed)
    first = make_plan(county)
    edit_plan(county, first, join(*VILLAGES[:2]))
    edit_plan(county, first, join(*VILLAGES[3:5], name="东联村"))
    publish(county, first, LATER)
    in_force = shown(county)
    plan = make_plan(county, name="走", now=LATER + HOUR)
    states, head = [in_force], 0
    for _ in range(25):
        step = order.random()
        if step < 0.25 and head:
            head -= 1
            plan_lines.move_head(county, plan, -1, now=LATER)
        elif step < 0.4 and head < len(states) - 1:
            head += 1
            plan_lines.move_head(county, plan, 1, now=LATER)
        elif edit_plan(county, plan, draw(order, states[head])).problem is None:
            head += 1
            states[head:] = [shown(county, plan=plan)]
        assert shown(county, plan=plan) == states[head]
        assert shown(county) == in_force
        joint = shown(county, plan=plan).values()
        members = [village for _, villages in joint for village in villages]
        assert len(members) == len(set(members))
    assert head or len(states) > 1
    assert joint_publishing.changes(county, plan) == (states[head] != in_force)
    counts = publish(county, plan, LATER + 2 * HOUR)
    assert shown(county) == states[head]
    assert shown(county, at=LATER + HOUR) == in_force
    assert shown(county, at=NOW) == {}
    differing = {code for code in {*in_force, *states[head]}
                 if in_force.get(code) != states[head].get(code)}  # fmt: skip
    assert counts.joint.opened == sum(code in states[head] for code in differing)
    assert counts.joint.closed == sum(code in in_force for code in differing)


def test_nothing_is_left_of_what_was_overtaken(county):
    plan = make_plan(county)
    edit_plan(county, plan, join(*VILLAGES[:2]))
    plan_lines.move_head(county, plan, -1, now=LATER)
    edit_plan(county, plan, join(*VILLAGES[3:5]))
    assert plan_joints.fetch_pinned(county, plan) == VILLAGES[3:5]
    assert shown(county, plan=plan) == {J601: ("村4村5联村", tuple(VILLAGES[3:5]))}


def test_conflicts_name_what_is_in_force_now(county):
    one, other = make_plan(county), make_plan(county, name="乙")
    edit_plan(county, one, join(*VILLAGES[:3]))
    edit_plan(county, other, join(*VILLAGES[2:4]))
    assert joint_publishing.find_conflicts(county, other) == []
    publish(county, one, LATER)
    assert joint_publishing.find_conflicts(county, other) == [(J601, tuple(VILLAGES[:3]))]
    assert joint_publishing.find_codes_lost(county, other) == [J601]
    with pytest.raises(ConflictError) as refused:
        publishing.publish_lines(county, other, now=LATER + HOUR)
    problem = refused.value.problems[0]
    assert (problem.key, problem.details["villages"]) == ("plan_conflict", VILLAGES[:3])


def test_a_clock_that_was_set_back(county):
    one = make_plan(county)
    edit_plan(county, one, join(*VILLAGES[:2]))
    first = publish(county, one, LATER)
    other = make_plan(county, name="乙")
    edit_plan(county, other, leave(VILLAGES[0]))
    second = publish(county, other, NOW)
    assert second.at == first.at + timedelta(microseconds=1)
    third = make_plan(county, name="丙")
    edit_plan(county, third, join(*VILLAGES[:2]))
    assert publish(county, third, NOW).at == second.at
    assert list(shown(county)) == [J602]


def test_a_stale_look_is_not_stored(county):
    plan = make_plan(county)
    edit_plan(county, plan, join(*VILLAGES[:2]))
    joint = plan_joints.fetch(county, plan, VILLAGES)
    edit_plan(county, plan, rename(J601, "新"))
    values = {"plan": str(plan), "position": 3}
    with pytest.raises(ValueError, match="not what the plan has now"):
        plan_joints.store(county, values, joint, ())


def test_numbers_are_those_of_top_grids_in_force(county):
    plan = make_plan(county)
    edit_plan(county, plan, join(*VILLAGES[:2]))
    county.execute(
        text("""
            WITH made AS (
                INSERT INTO grid (code, village_code, parent_code, network, valid_from, valid_to,
                                  geom)
                SELECT v.code, left(v.code, 12), v.parent, v.network, :now,
                       CAST(v.until AS timestamptz),
                       ST_GeomFromText('POLYGON((108 31, 109 31, 109 32, 108 31))', 4490)
                  FROM (VALUES ('500229001001001', NULL, 'all_purpose', NULL),
                               ('500229001001002', '500229001001001', 'all_purpose', NULL),
                               ('500229001002001', 'elsewhere', 'all_purpose', NULL),
                               ('500229001002002', NULL, 'all_purpose', CAST(:later AS text)),
                               ('500229001003001', NULL, 'all_purpose', NULL))
                       AS v (code, parent, network, until)
                RETURNING id)
            INSERT INTO grid_indicator (grid_id, households, residents, registered, children,
                                        elderly, area_m2)
            SELECT id, 10, 30, 30, 0, 0, 1 FROM made
        """),
        {"now": NOW, "later": LATER},
    )
    [row] = joint_villages.fetch_all(county, Lines(plan=plan))
    assert (row["grids"], row["households"], row["residents"]) == (2, 20, 60)
    publish(county, plan, LATER - HOUR)
    [row] = joint_villages.fetch_all(county, Lines())
    assert (row["grids"], row["households"]) == (2, 20)
    [row] = joint_villages.fetch_all(county, Lines(at=LATER - HOUR / 2))
    assert (row["grids"], row["households"]) == (3, 30)
