"""Migrations: from nothing to the schema of this program, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, make_url, text

from data.db import EXTENSIONS, check_server, make_single_engine
from data.errors import ServerError
from data.migrate import FOLDER, fetch_revision, is_current, revisions, upgrade


def test_upgrade_from_nothing_then_again(empty_database: str):
    engine = make_single_engine(empty_database)
    assert fetch_revision(engine) is None
    assert not is_current(engine)
    assert upgrade(engine) is True
    assert fetch_revision(engine) == revisions()[-1]
    assert upgrade(engine) is False


def test_starters_at_the_same_moment_wait_for_each_other(empty_database: str):
    with ThreadPoolExecutor(4) as pool:
        engines = [make_single_engine(empty_database) for _ in range(4)]
        list(pool.map(upgrade, engines))
    assert all(is_current(engine) for engine in engines)


def test_a_newer_database_is_refused(fresh_engine: Engine):
    with fresh_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ServerError) as refused:
        upgrade(fresh_engine)
    assert refused.value.problems[0].key == "database_too_new"
    assert "9999" in refused.value.problems[0].sentence("zh")


def test_a_failing_migration_leaves_nothing(empty_database: str):
    engine = make_single_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE audit (in_the_way integer)"))
    with pytest.raises(Exception, match="audit"):
        upgrade(engine)
    assert fetch_revision(engine) is None
    with engine.connect() as connection:
        tables = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        assert list(tables.scalars()) == ["audit"]


def test_an_account_without_rights_is_a_sentence(empty_database: str):
    """The administrator has made the extensions, and forgot the right to make tables."""
    name = make_url(empty_database).database
    with make_single_engine(empty_database).begin() as connection:
        for extension in EXTENSIONS:
            connection.execute(text(f"CREATE EXTENSION {extension}"))
        connection.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
    engine = make_single_engine(make_url(empty_database).set(username=name))
    assert check_server(engine) is None
    with pytest.raises(ServerError) as refused:
        upgrade(engine)
    assert refused.value.problems[0].key == "database_not_permitted"
    assert fetch_revision(engine) is None


def test_no_connection_stays_behind(fresh_engine: Engine):
    upgrade(fresh_engine)
    with fresh_engine.connect() as connection:
        others = text("""
            SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
        """)
        assert connection.execute(others).scalar() == 0


def test_each_revision_follows_the_one_before():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    chain = [revision.revision for revision in script.walk_revisions()]
    assert chain == revisions()[::-1]
