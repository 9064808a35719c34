"""The audit: who did what and when. Append-only; the database refuses to change it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

_STORE = text("""
    INSERT INTO audit (at, account, action, object, details)
    VALUES (:now, :account, :action, :object, CAST(:details AS jsonb))
""")
_FETCH = text("""
    SELECT id, at, account, action, object, details FROM audit
     WHERE (CAST(:since AS timestamptz) IS NULL OR at >= :since)
     ORDER BY id DESC LIMIT :limit
""")


def store_act(
    connection: Connection,
    *,
    account: str,
    action: str,
    object: str,
    details: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Write down one act.

    Parameters
    ----------
    action, object
        What was done, to what: ``import`` ``grids``; never the content of a household.
    """
    values = {
        "now": now,
        "account": account,
        "action": action,
        "object": object,
        "details": json.dumps(dict(details or {}), ensure_ascii=False, default=str),
    }
    connection.execute(_STORE, values)


def fetch_acts(
    connection: Connection, *, since: datetime | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """Return the latest acts, newest first."""
    found = connection.execute(_FETCH, {"since": since, "limit": limit})
    return [dict(row) for row in found.mappings()]
