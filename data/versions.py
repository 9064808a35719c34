"""Storing a layer: what differs opens a new version, what is equal is not touched.

The rows come in by COPY into a temporary table; everything after is set-based SQL inside the
caller's transaction, so that a failure leaves the store as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import geopandas
import numpy as np
import pandas as pd
from psycopg2 import sql
from sqlalchemy import Connection

from data import bulk
from data.importers.check import find_irregular_codes
from data.layouts import LAYOUTS, Column, Layout, stored_columns
from geo.crs import STORE_CRS

Mode = Literal["upsert", "replace"]

_INCOMING = "incoming_rows"
_MERGED = "merged_rows"
# From here on an empty table is loaded first and indexed afterwards.
_MANY = 20_000
_WORTH_ANALYZING = 1_000


@dataclass(frozen=True)
class StoreCounts:
    """What storing a frame did: rows added, changed, left as they are, and closed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0


def store_layer(
    connection: Connection,
    layer: str,
    frame: geopandas.GeoDataFrame,
    *,
    mode: Mode = "upsert",
    now: datetime,
    extra: Mapping[str, pd.Series] | None = None,
) -> StoreCounts:
    """Store a layer frame.

    Parameters
    ----------
    frame
        EPSG:4490 on the lattice, columns of ``geo.frames``, codes unique. A column without any
        value (or not there) leaves what is stored as it is.
    mode
        ``upsert`` adds and changes; ``replace`` also closes what the frame lacks, within the
        villages it names (divisions: within the level and parent; without a village: nothing;
        layers without divisions: anywhere).
    now
        The instant at which old versions end and new ones begin. A ``valid_from`` of the frame
        goes before it where it does not reach into a version that is already closed.
    extra
        Columns of the table that are computed from the frame.

    Returns
    -------
    StoreCounts
        For layers without versions ``closed`` are the rows that were deleted.
    """
    layout = LAYOUTS[layer]
    # one writer at a time: the second sees what the first has stored; readers do not wait
    lock = sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE")
    bulk.run(connection, lock.format(sql.Identifier(layout.table)))
    flags = {"flags": _flags(layer, frame)}  # of a layer that keeps any
    given = _load(connection, layout, frame, flags | dict(extra or {}))
    _merge(connection, layout, given, now)
    counts = _count(connection)
    if layout.versioned:
        _close_changed(connection, layout, counts)
        _open(connection, layout, counts, now)
    else:
        _write_plain(connection, layout, counts)
    closed = _close_lacking(connection, layout, now) if mode == "replace" else 0
    if counts.get("added", 0) + counts.get("changed", 0) >= _WORTH_ANALYZING:
        # the planner must know at once, not when autovacuum comes by
        bulk.run(connection, sql.SQL("ANALYZE {}").format(sql.Identifier(layout.table)))
    for table in (_INCOMING, _MERGED):
        bulk.run(connection, sql.SQL("DROP TABLE pg_temp.{}").format(sql.Identifier(table)))
    return StoreCounts(
        counts.get("added", 0),
        counts.get("changed", 0) + counts.get("rewritten", 0),
        counts.get("same", 0),
        closed,
    )


def _flags(layer: str, frame: geopandas.GeoDataFrame) -> pd.Series:
    """Return what is noted with a row for good: its code is odd, and kept as given."""
    flags = np.full(len(frame), "", dtype=object)
    flags[list(find_irregular_codes(layer, frame))] = "irregular_code"
    return pd.Series(flags, index=frame.index, dtype="str")


def _load(
    connection: Connection,
    layout: Layout,
    frame: geopandas.GeoDataFrame,
    extra: dict[str, pd.Series],
) -> set[str]:
    """COPY the frame into a temporary table; return the columns it has values for."""
    if frame.crs is None or not frame.crs.equals(STORE_CRS):
        raise ValueError(f"a layer frame is in {STORE_CRS}, not {frame.crs}")
    given: dict[str, tuple[str, pd.Series]] = {}
    for column in stored_columns(layout):
        values = extra.get(column.name, frame.get(column.name))
        computed = column in layout.written and column.name in extra  # none is a value too
        if values is not None and (computed or values.notna().any()):
            given[column.name] = (_copied(column), values)
    if "valid_from" in frame and layout.versioned:
        given["valid_from"] = ("instant", frame["valid_from"])
    given["geom"] = ("geometry", frame.geometry)
    types = {
        "text": "text",
        "integer": "integer",
        "float": "float8",
        "boolean": "boolean",
        "instant": "timestamptz",
    }
    definitions = [
        sql.SQL("{} {}").format(
            sql.Identifier(name), sql.SQL(types.get(kind, "geometry(Geometry, 4490)"))
        )
        for name, (kind, _) in given.items()
    ]
    bulk.run(
        connection,
        sql.SQL("CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP").format(
            table=sql.Identifier(_INCOMING), columns=sql.SQL(", ").join(definitions)
        ),
    )
    bulk.copy_rows(connection, _INCOMING, given)
    bulk.run(connection, sql.SQL("ANALYZE pg_temp.{}").format(sql.Identifier(_INCOMING)))
    return set(given)


