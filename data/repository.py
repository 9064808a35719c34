"""Reading a layer: as a frame, one thing by code, a page; the same way for every layer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import geopandas
import shapely
from psycopg2 import sql
from sqlalchemy import Connection

from data import bulk
from data.errors import ParameterError
from data.layouts import LAYOUTS, Column, Layout, arrow_types, make_frame, read_columns
from data.lines import Lines, check_layer, for_driver
from geo.problems import Problem

Row = dict[str, Any]


class Page(NamedTuple):
    """Some rows in order, and how many there are in all."""

    total: int
    rows: list[Row]


def fetch_frame(
    connection: Connection,
    layer: str,
    *,
    scope: str | None = None,
    at: datetime | None = None,
    lines: Lines | None = None,
) -> geopandas.GeoDataFrame:
    """Return a layer as a frame in EPSG:4490, ordered by key.

    Parameters
    ----------
    scope
        Division code; rows whose division code begins with it. Layers without divisions come whole.
    at
        Instant whose versions are asked, None for those in force.
    lines
        Of grids, instead of ``at``: of one network, or of a draft.

    Returns
    -------
    GeoDataFrame
        RangeIndex; ``id``, the columns of ``geo.frames``, ``flags``, for versioned layers
        ``valid_from`` and ``valid_to``, for grids their ``network`` and indicators.
    """
    layout = LAYOUTS[layer]
    lines = lines or Lines(at=at, network=None)
    if layout.geometry == "point":
        shape = sql.SQL("ST_X(t.geom), ST_Y(t.geom)")
    else:
        shape = sql.SQL("encode(ST_AsBinary(t.geom), 'hex')")
    query = sql.SQL(
        "SELECT {columns}, {shape} FROM {source} WHERE {where} ORDER BY {order}"
    ).format(
        columns=_selected(layout, lines),
        shape=shape,
        source=_source(layout, lines),
        where=_where(layout, lines),
        order=_order(layout),
    )
    parameters = {"scope": prefix_of(scope), **lines.parameters}
    return make_frame(layout, bulk.fetch_table(connection, query, parameters, arrow_types(layout)))


def fetch_one(
    connection: Connection,
    layer: str,
    column: str,
    value: str | int,
    *,
    at: datetime | None = None,
    lines: Lines | None = None,
) -> Row | None:
    """Return one thing as a dict with a shapely ``geometry``, or None."""
    layout = LAYOUTS[layer]
    lines = lines or Lines(at=at, network=None)
    query = sql.SQL(
        "SELECT {columns}, ST_AsBinary(t.geom) FROM {source}"
        " WHERE {where} AND t.{column} = %(value)s ORDER BY {order} LIMIT 1"
    ).format(
        columns=_selected(layout, lines),
        source=_source(layout, lines),
        where=_where(layout, lines),
        column=sql.Identifier(column),
        order=_order(layout),
    )
    rows = bulk.run(connection, query, {"scope": None, "value": value, **lines.parameters})
    return _row(layout, rows[0]) if rows else None


def fetch_history(connection: Connection, layer: str, code: str) -> list[Row]:
    """Return ``valid_from`` and ``valid_to`` of every version of a code, oldest first."""
    query = sql.SQL(
        "SELECT valid_from, valid_to FROM {table} WHERE code = %(code)s ORDER BY valid_from"
    ).format(table=sql.Identifier(LAYOUTS[layer].table))
    rows = bulk.run(connection, query, {"code": code})
    return [{"valid_from": start, "valid_to": end} for start, end in rows]


def fetch_page(
    connection: Connection,
    layer: str,
    *,
    bbox: Sequence[float] | None = None,
    parent: str | None = None,
    text: str | None = None,
    sort: str = "code",
    descending: bool = False,
    offset: int = 0,
    limit: int = 100,
    at: datetime | None = None,
    lines: Lines | None = None,
) -> Page:
    """Return a page of a layer.

    Parameters
    ----------
    bbox
        West, south, east, north in lon/lat: shapes that meet the box.
    parent
        Division code the rows must lie in.
    text
        Part of a code or a name.
    sort
        A column of the layer; ties by code, missing values last.

    Raises
    ------
    ParameterError
        ``invalid_parameter`` for a column the layer does not have.
    """
    layout = LAYOUTS[layer]
    lines = lines or Lines(at=at, network=None)
    names = [column.name for column in read_columns(layout)]
    if sort not in names:
        details = {"parameter": "sort", "reason": ", ".join(names)}
        raise ParameterError(Problem("invalid_parameter", details))
    where = sql.SQL(" AND ").join([_where(layout, lines), *matching(layout, bbox=bbox, text=text)])
    direction = sql.SQL("DESC NULLS LAST" if descending else "ASC NULLS LAST")
    source = _source(layout, lines)
    parameters = match_parameters(bbox, text) | {
        **lines.parameters,
        "scope": prefix_of(parent),
        "offset": offset,
        "limit": limit,
    }
    counting = sql.SQL("SELECT count(*) FROM {source} WHERE {where}")
    total = bulk.run(connection, counting.format(source=source, where=where), parameters)[0][0]
    query = sql.SQL(
        "SELECT {columns}, ST_AsBinary(t.geom) FROM {source} WHERE {where}"
        " ORDER BY {sort} {direction}, t.code, t.id LIMIT %(limit)s OFFSET %(offset)s"
    ).format(
        columns=_selected(layout, lines),
        source=source,
        where=where,
        sort=_qualified(layout, sort, lines),
        direction=direction,
    )
    rows = bulk.run(connection, query, parameters)
    return Page(int(total), [_row(layout, row) for row in rows])


def matching(
    layout: Layout, *, bbox: Sequence[float] | None, text: str | None
) -> list[sql.Composable]:
    """Return conditions for a box and a part of a code or name."""
    found: list[sql.Composable] = []
    if bbox is not None:
        found.append(
            sql.SQL(
                "ST_Intersects(t.geom, ST_MakeEnvelope("
                "%(west)s, %(south)s, %(east)s, %(north)s, 4490))"
            )
        )
    if text:
        named = any(column.name == "name" for column in layout.columns)
        found.append(
            sql.SQL("(strpos(t.code, %(text)s) > 0 OR strpos(lower(t.name), lower(%(text)s)) > 0)")
            if named
            else sql.SQL("strpos(t.code, %(text)s) > 0")
        )
    return found


def match_parameters(bbox: Sequence[float] | None, text: str | None) -> Row:
    """Return the values for :func:`matching`."""
    west, south, east, north = bbox if bbox is not None else (None, None, None, None)
    return {"west": west, "south": south, "east": east, "north": north, "text": text}


def prefix_of(scope: str | None) -> str | None:
    """Return the LIKE pattern of codes that begin with ``scope``; None for no scope."""
    if not scope:
        return None
    return scope.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def numbers_of(lines: Lines) -> str:
    """Return the alias that has the numbers of grids read as ``t``: a draft's rows carry them."""
    return "i" if lines.plan is None else "t"


