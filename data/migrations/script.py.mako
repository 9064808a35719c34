"""${message}."""

from __future__ import annotations

from alembic import op

from data.migrate import run_sql

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """${message}."""
    run_sql(op.get_bind(), "${up_revision}_${message.lower().replace(' ', '_')}.sql")
