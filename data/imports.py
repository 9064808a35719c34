"""Imports that wait: the report of each, and whether it was committed or discarded.

The checked rows themselves wait in a file of the caller's folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, text

State = Literal["reported", "committed", "discarded"]

_TURN = 5_002_290_002  # one number for all programs that import into this kind of database
_STORE = text("""
    INSERT INTO import_batch
           (id, layer, filename, state, parameters, report, created_by, created_at)
    VALUES (CAST(:id AS uuid), :layer, :filename, 'reported',
            CAST(:parameters AS jsonb), CAST(:report AS jsonb), :created_by, :now)
""")
_FETCH = text("SELECT * FROM import_batch WHERE id = CAST(:id AS uuid)")
_FETCH_LOCKED = text("SELECT * FROM import_batch WHERE id = CAST(:id AS uuid) FOR UPDATE")
_CLOSE = text("""
    UPDATE import_batch
       SET state = :state,
           committed_at = CASE WHEN :state = 'committed' THEN CAST(:now AS timestamptz) END
     WHERE id = CAST(:id AS uuid) AND state = 'reported'
""")
_EXPIRE = text("""
    UPDATE import_batch SET state = 'discarded'
     WHERE state = 'reported' AND created_at < :before
    RETURNING id
""")


def wait_turn(connection: Connection) -> None:
    """Wait until no other import is being stored; the next one waits for this transaction.

    Two at a time would each measure the grids without the rows of the other.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _TURN})


def store_batch(
    connection: Connection,
    id: UUID,
    *,
    layer: str,
    filename: str,
    parameters: Mapping[str, Any],
    report: Mapping[str, Any],
    created_by: str,
    now: datetime,
) -> None:
    """Store an import in state ``reported``."""
    values = {
        "id": str(id),
        "layer": layer,
        "filename": filename,
        "parameters": json.dumps(dict(parameters), ensure_ascii=False),
        "report": json.dumps(dict(report), ensure_ascii=False),
        "created_by": created_by,
        "now": now,
    }
    connection.execute(_STORE, values)


def fetch_batch(
    connection: Connection, id: UUID | str, *, lock: bool = False
) -> dict[str, Any] | None:
    """Return an import, or None.

    Parameters
    ----------
    lock
        Keep it from being committed or discarded by others until the transaction ends.
    """
    found = connection.execute(_FETCH_LOCKED if lock else _FETCH, {"id": str(id)})
    row = found.mappings().one_or_none()
    return None if row is None else dict(row)


def close_batch(connection: Connection, id: UUID | str, *, state: State, now: datetime) -> bool:
    """Commit or discard a waiting import; return whether it was waiting."""
    values = {"id": str(id), "state": state, "now": now}
    return connection.execute(_CLOSE, values).rowcount == 1


def expire_batches(connection: Connection, *, before: datetime) -> list[UUID]:
    """Discard what waits since before ``before``; return the ids, for their files to be removed."""
    return list(connection.execute(_EXPIRE, {"before": before}).scalars())
