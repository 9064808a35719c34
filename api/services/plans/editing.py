"""Editing a plan: an edit is tried on its ground, measured, stored; or refused with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from api.refusals import Conflict, EditRefused
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
from data import plan_lines, plan_log
from geo.edits import Edit, Outcome, Partition, attempt, edit_to_json, parse_edit
from geo.problems import Problem

_EDITABLE = ("draft",)


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
    plan = take_plan(connection, identity, caller, seen=seen, states=_EDITABLE)
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
    check_state(plan, _EDITABLE, None)
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
        **_plan_of(plan),
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


def _plan_of(plan: Row) -> Json:
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


def step(
    connection: sa.Connection,
    identity: Identity,
    way: int,
    *,
    caller: Caller,
    seen: int | None,
    now: datetime,
) -> Json:
    """Undo the last edit (−1) or redo the next one (+1).

    Raises
    ------
    Conflict
        ``nothing_to_undo``, ``nothing_to_redo``.
    """
    plan = take_plan(connection, identity, caller, seen=seen, states=_EDITABLE)
    if way < 0 and not plan["head"]:
        raise Conflict("nothing_to_undo")
    if way > 0 and not plan["undone"]:
        raise Conflict("nothing_to_redo")
    entry = _entry_at(connection, plan, plan["head"] + (1 if way > 0 else 0))
    outcome = entry["outcome"]
    villages = outcome["villages"]
    old = plan_lines.fetch_lines(connection, plan["id"], villages)
    moved = plan_lines.move_head(connection, plan["id"], way, now=now)
    if moved is None:
        raise LookupError(f"plan {plan['id']} has no edit to move along")
    new = plan_lines.fetch_lines(connection, plan["id"], villages)
    return {
        **_plan_of(moved),
        "preview": False,
        "edit": entry["edit"],
        **_compare(connection, moved, old, new),
        "villages": villages,
        "problems": [],
    }


def _entry_at(connection: sa.Connection, plan: Row, position: int) -> Row:
    log = plan_log.fetch_log(connection, plan["id"])
    return next(
        entry
        for entry in log
        if entry["position"] == position and entry["state"] in ("applied", "undone")
    )


def _compare(
    connection: sa.Connection, plan: Row, old: gpd.GeoDataFrame, new: gpd.GeoDataFrame
) -> Json:
    """Return what is different between two states of villages of a plan, with fresh numbers."""
    numbers = drafted.measure_draft(connection, plan, new)
    before = drafted.measure_draft(connection, plan, old)
    codes_before, codes_after = set(old["code"]), set(new["code"])
    # rows of a draft are never rewritten: another id is another version of the grid
    kept = set(old["id"])
    changed = new.loc[~new["id"].isin(kept), "code"]
    partner = _pair(old, new)
    villages = plan_lines.fetch_villages(connection, plan["id"], new["village_code"].unique())
    return {
        "changed": drafted.describe_grids(
            new,
            numbers,
            before.reindex(partner.dropna()).set_axis(partner.dropna().index),
            changed,
            villages.loc[villages["locked"].astype(bool), "code"],
        ),
        "created": sorted(codes_after - codes_before),
        "removed": sorted(codes_before - codes_after),
    }


def _pair(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.Series:
    """Return index of ``new`` → index of the same grid in ``old``, by what it continues or code."""
    by_base = {b: i for i, b in zip(old.index, old["base_id"], strict=True) if not pd.isna(b)}
    by_code = {c: i for i, c in zip(old.index, old["code"], strict=True)}

    def partner(base: Any, code: str) -> Any:  # noqa: ANN401
        return by_code.get(code) if pd.isna(base) else by_base.get(base)

    found = [partner(b, c) for b, c in zip(new["base_id"], new["code"], strict=True)]
    return pd.Series(found, index=new.index, dtype="Int64")


def show_log(connection: sa.Connection, identity: Identity, *, caller: Caller) -> Json:
    """Return the log of a plan in the order the edits were made."""
    plan = read_plan(connection, identity, caller)
    entries = plan_log.fetch_log(connection, plan["id"])
    return {
        "id": str(plan["id"]),
        "revision": plan["revision"],
        "head": plan["head"],
        "edits": [_describe_entry(entry) for entry in entries],
    }


def _describe_entry(entry: Mapping[str, Any]) -> Json:
    outcome = entry["outcome"]
    listed: Iterable[str] = ("changed", "created", "removed")
    return {
        **{name: entry[name] for name in ("position", "state", "revision", "edit")},
        **{name: outcome.get(name, []) for name in listed},
        "author": entry["author"],
        "made_at": entry["made_at"],
    }
