"""Grids: lines with versions, the numbers of each, and the grid a place is in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import geopandas
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from psycopg2 import sql
from sqlalchemy import Connection, TextClause, text

from data import bulk, repository
from data.layouts import LAYOUTS
from data.lines import IN_FORCE, Lines
from data.lines import PLANNED as PLANNED
from data.repository import Page, Row
from data.versions import Mode, StoreCounts, store_layer

LAYER = "grids"

_INDICATORS = {column.name: column.kind for column in LAYOUTS[LAYER].extra}
# stored with what they were measured from; nobody outside is shown that
_STORED = {**_INDICATORS, "content": "text"}
_SQL_TYPES = {"integer": "integer", "float": "float8", "text": "text"}

# Covers: a place on a border is in; the lowest code wins, as everywhere.
_AT = """
    SELECT g.id, g.code, g.name, g.kind, g.network, g.village_code, g.parent_code, g.valid_from
      FROM {table} g
     WHERE ST_Covers(g.geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)) AND {condition}
     ORDER BY g.code COLLATE "C" LIMIT 1
"""
_STORE_INDICATORS = sql.SQL("""
    INSERT INTO grid_indicator (grid_id, {names})
    SELECT n.grid_id, {values} FROM pg_temp.indicator_rows n
        ON CONFLICT (grid_id) DO UPDATE SET ({names}) = ROW ({excluded})
     WHERE ROW ({stored}) IS DISTINCT FROM ROW ({excluded})
""")
_CONTENTS = sql.SQL("""
    SELECT i.grid_id, i.content FROM grid_indicator i JOIN grid t ON t.id = i.grid_id
     WHERE t.valid_to IS NULL
""")
# Of each place the lowest code of a grid of other villages that holds it.
_CODES_AT = """
    SELECT p.place, min(g.code COLLATE "C")
      FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[]))
           WITH ORDINALITY AS p (lon, lat, place)
      JOIN {table} g ON ST_Covers(g.geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4490))
     WHERE {condition} AND COALESCE(g.village_code, '') <> ALL (:villages)
     GROUP BY p.place
"""


def fetch_frame(
    connection: Connection, *, scope: str | None = None, at: datetime | None = None
) -> geopandas.GeoDataFrame:
    """Return the grids of every network with their indicators as a frame."""
    return repository.fetch_frame(connection, LAYER, scope=scope, at=at)


def fetch_lines(
    connection: Connection, lines: Lines, *, scope: str | None = None
) -> geopandas.GeoDataFrame:
    """Return grids with their indicators as a frame: in force, of a day, or of a draft."""
    return repository.fetch_frame(connection, LAYER, scope=scope, lines=lines)


def fetch_one(connection: Connection, code: str, *, at: datetime | None = None) -> Row | None:
    """Return a grid with its indicators, or None; of several networks' the first by name."""
    return repository.fetch_one(connection, LAYER, "code", code, at=at)


def fetch_page(connection: Connection, **question: Any) -> Page:  # noqa: ANN401
    """Return a page (:func:`data.repository.fetch_page`)."""
    return repository.fetch_page(connection, LAYER, **question)


def fetch_grid_at(
    connection: Connection,
    lon: float,
    lat: float,
    lines: Lines = IN_FORCE,
) -> Row | None:
    """Return the grid a place is in, or None.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4490. On a shared border the lowest code answers.
    """
    statement = _place(lines.table, lines.condition("g"))
    values = {"lon": lon, "lat": lat, **lines.parameters}
    row = connection.execute(statement, values).mappings().one_or_none()
    return None if row is None else dict(row)


@cache
def _place(table: str, condition: str) -> TextClause:
    return text(_AT.replace("{table}", table).replace("{condition}", condition))


def store_frame(
    connection: Connection,
    frame: geopandas.GeoDataFrame,
    *,
    mode: Mode = "upsert",
    now: datetime,
    network: str = PLANNED,
) -> StoreCounts:
    """Store grids of a network (:func:`data.versions.store_layer`).

    The numbers of new versions are missing until :func:`store_indicators`.
    """
    if "network" in frame and frame["network"].notna().all():
        return store_layer(connection, LAYER, frame, mode=mode, now=now)
    names = pd.Series(network, index=frame.index, dtype="str")
    return store_layer(connection, LAYER, frame, mode=mode, now=now, extra={"network": names})


def fetch_contents(connection: Connection) -> pd.Series:
    """Return what the stored numbers of the grids in force were measured from.

    Returns
    -------
    Series of str
        Index: ids of grids of every network; grids without numbers are not in it.
    """
    rows = bulk.run(connection, _CONTENTS)
    return pd.Series(
        [content for _, content in rows], index=[id for id, _ in rows], name="content", dtype=object
    )


def fetch_other_codes(
    connection: Connection,
    places: NDArray[np.float64],
    *,
    villages: Sequence[str],
    lines: Lines = IN_FORCE,
) -> list[str | None]:
    """Return the lowest code of *other* villages at each place, None where there is none.

    Parameters
    ----------
    places
        Lon, lat, shape (n, 2): a household on the border of a village is held by grids of both.
    villages
        Villages that are not asked.
    """
    values = {
        "lon": places[:, 0].tolist(),
        "lat": places[:, 1].tolist(),
        "villages": list(villages),
        **lines.parameters,
    }
    condition = lines.condition("g")
    statement = _CODES_AT.replace("{table}", lines.table).replace("{condition}", condition)
    codes: list[str | None] = [None] * len(places)
    for place, code in connection.execute(text(statement), values):
        codes[place - 1] = code
    return codes


def store_indicators(connection: Connection, indicators: pd.DataFrame) -> None:
    """Store what ``geo.indicators`` measured; equal numbers are not rewritten.

    Parameters
    ----------
    indicators
        Index: ids of grids. Columns of table ``grid_indicator``, with ``content``, the digest of
        what they were measured from (:func:`geo.indicators.content_keys`).
    """
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(_SQL_TYPES[kind]))
        for name, kind in _STORED.items()
    )
    bulk.run(
        connection,
        sql.SQL("CREATE TEMP TABLE indicator_rows (grid_id bigint, {}) ON COMMIT DROP").format(
            columns
        ),
    )
    ids = pd.Series(indicators.index.to_numpy())
    values = {
        name: (kind, indicators[name].reset_index(drop=True)) for name, kind in _STORED.items()
    }
    bulk.copy_rows(connection, "indicator_rows", {"grid_id": ("bigint", ids), **values})

    def listed(alias: str | None) -> sql.Composable:
        parts = [(alias, name) if alias else (name,) for name in _STORED]
        return sql.SQL(", ").join(sql.Identifier(*part) for part in parts)

    bulk.run(
        connection,
        _STORE_INDICATORS.format(
            names=listed(None),
            values=listed("n"),
            excluded=listed("excluded"),
            stored=listed("grid_indicator"),
        ),
    )
    bulk.run(connection, sql.SQL("DROP TABLE pg_temp.indicator_rows"))
