"""Households: points with counts; replaced as the register changes, without versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import geopandas
import pandas as pd
from sqlalchemy import Connection

from data import repository
from data.repository import Page, Row
from data.versions import Mode, StoreCounts, store_layer
from geo.address import address_key

LAYER = "households"


def fetch_frame(
    connection: Connection, *, scope: str | None = None, at: datetime | None = None
) -> geopandas.GeoDataFrame:
    """Return the households as a frame (:func:`data.repository.fetch_frame`).

    ``at`` is accepted as for the other layers; households are always those of now.
    """
    return repository.fetch_frame(connection, LAYER, scope=scope, at=at)


def fetch_one(connection: Connection, id: int) -> Row | None:
    """Return a household by its number in the store, or None."""
    return repository.fetch_one(connection, LAYER, "id", id)


def fetch_page(connection: Connection, **question: Any) -> Page:  # noqa: ANN401
    """Return a page (:func:`data.repository.fetch_page`)."""
    return repository.fetch_page(connection, LAYER, **question)


def store_frame(
    connection: Connection,
    frame: geopandas.GeoDataFrame,
    *,
    mode: Mode = "upsert",
    now: datetime,
) -> StoreCounts:
    """Store households (:func:`data.versions.store_layer`) with the key of each address."""
    addresses = frame["address"]
    keys = {text: address_key(text) for text in addresses.dropna().unique()}
    key = pd.Series(addresses.map(keys), index=frame.index, dtype="str")
    return store_layer(connection, LAYER, frame, mode=mode, now=now, extra={"address_key": key})
