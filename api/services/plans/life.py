"""The life of a plan: made, listed, renamed, submitted, withdrawn, reopened, copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from api.refusals import BadBody, Conflict, NotFound
from api.services.caller import Caller
from api.services.plans.opening import Identity, Row, read_plan, take_plan
from api.services.plans.texts import clean_name
from api.services.shapes import Json, shape_box
from data import audit, divisions, plan_checks, plan_lines, plans

PLANNED = "all_purpose"
SCOPE_LEVELS = ("county", "township", "village")


def create(
    connection: sa.Connection,
    *,
    name: str,
    scope: str,
    network: str | None = None,
    caller: Caller,
    now: datetime,
    action: str = "create",
) -> Json:
    """Make a draft that changes nothing yet; ``action`` is what the audit calls it.

    Raises
    ------
    BadBody
        ``text_length``, ``personal_text``; ``plan_scope_unknown``, ``plan_network_unknown``.
    Forbidden
        A scope the caller may not see.
    """
    cleaned = clean_name(name)
    caller.narrow(scope)
    check_scope(connection, scope)
    chosen = check_network(connection, network)
    plans.announce(connection, author=caller.name)
    plan = plans.create(
        connection, name=cleaned, scope_code=scope, network=chosen, author=caller.name, now=now
    )
    note_act(connection, action, plan, caller=caller, now=now)
    return describe(connection, plan)


def check_scope(connection: sa.Connection, scope: str) -> None:
    """Refuse a scope that is no county, township or village of ours.

    Where no divisions were imported, the codes of the grids' villages say what there is.
    """
    unit = divisions.fetch_names(connection, [scope]).get(scope)
    if unit is not None and unit["level"] in SCOPE_LEVELS:
        return
    if not plan_checks.has_divisions(connection) and plan_checks.has_lines(connection, scope):
        return
    raise BadBody("plan_scope_unknown", scope=scope)


def check_network(connection: sa.Connection, network: str | None) -> str:
    """Return the network a plan is about; refuse one there is none of."""
    if network is None:
        return PLANNED
    known = plan_checks.fetch_networks(connection)
    if network not in known:
        raise BadBody("plan_network_unknown", network=network, known=known)
    return network


def list_page(
    connection: sa.Connection,
    *,
    state: plans.State | None,
    scope: str | None,
    offset: int,
    limit: int,
) -> Json:
    """Return a page of plans, the last changed first."""
    page = plans.fetch_all(connection, scope=scope, state=state, offset=offset, limit=limit)
    return {"total": page.total, "plans": describe_all(connection, page.rows)}


def show(connection: sa.Connection, identity: Identity, *, caller: Caller) -> Json:
    """Return one plan."""
    return describe(connection, read_plan(connection, identity, caller))


def describe(connection: sa.Connection, plan: Row) -> Json:
    """Return a plan as answers show it."""
    return describe_all(connection, [plan])[0]


def describe_all(connection: sa.Connection, rows: Sequence[Row]) -> list[Json]:
    """Return plans as answers show them, with two more queries for all of them."""
    extents = plan_checks.fetch_extents(connection, [row["id"] for row in rows])
    codes = {code for extent in extents.values() for code in extent.villages}
    names = divisions.fetch_names(connection, sorted(codes))
    return [_describe(row, extents[row["id"]], names) for row in rows]


_AS_STORED = (
    *("scope_name", "network", "state", "revision", "head", "undone", "base_at", "created_by"),
    *("created_at", "changed_at", "submitted_at", "withdrawn_at", "published_at", "note"),
)


def _describe(plan: Row, extent: plan_checks.Extent, names: Mapping[str, Row]) -> Json:
    return {
        "id": str(plan["id"]),
        "name": plan["name"],
        "scope": plan["scope_code"],
        **{name: plan[name] for name in _AS_STORED},
        "edits": plan["head"],
        "copied_from": None if plan["copied_from"] is None else str(plan["copied_from"]),
        "touched_villages": [
            {"code": code, "name": names[code]["name"] if code in names else ""}
            for code in extent.villages
        ],
        "bbox": shape_box(extent.bounds),
    }


def rename(
    connection: sa.Connection,
    identity: Identity,
    name: str,
    *,
    caller: Caller,
    seen: int | None,
    now: datetime,
) -> Json:
    """Give a plan that is not published another name."""
    cleaned = clean_name(name)
    plan = take_plan(
        connection,
        identity,
        caller,
        seen=seen,
        states=("draft", "submitted", "withdrawn"),
        action=("改名", "renaming"),
    )
    return describe(connection, plans.rename(connection, plan["id"], cleaned, now=now))


def submit(
    connection: sa.Connection,
    identity: Identity,
    *,
    caller: Caller,
    seen: int | None,
    now: datetime,
) -> Json:
    """Hand a draft in; from now on it cannot be edited."""
    plan = take_plan(
        connection, identity, caller, seen=seen, states=("draft",), action=("提交", "submitting")
    )
    return describe(connection, move_on(connection, plan, "submitted", caller=caller, now=now))


def withdraw(
    connection: sa.Connection,
    identity: Identity,
    *,
    caller: Caller,
    seen: int | None,
    now: datetime,
) -> Json:
    """Put a plan that is not published aside."""
    plan = take_plan(
        connection,
        identity,
        caller,
        seen=seen,
        states=("draft", "submitted"),
        action=("撤回", "withdrawing"),
    )
    return describe(connection, move_on(connection, plan, "withdrawn", caller=caller, now=now))


def reopen(
    connection: sa.Connection,
    identity: Identity,
    *,
    caller: Caller,
    seen: int | None,
    now: datetime,
) -> Json:
    """Make a submitted or withdrawn plan a draft again."""
    plan = take_plan(
        connection,
        identity,
        caller,
        seen=seen,
        states=("submitted", "withdrawn"),
        action=("退回草案", "reopening"),
    )
    return describe(connection, move_on(connection, plan, "draft", caller=caller, now=now))


_ACTS: Mapping[str, str] = {"submitted": "submit", "withdrawn": "withdraw", "draft": "reopen"}


def move_on(
    connection: sa.Connection, plan: Row, state: plans.State, *, caller: Caller, now: datetime
) -> Row:
    """Give a plan its next state and write that down; return it."""
    moved = plans.set_state(connection, plan["id"], state, now=now)
    note_act(connection, _ACTS[state], moved, caller=caller, now=now)
    return moved


def copy(
    connection: sa.Connection,
    identity: Identity,
    *,
    name: str,
    head: int | None = None,
    caller: Caller,
    now: datetime,
) -> Json:
    """Make a new draft with the same edits on the same lines; the original stays as it is.

    What a published plan did is in force: its copy is a new draft of the same scope, without edits.

    Parameters
    ----------
    head
        How many edits are applied in the copy; those behind can be redone. None: as in the plan.

    Raises
    ------
    Conflict
        ``nothing_to_redo``: the plan has not so many edits, or not any more.
    """
    cleaned = clean_name(name)
    plan = read_plan(connection, identity, caller)
    if plan["state"] == "published":
        scope, network = plan["scope_code"], plan["network"]
        return create(
            connection,
            name=cleaned,
            scope=scope,
            network=network,
            caller=caller,
            now=now,
            action="copy",
        )
    plans.announce(connection, author=caller.name)
    made = plans.copy(connection, plan["id"], name=cleaned, author=caller.name, now=now)
    if made is None:
        raise NotFound("not_found", what="plan", id=str(identity))
    if head is not None and head != made["head"]:
        moved = plan_lines.move_head(connection, made["id"], head - made["head"], now=now)
        if moved is None:
            raise Conflict("nothing_to_redo")
        made = moved
    note_act(connection, "copy", made, caller=caller, now=now, of=str(plan["id"]))
    return describe(connection, made)


def note_act(
    connection: sa.Connection,
    action: str,
    plan: Row,
    *,
    caller: Caller,
    now: datetime,
    **more: Any,  # noqa: ANN401
) -> None:
    """Write into the audit what was done to a plan."""
    audit.store_act(
        connection,
        account=caller.name,
        action=f"plan {action}",
        object=str(plan["id"]),
        details={
            "name": plan["name"],
            "scope": plan["scope_code"],
            "revision": plan["revision"],
            **more,
        },
        now=now,
    )
