"""Addresses of households and names of places: as a whole for an index, and row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
from psycopg2 import sql
from sqlalchemy import Connection, text

from data import bulk
from data.lines import IN_FORCE, Lines
from data.repository import prefix_of

# What an index of addresses is made from.
LAYERS = ("divisions", "natural_villages", "households", "aliases")

Row = dict[str, Any]

# Grids of the lines asked for, then centers, by their codes.
_NAMED = """
    WITH named AS (
        SELECT 'grid' AS kind, code, name, village_code, geom
          FROM {table} lines WHERE {meant} AND code = ANY (:grids)
        UNION ALL
        SELECT 'center', code, name, village_code, geom
          FROM center WHERE valid_to IS NULL AND code = ANY (:centers)
    )
    SELECT n.kind, n.code, n.name, n.village_code, v.name AS village, t.name AS township,
           ST_X(p.point) AS lon, ST_Y(p.point) AS lat,
           ST_XMin(n.geom) AS west, ST_YMin(n.geom) AS south,
           ST_XMax(n.geom) AS east, ST_YMax(n.geom) AS north
      FROM named n
      LEFT JOIN division v ON v.code = n.village_code AND v.valid_to IS NULL
      LEFT JOIN division t ON t.code = left(n.village_code, 9) AND t.valid_to IS NULL
     CROSS JOIN LATERAL (SELECT CASE WHEN n.geom IS NULL THEN NULL
                                     ELSE ST_PointOnSurface(n.geom) END AS point) p
"""

# Few different values: a million rows share them.
_SHARED = pa.dictionary(pa.int32(), pa.large_string())
_REGISTER_TYPES: dict[str, pa.DataType] = {
    "id": pa.int64(),
    "code": pa.large_string(),
    "address": pa.large_string(),
    "village_code": _SHARED,
    "natural_village_code": _SHARED,
    "locality": _SHARED,
    "group_no": pa.int32(),
    "number": pa.int32(),
    "sub_number": pa.int32(),
    "building": _SHARED,
    "unit": _SHARED,
    "room": _SHARED,
    "lon": pa.float64(),
    "lat": pa.float64(),
}
_REGISTER = sql.SQL("SELECT {columns}, ST_X(geom), ST_Y(geom) FROM household ORDER BY id").format(
    columns=sql.SQL(", ").join(
        sql.Identifier(name) for name in _REGISTER_TYPES if name not in ("lon", "lat")
    )
)
_DIVISIONS = """
    SELECT code, level, name, parent_code FROM division
     WHERE valid_to IS NULL ORDER BY code COLLATE "C"
"""
_NATURAL_VILLAGES = """
    SELECT code, name, village_code FROM natural_village
     WHERE valid_to IS NULL ORDER BY code COLLATE "C"
"""
_CENTERS = text("""
    SELECT code, name FROM center WHERE valid_to IS NULL ORDER BY code COLLATE "C"
""")
_ALIASES = """
    SELECT code, name, kind, valid_from, valid_to FROM place_name
     ORDER BY code COLLATE "C", name COLLATE "C", kind, valid_from
"""
_UNREAD = """
    SELECT code, village_code, address, address_fault AS fault FROM household
     WHERE address_fault <> '' AND (CAST(:scope AS text) IS NULL OR village_code LIKE :scope)
     ORDER BY code COLLATE "C" LIMIT :limit
"""
_UNREAD_FAULTS = text("""
    SELECT address_fault, count(*) FROM household
     WHERE address_fault <> '' AND (CAST(:scope AS text) IS NULL OR village_code LIKE :scope)
     GROUP BY 1 ORDER BY 2 DESC, 1
