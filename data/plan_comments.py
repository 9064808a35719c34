"""Comments on a place of a plan: asked, and resolved.

They are no change of the plan: its revision stays.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from data.repository import Row

_STORE = text("""
    INSERT INTO plan_comment (plan_id, text, author, made_at, geom)
    VALUES (CAST(:plan AS uuid), :text, :author, :now,
            ST_SetSRID(ST_MakePoint(:lon, :lat), 4490))
    RETURNING id, text, author, made_at, resolved_by, resolved_at,
              ST_X(geom) AS lon, ST_Y(geom) AS lat
""")
_FETCH = text("""
    SELECT id, text, author, made_at, resolved_by, resolved_at,
           ST_X(geom) AS lon, ST_Y(geom) AS lat
      FROM plan_comment WHERE plan_id = CAST(:plan AS uuid) ORDER BY id
""")
# Resolved once: who did it first stays.
_RESOLVE = text("""
    UPDATE plan_comment
       SET resolved_by = CASE WHEN :resolved THEN COALESCE(resolved_by, :author) END,
           resolved_at = CASE WHEN :resolved
                              THEN COALESCE(resolved_at, CAST(:now AS timestamptz)) END
     WHERE plan_id = CAST(:plan AS uuid) AND id = :id
    RETURNING id, text, author, made_at, resolved_by, resolved_at,
              ST_X(geom) AS lon, ST_Y(geom) AS lat
""")


def store_comment(
    connection: Connection,
    plan_id: UUID | str,
    *,
    text: str,
    lon: float,
    lat: float,
    author: str,
    now: datetime,
) -> Row:
    """Store a comment on a place (degrees, EPSG:4490); return it as :func:`fetch_comments` does."""
    values = {
        "plan": str(plan_id),
        "text": text,
        "lon": lon,
        "lat": lat,
        "author": author,
        "now": now,
    }
    return dict(connection.execute(_STORE, values).mappings().one())


def fetch_comments(connection: Connection, plan_id: UUID | str) -> list[Row]:
    """Return the comments on a plan, oldest first.

    Returns
    -------
    list of dict
        ``id``, ``text``, ``author``, ``made_at``, ``resolved_by`` and ``resolved_at`` (None while
        it is open), ``lon``, ``lat``.
    """
    return [dict(row) for row in connection.execute(_FETCH, {"plan": str(plan_id)}).mappings()]


def resolve(
    connection: Connection,
    plan_id: UUID | str,
    id: int,
    *,
    resolved: bool,
    author: str,
    now: datetime,
) -> Row | None:
    """Resolve a comment, or open it again; return it, None if the plan has no such comment."""
    values = {
        "plan": str(plan_id),
        "id": id,
        "resolved": resolved,
        "author": author,
        "now": now,
    }
    row = connection.execute(_RESOLVE, values).mappings().one_or_none()
    return None if row is None else dict(row)
