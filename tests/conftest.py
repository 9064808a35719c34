"""Real PostGIS for the tests: one throw-away cluster a run, one database a worker.

The run's first process names a folder; whoever needs the database first makes the cluster there
(kernel locks see to it that it is made once), the last one out stops it. A migrated template is
made once and cloned for each worker; each test's changes are rolled back.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import URL, Connection, Engine, make_url, text

from api.compiled import drop_stale
from data.cluster import Cluster
from data.db import make_engine, make_single_engine
from data.migrate import upgrade

# The same examples in every run: what fails, fails for everybody. `WANGGE_RANDOM_TESTS=1` draws
# new ones; long random runs are benchmarks/edit_storm.py.
# No deadline: the machine may be busy, and the first example compiles.
hypothesis.settings.register_profile("random", deadline=None)
hypothesis.settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile(
    "random" if os.environ.get("WANGGE_RANDOM_TESTS") else "repeatable"
)

TEMPLATE = "wangge_template"
FOLDER_PREFIX = "wangge-test-"
SETTINGS = {
    # Nothing here outlives the run.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
}


def _make_cluster(home: Path) -> Cluster:
    return Cluster(home, settings=SETTINGS)


# --- the run's folder --------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    # Ended by a signal, we still leave by the front door and take the server with us.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(config, "workerinput"):
        config.cluster_home = Path(config.workerinput["cluster_home"])
        return
    _sweep()
    drop_stale()
    # Not pytest's own folder: as root the server runs as account postgres, which may not enter it.
    home = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir="/tmp"))
    home.chmod(0o711)
    (home / "owner").write_text(str(os.getpid()))
    config.cluster_home = home


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    node.workerinput["cluster_home"] = str(node.config.cluster_home)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _remove(config.cluster_home)


def _sweep() -> None:
    """Remove what runs that were killed have left."""
    for home in Path("/tmp").glob(f"{FOLDER_PREFIX}*"):
        try:
            owner = int((home / "owner").read_text())
            os.kill(owner, 0)
        except ProcessLookupError:
            _remove(home)
        except (OSError, ValueError):  # another account's, or just being made
            continue


def _remove(home: Path) -> None:
    _make_cluster(home).stop(force=True)
    shutil.rmtree(home, ignore_errors=True)


# --- fixtures ----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def cluster_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """URL of the run's server. Without PostgreSQL and PostGIS this fails: it never skips."""
    with _make_cluster(pytestconfig.cluster_home).use() as url:
        yield url


@pytest.fixture(scope="session")
def template(cluster_url: str, pytestconfig: pytest.Config) -> str:
    """Name of the migrated database that others are copied from."""
    with (pytestconfig.cluster_home / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(cluster_url, TEMPLATE):
            unfinished = f"{TEMPLATE}_new"
            _run(cluster_url, f"DROP DATABASE IF EXISTS {unfinished}")
            _run(cluster_url, f"CREATE DATABASE {unfinished} TEMPLATE template0")
            engine = make_single_engine(_url_of(cluster_url, unfinished))
            upgrade(engine)
            engine.dispose()
            _run(cluster_url, f"ALTER DATABASE {unfinished} RENAME TO {TEMPLATE}")
    return TEMPLATE


@pytest.fixture(scope="session")
def engine(cluster_url: str, template: str) -> Iterator[Engine]:
    """Engine on the worker's own copy of the template. Tests on it commit nothing."""
    with _clone(cluster_url, template) as url:
        engine = make_engine(url, pool_size=5)
        yield engine
        engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """Connection in a transaction that is rolled back after the test."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def fresh_database(cluster_url: str, template: str) -> Iterator[str]:
    """URL of a migrated database of the test's own, for tests that commit."""
    with _clone(cluster_url, template) as url:
        yield url


@pytest.fixture
def fresh_engine(fresh_database: str) -> Iterator[Engine]:
    """Engine on ``fresh_database``."""
    engine = make_engine(fresh_database)
    yield engine
    engine.dispose()


@pytest.fixture
def empty_database(cluster_url: str) -> Iterator[str]:
    """URL of a database of the test's own with nothing in it, not even PostGIS."""
    with _clone(cluster_url, "template0") as url:
        yield url


@contextmanager
def _clone(cluster_url: str, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    _run(cluster_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _url_of(cluster_url, name)
    finally:
        _run(cluster_url, f"DROP DATABASE {name} WITH (FORCE)")


def _url_of(cluster_url: str, database: str) -> str:
    url: URL = make_url(cluster_url).set(database=database)
    return url.render_as_string(hide_password=False)


def _exists(cluster_url: str, database: str) -> bool:
    query = text("SELECT EXISTS (SELECT FROM pg_database WHERE datname = :name)")
    with make_single_engine(cluster_url).connect() as connection:
        return bool(connection.execute(query, {"name": database}).scalar())


def _run(cluster_url: str, statement: str) -> None:
    """Run a statement that may stand in no transaction."""
    engine = make_single_engine(cluster_url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