def _merge(connection: Connection, layout: Layout, given: set[str], now: datetime) -> None:
    """Set the incoming rows beside what is stored, and tell what is to be done with each.

    They stay in the order of the file, whichever way the database joins them: exports follow it.
    """
    finals = [
        sql.SQL("{} AS {}").format(_final(column, given), sql.Identifier(column.name))
        for column in stored_columns(layout)
    ]
    # a layer that can do without shapes keeps the shape it has
    geometry = sql.SQL("COALESCE(i.geom, t.geom)" if layout.layer == "divisions" else "i.geom")
    same = sql.SQL(" AND ").join(
        [
            sql.SQL("{} IS NOT DISTINCT FROM {}").format(
                _final(column, given), sql.Identifier("t", column.name)
            )
            for column in stored_columns(layout)
        ]
        + [_same_shape(geometry)]
    )
    statement = sql.SQL("""
        CREATE TEMP TABLE {merged} ON COMMIT DROP AS
        SELECT {finals}, {geometry} AS geom, t.id AS current_id, {times},
               CASE WHEN t.id IS NULL THEN 'added' WHEN {same} THEN 'same' ELSE 'changed' END
               AS state
          FROM pg_temp.{incoming} i
          LEFT JOIN {table} t ON {joined}
         ORDER BY i.ctid
    """).format(
        merged=sql.Identifier(_MERGED),
        finals=sql.SQL(", ").join(finals),
        geometry=geometry,
        times=_times(layout, given),
        same=same,
        incoming=sql.Identifier(_INCOMING),
        table=sql.Identifier(layout.table),
        joined=_joined(layout, given),
    )
    bulk.run(connection, statement, {"now": now})
    if layout.versioned:  # opened at this very instant: there is nothing to keep of it
        bulk.run(
            connection,
            sql.SQL(
                "UPDATE pg_temp.{} SET state = 'rewritten'"
                " WHERE state = 'changed' AND current_from >= start"
            ).format(sql.Identifier(_MERGED)),
        )


def _same_shape(geometry: sql.Composable) -> sql.Composable:
    # byte for byte: `=` of geometries; NULL shapes are equal
    return sql.SQL("({0} IS NULL AND t.geom IS NULL OR COALESCE({0} = t.geom, false))").format(
        geometry
    )


def _times(layout: Layout, given: set[str]) -> sql.Composable:
    """Return when a new version begins, and when the current one did."""
    if not layout.versioned:
        return sql.SQL("CAST(%(now)s AS timestamptz) AS start, NULL::timestamptz AS current_from")
    own = sql.SQL("LEAST(i.valid_from, %(now)s)" if "valid_from" in given else "NULL::timestamptz")
    return sql.SQL("""
        CASE WHEN t.id IS NULL THEN GREATEST(
                 COALESCE({own}, %(now)s),
                 (SELECT max(old.valid_to) FROM {table} old WHERE {same_key}))
             WHEN {own} > t.valid_from THEN {own}
             ELSE %(now)s END AS start,
        t.valid_from AS current_from""").format(
        own=own,
        table=sql.Identifier(layout.table),
        same_key=sql.SQL(" AND ").join(
            sql.SQL("old.{} = {}").format(sql.Identifier(name), _key_value(layout, name, given))
            for name in layout.key
        ),
    )


def _count(connection: Connection) -> dict[str, int]:
    statement = sql.SQL("SELECT state, count(*) FROM pg_temp.{} GROUP BY state")
    return {
        state: int(count)
        for state, count in bulk.run(connection, statement.format(sql.Identifier(_MERGED)))
    }


def _close_changed(connection: Connection, layout: Layout, counts: dict[str, int]) -> None:
    if counts.get("changed"):
        bulk.run(
            connection,
            sql.SQL(
                "UPDATE {} t SET valid_to = m.start FROM pg_temp.{} m"
                " WHERE t.id = m.current_id AND m.state = 'changed'"
            ).format(sql.Identifier(layout.table), sql.Identifier(_MERGED)),
        )


def _open(connection: Connection, layout: Layout, counts: dict[str, int], now: datetime) -> None:
    if counts.get("added") or counts.get("changed"):
        names = _names(layout)
        bulk.run(
            connection,
            sql.SQL(
                "INSERT INTO {table} ({names}, valid_from)"
                " SELECT {names}, start FROM pg_temp.{merged}"
                " WHERE state IN ('added', 'changed') ORDER BY {key}"
            ).format(
                table=sql.Identifier(layout.table),
                names=names,
                merged=sql.Identifier(_MERGED),
                key=sql.SQL(", ").join(map(sql.Identifier, layout.key)),
            ),
        )
    if counts.get("rewritten"):
        _overwrite(connection, layout, "rewritten")


