"""Vector tiles and the version they are made of."""

from __future__ import annotations

import sqlalchemy as sa

import data.tiles
from data import workspace
from data.lines import Lines
from data.lines import fetch_version as fetch_lines_version

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
MAX_ZOOM = 22


def fetch_version(connection: sa.Connection, layer: str, lines: Lines) -> str:
    """Return what changes with every write to the layer (or draft), and with nothing else."""
    if layer == "grids":
        return fetch_lines_version(connection, lines)
    if layer == "joint_villages":  # with the numbers of their grids, and the land of their members
        return fetch_lines_version(connection, lines, layer, "divisions")
    version = workspace.etag(connection, [layer])
    return version if lines.at is None else f"{version}@{lines.at.timestamp()}"


def fetch(connection: sa.Connection, layer: str, z: int, x: int, y: int, lines: Lines) -> bytes:
    """Return the tile, empty when nothing is there."""
    return data.tiles.fetch_tile(connection, layer, z, x, y, at=lines.at, plan=lines.plan)