""")


class Names(NamedTuple):
    """Every name of a place the store has, as frames by code.

    Parameters
    ----------
    divisions
        In force: ``code``, ``level``, ``name``, ``parent_code``.
    natural_villages
        In force: ``code``, ``name``, ``village_code``.
    aliases
        Other names of divisions and natural villages: ``code``, ``name``, ``kind`` (official, old,
        other), ``valid_from``, ``valid_to`` (``datetime.date`` or None): told by files, and left
        over from versions that have ended.
    """

    divisions: pd.DataFrame
    natural_villages: pd.DataFrame
    aliases: pd.DataFrame


class Unread(NamedTuple):
    """Households whose address could not be read: how many by fault, and the first of them."""

    faults: dict[str, int]
    rows: list[Row]


def version_of(marks: Mapping[str, str]) -> str:
    """Return what changes with every write to the register or to a name of a place.

    Parameters
    ----------
    marks
        :func:`data.workspace.fetch_etags`.
    """
    return " ".join(marks[layer] for layer in LAYERS)


def fetch_register(connection: Connection) -> pd.DataFrame:
    """Return every household with its address as it was read; a million take a few seconds.

    Returns
    -------
    DataFrame
        RangeIndex, in the order of storing. ``id``; ``code``, ``address`` (str);
        ``village_code``, ``natural_village_code``, ``locality``, ``building``, ``unit``, ``room``
        (categories of text, ``""`` always among them; NA where there is no code); ``group_no``,
        ``number``, ``sub_number`` (Int32); ``lon``, ``lat``.
    """
    table = bulk.fetch_table(connection, _REGISTER, {}, _REGISTER_TYPES)
    columns: dict[str, Any] = {}
    for name, kind in _REGISTER_TYPES.items():
        values = table.column(name)
        if kind is _SHARED:
            columns[name] = _categories(values)
        elif pa.types.is_large_string(kind):
            columns[name] = values.to_pandas().astype("str")
        elif pa.types.is_int32(kind):
            columns[name] = values.to_pandas(integer_object_nulls=False).astype("Int32")
        else:
            columns[name] = values.to_numpy()
    return pd.DataFrame(columns)


def _categories(values: pa.ChunkedArray) -> pd.Series[Any]:
    series: pd.Series[Any] = values.unify_dictionaries().to_pandas()
    if not isinstance(series.dtype, pd.CategoricalDtype):  # of no rows
        series = series.astype("str").astype("category")
    if "" in series.cat.categories:
        return series
    return series.cat.add_categories([""])


def fetch_gazetteer(connection: Connection) -> Names:
    """Return every name of a place that an address may hold."""
    tables = []
    for statement in (_DIVISIONS, _NATURAL_VILLAGES, _ALIASES):
        found = connection.execute(text(statement))
        tables.append(pd.DataFrame(found.all(), columns=list(found.keys())))
    return Names(*tables)


def fetch_center_names(connection: Connection) -> dict[str, str]:
    """Return code → name of the centers in force, by code; ``""`` where there is no name."""
    return {row.code: row.name or "" for row in connection.execute(_CENTERS)}


def fetch_unread(
    connection: Connection, *, scope: str | None = None, limit: int | None = None
) -> Unread:
    """Return the households whose address could not be read, by code.

    Parameters
    ----------
    scope
        Division code the households' village must lie in.
    limit
        Most rows listed; None for all of them.

    Returns
    -------
    Unread
        Rows have ``code``, ``village_code``, ``address``, ``fault``.
    """
    asked = {"scope": prefix_of(scope), "limit": limit}
    faults = {row[0]: int(row[1]) for row in connection.execute(_UNREAD_FAULTS, asked)}
    rows = [dict(row) for row in connection.execute(text(_UNREAD), asked).mappings()]
    return Unread(faults, rows)


def fetch_named(
    connection: Connection,
    *,
    grids: Sequence[str] = (),
    centers: Sequence[str] = (),
    lines: Lines = IN_FORCE,
) -> list[Row]:
    """Return grids and centers by their codes.

    Parameters
    ----------
    lines
        Grids are those of these lines; centers are those of now.

    Returns
    -------
    list of dict
        In the order asked, without those there are none of. ``kind`` (grid, center), ``code``,
        ``name``, ``village_code``, ``village`` and ``township`` (names), ``lon``, ``lat`` of a
        point inside, ``bbox`` (west, south, east, north) or None.
    """
    order = {("grid", code): at for at, code in enumerate(grids)}
    order |= {("center", code): at for at, code in enumerate(centers, len(order))}
    asked = {"grids": list(grids), "centers": list(centers), **lines.parameters}
    filled = _NAMED.replace("{table}", lines.table).replace("{meant}", lines.condition("lines"))
    found = [dict(row) for row in connection.execute(text(filled), asked).mappings()]
    for place in found:
        box = tuple(place.pop(side) for side in ("west", "south", "east", "north"))
        place["bbox"] = None if box[0] is None else box
    return sorted(found, key=lambda place: order[place["kind"], place["code"]])
