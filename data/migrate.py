"""Bringing a database to the schema of this program.

A migration is a file in ``migrations/versions`` that runs a file of plain SQL. There is no way
back by script: the way back is a backup.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from data.db import explain_rights, make_single_engine
from data.errors import ServerError
from geo.problems import Problem

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 5_002_290_001  # one number for all programs that migrate this kind of database


def upgrade(engine: Engine) -> bool:
    """Run the migrations that the database lacks, all of them in one transaction or none.

    Programs that start at the same moment wait for each other. The caller's pool is not used,
    and no connection stays behind.

    Returns
    -------
    bool
        Whether anything was to be done.

    Raises
    ------
    ServerError
        ``database_too_new`` when a newer program has migrated the database;
        ``database_not_permitted`` when the account may not read or make the tables.
    """
    try:
        if is_current(engine):
            return False
        with make_single_engine(engine.url).begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            _run_alembic(connection)
    except ProgrammingError as error:
        problem = explain_rights(error)
        if problem is None:
            raise
        raise ServerError(problem) from error
    return True


def is_current(engine: Engine) -> bool:
    """Tell whether the database has the schema of this program; cheap, without Alembic.

    Raises
    ------
    ServerError
        ``database_too_new`` when a newer program has migrated the database.
    """
    found = fetch_revision(engine)
    if found is not None and found not in revisions():
        raise ServerError(Problem("database_too_new", {"found": found}))
    return found == revisions()[-1]


def fetch_revision(engine: Engine) -> str | None:
    """Return the revision of the database, None before the first migration."""
    single = make_single_engine(engine.url)
    with single.connect() as connection:
        try:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except ProgrammingError as error:
            if getattr(error.orig, "pgcode", None) == "42P01":  # undefined_table
                return None
            raise


def revisions() -> list[str]:
    """Return the revisions this program knows, oldest first.

    Examples
    --------
    >>> revisions()[0]
    '0001'
    """
    return sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def run_sql(connection: Connection, name: str) -> None:
    """Run ``migrations/sql/NAME`` as it stands: no parameters, so ``%`` and ``:`` are safe."""
    script = (FOLDER / "sql" / name).read_text(encoding="utf-8")
    connection.exec_driver_sql(script, execution_options={"no_parameters": True})


def _run_alembic(connection: Connection) -> None:
    # Imported late: a start that has nothing to migrate does not pay for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
