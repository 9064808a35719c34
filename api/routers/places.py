"""What stands on the map beside grids: divisions, natural villages, centers, households."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.answers import answer
from api.dependencies import Code, DeskNow
from api.schemas import ThingOut
from api.services import places

router = APIRouter(tags=["places"])


@router.get("/api/divisions/{code}", response_model=ThingOut)
def show_division(desk: DeskNow, code: Code) -> Response:
    """Return a county, township or village with the counts of what lies in it."""
    with desk.read() as connection:
        return answer(places.show_division(connection, code, desk.caller, desk.partitions))


@router.get("/api/natural_villages/{code}", response_model=ThingOut)
def show_natural_village(desk: DeskNow, code: Code) -> Response:
    """Return a natural village."""
    with desk.read() as connection:
        return answer(places.show_natural_village(connection, code, desk.caller))


@router.get("/api/centers/{code}", response_model=ThingOut)
def show_center(desk: DeskNow, code: Code) -> Response:
    """Return a service center and how many households are nearest to it."""
    with desk.read() as connection:
        return answer(places.show_center(connection, code, desk.caller))


@router.get("/api/households/{id}", response_model=ThingOut)
def show_household(
    desk: DeskNow,
    id: Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the map feature.")],
) -> Response:
    """Return a household: counts only, never names. The reading is written down."""
    with desk.write() as connection:
        return answer(places.show_household(connection, id, desk.caller, datetime.now(UTC)))
