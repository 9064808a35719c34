"""Addresses: read once at import; other names of places; answers that clerks say are wrong."""

from __future__ import annotations

from alembic import op

from data.migrate import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns of a read address, and the tables of names and of reports."""
    run_sql(op.get_bind(), "0007_addresses.sql")
