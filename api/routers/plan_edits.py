"""Edits of a plan: tried, made, undone; and what they amount to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow, Seen
from api.openapi import STALE
from api.schemas_plans import EditOut, LogOut, ProblemsOut
from api.services.plans import editing, history
from api.services.shapes import Json

router = APIRouter(tags=["plans"])

EXAMPLES: dict[str, Any] = {
    "split": {
        "value": {
            "type": "split",
            "grid": "500229001001001",
            "line": {"type": "LineString", "coordinates": [[108.66, 31.94], [108.67, 31.96]]},
        }
    },
    "merge": {"value": {"type": "merge", "grids": ["500229001001001", "500229001001002"]}},
    "assign": {"value": {"type": "assign", "natural_villages": ["N17"], "to": "500229001001001"}},
    "move_vertex": {
        "value": {"type": "move_vertex", "from": [108.66, 31.94], "to": [108.661, 31.941]}
    },
}
Edit = Annotated[
    dict[str, Any],
    Body(description="One edit; docs/plans.md lists the types.", openapi_examples=EXAMPLES),
]


def _revised(made: Json) -> Response:
    return answer(made, headers={"ETag": f'"{made["revision"]}"'})


@router.post("/api/plans/{id}/edits", response_model=EditOut, responses=STALE)
def edit_plan(
    desk: DeskNow,
    id: UUID,
    edit: Edit,
    seen: Seen,
    preview: Annotated[bool, Query(description="Answer as if, and store nothing.")] = False,
) -> Response:
    """Make one edit, or refuse it with the reason, the place and a fix if there is one."""
    if preview:
        with desk.read() as connection:
            return _revised(
                editing.preview_edit(
                    connection, id, edit, caller=desk.caller, seen=seen, previews=desk.previews
                )
            )
    with desk.write() as connection:
        made = editing.edit_plan(
            connection,
            id,
            edit,
            caller=desk.caller,
            seen=seen,
            now=datetime.now(UTC),
            previews=desk.previews,
        )
    return _revised(made)


@router.get("/api/plans/{id}/edits", response_model=LogOut)
def show_log(desk: DeskNow, id: UUID) -> Response:
    """Return the log: every edit there ever was, applied, undone, overtaken or left out."""
    with desk.read() as connection:
        return answer(history.show_log(connection, id, caller=desk.caller))


@router.post("/api/plans/{id}/undo", response_model=EditOut, responses=STALE)
def undo_edit(desk: DeskNow, id: UUID, seen: Seen) -> Response:
    """Undo the last edit."""
    with desk.write() as connection:
        made = history.step(
            connection, id, -1, caller=desk.caller, seen=seen, now=datetime.now(UTC)
        )
    return _revised(made)


@router.post("/api/plans/{id}/redo", response_model=EditOut, responses=STALE)
def redo_edit(desk: DeskNow, id: UUID, seen: Seen) -> Response:
    """Redo the edit that was undone last."""
    with desk.write() as connection:
        made = history.step(connection, id, 1, caller=desk.caller, seen=seen, now=datetime.now(UTC))
    return _revised(made)


@router.get("/api/plans/{id}/problems", response_model=ProblemsOut)
def list_plan_problems(
    desk: DeskNow,
    id: UUID,
    after: Annotated[
        int | None, Query(ge=0, le=10_000_000, description="`next` is the one after this number.")
    ] = None,
) -> Response:
    """Return what keeps the plan from being published, and what has to be acknowledged."""
    with desk.read() as connection:
        return answer(desk.problem_lists.show(connection, id, caller=desk.caller, after=after))
