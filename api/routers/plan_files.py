"""What goes with a plan: comments on places, and the plan as one file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow
from api.openapi import CONFLICT, GEOJSON
from api.schemas_plans import CommentOut, CommentsOut, CommentState, CommentWanted, ImportedPlan
from api.services.plans import comments, files, incoming

router = APIRouter(tags=["plans"])

Comment = Annotated[int, Path(ge=1, le=2**62, description="Number of the comment.")]


@router.get("/api/plans/{id}/comments", response_model=CommentsOut)
def list_comments(desk: DeskNow, id: UUID) -> Response:
    """Return the comments of a plan, oldest first."""
    with desk.read() as connection:
        return answer(comments.show(connection, id, caller=desk.caller))


@router.post("/api/plans/{id}/comments", status_code=201, response_model=CommentOut)
def add_comment(desk: DeskNow, id: UUID, wanted: CommentWanted) -> Response:
    """Comment on a place; the plan's revision stays."""
    with desk.write() as connection:
        comment = comments.add(
            connection,
            id,
            text=wanted.text,
            point=wanted.point,
            caller=desk.caller,
            now=datetime.now(UTC),
        )
    return answer(comment, 201)


@router.patch("/api/plans/{id}/comments/{comment}", response_model=CommentOut)
def settle_comment(desk: DeskNow, id: UUID, comment: Comment, wanted: CommentState) -> Response:
    """Resolve a comment, or open it again."""
    with desk.write() as connection:
        settled = comments.settle(
            connection,
            id,
            comment,
            resolved=wanted.resolved,
            caller=desk.caller,
            now=datetime.now(UTC),
        )
    return answer(settled)


@router.get("/api/plans/{id}/file", response_class=Response, responses=GEOJSON)
def write_plan_file(desk: DeskNow, id: UUID) -> Response:
    """Return the plan as one file: GeoJSON of its grids, with log, comments and base."""
    with desk.read() as connection:
        text = files.write_plan(connection, id, caller=desk.caller)
    name = {"Content-Disposition": f'attachment; filename="plan-{str(id)[:8]}.geojson"'}
    return answer(text, headers=name, media_type="application/geo+json")


@router.post("/api/plans/import", status_code=201, response_model=ImportedPlan, responses=CONFLICT)
def bring_in_plan(
    desk: DeskNow,
    file: Annotated[dict[str, Any], Body(description="What `GET …/file` answered.")],
    drop: Annotated[bool, Query(description="Leave out edits that are not possible.")] = False,
) -> Response:
    """Make a draft from a file: its edits are replayed on the lines in force."""
    with desk.write() as connection:
        plan = incoming.bring_in(
            connection, file, drop=drop, caller=desk.caller, now=datetime.now(UTC)
        )
    return answer(plan, 201, {"ETag": f'"{plan["revision"]}"'})
