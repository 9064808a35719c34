"""Everything can leave again: one snapshot, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from api.answers import Stream, answer, streamed
from api.dependencies import DeskNow, Language, LinesAsked, Scope
from api.services import exports
from api.services.lines import open_lines

router = APIRouter(tags=["exports"])

Layer = Literal[
    "divisions",
    "natural_villages",
    "grids",
    "joint_villages",
    "households",
    "centers",
    "roads",
    "barriers",
]
Format = Literal["geojson", "geojsonl", "csv", "xlsx"]


@router.get(
    "/api/exports/terrain.tif",
    response_class=Response,
    responses={
        200: {
            "content": {exports.GEOTIFF: {}},
            "description": "Heights above sea level, a GeoTIFF in a metric zone.",
        }
    },
)
def export_terrain(desk: DeskNow, scope: Scope = None) -> Response:
    """Send the heights of the county of ``scope``, as they are computed with."""
    with desk.read() as connection:
        headers, content = exports.fetch_terrain(connection, scope=desk.caller.narrow(scope))
    return answer(content, headers=headers, media_type=exports.GEOTIFF)


@router.get(
    "/api/exports/{layer}.{format}",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The layer, streamed.",
            "content": {kind: {} for kind in exports.MEDIA_TYPES.values()},
        }
    },
)
def export_layer(
    desk: DeskNow,
    layer: Layer,
    format: Format,
    asked: LinesAsked,
    scope: Scope = None,
    language: Language = None,
) -> StreamingResponse:
    """Send a layer as it is now, as it was at ``date``, or the grids or joint villages of a draft.

    ``language`` is that of the headings of XLSX.
    """
    narrowed = desk.caller.narrow(scope)

    def start(connection: sa.Connection) -> tuple[dict[str, str], Iterator[bytes]]:
        lines = open_lines(connection, asked, desk.caller, layer=layer)
        return exports.stream(
            connection,
            layer,
            format,
            scope=narrowed,
            lines=lines,
            settings=desk.settings,
            language=language or desk.settings.language or "zh",
        )

    return streamed(Stream(desk.read(), start), exports.MEDIA_TYPES[format])
