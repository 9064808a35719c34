"""A draft written straight into the store: what the editor would make, without the editor."""

from __future__ import annotations

import uuid

from sqlalchemy import text

_PLAN = text("""
    INSERT INTO plan (id, name, scope_code, network, base_at, revision, head, created_by,
                      created_at, changed_at)
    VALUES (:id, '草案', :scope, :network, now(), 0, 0, 'local', now(), now())
""")
_PIN = text("INSERT INTO plan_village (plan_id, village_code, pinned_at) VALUES (:plan, :v, now())")
_COPY = text("""
    INSERT INTO plan_grid (plan_id, base_id, network, code, name, village_code, kind, parent_code,
                           flags, attributes, from_position, geom)
    SELECT :plan, g.id, g.network, g.code, g.name, g.village_code, g.kind, g.parent_code, g.flags,
           g.attributes, 0, g.geom
      FROM grid g JOIN plan p ON p.id = :plan AND p.network = g.network
     WHERE g.village_code = :v AND g.valid_to IS NULL
""")
_END = text("""
    UPDATE plan_grid SET to_position = :position
     WHERE plan_id = :plan AND code = :code AND to_position IS NULL
""")
_ADD = text("""
    INSERT INTO plan_grid (plan_id, base_id, network, code, name, village_code, kind, locked,
                           from_position, geom)
    SELECT :plan, (SELECT base_id FROM plan_grid WHERE plan_id = :plan AND code = :code LIMIT 1),
           p.network, :code, :name, left(:code, 12), 'basic', :locked, :position,
           ST_GeomFromText(:wkt, 4490)
      FROM plan p WHERE p.id = :plan
""")
_HEAD = text("UPDATE plan SET head = head + :step, revision = revision + 1 WHERE id = :plan")


def make_plan(connection, scope, *, network="all_purpose"):
    """Make an empty plan; return its id."""
    plan = uuid.uuid4()
    values = {"id": str(plan), "scope": scope, "network": network}
    connection.execute(_PLAN, values)
    return plan


def touch(connection, plan, village):
    """Copy a village into the plan and pin it, as its first edit does."""
    connection.execute(_PIN, {"plan": str(plan), "v": village})
    connection.execute(_COPY, {"plan": str(plan), "v": village})


def edit(connection, plan, shapes, *, removed=(), locked=(), name="改过"):
    """Store one edit: code → new shape, codes that go; the plan moves on by one."""
    position = connection.execute(
        text("SELECT head + 1 FROM plan WHERE id = :plan"), {"plan": str(plan)}
    ).scalar_one()
    asked = {"plan": str(plan), "position": position}
    for code in (*shapes, *removed):
        connection.execute(_END, {**asked, "code": code})
    for code, shape in shapes.items():
        row = {"code": code, "name": name, "locked": code in locked, "wkt": shape.wkt}
        connection.execute(_ADD, {**asked, **row})
    move_head(connection, plan, 1)


def move_head(connection, plan, step):
    """Undo (-1) or redo (+1)."""
    connection.execute(_HEAD, {"plan": str(plan), "step": step})


def lock_village(connection, plan, village):
    """Lock a village, as one edit."""
    connection.execute(
        text(
            "INSERT INTO plan_lock (plan_id, village_code, from_position)"
            " SELECT id, :v, head + 1 FROM plan WHERE id = :plan"
        ),
        {"plan": str(plan), "v": village},
    )
    move_head(connection, plan, 1)
