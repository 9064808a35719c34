"""Vector tiles and the version they are made of."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

import data.tiles
from data import workspace

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
MAX_ZOOM = 22


def fetch_version(connection: sa.Connection, layer: str, at: datetime | None) -> str:
    """Return what changes with every write to the layer, and with nothing else."""
    version = workspace.etag(connection, [layer])
    return version if at is None else f"{version}@{at.timestamp()}"


def fetch(
    connection: sa.Connection, layer: str, z: int, x: int, y: int, at: datetime | None
) -> bytes:
    """Return the tile, empty when nothing is there."""
    return data.tiles.fetch_tile(connection, layer, z, x, y, at=at)
