"""Editing a plan: an edit is tried on its ground, measured, stored; or refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from api.refusals import EditRefused
from api.services.caller import Caller
from api.services.plans import drafted
from api.services.plans.ground import fetch_ground
from api.services.plans.opening import (
    Identity,
    Row,
    check_revision,
    check_state,
    read_plan,
    take_plan,
)
from api.services.plans.texts import refuse_personal
from api.services.shapes import Json, shape_problem
from data import plan_lines
from geo.edits import Edit, Outcome, Partition, attempt, edit_to_json, parse_edit
from geo.problems import Problem

EDITABLE = ("draft",)


@dataclass(frozen=True)
class Tried:
    """An accepted edit: what it was tried on, what it makes of it, and the numbers of both.

    ``before`` and ``numbers`` have the index of the lines before and after.
    """

    edit: Edit
    partition: Partition
    outcome: Outcome
    before: pd.DataFrame
    numbers: pd.DataFrame
    problems: list[Problem]


def edit_plan(
    connection: sa.Connection,
    identity: Identity,
    value: Any,  # noqa: ANN401
    *,
    caller: Caller,
    seen: int | None,
    now: datetime,
) -> Json:
    """Make one edit in the caller's transaction.

    Parameters
    ----------
    value
        The edit as JSON values (docs/plans.md).
    seen
        Revision the edit was made for.

    Raises
    ------
    EditError
        The edit cannot be read.
    EditRefused
        It would do harm: with the problem, the place, and a fix if there is one.
    NotFound, NotSeen, Conflict
        :func:`api.services.plans.opening.take_plan`.
    """
    edit = read_edit(value)
    plan = take_plan(connection, identity, caller, seen=seen, states=EDITABLE)
    tried = try_edit(connection, plan, edit)
    store(connection, plan, tried, author=caller.name, now=now)
    return describe(read_plan(connection, plan["id"], caller), tried, preview=False)


def preview_edit(
    connection: sa.Connection,
    identity: Identity,
    value: Any,  # noqa: ANN401
    *,
    caller: Caller,
    seen: int | None,
) -> Json:
    """Return what an edit would do; nothing is written, nobody waits.

    ``seen`` may be None; where it is given, a plan that has changed since is refused.
    """
    edit = read_edit(value)
    plan = read_plan(connection, identity, caller)
    if seen is not None:
        check_revision(connection, plan, seen)
    check_state(plan, EDITABLE, None)
    return describe(plan, try_edit(connection, plan, edit), preview=True)


def read_edit(value: Any) -> Edit:  # noqa: ANN401
    """Return the edit a JSON value describes; names are looked at for personal data, too."""
    edit = parse_edit(value)
    name = getattr(edit, "attributes", {}).get("name")
    if name is not None:
        refuse_personal(name, "name")
    return edit


def try_edit(connection: sa.Connection, plan: Row, edit: Edit) -> Tried:
    """Try an edit on the plan's lines and measure what it makes of them.

    Raises
    ------
    EditRefused
    """
    partition = fetch_ground(connection, plan, edit)
    outcome = attempt(partition, edit)
    if outcome.problem is not None:
        fix = None if outcome.fix is None else edit_to_json(outcome.fix)
        raise EditRefused(outcome.problem, fix)
    before = drafted.measure_draft(connection, plan, partition.grids)
    numbers = drafted.measure_draft(connection, plan, outcome.grids)
    changed = outcome.grids["code"].isin(outcome.changed)
    rules = drafted.SizeRules(connection, partition.villages)
    problems = drafted.find_odd_sizes(outcome.grids[changed], numbers[changed], before, rules)
    return Tried(edit, partition, outcome, before, numbers, problems)


def store(
    connection: sa.Connection,
    plan: Row,
    tried: Tried,
    *,
    author: str,
    now: datetime,
    entry: int | None = None,
) -> None:
    """Store an accepted edit and the numbers it changed.

    ``entry`` is the row of the log that is replayed, if any.
    """
    before, after = tried.partition.grids, tried.outcome.grids
    plan_lines.store_edit(
        connection,
        plan["id"],
        edit=tried.edit,
        outcome=tried.outcome,
        before=before,
        author=author,
        now=now,
        entry=entry,
    )
    # A grid whose lines stay may get other people: on a border the lowest code has them.
    stale = tried.numbers["content"] != after["content"]
    own = after["village_code"].isin(_touched(tried))
    fresh = tried.numbers[(stale | after["code"].isin(tried.outcome.changed)) & own]
    codes = after.loc[fresh.index, "code"]
    plan_lines.store_indicators(connection, plan["id"], fresh.set_axis(codes))


def _touched(tried: Tried) -> set[str]:
    """Return the villages the plan has lines of its own in, once the edit is stored."""
    before, outcome = tried.partition.grids, tried.outcome
    drafts = before["drafted"].astype(bool)
    gone = before["code"].isin(outcome.removed)
    changed = outcome.grids["code"].isin(outcome.changed)
    return {
        *before.loc[drafts | gone, "village_code"],
        *outcome.grids.loc[changed, "village_code"],
    }


def describe(plan: Row, tried: Tried, *, preview: bool) -> Json:
    """Return what an edit did, or would do, to the plan as it is now."""
    outcome, villages = tried.outcome, tried.outcome.villages
    locked = villages.loc[villages["locked"].astype(bool), "code"]
    return {
        **plan_state(plan),
        "preview": preview,
        "edit": edit_to_json(tried.edit),
        "changed": drafted.describe_grids(
            outcome.grids, tried.numbers, tried.before, outcome.changed, locked
        ),
        "created": list(outcome.created),
        "removed": list(outcome.removed),
        "villages": _villages_of(tried),
        "problems": [shape_problem(problem) for problem in tried.problems],
    }


def plan_state(plan: Row) -> Json:
    """Return which plan an answer is about, and where it stands."""
    named = {name: plan[name] for name in ("state", "revision", "head", "undone")}
    return {"id": str(plan["id"]), **named}


def _villages_of(tried: Tried) -> list[str]:
    before, outcome = tried.partition.grids, tried.outcome
    gone = before.loc[before["code"].isin(outcome.removed), "village_code"]
    made = outcome.grids.loc[outcome.grids["code"].isin(outcome.changed), "village_code"]
    locks = outcome.villages["code"][
        outcome.villages["locked"].to_numpy() != tried.partition.villages["locked"].to_numpy()
    ]
    return sorted({*gone, *made, *locks})
