"""Vector tiles straight from the store, revalidated with every request."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.answers import revalidated
from api.dependencies import DeskNow, LinesAsked
from api.refusals import BadParameter
from api.services import tiles
from api.services.lines import open_lines

router = APIRouter(tags=["tiles"])

Layer = Literal[
    "counties",
    "townships",
    "villages",
    "natural_villages",
    "grids",
    "households",
    "centers",
    "roads",
    "barriers",
]
Index = Annotated[int, Path(json_schema_extra={"minimum": 0, "maximum": 2**tiles.MAX_ZOOM - 1})]


@router.get(
    "/tiles/{layer}/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={
        200: {"content": {tiles.MEDIA_TYPE: {}}, "description": "A Mapbox vector tile."},
        204: {"description": "Nothing of the layer is there."},
        304: {"description": "The caller holds the newest version."},
    },
)
def show_tile(
    request: Request,
    desk: DeskNow,
    layer: Layer,
    z: Annotated[int, Path(json_schema_extra={"minimum": 0, "maximum": tiles.MAX_ZOOM})],
    x: Index,
    y: Index,
    asked: LinesAsked,
    v: Annotated[
        str | None, Query(max_length=200, description="Not read: makes addresses differ.")
    ] = None,
) -> Response:
    """Return one tile of one layer; nothing is ever cut off silently."""
    if not (0 <= z <= tiles.MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise BadParameter("tile_out_of_range", z=z, x=x, y=y)
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller, layer=layer)
        version = tiles.fetch_version(connection, layer, lines)
        return revalidated(
            request,
            version,
            lambda: tiles.fetch(connection, layer, z, x, y, lines),
            tiles.MEDIA_TYPE,
        )
