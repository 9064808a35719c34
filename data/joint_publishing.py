"""Publishing the joint villages of a plan: what stands in the way, and versions at one instant."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

# What is in force where the plan has pinned villages, against what was when it did.
_CONFLICTS = text("""
    WITH pinned AS (
        SELECT d.* FROM plan_joint_village d
         WHERE d.plan_id = CAST(:plan AS uuid) AND d.from_position = 0),
    in_force AS (
        SELECT j.* FROM joint_village j
         WHERE j.valid_to IS NULL
           AND EXISTS (SELECT FROM plan_joint_pin p
                        WHERE p.plan_id = CAST(:plan AS uuid)
                          AND p.village_code = ANY (j.members)))
    SELECT COALESCE(j.code, d.code) AS code, COALESCE(j.members, d.members) AS members
      FROM pinned d FULL JOIN in_force j ON j.id = d.base_id
     WHERE d.id IS NULL OR j.id IS NULL
     ORDER BY 1
""")
# Of the joint villages that the plan has made or changed: codes others have by now, members that
# are no villages any more.
_CODES_LOST = text("""
    SELECT d.code FROM plan_joint_villages(CAST(:plan AS uuid)) d
     WHERE d.drafted
       AND (EXISTS (SELECT FROM division v WHERE v.code = d.code AND v.valid_to IS NULL)
            OR EXISTS (SELECT FROM joint_village j
                        WHERE j.code = d.code AND j.id IS DISTINCT FROM d.base_id
                          AND (d.base_id IS NULL OR j.valid_to IS NULL)))
     ORDER BY d.code COLLATE "C"
""")
_MEMBERS_GONE = text("""
    SELECT d.code, array_agg(member ORDER BY member COLLATE "C") AS members
      FROM plan_joint_villages(CAST(:plan AS uuid)) d CROSS JOIN unnest(d.members) AS member
     WHERE d.drafted
       AND NOT EXISTS (SELECT FROM division v
                        WHERE v.code = member AND v.level = 'village' AND v.valid_to IS NULL)
       AND NOT EXISTS (SELECT FROM grid g WHERE g.village_code = member AND g.valid_to IS NULL)
     GROUP BY d.code ORDER BY d.code COLLATE "C"
""")
_INSTANT = text("""
    SELECT GREATEST(
           CAST(:now AS timestamptz),
           (SELECT max(j.valid_from) + interval '1 microsecond'
              FROM plan_joint_village d JOIN joint_village j ON j.id = d.base_id
             WHERE d.plan_id = CAST(:plan AS uuid) AND j.valid_to IS NULL),
           (SELECT max(m.valid_to)
              FROM plan_joint_village d JOIN joint_village_member m
                ON m.village_code = ANY (d.members)
             WHERE d.plan_id = CAST(:plan AS uuid)))
""")
_CLOSE = text("""
    UPDATE joint_village j SET valid_to = :at
     WHERE j.valid_to IS NULL
       AND j.id IN (SELECT b.base_id FROM plan_joint_village b
                     WHERE b.plan_id = CAST(:plan AS uuid) AND b.from_position = 0)
       AND NOT EXISTS (SELECT FROM plan_joint_villages(CAST(:plan AS uuid)) d
                        WHERE d.drafted AND d.base_id = j.id
                           AND (d.code, d.name, d.members) = (j.code, j.name, j.members))
""")
_OPEN = text("""
    INSERT INTO joint_village (code, name, members, valid_from)
    SELECT d.code, d.name, d.members, :at
      FROM plan_joint_villages(CAST(:plan AS uuid)) d
     WHERE d.drafted
       AND NOT EXISTS (SELECT FROM joint_village j WHERE j.id = d.base_id AND j.valid_to IS NULL)
     ORDER BY d.code COLLATE "C"
""")
_CHANGES = text("""
    SELECT EXISTS (
        SELECT FROM plan_joint_villages(CAST(:plan AS uuid)) d
          LEFT JOIN joint_village j ON j.id = d.base_id
         WHERE d.drafted
           AND (j.id IS NULL OR (d.code, d.name, d.members) <> (j.code, j.name, j.members))
    ) OR EXISTS (
        SELECT FROM plan_joint_village b
         WHERE b.plan_id = CAST(:plan AS uuid) AND b.from_position = 0
           AND NOT EXISTS (SELECT FROM plan_joint_villages(CAST(:plan AS uuid)) d
                            WHERE d.drafted AND d.base_id = b.base_id))
""")


class JointConflict(NamedTuple):
    """A joint village in force that is not, or was not, what a plan was drawn upon."""

    code: str
    members: tuple[str, ...]


class JointCounts(NamedTuple):
    """Versions that publishing opened and closed."""

    opened: int = 0
    closed: int = 0


NOTHING = JointCounts()


def find_conflicts(connection: Connection, plan_id: UUID | str) -> list[JointConflict]:
    """Return what has changed in force since the plan was drawn upon it, by code."""
    rows = connection.execute(_CONFLICTS, {"plan": str(plan_id)})
    return [JointConflict(row.code, tuple(row.members)) for row in rows]


def find_codes_lost(connection: Connection, plan_id: UUID | str) -> list[str]:
    """Return the codes of drafted joint villages that somebody else has, or had, by now."""
    return list(connection.execute(_CODES_LOST, {"plan": str(plan_id)}).scalars())


def find_members_gone(connection: Connection, plan_id: UUID | str) -> dict[str, list[str]]:
    """Return drafted joint village → members that are no villages any more."""
    rows = connection.execute(_MEMBERS_GONE, {"plan": str(plan_id)})
    return {row.code: list(row.members) for row in rows}


def changes(connection: Connection, plan_id: UUID | str) -> bool:
    """Return whether publishing a plan would open or close any version."""
    return bool(connection.execute(_CHANGES, {"plan": str(plan_id)}).scalar())


def find_instant(connection: Connection, plan_id: UUID | str, now: datetime) -> datetime:
    """Return ``now``, or the first instant at which the plan's versions can begin."""
    found: datetime = connection.execute(_INSTANT, {"plan": str(plan_id), "now": now}).scalar_one()
    return found


def publish(connection: Connection, plan_id: UUID | str, at: datetime) -> JointCounts:
    """Bring the joint villages of a plan into force; what it leaves as it is keeps its version."""
    values = {"plan": str(plan_id), "at": at}
    closed = connection.execute(_CLOSE, values).rowcount
    return JointCounts(connection.execute(_OPEN, values).rowcount, closed)
