"""A service on real PostGIS with the tiny county, loaded by the importers a user uses."""

import uuid
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import make_url, text

from api import server
from api.app import create_app
from api.services import imports, indicators, workspace
from api.services.caller import LOCAL_PLANNER
from api.settings import Settings
from data.db import make_engine, make_single_engine
from tests.api import tiny

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would like another client library to be installed
    from starlette.testclient import TestClient

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NEW_EPOCH = """
    UPDATE workspace SET value = to_jsonb(substr(replace(gen_random_uuid()::text, '-', ''), 1, 12))
     WHERE key = 'epoch'
"""


def run_statement(url, statement):
    engine = make_single_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))


@contextmanager
def clone(cluster_url, template):
    name = f"api_{uuid.uuid4().hex}"
    run_statement(cluster_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    url = make_url(cluster_url).set(database=name).render_as_string(hide_password=False)
    # what this process keeps by version must not pass from one copy to the next
    run_statement(url, NEW_EPOCH)
    try:
        yield url
    finally:
        run_statement(cluster_url, f"DROP DATABASE {name} WITH (FORCE)")


def bring_in(engine, folder, files, *, now=NOW, mode="upsert"):
    """Import files as ``wangge import --yes`` does."""
    for layer, path in files.items():
        crs = "EPSG:4490" if path.suffix == ".csv" else None
        options = imports.Options(layer=layer, crs=crs, mode=mode)
        with engine.begin() as connection:
            report = imports.report_file(
                connection, path, options, folder=folder, caller=LOCAL_PLANNER, now=now
            )
            assert report["can_commit"], report["problems"]
            imports.commit(
                connection,
                report["id"],
                folder=folder,
                skip_bad_rows=False,
                caller=LOCAL_PLANNER,
                now=now,
                measure=False,
            )
    with engine.begin() as connection:
        indicators.refresh(connection)


@pytest.fixture(scope="session")
def tiny_database(cluster_url, template, tmp_path_factory):
    """Name of a database with the tiny county; nobody stays connected to it."""
    folder = tmp_path_factory.mktemp("tiny")
    with clone(cluster_url, template) as url:
        engine = make_engine(url)
        with engine.begin() as connection:
            workspace.seed(connection)
        bring_in(engine, folder, tiny.write_files(folder))
        with engine.begin() as connection:
            workspace.store_title(connection, title="小县", title_en="Tiny", synthetic=True)
        engine.dispose()
        yield make_url(url).database


def make_client(settings, engine):
    return TestClient(
        create_app(settings, engine),
        base_url="http://localhost:8765",
        client=("127.0.0.1", 50000),
        raise_server_exceptions=False,
    )


@pytest.fixture(scope="session")
def reading_app(cluster_url, tiny_database, tmp_path_factory):
    """An application on the tiny county; tests of it store nothing."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), max_request_mb=8)
    with clone(cluster_url, tiny_database) as url:
        engine = make_engine(url, pool_size=8)
        yield create_app(settings, engine)
        engine.dispose()


@pytest.fixture
def client(reading_app):
    """A client of the shared tiny county, for reading."""
    with TestClient(
        reading_app,
        base_url="http://localhost:8765",
        client=("127.0.0.1", 50000),
        raise_server_exceptions=False,
    ) as client:
        yield client


@pytest.fixture
def own_engine(cluster_url, tiny_database):
    """Engine on the test's own copy of the tiny county."""
    with clone(cluster_url, tiny_database) as url:
        engine = make_engine(url, pool_size=8)
        yield engine
        engine.dispose()


@pytest.fixture
def own_client(own_engine, tmp_path):
    """A client of the test's own copy of the tiny county."""
    settings = Settings(home=tmp_path, max_upload_mb=1, max_request_mb=8)
    with make_client(settings, own_engine) as client:
        yield client


@pytest.fixture(scope="module")
def kept_engine(cluster_url, tiny_database):
    """Engine on a copy of the tiny county for a module whose tests must leave no trace."""
    with clone(cluster_url, tiny_database) as url:
        engine = make_engine(url, pool_size=8)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def kept_client(kept_engine, tmp_path_factory):
    """A client of that copy."""
    settings = Settings(home=tmp_path_factory.mktemp("kept"), max_upload_mb=1, max_request_mb=8)
    with make_client(settings, kept_engine) as client:
        yield client


@pytest.fixture
def empty_client(fresh_database, tmp_path):
    """A client of a database without any data."""
    engine = make_engine(fresh_database, pool_size=8)
    with make_client(Settings(home=tmp_path), engine) as client:
        yield client
    engine.dispose()


@pytest.fixture(scope="session")
def served_url(cluster_url, tiny_database, tmp_path_factory):
    """Address of a real server on a copy of the tiny county."""
    settings = Settings(home=tmp_path_factory.mktemp("served"), port=0)
    with clone(cluster_url, tiny_database) as url:
        engine = make_engine(url, pool_size=20)
        bound, _ = server.bind_socket("127.0.0.1", 0)
        with bound, server.running_server(settings, engine, bound) as address:
            yield address.url.rstrip("/")
        engine.dispose()
