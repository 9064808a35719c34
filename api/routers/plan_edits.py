"""Edits of a plan: tried, made, undone; and what they amount to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from api.answers import answer
from api.dependencies import Desk, DeskNow, Seen
from api.openapi import STALE
from api.schemas_plans import EditOut, LogOut, ProblemsOut, SuggestionsOut, SuggestionsWanted
from api.services.plans import accepting, editing, history
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
    "join_villages": {
        "value": {"type": "join_villages", "villages": ["500229001001", "500229001002"]}
    },
    "move_vertex": {
        "value": {"type": "move_vertex", "from": [108.66, 31.94], "to": [108.661, 31.941]}
    },
}
Edit = Annotated[
    dict[str, Any],
    Body(description="One edit; docs/plans.md lists the types.", openapi_examples=EXAMPLES),
]


Geometry = Annotated[
    bool, Query(description="false: leave the shapes of changed grids out of the answer.")
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
    geometry: Geometry = True,
) -> Response:
    """Make one edit, or refuse it with the reason, the place and a fix if there is one."""
    if preview:
        with desk.read() as connection:
            return _revised(
                editing.preview_edit(
                    connection,
                    id,
                    edit,
                    caller=desk.caller,
                    seen=seen,
                    previews=desk.previews,
                    geometry=geometry,
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
            geometry=geometry,
        )
    return _revised(made)


@router.post("/api/plans/{id}/suggestions", response_model=SuggestionsOut, responses=STALE)
def accept_suggestions(
    desk: DeskNow, id: UUID, wanted: SuggestionsWanted, seen: Seen, geometry: Geometry = True
) -> Response:
    """Apply groups of a run of merges; what is refused is told and stops nothing."""
    with desk.write() as connection:
        done = accepting.accept(
            connection,
            id,
            run=wanted.run,
            groups=wanted.groups,
            caller=desk.caller,
            seen=seen,
            now=datetime.now(UTC),
            geometry=geometry,
        )
    return _revised(done)


@router.get("/api/plans/{id}/edits", response_model=LogOut)
def show_log(
    desk: DeskNow,
    id: UUID,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
    before: Annotated[
        int | None, Query(ge=1, le=10_000_000, description="Only edits before this position.")
    ] = None,
) -> Response:
    """Return the end of the log: edits applied, undone, overtaken or left out, by position."""
    with desk.read() as connection:
        return answer(
            history.show_log(connection, id, caller=desk.caller, before=before, limit=limit)
        )


@router.post("/api/plans/{id}/undo", response_model=EditOut, responses=STALE)
def undo_edit(desk: DeskNow, id: UUID, seen: Seen, geometry: Geometry = True) -> Response:
    """Undo the last edit."""
    return _step(desk, id, -1, seen, geometry=geometry)


@router.post("/api/plans/{id}/redo", response_model=EditOut, responses=STALE)
def redo_edit(desk: DeskNow, id: UUID, seen: Seen, geometry: Geometry = True) -> Response:
    """Redo the edit that was undone last."""
    return _step(desk, id, 1, seen, geometry=geometry)


def _step(desk: Desk, id: UUID, way: int, seen: int | None, *, geometry: bool) -> Response:
    with desk.write() as connection:
        made = history.step(
            connection,
            id,
            way,
            caller=desk.caller,
            seen=seen,
            now=datetime.now(UTC),
            geometry=geometry,
        )
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
