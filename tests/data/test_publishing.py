"""Publishing: one instant for all, versions that stay, conflicts, whole or not at all; rebasing."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import text

from data import grid_pages, grids, plan_lines, plan_log, plans, publishing
from data.errors import ConflictError
from data.lines import Lines
from tests.data.drafts import (
    A1,
    A2,
    A3,
    B1,
    B2,
    B3,
    HOUR,
    A,
    B,
    draw,
    in_force,
    make_county,
    make_lines,
    make_plan,
    shape_of_plan,
    split,
    told,
)
from tests.data.frames import LATER, NOW

NEW = f"{A}004"
AFTER = LATER + HOUR


def publish(connection, plan, now=LATER):
    counts = publishing.publish_lines(connection, plan, now=now)
    plans.set_state(connection, plan, "published", now=counts.at)
    return counts


def stored(connection):
    """Return everything there is of grids, numbers and plans, as text."""
    tables = ("grid", "grid_indicator", "plan", "plan_grid", "plan_village", "plan_edit")
    return {
        table: connection.execute(text(f"SELECT t::text FROM {table} t ORDER BY 1")).scalars().all()
        for table in tables
    }


def code_at(connection, lon, at=None):
    return grids.fetch_grid_at(connection, lon, 31.005, Lines(at=at))["code"]


@pytest.fixture
def plan(connection):
    make_county(connection)
    return make_plan(connection)


def test_lines_change_at_one_instant_and_the_others_keep_their_version(connection, plan):
    before = in_force(connection)
    ids = grids.fetch_frame(connection).set_index("code")["id"]
    draw(connection, plan, split(A2, 108.017))
    draw(connection, plan, split(B2, 108.047))
    draw(connection, plan, {"type": "merge", "grids": [B1, B2]})
    draft = plan_lines.fetch_lines(connection, plan, [A, B])
    same = [code for code in ids.index if before[code] == draft_wkb(draft).get(code)]
    counts = publish(connection, plan)
    # a split puts a node into both neighbours at most where they share the edge that was cut
    assert counts == publishing.PublishCounts(
        opened=len(draft) - len(same), closed=6 - len(same), unchanged=len(same), at=LATER
    )
    now = grids.fetch_frame(connection)
    assert told(now) == {
        code: tuple(value for i, value in enumerate(row) if i not in (5, 6))
        for code, row in told(draft).items()
    }
    assert now.set_index("code")["id"][same].tolist() == ids[same].tolist()
    opened = now[~now["code"].isin(same)]
    assert (opened["valid_from"] == LATER).all()
    assert set(opened["id"]) <= set(draft["id"])
    ended = connection.execute(
        text("SELECT code FROM grid WHERE valid_to = :at ORDER BY 1"), {"at": LATER}
    )
    assert ended.scalars().all() == [code for code in ids.index if code not in same]
    moment = timedelta(microseconds=1)
    for lon, old, new in ((108.018, A2, NEW), (108.042, B2, B1), (108.025, A3, A3)):
        for at, code in ((LATER - moment, old), (LATER, new), (None, new), (NOW, old)):
            assert code_at(connection, lon, at) == code
    assert in_force(connection, at=LATER - moment) == before


def draft_wkb(frame):
    return dict(zip(frame["code"], shapely.to_wkb(frame.geometry.to_numpy()), strict=True))


def test_the_numbers_of_the_plan_come_along_and_the_rest_keeps_its_own(connection, plan):
    draw(connection, plan, split(A2, 108.017))
    numbers = pd.DataFrame(
        {name: [5, 6] for name in plan_lines.INDICATORS}, index=[A2, NEW]
    ).assign(profile_status="below", content=["k2", "k4"], center_max_m=[1.5, np.nan])
    plan_lines.store_indicators(connection, plan, numbers)
    connection.execute(text("UPDATE grid_indicator SET residents = 99"))  # households came in
    publish(connection, plan)
    rows = connection.execute(
        text("""
            SELECT g.code, i.households, i.residents, i.aged_80, i.span_m, i.center_max_m, i.content
              FROM grid g JOIN grid_indicator i ON i.grid_id = g.id
             WHERE g.valid_to IS NULL AND g.village_code = :a ORDER BY 1
        """),
        {"a": A},
    ).all()
    found = {row.code: tuple(row)[1:] for row in rows}
    assert found[A2] == (5, 5, 5, 5.0, 1.5, "k2")
    assert found[NEW] == (6, 6, 6, 6.0, None, "k4")
    assert (found[A1][1], found[A3][1]) == (99, 99)


def test_codes_may_be_swapped_inside_a_village(connection):
    make_county(connection, codes=(A2, A1, A3))
    ids = grids.fetch_frame(connection).set_index("code")["id"]
    plan = make_plan(connection)
    draw(connection, plan, {"type": "renumber", "village": A})
    draw(connection, plan, {"type": "lock", "grids": [A3]})
    counts = publish(connection, plan)
    assert (counts.opened, counts.closed, counts.unchanged) == (2, 2, 1)
    now = grids.fetch_frame(connection).set_index("code")
    assert now.at[A3, "id"] == ids[A3]  # a lock is nothing that is published
    assert code_at(connection, 108.005) == A1
    assert code_at(connection, 108.005, LATER - HOUR) == A2
    histories = [
        [
            (h["valid_from"], h["valid_to"])
            for h in grid_pages.fetch_grid(connection, code)["history"]
        ]
        for code in (A1, A2)
    ]
    assert histories == [[(NOW, LATER), (LATER, None)]] * 2


def test_what_was_changed_and_changed_back_keeps_its_version(connection, plan):
    before = stored(connection)["grid"]
    for name in ("别名", "网格1"):
        edit = {"type": "set_attributes", "grid": A1, "attributes": {"name": name}}
        draw(connection, plan, edit)
    draw(connection, plan, split(B2, 108.047))
    plan_lines.move_head(connection, plan, -1, now=LATER)
    counts = publish(connection, plan)
    assert (counts.opened, counts.closed, counts.unchanged) == (0, 0, 6)
    assert stored(connection)["grid"] == before


def test_a_second_plan_over_the_same_village_meets_a_conflict(connection, plan):
    other, apart = make_plan(connection, name="二"), make_plan(connection, name="三")
    draw(connection, plan, split(A2, 108.017))
    renamed = {"type": "set_attributes", "grid": A1, "attributes": {"name": "二"}}
    draw(connection, other, renamed)
    draw(connection, apart, split(B2, 108.047))
    assert publishing.find_conflicts(connection, other) == []
    publish(connection, plan)
    conflicts = publishing.find_conflicts(connection, other)
    assert [(c.village_code, c.code, c.change) for c in conflicts] == [
        (A, A2, "changed"),
        (A, NEW, "added"),
    ]
    assert shapely.to_wkb(conflicts[0].geometry) == in_force(connection)[A2]
    before = stored(connection)
    with pytest.raises(ConflictError) as refused:
        publish(connection, other, now=AFTER)
    (problem,) = refused.value.problems
    assert (problem.key, problem.grids) == ("plan_conflict", (A2, NEW))
    assert problem.details == {"villages": [A], "codes": [A2, NEW]}
    assert stored(connection) == before
    assert publish(connection, apart, now=AFTER).opened == 2


def test_an_import_between_is_a_conflict_whatever_it_does(connection, plan):
    draw(connection, plan, split(A2, 108.017))

    def conflicts_after(lines, mode, now):
        nested = connection.begin_nested()
        grids.store_frame(connection, lines, mode=mode, now=now)
        found = publishing.find_conflicts(connection, plan)
        nested.rollback()
        return [(c.code, c.change) for c in found]

    lines = make_lines((A1, A2, A3), A, 0)
    assert conflicts_after(lines, "replace", LATER) == []  # equal: nothing is stored
    assert conflicts_after(make_lines((B1, B2, B3), B, 3, name="x"), "replace", LATER) == []
    assert conflicts_after(lines.assign(name="x"), "upsert", LATER) == [
        (A1, "changed"),
        (A2, "changed"),
        (A3, "changed"),
    ]
    assert conflicts_after(lines.iloc[1:], "replace", LATER) == [(A1, "removed")]
    fourth = make_lines((f"{A}009",), A, 7)
    assert conflicts_after(fourth, "upsert", LATER) == [(f"{A}009", "added")]
    # at the very instant the versions began an import writes over them: the ids stay
    assert conflicts_after(lines.assign(kind="dedicated").iloc[:1], "upsert", NOW) == [
        (A1, "changed")
    ]
    assert conflicts_after(lines.iloc[1:], "replace", NOW) == [(A1, "removed")]
    # a grid goes to another village
    moved = lines.iloc[:1].assign(village_code=B)
    assert conflicts_after(moved, "upsert", LATER) == [(A1, "removed")]


def test_publishing_is_whole_or_not_at_all(connection, plan):
    draw(connection, plan, split(A2, 108.017))
    before = stored(connection)
    # the new code is in force elsewhere already: the close is done, the open fails
    strayed = make_lines((NEW,), "500229001777", 8)
    grids.store_frame(connection, strayed, now=NOW)
    middle = stored(connection)
    with pytest.raises(Exception, match="grid_code_once"), connection.begin_nested():
        publish(connection, plan)
    assert stored(connection) == middle
    connection.execute(text("DELETE FROM grid WHERE code = :new"), {"new": NEW})
    assert stored(connection) == before
    assert publish(connection, plan).opened == 2


def test_a_clock_that_was_set_back_does_not_turn_time_round(connection, plan):
    draw(connection, plan, split(A2, 108.017))
    counts = publish(connection, plan, now=NOW - HOUR)
    assert counts.at == NOW + timedelta(microseconds=1)
    assert plans.fetch(connection, plan)["published_at"] == counts.at
    again = make_plan(connection, name="二", now=AFTER)
    draw(connection, again, {"type": "merge", "grids": [A2, NEW]})
    assert publish(connection, again, now=NOW).at == NOW + timedelta(microseconds=2)
    third = make_plan(connection, name="三", now=AFTER)
    # the code that ended at +2 µs comes back by the planner's import of the rest
    draw(connection, third, split(A2, 108.017))
    assert publish(connection, third, now=AFTER).at == AFTER
    assert code_at(connection, 108.018, LATER) == A2


def test_a_plan_starts_over_on_the_lines_in_force_and_replays_its_log(connection, plan):
    other = make_plan(connection, name="二")
    draw(connection, other, {"type": "lock", "villages": [B]}, author="王")
    draw(connection, other, split(A2, 108.012), author="王")
    made = draw(connection, other, split(A3, 108.027), author="李")
    draw(connection, other, {"type": "set_attributes", "grid": A1, "attributes": {"name": "x"}})
    plan_lines.move_head(connection, other, -1, now=LATER)
    draw(connection, plan, split(A2, 108.017))
    publish(connection, plan)
    revision = plans.fetch(connection, other)["revision"]

    todo = publishing.reset(connection, other, now=AFTER)
    assert [(row["position"], row["edit"]["type"]) for row in todo] == [
        (1, "lock"),
        (2, "split"),
        (3, "split"),
    ]
    fresh = plans.fetch(connection, other)
    assert (fresh["head"], fresh["undone"], fresh["base_at"]) == (0, 3, AFTER)
    assert fresh["revision"] == revision + 1
    assert shape_of_plan(connection, other) == shape_of_plan(connection, make_plan(connection))

    draw(connection, other, todo[0]["edit"], entry=todo[0]["id"], now=AFTER)
    plan_log.discard(connection, other, [todo[1]["id"]], "conflict")
    again = draw(connection, other, split(A3, 108.027), entry=todo[2]["id"], now=AFTER)
    assert made.created == (f"{A}005",)
    assert again.created == (f"{A}005",)  # …004 was published in the meantime
    log = plan_log.fetch_log(connection, other)
    assert [(row["position"], row["state"], row["author"]) for row in log] == [
        (1, "applied", "王"),
        (2, "conflict", "王"),
        (2, "applied", "李"),
        (4, "overtaken", "李"),
    ]
    assert {row["made_at"] for row in log} == {NOW + 2 * HOUR}
    assert plan_log.fetch_applied(connection, other) == [log[0], log[2]]
    assert plan_lines.fetch_villages(connection, other, [B])["locked"].tolist() == [True]
    assert publishing.find_conflicts(connection, other) == []
    now = plans.fetch(connection, other)
    assert (now["head"], now["undone"], now["revision"]) == (2, 0, revision + 3)
    assert publish(connection, other, now=AFTER).opened == 2
    with pytest.raises(LookupError):
        plan_log.append(
            connection, other, position=9, edit={}, outcome={}, author="x", now=NOW, entry=0
        )
