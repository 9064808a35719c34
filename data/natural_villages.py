"""Natural villages: the settlements of a village, each with its versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import geopandas
from sqlalchemy import Connection, text

from data import repository
from data.repository import Page, Row
from data.versions import Mode, StoreCounts, store_layer

LAYER = "natural_villages"

_CODES = text("SELECT code FROM natural_village WHERE valid_to IS NULL")


def fetch_frame(
    connection: Connection, *, scope: str | None = None, at: datetime | None = None
) -> geopandas.GeoDataFrame:
    """Return the natural villages as a frame (:func:`data.repository.fetch_frame`)."""
    return repository.fetch_frame(connection, LAYER, scope=scope, at=at)


def fetch_one(connection: Connection, code: str, *, at: datetime | None = None) -> Row | None:
    """Return a natural village, or None."""
    return repository.fetch_one(connection, LAYER, "code", code, at=at)


def fetch_page(connection: Connection, **question: Any) -> Page:  # noqa: ANN401
    """Return a page (:func:`data.repository.fetch_page`)."""
    return repository.fetch_page(connection, LAYER, **question)


def fetch_codes(connection: Connection) -> list[str]:
    """Return the codes in force."""
    return list(connection.execute(_CODES).scalars())


def store_frame(
    connection: Connection,
    frame: geopandas.GeoDataFrame,
    *,
    mode: Mode = "upsert",
    now: datetime,
) -> StoreCounts:
    """Store natural villages (:func:`data.versions.store_layer`)."""
    return store_layer(connection, LAYER, frame, mode=mode, now=now)
