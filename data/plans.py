"""Plans: drafts of new lines, from their making to their publication or withdrawal.

A plan's revision goes up by one with every write and never back; who writes holds the plan's lock
(:func:`lock`) until the transaction ends.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, text

from data import plan_joints
from data.repository import Page, Row, prefix_of

State = Literal["draft", "submitted", "published", "withdrawn"]

# NO KEY: who writes waits, who comments on the plan does not.
_LOCK = text("SELECT FROM plan WHERE id = CAST(:id AS uuid) FOR NO KEY UPDATE")
_ANNOUNCE = text("SELECT set_config('wangge.plan_act', :act, true)")
# Conditions that are not asked fold away.
_FETCH = text("""
    SELECT p.id, p.name, p.scope_code, d.name AS scope_name, p.network, p.state, p.base_at,
           p.revision, p.head,
           (SELECT count(*) FROM plan_edit e
             WHERE e.plan_id = p.id AND e.position > p.head AND e.discarded IS NULL) AS undone,
           p.created_by, p.created_at, p.changed_at, p.submitted_at, p.withdrawn_at,
           p.published_at, p.note, p.copied_from
      FROM plan p
      LEFT JOIN division d ON d.code = p.scope_code AND d.valid_to IS NULL
     WHERE (CAST(:id AS uuid) IS NULL OR p.id = CAST(:id AS uuid))
       AND (CAST(:scope AS text) IS NULL OR p.scope_code LIKE :scope)
       AND (CAST(:state AS text) IS NULL OR p.state = :state)
     ORDER BY p.changed_at DESC, p.id LIMIT :limit OFFSET :offset
""")
_COUNT = text("""
    SELECT count(*) FROM plan p
     WHERE (CAST(:scope AS text) IS NULL OR p.scope_code LIKE :scope)
       AND (CAST(:state AS text) IS NULL OR p.state = :state)
""")
_NAMES = text("SELECT id, name, scope_code FROM plan ORDER BY created_at, id")
_CREATE = text("""
    INSERT INTO plan (id, name, scope_code, network, base_at, created_by, created_at, changed_at)
    VALUES (COALESCE(CAST(:id AS uuid), gen_random_uuid()), :name, :scope, :network,
            :now, :author, :now, :now)
    RETURNING id
""")
_RENAME = text("""
    UPDATE plan SET name = :name, revision = revision + 1, changed_at = :now
     WHERE id = CAST(:id AS uuid)
""")
_SET_STATE = text("""
    UPDATE plan
       SET state = :state, revision = revision + 1, changed_at = :now,
           submitted_at = CASE :state WHEN 'submitted' THEN CAST(:now AS timestamptz)
                                      WHEN 'draft' THEN NULL ELSE submitted_at END,
           withdrawn_at = CASE :state WHEN 'withdrawn' THEN CAST(:now AS timestamptz) END,
           published_at = CASE :state WHEN 'published' THEN CAST(:now AS timestamptz) END,
           note = COALESCE(CAST(:note AS text), note)
     WHERE id = CAST(:id AS uuid)
""")
_COPY = text("""
    INSERT INTO plan (id, name, scope_code, network, base_at, revision, head,
                      created_by, created_at, changed_at, copied_from)
    SELECT gen_random_uuid(), :name, scope_code, network, base_at, revision, head,
           :author, :now, :now, id
      FROM plan WHERE id = CAST(:id AS uuid)
    RETURNING id
""")
_COPY_VILLAGES = text("""
    INSERT INTO plan_village (plan_id, village_code, pinned_at)
    SELECT CAST(:new AS uuid), village_code, pinned_at
      FROM plan_village WHERE plan_id = CAST(:id AS uuid)
""")
_COPY_LOCKS = text("""
    INSERT INTO plan_lock (plan_id, village_code, from_position, to_position)
    SELECT CAST(:new AS uuid), village_code, from_position, to_position
      FROM plan_lock WHERE plan_id = CAST(:id AS uuid)
""")
_COPY_EDITS = text("""
    INSERT INTO plan_edit (plan_id, position, edit, outcome, revision, discarded, author, made_at)
    SELECT CAST(:new AS uuid), position, edit, outcome, revision, discarded, author, made_at
      FROM plan_edit WHERE plan_id = CAST(:id AS uuid) ORDER BY id
""")
_COPY_GRIDS = text("""
    WITH pairs AS MATERIALIZED (
        SELECT d.id AS old, nextval('grid_id_seq') AS new
          FROM plan_grid d WHERE d.plan_id = CAST(:id AS uuid)),
    copied AS (
        INSERT INTO plan_grid (id, plan_id, base_id, network, code, name, village_code, kind,
                               parent_code, flags, attributes, locked, from_position,
                               to_position, geom)
        SELECT pairs.new, CAST(:new AS uuid), d.base_id, d.network, d.code, d.name,
               d.village_code, d.kind, d.parent_code, d.flags, d.attributes, d.locked,
               d.from_position, d.to_position, d.geom
          FROM pairs JOIN plan_grid d ON d.id = pairs.old)
    INSERT INTO plan_grid_indicator (
           grid_id, households, residents, registered, children, elderly, aged_80, area_m2,
           compactness, reock, span_m, center_median_m, center_p90_m, center_max_m,
           profile_status, content)
    SELECT pairs.new, i.households, i.residents, i.registered, i.children, i.elderly, i.aged_80,
           i.area_m2, i.compactness, i.reock, i.span_m, i.center_median_m, i.center_p90_m,
           i.center_max_m, i.profile_status, i.content
      FROM pairs JOIN plan_grid_indicator i ON i.grid_id = pairs.old
