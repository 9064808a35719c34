"""Barriers: rivers, water, railways, walls and cliffs people do not cross; without versions."""

from __future__ import annotations

from datetime import datetime

import geopandas
from sqlalchemy import Connection

from data import repository
from data.versions import Mode, StoreCounts, store_layer

LAYER = "barriers"


def fetch_frame(
    connection: Connection, *, scope: str | None = None, at: datetime | None = None
) -> geopandas.GeoDataFrame:
    """Return the barriers as a frame (:func:`data.repository.fetch_frame`), always all of now.

    ``scope`` and ``at`` are accepted as for the other layers: a way leads through anywhere.
    """
    return repository.fetch_frame(connection, LAYER)


def store_frame(
    connection: Connection,
    frame: geopandas.GeoDataFrame,
    *,
    mode: Mode = "upsert",
    now: datetime,
) -> StoreCounts:
    """Store barriers (:func:`data.versions.store_layer`); ``replace`` deletes all others."""
    return store_layer(connection, LAYER, frame, mode=mode, now=now)
