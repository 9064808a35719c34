"""Runs of an analysis: asked for, worked on, finished; parameters, versions of inputs, result.

``queued → running → done | failed``, and ``cancelled`` or ``interrupted`` on the way. Every change
of state names the state it starts from, so of two who change a run one comes too late and sees it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Engine, text

Json = dict[str, Any]
State = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
# Over and without a result: the same question may be asked again.
ENDED = ("failed", "cancelled", "interrupted")

_ADD = text("""
    INSERT INTO run (id, analysis, parameters, plan_id, input_versions, state, created_by,
                     created_at)
    VALUES (CAST(:id AS uuid), :analysis, CAST(:parameters AS jsonb), CAST(:plan AS uuid),
            CAST(:input_versions AS jsonb), 'queued', :created_by, :now)
    RETURNING *
""")
_FETCH = text("SELECT * FROM run WHERE id = CAST(:id AS uuid)")
# Results can be large, and a list shows none.
_FETCH_RECENT = text("""
    SELECT id, analysis, parameters, plan_id, input_versions, state, progress, step, error,
           created_by, created_at, started_at, finished_at
      FROM run
     WHERE (CAST(:analysis AS text) IS NULL OR analysis = :analysis)
     ORDER BY created_at DESC, id LIMIT :limit
""")
_FETCH_SAME = text("""
    SELECT * FROM run
     WHERE analysis = :analysis AND parameters = CAST(:parameters AS jsonb)
       AND input_versions = CAST(:input_versions AS jsonb)
       AND plan_id IS NOT DISTINCT FROM CAST(:plan AS uuid)
       AND state IN ('queued', 'running', 'done')
     ORDER BY created_at DESC LIMIT 1
""")
_FETCH_QUEUED = text("""
    SELECT id FROM run
     WHERE state = 'queued' AND (CAST(:id AS uuid) IS NULL OR id = CAST(:id AS uuid))
     ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
""")
_BEGIN = text("""
    UPDATE run SET state = 'running', progress = 0, step = NULL, started_at = :now
     WHERE id = CAST(:id AS uuid) AND state = 'queued'
    RETURNING *
""")
_TELL = text("""
    UPDATE run SET progress = :progress, step = :step
     WHERE id = CAST(:id AS uuid) AND state = 'running'
""")
_FINISH = text("""
    UPDATE run SET state = 'done', progress = 1, step = NULL, result = CAST(:result AS jsonb),
                   input_versions = CAST(:input_versions AS jsonb), finished_at = :now
     WHERE id = CAST(:id AS uuid) AND state = 'running'
""")
_STORE_LAYER = text(
    "INSERT INTO run_layer (run_id, name, geojson) VALUES (CAST(:id AS uuid), :name, :geojson)"
)
_END = text("""
    UPDATE run SET state = :state, step = NULL, error = CAST(:error AS jsonb), finished_at = :now
     WHERE id = CAST(:id AS uuid) AND state IN ('queued', 'running')
    RETURNING *
""")
_AGAIN = text("""
    UPDATE run SET state = 'queued', progress = 0, error = NULL, started_at = NULL,
                   finished_at = NULL, input_versions = CAST(:input_versions AS jsonb)
     WHERE id = CAST(:id AS uuid) AND state IN ('failed', 'cancelled', 'interrupted')
    RETURNING *
""")
# The one at work on a run holds its lock for as long as its connection lives.
_LOCK = text("SELECT pg_try_advisory_lock(hashtextextended(:id, 5))")
_INTERRUPT = text("""
    UPDATE run SET state = 'interrupted', step = NULL, finished_at = :now
     WHERE state = 'running' AND pg_try_advisory_xact_lock(hashtextextended(id::text, 5))
    RETURNING id
