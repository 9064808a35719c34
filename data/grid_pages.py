"""The table of grids: one grid or a page of them, with numbers, and totals over all that match."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg2 import sql
from sqlalchemy import Connection

from data import bulk, repository
from data.layouts import LAYOUTS
from data.lines import IN_FORCE, Lines, for_driver
from data.repository import Row

LAYER = "grids"
SORTS = ("code", "name", "households", "residents", "area_m2", "center_max_m", "profile_status")

_LAYOUT = LAYOUTS[LAYER]
_INDICATORS = tuple(column.name for column in _LAYOUT.extra)
_NONE = sql.SQL("false")

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
