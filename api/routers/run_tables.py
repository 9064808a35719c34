"""Tables of a finished run, for spreadsheets and GIS."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow, Language
from api.openapi import CONFLICT
from api.services import run_tables

router = APIRouter(tags=["runs"])

Table = Annotated[str, Path(pattern="^[a-z_]{1,40}$", description="A table of the run.")]
Format = Literal["csv", "xlsx", "geojson"]


@router.get(
    "/api/runs/{id}/tables/{name}.{format}",
    response_class=Response,
    responses={
        200: {
            "content": {kind: {} for kind in run_tables.MEDIA_TYPES.values()},
            "description": "The table. CSV and GeoJSON have the names of the API, XLSX headings "
            "in words and a second sheet with parameters and the data's version.",
        },
        **CONFLICT,
    },
)
def show_table(
    desk: DeskNow, id: UUID, name: Table, format: Format, language: Language = None
) -> Response:
    """Return a table: areas, shares, villages; centers, histogram; grids, villages …."""
    wanted = language or desk.settings.language or "zh"
    with desk.read() as connection:
        made = run_tables.write_table(
            connection,
            id,
            name,
            format,
            language="en" if wanted == "en" else "zh",
            settings=desk.settings,
            caller=desk.caller,
        )
    headers = {"Content-Disposition": f'attachment; filename="{made.filename}"'}
    return answer(made.content, headers=headers, media_type=made.media_type)
