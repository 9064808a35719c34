"""Everything can leave again: one snapshot, streamed."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from api.answers import Stream, streamed
from api.dependencies import DeskNow, Moment, Scope
from api.services import exports

router = APIRouter(tags=["exports"])

Layer = Literal["divisions", "natural_villages", "grids", "households", "centers"]
Format = Literal["geojson", "geojsonl", "csv"]


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
    desk: DeskNow, layer: Layer, format: Format, moment: Moment, scope: Scope = None
) -> StreamingResponse:
    """Send a layer as it is now, or as it was at ``date``."""
    narrowed = desk.caller.narrow(scope)
    stream = Stream(
        desk.read(),
        lambda connection: exports.stream(connection, layer, format, scope=narrowed, at=moment),
    )
    return streamed(stream, exports.MEDIA_TYPES[format])
