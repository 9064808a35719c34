"""Households: points with counts; replaced as the register changes, without versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
from psycopg2 import sql
from sqlalchemy import Connection, text

from data import bulk, repository
from data.importers.addresses import texts_of
from data.layouts import LAYOUTS
from data.repository import Page, Row
from data.versions import Mode, StoreCounts, store_layer
from geo.address.register import read_addresses
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
_PLACES = "SELECT code, name, level FROM division WHERE valid_to IS NULL"
_VILLAGES = "SELECT code, village_code FROM household WHERE code = ANY (:codes)"
_HAS_ADDRESSES = "SELECT EXISTS (SELECT FROM household WHERE address <> '')"
_CODES = "SELECT code FROM household ORDER BY id"
_READ_AT_ONCE = 20_000
_READ_COLUMNS = LAYOUTS[LAYER].written
_READ_NAMES = [column.name for column in _READ_COLUMNS]
_NUMBERS = [column.name for column in _READ_COLUMNS if column.kind == "integer"]
_READ = sql.SQL("""
    SELECT id, address, village_code, {columns} FROM household
     WHERE (%(counties)s::text[] IS NULL OR village_code IS NULL
            OR left(village_code, 6) = ANY (%(counties)s::text[]))
       AND (%(codes)s::text[] IS NULL OR code = ANY (%(codes)s::text[]))
     ORDER BY id
""").format(columns=sql.SQL(", ").join(sql.Identifier(c.name) for c in _READ_COLUMNS))
_READ_TYPES = {
    "id": pa.int64(),
    "address": pa.large_string(),
    "village_code": pa.large_string(),
    **{c.name: pa.int64() if c.name in _NUMBERS else pa.large_string() for c in _READ_COLUMNS},
}
_MAKE_READ = sql.SQL("CREATE TEMP TABLE read_rows (id bigint, {}) ON COMMIT DROP").format(
    sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(c.name), sql.SQL(c.kind)) for c in _READ_COLUMNS
    )
)
_STORE_READ = sql.SQL("""
    UPDATE household h SET {settings} FROM pg_temp.read_rows r WHERE r.id = h.id
""").format(
    settings=sql.SQL(", ").join(
        sql.SQL("{0} = r.{0}").format(sql.Identifier(c.name)) for c in _READ_COLUMNS
    )
)
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
    """Store households (:func:`data.versions.store_layer`) with their addresses as they are read.

    A frame without addresses leaves those that are stored; one with villages but without addresses
    may change what they mean, so they are read again.
    """
    if frame["address"].notna().any():
        villages = _with_stored_villages(connection, frame)
        read = _read(connection, frame["address"], villages)
        extra = {name: read[name].set_axis(frame.index) for name in _READ_NAMES}
        return store_layer(connection, LAYER, frame, mode=mode, now=now, extra=extra)
    counts = store_layer(connection, LAYER, frame, mode=mode, now=now)
    if counts.changed and frame["village_code"].notna().any():
        read_again(connection, codes=frame["code"].tolist())
    return counts


def read_again(
    connection: Connection,
    *,
    counties: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
) -> int:
    """Read stored addresses again and store what is read differently; return how many.

    Parameters
    ----------
    counties
        Codes: households of their villages, and those of no village; None for all.
    codes
        Of households; None for all.
    """
    values = {
        "counties": None if counties is None else list(counties),
        "codes": None if codes is None else list(codes),
    }
    stored = bulk.fetch_table(connection, _READ, values, _READ_TYPES).to_pandas()
    if stored.empty:
        return 0
    read = _read(connection, stored["address"], stored["village_code"])
    told = read[_READ_NAMES].astype(dict.fromkeys(_NUMBERS, "Int64"))
    before = stored[_READ_NAMES].astype(told.dtypes.to_dict())
    differs = ((told != before).fillna(False) | (told.isna() != before.isna())).any(axis=1)
    if not differs.any():
        return 0
    rows = {"id": ("bigint", stored.loc[differs, "id"])}
    for column in _READ_COLUMNS:
        rows[column.name] = (column.kind, told.loc[differs, column.name])
    bulk.run(connection, _MAKE_READ)
    bulk.copy_rows(connection, "read_rows", rows)
    bulk.run(connection, _STORE_READ)
    bulk.run(connection, sql.SQL("DROP TABLE pg_temp.read_rows"))
    return int(differs.sum())


def read_all_again(
    connection: Connection, *, told: Callable[[int, int], None] | None = None
) -> int:
    """Read every stored address again, some at a time; return how many are read differently.

    Nothing, for a register without any address.

    Parameters
    ----------
    told
        Is told how many are read, and of how many.
    """
    if not connection.execute(text(_HAS_ADDRESSES)).scalar_one():
        return 0
    codes = list(connection.execute(text(_CODES)).scalars())
    changed = 0
    for start in range(0, len(codes), _READ_AT_ONCE):
        some = codes[start : start + _READ_AT_ONCE]
        changed += read_again(connection, codes=some)
        if told is not None:
            told(start + len(some), len(codes))
    return changed


def _read(connection: Connection, addresses: pd.Series, villages: pd.Series) -> pd.DataFrame:
    """Return the columns that are read from addresses, by the names divisions have now."""
    found = connection.execute(text(_PLACES))
    places = pd.DataFrame(found.all(), columns=["code", "name", "level"])
    read = read_addresses(texts_of(addresses), texts_of(villages), places)
    return read.rename(columns={"fault": "address_fault"})


def _with_stored_villages(connection: Connection, frame: geopandas.GeoDataFrame) -> pd.Series[Any]:
    """Return the village of each row: what a file does not say stays as it is stored."""
    villages: pd.Series[Any] = frame["village_code"]
    unsaid = villages.isna()
    if not unsaid.any():
        return villages
    asked = {"codes": frame.loc[unsaid, "code"].tolist()}
    stored = {row.code: row.village_code for row in connection.execute(text(_VILLAGES), asked)}
    return villages.where(~unsaid, frame["code"].map(stored))
