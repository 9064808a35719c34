"""Differences of plans: per grid and per household, as numbers and as a map."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow
from api.openapi import GEOJSON
from api.schemas_difference import DifferenceOut
from api.services.plans import difference

router = APIRouter(tags=["plans"])

Against = Annotated[UUID | None, Query(description="Another plan of the same network.")]


@router.get("/api/plans/{id}/difference", response_model=DifferenceOut)
def show_difference(
    desk: DeskNow,
    id: UUID,
    against: Against = None,
    households: Annotated[bool, Query(description="List every household that moves.")] = False,
) -> Response:
    """Compare with the lines the plan started from, or with another plan."""
    with desk.read() as connection:
        found = difference.compare_plan(connection, id, caller=desk.caller, against=against)
    return answer(found.as_json(households=households))


@router.get("/api/plans/{id}/difference.geojson", response_class=Response, responses=GEOJSON)
def show_difference_map(
    desk: DeskNow,
    id: UUID,
    against: Against = None,
    households: Annotated[bool, Query(description="Also the households that move.")] = False,
) -> Response:
    """Return the difference as one GeoJSON: grids, land that moved, households if asked."""
    with desk.read() as connection:
        found = difference.compare_plan(connection, id, caller=desk.caller, against=against)
    return answer(found.as_geojson(households=households), media_type="application/geo+json")
