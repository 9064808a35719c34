"""What the map needs to know first."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow
from api.schemas import WorkspaceOut
from api.services import workspace

router = APIRouter(tags=["service"])


@router.get("/api/workspace", response_model=WorkspaceOut)
def show_workspace(desk: DeskNow) -> Response:
    """Return the county's title, its layers with counts and versions, the profile, the mark."""
    with desk.read() as connection:
        return answer(workspace.describe(connection, desk.settings, desk.summaries))