def _write_plain(connection: Connection, layout: Layout, counts: dict[str, int]) -> None:
    added = counts.get("added", 0)
    if added:
        insert = sql.SQL(
            "INSERT INTO {table} ({names}) SELECT {names} FROM pg_temp.{merged}"
            " WHERE state = 'added'"
        ).format(
            table=sql.Identifier(layout.table),
            names=_names(layout),
            merged=sql.Identifier(_MERGED),
        )
        first_load = added >= _MANY and not _holds_rows(connection, layout)
        with bulk.indexes_aside(connection, layout.table) if first_load else nullcontext():
            bulk.run(connection, insert)
    if counts.get("changed"):
        _overwrite(connection, layout, "changed")


def _holds_rows(connection: Connection, layout: Layout) -> bool:
    query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(layout.table))
    return bool(bulk.run(connection, query)[0][0])


def _overwrite(connection: Connection, layout: Layout, state: str) -> None:
    names = [*(column.name for column in stored_columns(layout)), "geom"]
    bulk.run(
        connection,
        sql.SQL(
            "UPDATE {table} t SET {settings} FROM pg_temp.{merged} m"
            " WHERE t.id = m.current_id AND m.state = %(state)s"
        ).format(
            table=sql.Identifier(layout.table),
            settings=sql.SQL(", ").join(
                sql.SQL("{} = m.{}").format(sql.Identifier(n), sql.Identifier(n)) for n in names
            ),
            merged=sql.Identifier(_MERGED),
        ),
        {"state": state},
    )


def _close_lacking(connection: Connection, layout: Layout, now: datetime) -> int:
    """End what the frame lacks within the divisions it covers; return how many."""
    scope: tuple[str, ...] = ("village_code",) if layout.scope else ()
    if layout.layer == "divisions":
        scope = ("level", "parent_code")
    keys, scopes = (
        sql.SQL(" AND ").join(
            [
                sql.SQL("true"),
                *(sql.SQL("m.{0} = t.{0}").format(sql.Identifier(name)) for name in names),
            ]
        )
        for names in (layout.key, scope)
    )
    network = (
        sql.SQL("EXISTS (SELECT FROM pg_temp.{} m WHERE m.network = t.network)").format(
            sql.Identifier(_MERGED)
        )
        if "network" in layout.key
        else sql.SQL("true")
    )
    lacking = sql.SQL(
        "EXISTS (SELECT FROM pg_temp.{merged} m WHERE {scopes}) AND {network}"
        " AND NOT EXISTS (SELECT FROM pg_temp.{merged} m WHERE {keys})"
    ).format(merged=sql.Identifier(_MERGED), scopes=scopes, keys=keys, network=network)
    table = sql.Identifier(layout.table)
    if not layout.versioned:
        delete = sql.SQL("DELETE FROM {} t WHERE {} RETURNING t.id").format(table, lacking)
        return len(bulk.run(connection, delete))
    parameters = {"now": now}
    never = sql.SQL(
        "DELETE FROM {} t"
        " WHERE t.valid_to IS NULL AND t.valid_from >= %(now)s AND {} RETURNING t.id"
    ).format(table, lacking)
    ended = sql.SQL(
        "UPDATE {} t SET valid_to = %(now)s WHERE t.valid_to IS NULL AND {} RETURNING t.id"
    ).format(table, lacking)
    return len(bulk.run(connection, never, parameters)) + len(
        bulk.run(connection, ended, parameters)
    )


def _names(layout: Layout) -> sql.Composable:
    names = [*(column.name for column in stored_columns(layout)), "geom"]
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _joined(layout: Layout, given: set[str]) -> sql.Composable:
    conditions: list[sql.Composable] = [
        sql.SQL("t.{} = {}").format(sql.Identifier(name), _key_value(layout, name, given))
        for name in layout.key
    ]
    if layout.versioned:
        conditions.append(sql.SQL("t.valid_to IS NULL"))
    return sql.SQL(" AND ").join(conditions)


def _key_value(layout: Layout, name: str, given: set[str]) -> sql.Composable:
    column = next(column for column in layout.columns if column.name == name)
    return _incoming(column) if name in given else sql.SQL(column.default)


def _final(column: Column, given: set[str]) -> sql.Composable:
    """Return what a column will hold: the incoming value, else what is stored, else its default."""
    if column.name in given:
        return sql.SQL("COALESCE({}, {})").format(_incoming(column), sql.SQL(column.default))
    stored = sql.Identifier("t", column.name)
    return sql.SQL("COALESCE({}, {})").format(stored, sql.SQL(column.default))


def _incoming(column: Column) -> sql.Composable:
    name = sql.Identifier("i", column.name)
    if column.kind == "list":
        return sql.SQL("string_to_array({}, ';')").format(name)
    if column.kind == "counts":
        return sql.SQL("{}::jsonb").format(name)
    return name


def _copied(column: Column) -> str:
    return "text" if column.kind in ("list", "counts") else column.kind
