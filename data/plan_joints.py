"""The joint villages of a plan: pinned at the first touch, ended and begun by edits.

As with grids (:mod:`data.plan_versions`), a row counts from its ``from_position`` up to its
``to_position`` by the head of the plan; everything that writes expects the plan to be locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from data.repository import Row, prefix_of
from geo.edits import JointVillage

_FETCH = text("""
    SELECT j.id, j.drafted, j.code, j.name, j.members
      FROM plan_joint_villages(CAST(:plan AS uuid)) j
     WHERE j.members && CAST(:villages AS text[]) OR j.code = ANY (CAST(:codes AS text[]))
     ORDER BY j.code COLLATE "C", j.id
""")
_FETCH_IN = text("""
    SELECT j.id, j.drafted, j.code, j.name, j.members
      FROM plan_joint_villages(CAST(:plan AS uuid)) j
     WHERE EXISTS (SELECT FROM unnest(j.members) AS member WHERE member LIKE :scope)
     ORDER BY j.code COLLATE "C", j.id
""")
_BASE = text("""
    SELECT d.id, true AS drafted, d.code, d.name, d.members FROM plan_joint_village d
     WHERE d.plan_id = CAST(:plan AS uuid) AND d.from_position = 0
     ORDER BY d.code COLLATE "C", d.id
""")
_PINNED = text("""
    SELECT village_code FROM plan_joint_pin WHERE plan_id = CAST(:plan AS uuid)
     ORDER BY village_code COLLATE "C"
""")
# What has been a code of a village or of a joint village is none of a new one; of the draft only
# those it has now count: what was undone leaves no gap. The operators are those of the index.
_TAKEN = text("""
    SELECT f.code
      FROM unnest(CAST(:townships AS text[])) AS asked (code)
     CROSS JOIN LATERAL (
           SELECT d.code FROM division d WHERE starts_with(d.code, asked.code)
            UNION
           SELECT g.village_code FROM grid g
            WHERE g.village_code ~>=~ asked.code
              AND g.village_code ~<~ (asked.code || chr(1114109))
            UNION
           SELECT j.code FROM joint_village j WHERE starts_with(j.code, asked.code)) f
     UNION
    SELECT code FROM plan_joint_villages(CAST(:plan AS uuid))
""")
_PIN = text("""
    INSERT INTO plan_joint_pin (plan_id, village_code, from_position)
    SELECT CAST(:plan AS uuid), asked.code, :position
      FROM unnest(CAST(:villages AS text[])) AS asked (code)
        ON CONFLICT DO NOTHING
""")
_COPY_BASE = text("""
    INSERT INTO plan_joint_village (plan_id, base_id, code, name, members, from_position)
    SELECT CAST(:plan AS uuid), j.id, j.code, j.name, j.members, 0
      FROM joint_village j WHERE j.id = ANY (CAST(:ids AS bigint[])) AND j.valid_to IS NULL
    RETURNING base_id, id
""")
_END = text("""
    UPDATE plan_joint_village SET to_position = :position
     WHERE plan_id = CAST(:plan AS uuid) AND to_position IS NULL
       AND id = ANY (CAST(:ids AS bigint[]))
""")
_BEGIN = text("""
    INSERT INTO plan_joint_village (plan_id, base_id, code, name, members, from_position)
    SELECT CAST(:plan AS uuid),
           (SELECT old.base_id FROM plan_joint_village old
             WHERE old.id = CAST(:continues AS bigint)),
           :code, :name, CAST(:members AS text[]), :position
