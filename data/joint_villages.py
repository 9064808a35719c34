"""Joint villages 联村: those in force, of an instant, or of a draft, with what they amount to."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, text

from data.lines import IN_FORCE, Lines
from data.repository import Row

LAYER = "joint_villages"
COLUMNS = "code, name, township_code, members, households, residents, grids, valid_from, valid_to"

# Grids within a big grid are counted with it, not once more. A village without an outline adds no
# land.
_SOURCE = """(
    SELECT j.id, j.code, j.name, substr(j.code, 1, 9) AS township_code, j.members,
           sums.households, sums.residents, sums.grids, j.valid_from, j.valid_to,
           (SELECT ST_Union(d.geom) FROM division d
             WHERE d.code = ANY (j.members) AND d.level = 'village' AND {divisions}) AS geom
      FROM {table} j
     CROSS JOIN LATERAL (
           SELECT count(*) AS grids, CAST(sum({numbers}.households) AS integer) AS households,
                  CAST(sum({numbers}.residents) AS integer) AS residents
             FROM {grids} g {indicators}
            WHERE g.village_code = ANY (j.members) AND {meant}
              AND NOT EXISTS (SELECT FROM {grids} o
                               WHERE o.code = g.parent_code AND o.network = g.network
                                 AND {meant_other})) sums
     WHERE {moment}) AS joined"""
_LIST = """
    SELECT code, name, township_code, members, households, residents, grids, valid_from, valid_to,
           {geometry} AS shape
      FROM {source}
     WHERE (CAST(:scope AS text) IS NULL OR EXISTS (
            SELECT FROM unnest(members) AS member WHERE starts_with(member, :scope)))
     ORDER BY code COLLATE "C"
"""
_OF_VILLAGE = """
    SELECT j.code, j.name FROM {table} j
     WHERE j.members @> ARRAY[CAST(:village AS text)] AND {moment}
"""


def source(lines: Lines) -> str:
    """Return what stands behind FROM: ``id``, :data:`COLUMNS` and ``geom``, the members' land."""
    drafted = lines.plan is not None
    return (
        _SOURCE.replace("{table}", _table(lines))
        .replace("{moment}", "true" if drafted else lines.moment("j"))
        .replace("{divisions}", lines.moment("d"))
        .replace("{grids}", lines.table)
        .replace(
            "{indicators}", "" if drafted else "LEFT JOIN grid_indicator i ON i.grid_id = g.id"
        )
        .replace("{numbers}", "g" if drafted else "i")
        .replace("{meant}", lines.condition("g"))
        .replace("{meant_other}", lines.condition("o"))
    )


def fetch_all(
    connection: Connection, lines: Lines, *, scope: str | None = None, geometry: bool = False
) -> list[Row]:
    """Return joint villages by code.

    Parameters
    ----------
    scope
        Beginning of a code: those with a member whose code begins so.
    geometry
        Whether the land of the members is told.

    Returns
    -------
    list of dict
        :data:`COLUMNS` (``valid_from`` is None for one that is only drafted), ``geometry``: GeoJSON
        as values, None where it is not asked or no outline is known.
    """
    shape = "ST_AsGeoJSON(ST_ForcePolygonCCW(geom), 9, 0)" if geometry else "CAST(NULL AS text)"
    statement = _LIST.replace("{source}", source(lines)).replace("{geometry}", shape)
    found = connection.execute(text(statement), {"scope": scope, **lines.parameters}).mappings()
    return [{**_named(row), "geometry": _read(row["shape"])} for row in found]


def fetch_of_village(
    connection: Connection, village: str | None, lines: Lines = IN_FORCE
) -> Row | None:
    """Return ``code`` and ``name`` of the joint village a village is in, or None."""
    moment = "true" if lines.plan is not None else lines.moment("j")
    statement = _OF_VILLAGE.replace("{table}", _table(lines)).replace("{moment}", moment)
    values = {"village": village, **lines.parameters}
    row = connection.execute(text(statement), values).mappings().first()
    return None if row is None else dict(row)


def _table(lines: Lines) -> str:
    in_force = lines.plan is None
    return "joint_village" if in_force else "plan_joint_villages(CAST(:plan AS uuid))"


def _named(row: Any) -> Row:  # noqa: ANN401
    return {name: row[name] for name in COLUMNS.split(", ")}


def _read(shape: str | None) -> Any:  # noqa: ANN401
    return None if shape is None else json.loads(shape)
