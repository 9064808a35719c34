"""Answers to addresses that clerks say are wrong, for the planner to settle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

Row = dict[str, Any]

_STORE = text("""
    INSERT INTO answer_report (query, answer, note, created_at)
    VALUES (:query, CAST(:answer AS jsonb), :note, :now) RETURNING id
""")
_FETCH = text("""
    SELECT id, query, answer, note, created_at, settled_at, settled_note FROM answer_report
     WHERE CAST(:settled AS boolean) IS NULL OR (settled_at IS NOT NULL) = :settled
     ORDER BY created_at DESC, id DESC LIMIT :limit OFFSET :offset
""")
_COUNT = text("""
    SELECT count(*) FROM answer_report
     WHERE CAST(:settled AS boolean) IS NULL OR (settled_at IS NOT NULL) = :settled
""")
_SETTLE = text("""
    UPDATE answer_report SET settled_at = :now, settled_note = :note
     WHERE id = :id AND settled_at IS NULL
""")


class Reports(NamedTuple):
    """Some reports, newest first, and how many there are."""

    total: int
    rows: list[Row]


def store_report(
    connection: Connection, query: str, answer: Mapping[str, Any], *, note: str, now: datetime
) -> int:
    """Store what was asked, what was answered and what the clerk says; return its number.

    The query must hold no phone or identity number any more.
    """
    values = {
        "query": query,
        "answer": json.dumps(dict(answer), ensure_ascii=False),
        "note": note,
        "now": now,
    }
    return int(connection.execute(_STORE, values).scalar_one())


def fetch_reports(
    connection: Connection, *, settled: bool | None = None, limit: int = 100, offset: int = 0
) -> Reports:
    """Return reports; ``settled`` True or False only such, None all of them."""
    asked = {"settled": settled, "limit": limit, "offset": offset}
    total = connection.execute(_COUNT, {"settled": settled}).scalar_one()
    return Reports(int(total), [dict(r) for r in connection.execute(_FETCH, asked).mappings()])


def settle_report(connection: Connection, id: int, *, note: str, now: datetime) -> bool:
    """Settle a report; return whether it was there and open."""
    values = {"id": id, "note": note, "now": now}
    return connection.execute(_SETTLE, values).rowcount == 1
