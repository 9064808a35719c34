"""Roads, barriers, terrain."""

from __future__ import annotations

from alembic import op

from data.migrate import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables of what people go on and around."""
    run_sql(op.get_bind(), "0004_ways.sql")
