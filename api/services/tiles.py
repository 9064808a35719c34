"""Vector tiles and the version they are made of."""

from __future__ import annotations

import data.tiles
import sqlalchemy as sa

from data import workspace

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
MAX_ZOOM = 22
DIVISION_LAYERS = ("counties", "townships", "villages")


def source_of(layer: str) -> str:
    """Return the layer of the store a map layer is drawn from."""
    return "divisions" if layer in DIVISION_LAYERS else layer


def fetch_version(connection: sa.Connection, layer: str) -> str:
    """Return what changes with every write to the layer, and with nothing else."""
    return workspace.etag(connection, [source_of(layer)])


def fetch(connection: sa.Connection, layer: str, z: int, x: int, y: int) -> bytes:
    """Return the tile, empty when nothing is there."""
    return data.tiles.fetch_tile(connection, layer, z, x, y)
