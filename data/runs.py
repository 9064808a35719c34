"""Runs of an analysis: parameters, versions of their inputs, result and layers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, text

Json = dict[str, Any]
State = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]

_STORE = text("""
    INSERT INTO run (id, analysis, parameters, input_versions, state, progress, result, error,
                     created_by, created_at, finished_at)
    VALUES (CAST(:id AS uuid), :analysis, CAST(:parameters AS jsonb),
            CAST(:input_versions AS jsonb), :state,
            CASE WHEN :state = 'done' THEN 1 ELSE 0 END,
            CAST(:result AS jsonb), CAST(:error AS jsonb), :created_by, :now,
            CASE WHEN :state IN ('done', 'failed') THEN CAST(:now AS timestamptz) END)
    RETURNING *
""")
_STORE_LAYER = text(
    "INSERT INTO run_layer (run_id, name, geojson) VALUES (CAST(:id AS uuid), :name, :geojson)"
)
_FETCH = text("SELECT * FROM run WHERE id = CAST(:id AS uuid)")
_FETCH_SAME = text("""
    SELECT * FROM run
     WHERE analysis = :analysis AND parameters = CAST(:parameters AS jsonb)
       AND input_versions = CAST(:input_versions AS jsonb) AND plan_id IS NULL AND state = 'done'
     ORDER BY created_at DESC LIMIT 1
""")
_FETCH_LAYER = text(
    "SELECT geojson FROM run_layer WHERE run_id = CAST(:id AS uuid) AND name = :name"
)


def store_run(
    connection: Connection,
    id: UUID,
    *,
    analysis: str,
    parameters: Mapping[str, Any],
    input_versions: Mapping[str, Any],
    state: State,
    result: Mapping[str, Any] | None = None,
    error: Mapping[str, Any] | None = None,
    layers: Mapping[str, str] | None = None,
    created_by: str,
    now: datetime,
) -> Json:
    """Store a run and its layers (name → GeoJSON text); return it."""
    values = {
        "id": str(id),
        "analysis": analysis,
        "parameters": _json(parameters),
        "input_versions": _json(input_versions),
        "state": state,
        "result": None if result is None else _json(result),
        "error": None if error is None else _json(error),
        "created_by": created_by,
        "now": now,
    }
    row = connection.execute(_STORE, values).mappings().one()
    for name, geojson in (layers or {}).items():
        connection.execute(_STORE_LAYER, {"id": str(id), "name": name, "geojson": geojson})
    return dict(row)


def fetch_run(connection: Connection, id: UUID | str) -> Json | None:
    """Return a run, or None."""
    row = connection.execute(_FETCH, {"id": str(id)}).mappings().one_or_none()
    return None if row is None else dict(row)


def fetch_same(
    connection: Connection,
    analysis: str,
    parameters: Mapping[str, Any],
    input_versions: Mapping[str, Any],
) -> Json | None:
    """Return the finished run of the same question over the same inputs, or None."""
    values = {
        "analysis": analysis,
        "parameters": _json(parameters),
        "input_versions": _json(input_versions),
    }
    row = connection.execute(_FETCH_SAME, values).mappings().one_or_none()
    return None if row is None else dict(row)


def fetch_layer(connection: Connection, id: UUID | str, name: str) -> str | None:
    """Return a layer of a run as GeoJSON text, or None."""
    values = {"id": str(id), "name": name}
    geojson: str | None = connection.execute(_FETCH_LAYER, values).scalar()
    return geojson


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
