"""Keys of other systems that may look up addresses."""

from __future__ import annotations

from alembic import op

from data.migrate import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table of keys."""
    run_sql(op.get_bind(), "0008_api_keys.sql")
