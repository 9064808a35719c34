"""The rows of a plan: pinned at the first touch of a village, ended and begun by edits.

A row of ``plan_grid`` counts from its ``from_position`` up to its ``to_position``, by the head of
the plan. Everything here expects the plan to be locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import geopandas
from sqlalchemy import Connection, text

from data.plan_change import Change
from data.repository import Row

_IN_FORCE = text("""
    SELECT g.id FROM grid g JOIN plan p ON p.id = CAST(:plan AS uuid) AND p.network = g.network
     WHERE g.valid_to IS NULL AND g.village_code = ANY (CAST(:villages AS text[]))
""")
# The rows are named by whoever has looked at them: what was drawn upon is what is pinned.
_PIN = text("""
    WITH fresh AS (
        INSERT INTO plan_village (plan_id, village_code, pinned_at)
        SELECT CAST(:plan AS uuid), asked.code, :now
          FROM unnest(CAST(:villages AS text[])) AS asked (code)
            ON CONFLICT DO NOTHING
        RETURNING plan_id, village_code),
    copied AS (
        INSERT INTO plan_grid (plan_id, base_id, network, code, name, village_code, kind,
                               parent_code, flags, attributes, from_position, geom)
        SELECT fresh.plan_id, g.id, g.network, g.code, g.name, g.village_code, g.kind,
               g.parent_code, g.flags, g.attributes, 0, g.geom
          FROM grid g JOIN fresh ON fresh.village_code = g.village_code
         WHERE g.id = ANY (CAST(:ids AS bigint[]))
        RETURNING id, base_id)
    INSERT INTO plan_grid_indicator (
           grid_id, households, residents, registered, children, elderly, aged_80, area_m2,
           compactness, reock, span_m, center_median_m, center_p90_m, center_max_m,
           profile_status, content)
    SELECT copied.id, i.households, i.residents, i.registered, i.children, i.elderly, i.aged_80,
           i.area_m2, i.compactness, i.reock, i.span_m, i.center_median_m, i.center_p90_m,
           i.center_max_m, i.profile_status, i.content
      FROM copied JOIN grid_indicator i ON i.grid_id = copied.base_id
""")
# What undone edits have left behind goes: their versions, their locks …
_FORGET = text("""
    WITH versions AS (
        DELETE FROM plan_grid WHERE plan_id = CAST(:plan AS uuid) AND from_position > :head),
    locks AS (
        DELETE FROM plan_lock WHERE plan_id = CAST(:plan AS uuid) AND from_position > :head),
    kept_locks AS (
        UPDATE plan_lock SET to_position = NULL
         WHERE plan_id = CAST(:plan AS uuid) AND from_position <= :head AND to_position > :head)
    UPDATE plan_grid SET to_position = NULL
     WHERE plan_id = CAST(:plan AS uuid) AND from_position <= :head AND to_position > :head
""")
# … and the pins of villages that nothing touches any more: they show the lines in force again.
_UNPIN = text("""
    WITH idle AS (
        DELETE FROM plan_village v
         WHERE v.plan_id = CAST(:plan AS uuid) AND v.village_code <> ALL (CAST(:kept AS text[]))
           AND NOT EXISTS (
               SELECT FROM plan_grid d
                WHERE d.plan_id = v.plan_id AND d.village_code = v.village_code
                  AND (d.from_position > 0 OR d.to_position IS NOT NULL))
        RETURNING v.plan_id, v.village_code)
    DELETE FROM plan_grid d USING idle
     WHERE d.plan_id = idle.plan_id AND d.village_code = idle.village_code
""")
_CLOSE = text("""
    UPDATE plan_grid SET to_position = :position
     WHERE plan_id = CAST(:plan AS uuid) AND to_position IS NULL
       AND (id = ANY (CAST(:ids AS bigint[]))
            OR from_position = 0 AND base_id = ANY (CAST(:base_ids AS bigint[])))
    RETURNING id, base_id
""")
# A grid whose shape stays keeps its numbers.
_OPEN = text("""
    WITH fresh AS MATERIALIZED (
        SELECT nextval('grid_id_seq') AS id, given.*
          FROM unnest(CAST(:continues AS bigint[]), CAST(:code AS text[]),
                      CAST(:name AS text[]), CAST(:village_code AS text[]), CAST(:kind AS text[]),
                      CAST(:parent_code AS text[]), CAST(:flags AS text[]),
                      CAST(:attributes AS text[]), CAST(:locked AS boolean[]),
                      CAST(:shape AS bytea[]))
               AS given (continues, code, name, village_code, kind, parent_code, flags,
                         attributes, locked, shape)),
    opened AS (
        INSERT INTO plan_grid (id, plan_id, base_id, network, code, name, village_code, kind,
                               parent_code, flags, attributes, locked, from_position, geom)
        SELECT fresh.id, p.id, old.base_id, p.network, fresh.code, fresh.name,
               fresh.village_code, fresh.kind, fresh.parent_code,
               string_to_array(fresh.flags, ';'), fresh.attributes::jsonb, fresh.locked,
               :position, ST_GeomFromWKB(fresh.shape, 4490)
          FROM fresh JOIN plan p ON p.id = CAST(:plan AS uuid)
          LEFT JOIN plan_grid old ON old.id = fresh.continues)
    INSERT INTO plan_grid_indicator (
           grid_id, households, residents, registered, children, elderly, aged_80, area_m2,
           compactness, reock, span_m, center_median_m, center_p90_m, center_max_m,
           profile_status, content)
    SELECT fresh.id, i.households, i.residents, i.registered, i.children, i.elderly, i.aged_80,
           i.area_m2, i.compactness, i.reock, i.span_m, i.center_median_m, i.center_p90_m,
           i.center_max_m, i.profile_status, i.content
      FROM fresh
      JOIN plan_grid old
        ON old.id = fresh.continues AND old.geom = ST_GeomFromWKB(fresh.shape, 4490)
      JOIN plan_grid_indicator i ON i.grid_id = old.id
