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
from data.lines import IN_FORCE, Lines, for_driver
from data.lines import PLANNED as PLANNED
from data.repository import Page, Row
from data.versions import Mode, StoreCounts, store_layer

LAYER = "grids"
SORTS = ("code", "name", "households", "residents", "area_m2", "center_max_m", "profile_status")

_LAYOUT = LAYOUTS[LAYER]
_INDICATORS = {column.name: column.kind for column in _LAYOUT.extra}
# stored with what they were measured from; nobody outside is shown that
_STORED = {**_INDICATORS, "content": "text"}

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
_TOTALS = sql.SQL("""
    SELECT count(*), {sums},
           count(*) FILTER (WHERE {status} = 'within'),
           count(*) FILTER (WHERE {status} = 'below'),
           count(*) FILTER (WHERE {status} = 'above'),
           count(*) FILTER (WHERE {status} = 'empty')
      FROM {source}
     WHERE {condition} AND (%(scope)s IS NULL OR t.village_code LIKE %(scope)s) {more}
""")
_TOTAL_NAMES = ("households", "residents", "registered", "within", "below", "above", "empty")
_ROWS = sql.SQL("""
    SELECT t.id, t.code, t.name, t.village_code, v.name, left(t.village_code, 9), p.name,
           v.area_type, v.urban_rural_class, t.kind, {indicators},
           ST_X(point), ST_Y(point), t.flags {drawn}
      FROM {source}
      LEFT JOIN division v ON v.code = t.village_code AND {village_then}
      LEFT JOIN division p ON p.code = left(t.village_code, 9) AND {township_then}
     CROSS JOIN LATERAL ST_PointOnSurface(t.geom) AS point
     WHERE {condition} AND (%(scope)s IS NULL OR t.village_code LIKE %(scope)s) {more}
     ORDER BY {sort} {direction} NULLS LAST, t.code LIMIT %(limit)s OFFSET %(offset)s
""")

# The same order as that of the rows.
_POSITION = sql.SQL("""
    SELECT position FROM (
        SELECT t.code, row_number() OVER (ORDER BY {sort} {direction} NULLS LAST, t.code) - 1
                       AS position
          FROM {source}
         WHERE {condition} AND (%(scope)s IS NULL OR t.village_code LIKE %(scope)s) {more}
    ) ranked WHERE code = %(find)s LIMIT 1
""")


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


def fetch_grid(connection: Connection, code: str, *, lines: Lines = IN_FORCE) -> Row | None:
    """Return one grid as a row of the table plus ``geometry``, history and flags.

    Returns
    -------
    dict or None
        What :func:`fetch_grid_page` gives a row, and ``geometry`` (shapely), ``bbox``,
        ``valid_from`` (None for a grid that is only drafted), ``history`` (``valid_from``,
        ``valid_to`` of each published version), ``flags``.
    """
    more = sql.SQL("AND t.code = %(code)s")
    rows = _fetch_rows(connection, lines, more, {"code": code, "scope": None})
    stored = None
    if rows:
        stored = repository.fetch_one(connection, LAYER, "id", rows[0]["id"], lines=lines)
    if stored is None:
        return None
    return rows[0] | {
        "network": stored["network"],
        "parent_code": stored["parent_code"],
        "geometry": stored["geometry"],
        "bbox": list(stored["geometry"].bounds),
        "valid_from": stored["valid_from"],
        "history": repository.fetch_history(connection, LAYER, code),
    }


