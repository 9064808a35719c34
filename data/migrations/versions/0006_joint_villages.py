"""Joint villages 联村: in force, with history, and in the drafts of plans."""

from __future__ import annotations

from alembic import op

from data.migrate import run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add their tables, their version, and what a plan shows of them."""
    run_sql(op.get_bind(), "0006_joint_villages.sql")
