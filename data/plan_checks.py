"""What is asked of plans besides their lines: extents, versions of villages, codes taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from data import joint_publishing
from data.repository import prefix_of

_NETWORKS = text('SELECT code FROM network ORDER BY code COLLATE "C"')
_HAS_DIVISIONS = text("SELECT EXISTS (SELECT FROM division WHERE valid_to IS NULL)")
_CHANGES_LINES = text("""
    WITH shown AS (
        SELECT d.* FROM plan_grid d JOIN plan p ON p.id = d.plan_id
         WHERE d.plan_id = CAST(:plan AS uuid) AND d.from_position <= p.head
           AND (d.to_position IS NULL OR d.to_position > p.head)
    )
    SELECT EXISTS (
        SELECT FROM shown s LEFT JOIN grid g ON g.id = s.base_id
         WHERE s.from_position > 0
           AND (g.id IS NULL OR s.code <> g.code OR s.name <> g.name OR s.kind <> g.kind
                OR s.parent_code IS DISTINCT FROM g.parent_code OR NOT s.geom = g.geom)
    ) OR EXISTS (
        SELECT FROM plan_grid b
         WHERE b.plan_id = CAST(:plan AS uuid) AND b.from_position = 0
           AND NOT EXISTS (SELECT FROM shown s WHERE s.base_id = b.base_id)
    )
""")
_HAS_LINES = text("""
    SELECT EXISTS (SELECT FROM grid WHERE valid_to IS NULL AND village_code LIKE :scope)
""")
_EXTENTS = text("""
    SELECT p.id,
           ARRAY (SELECT v.village_code FROM plan_village v WHERE v.plan_id = p.id
                   ORDER BY v.village_code COLLATE "C") AS villages,
           ST_XMin(b.box) AS west, ST_YMin(b.box) AS south,
           ST_XMax(b.box) AS east, ST_YMax(b.box) AS north
      FROM plan p
     CROSS JOIN LATERAL (
           SELECT ST_Extent(d.geom) AS box FROM plan_grid d
            WHERE d.plan_id = p.id AND d.from_position BETWEEN 1 AND p.head
              AND (d.to_position IS NULL OR d.to_position > p.head)) g
     CROSS JOIN LATERAL (
           SELECT ST_Extent(v.geom) AS box
             FROM plan_joint_village d JOIN division v
               ON v.code = ANY (d.members) AND v.level = 'village' AND v.valid_to IS NULL
            WHERE d.plan_id = p.id AND p.head > 0
              AND (d.from_position BETWEEN 1 AND p.head OR d.to_position <= p.head)
              AND (d.to_position IS NULL OR d.to_position > p.head OR d.from_position = 0)) j
     CROSS JOIN LATERAL (SELECT ST_Extent(s.box) AS box
                           FROM (VALUES (CAST(g.box AS geometry)), (CAST(j.box AS geometry)))
                             AS s (box)) b
     WHERE p.id = ANY (CAST(:ids AS uuid[]))
""")
_SCOPE_BOX = text("""
    SELECT ST_XMin(b.box), ST_YMin(b.box), ST_XMax(b.box), ST_YMax(b.box)
      FROM (SELECT ST_Extent(s.geom) AS box
              FROM (SELECT d.geom FROM division d WHERE d.code = :code AND d.valid_to IS NULL
                     UNION ALL
                    SELECT l.geom FROM plan_lines(CAST(:plan AS uuid)) l
                     WHERE l.village_code LIKE :scope) s) b
""")
# Rows of a draft are never rewritten, so the ids of its rows say what a village looks like.
_VERSIONS = text("""
    SELECT d.village_code, array_agg(d.id ORDER BY d.id) AS ids
      FROM plan_grid d JOIN plan p ON p.id = d.plan_id
     WHERE p.id = CAST(:plan AS uuid) AND d.from_position <= p.head
       AND (d.to_position IS NULL OR d.to_position > p.head)
     GROUP BY d.village_code ORDER BY d.village_code COLLATE "C"
""")
_TAKEN = text("""
    SELECT d.code, d.village_code
      FROM plan_grid d
      JOIN plan p ON p.id = d.plan_id
      JOIN grid g ON g.network = d.network AND g.code = d.code AND g.valid_to IS NULL
     WHERE p.id = CAST(:plan AS uuid) AND d.from_position <= p.head
       AND (d.to_position IS NULL OR d.to_position > p.head)
       AND NOT EXISTS (SELECT FROM plan_village v
                        WHERE v.plan_id = p.id AND v.village_code = g.village_code)
     ORDER BY d.code COLLATE "C"
""")


class Extent(NamedTuple):
    """How far a plan reaches: the villages it has touched, the box of the grids it changed."""

    villages: tuple[str, ...]
    bounds: tuple[float, float, float, float] | None


def fetch_networks(connection: Connection) -> list[str]:
    """Return the codes of the networks there are."""
    return [str(code) for code in connection.execute(_NETWORKS).scalars()]


def has_divisions(connection: Connection) -> bool:
    """Return whether any division is known."""
    return bool(connection.execute(_HAS_DIVISIONS).scalar())


def changes_lines(connection: Connection, plan_id: UUID | str) -> bool:
    """Return whether publishing a plan would open or close any version; locks alone do not."""
    lines = bool(connection.execute(_CHANGES_LINES, {"plan": str(plan_id)}).scalar())
    return lines or joint_publishing.changes(connection, plan_id)


def has_lines(connection: Connection, scope: str) -> bool:
    """Return whether any grid in force belongs to a village whose code begins with ``scope``."""
    return bool(connection.execute(_HAS_LINES, {"scope": prefix_of(scope)}).scalar())


def fetch_extents(connection: Connection, plans: Sequence[UUID]) -> dict[UUID, Extent]:
    """Return the extent of each plan."""
    found = connection.execute(_EXTENTS, {"ids": [str(plan) for plan in plans]})
    return {
        row.id: Extent(
            tuple(row.villages),
            None if row.west is None else (row.west, row.south, row.east, row.north),
        )
        for row in found
    }


def fetch_scope_box(
    connection: Connection, plan: UUID, scope: str
) -> tuple[float, float, float, float] | None:
    """Return the box of a plan's scope: its outline and its lines, degrees; None without either."""
    values = {"plan": str(plan), "code": scope, "scope": prefix_of(scope)}
    west, south, east, north = connection.execute(_SCOPE_BOX, values).one()
    return None if west is None else (west, south, east, north)


def fetch_village_versions(connection: Connection, plan: UUID) -> dict[str, tuple[int, ...]]:
    """Return touched village → ids of its rows in the draft: equal ids are equal lines."""
    found = connection.execute(_VERSIONS, {"plan": str(plan)})
    return {row.village_code: tuple(row.ids) for row in found}


def fetch_taken_codes(connection: Connection, plan: UUID) -> list[tuple[str, str]]:
    """Return code and village of drafted grids whose code an untouched village has in force."""
    found = connection.execute(_TAKEN, {"plan": str(plan)})
    return [(row.code, row.village_code) for row in found]
