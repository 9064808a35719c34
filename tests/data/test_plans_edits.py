"""Edits of a plan: what is pinned, versions, undo and redo, what is overtaken, locks, the log."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from data import grids, plan_lines, plan_log, plan_versions, plans
from geo.edits import Partition, attempt, parse_edit
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
    attempt_edit,
    draw,
    in_force,
    make_county,
    make_lines,
    make_plan,
    shape_of_plan,
    split,
)
from tests.data.frames import LATER, NOW

NEW = f"{A}004"


@pytest.fixture
def plan(connection):
    make_county(connection)
    return make_plan(connection)


def rows_of(connection, plan):
    found = connection.execute(
        text("""
            SELECT code, from_position, to_position FROM plan_grid WHERE plan_id = :plan
             ORDER BY code COLLATE "C", from_position
        """),
        {"plan": plan},
    )
    return [tuple(row) for row in found]


def undo(connection, plan, step=-1):
    return plan_lines.move_head(connection, plan, step, now=LATER)


def test_an_untouched_plan_shows_the_lines_in_force(connection, plan):
    frame = plan_lines.fetch_lines(connection, plan, [A, B])
    stored = grids.fetch_frame(connection)
    assert frame["code"].tolist() == [A1, A2, A3, B1, B2, B3]
    assert frame["id"].tolist() == frame["base_id"].tolist() == stored["id"].tolist()
    assert not frame["drafted"].any()
    assert not frame["locked"].any()
    assert frame["households"].tolist() == [1] * 6
    assert frame["reock"].isna().all()
    assert shapely.to_wkb(frame.geometry.to_numpy()).tolist() == list(in_force(connection).values())
    assert frame.crs.to_epsg() == 4490
    assert list(frame.dtypes.astype(str))[:4] == ["Int64", "Int64", "str", "str"]
    assert plan_lines.fetch_grids(connection, plan, [B2, "none"])["code"].tolist() == [B2]
    assert plan_lines.fetch_base(connection, plan, [A]).empty
    empty = plan_lines.fetch_lines(connection, plan, [])
    assert (len(empty), list(empty.columns)) == (0, list(frame.columns))
    assert empty.dtypes.equals(frame.dtypes)


def test_the_first_edit_pins_its_village_with_its_numbers_and_no_other(connection, plan):
    before = in_force(connection)
    draw(connection, plan, split(A2, 108.017))
    assert plan_lines.touched(connection, plan) == [A]
    base = plan_lines.fetch_base(connection, plan, [A, B])
    assert base["code"].tolist() == [A1, A2, A3]
    ids = dict(zip(*grids.fetch_frame(connection)[["code", "id"]].to_numpy().T, strict=True))
    assert base["base_id"].tolist() == [ids[code] for code in (A1, A2, A3)]
    assert not set(base["id"]) & set(ids.values())
    assert base["content"].tolist() == [f"c{ids[code]}" for code in (A1, A2, A3)]
    assert shapely.to_wkb(base.geometry.to_numpy()).tolist() == [before[c] for c in (A1, A2, A3)]
    lines = plan_lines.fetch_lines(connection, plan, [A, B])
    assert lines["code"].tolist() == [A1, A2, A3, NEW, B1, B2, B3]
    assert lines["drafted"].tolist() == [True] * 4 + [False] * 3
    assert in_force(connection) == before


def test_a_changed_grid_continues_its_base_and_a_new_one_has_none(connection, plan):
    outcome = draw(connection, plan, split(A2, 108.017))
    stored = plan_lines.fetch_lines(connection, plan, [A]).set_index("code")
    drawn = outcome.grids.set_index("code")
    assert stored.index.tolist() == drawn.index.tolist()
    for code in (A1, A2, A3, NEW):
        wkb = [shapely.to_wkb(frame.geometry[code]) for frame in (stored, drawn)]
        assert wkb[0] == wkb[1], code
    assert stored["base_id"].isna().to_dict() == {A1: False, A2: False, A3: False, NEW: True}
    assert rows_of(connection, plan) == [
        (A1, 0, None),
        (A2, 0, 1),
        (A2, 1, None),
        (A3, 0, None),
        (NEW, 1, None),
    ]


def test_numbers_stay_with_the_shape_they_were_measured_on(connection, plan):
    draw(connection, plan, split(A2, 108.017))
    frame = plan_lines.fetch_lines(connection, plan, [A]).set_index("code")
    assert frame["households"].isna().to_dict() == {A1: False, A2: True, A3: False, NEW: True}
    numbers = pd.DataFrame(
        {name: [1.25, 2.0] for name in plan_lines.INDICATORS}, index=[A2, NEW]
    ).astype({"households": int})
    numbers = numbers.assign(profile_status=["below", "empty"], content="k", reock=[0.5, np.nan])
    numbers["aged_80"] = [1, pd.NA]
    for name in ("residents", "registered", "children", "elderly"):
        numbers[name] = 7
    plan_lines.store_indicators(connection, plan, numbers)
    draw(connection, plan, {"type": "lock", "grids": [A2]})
    frame = plan_lines.fetch_lines(connection, plan, [A]).set_index("code")
    assert frame.loc[[A2, NEW], "households"].tolist() == [1, 2]
    assert frame.loc[[A2, NEW], "aged_80"].isna().tolist() == [False, True]
    assert frame.at[A2, "span_m"] == 1.25
    assert np.isnan(frame.at[NEW, "reock"])
    assert frame.at[A2, "locked"]
    plan_lines.store_indicators(connection, plan, numbers.assign(households=9))
    assert plan_lines.fetch_grids(connection, plan, [A2])["households"].tolist() == [9]
    undo(connection, plan)
    assert plan_lines.fetch_grids(connection, plan, [A2])["households"].tolist() == [1]
    with pytest.raises(ValueError, match="of which the plan has 1"):
        plan_lines.store_indicators(connection, plan, numbers.rename(index={NEW: B1}))
    plan_lines.store_indicators(connection, plan, numbers.iloc[:0])


def test_undo_and_redo_move_the_head_and_give_back_every_byte(connection, plan):
    states = [shape_of_plan(connection, plan)]
    for value in (
        split(A2, 108.017),
        {"type": "merge", "grids": [A1, A2]},
        {"type": "set_attributes", "grid": A3, "attributes": {"name": "河东", "kind": "dedicated"}},
        split(B2, 108.0444444443),
        {"type": "renumber", "village": A},
    ):
        draw(connection, plan, value)
        states.append(shape_of_plan(connection, plan))
    stamps = text("SELECT id, xmin, ctid FROM plan_grid WHERE plan_id = :plan ORDER BY id")
    rows = connection.execute(stamps, {"plan": plan}).all()
    assert undo(connection, plan, 1) is None
    for i in (4, 3, 2, 1, 0):
        moved = undo(connection, plan)
        assert (moved["head"], moved["undone"]) == (i, 5 - i)
        assert shape_of_plan(connection, plan) == states[i]
    assert {code: row[-1] for code, row in states[0].items()} == in_force(connection)
    assert undo(connection, plan) is None
    for i in (1, 2, 3, 4, 5):
        assert undo(connection, plan, 1)["head"] == i
        assert shape_of_plan(connection, plan) == states[i]
    assert undo(connection, plan, -3)["head"] == 2
    assert undo(connection, plan, 4) is None
    assert connection.execute(stamps, {"plan": plan}).all() == rows
    assert plans.fetch(connection, plan)["revision"] == 16


def test_a_new_edit_overtakes_undone_ones_which_stay_in_the_log(connection, plan):
    draw(connection, plan, split(A2, 108.017))
    kept = shape_of_plan(connection, plan)
    draw(connection, plan, {"type": "merge", "grids": [A1, A2]})
    draw(connection, plan, {"type": "lock", "grids": [A3], "villages": [B]})
    undo(connection, plan, -2)
    draw(connection, plan, {"type": "set_attributes", "grid": A1, "attributes": {"name": "新"}})
    log = plan_log.fetch_log(connection, plan)
    assert [(row["position"], row["edit"]["type"], row["state"]) for row in log] == [
        (1, "split", "applied"),
        (2, "merge", "overtaken"),
        (3, "lock", "overtaken"),
        (2, "set_attributes", "applied"),
    ]
    after = shape_of_plan(connection, plan)
    assert after.pop(A1)[0] == "新"
    kept.pop(A1)
    assert after == kept
    assert not plan_lines.fetch_villages(connection, plan, [B])["locked"].any()
    assert undo(connection, plan, 1) is None
    assert rows_of(connection, plan) == [
        (A1, 0, 2),
        (A1, 2, None),
        (A2, 0, 1),
        (A2, 1, None),
        (A3, 0, None),
        (NEW, 1, None),
    ]


def test_a_village_whose_edits_are_overtaken_shows_the_lines_in_force_again(connection, plan):
    draw(connection, plan, split(A2, 108.017))
    draw(connection, plan, split(B2, 108.045))
    undo(connection, plan)
    assert plan_lines.touched(connection, plan) == [A, B]
    assert plan_log.fetch_entry(connection, plan, 2)["state"] == "undone"
    moved = make_lines((B1, B2, B3), B, 3, name="改名")
    grids.store_frame(connection, moved, now=LATER)
    assert shape_of_plan(connection, plan)[B1][0] == "网格1"
    draw(connection, plan, {"type": "merge", "grids": [A1, A2]})
    assert plan_lines.touched(connection, plan) == [A]
    assert shape_of_plan(connection, plan)[B1][0] == "改名"
    log = plan_log.fetch_log(connection, plan)
    assert plan_log.fetch_entry(connection, plan, 2) == log[2]
    assert plan_log.fetch_entry(connection, plan, 3) is None
    undo(connection, plan, -2)
    draw(connection, plan, split(A2, 108.012))
    assert plan_lines.touched(connection, plan) == [A]


def test_a_village_an_edit_was_tried_on_is_not_unpinned_under_it(connection, plan):
    draw(connection, plan, split(B2, 108.047))
    undo(connection, plan)
    edit = parse_edit(split(A2, 108.017))
    before = plan_lines.fetch_lines(connection, plan, [A, B])
    villages = plan_lines.fetch_villages(connection, plan, [A, B])
    outcome = attempt(Partition(before, villages), edit)
    plan_lines.store_edit(
        connection, plan, edit=edit, outcome=outcome, before=before, author="李", now=LATER
    )
    assert plan_lines.touched(connection, plan) == [A, B]


def test_what_was_drawn_upon_is_pinned_even_if_an_import_came_between(connection, plan):
    edit, before, outcome = attempt_edit(connection, plan, split(A2, 108.017))
    grids.store_frame(connection, make_lines((A1,), A, 0, name="改名"), now=LATER)
    plan_lines.store_edit(
        connection, plan, edit=edit, outcome=outcome, before=before, author="李", now=LATER
    )
    assert shape_of_plan(connection, plan)[A1][0] == "网格1"


def test_pinning_by_hand_comes_to_the_same(connection, plan):
    draw(connection, plan, {"type": "lock", "grids": [A1]})
    plan_versions.pin(connection, plan, [A, B, "500229001999"], now=NOW)
    assert plan_lines.touched(connection, plan) == [A, B, "500229001999"]
    assert shape_of_plan(connection, plan)[A1][-2]
    assert plan_lines.fetch_base(connection, plan, [B])["households"].tolist() == [1, 1, 1]
    draw(connection, plan, split(B2, 108.045))
    assert len(plan_lines.fetch_lines(connection, plan, [B])) == 4


def test_a_frame_that_is_not_the_plans_is_refused(connection, plan):
    edit, before, outcome = attempt_edit(connection, plan, split(A2, 108.017))
    draw(connection, plan, split(A2, 108.012))
    given = {"edit": edit, "outcome": outcome, "before": before, "author": "李", "now": LATER}
    with pytest.raises(ValueError, match="not what the plan has"), connection.begin_nested():
        plan_lines.store_edit(connection, plan, **given)
    _, before, refused = attempt_edit(connection, plan, split("500229001001999", 108.017))
    assert refused.problem.key == "grid_not_found"
    with pytest.raises(ValueError, match="grid_not_found"):
        plan_lines.store_edit(connection, plan, **given | {"outcome": refused, "before": before})
    with pytest.raises(LookupError):
        plan_lines.store_edit(connection, "00000000-0000-0000-0000-000000000000", **given)
    assert plans.fetch(connection, plan)["head"] == 1


def test_locks_of_grids_and_villages_are_edits_that_can_be_undone(connection, plan):
    draw(connection, plan, {"type": "lock", "grids": [A1, A3]})
    draw(connection, plan, {"type": "lock", "villages": [B]})

    def locks():
        lines = plan_lines.fetch_lines(connection, plan, [A, B])
        villages = plan_lines.fetch_villages(connection, plan, [A, B])
        shown = connection.execute(
            text("SELECT code FROM plan_lines(:plan) WHERE locked ORDER BY 1"), {"plan": plan}
        )
        return (
            lines.loc[lines["locked"], "code"].tolist(),
            villages.loc[villages["locked"], "code"].tolist(),
            shown.scalars().all(),
        )

    assert locks() == ([A1, A3], [B], [A1, A3, B1, B2, B3])
    assert plan_lines.touched(connection, plan) == [A]  # a village's lock copies nothing
    assert attempt_edit(connection, plan, split(B2, 108.045))[2].problem.key == "village_locked"
    draw(connection, plan, {"type": "unlock", "grids": [A1], "villages": [B]})
    assert locks() == ([A3], [], [A3])
    draw(connection, plan, {"type": "lock", "villages": [B]})
    assert locks()[1] == [B]
    undo(connection, plan, -2)
    assert locks() == ([A1, A3], [B], [A1, A3, B1, B2, B3])
    undo(connection, plan, -2)
    assert locks() == ([], [], [])
    undo(connection, plan, 3)
    assert locks() == ([A3], [], [A3])


def test_a_lock_whose_opening_is_overtaken_stays(connection, plan):
    draw(connection, plan, {"type": "lock", "grids": [A1], "villages": [B]})
    draw(connection, plan, {"type": "unlock", "grids": [A1], "villages": [B]})
    undo(connection, plan)
    draw(connection, plan, split(A3, 108.027))
    assert plan_lines.fetch_villages(connection, plan, [B])["locked"].tolist() == [True]
    assert plan_lines.fetch_grids(connection, plan, [A1])["locked"].tolist() == [True]
    assert attempt_edit(connection, plan, split(B2, 108.045))[2].problem.key == "village_locked"


def test_renumbering_keeps_grids_apart_by_what_they_continue(connection):
    make_county(connection, codes=(A2, A1, "A-17"))
    plan = make_plan(connection)
    base = plan_lines.fetch_lines(connection, plan, [A]).set_index("code")
    assert base["flags"].to_dict() == {A1: "", A2: "", "A-17": "irregular_code"}
    draw(connection, plan, {"type": "renumber", "village": A})
    lines = plan_lines.fetch_lines(connection, plan, [A]).set_index("code")
    assert lines["base_id"].to_dict() == {
        A1: base.at[A2, "base_id"],
        A2: base.at[A1, "base_id"],
        A3: base.at["A-17", "base_id"],
    }
    assert lines["households"].tolist() == [1, 1, 1]  # shapes have not changed
    assert set(lines["flags"]) == {""}
    (entry,) = plan_log.fetch_log(connection, plan)
    assert entry["outcome"]["recoded"] == {A1: A2, A2: A1, "A-17": A3}


def test_the_log_says_who_did_what_since_a_revision(connection, plan):
    first = draw(connection, plan, split(A2, 108.017), author="李")
    undo(connection, plan)
    undo(connection, plan, 1)
    draw(connection, plan, {"type": "merge", "grids": [A1, A2]}, author="王", now=LATER)
    log = plan_log.fetch_log(connection, plan)
    assert [row["revision"] for row in log] == [1, 4]
    assert [row["author"] for row in plan_log.fetch_log(connection, plan, since_revision=1)] == [
        "王"
    ]
    assert plan_log.fetch_log(connection, plan, since_revision=4) == []
    entry = log[0]
    assert (entry["author"], entry["made_at"]) == ("李", NOW + 2 * HOUR)
    assert parse_edit(entry["edit"]) == parse_edit(split(A2, 108.017))
    assert entry["outcome"] == {
        "changed": list(first.changed),
        "created": [NEW],
        "removed": [],
        "recoded": {},
        "villages": [A],
    }
    assert log[1]["outcome"]["removed"] == [A2]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.integers(-3, 4), max_size=10))
def test_any_walk_through_edits_undo_and_redo_shows_what_was_there(connection, plan, steps):
    """Below 0: undo so many; 0: redo one; above: an edit that is drawn anew."""
    walk = connection.begin_nested()
    history = [shape_of_plan(connection, plan)]
    head = 0
    for number, step in enumerate(steps):
        if step <= 0:
            move = step or 1
            moved = undo(connection, plan, move)
            possible = 0 <= head + move < len(history)
            assert (moved is not None) == possible
            head += move if possible else 0
        else:
            code = (A1, A2, B1, B3)[step - 1]
            named = {"type": "set_attributes", "grid": code, "attributes": {"name": f"n{number}"}}
            shape = plan_lines.fetch_grids(connection, plan, [code]).geometry.iloc[0]
            west, _, east, _ = shape.bounds
            draw(connection, plan, split(code, 0.4 * west + 0.6 * east) if number % 2 else named)
            head += 1
            history = [*history[:head], shape_of_plan(connection, plan)]
        assert shape_of_plan(connection, plan) == history[head]
        plan_row = plans.fetch(connection, plan)
        assert (plan_row["head"], plan_row["undone"]) == (head, len(history) - 1 - head)
        live = connection.execute(
            text("SELECT code, count(*) FROM plan_lines(:plan) GROUP BY code HAVING count(*) > 1"),
            {"plan": plan},
        ).all()
        assert live == []
    walk.rollback()
