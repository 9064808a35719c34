"""The command line on real PostGIS, in this process."""

import json
import os
from pathlib import Path

import pytest

from api.cli import main
from tests.api import tiny

SHARED = Path(os.environ.get("WANGGE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
ELLIS = SHARED / "standins" / "ks_ellis_county_block.gpkg"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("DATABASE_URL", "WANGGE_PORT", "WANGGE_LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def wangge(capsys):
    """Run a command; return its exit code, standard output and standard error."""

    def run(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return code, said.out, said.err

    return run


@pytest.fixture
def files(tmp_path):
    return tiny.write_files(tmp_path)


@pytest.fixture
def empty(fresh_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", fresh_database)


@pytest.fixture
def county(own_engine, monkeypatch):
    url = own_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)


def test_from_files_to_gaps(wangge, files, empty, tmp_path):
    assert wangge("migrate")[0] == 0
    for layer, path in files.items():
        crs = ("--crs", "EPSG:4490") if path.suffix == ".csv" else ()
        code, _, said = wangge("import", layer, path, "--yes", *crs)
        assert code == 0, said
        assert "已导入" in said
        assert "Stored" in said

    code, out, _ = wangge("locate", "108.005,31.005", "--json")
    assert code == 0
    assert json.loads(out)["grid"]["code"] == tiny.VILLAGES[0] + "001"
    code, out, _ = wangge("locate", "河东镇上河村1组1号")
    assert code == 0
    assert tiny.VILLAGES[0] + "001" in out

    code, out, _ = wangge("gaps", "--standard-m", 1500, "-o", tmp_path / "gaps.geojson")
    assert code == 0
    assert "下河村" in out
    assert len(json.loads((tmp_path / "gaps.geojson").read_text())["features"]) == 1
    assert json.loads(wangge("gaps", "--standard-m", 1500, "--json")[1])["served"] == 8

    code, out, said = wangge("check")
    assert (code, out) == (0, "")
    assert "2 villages checked" in said

    assert wangge("report", "-o", tmp_path / "gaps.html", "--standard-m", 1500)[0] == 0
    assert "</html>" in (tmp_path / "gaps.html").read_text()

    assert wangge("export", "grids", "-o", tmp_path / "grids.geojson")[0] == 0
    assert len(json.loads((tmp_path / "grids.geojson").read_text())["features"]) == 4
    assert not list(tmp_path.glob(".grids*"))


def test_files_in_files_out_without_a_database(wangge, files, tmp_path):
    words = (
        *("gaps", "--households", files["households"], "--centers", files["centers"]),
        *("--areas", files["natural_villages"], "--standard-m", 1500, "--crs", "EPSG:4490"),
    )
    first, second = tmp_path / "a.geojson", tmp_path / "b.geojson"
    code, out, said = wangge(*words, "-o", first, "--json")
    assert code == 0, said
    assert json.loads(out)["unserved_households"] == 8
    assert wangge(*words, "-o", second)[0] == 0
    assert first.read_bytes() == second.read_bytes()
    assert not (tmp_path / "home").exists()


def test_files_with_faults_are_refused_with_their_rows(wangge, files, tmp_path):
    broken = tmp_path / "broken.csv"
    text = files["households"].read_text().splitlines()
    text[3] = text[3].replace("108.", "1x8.")
    broken.write_text("\n".join(text))
    words = ("gaps", "--households", broken, "--centers", files["centers"], "--crs", "4490")
    code, _, said = wangge(*words, "--standard-m", 1500, "-o", tmp_path / "out.geojson")
    assert code == 1
    assert "row 3" in said
    assert "第 3 行" in said
    assert not (tmp_path / "out.geojson").exists()


def test_an_import_without_yes_asks_where_something_could_be_lost(wangge, files, empty):
    code, out, _ = wangge("import", "divisions", files["divisions"], "--json")
    assert code == 0
    assert json.loads(out)["commit"] is None
    assert json.loads(wangge("export", "divisions")[1])["features"] == []
    # nobody to ask, and an empty layer: nothing can be lost
    assert wangge("import", "divisions", files["divisions"])[0] == 0
    stored = json.loads(wangge("export", "divisions")[1])["features"]
    assert stored
    code, _, said = wangge("import", "divisions", files["divisions"])
    assert code == 1
    assert "--yes" in said
    assert json.loads(wangge("export", "divisions")[1])["features"] == stored


def test_bad_rows_refuse_unless_they_are_skipped(wangge, tmp_path, county):
    grids = tiny.grids(shift=0.001)
    grids["features"][3]["geometry"] = None
    path = tmp_path / "grids.geojson"
    path.write_text(json.dumps(grids))
    code, _, said = wangge("import", "grids", path, "--yes")
    assert code == 1
    assert "--skip-bad-rows" in said
    assert "row 4" in said
    code, out, said = wangge("import", "grids", path, "--yes", "--skip-bad-rows", "--json")
    assert code == 0, said
    assert json.loads(out)["commit"]["changed"] == 2


def test_what_cannot_be_done_is_a_sentence(wangge, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"postgresql:///nothing?host={tmp_path}")
    code, out, said = wangge("locate", "108,31")
    assert (code, out) == (1, "")
    assert "database" in said
    assert "数据库" in said
    monkeypatch.setenv("WANGGE_PORT", "many")
    code, _, said = wangge("serve")
    assert code == 1
    assert "WANGGE_PORT" in said


def test_a_missing_file_is_a_sentence(wangge, empty, tmp_path):
    code, _, said = wangge("import", "grids", tmp_path / "nothing.geojson", "--yes")
    assert code == 1
    assert "nothing.geojson" in said


def test_usage_faults_exit_with_2(wangge):
    assert wangge("import", "moons", "x")[0] == 2
    assert wangge("gaps", "--households", "x")[0] == 2
    assert wangge("import", "grids", "x", "--map", "code")[0] == 2
    assert wangge("nonsense")[0] == 2


def test_faults_of_the_lines_are_exit_code_1(wangge, tmp_path, county):
    grids = tiny.grids()
    ring = grids["features"][0]["geometry"]["coordinates"][0]
    ring[1][0] = ring[2][0] = 108.009
    path = tmp_path / "grids.geojson"
    path.write_text(json.dumps(grids))
    assert wangge("import", "grids", path, "--yes")[0] == 0
    code, out, _ = wangge("check", "--json")
    assert code == 1
    assert "gap_in_village" in {p["key"] for p in json.loads(out)["problems"]}


def test_the_readers_language_comes_first(wangge, county, monkeypatch):
    monkeypatch.setenv("WANGGE_LANGUAGE", "zh")
    assert wangge("locate", "0,0")[2].startswith("这里")
    monkeypatch.setenv("WANGGE_LANGUAGE", "en")
    assert wangge("locate", "0,0")[2].startswith("This place")


def test_version_and_help(wangge):
    assert wangge("--version")[1].startswith("wangge ")
    assert "import" in wangge("--help")[1]


@pytest.mark.skipif(not ELLIS.is_file(), reason="the shared stand-in data is not there")
def test_a_real_file_of_census_blocks_becomes_natural_villages(wangge, empty):
    code, out, said = wangge(
        *("import", "natural_villages", ELLIS, "--layer", "blocks"),
        *("--map", "residents=total_pop", "--yes", "--json"),
    )
    assert code == 0, said
    done = json.loads(out)
    assert done["report"]["mapping"]["residents"] == "total_pop"
    assert done["commit"]["added"] == done["report"]["rows"] > 1000
    features = json.loads(wangge("export", "natural_villages")[1])["features"]
    assert sum(f["properties"]["residents"] or 0 for f in features) > 20_000


def test_an_import_the_reader_declines(wangge, files, county, monkeypatch, tmp_path):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    code, _, said = wangge("import", "centers", files["centers"])
    assert code == 1
    assert "已取消" in said
    assert list((tmp_path / "home" / "imports").iterdir()) == []
