"""Taking a plan in hand: for reading, or for one write at a time, by the revision that was seen."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from api.refusals import Conflict, NotFound, NotSeen
from api.services.caller import Caller
from data import plan_log, plans

Row = Mapping[str, Any]
Identity = uuid.UUID | str

STATES = ("draft", "submitted", "published", "withdrawn")
STATES_ZH = {
    "draft": "是草案",
    "submitted": "已提交",
    "published": "已发布",
    "withdrawn": "已撤回",
}
EDITS_TOLD = 50
ALL = 1_000_000
_BEGINNING = re.compile(r"[0-9a-f]{1,8}(-[0-9a-f-]{0,27})?")


def read_plan(connection: sa.Connection, identity: Identity, caller: Caller) -> Row:
    """Return a plan.

    Raises
    ------
    NotFound
        There is none, or none for this caller.
    """
    return _seen_by(plans.fetch(connection, identity), identity, caller)


def take_plan(
    connection: sa.Connection,
    identity: Identity,
    caller: Caller,
    *,
    seen: int | None,
    states: Collection[str] = ("draft",),
    action: tuple[str, str] | None = None,
) -> Row:
    """Lock a plan until the transaction ends, if it is still as the caller has seen it.

    Parameters
    ----------
    seen
        Revision the request was made for.
    states
        States in which it may be written to.
    action
        What is wanted, zh and en, for the refusal; None: an edit.

    Raises
    ------
    NotFound
    NotSeen
        ``if_match_missing``.
    Conflict
        ``plan_changed`` with the revision, the state and the edits since; ``plan_not_draft`` and
        ``plan_wrong_state``.
    """
    if seen is None:
        raise NotSeen("if_match_missing")
    plan = _seen_by(plans.lock(connection, identity), identity, caller)
    check_revision(connection, plan, seen)
    check_state(plan, states, action)
    plans.announce(connection, author=caller.name)
    return plan


def check_revision(connection: sa.Connection, plan: Row, seen: int) -> None:
    """Refuse when the plan is not at the revision the caller has seen."""
    if plan["revision"] == seen:
        return
    since = plan_log.fetch_log(connection, plan["id"], since_revision=seen)
    raise Conflict(
        "plan_changed",
        revision=plan["revision"],
        seen=seen,
        state=plan["state"],
        edits=[describe_entry(entry) for entry in since[-EDITS_TOLD:]],
    )


def describe_entry(entry: Row) -> dict[str, Any]:
    """Return who did what to which grids, without the drawing."""
    outcome = entry["outcome"] or {}
    return {
        "position": entry["position"],
        "type": entry["edit"]["type"],
        "author": entry["author"],
        "made_at": entry["made_at"],
        "changed": outcome.get("changed", []),
        "removed": outcome.get("removed", []),
    }


def check_state(plan: Row, states: Collection[str], action: tuple[str, str] | None) -> None:
    """Refuse what is not possible in the plan's state."""
    state = plan["state"]
    if state in states:
        return
    named = {"state": state, "state_zh": STATES_ZH[state]}
    if action is None:
        raise Conflict("plan_not_draft", **named)
    raise Conflict(
        "plan_wrong_state",
        action_zh=action[0],
        action=action[1],
        allowed=list(states),
        **named,
    )


def find_plan(connection: sa.Connection, name: str, caller: Caller) -> Row:
    """Return the plan meant by an id, the beginning of one, or the exact name of one plan.

    Raises
    ------
    NotFound
    Conflict
        ``plan_ambiguous`` with the plans it may mean.
    """
    text = name.strip()
    try:
        return read_plan(connection, uuid.UUID(text), caller)
    except ValueError:
        pass
    known = [
        row
        for row in plans.fetch_all(connection, limit=ALL).rows
        if caller.covers(row["scope_code"])
    ]
    found = [row for row in known if row["name"] == text]
    if not found and _BEGINNING.fullmatch(text.lower()):
        found = [row for row in known if str(row["id"]).startswith(text.lower())]
    if not found:
        raise NotFound("not_found", what="plan", id=name)
    if len(found) > 1:
        listed = [f"{str(row['id'])[:8]} {row['name']}" for row in found[:10]]
        raise Conflict("plan_ambiguous", name=name, plans=listed)
    return read_plan(connection, found[0]["id"], caller)


def _seen_by(plan: Row | None, identity: Identity, caller: Caller) -> Row:
    if plan is None or not caller.covers(plan["scope_code"]):
        raise NotFound("not_found", what="plan", id=str(identity))
    return plan
