"""Events of plans: who made which edit in which villages."""

from __future__ import annotations

from alembic import op

from data.migrate import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Replace the function of the trigger."""
    run_sql(op.get_bind(), "0003_plan_events.sql")
