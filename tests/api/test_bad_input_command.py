"""The command refuses bad input with a sentence and exit code 1, never a traceback."""

import pytest
from sqlalchemy import make_url, text

from api.cli import main
from data.db import make_engine
from tests.api.bad_files import LONLAT, REFUSED
from tests.api.desk import stored
from tests.api.hostile import PHONE, household, register


@pytest.fixture
def wangge(own_engine, tmp_path, monkeypatch, capsys):
    """Run ``wangge import`` on the tiny county; return its exit code and everything it said."""
    url = own_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WANGGE_MAX_UPLOAD_MB", "1")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(layer, name, content, **form):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        options = [word for key, value in form.items() for word in (f"--{key}", value)]
        code = main(["import", layer, str(path), "--yes", *options])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


COMMANDED = (
    "csv says no crs",
    "crs is no crs",
    "empty file",
    "bytes of no encoding",
    "broken row",
    "quote never closed",
    "a code twice",
    "lon NaN",
    "swapped",
    "a web page",
    "broken off",
    "a bow-tie",
    "larger than the limit",
)


@pytest.mark.parametrize("case", COMMANDED)
def test_the_command_says_so_and_stores_nothing(case, wangge, own_engine):
    layer, name, content, form, _key, rows = REFUSED[case]
    before = stored(own_engine)
    code, said = wangge(layer, name, content, **form)
    assert code == 1
    assert "Traceback" not in said
    assert any("\u4e00" <= c <= "\u9fff" for c in said)
    for row in filter(None, rows):
        assert f"第 {row} 行" in said
        assert f"row {row}" in said
    assert stored(own_engine) == before


def test_the_command_names_a_file_that_is_not_there(wangge):
    code, said = wangge("grids", "nowhere.geojson", None)
    assert code == 1
    assert "nowhere.geojson" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://planner@localhost/county",
        "postgresql://planner:geheim@127.0.0.1:1/county",
        "postgresql:///county?host=/nowhere",
    ],
)
def test_a_database_that_is_not_there_is_a_sentence(url, wangge, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    code, said = wangge("households", "a.csv", register(household(1)), **LONLAT)
    assert code == 1
    assert "数据库" in said or "DATABASE_URL" in said
    assert "Traceback" not in said
    assert "geheim" not in said


def test_a_database_without_postgis_is_a_sentence(empty_database, wangge, monkeypatch):
    """PostGIS is there to be installed, but not by this account."""
    engine = make_engine(empty_database)
    name = make_url(empty_database).database
    with engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
    engine.dispose()
    url = make_url(empty_database).set(username=name)
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    code, said = wangge("households", "a.csv", register(household(1)), **LONLAT)
    assert code == 1
    assert "Traceback" not in said


def test_a_file_nothing_can_be_taken_from_offers_no_skipping(wangge):
    code, said = wangge("grids", "a.geojson", b"{")
    assert code == 1
    assert "没有可以导入的行" in said
    assert "--skip-bad-rows" not in said


def test_rows_with_errors_offer_skipping_but_not_to_a_replacing_import(wangge):
    broken = register(household(1), household(2, lon="NaN"))
    code, said = wangge("households", "a.csv", broken, **LONLAT)
    assert code == 1
    assert "--skip-bad-rows" in said
    code, said = wangge("households", "a.csv", broken, mode="replace", **LONLAT)
    assert code == 1
    assert "--skip-bad-rows" not in said
    assert "整体替换" in said


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\udcbb\udcb6.csv", "upload.csv"),
        ("a\udcbb.csv", "a.csv"),
        (f"{PHONE}王五.csv", "upload.csv"),
    ],
    ids=ascii,
)
@pytest.mark.parametrize("content", [b"", register(household(1))], ids=["empty", "sound"])
def test_a_file_name_that_cannot_be_kept(wangge, own_engine, tmp_path, name, shown, content):
    code, said = wangge("households", name, content, **LONLAT)
    assert code == (0 if content else 1), said
    with own_engine.connect() as connection:
        last = "SELECT filename, report::text FROM import_batch ORDER BY created_at DESC LIMIT 1"
        filename, report = connection.execute(text(last)).one()
    assert filename == shown
    assert PHONE not in report
    assert list((tmp_path / "home" / "imports").iterdir()) == []


def test_an_account_that_may_only_read_is_a_sentence(own_engine, wangge, monkeypatch):
    name = own_engine.url.database
    with own_engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}"))
    url = own_engine.url.set(username=name)
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    before = stored(own_engine)
    code, said = wangge("households", "a.csv", register(household(1)), **LONLAT)
    assert code == 1
    assert "权限不足" in said
    assert "Traceback" not in said
    assert stored(own_engine) == before
