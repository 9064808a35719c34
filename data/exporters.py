"""Layers leaving the store: one snapshot, streamed row by row through a server-side cursor.

The database writes the JSON; Python only joins rows, so memory stays flat however long the layer.
Coordinates carry 9 decimals, the store's lattice: a file read back is equal to the store.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, TextClause, text

from data import workspace

FORMATS = ("geojson", "geojsonl", "csv")
ROWS_A_FETCH = 2000
NOTICE = {
    "zh": "示例数据：边界、住户与中心均为合成，不代表实际情况。",
    "en": "SYNTHETIC sample data: lines, households and centers are invented.",
}
# A spreadsheet runs a cell that starts with one of these; the apostrophe makes it text.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Shape(NamedTuple):
    """How a layer leaves: its table, its columns in order, and whether it has a history."""

    table: str
    columns: str
    scope_column: str
    points: bool
    versioned: bool


SHAPES: dict[str, Shape] = {
    "divisions": Shape(
        "division",
        "code, name, level, parent_code, urban_rural_class, area_type, residents, flags, "
        "valid_from, valid_to",
        "code",
        points=False,
        versioned=True,
    ),
    "natural_villages": Shape(
        "natural_village",
        "code, name, village_code, households, residents, registered, flags, valid_from, valid_to",
        "COALESCE(village_code, code)",
        points=False,
        versioned=True,
    ),
    "grids": Shape(
        "grid",
        "code, name, village_code, kind, parent_code, network, flags, valid_from, valid_to",
        "COALESCE(village_code, code)",
        points=False,
        versioned=True,
    ),
    "households": Shape(
        "household",
        "code, address, village_code, natural_village_code, residents, registered, children, "
        "elderly, aged_80, needs, flags",
        "COALESCE(village_code, code)",
        points=True,
        versioned=False,
    ),
    "centers": Shape(
        "center",
        "code, name, level, village_code, address, services, capacity, floor_area_m2, flags, "
        "valid_from, valid_to",
        "COALESCE(village_code, code)",
        points=True,
        versioned=True,
    ),
}

# ST_AsGeoJSON: option 0 leaves out the `crs` member that SRID 4490 would get; rings are turned
# counter-clockwise as RFC 7946 asks.
_FEATURES = """
SELECT '{"type":"Feature","geometry":'
       || COALESCE(ST_AsGeoJSON(ST_ForcePolygonCCW(geom), 9, 0), 'null')
       || ',"properties":'
       || (SELECT CAST(row_to_json(named) AS text) FROM (SELECT {columns}) AS named) || '}'
FROM {table}
WHERE {where}
ORDER BY id
"""
_TABLE = """
SELECT {columns}, {place}
FROM {table}
WHERE {where}
ORDER BY id
"""
_POINT_PLACE = "round(CAST(ST_X(geom) AS numeric), 9), round(CAST(ST_Y(geom) AS numeric), 9)"
_POLYGON_PLACE = "ST_AsText(ST_ForcePolygonCCW(geom), 9)"
_SCOPED = "(CAST(:scope AS text) IS NULL OR starts_with({scope_column}, :scope))"
_IN_FORCE = """
    ((CAST(:at AS timestamptz) IS NULL AND valid_to IS NULL)
     OR (valid_from <= :at AND (valid_to IS NULL OR valid_to > :at)))
"""


def stream(
    connection: Connection,
    layer: str,
    file_format: str,
    *,
    scope: str | None = None,
    at: datetime | None = None,
) -> Iterator[bytes]:
    """Stream a layer as a file, in EPSG:4490 (lon, lat), from the snapshot of ``connection``.

    Parameters
    ----------
    layer
        One of :data:`SHAPES`.
    file_format
        ``geojson`` (one FeatureCollection, RFC 7946), ``geojsonl`` (one feature a line) or
        ``csv`` (UTF-8 with BOM, points as ``lon``, ``lat``, polygons as ``wkt``; cells that a
        spreadsheet would run start with an apostrophe).
    scope
        Only rows whose division code starts with this; None for all.
    at
        The rows in force at that instant; None for now. Households have no history.

    Yields
    ------
    bytes
        Pieces of the file; closing the iterator early releases the cursor.

    Raises
    ------
    KeyError
        For an unknown layer or format, before anything is read.
    """
    shape = SHAPES[layer]
    parameters = {"scope": scope, "at": at} if shape.versioned else {"scope": scope}
    writer = {"geojson": _collection, "geojsonl": _lines, "csv": _csv}[file_format]
    return writer(connection, layer, shape, parameters)


def _where(shape: Shape) -> str:
    scoped = _SCOPED.replace("{scope_column}", shape.scope_column)
    return f"{scoped} AND {_IN_FORCE}" if shape.versioned else scoped


def _statement(template: str, shape: Shape) -> TextClause:
    """Fill a statement's places from this module's constants; values stay parameters."""
    return text(
        template.replace("{table}", shape.table)
        .replace("{columns}", shape.columns)
        .replace("{place}", _POINT_PLACE if shape.points else _POLYGON_PLACE)
        .replace("{where}", _where(shape))
        # A colon before a word would be read as a parameter of ours.
        .replace('"type":"Feature"', '"type"\\:"Feature"')
    )


def _fetch(
    connection: Connection, statement: TextClause, parameters: dict[str, Any]
) -> Iterator[Sequence[Any]]:
    # Per statement: set on the connection, the option would stay for whoever uses it next.
    options = {"stream_results": True, "max_row_buffer": ROWS_A_FETCH}
    with connection.execute(statement, parameters, execution_options=options) as result:
        yield from result.partitions(ROWS_A_FETCH)


def _lines(
    connection: Connection, layer: str, shape: Shape, parameters: dict[str, Any]
) -> Iterator[bytes]:
    for rows in _fetch(connection, _statement(_FEATURES, shape), parameters):
        yield ("\n".join(row[0] for row in rows) + "\n").encode()


def _collection(
    connection: Connection, layer: str, shape: Shape, parameters: dict[str, Any]
) -> Iterator[bytes]:
    head: dict[str, Any] = {"type": "FeatureCollection", "name": layer}
    if workspace.fetch_value(connection, "synthetic"):
        head |= {"synthetic": True, "notice": f"{NOTICE['zh']} {NOTICE['en']}"}
    yield (json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n').encode()
    first = True
    for rows in _fetch(connection, _statement(_FEATURES, shape), parameters):
        yield (("" if first else ",\n") + ",\n".join(row[0] for row in rows)).encode()
        first = False
    yield b"\n]}\n"


def _csv(
    connection: Connection, layer: str, shape: Shape, parameters: dict[str, Any]
) -> Iterator[bytes]:
    names = [column.strip() for column in shape.columns.split(",")]
    place = ["lon", "lat"] if shape.points else ["wkt"]
    yield b"\xef\xbb\xbf" + _csv_lines([names + place])
    for rows in _fetch(connection, _statement(_TABLE, shape), parameters):
        yield _csv_lines([[_cell(value) for value in row] for row in rows])


def _csv_lines(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return "'" + value if value.startswith(_FORMULA_STARTS) else value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(map(str, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return str(value)
