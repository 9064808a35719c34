"""Answers that clerks say are wrong, for the planner to look into."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from api.refusals import BadBody, NotFound
from api.services.addresses import Finder
from data import answer_reports
from geo.address.text import spell

Json = dict[str, Any]


def report(finder: Finder, connection: sa.Connection, query: str, note: str, now: datetime) -> Json:
    """Store what was asked, what is answered, and what the clerk says of it.

    Telephone and identity numbers are dropped from both texts before anything is stored.

    Raises
    ------
    BadBody
        If nothing is left of the query.
    """
    asked = spell(query).text
    if not asked:
        raise BadBody("invalid_body", place="query", reason="empty", reason_zh="为空")
    answer = finder.search(asked, limit=5)
    identity = answer_reports.store_report(
        connection, asked, answer, note=_without_numbers(note), now=now
    )
    return {"id": identity, "query": asked, "answer": answer}


def _without_numbers(note: str) -> str:
    spelled = spell(note[:200])
    return spelled.text if spelled.private else note[:200].strip()


def show(connection: sa.Connection, *, settled: bool | None, limit: int) -> Json:
    """Return the reports, the newest first."""
    found = answer_reports.fetch_reports(connection, settled=settled, limit=limit)
    return {"total": found.total, "reports": found.rows}


def settle(connection: sa.Connection, identity: int, note: str, now: datetime) -> None:
    """Settle a report.

    Raises
    ------
    NotFound
        If there is none that is open.
    """
    if not answer_reports.settle_report(connection, identity, note=note, now=now):
        raise NotFound("not_found", what="report", id=str(identity))
