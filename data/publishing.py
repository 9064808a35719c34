"""Publishing a plan: its lines close and open versions at one instant. And starting it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import shapely
from sqlalchemy import Connection, text

from data import joint_publishing, plan_joints, plan_log, plans
from data.errors import ConflictError
from data.repository import Row
from geo.problems import Problem

# All that lines are checked against and their numbers come from. An import locks the table of its
# own layer and then writes numbers, so nobody waits in a circle.
_LOCK_LINES = (
    text("LOCK TABLE household IN SHARE MODE"),
    text("LOCK TABLE grid IN SHARE ROW EXCLUSIVE MODE"),
    text("LOCK TABLE center IN SHARE MODE"),
    text("LOCK TABLE division IN SHARE MODE"),
    text("LOCK TABLE joint_village IN SHARE ROW EXCLUSIVE MODE"),
)

# A row in force is compared with the pinned copy, not only its id: an import of the same instant
# writes over it.
_CONFLICTS = text("""
    WITH pinned AS (
        SELECT d.* FROM plan_grid d
         WHERE d.plan_id = CAST(:plan AS uuid) AND d.from_position = 0),
    in_force AS (
        SELECT g.*
          FROM plan_village v
          JOIN plan p ON p.id = v.plan_id
          JOIN grid g ON g.village_code = v.village_code AND g.network = p.network
         WHERE v.plan_id = CAST(:plan AS uuid) AND g.valid_to IS NULL)
    SELECT COALESCE(g.village_code, d.village_code) AS village_code,
           COALESCE(g.code, d.code) AS code,
           d.id IS NOT NULL AS was, g.id IS NOT NULL AS is_now,
           ST_AsBinary(COALESCE(g.geom, d.geom)) AS wkb
      FROM pinned d FULL JOIN in_force g ON g.id = d.base_id
     WHERE d.id IS NULL OR g.id IS NULL OR NOT g.geom = d.geom
        OR (g.code, g.name, g.village_code, g.kind, g.parent_code, g.flags, g.attributes)
           IS DISTINCT FROM
           (d.code, d.name, d.village_code, d.kind, d.parent_code, d.flags, d.attributes)
""")
# After every version it closes has begun, and after every older one of its codes has ended, even
# if the clock was set back in between.
_INSTANT = text("""
    SELECT GREATEST(
           CAST(:now AS timestamptz),
           (SELECT max(g.valid_from) + interval '1 microsecond'
              FROM plan_village v
              JOIN grid g ON g.village_code = v.village_code AND g.network = p.network
             WHERE v.plan_id = p.id AND g.valid_to IS NULL),
           (SELECT max(g.valid_to)
              FROM plan_grid d
              JOIN grid g ON g.network = p.network AND g.code = d.code
             WHERE d.plan_id = p.id AND d.from_position <= p.head
               AND (d.to_position IS NULL OR d.to_position > p.head)))
      FROM plan p WHERE p.id = CAST(:plan AS uuid)
""")
_CLOSE = text("""
    UPDATE grid g SET valid_to = :at
      FROM plan_village v JOIN plan p ON p.id = v.plan_id
     WHERE v.plan_id = CAST(:plan AS uuid)
       AND g.village_code = v.village_code AND g.network = p.network AND g.valid_to IS NULL
       AND NOT EXISTS (
           SELECT FROM plan_grid d
            WHERE d.plan_id = v.plan_id AND d.base_id = g.id AND d.from_position <= p.head
              AND (d.to_position IS NULL OR d.to_position > p.head) AND d.geom = g.geom
              AND (d.code, d.name, d.village_code, d.kind, d.parent_code, d.flags, d.attributes)
                  IS NOT DISTINCT FROM
                  (g.code, g.name, g.village_code, g.kind, g.parent_code, g.flags, g.attributes))
""")
# What is left in force of the plan's villages is what it leaves as it is.
_OPEN = text("""
    INSERT INTO grid (id, network, code, name, village_code, kind, parent_code, flags, attributes,
                      valid_from, geom)
           OVERRIDING SYSTEM VALUE
    SELECT d.id, d.network, d.code, d.name, d.village_code, d.kind, d.parent_code, d.flags,
           d.attributes, :at, d.geom
      FROM plan_grid d JOIN plan p ON p.id = d.plan_id
     WHERE d.plan_id = CAST(:plan AS uuid) AND d.from_position <= p.head
       AND (d.to_position IS NULL OR d.to_position > p.head)
       AND NOT EXISTS (SELECT FROM grid g WHERE g.id = d.base_id AND g.valid_to IS NULL)
     ORDER BY d.code COLLATE "C"
""")
_NUMBER = text("""
    INSERT INTO grid_indicator (
           grid_id, households, residents, registered, children, elderly, aged_80, area_m2,
           compactness, reock, span_m, center_median_m, center_p90_m, center_max_m,
           profile_status, content)
    SELECT g.id, i.households, i.residents, i.registered, i.children, i.elderly, i.aged_80,
           i.area_m2, i.compactness, i.reock, i.span_m, i.center_median_m, i.center_p90_m,
           i.center_max_m, i.profile_status, i.content
      FROM plan_grid d
      JOIN grid g ON g.id = d.id
      JOIN plan_grid_indicator i ON i.grid_id = d.id
     WHERE d.plan_id = CAST(:plan AS uuid)
