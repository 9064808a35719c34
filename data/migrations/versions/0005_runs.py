"""Runs in worker processes: step, start, and events."""

from __future__ import annotations

from alembic import op

from data.migrate import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add what a run in progress tells."""
    run_sql(op.get_bind(), "0005_runs.sql")
