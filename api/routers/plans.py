"""Plans: made, listed, and moved through their states."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow, Scope, Seen
from api.openapi import CONFLICT, STALE
from api.schemas_plans import (
    CopyWanted,
    NewName,
    PlanOut,
    PlanPage,
    PlanWanted,
    PublishedOut,
    PublishWanted,
    RebasedOut,
    RebaseWanted,
)
from api.services.plans import life, publishing, replay
from api.services.shapes import Json

router = APIRouter(tags=["plans"])


class _PlanId(StringConvertor):
    """Anything but the word of the address beside it, ``/api/plans/import``."""

    regex = "(?!import$)[^/]+"


register_url_convertor("plan", _PlanId())


def _revised(plan: Json, status: int = 200) -> Response:
    """Return a plan with its revision as ETag: what the next write sends as If-Match."""
    return answer(plan, status, {"ETag": f'"{plan["revision"]}"'})


@router.post("/api/plans", status_code=201, response_model=PlanOut)
def make_plan(desk: DeskNow, wanted: PlanWanted) -> Response:
    """Make a draft that changes nothing yet."""
    with desk.write() as connection:
        plan = life.create(
            connection,
            name=wanted.name,
            scope=wanted.scope,
            network=wanted.network,
            caller=desk.caller,
            now=datetime.now(UTC),
        )
    return _revised(plan, 201)


@router.get("/api/plans", response_model=PlanPage)
def list_plans(
    desk: DeskNow,
    state: Literal["draft", "submitted", "published", "withdrawn"] | None = None,
    scope: Scope = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Response:
    """Return a page of plans, the last changed first."""
    narrowed = desk.caller.narrow(scope)
    with desk.read() as connection:
        return answer(
            life.list_page(connection, state=state, scope=narrowed, offset=offset, limit=limit)
        )


@router.get("/api/plans/{id:plan}", response_model=PlanOut)
def show_plan(desk: DeskNow, id: UUID) -> Response:
    """Return one plan."""
    with desk.read() as connection:
        return _revised(life.show(connection, id, caller=desk.caller))


@router.patch("/api/plans/{id:plan}", response_model=PlanOut, responses=STALE)
def rename_plan(desk: DeskNow, id: UUID, wanted: NewName, seen: Seen) -> Response:
    """Give a plan another name."""
    with desk.write() as connection:
        plan = life.rename(
            connection, id, wanted.name, caller=desk.caller, seen=seen, now=datetime.now(UTC)
        )
    return _revised(plan)


@router.post("/api/plans/{id}/submit", response_model=PlanOut, responses=STALE)
def submit_plan(desk: DeskNow, id: UUID, seen: Seen) -> Response:
    """Hand a draft in; from now on it cannot be edited."""
    with desk.write() as connection:
        plan = life.submit(connection, id, caller=desk.caller, seen=seen, now=datetime.now(UTC))
    return _revised(plan)


@router.post("/api/plans/{id}/withdraw", response_model=PlanOut, responses=STALE)
def withdraw_plan(desk: DeskNow, id: UUID, seen: Seen) -> Response:
    """Put a plan that is not published aside."""
    with desk.write() as connection:
        plan = life.withdraw(connection, id, caller=desk.caller, seen=seen, now=datetime.now(UTC))
    return _revised(plan)


@router.post("/api/plans/{id}/reopen", response_model=PlanOut, responses=STALE)
def reopen_plan(desk: DeskNow, id: UUID, seen: Seen) -> Response:
    """Make a submitted or withdrawn plan a draft again."""
    with desk.write() as connection:
        plan = life.reopen(connection, id, caller=desk.caller, seen=seen, now=datetime.now(UTC))
    return _revised(plan)


@router.post("/api/plans/{id}/publish", response_model=PublishedOut, responses=STALE)
def publish_plan(
    desk: DeskNow, id: UUID, seen: Seen, wanted: Annotated[PublishWanted | None, Body()] = None
) -> Response:
    """Pass the gate and become the lines in force, all of it at one instant."""
    with desk.write() as connection:
        plan = publishing.publish(
            connection,
            id,
            note=wanted.note if wanted else None,
            lists=desk.problem_lists,
            caller=desk.caller,
            seen=seen,
            now=datetime.now(UTC),
        )
    return _revised(plan)


@router.post("/api/plans/{id}/rebase", response_model=RebasedOut, responses=STALE)
def rebase_plan(
    desk: DeskNow, id: UUID, seen: Seen, wanted: Annotated[RebaseWanted | None, Body()] = None
) -> Response:
    """Replay the edits on the lines in force now."""
    with desk.write() as connection:
        plan = replay.rebase(
            connection,
            id,
            drop=bool(wanted and wanted.drop),
            caller=desk.caller,
            seen=seen,
            now=datetime.now(UTC),
        )
    return _revised(plan)


@router.post("/api/plans/{id}/copy", status_code=201, response_model=PlanOut, responses=CONFLICT)
def copy_plan(desk: DeskNow, id: UUID, wanted: CopyWanted) -> Response:
    """Make a new draft with the same edits; the original stays as it is."""
    with desk.write() as connection:
        plan = life.copy(
            connection,
            id,
            name=wanted.name,
            head=wanted.head,
            caller=desk.caller,
            now=datetime.now(UTC),
        )
    return _revised(plan, 201)
