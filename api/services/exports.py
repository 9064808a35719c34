"""Layers leaving the store: one snapshot, streamed, marked with version and county."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from api.refusals import NotFound
from api.services import tiles
from api.services import workspace as workspace_marks
from api.settings import Settings
from data import exporters, terrain, workspace
from data.lines import IN_FORCE, Lines
from geo.sentences.sentence import Language

MEDIA_TYPES = {
    "geojson": "application/geo+json",
    "geojsonl": "application/geo+json-seq",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
GEOTIFF = "image/tiff; application=geotiff"


def stream(
    connection: sa.Connection,
    layer: str,
    format: str,
    *,
    scope: str | None,
    lines: Lines = IN_FORCE,
    settings: Settings | None = None,
    language: str = "zh",
) -> tuple[dict[str, str], Iterator[bytes]]:
    """Return headers and chunks; both come from what ``connection`` sees.

    Parameters
    ----------
    settings
        Say what stands on maps and tables that leave.
    language
        Of the words in a workbook.
    """
    spoken: Language = "en" if language == "en" else "zh"
    name = layer if lines.plan is None else f"{layer}-{lines.plan}"
    version = tiles.fetch_version(connection, layer, lines)
    headers = {
        "X-Wangge-Version": version,
        "Content-Disposition": f'attachment; filename="{name}.{format}"',
    }
    about = [("数据版本" if spoken == "zh" else "data version", version)]
    if settings is not None:
        mark = workspace_marks.map_mark(settings)[spoken]
        about.append(("地图" if spoken == "zh" else "map", mark))
    chunks = exporters.stream(
        connection,
        layer,
        format,
        scope=scope,
        at=lines.at,
        plan=lines.plan,
        language=spoken,
        about=about,
    )
    return headers, chunks


def fetch_terrain(connection: sa.Connection, *, scope: str | None) -> tuple[dict[str, str], bytes]:
    """Return headers and the GeoTIFF of the heights of the county that ``scope`` lies in.

    Raises
    ------
    NotFound
        If there is no terrain.
    """
    content = terrain.fetch_content(connection, county=scope and scope[:6])
    if content is None:
        raise NotFound("not_found", what="layer", id=terrain.LAYER)
    headers = {
        "X-Wangge-Version": workspace.etag(connection, [terrain.LAYER]),
        "Content-Disposition": 'attachment; filename="terrain.tif"',
    }
    return headers, content
