"""Every layer by its name: storing a frame, and what its rows are checked against."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import geopandas
import pandas as pd
from sqlalchemy import Connection

from data import (
    barriers,
    centers,
    divisions,
    grids,
    households,
    natural_villages,
    place_aliases,
    roads,
    terrain,
)
from data.importers import villages
from data.importers.check import Context
from data.versions import Mode, StoreCounts
from geo.crs import STORE_CRS


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
    place_aliases.LAYER: place_aliases,
}
# Layers that are only a way of bringing in another one.
STORED_AS: dict[str, str] = {villages.LAYER: divisions.LAYER}


def store_frame(
    connection: Connection,
    layer: str,
    frame: geopandas.GeoDataFrame,
    *,
    mode: Mode = "upsert",
    now: datetime,
) -> StoreCounts:
    """Store a layer frame by the layer's own rules; nothing is committed.

    Addresses name divisions: where these change, the addresses of their counties are read again.
    """
    stored = STORED_AS.get(layer, layer)
    counts = REPOSITORIES[stored].store_frame(connection, frame, mode=mode, now=now)
    if stored == divisions.LAYER and counts.added + counts.changed + counts.closed:
        households.read_again(connection, counties=sorted({code[:6] for code in frame["code"]}))
    return counts


def fetch_context(
    connection: Connection, layer: str, *, now: datetime, mode: Mode = "upsert"
) -> Context:
    """Return what rows of ``layer`` are checked against.

    Parameters
    ----------
    mode
        ``replace``: the grids of the file stand alone, those in force are not looked at.
    """
    if STORED_AS.get(layer, layer) == "divisions":
        return Context(now)
    units = divisions.fetch_frame(connection)
    known = units[units["level"] == "village"].reset_index(drop=True)
    county = divisions.fetch_outline(connection)
    if layer == "terrain":
        return Context(now, county, households=households.fetch_frame(connection))
    if layer == "households":
        return Context(now, county, known, places=units[["code", "name", "level"]])
    if layer != "grids":
        return Context(now, county, known)
    lines = None
    if mode == "upsert":
        lines = grids.fetch_frame(connection)
        lines = lines[lines["network"] == grids.PLANNED]
    return Context(now, county, known, lines, households.fetch_frame(connection))


def fetch_areas(connection: Connection) -> geopandas.GeoDataFrame:
    """Return where each village lies: by its outline, or by its grids where it has none.

    Returns
    -------
    GeoDataFrame
        EPSG:4490 polygons, RangeIndex, ``village_code``; several rows a village.
    """
    units = divisions.fetch_frame(connection)
    placed = units[(units["level"] == "village") & units.geometry.notna()]
    outlines = placed[["code", "geometry"]].rename(columns={"code": "village_code"})
    lines = grids.fetch_frame(connection)
    lines = lines[lines["village_code"].notna() & ~lines["village_code"].isin(placed["code"])]
    areas = pd.concat([outlines, lines[["village_code", "geometry"]]], ignore_index=True)
    return geopandas.GeoDataFrame(areas, geometry="geometry", crs=STORE_CRS)
