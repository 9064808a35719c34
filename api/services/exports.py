"""Layers leaving the store: one snapshot, streamed, marked with version and county."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from api.services import tiles
from data import exporters
from data.lines import IN_FORCE, Lines

MEDIA_TYPES = {
    "geojson": "application/geo+json",
    "geojsonl": "application/geo+json-seq",
    "csv": "text/csv; charset=utf-8",
}


def stream(
    connection: sa.Connection,
    layer: str,
    format: str,
    *,
    scope: str | None,
    lines: Lines = IN_FORCE,
) -> tuple[dict[str, str], Iterator[bytes]]:
    """Return headers and chunks; both come from what ``connection`` sees."""
    name = layer if lines.plan is None else f"{layer}-{lines.plan}"
    headers = {
        "X-Wangge-Version": tiles.fetch_version(connection, layer, lines),
        "Content-Disposition": f'attachment; filename="{name}.{format}"',
    }
    chunks = exporters.stream(connection, layer, format, scope=scope, at=lines.at, plan=lines.plan)
    return headers, chunks
