"""Tables of finished runs over HTTP and at the command line, and layers as workbooks."""

import csv
import io
import json

import geopandas as gpd
import pytest

from api.cli import main
from tests.api import tiny
from tests.api.test_service_runs import run

NEAR = {"standard_m": 1500}
TABLES = {
    "service_gaps": ("areas", "shares", "villages", "unserved"),
    "service_radius": ("centers", "service_areas", "histogram"),
    "accessibility": ("grids", "villages", "townships", "unreached"),
}
EXTRA = {"accessibility": {"supply": "one"}}


def fetch(client, identity, name, **parameters):
    answer = client.get(f"/api/runs/{identity}/tables/{name}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer


def read_csv(answer):
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sheets(answer, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(answer.content)
    names = [name for name, _ in gpd.list_layers(path).to_numpy()]
    return {name: gpd.read_file(path, layer=name, HEADERS="FORCE") for name in names}


@pytest.mark.parametrize("analysis", TABLES)
def test_every_table_of_every_analysis(client, tmp_path, analysis):
    identity, _ = run(client, analysis, **NEAR, **EXTRA.get(analysis, {}))
    for name in TABLES[analysis]:
        answer = fetch(client, identity, f"{name}.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"].endswith(f'-{name}.csv"')
        assert answer.content.startswith(b"\xef\xbb\xbf")
        for language in ("zh", "en"):
            book = fetch(client, identity, f"{name}.xlsx", language=language)
            assert book.content[:2] == b"PK"
            assert len(sheets(book, tmp_path)) == 2
            assert (
                book.content == fetch(client, identity, f"{name}.xlsx", language=language).content
            )


def test_gap_areas(client, tmp_path):
    identity, result = run(client, "service_gaps", **NEAR)
    (area,) = result["areas"]
    (row,) = read_csv(fetch(client, identity, "areas.csv"))
    assert row["households"] == str(area["households"]) == "8"
    assert row["villages"] == "下河村"
    assert row["nearest_center_code"] == "C1"
    assert float(row["farthest_cost"]) == area["farthest_cost"]
    assert row["unit"] == "m"

    (feature,) = fetch(client, identity, "areas.geojson").json()["features"]
    layer = client.get(f"/api/runs/{identity}/layers/areas").json()
    assert feature["geometry"] == layer["features"][0]["geometry"]
    assert feature["properties"]["villages"] == ["下河村"]

    book = sheets(fetch(client, identity, "areas.xlsx", language="zh"), tmp_path)
    assert list(book) == ["盲区", "参数"]
    assert book["盲区"]["户数"].tolist() == [8]
    assert book["盲区"]["最远(米)"].tolist() == pytest.approx([area["farthest_cost"]])
    about = dict(book["参数"].to_numpy().tolist())
    assert about["地区"] == "小县"
    assert about["盲区户数"] == "8"
    assert about["参数 standard_m"] == "1500"
    assert about["地图"] == "内部工作用图，不得公开"
    assert about["数据版本"]
    english = sheets(fetch(client, identity, "areas.xlsx", language="en"), tmp_path)
    assert english["gaps"]["farthest (m)"].tolist() == pytest.approx([area["farthest_cost"]])


def test_shares_and_verdicts(client):
    identity, result = run(client, "service_gaps", **NEAR)
    shares = read_csv(fetch(client, identity, "shares.csv"))
    assert {row["by"] for row in shares} == {"township", "village", "grid", "area_type"}
    (township,) = [row for row in shares if row["by"] == "township"]
    assert (township["households"], township["served_households"]) == ("16", "8")
    verdicts = {row["code"]: row for row in read_csv(fetch(client, identity, "villages.csv"))}
    assert verdicts[tiny.VILLAGES[1]]["verdict"] == "not_covered"
    assert verdicts[tiny.VILLAGES[0]]["served_straight_households"] == "8"
    assert len(read_csv(fetch(client, identity, "unserved.csv"))) == result["unserved_households"]


def test_codes_stay_texts(client, tmp_path):
    identity, _ = run(client, "service_gaps", **NEAR)
    book = sheets(fetch(client, identity, "villages.xlsx", language="en"), tmp_path)
    assert book["villages"]["code"].tolist() == list(tiny.VILLAGES)


def test_centers_have_places(client):
    identity, result = run(client, "service_radius", **NEAR)
    (row,) = read_csv(fetch(client, identity, "centers.csv"))
    assert (float(row["lon"]), float(row["lat"])) == tiny.CENTER
    assert float(row["radius_95"]) == result["centers"][0]["radius_95"]
    (feature,) = fetch(client, identity, "centers.geojson").json()["features"]
    assert feature["geometry"]["coordinates"] == list(tiny.CENTER)


def test_what_is_no_table(client):
    identity, _ = run(client, "service_gaps", **NEAR)
    for name in ("centers.csv", "shares.geojson", "nothing.xlsx"):
        answer = client.get(f"/api/runs/{identity}/tables/{name}")
        assert answer.status_code == 404, name
        assert answer.json()["error"]["message_zh"]
    assert client.get(f"/api/runs/{identity}/tables/areas.docx").status_code == 400
    unknown = "00000000-0000-0000-0000-000000000000"
    assert client.get(f"/api/runs/{unknown}/tables/areas.csv").status_code == 404


def test_a_layer_as_a_workbook(client, tmp_path):
    answer = client.get("/api/exports/households.xlsx", params={"language": "zh"})
    assert answer.status_code == 200
    book = sheets(answer, tmp_path)
    assert list(book) == ["住户", "说明"]
    people = book["住户"]
    assert people["户编号"].tolist() == [row["code"] for row in tiny.households()]
    assert people["常住人口"].tolist() == [3] * 16
    assert people["经度"].tolist() == [row["lon"] for row in tiny.households()]
    assert people["所属村编码"].tolist()[0] == tiny.VILLAGES[0]
    english = sheets(client.get("/api/exports/grids.xlsx?language=en"), tmp_path)
    assert english["grids"]["grid code"].tolist()[0] == tiny.VILLAGES[0] + "001"


@pytest.fixture
def wangge(own_engine, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", own_engine.url.render_as_string(hide_password=False))
    monkeypatch.delenv("WANGGE_LANGUAGE", raising=False)

    def command(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return code, said.out, said.err

    return command


def test_the_commands_on_the_database(wangge, tmp_path):
    book, layers = tmp_path / "out.xlsx", tmp_path / "out.gpkg"
    code, text, said = wangge("gaps", "--standard-m", 1500, "--json", "-o", book)
    assert code == 0, said
    assert json.loads(text)["weight"] == "residents"
    assert [name for name, _ in gpd.list_layers(book).to_numpy()][:2] == ["parameters", "gaps"]
    page = tmp_path / "page.html"
    assert wangge("gaps", "--standard-m", 1500, "-o", page)[0] == 0
    assert "</html>" in page.read_text()
    elderly = wangge("gaps", "--standard-m", 1500, "--weight", "elderly", "--json")[1]
    assert json.loads(elderly)["people"] == 16
    scoped = wangge("gaps", "--standard-m", 1500, "--scope", tiny.VILLAGES[1], "--json")[1]
    assert json.loads(scoped)["households"] == 8

    code, text, said = wangge(
        "radius", "--standard-m", 1500, "--share", 0.5, "-o", layers, "--json"
    )
    assert code == 0, said
    assert json.loads(text)["uniform"]["radius"] <= 1500
    assert set(gpd.list_layers(layers)["name"]) == {"centers", "service_areas"}
    assert "C1" in wangge("radius", "--standard-min", 20)[1]

    code, text, _ = wangge("access", "--supply", "one", "--method", "2sfca", "--json")
    assert code == 0
    assert json.loads(text)["method"] == "2sfca"
    folder = tmp_path / "folder"
    assert wangge("access", "--supply", "one", "-o", folder)[0] == 0
    assert {path.name for path in folder.iterdir()} == {
        *("grids.csv", "villages.csv", "townships.csv", "unreached.csv", "totals.json")
    }


def test_a_plan_on_the_command_line(wangge):
    assert wangge("plan", "create", "新网格", tiny.VILLAGES[0])[0] == 0
    code, text, said = wangge("gaps", "--plan", "新网格", "--standard-m", 1500, "--json")
    assert code == 0, said
    assert json.loads(text)["served"] == 8
    assert wangge("gaps", "--plan", "没有", "--standard-m", 1500)[0] == 1


def test_words_of_files_are_not_of_the_database(wangge):
    for words in (
        ("gaps", "--roads", "x"),
        ("gaps", "--id", "x"),
        ("gaps", "--weight", "pop"),
        ("radius", "--capacity", "x"),
        ("access", "--supply", "beds"),
    ):
        assert wangge(*words)[0] == 2, words
