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
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from data import joint_villages, workspace
from data.lines import LAYER as LINES
from data.lines import Lines, check_layer, fetch_draft
from data.spreadsheet import Kind, Sheet, guard_cell, write_workbook
from geo.frames import LAYERS, Field
from geo.sentences.sentence import Language

FORMATS = ("geojson", "geojsonl", "csv", "xlsx")
ROWS_A_FETCH = 2000
NOTICE = {
    "zh": "示例数据：边界、住户与中心均为合成，不代表实际情况。",
    "en": "SYNTHETIC sample data: lines, households and centers are invented.",
}


class Shape(NamedTuple):
    """How a layer leaves: its table, its columns in order, and whether it has a history.

    Without ``scope_column`` rows belong to no division: those that meet the division asked for.
    """

    table: str
    columns: str
    scope_column: str | None
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
    "roads": Shape(
        "road",
        "code, name, road_class, oneway, speed_kmh, bridge",
        None,
        points=False,
        versioned=False,
    ),
    "barriers": Shape("barrier", "code, name, kind", None, points=False, versioned=False),
    # its source says itself which versions are meant
    joint_villages.LAYER: Shape("", joint_villages.COLUMNS, "code", points=False, versioned=False),
}

# ST_AsGeoJSON: option 0 leaves out the `crs` member that SRID 4490 would get; rings are turned
# counter-clockwise as RFC 7946 asks.
_FEATURES = """
SELECT '{"type":"Feature","geometry":'
       || COALESCE(ST_AsGeoJSON({turned}, 9, 0), 'null')
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
# ST_ForcePolygonCCW turns lines round too, and with them the one-way roads.
_TURNED = "CASE ST_Dimension(geom) WHEN 1 THEN geom ELSE ST_ForcePolygonCCW(geom) END"
_PLACE = f"ST_AsText({_TURNED}, 9)"
_SCOPED = "(CAST(:scope AS text) IS NULL OR starts_with({scope_column}, :scope))"
_MEETING = """(CAST(:scope AS text) IS NULL OR ST_Intersects(geom, (
    SELECT ST_Union(d.geom) FROM division d WHERE d.code = :scope AND d.valid_to IS NULL)))"""


def stream(
    connection: Connection,
    layer: str,
    file_format: str,
    *,
    scope: str | None = None,
    at: datetime | None = None,
    plan: UUID | None = None,
    language: Language = "zh",
    about: Sequence[tuple[str, str]] = (),
) -> Iterator[bytes]:
    """Stream a layer as a file, in EPSG:4490 (lon, lat), from the snapshot of ``connection``.

    Parameters
    ----------
    layer
        One of :data:`SHAPES`.
    file_format
        ``geojson`` (one FeatureCollection, RFC 7946), ``geojsonl`` (one feature a line),
        ``csv`` (UTF-8 with BOM, points as ``lon``, ``lat``, all else as ``wkt``; cells that a
        spreadsheet would run start with an apostrophe) or ``xlsx`` (headings in words, points
        alike, other shapes left out, for a cell holds too little; comes as one piece).
    scope
        Only rows whose division code starts with this; None for all. Roads and barriers: those
        that meet the division of this code.
    at
        The rows in force at that instant; None for now. Households, roads and barriers have no
        history.
    plan
        The draft of this plan, of grids and joint villages only; GeoJSON names the plan and its
        revision.
    language, about
        Of a workbook: words of the headings, and lines for its second sheet.

    Yields
    ------
    bytes
        Pieces of the file; closing the iterator early releases the cursor.

    Raises
    ------
    KeyError
        For an unknown layer or format, before anything is read.
    ParameterError
        ``plan_without_lines``, ``plan_with_date``.
    """
    lines = Lines(at, plan, network=None)
    check_layer(layer, lines)
    shape = SHAPES[layer]
    if layer == LINES:
        shape = shape._replace(table=lines.table)
    if layer == joint_villages.LAYER:
        lines = Lines(at, plan)  # counted are the grids of the planned network, or of the draft's
        shape = shape._replace(table=joint_villages.source(lines))
    asked = _Asked(layer, shape, lines, scope)
    if file_format == "xlsx":
        return _workbook(connection, asked, language, about)
    writer = {"geojson": _collection, "geojsonl": _features, "csv": _csv}[file_format]
    return writer(connection, asked)


class _Asked(NamedTuple):
    layer: str
    shape: Shape
    lines: Lines
    scope: str | None


def _where(asked: _Asked) -> str:
    column = asked.shape.scope_column
    scoped = _SCOPED.replace("{scope_column}", column) if column else _MEETING
    if not asked.shape.versioned:
        return scoped
    meant = asked.lines.condition() if asked.layer == LINES else asked.lines.moment()
    return f"{scoped} AND {meant}"


def _statement(template: str, asked: _Asked) -> TextClause:
    """Fill a statement's places from this module's constants; values stay parameters."""
    shape = asked.shape
    return text(
        template.replace("{table}", shape.table)
        .replace("{columns}", shape.columns)
        .replace("{place}", _POINT_PLACE if shape.points else _PLACE)
        .replace("{turned}", _TURNED)
        .replace("{where}", _where(asked))
        # A colon before a word would be read as a parameter of ours.
        .replace('"type":"Feature"', '"type"\\:"Feature"')
    )


def _fetch(connection: Connection, template: str, asked: _Asked) -> Iterator[Sequence[Any]]:
    # Per statement: set on the connection, the option would stay for whoever uses it next.
    options = {"stream_results": True, "max_row_buffer": ROWS_A_FETCH}
    statement = _statement(template, asked)
    parameters = {"scope": asked.scope, **asked.lines.parameters}
    with connection.execute(statement, parameters, execution_options=options) as result:
        yield from result.partitions(ROWS_A_FETCH)


def _features(connection: Connection, asked: _Asked) -> Iterator[bytes]:
    for rows in _fetch(connection, _FEATURES, asked):
        yield ("\n".join(row[0] for row in rows) + "\n").encode()


def _collection(connection: Connection, asked: _Asked) -> Iterator[bytes]:
    head: dict[str, Any] = {"type": "FeatureCollection", "name": asked.layer}
    plan = asked.lines.plan
    draft = None if plan is None else fetch_draft(connection, plan)
    if draft is not None:  # nobody shall take it for the lines in force
        head |= {"plan": str(plan), "revision": draft.revision}
    if workspace.fetch_value(connection, "synthetic"):
        head |= {"synthetic": True, "notice": f"{NOTICE['zh']} {NOTICE['en']}"}
    yield (json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n').encode()
    first = True
    for rows in _fetch(connection, _FEATURES, asked):
        yield (("" if first else ",\n") + ",\n".join(row[0] for row in rows)).encode()
        first = False
    yield b"\n]}\n"


def _csv(connection: Connection, asked: _Asked) -> Iterator[bytes]:
    names = [column.strip() for column in asked.shape.columns.split(",")]
    place = ["lon", "lat"] if asked.shape.points else ["wkt"]
    yield b"\xef\xbb\xbf" + _csv_lines([names + place])
    for rows in _fetch(connection, _TABLE, asked):
        yield _csv_lines([[_cell(value) for value in row] for row in rows])


def _workbook(
    connection: Connection, asked: _Asked, language: Language, about: Sequence[tuple[str, str]]
) -> Iterator[bytes]:
    names = [column.strip() for column in asked.shape.columns.split(",")]
    place = ["lon", "lat"] if asked.shape.points else []
    pages = _fetch(connection, _TABLE, asked)
    width = len(names) + len(place)
    rows = ([_value(value) for value in row[:width]] for page in pages for row in page)
    zh = language == "zh"
    title = _title(asked.layer, language)
    notes = list(about)
    if workspace.fetch_value(connection, "synthetic"):
        notes.append(("数据" if zh else "data", NOTICE[language]))
    yield write_workbook(
        [
            Sheet(
                title,
                [_heading(asked.layer, name, language) for name in [*names, *place]],
                [_kind(asked.layer, name) for name in [*names, *place]],
                rows,
            ),
            Sheet(
                "说明" if zh else "about",
                ("项目", "内容") if zh else ("item", "value"),
                ("text", "text"),
                notes,
            ),
        ]
    )


# Columns of the store that no file brings in.
_WORDS: dict[str, dict[Language, str]] = {
    "lon": {"zh": "经度", "en": "longitude"},
    "lat": {"zh": "纬度", "en": "latitude"},
    "parent_code": {"zh": "上级编码", "en": "parent code"},
    "flags": {"zh": "标记", "en": "flags"},
    "valid_to": {"zh": "停用日期", "en": "valid to"},
    "code": {"zh": "编码", "en": "code"},
    "name": {"zh": "名称", "en": "name"},
    "township_code": {"zh": "乡镇编码", "en": "township code"},
    "members": {"zh": "成员村", "en": "member villages"},
    "households": {"zh": "户数", "en": "households"},
    "residents": {"zh": "常住人口", "en": "residents"},
    "grids": {"zh": "网格数", "en": "grids"},
    "valid_from": {"zh": "启用日期", "en": "valid from"},
}
_KINDS: dict[str, Kind] = {
    "count": "whole",
    "number": "number",
    "speed": "number",
    "flag": "flag",
}


def _title(layer: str, language: Language) -> str:
    if layer == joint_villages.LAYER:
        return {"zh": "联村", "en": "joint villages"}[language]
    return str(getattr(LAYERS[layer], language))


def _field(layer: str, name: str) -> Field | None:
    fields = LAYERS[layer].fields if layer in LAYERS else ()
    return {field.name: field for field in fields}.get(name)


def _heading(layer: str, name: str, language: Language) -> str:
    field = _field(layer, name)
    if field is None:
        return _WORDS.get(name, {}).get(language, name)
    return field.zh if language == "zh" else field.en


def _kind(layer: str, name: str) -> Kind:
    if name in ("lon", "lat"):
        return "place"
    if layer == joint_villages.LAYER and name in ("households", "residents", "grids"):
        return "whole"
    field = _field(layer, name)
    return "text" if field is None else _KINDS.get(field.kind, "text")


def _value(value: object) -> object:
    """Return numbers as numbers, everything else as the text of a cell."""
    if isinstance(value, Decimal):
        return float(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return _cell(value)


def _csv_lines(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guard_cell(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(map(str, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return str(value)