""")
_FORGET = (
    text("""
        DELETE FROM plan_joint_village
         WHERE plan_id = CAST(:plan AS uuid) AND from_position > :head
    """),
    text("""
        UPDATE plan_joint_village SET to_position = NULL
         WHERE plan_id = CAST(:plan AS uuid) AND from_position <= :head AND to_position > :head
    """),
    text("""
        UPDATE plan_joint_pin SET from_position = :position
         WHERE plan_id = CAST(:plan AS uuid) AND from_position > :head
           AND village_code = ANY (CAST(:kept AS text[]))
    """),
    text("""
        DELETE FROM plan_joint_pin
         WHERE plan_id = CAST(:plan AS uuid) AND from_position > :head
           AND village_code <> ALL (CAST(:kept AS text[]))
    """),
    # the members of a joint village were pinned together
    text("""
        DELETE FROM plan_joint_village d
         WHERE d.plan_id = CAST(:plan AS uuid) AND d.from_position = 0
           AND NOT EXISTS (SELECT FROM plan_joint_pin p
                            WHERE p.plan_id = d.plan_id AND p.village_code = ANY (d.members))
    """),
)
_CLEAR = (
    text("DELETE FROM plan_joint_village WHERE plan_id = CAST(:plan AS uuid)"),
    text("DELETE FROM plan_joint_pin WHERE plan_id = CAST(:plan AS uuid)"),
)
_COPY = (
    text("""
        INSERT INTO plan_joint_pin (plan_id, village_code, from_position)
        SELECT CAST(:new AS uuid), village_code, from_position
          FROM plan_joint_pin WHERE plan_id = CAST(:plan AS uuid)
    """),
    text("""
        INSERT INTO plan_joint_village (plan_id, base_id, code, name, members, from_position,
                                        to_position)
        SELECT CAST(:new AS uuid), base_id, code, name, members, from_position, to_position
          FROM plan_joint_village WHERE plan_id = CAST(:plan AS uuid) ORDER BY id
    """),
)


def fetch(
    connection: Connection,
    plan_id: UUID | str,
    villages: Iterable[str],
    codes: Iterable[str] = (),
) -> tuple[JointVillage, ...]:
    """Return the joint villages of a plan that have any of the villages, or codes, by code."""
    values = {"plan": str(plan_id), "villages": sorted(set(villages)), "codes": list(codes)}
    return tuple(_read(row) for row in connection.execute(_FETCH, values))


def fetch_in(connection: Connection, plan_id: UUID | str, scope: str) -> tuple[JointVillage, ...]:
    """Return the joint villages of a plan with members whose code begins with ``scope``."""
    values = {"plan": str(plan_id), "scope": prefix_of(scope)}
    return tuple(_read(row) for row in connection.execute(_FETCH_IN, values))


def fetch_base(connection: Connection, plan_id: UUID | str) -> tuple[JointVillage, ...]:
    """Return what was in force of those a plan has touched, by code."""
    return tuple(_read(row) for row in connection.execute(_BASE, {"plan": str(plan_id)}))


def fetch_pinned(connection: Connection, plan_id: UUID | str) -> list[str]:
    """Return the villages about whose joint villages the plan has its own say, sorted."""
    return list(connection.execute(_PINNED, {"plan": str(plan_id)}).scalars())


def fetch_taken(
    connection: Connection, plan_id: UUID | str, villages: Iterable[str]
) -> frozenset[str]:
    """Return the codes no new joint village of the townships of some villages may get."""
    townships = sorted({village[:9] for village in villages})
    found = connection.execute(_TAKEN, {"plan": str(plan_id), "townships": townships})
    return frozenset(found.scalars())


def store(
    connection: Connection,
    values: Row,
    before: Sequence[JointVillage],
    after: Sequence[JointVillage],
) -> None:
    """Store what an edit made of joint villages.

    Parameters
    ----------
    values
        ``plan``, and the ``position`` of the edit.
    before, after
        As :func:`fetch` gave them and as they are now, told apart by their ``key``.

    Raises
    ------
    ValueError
        If some of them are not what the plan has now.
    """
    kept = set(after)
    ended = [joint for joint in before if joint not in kept]
    begun = [joint for joint in after if joint not in set(before)]
    villages = sorted({village for joint in (*ended, *begun) for village in joint.members})
    connection.execute(_PIN, values | {"villages": villages})
    ids = _own_ids(connection, values, ended)
    if connection.execute(_END, values | {"ids": list(ids.values())}).rowcount != len(ended):
        raise ValueError("the joint villages the edit was tried on are not what the plan has now")
    for joint in begun:
        row: Row = {"code": joint.code, "name": joint.name, "members": list(joint.members)}
        continues = None if joint.key is None else ids[joint.key]
        connection.execute(_BEGIN, values | row | {"continues": continues})


def _own_ids(
    connection: Connection, values: Row, ended: Sequence[JointVillage]
) -> dict[tuple[int, bool], int]:
    """Return key → row of the plan, of those in force a copy that is made now."""
    fresh = [joint.key[0] for joint in ended if not joint.key[1]]
    ids = {joint.key: joint.key[0] for joint in ended if joint.key[1]}
    if fresh:
        copied = connection.execute(_COPY_BASE, values | {"ids": fresh})
        ids |= {(base, False): own for base, own in copied}
    return ids


def forget_undone(connection: Connection, values: Row, kept: Sequence[JointVillage]) -> None:
    """Remove what undone edits have left; of villages nothing concerns any more the pins, too.

    Those of ``kept``, which the next edit was tried on, stay.
    """
    villages = sorted({village for joint in kept for village in joint.members})
    for statement in _FORGET:
        connection.execute(statement, values | {"kept": villages})


def clear(connection: Connection, plan_id: UUID | str) -> None:
    """Forget all of it: the plan shows what is in force."""
    for statement in _CLEAR:
        connection.execute(statement, {"plan": str(plan_id)})


def copy(connection: Connection, plan_id: UUID | str, new: UUID | str) -> None:
    """Give a new plan what another one has."""
    for statement in _COPY:
        connection.execute(statement, {"plan": str(plan_id), "new": str(new)})


def _read(row: Any) -> JointVillage:  # noqa: ANN401
    return JointVillage(row.code, row.name, tuple(row.members), key=(row.id, row.drafted))
