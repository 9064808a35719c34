"""The log of a plan: every edit there ever was, applied, undone, overtaken or left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, text

from data.repository import Page, Row

Discard = Literal["overtaken", "conflict"]

_FETCH = text("""
    SELECT e.id, e.position, e.edit, e.outcome, e.revision, e.author, e.made_at,
           COALESCE(e.discarded, CASE WHEN e.position <= p.head THEN 'applied' ELSE 'undone' END)
           AS state
      FROM plan_edit e JOIN plan p ON p.id = e.plan_id
     WHERE e.plan_id = CAST(:plan AS uuid)
       AND (CAST(:since AS bigint) IS NULL OR e.revision > :since)
     ORDER BY e.id
""")
# Edits that were overtaken have their position in common with those that came after: a page is
# never cut between them.
_FETCH_PAGE = text("""
    SELECT e.id, e.position, e.edit, e.outcome, e.revision, e.author, e.made_at,
           COALESCE(e.discarded, CASE WHEN e.position <= p.head THEN 'applied' ELSE 'undone' END)
           AS state
      FROM plan_edit e JOIN plan p ON p.id = e.plan_id
     WHERE e.plan_id = CAST(:plan AS uuid)
       AND (CAST(:before AS integer) IS NULL OR e.position < :before)
       AND e.position >= (
           SELECT min(last.position)
             FROM (SELECT l.position FROM plan_edit l
                    WHERE l.plan_id = CAST(:plan AS uuid)
                      AND (CAST(:before AS integer) IS NULL OR l.position < :before)
                    ORDER BY l.position DESC LIMIT :limit) AS last)
     ORDER BY e.position, e.id
""")
_COUNT = text("SELECT count(*) FROM plan_edit WHERE plan_id = CAST(:plan AS uuid)")
_FETCH_APPLIED = text("""
    SELECT e.id, e.position, e.edit, e.outcome, e.revision, e.author, e.made_at,
           'applied' AS state
      FROM plan_edit e JOIN plan p ON p.id = e.plan_id
     WHERE e.plan_id = CAST(:plan AS uuid) AND e.position <= p.head AND e.discarded IS NULL
     ORDER BY e.position
""")
_FETCH_ENTRY = text("""
    SELECT e.id, e.position, e.edit, e.outcome, e.revision, e.author, e.made_at,
           CASE WHEN e.position <= p.head THEN 'applied' ELSE 'undone' END AS state
      FROM plan_edit e JOIN plan p ON p.id = e.plan_id
     WHERE e.plan_id = CAST(:plan AS uuid) AND e.position = :position AND e.discarded IS NULL
""")
_APPEND = text("""
    WITH moved AS (
        UPDATE plan SET head = :position, revision = revision + 1, changed_at = :now
         WHERE id = CAST(:plan AS uuid) RETURNING id, revision)
    INSERT INTO plan_edit (plan_id, position, edit, outcome, revision, author, made_at)
    SELECT id, :position, CAST(:edit AS jsonb), CAST(:outcome AS jsonb), revision, :author, :now
      FROM moved
""")
_REPLAY = text("""
    WITH moved AS (
        UPDATE plan SET head = :position, revision = revision + 1, changed_at = :now
         WHERE id = CAST(:plan AS uuid) RETURNING id, revision)
    UPDATE plan_edit e
       SET position = :position, edit = CAST(:edit AS jsonb), outcome = CAST(:outcome AS jsonb),
           revision = moved.revision
      FROM moved
     WHERE e.plan_id = moved.id AND e.id = :entry AND e.discarded IS NULL
""")
_DISCARD = text("""
    UPDATE plan_edit SET discarded = :reason
     WHERE plan_id = CAST(:plan AS uuid) AND id = ANY (CAST(:entries AS bigint[]))
       AND discarded IS NULL
""")
_OVERTAKE = text("""
    UPDATE plan_edit e SET discarded = 'overtaken'
      FROM plan p
     WHERE p.id = CAST(:plan AS uuid) AND e.plan_id = p.id
       AND e.position > p.head AND e.discarded IS NULL
""")


def fetch_log(
    connection: Connection, plan_id: UUID | str, *, since_revision: int | None = None
) -> list[Row]:
    """Return the log of a plan in the order it was written.

    Parameters
    ----------
    since_revision
        Only edits that somebody who saw this revision does not know.

    Returns
    -------
    list of dict
        ``id``, ``position``, ``edit`` (as :func:`geo.edits.edit_to_json` wrote it), ``outcome``
        (:func:`data.plan_lines.store_edit`), ``revision`` the plan had then, ``author``,
        ``made_at``, ``state``: ``applied``, ``undone`` (can be redone), ``overtaken`` by a later
        edit, or left out by a rebase for a ``conflict``.
    """
    found = connection.execute(_FETCH, {"plan": str(plan_id), "since": since_revision})
    return [dict(row) for row in found.mappings()]


def fetch_page(
    connection: Connection,
    plan_id: UUID | str,
    *,
    before: int | None = None,
    limit: int | None = None,
) -> Page:
    """Return the last edits before a position, by position, each as :func:`fetch_log` does.

    Parameters
    ----------
    before
        Position; None for the end of the log.
    limit
        How many; more if several stand at the first position. None for all.
    """
    values = {"plan": str(plan_id), "before": before, "limit": limit}
    total = int(connection.execute(_COUNT, values).scalar_one())
    return Page(total, [dict(row) for row in connection.execute(_FETCH_PAGE, values).mappings()])


def fetch_applied(connection: Connection, plan_id: UUID | str) -> list[Row]:
    """Return the edits that make the plan what it is, in their order, as :func:`fetch_log` does."""
    found = connection.execute(_FETCH_APPLIED, {"plan": str(plan_id)})
    return [dict(row) for row in found.mappings()]


def fetch_entry(connection: Connection, plan_id: UUID | str, position: int) -> Row | None:
    """Return the edit at a position, applied or undone, as :func:`fetch_log` does; or None."""
    values = {"plan": str(plan_id), "position": position}
    row = connection.execute(_FETCH_ENTRY, values).mappings().one_or_none()
    return None if row is None else dict(row)


def append(
    connection: Connection,
    plan_id: UUID | str,
    *,
    position: int,
    edit: Mapping[str, Any],
    outcome: Mapping[str, Any],
    author: str,
    now: datetime,
    entry: int | None = None,
) -> None:
    """Write an edit down, move the head to it and raise the revision.

    Parameters
    ----------
    entry
        Row of the log that is replayed: it keeps its author and its time.

    Raises
    ------
    LookupError
        If the plan has no such entry that is not discarded.
    """
    values = {
        "plan": str(plan_id),
        "position": position,
        "edit": json.dumps(dict(edit), ensure_ascii=False),
        "outcome": json.dumps(dict(outcome), ensure_ascii=False),
        "now": now,
    }
    more = {"author": author} if entry is None else {"entry": entry}
    written = connection.execute(_APPEND if entry is None else _REPLAY, values | more)
    if written.rowcount != 1:
        raise LookupError(f"no plan {plan_id}, or no entry {entry} in its log")


def discard(
    connection: Connection, plan_id: UUID | str, entries: Sequence[int], reason: Discard
) -> None:
    """Mark edits of the log as left out; they stay in it."""
    values = {"plan": str(plan_id), "entries": list(entries), "reason": reason}
    connection.execute(_DISCARD, values)


def overtake(connection: Connection, plan_id: UUID | str) -> int:
    """Mark the edits that were undone as overtaken; return how many there were."""
    return int(connection.execute(_OVERTAKE, {"plan": str(plan_id)}).rowcount)