""")
_COUNT = text("""
    SELECT count(*)
      FROM plan_village v
      JOIN plan p ON p.id = v.plan_id
      JOIN grid g ON g.village_code = v.village_code AND g.network = p.network
     WHERE v.plan_id = CAST(:plan AS uuid) AND g.valid_to IS NULL
""")
_CLEAR = (
    text("DELETE FROM plan_grid WHERE plan_id = CAST(:plan AS uuid)"),
    text("DELETE FROM plan_village WHERE plan_id = CAST(:plan AS uuid)"),
    text("DELETE FROM plan_lock WHERE plan_id = CAST(:plan AS uuid)"),
    text("""
        UPDATE plan SET head = 0, base_at = :now, revision = revision + 1, changed_at = :now
         WHERE id = CAST(:plan AS uuid)
    """),
)


class Conflict(NamedTuple):
    """A grid whose version in force is no longer the one a plan was drawn upon.

    ``geometry`` is what it is now (EPSG:4490), or was if it is gone.
    """

    village_code: str
    code: str
    change: Literal["added", "removed", "changed"]
    geometry: shapely.Geometry


@dataclass(frozen=True)
class PublishCounts:
    """What publishing did: versions opened, closed, left as they are, and at which instant.

    ``joint`` are those of joint villages.
    """

    opened: int
    closed: int
    unchanged: int
    at: datetime
    joint: joint_publishing.JointCounts = joint_publishing.NOTHING

    @property
    def is_empty(self) -> bool:
        """Whether nothing has changed."""
        return not (self.opened or self.closed or self.joint.opened or self.joint.closed)


def lock_lines(connection: Connection) -> None:
    """Keep what lines are checked against as it is until the transaction ends.

    Readers do not wait. The checks before publishing are made under this lock, or they say
    nothing.
    """
    for statement in _LOCK_LINES:
        connection.execute(statement)


def find_conflicts(connection: Connection, plan_id: UUID | str) -> list[Conflict]:
    """Return what has changed in force in the villages a plan has touched, by village and code."""
    found: dict[tuple[str, str], Conflict] = {}
    rows = connection.execute(_CONFLICTS, {"plan": str(plan_id)}).all()
    # of a code that is in both, the row in force comes last
    for row in sorted(rows, key=lambda row: (row.village_code, row.code, row.is_now)):
        key = (row.village_code, row.code)
        both = (row.was and row.is_now) or key in found
        change: Any = "changed" if both else "added" if row.is_now else "removed"
        found[key] = Conflict(*key, change, shapely.from_wkb(bytes(row.wkb)))
    return list(found.values())


def publish_lines(connection: Connection, plan_id: UUID | str, *, now: datetime) -> PublishCounts:
    """Bring the lines of a plan into force, all of them at one instant, with their numbers.

    Versions that the plan leaves as they are stay; a new one has the id of the plan's row. The
    state of the plan and the audit are the caller's.

    Parameters
    ----------
    now
        The instant; a later one is taken if a version that is closed begins later.

    Raises
    ------
    ConflictError
        ``plan_conflict`` with the grids, if the lines in force have changed; nothing is done.
    """
    plans.lock(connection, plan_id)
    lock_lines(connection)
    conflicts = find_conflicts(connection, plan_id)
    joint = joint_publishing.find_conflicts(connection, plan_id)
    if conflicts or joint:
        raise ConflictError(_explain(conflicts, joint))
    asked = {"plan": str(plan_id), "now": now}
    first: datetime = connection.execute(_INSTANT, asked).scalar_one()
    at = joint_publishing.find_instant(connection, plan_id, first)
    values = {"plan": str(plan_id), "at": at}
    # one after the other: a code may pass from a grid to its neighbour
    closed = connection.execute(_CLOSE, values).rowcount
    unchanged = connection.execute(_COUNT, values).scalar_one()
    opened = connection.execute(_OPEN, values).rowcount
    connection.execute(_NUMBER, values)
    counts = joint_publishing.publish(connection, plan_id, at)
    return PublishCounts(opened, closed, int(unchanged), at, counts)


def reset(connection: Connection, plan_id: UUID | str, *, now: datetime) -> list[Row]:
    """Put a plan on the lines in force now, without any edit; return those to replay, in order.

    Undone edits are overtaken. The others stay in the log: each is to be stored again
    (:func:`data.plan_lines.store_edit` with its ``entry``) or discarded
    (:func:`data.plan_log.discard`), in this order and in the same transaction.

    Returns
    -------
    list of dict
        Rows of :func:`data.plan_log.fetch_applied`.
    """
    plans.lock(connection, plan_id)
    plan_log.overtake(connection, plan_id)
    applied = plan_log.fetch_applied(connection, plan_id)
    plan_joints.clear(connection, plan_id)
    for statement in _CLEAR:
        connection.execute(statement, {"plan": str(plan_id), "now": now})
    return applied


def _explain(conflicts: list[Conflict], joint: list[joint_publishing.JointConflict]) -> Problem:
    of_grids = [conflict.code for conflict in conflicts]
    codes = tuple(dict.fromkeys(of_grids + [conflict.code for conflict in joint]))
    villages = dict.fromkeys(
        [conflict.village_code for conflict in conflicts]
        + [village for conflict in joint for village in conflict.members]
    )
    return Problem(
        "plan_conflict",
        {"villages": list(villages), "codes": list(codes)},
        grids=codes,
        geometry=shapely.GeometryCollection([conflict.geometry for conflict in conflicts]),
    )
