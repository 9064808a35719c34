"""Every layer by its name: storing a frame, and what its rows are checked against."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import geopandas
from sqlalchemy import Connection

from data import barriers, centers, divisions, grids, households, natural_villages, roads, terrain
from data.importers.check import Context
from data.versions import Mode, StoreCounts


class Repository(Protocol):
    """What the module of every layer offers."""

    def fetch_frame(
        self, connection: Connection, *, scope: str | None = None, at: datetime | None = None
    ) -> geopandas.GeoDataFrame:
        """Return the layer as a frame."""

    def store_frame(
        self,
        connection: Connection,
        frame: geopandas.GeoDataFrame,
        *,
        mode: Mode = "upsert",
        now: datetime,
    ) -> StoreCounts:
        """Store a frame of the layer."""


REPOSITORIES: dict[str, Repository] = {
    "divisions": divisions,
    "natural_villages": natural_villages,
    "grids": grids,
    "households": households,
    "centers": centers,
    "roads": roads,
    "barriers": barriers,
    "terrain": terrain,
}


def store_frame(
    connection: Connection,
    layer: str,
    frame: geopandas.GeoDataFrame,
    *,
    mode: Mode = "upsert",
    now: datetime,
) -> StoreCounts:
    """Store a layer frame by the layer's own rules; nothing is committed."""
    return REPOSITORIES[layer].store_frame(connection, frame, mode=mode, now=now)


def fetch_context(
    connection: Connection, layer: str, *, now: datetime, mode: Mode = "upsert"
) -> Context:
    """Return what rows of ``layer`` are checked against.

    Parameters
    ----------
    mode
        ``replace``: the grids of the file stand alone, those in force are not looked at.
    """
    if layer == "divisions":
        return Context(now)
    units = divisions.fetch_frame(connection)
    villages = units[units["level"] == "village"].reset_index(drop=True)
    county = divisions.fetch_outline(connection)
    if layer == "terrain":
        return Context(now, county, households=households.fetch_frame(connection))
    if layer != "grids":
        return Context(now, county, villages)
    lines = None
    if mode == "upsert":
        lines = grids.fetch_frame(connection)
        lines = lines[lines["network"] == grids.PLANNED]
    return Context(now, county, villages, lines, households.fetch_frame(connection))
