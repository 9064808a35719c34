"""Editing a plan: an edit is tried on its ground, measured, stored; or refused with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from api.refusals import EditRefused
from api.services.caller import Caller
from api.services.plans import drafted, suggestions
from api.services.plans.ground import fetch_ground
from api.services.plans.joint import changed_joint, describe_joint, members_of
from api.services.plans.opening import (
    Identity,
    Row,
    check_revision,
    check_state,
    read_plan,
    take_plan,
)
from api.services.plans.previews import Previews, preview_key
from api.services.plans.texts import check_name, refuse_personal
from api.services.shapes import Json, shape_problem
from data import plan_lines, plans
from geo.edits import (
    ApplySuggestion,
    Edit,
    JointVillage,
    Outcome,
    Partition,
    attempt,
    edit_to_json,
    parse_edit,
)
from geo.problems import Problem

EDITABLE = ("draft",)


@dataclass(frozen=True)
class Tried:
    """An accepted edit: what it was tried on, what it makes of it, and the numbers of both.

    ``before`` and ``after`` are by the index of the lines, ``numbers`` the frame of ``after``.
    """

    edit: Edit
    partition: Partition
    outcome: Outcome
    before: drafted.Numbers
    after: drafted.Numbers
    numbers: pd.DataFrame
    problems: list[Problem]

    @property
    def changed_before(self) -> list[JointVillage]:
        """The joint villages it changes, as they were."""
        pairs = changed_joint(self.partition.joint_villages, self.outcome.joint_villages)
        return [was for was, _ in pairs if was is not None]


def edit_plan(
    connection: sa.Connection,
    identity: Identity,
    value: Any,  # noqa: ANN401
    *,
    caller: Caller,
    seen: int | None,
    now: datetime,
    previews: Previews[Tried] | None = None,
    geometry: bool = True,
) -> Json:
    """Make one edit in the caller's transaction.

    Parameters
    ----------
    value
        The edit as JSON values (docs/plans.md).
    seen
        Revision the edit was made for.
    previews
        Where it is looked up whether the same was tried a moment ago.
    geometry
        Whether the answer has the shapes of the grids.

    Raises
    ------
    EditError
        The edit cannot be read.
    EditRefused
        It would do harm: with the problem, the place, and a fix if there is one.
    NotFound, NotSeen, Conflict
        :func:`api.services.plans.opening.take_plan`.
    """
    edit = suggestions.resolve(connection, read_edit(value), caller)
    plan = take_plan(connection, identity, caller, seen=seen, states=EDITABLE)
    tried = previews and previews.take(preview_key(connection, plan, edit))
    tried = tried or try_edit(connection, plan, edit)
    plans.announce(connection, author=caller.name, edit=edit.type, villages=_villages_of(tried))
    store(connection, plan, tried, author=caller.name, now=now)
    plan = read_plan(connection, plan["id"], caller)
    return describe(plan, tried, preview=False, geometry=geometry)


def preview_edit(
    connection: sa.Connection,
    identity: Identity,
    value: Any,  # noqa: ANN401
    *,
    caller: Caller,
    seen: int | None,
    previews: Previews[Tried] | None = None,
    geometry: bool = True,
) -> Json:
    """Return what an edit would do; nothing is written, nobody waits.

    ``seen`` may be None; where it is given, a plan that has changed since is refused.
    """
    edit = suggestions.resolve(connection, read_edit(value), caller)
    plan = read_plan(connection, identity, caller)
    if seen is not None:
        check_revision(connection, plan, seen)
    check_state(plan, EDITABLE, None)
    tried = try_edit(connection, plan, edit)
    if previews is not None:
        previews.keep(preview_key(connection, plan, edit), tried)
    return describe(plan, tried, preview=True, geometry=geometry)


def read_edit(value: Any) -> Edit:  # noqa: ANN401
    """Return the edit a JSON value describes; names are looked at for personal data, too."""
    edit = parse_edit(value)
    meant = edit.edit if isinstance(edit, ApplySuggestion) else edit
    name = getattr(meant, "name", None) or getattr(meant, "attributes", {}).get("name")
    if name is not None:
        check_name(name)
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
    before = drafted.read_numbers(_known_numbers(connection, plan, partition.grids))
    numbers = drafted.measure_draft(connection, plan, outcome.grids)
    after = drafted.read_numbers(numbers)
    rules = drafted.SizeRules(connection, partition.villages)
    problems = drafted.find_odd_sizes(outcome.grids, after, before, rules, outcome.changed)
    return Tried(edit, partition, outcome, before, after, numbers, problems)


def _known_numbers(connection: sa.Connection, plan: Row, lines: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the numbers the planner has seen: those stored, measured only where there are none."""
    if lines["content"].notna().all():
        stored: pd.DataFrame = lines
        return stored
    return drafted.measure_draft(connection, plan, lines)


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
        joint=tried.partition.joint_villages,
    )
    # A grid whose lines stay may get other people: on a border the lowest code has them.
    changed, villages = set(tried.outcome.changed), set(_villages_of(tried))
    rows = zip(
        after["code"].tolist(),
        after["village_code"].tolist(),
        after["content"].tolist(),
        tried.numbers["content"].tolist(),
        strict=True,
    )
    fresh = [
        position
        for position, (code, village, old, new) in enumerate(rows)
        if code in changed or (village in villages and old != new)
    ]
    numbers = tried.numbers.iloc[fresh].set_axis(after["code"].to_numpy()[fresh])
    plan_lines.store_indicators(connection, plan["id"], numbers)


def describe(plan: Row, tried: Tried, *, preview: bool, geometry: bool = True) -> Json:
    """Return what an edit did, or would do, to the plan as it is now."""
    outcome, villages = tried.outcome, tried.outcome.villages
    locked = [village for village, lock in _pairs(villages, "code", "locked") if lock]
    return {
        **plan_state(plan),
        "preview": preview,
        "edit": edit_to_json(tried.edit),
        "changed": drafted.describe_grids(
            outcome.grids,
            tried.after,
            tried.before,
            outcome.changed,
            locked,
            geometry=geometry,
        ),
        "created": list(outcome.created),
        "removed": list(outcome.removed),
        "villages": _villages_of(tried),
        "joint_villages": describe_joint(tried.partition.joint_villages, outcome.joint_villages),
        "problems": [shape_problem(problem) for problem in tried.problems],
    }


def plan_state(plan: Row) -> Json:
    """Return which plan an answer is about, and where it stands."""
    named = {name: plan[name] for name in ("state", "revision", "head", "undone")}
    return {"id": str(plan["id"]), **named}


def _villages_of(tried: Tried) -> list[str]:
    """Return the villages whose grids, or whose lock, the edit changes."""
    outcome, partition = tried.outcome, tried.partition
    removed, changed = set(outcome.removed), set(outcome.changed)
    old, new = partition.grids, outcome.grids
    gone = {v for c, v in _pairs(old, "code", "village_code") if c in removed}
    made = {v for c, v in _pairs(new, "code", "village_code") if c in changed}
    was = dict(_pairs(partition.villages, "code", "locked"))
    locks = {v for v, locked in _pairs(outcome.villages, "code", "locked") if was[v] != locked}
    joint = changed_joint(partition.joint_villages, outcome.joint_villages)
    return sorted(gone | made | locks | members_of(joint))


def _pairs(frame: gpd.GeoDataFrame, one: str, other: str) -> Iterator[tuple[Any, Any]]:
    return zip(frame[one].tolist(), frame[other].tolist(), strict=True)
