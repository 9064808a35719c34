"""Plans: versioned draft lines, their log, locks, comments; more numbers a grid; events."""

from __future__ import annotations

from alembic import op

from data.migrate import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables of plans."""
    run_sql(op.get_bind(), "0002_plans.sql")
