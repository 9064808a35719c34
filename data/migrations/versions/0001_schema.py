"""The first schema: divisions, natural villages, grids, households, centers, plans, runs."""

from __future__ import annotations

from alembic import op

from data.migrate import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    run_sql(op.get_bind(), "0001_schema.sql")