""")
_MET = text("""
    SELECT asked.position, asked.code, d.id
      FROM unnest(CAST(:positions AS integer[]), CAST(:codes AS text[])) AS asked (position, code)
      JOIN plan_grid d
        ON d.plan_id = CAST(:plan AS uuid) AND d.code = asked.code
       AND d.from_position < asked.position
       AND (d.to_position IS NULL OR d.to_position >= asked.position)
""")
_LOCK_VILLAGES = text("""
    WITH opened AS (
        UPDATE plan_lock SET to_position = :position
         WHERE plan_id = CAST(:plan AS uuid) AND to_position IS NULL
           AND village_code = ANY (CAST(:open AS text[])))
    INSERT INTO plan_lock (plan_id, village_code, from_position)
    SELECT CAST(:plan AS uuid), asked.code, :position
      FROM unnest(CAST(:locked AS text[])) AS asked (code)
     WHERE NOT EXISTS (
           SELECT FROM plan_lock l
            WHERE l.plan_id = CAST(:plan AS uuid) AND l.village_code = asked.code
              AND l.to_position IS NULL)
""")


def pin(
    connection: Connection, plan_id: UUID | str, village_codes: Iterable[str], *, now: datetime
) -> None:
    """Copy the lines in force of villages into the plan; those it has touched stay as they are."""
    villages = sorted(set(village_codes))
    values = {"plan": str(plan_id), "villages": villages}
    ids = connection.execute(_IN_FORCE, values).scalars().all()
    connection.execute(_PIN, values | {"ids": list(ids), "now": now})


def forget_undone(connection: Connection, values: Row, *, kept: list[str]) -> None:
    """Remove what undone edits have left; unpin villages nothing touches but those in ``kept``."""
    connection.execute(_FORGET, values)
    connection.execute(_UNPIN, values | {"kept": kept})


def pin_seen(connection: Connection, values: Row, change: Change) -> None:
    """Pin the villages that change for the first time, as they were seen."""
    if change.fresh:
        rows = {"villages": change.fresh, "ids": change.fresh_ids}
        connection.execute(_PIN, values | rows)


def close_rows(connection: Connection, values: Row, change: Change) -> list[int]:
    """End rows; return the ids they have in the plan, in the order of ``change.ended``.

    Raises
    ------
    ValueError
        If some of them are not in the plan, or have ended already.
    """
    if not change.ended:
        return []
    rows = {
        "ids": [id for id, drafted in change.ended if drafted],
        "base_ids": [id for id, drafted in change.ended if not drafted],
    }
    found = connection.execute(_CLOSE, values | rows).all()
    if len(found) != len(change.ended):
        raise ValueError("the frame the edit was tried on is not what the plan has now")
    pinned = {row.base_id: row.id for row in found}
    return [id if drafted else pinned[id] for id, drafted in change.ended]


def open_rows(connection: Connection, values: Row, change: Change, ended: Sequence[int]) -> None:
    """Begin the new versions of rows, ``ended`` being what :func:`close_rows` returned."""
    if change.begun["code"]:
        continues = [None if place is None else ended[place] for place in change.begun["follows"]]
        connection.execute(_OPEN, {**values, **change.begun, "continues": continues})


def fetch_met(
    connection: Connection, plan_id: UUID | str, named: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """Return the id of the row a grid had just before an edit, by position of the edit and code.

    Codes that were none then, or in villages the plan has not touched, are left out.
    """
    values = {
        "plan": str(plan_id),
        "positions": [position for position, _ in named],
        "codes": [code for _, code in named],
    }
    found = connection.execute(_MET, values)
    return {(position, code): id for position, code, id in found}


def lock_villages(connection: Connection, values: Row, villages: geopandas.GeoDataFrame) -> None:
    """Make the locks of villages what their column ``locked`` says."""
    pairs = list(zip(villages["code"].tolist(), villages["locked"].tolist(), strict=True))
    codes = {
        "locked": [code for code, locked in pairs if locked],
        "open": [code for code, locked in pairs if not locked],
    }
    connection.execute(_LOCK_VILLAGES, values | codes)
