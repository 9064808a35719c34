"""Comments on places of a plan: for whoever discusses it, also after it was submitted."""

from __future__ import annotations

import math
from datetime import datetime

import sqlalchemy as sa

from api.refusals import BadBody, NotFound
from api.services.caller import Caller
from api.services.plans.opening import Identity, Row, read_plan
from api.services.plans.texts import clean_comment
from api.services.shapes import Json, shape_box
from data import plan_checks, plan_comments
from geo.problems import Problem

# Degrees, some five kilometres: a comment may be about what lies beside the scope.
MARGIN = 0.05


def show(connection: sa.Connection, identity: Identity, *, caller: Caller) -> Json:
    """Return the comments of a plan, oldest first."""
    plan = read_plan(connection, identity, caller)
    rows = plan_comments.fetch_comments(connection, plan["id"])
    return {"comments": [describe_comment(row) for row in rows]}


def add(
    connection: sa.Connection,
    identity: Identity,
    *,
    text: str,
    point: tuple[float, float],
    caller: Caller,
    now: datetime,
) -> Json:
    """Store a comment on a place.

    Raises
    ------
    BadBody
        ``text_length``, ``text_unreadable``, ``personal_text``; :func:`check_place`.
    """
    cleaned = clean_comment(text)
    plan = read_plan(connection, identity, caller)
    lon, lat = check_place(connection, plan, point)
    row = plan_comments.store_comment(
        connection, plan["id"], text=cleaned, lon=lon, lat=lat, author=caller.name, now=now
    )
    return describe_comment(row)


def check_place(
    connection: sa.Connection, plan: Row, point: tuple[float, float]
) -> tuple[float, float]:
    """Return a place in degrees, in the scope of a plan or near it.

    Raises
    ------
    BadBody
        ``bad_coordinate``, ``comment_outside_scope``.
    """
    lon, lat = point
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise BadBody(Problem("bad_coordinate", {"x": lon, "y": lat}, field="point"))
    box = plan_checks.fetch_scope_box(connection, plan["id"], plan["scope_code"])
    if box is not None:
        west, south, east, north = box
        inside = west - MARGIN <= lon <= east + MARGIN and south - MARGIN <= lat <= north + MARGIN
        if not inside:
            details = {"x": lon, "y": lat, "scope": plan["scope_code"], "bbox": shape_box(box)}
            raise BadBody(Problem("comment_outside_scope", details, field="point"))
    return lon, lat


def settle(
    connection: sa.Connection,
    identity: Identity,
    number: int,
    *,
    resolved: bool,
    caller: Caller,
    now: datetime,
) -> Json:
    """Resolve a comment, or open it again.

    Raises
    ------
    NotFound
    """
    plan = read_plan(connection, identity, caller)
    row = plan_comments.resolve(
        connection, plan["id"], number, resolved=resolved, author=caller.name, now=now
    )
    if row is None:
        raise NotFound("not_found", what="comment", id=str(number))
    return describe_comment(row)


def describe_comment(row: Row) -> Json:
    """Return a comment as answers show it."""
    return {
        "id": row["id"],
        "text": row["text"],
        "point": [row["lon"], row["lat"]],
        "author": row["author"],
        "made_at": row["made_at"],
        "resolved": row["resolved_by"] is not None,
        "resolved_by": row["resolved_by"],
        "resolved_at": row["resolved_at"],
    }
