"""Publishing a plan: through the gate, then all of its lines come into force at one instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from api.refusals import Conflict
from api.services.caller import Caller
from api.services.plans import life
from api.services.plans.opening import Identity, take_plan
from api.services.plans.problems import ProblemLists, Told, odd_sizes
from api.services.plans.texts import clean_note
from api.services.shapes import Json
from data import joint_publishing, plan_lines, plans, publishing
from geo.problems import Problem


def publish(
    connection: sa.Connection,
    identity: Identity,
    *,
    note: str | None,
    lists: ProblemLists,
    caller: Caller,
    seen: int | None,
    now: datetime,
) -> Json:
    """Bring the lines of a plan into force, in the caller's transaction.

    A draft is submitted first. What the plan leaves as it is keeps its version.

    Parameters
    ----------
    note
        Why grids outside the size rules stay as they are; kept with the plan and in the audit.

    Returns
    -------
    dict
        The plan and ``counts``: versions ``opened``, ``closed`` and ``unchanged``.

    Raises
    ------
    Conflict
        ``plan_empty``, ``plan_conflict``, ``plan_has_problems``, ``profile_not_acknowledged``, each
        with the problems.
    BadBody
        ``text_length``, ``personal_text`` for the note.
    NotFound, NotSeen
    """
    cleaned = clean_note(note)
    plan = take_plan(
        connection,
        identity,
        caller,
        seen=seen,
        states=("draft", "submitted"),
        action=("发布", "publishing"),
    )
    if not plan["head"]:
        raise Conflict("plan_empty")
    # Checked once before the lock, so that an import does not wait for the long part; under the
    # lock only what changed in between is checked again.
    pass_gate(lists.find(connection, plan).told, cleaned)
    publishing.lock_lines(connection)
    check = lists.find(connection, plan)
    pass_gate(check.told, cleaned)
    for numbers in check.stale:
        plan_lines.store_indicators(connection, plan["id"], numbers)
    if plan["state"] == "draft":
        plan = life.move_on(connection, plan, "submitted", caller=caller, now=now)
    counts = publishing.publish_lines(connection, plan["id"], now=now)
    if counts.is_empty:
        raise Conflict("plan_empty")
    plan = plans.set_state(connection, plan["id"], "published", now=counts.at, note=cleaned)
    done = {"opened": counts.opened, "closed": counts.closed, "unchanged": counts.unchanged}
    if counts.joint != joint_publishing.NOTHING:
        done["joint_opened"], done["joint_closed"] = counts.joint
    acknowledged = [problem.grids[0] for problem in odd_sizes(check.told)]
    life.note_act(
        connection,
        "publish",
        plan,
        caller=caller,
        now=counts.at,
        note=cleaned,
        acknowledged=acknowledged,
        **done,
    )
    return {**life.describe(connection, plan), "counts": done}


def pass_gate(told: Sequence[Told], note: str) -> None:
    """Refuse a plan that must not be published, with every reason."""
    problems = [one.problem for one in told]
    conflicts = tuple(p for p in problems if p.key == "plan_conflict")
    if conflicts:
        raise Conflict(_join(conflicts), more=conflicts)
    errors = tuple(p for p in problems if p.severity == "error")
    if errors:
        raise Conflict("plan_has_problems", more=errors, count=len(errors))
    odd = tuple(odd_sizes(told))
    if odd and not note:
        codes = [code for problem in odd for code in problem.grids]
        raise Conflict(
            Problem("profile_not_acknowledged", {"count": len(odd)}, grids=tuple(codes)), more=odd
        )


def _join(conflicts: Sequence[Problem]) -> Problem:
    codes = tuple(dict.fromkeys(code for problem in conflicts for code in problem.grids))
    villages = [village for problem in conflicts for village in problem.details["villages"]]
    return Problem("plan_conflict", {"villages": villages, "codes": list(codes)}, grids=codes)