def fetch_grid_page(
    connection: Connection,
    *,
    bbox: Sequence[float] | None = None,
    parent: str | None = None,
    text: str | None = None,
    status: str | None = None,
    locked: bool = False,
    drafted: bool = False,
    find: str | None = None,
    sort: str = "code",
    descending: bool = False,
    offset: int = 0,
    limit: int = 100,
    lines: Lines = IN_FORCE,
) -> Row:
    """Return a page of the table of grids, with totals over all that match.

    Parameters
    ----------
    bbox
        West, south, east, north: grids that meet the box.
    parent
        Division code the grids lie in.
    text
        Part of a code or a name.
    status
        Of these only: ``within``, ``below``, ``above``, ``empty``.
    locked, drafted
        Of a draft only the grids that are locked, or that lie in villages it has touched; other
        lines have neither.
    find
        Code whose place among all that match is asked.
    sort
        One of :data:`SORTS`; missing values come last, ties by code.

    Returns
    -------
    dict
        ``total``, ``totals``, ``rows`` and ``position`` (of ``find``, from 0; None when it is not
        among them). A row has ``village`` and ``township`` (names),
        ``area_type`` and ``urban_rural_class`` of its village, the indicators, ``center`` (a point
        inside), ``flags``; of a draft also ``locked`` and ``drafted``.
    """
    conditions = repository.matching(_LAYOUT, bbox=bbox, text=text)
    conditions += _wanted(lines, status=status, locked=locked, drafted=drafted)
    more = sql.SQL(" ").join([sql.SQL("AND {}").format(condition) for condition in conditions])
    values = repository.match_parameters(bbox, text) | {
        **lines.parameters,
        "scope": repository.prefix_of(parent),
        "status": status,
        "find": find,
        "limit": limit,
        "offset": offset,
    }
    matching = {
        "source": repository.source_of(lines),
        "condition": for_driver(lines.condition("t")),
        "more": more,
    }
    counting = _TOTALS.format(
        status=sql.Identifier(repository.numbers_of(lines), "profile_status"),
        sums=sql.SQL(", ").join(
            sql.SQL("COALESCE(sum({}), 0)").format(
                sql.Identifier(repository.numbers_of(lines), name)
            )
            for name in _TOTAL_NAMES[:3]
        ),
        **matching,
    )
    totals = bulk.run(connection, counting, values)[0]
    ranking = _POSITION.format(**_ordered(lines, sort, descending=descending), **matching)
    found = [] if find is None else bulk.run(connection, ranking, values)
    rows = _fetch_rows(connection, lines, more, values, sort=sort, descending=descending)
    return {
        "total": int(totals[0]),
        "totals": dict(zip(_TOTAL_NAMES, map(int, totals[1:]), strict=True)),
        "rows": rows,
        "position": int(found[0][0]) if found else None,
    }


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


def _ordered(lines: Lines, sort: str, *, descending: bool) -> dict[str, sql.Composable]:
    if sort not in SORTS:
        raise KeyError(sort)
    alias = repository.numbers_of(lines) if sort in _INDICATORS else "t"
    direction = sql.SQL("DESC" if descending else "ASC")
    return {"sort": sql.Identifier(alias, sort), "direction": direction}


def _wanted(
    lines: Lines, *, status: str | None, locked: bool, drafted: bool
) -> list[sql.Composable]:
    found: list[sql.Composable] = []
    if status is not None:
        column = sql.Identifier(repository.numbers_of(lines), "profile_status")
        found.append(sql.SQL("{} = %(status)s").format(column))
    for name, asked in (("locked", locked), ("drafted", drafted)):
        if asked:
            is_draft = lines.plan is not None
            found.append(sql.SQL("t.{}").format(sql.Identifier(name)) if is_draft else _NONE)
    return found


_NONE = sql.SQL("false")
_SQL_TYPES = {"integer": "integer", "float": "float8", "text": "text"}


def _fetch_rows(
    connection: Connection,
    lines: Lines,
    more: sql.Composable,
    values: Row,
    *,
    sort: str = "code",
    descending: bool = False,
) -> list[Row]:
    numbers = repository.numbers_of(lines)
    drawn = () if lines.plan is None else ("locked", "drafted")
    query = _ROWS.format(
        indicators=sql.SQL(", ").join(sql.Identifier(numbers, name) for name in _INDICATORS),
        drawn=sql.SQL("").join(sql.SQL(", t.{}").format(sql.Identifier(name)) for name in drawn),
        source=repository.source_of(lines),
        condition=for_driver(lines.condition("t")),
        village_then=for_driver(lines.moment("v")),
        township_then=for_driver(lines.moment("p")),
        more=more,
        **_ordered(lines, sort, descending=descending),
    )
    names = [
        *("id", "code", "name", "village_code", "village", "township_code", "township"),
        *("area_type", "urban_rural_class", "kind", *_INDICATORS, "x", "y", "flags"),
        *drawn,
    ]
    values = {"limit": None, "offset": 0, **lines.parameters, **values}
    rows = bulk.run(connection, query, values)
    found = []
    for row in rows:
        named = dict(zip(names, row, strict=True))
        named["center"] = [named.pop("x"), named.pop("y")]
        found.append(named)
    return found