""")


def create(
    connection: Connection,
    *,
    name: str,
    scope_code: str,
    network: str,
    author: str,
    now: datetime,
    identity: UUID | None = None,
) -> Row:
    """Make an empty draft on the lines in force; return it.

    Parameters
    ----------
    scope_code
        Division whose villages may be edited.
    network
        Network of the grids; it has to exist.
    identity
        The id it gets; a random one if not given.
    """
    values = {
        "id": None if identity is None else str(identity),
        "name": name,
        "scope": scope_code,
        "network": network,
        "author": author,
        "now": now,
    }
    return _present(connection, connection.execute(_CREATE, values).scalar_one())


def fetch(connection: Connection, id: UUID | str) -> Row | None:
    """Return a plan, or None.

    Returns
    -------
    dict or None
        ``id``, ``name``, ``scope_code``, ``scope_name`` (None where no such division is in
        force), ``network``, ``state``, ``base_at``, ``revision``, ``head`` (edits applied),
        ``undone`` (edits that can be redone), ``created_by``, ``created_at``, ``changed_at``,
        ``submitted_at``, ``withdrawn_at``, ``published_at``, ``note``, ``copied_from``.
    """
    values = {"id": str(id), "scope": None, "state": None, "offset": 0, "limit": 1}
    row = connection.execute(_FETCH, values).mappings().one_or_none()
    return None if row is None else dict(row)


def fetch_all(
    connection: Connection,
    *,
    scope: str | None = None,
    state: State | None = None,
    offset: int = 0,
    limit: int = 100,
) -> Page:
    """Return a page of plans, the latest changed first, each as :func:`fetch` does.

    Parameters
    ----------
    scope
        Division code; plans whose scope begins with it.
    """
    asked = {"scope": prefix_of(scope), "state": state}
    total = int(connection.execute(_COUNT, asked).scalar_one())
    page = {**asked, "id": None, "offset": offset, "limit": limit}
    return Page(total, [dict(row) for row in connection.execute(_FETCH, page).mappings()])


def fetch_names(connection: Connection) -> list[Row]:
    """Return ``id``, ``name`` and ``scope_code`` of every plan, the oldest first."""
    return [dict(row) for row in connection.execute(_NAMES).mappings()]


def announce(
    connection: Connection,
    *,
    author: str,
    edit: str | None = None,
    villages: Sequence[str] | None = None,
) -> None:
    """Say who is about to write what to a plan: open maps are told with the change.

    Holds until the transaction ends, or the next call.

    Parameters
    ----------
    edit
        Type of the edit; None for anything else.
    villages
        Those it touches, None where that is not known.
    """
    act: Row = {"author": author, "edit": edit}
    if villages is not None:
        act["villages"] = list(villages)
    connection.execute(_ANNOUNCE, {"act": json.dumps(act)})


def lock(connection: Connection, id: UUID | str) -> Row | None:
    """Keep everybody else from writing to a plan until the transaction ends; return it, or None.

    Waits for who holds it. What is returned is read after the wait.
    """
    connection.execute(_LOCK, {"id": str(id)})
    return fetch(connection, id)


def rename(connection: Connection, id: UUID | str, name: str, *, now: datetime) -> Row:
    """Give a plan another name; return it."""
    connection.execute(_RENAME, {"id": str(id), "name": name, "now": now})
    return _present(connection, id)


def set_state(
    connection: Connection,
    id: UUID | str,
    state: State,
    *,
    now: datetime,
    note: str | None = None,
) -> Row:
    """Put a plan into a state and write down when; return it.

    Parameters
    ----------
    now
        For ``published`` the instant the lines came into force
        (:attr:`data.publishing.PublishCounts.at`).
    note
        What the plan's note becomes; None leaves it.
    """
    values = {"id": str(id), "state": state, "now": now, "note": note}
    connection.execute(_SET_STATE, values)
    return _present(connection, id)


def copy(
    connection: Connection, id: UUID | str, *, name: str, author: str, now: datetime
) -> Row | None:
    """Branch off a draft with the lines, locks, log and undone edits of a plan; return it, or None.

    The copy goes on from the plan's revision; comments stay with the plan.
    """
    connection.execute(_LOCK, {"id": str(id)})
    values = {"id": str(id), "name": name, "author": author, "now": now}
    new = connection.execute(_COPY, values).scalar_one_or_none()
    if new is None:
        return None
    pair = {"id": str(id), "new": str(new)}
    for statement in (_COPY_VILLAGES, _COPY_LOCKS, _COPY_EDITS, _COPY_GRIDS):
        connection.execute(statement, pair)
    plan_joints.copy(connection, id, new)
    return _present(connection, new)


def _present(connection: Connection, id: UUID | str) -> Row:
    row = fetch(connection, id)
    if row is None:
        raise LookupError(f"no plan {id}")
    return row
