"""The engine, and what is asked of a server that somebody else runs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

import data.db
from data.db import check_server, explain_refusal, make_engine, make_single_engine, parse_url
from data.errors import ServerError


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_spelling_of_the_address_gets_our_driver(scheme: str):
    url = parse_url(f"{scheme}://planner:secret@db.county:5433/map")
    assert url.drivername == "postgresql+psycopg2"
    assert (url.host, url.port, url.database) == ("db.county", 5433, "map")


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://u:secret@h/d", "postgresql://u:secret@h:x/"]
)
def test_a_bad_address_is_refused_without_repeating_its_password(url: str):
    with pytest.raises(ServerError) as refused:
        parse_url(url)
    assert refused.value.problems[0].key == "database_url_invalid"
    assert "secret" not in str(refused.value)


def test_a_session_has_our_settings_and_those_of_the_address(cluster_url: str):
    url = make_url(cluster_url).update_query_dict({"options": "-c work_mem=12MB"})
    engine = make_engine(url.render_as_string())
    with engine.connect() as connection:
        names = ("jit", "timezone", "application_name", "work_mem")
        found = [connection.execute(text(f"SHOW {name}")).scalar() for name in names]
    engine.dispose()
    assert found == ["off", "UTC", "wangge", "12MB"]


def test_the_pool_has_no_overflow(engine: Engine):
    small = make_engine(engine.url, pool_size=1)
    small.pool._timeout = 0.1
    with small.connect(), pytest.raises(PoolTimeoutError):
        small.connect()
    small.dispose()


def test_a_connection_that_died_is_replaced(fresh_engine: Engine):
    with fresh_engine.connect() as connection:
        first = connection.execute(text("SELECT pg_backend_pid()")).scalar()
    single = make_single_engine(fresh_engine.url)
    with single.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
    with fresh_engine.connect() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar() != first


def test_a_migrated_and_an_empty_database_will_do(engine: Engine, empty_database: str):
    assert check_server(engine) is None
    assert check_server(make_single_engine(empty_database)) is None


def test_a_server_that_is_not_there(tmp_path):
    url = f"postgresql://nobody@/nothing?host={tmp_path}"
    problem = check_server(make_single_engine(url))
    assert problem is not None
    assert problem.key == "database_unreachable"
    assert str(tmp_path) in problem.sentence("zh"), "the sentence says what is wrong"


def test_nobody_of_that_name_and_no_such_database(cluster_url: str):
    url = make_url(cluster_url)
    for key, wrong in (
        ("database_missing", url.set(database="nothing_here")),
        ("database_login_refused", url.set(username="nobody_here")),
        ("database_host_unknown", url.set(query={}, host="nowhere.invalid")),
    ):
        problem = check_server(make_single_engine(wrong))
        assert problem is not None
        assert problem.key == key, problem.details


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ('FATAL:  password authentication failed for user "planner"', "database_login_refused"),
        ("FATAL:  the database system is starting up", "database_unavailable"),
        ("FATAL:  sorry, too many clients already", "database_unavailable"),
        ("致命错误: 用户 planner 密码认证失败", "database_unreachable"),
    ],
)
def test_refusals_are_told_by_their_words(said: str, key: str):
    engine = make_single_engine("postgresql://planner:geheim@127.0.0.1/county")
    problem = explain_refusal(engine, said)
    assert problem.key == key
    assert "geheim" not in str(problem.details)


@pytest.mark.parametrize("make", [make_engine, make_single_engine])
def test_an_error_does_not_repeat_the_values(cluster_url: str, make):
    engine = make(cluster_url)
    with engine.connect() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(text("SELECT CAST(:address AS text) || 1 / 0"), {"address": "上河村1号"})
    engine.dispose()
    assert "上河村" not in str(failed.value)


@pytest.mark.parametrize(
    ("name", "value"), [("MINIMUM_POSTGRES", 99), ("MINIMUM_POSTGIS", (99, 0))]
)
def test_a_server_that_is_too_old(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, name: str, value: object
):
    monkeypatch.setattr(data.db, name, value)
    problem = check_server(engine)
    assert problem is not None
    assert problem.key == "database_too_old"
    assert "99" in problem.sentence("en")


@pytest.fixture
def other_database(cluster_url: str) -> Iterator[str]:
    """A database in plain C that belongs to an ordinary user."""
    name = f"other_{uuid.uuid4().hex[:8]}"
    engine = make_single_engine(cluster_url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
        connection.execute(
            text(f"CREATE DATABASE {name} OWNER {name} TEMPLATE template0 LC_CTYPE 'C'")
        )
    yield name
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        connection.execute(text(f"DROP ROLE {name}"))


def test_plain_c_cannot_search_chinese(cluster_url: str, other_database: str):
    url = make_url(cluster_url).set(database=other_database)
    problem = check_server(make_single_engine(url))
    assert problem is not None
    assert problem.key == "database_encoding"


def test_an_ordinary_user_needs_postgis_created_for_him(
    cluster_url: str, other_database: str, empty_database: str
):
    url = make_url(empty_database).set(username=other_database)
    problem = check_server(make_single_engine(url))
    assert problem is not None
    assert (problem.key, problem.details["extension"]) == ("extension_missing", "postgis")
