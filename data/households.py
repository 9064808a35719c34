"""Households: points with counts; replaced as the register changes, without versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
from psycopg2 import sql
from sqlalchemy import Connection

from data import bulk, repository
from data.repository import Page, Row
from data.versions import Mode, StoreCounts, store_layer
from geo.address import address_key
from geo.indicators import COUNTS, People

LAYER = "households"

Box = tuple[float, float, float, float]

_PEOPLE_COLUMNS = sql.SQL("ST_X(h.geom), ST_Y(h.geom), {}").format(
    sql.SQL(", ").join(
        sql.SQL("COALESCE({}, 0)").format(sql.Identifier("h", name)) for name in COUNTS
    )
)
_PEOPLE = sql.SQL("SELECT {} FROM household h").format(_PEOPLE_COLUMNS)
# Box by box through the index; a household in several boxes counts once.
_PEOPLE_IN = sql.SQL("""
    SELECT {} FROM household h JOIN (
        SELECT DISTINCT i.id
          FROM unnest(%(west)s::float8[], %(south)s::float8[], %(east)s::float8[],
                      %(north)s::float8[]) AS b (west, south, east, north)
          JOIN household i ON i.geom && ST_MakeEnvelope(b.west, b.south, b.east, b.north, 4490)
    ) AS inside USING (id)
""").format(_PEOPLE_COLUMNS)
_PEOPLE_TYPES = {"x": pa.float64(), "y": pa.float64(), **dict.fromkeys(COUNTS, pa.int64())}


def fetch_frame(
    connection: Connection, *, scope: str | None = None, at: datetime | None = None
) -> geopandas.GeoDataFrame:
    """Return the households as a frame (:func:`data.repository.fetch_frame`).

    ``at`` is accepted as for the other layers; households are always those of now.
    """
    return repository.fetch_frame(connection, LAYER, scope=scope, at=at)


def fetch_people(connection: Connection, *, boxes: Sequence[Box] | None = None) -> People:
    """Return households as arrays, in no order.

    Parameters
    ----------
    boxes
        West, south, east, north in lon/lat: households in any of them; None for all.
    """
    query, values = _PEOPLE, {}
    if boxes is not None:
        names = ("west", "south", "east", "north")
        sides = list(zip(*boxes, strict=True)) if boxes else [()] * len(names)
        query, values = _PEOPLE_IN, dict(zip(names, map(list, sides), strict=True))
    table = bulk.fetch_table(connection, query, values, _PEOPLE_TYPES)
    columns = [column.to_numpy() for column in table.columns]
    return People(
        np.column_stack(columns[:2]).astype(np.float64, copy=False),
        np.column_stack(columns[2:]).astype(np.int64, copy=False),
    )


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
