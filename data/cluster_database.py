"""The one database of a private cluster: its address, and its creation."""

from __future__ import annotations

from pathlib import Path

import psycopg2
from sqlalchemy import URL

from data.cluster_server import SUPERUSER
from data.cluster_socket import PORT
from data.db import CONNECT_TIMEOUT_S

DATABASE = "wangge"


def url_of(socket_folder: Path) -> str:
    """Return the SQLAlchemy URL of the database behind a socket."""
    place = {"host": str(socket_folder), "port": str(PORT)}
    url = URL.create("postgresql+psycopg2", username=SUPERUSER, database=DATABASE, query=place)
    return url.render_as_string()


def make_database(socket_folder: Path) -> None:
    """Create the database unless it is there.

    Raises
    ------
    psycopg2.OperationalError
        When the server does not answer.
    """
    try:
        _connect(socket_folder, DATABASE).close()
        return
    except psycopg2.OperationalError as error:
        if f'database "{DATABASE}" does not exist' not in str(error):
            raise
    connection = _connect(socket_folder, "postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0")
    finally:
        connection.close()


def _connect(socket_folder: Path, database: str) -> psycopg2.extensions.connection:
    return psycopg2.connect(
        host=str(socket_folder),
        port=PORT,
        user=SUPERUSER,
        dbname=database,
        connect_timeout=CONNECT_TIMEOUT_S,
    )
