"""Connections to the database: the engine, its pool, and what a server must offer."""

from __future__ import annotations

import re
from typing import Any

import psycopg2
from psycopg2.extensions import connection as DriverConnection  # noqa: N812
from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from data.errors import ServerError
from geo.problems import Problem

MINIMUM_POSTGRES = 14
MINIMUM_POSTGIS = (3, 3)
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")
CONNECT_TIMEOUT_S = 10
INSUFFICIENT_PRIVILEGE = "42501"  # SQLSTATE


def parse_url(url: str | URL) -> URL:
    """Return the address of a server with the driver we use.

    Raises
    ------
    ServerError
        ``database_url_invalid`` when it cannot be read or is not PostgreSQL's.

    Examples
    --------
    >>> str(parse_url("postgres://planner@db/county"))
    'postgresql+psycopg2://planner@db/county'
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The reason never repeats the address: it may hold a password.
        reason = type(error).__name__
        raise ServerError(Problem("database_url_invalid", {"reason": reason})) from None
    if parsed.drivername.partition("+")[0] not in ("postgresql", "postgres"):
        details = {"reason": parsed.drivername}
        raise ServerError(Problem("database_url_invalid", details))
    return parsed.set(drivername="postgresql+psycopg2")


def make_engine(url: str | URL, *, pool_size: int = 5) -> Engine:
    """Make the engine of a program.

    Parameters
    ----------
    url
        Address of the server, ``postgresql://…``.
    pool_size
        Connections kept open; as many as threads ask for one at the same time. There is no
        overflow: opening and closing connections in every burst costs more than waiting.
    """
    return create_engine(
        parse_url(url),
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # an error is logged: it must not repeat anybody's address
        connect_args=_connect_arguments(url),
    )


def make_single_engine(url: str | URL) -> Engine:
    """Make an engine that keeps no connection open: for migrations and for copying databases."""
    return create_engine(
        parse_url(url),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args=_connect_arguments(url),
    )


def connect_alone(engine: Engine, *, application: str) -> DriverConnection:
    """Open a connection of the driver that belongs to no pool, to the database of ``engine``.

    Parameters
    ----------
    application
        Name by which the server's list of connections shows it.

    Raises
    ------
    psycopg2.OperationalError
        When the server does not let us in.
    """
    _, named = engine.dialect.create_connect_args(engine.url)
    arguments = {**named, **_connect_arguments(engine.url), "application_name": application}
    connection: DriverConnection = psycopg2.connect(**arguments)
    return connection


def check_server(engine: Engine) -> Problem | None:
    """Say why the server behind ``engine`` cannot be used, or None when it can.

    Looks at the reach of the server, PostgreSQL ≥ 14, UTF-8 with a locale that knows Chinese
    letters, and the extensions: installed, or installable by this user, PostGIS ≥ 3.3.
    """
    try:
        with engine.connect() as connection:
            return _check_software(connection) or _check_extensions(connection)
    except DBAPIError as error:
        return explain_refusal(engine, str(error.orig))


def explain_refusal(engine: Engine, said: str) -> Problem:
    """Return why no connection came about, by the words of libpq or of the server.

    They come without an SQLSTATE. Words of another language than English, and whatever is not
    known here, are repeated as they are; passwords are never among them.
    """
    key = next((key for key, words in _REFUSALS.items() if words.search(said)), None)
    url = engine.url
    details = {
        "host": url.host or url.query.get("host") or "localhost",
        "user": url.username or "",
        "database": url.database or url.username or "",
        "reason": " ".join(said.split()),
    }
    return Problem(key or "database_unreachable", details)


def is_storable(value: str) -> bool:
    r"""Return whether PostgreSQL's text can hold ``value``: it knows neither NUL nor surrogates.

    Examples
    --------
    >>> is_storable("上河村"), is_storable("a\0b"), is_storable("\ud800")
    (True, False, False)
    """
    return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def explain_rights(error: DBAPIError) -> Problem | None:
    """Return the problem when an account lacks a right, None when it is something else."""
    if getattr(error.orig, "pgcode", None) != INSUFFICIENT_PRIVILEGE:
        return None
    return Problem("database_not_permitted", {"reason": str(error.orig).partition("\n")[0]})


# The first that fits decides.
_REFUSALS = {
    "database_unavailable": re.compile("starting up|shutting down|recovery mode|too many c"),
    "database_host_unknown": re.compile("could not translate host name"),
    "database_missing": re.compile('database ".*" does not exist'),
    "database_login_refused": re.compile(
        'authentication failed|no password supplied|role ".*" does not exist|no pg_hba.conf entry'
        "|is not permitted to log in"
    ),
}


def _connect_arguments(url: str | URL) -> dict[str, Any]:
    given = parse_url(url).query.get("options", "")
    # Just-in-time compilation costs 100 ms and more on every query of our kind.
    options = f"-c jit=off -c timezone=UTC {given if isinstance(given, str) else ' '.join(given)}"
    return {
        "options": options.strip(),
        "application_name": "wangge",
        "connect_timeout": CONNECT_TIMEOUT_S,
    }


_SOFTWARE = text("""
    SELECT current_setting('server_version_num')::integer / 10000 AS major,
           current_setting('server_version') AS version,
           pg_encoding_to_char(encoding) AS encoding,
           datctype AS locale
      FROM pg_database
     WHERE datname = current_database()
""")

_EXTENSION = text("""
    SELECT available.name,
           available.installed_version IS NOT NULL AS installed,
           COALESCE(available.installed_version, available.default_version) AS version,
           EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND rolsuper)
           OR (has_database_privilege(current_database(), 'CREATE') AND EXISTS (
                   SELECT FROM pg_available_extension_versions v
                    WHERE v.name = available.name AND v.version = available.default_version
                      AND v.trusted)) AS creatable
      FROM pg_available_extensions available
     WHERE available.name = :name
""")


def _check_software(connection: Connection) -> Problem | None:
    found = connection.execute(_SOFTWARE).one()
    if found.major < MINIMUM_POSTGRES:
        return _too_old("PostgreSQL", found.version, str(MINIMUM_POSTGRES))
    # Under plain C, lower(), ILIKE and trigrams do nothing for Chinese.
    if found.encoding != "UTF8" or found.locale in ("C", "POSIX"):
        return Problem("database_encoding", {"found": f"{found.encoding} {found.locale}"})
    return None


def _check_extensions(connection: Connection) -> Problem | None:
    for name in EXTENSIONS:
        row = connection.execute(_EXTENSION, {"name": name}).one_or_none()
        if row is None or not (row.installed or row.creatable):
            return Problem("extension_missing", {"extension": name})
        if name == "postgis" and _numbers(row.version) < MINIMUM_POSTGIS:
            return _too_old("PostGIS", row.version, ".".join(map(str, MINIMUM_POSTGIS)))
    return None


def _too_old(software: str, found: str, minimum: str) -> Problem:
    details = {"software": software, "found": found, "minimum": minimum}
    return Problem("database_too_old", details)


def _numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version; PostGIS has versions like ``3.4.0dev``."""
    major, _, rest = version.partition(".")
    minor = rest.partition(".")[0]
    return int(major), int(minor) if minor.isdigit() else 0
