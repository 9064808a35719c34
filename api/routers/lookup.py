"""Which grid is this place in? One place, or 100,000."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic_core import from_json
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow, Latitude, LinesAsked, Longitude, Network
from api.refusals import BadBody
from api.schemas import GridAt, GridCodes, Points
from api.services import lookup
from api.services.lines import open_lines

router = APIRouter(tags=["lookup"])

# Read by hand: a model a point would cost more than finding the grids.
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": Points.model_json_schema()}},
    }
}


async def read_body(request: Request) -> bytes:
    """Return the body as it came; its size is bounded before."""
    return await request.body()


@router.get("/api/grids/at", response_model=GridAt)
def find_grid(
    desk: DeskNow,
    lon: Longitude,
    lat: Latitude,
    asked: LinesAsked,
    network: Network = None,
) -> Response:
    """Return the grid, village and township of one place; on a border the lowest code."""
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller, network=network)
        return answer(lookup.find_grid(connection, lon, lat, desk.caller, lines))


@router.post("/api/grids/at", response_model=GridCodes, openapi_extra=_BODY)
def find_grids(
    desk: DeskNow,
    body: Annotated[bytes, Depends(read_body)],
    asked: LinesAsked,
    network: Network = None,
) -> Response:
    """Return the grid codes of up to 100,000 places, in order, from one version of the lines."""
    points = lookup.check_points(_points_of(body))
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller, network=network)
        index = desk.lookups.find(connection, lines)
    return answer({"version": index.version, "codes": index.find_codes(points, desk.caller)})


def _points_of(body: bytes) -> Any:  # noqa: ANN401
    try:
        value = from_json(body)
    except ValueError as error:
        raise BadBody("invalid_body", place="body", reason=str(error)) from None
    if not isinstance(value, dict) or "points" not in value:
        raise BadBody("invalid_body", place="points", reason="missing", reason_zh="缺少")
    unknown = set(value) - {"points"}
    if unknown:
        raise BadBody("invalid_body", place=min(unknown), reason="unknown", reason_zh="没有这一项")
    return value["points"]
