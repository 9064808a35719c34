"""Edits of a plan: stored with the new versions of its lines, undone and redone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import geopandas
from sqlalchemy import Connection, text

from data import plan_joints, plan_log, plan_versions, plans
from data.plan_change import Change
from data.repository import Row
from geo.edits import Edit, JointVillage, Outcome, edit_to_json

_MOVE = text("""
    UPDATE plan SET head = head + :step, revision = revision + 1, changed_at = :now
     WHERE id = CAST(:plan AS uuid)
""")


def store_edit(
    connection: Connection,
    plan_id: UUID | str,
    *,
    edit: Edit,
    outcome: Outcome,
    before: geopandas.GeoDataFrame,
    author: str,
    now: datetime,
    entry: int | None = None,
    joint: Sequence[JointVillage] = (),
) -> int:
    """Store what an edit did, as the new head of the plan.

    Edits that were undone are overtaken. Villages that change for the first time are pinned as
    ``before`` has them.

    Parameters
    ----------
    outcome
        What :func:`geo.edits.attempt` made of ``before``. Rows with the index of a row of
        ``before`` continue it, whatever their code; others are new.
    before
        :func:`data.plan_lines.fetch_lines` of every village the edit may touch, read under the
        plan's lock.
    entry
        Row of the log that a rebase replays: it gets the new position, and keeps its author and
        its time. Undone edits have been dealt with then.
    joint
        The joint villages it was tried on, read likewise (:func:`data.plan_joints.fetch`).

    Returns
    -------
    int
        Its position. The log keeps ``changed``, ``created`` and ``removed`` (codes), ``recoded``
        (old → new code of grids that stay) and the ``villages`` whose grids changed; of an edit of
        joint villages ``joint``: those it changed, ``before`` and ``after``.

    Raises
    ------
    LookupError
        If there is no such plan.
    ValueError
        If the edit was refused, or ``before`` is not what the plan has now.
    """
    if outcome.problem is not None:
        raise ValueError(f"a refused edit is not stored: {outcome.problem.key}")
    plan = plans.lock(connection, plan_id)
    if plan is None:
        raise LookupError(f"no plan {plan_id}")
    change = Change.of(before, outcome)
    values = {"plan": str(plan_id), "head": plan["head"], "position": plan["head"] + 1, "now": now}
    if entry is None and plan["undone"]:
        plan_log.overtake(connection, plan_id)
        plan_versions.forget_undone(connection, values, kept=change.seen)
        plan_joints.forget_undone(connection, values, joint)
    plan_versions.pin_seen(connection, values, change)
    plan_versions.open_rows(
        connection, values, change, plan_versions.close_rows(connection, values, change)
    )
    plan_versions.lock_villages(connection, values, outcome.villages)
    if outcome.joint_villages is not None:
        plan_joints.store(connection, values, joint, outcome.joint_villages)
    plan_log.append(
        connection,
        plan_id,
        position=values["position"],
        edit=edit_to_json(edit),
        outcome=_summary(outcome, change, joint),
        author=author,
        now=now,
        entry=entry,
    )
    return int(values["position"])


def move_head(
    connection: Connection, plan_id: UUID | str, step: int, *, now: datetime
) -> Row | None:
    """Undo (−1) or redo (+1) edits, any number of them; return the plan.

    Returns
    -------
    dict or None
        None, and nothing is done, if there are not so many to undo or to redo.
    """
    plan = plans.lock(connection, plan_id)
    if plan is None or not -plan["head"] <= step <= plan["undone"]:
        return None
    connection.execute(_MOVE, {"plan": str(plan_id), "step": step, "now": now})
    return plans.fetch(connection, plan_id)


def _summary(outcome: Outcome, change: Change, joint: Sequence[JointVillage]) -> Row:
    told: Row = {
        "changed": list(outcome.changed),
        "created": list(outcome.created),
        "removed": list(outcome.removed),
        "recoded": change.recoded,
        "villages": change.villages,
    }
    if outcome.joint_villages is not None:
        pairs = (
            ("before", joint, outcome.joint_villages),
            ("after", outcome.joint_villages, joint),
        )
        told["joint"] = {
            name: [_told(one) for one in those if one not in set(others)]
            for name, those, others in pairs
        }
    return told


def _told(joint: JointVillage) -> Row:
    return {"code": joint.code, "name": joint.name, "members": list(joint.members)}