def _selected(layout: Layout, lines: Lines) -> sql.Composable:
    return sql.SQL(", ").join([_read(layout, column, lines) for column in read_columns(layout)])


def _read(layout: Layout, column: Column, lines: Lines) -> sql.Composable:
    name = _qualified(layout, column.name, lines)
    if column.kind == "list":
        return sql.SQL("array_to_string({}, ';')").format(name)
    if column.kind == "counts":
        return sql.SQL("{}::text").format(name)
    return name


def _qualified(layout: Layout, name: str, lines: Lines) -> sql.Composable:
    is_extra = any(column.name == name for column in layout.extra)
    return sql.Identifier(numbers_of(lines) if is_extra else "t", name)


def source_of(lines: Lines) -> sql.Composable:
    """Return what stands behind FROM for grids as ``t`` with their numbers (:func:`numbers_of`)."""
    table = for_driver(f"{lines.table} t")
    if lines.plan is not None:
        return table
    return table + sql.SQL(" LEFT JOIN grid_indicator i ON i.grid_id = t.id")


def _source(layout: Layout, lines: Lines) -> sql.Composable:
    check_layer(layout.layer, lines)
    if layout.extra:
        return source_of(lines)
    return sql.SQL("{} t").format(sql.Identifier(layout.table))


def _where(layout: Layout, lines: Lines) -> sql.Composable:
    if layout.extra:
        meant = lines.condition("t")
    else:
        meant = lines.moment("t") if layout.versioned else "true"
    if layout.scope is None:
        return for_driver(meant)
    scoped = sql.SQL("(%(scope)s IS NULL OR {} LIKE %(scope)s)").format(
        sql.Identifier("t", layout.scope)
    )
    return for_driver(meant) + sql.SQL(" AND ") + scoped


def _order(layout: Layout) -> sql.Composable:
    names = [sql.Identifier("t", name) for name in (*reversed(layout.key), "id")]
    return sql.SQL(", ").join(names)


def _row(layout: Layout, values: tuple[Any, ...]) -> Row:
    names = [column.name for column in read_columns(layout)]
    row: Row = dict(zip(names, values[:-1], strict=True))
    for column in read_columns(layout):
        if column.kind == "list":
            row[column.name] = [word for word in row[column.name].split(";") if word]
    wkb = values[-1]
    row["geometry"] = None if wkb is None else shapely.from_wkb(bytes(wkb))
    return row
