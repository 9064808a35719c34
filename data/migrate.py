"""Bringing a database to the schema of this program.

A migration is a file in ``migrations/versions`` that runs a file of plain SQL. There is no way
back by script: the way back is a backup.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from data.db import explain_rights, make_single_engine
from data.errors import ServerError
from geo.problems import Problem

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 5_002_290_001  # one number for all programs that migrate this kind of database
# Stores of older programs may hold addresses that were never read into the columns of 0007.
_ADDRESSES_READ = "0008"


def upgrade(engine: Engine, *, told: Callable[[int, int], None] | None = None) -> bool:
    """Run the migrations that the database lacks, all of them in one transaction or none.

    Addresses that an older program has stored are read in the same transaction: nobody finds a
    register that is read by half. Programs that start at the same moment wait for each other. The
    caller's pool is not used, and no connection stays behind.

    Parameters
    ----------
    told
        Is told how many stored addresses are read, and of how many.

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
            found = _fetch_revision(connection)
            _run_alembic(connection)
            if found is not None and found < _ADDRESSES_READ:
                from data.households import read_all_again

                read_all_again(connection, told=told)
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
    with make_single_engine(engine.url).connect() as connection:
        return _fetch_revision(connection)


def _fetch_revision(connection: Connection) -> str | None:
    # asked first: a statement about a table that is not there would end the transaction
    if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


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
