"""Layers leaving the store: one snapshot, streamed, marked with version and county."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from data import exporters, workspace

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
    at: datetime | None,
) -> tuple[dict[str, str], Iterator[bytes]]:
    """Return headers and chunks; both come from what ``connection`` sees."""
    headers = {
        "X-Wangge-Version": workspace.etag(connection, [layer]),
        "Content-Disposition": f'attachment; filename="{layer}.{format}"',
    }
    return headers, exporters.stream(connection, layer, format, scope=scope, at=at)
