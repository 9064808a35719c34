"""What the editor of a plan looks at: its grids, its natural villages, its numbers."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.dependencies import Box, DeskNow, Scope
from api.openapi import GEOJSON
from api.schemas_plans import SummaryOut
from api.services.plans import grids, settlements, summary

router = APIRouter(tags=["plans"])


@router.get("/api/plans/{id}/grids", response_class=Response, responses=GEOJSON)
def list_draft_grids(desk: DeskNow, id: UUID, bbox: Box, village: Scope = None) -> Response:
    """Return the draft's grids with exact stored coordinates, numbers and locks as GeoJSON."""
    with desk.read() as connection:
        text = grids.write_grids(connection, id, caller=desk.caller, bbox=bbox, village=village)
    return answer(text, media_type="application/geo+json")


@router.get("/api/plans/{id}/natural_villages", response_class=Response, responses=GEOJSON)
def list_draft_natural_villages(
    desk: DeskNow, id: UUID, bbox: Box, village: Scope = None
) -> Response:
    """Return natural villages as GeoJSON, each with the grids of the draft that have it."""
    with desk.read() as connection:
        text = settlements.write_natural_villages(
            connection,
            id,
            caller=desk.caller,
            memory=desk.settlements,
            bbox=bbox,
            village=village,
        )
    return answer(text, media_type="application/geo+json")


@router.get("/api/plans/{id}/summary", response_model=SummaryOut)
def show_summary(desk: DeskNow, id: UUID) -> Response:
    """Return what the grids of the plan's scope amount to, before and in the draft."""
    with desk.read() as connection:
        return answer(summary.summarise(connection, id, caller=desk.caller))
