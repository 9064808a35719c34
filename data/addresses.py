"""Addresses of households and names of places: exact and by prefix, each with its grid."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from data.lines import IN_FORCE, Lines
from data.repository import prefix_of

Row = dict[str, Any]

# The grid of a point: covers, lowest code, as everywhere.
_HOUSEHOLDS = """
    WITH found AS (
        SELECT id, code, address, address_key, village_code, natural_village_code, geom
          FROM household
         WHERE {condition} AND (CAST(:scope AS text) IS NULL OR village_code LIKE :scope)
         ORDER BY address_key, code LIMIT :limit
    )
    SELECT f.id, f.code, f.address, f.address_key, f.village_code, f.natural_village_code,
           ST_X(f.geom) AS lon, ST_Y(f.geom) AS lat, g.code AS grid_code, g.name AS grid_name
      FROM found f
      LEFT JOIN LATERAL (
               SELECT code, name FROM {table} lines
                WHERE ST_Covers(lines.geom, f.geom) AND {meant}
                ORDER BY code COLLATE "C" LIMIT 1) g ON true
     ORDER BY f.address_key, f.code
"""
_EXACT = _HOUSEHOLDS.replace("{condition}", "address_key = :key")
_PREFIX = _HOUSEHOLDS.replace("{condition}", "address_key LIKE :key")

# One row a place; a village has no other kind of name than its own, so names are compared whole,
# then by beginning, then by part.
_PLACES = """
    WITH named AS (
        SELECT level AS kind, code, name, code AS village_code, geom,
               CASE level WHEN 'county' THEN 0 WHEN 'township' THEN 1 ELSE 2 END AS rank
          FROM division WHERE valid_to IS NULL AND level <> 'city'
        UNION ALL
        SELECT 'natural_village', code, name, village_code, geom, 3
          FROM natural_village WHERE valid_to IS NULL
        UNION ALL
        SELECT 'grid', code, name, village_code, geom, 4
          FROM {table} lines WHERE {meant}
        UNION ALL
        SELECT 'center', code, name, village_code, geom, 5
          FROM center WHERE valid_to IS NULL
    )
    SELECT n.kind, n.code, n.name, n.village_code, v.name AS village, t.name AS township,
           ST_X(p.point) AS lon, ST_Y(p.point) AS lat,
           ST_XMin(n.geom) AS west, ST_YMin(n.geom) AS south,
           ST_XMax(n.geom) AS east, ST_YMax(n.geom) AS north
      FROM (SELECT *, CASE WHEN name = :text OR code = :text THEN 0
                           WHEN starts_with(name, :text) OR starts_with(code, :text) THEN 1
                           ELSE 2 END AS closeness
              FROM named
             WHERE (strpos(name, :text) > 0 OR starts_with(code, :text))
               AND (CAST(:scope AS text) IS NULL OR village_code LIKE :scope)
             ORDER BY closeness, rank, code LIMIT :limit) n
      LEFT JOIN division v ON v.code = n.village_code AND v.valid_to IS NULL
      LEFT JOIN division t ON t.code = left(n.village_code, 9) AND t.valid_to IS NULL
     CROSS JOIN LATERAL (SELECT CASE WHEN n.geom IS NULL THEN NULL
                                     ELSE ST_PointOnSurface(n.geom) END AS point) p
     ORDER BY n.closeness, n.rank, n.code
"""


def fetch_households(
    connection: Connection,
    key: str,
    *,
    prefix: bool = False,
    scope: str | None = None,
    limit: int = 10,
    lines: Lines = IN_FORCE,
) -> list[Row]:
    """Return households by the key of their address (``geo.address.address_key``).

    Parameters
    ----------
    prefix
        Also those whose key only begins with ``key``.
    scope
        Division code the households' village must lie in.
    lines
        Lines of the grids they are said to be in.

    Returns
    -------
    list of dict
        ``id``, ``code``, ``address``, ``address_key``, ``village_code``,
        ``natural_village_code``, ``lon``, ``lat``, ``grid_code``, ``grid_name``; by key.
    """
    if not key:
        return []
    asked = {"key": prefix_of(key) if prefix else key, "scope": prefix_of(scope), "limit": limit}
    return _fetch(connection, _PREFIX if prefix else _EXACT, asked, lines)


def fetch_places(
    connection: Connection,
    name: str,
    *,
    scope: str | None = None,
    limit: int = 10,
    lines: Lines = IN_FORCE,
) -> list[Row]:
    """Return divisions, natural villages, grids and centers by name or code.

    Parameters
    ----------
    name
        Whole name or code first, then those that begin with it, then names that contain it.
    lines
        Grids are those of these lines; everything else is that of now.

    Returns
    -------
    list of dict
        ``kind`` (county, township, village, natural_village, grid, center), ``code``, ``name``,
        ``village_code``, ``village`` and ``township`` (names), ``lon``, ``lat`` of a point inside,
        ``bbox`` (west, south, east, north) or None.
    """
    if not name:
        return []
    asked = {"text": name, "scope": prefix_of(scope), "limit": limit}
    found = []
    for place in _fetch(connection, _PLACES, asked, lines):
        box = tuple(place.pop(side) for side in ("west", "south", "east", "north"))
        place["bbox"] = None if box[0] is None else box
        found.append(place)
    return found


def _fetch(connection: Connection, statement: str, asked: Row, lines: Lines) -> list[Row]:
    filled = statement.replace("{table}", lines.table).replace("{meant}", lines.condition("lines"))
    found = connection.execute(text(filled), {**asked, **lines.parameters}).mappings()
    return [dict(row) for row in found]