""")
_FETCH_LAYER = text(
    "SELECT geojson FROM run_layer WHERE run_id = CAST(:id AS uuid) AND name = :name"
)
_NAME_LAYERS = text("SELECT name FROM run_layer WHERE run_id = CAST(:id AS uuid) ORDER BY name")


def add_run(
    connection: Connection,
    id: UUID,
    *,
    analysis: str,
    parameters: Mapping[str, Any],
    plan: UUID | None,
    input_versions: Mapping[str, Any],
    created_by: str,
    now: datetime,
) -> Json:
    """Queue a run; return it."""
    values = _question(analysis, parameters, plan, input_versions)
    values |= {"id": str(id), "created_by": created_by, "now": now}
    return dict(connection.execute(_ADD, values).mappings().one())


def fetch_run(connection: Connection, id: UUID | str) -> Json | None:
    """Return a run, or None."""
    row = connection.execute(_FETCH, {"id": str(id)}).mappings().one_or_none()
    return None if row is None else dict(row)


def fetch_recent(connection: Connection, *, analysis: str | None, limit: int) -> list[Json]:
    """Return the latest runs without their results, the newest first."""
    rows = connection.execute(_FETCH_RECENT, {"analysis": analysis, "limit": limit}).mappings()
    return [dict(row) for row in rows]


def fetch_same(
    connection: Connection,
    analysis: str,
    parameters: Mapping[str, Any],
    plan: UUID | None,
    input_versions: Mapping[str, Any],
) -> Json | None:
    """Return the run of the same question over the same inputs: done or on the way, or None."""
    values = _question(analysis, parameters, plan, input_versions)
    row = connection.execute(_FETCH_SAME, values).mappings().one_or_none()
    return None if row is None else dict(row)


@contextmanager
def claim(engine: Engine, now: datetime, *, id: UUID | None = None) -> Iterator[Json | None]:
    """Begin the run that waits longest (or this one), and hold it until the end of the block.

    Yields
    ------
    dict or None
        The run, ``running``; None when nothing waits. A process that dies lets go of it, and
        :func:`interrupt_orphans` finds it.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as holding:
        holding.detach()  # from its pool: the lock ends with it
        yield _claim(engine, holding, id, now)


def _claim(engine: Engine, holding: Connection, id: UUID | None, now: datetime) -> Json | None:
    with engine.begin() as connection:
        wanted = {"id": None if id is None else str(id)}
        found = connection.execute(_FETCH_QUEUED, wanted).scalar()
        # Held before it is running: whoever looks for orphans never sees it without its keeper.
        if found is None or not holding.execute(_LOCK, {"id": str(found)}).scalar():
            return None
        values = {"id": str(found), "now": now}
        return dict(connection.execute(_BEGIN, values).mappings().one())


def tell_progress(connection: Connection, id: UUID, progress: float, step: str) -> bool:
    """Store how far a run is; return whether it is still wanted."""
    values = {"id": str(id), "progress": progress, "step": step}
    return bool(connection.execute(_TELL, values).rowcount)


def finish(
    connection: Connection,
    id: UUID,
    *,
    input_versions: Mapping[str, Any],
    result: Mapping[str, Any],
    layers: Mapping[str, str],
    now: datetime,
) -> bool:
    """Store the result and its layers (name → GeoJSON text); False if it is not wanted any more."""
    values = {
        "id": str(id),
        "result": _json(result),
        "input_versions": _json(input_versions),
        "now": now,
    }
    if not connection.execute(_FINISH, values).rowcount:
        return False
    for name, geojson in layers.items():
        connection.execute(_STORE_LAYER, {"id": str(id), "name": name, "geojson": geojson})
    return True


def end(
    connection: Connection,
    id: UUID,
    state: Literal["failed", "cancelled", "interrupted"],
    *,
    error: Mapping[str, Any] | None = None,
    now: datetime,
) -> Json | None:
    """End a run that is queued or running; None when it is neither."""
    values = {
        "id": str(id),
        "state": state,
        "error": None if error is None else _json(error),
        "now": now,
    }
    row = connection.execute(_END, values).mappings().one_or_none()
    return None if row is None else dict(row)


def queue_again(connection: Connection, id: UUID, input_versions: Mapping[str, Any]) -> Json | None:
    """Queue a run that ended without a result; None when it did not."""
    values = {"id": str(id), "input_versions": _json(input_versions)}
    row = connection.execute(_AGAIN, values).mappings().one_or_none()
    return None if row is None else dict(row)


def interrupt_orphans(connection: Connection, now: datetime) -> list[UUID]:
    """Mark the runs nobody works on any more as interrupted; return them."""
    return list(connection.execute(_INTERRUPT, {"now": now}).scalars())


def fetch_layer(connection: Connection, id: UUID | str, name: str) -> str | None:
    """Return a layer of a run as GeoJSON text, or None."""
    values = {"id": str(id), "name": name}
    geojson: str | None = connection.execute(_FETCH_LAYER, values).scalar()
    return geojson


def name_layers(connection: Connection, id: UUID | str) -> list[str]:
    """Return the names of a run's layers."""
    return list(connection.execute(_NAME_LAYERS, {"id": str(id)}).scalars())


def _question(
    analysis: str,
    parameters: Mapping[str, Any],
    plan: UUID | None,
    input_versions: Mapping[str, Any],
) -> Json:
    return {
        "analysis": analysis,
        "parameters": _json(parameters),
        "plan": None if plan is None else str(plan),
        "input_versions": _json(input_versions),
    }


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
