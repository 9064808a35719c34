"""The database as the service uses it: two kinds of transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


class Database:
    """An engine with one transaction a request.

    Connections are opened inside the worker's thread, never by a dependency before it: with
    as many connections as threads, nobody can wait for a connection held by someone who
    waits for a thread.

    Parameters
    ----------
    engine
        Its pool must hold at least one connection a worker thread. A connection that died
        with its server is replaced at the next request (``pool_pre_ping``).
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a snapshot: version and data read in it belong together."""
        with self.engine.connect() as connection:
            snapshot = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            with snapshot.begin():
                yield snapshot

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Open a transaction that is stored as a whole, or not at all."""
        with self.engine.begin() as connection:
            yield connection
