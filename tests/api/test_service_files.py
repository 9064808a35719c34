"""``wangge gaps``, ``radius`` and ``access`` on files: numbers, rows, formats."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from api.cli import main
from api.services.files.source import read_profile
from tests.api import county_files as files
from tests.shared import shared_data

# 3-4-5 triangles and a metre beyond: on the limit is served.
HOMES = [(1000, 0), (600, 800), (1001, 0), (5000, 0), (5000, 900)]
SITES = [(0, 0), (5000, 0)]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path / "home"))
    for name in ("DATABASE_URL", "WANGGE_LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def wangge(capsys):
    def run(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return code, said.out, said.err

    return run


@pytest.fixture
def plain(tmp_path):
    """Return the words that name households and centers of a small plain."""
    homes = files.places(HOMES, id=list("abcde"), pop=[1, 2, 3, 4, 5])
    sites = files.places(SITES, id=["k1", "k2"], places=[2, 100])
    return (
        *("--households", files.write(homes, tmp_path / "homes.gpkg")),
        *("--centers", files.write(sites, tmp_path / "sites.gpkg")),
    )


def test_gaps_row_by_row(wangge, plain, tmp_path):
    out = tmp_path / "gaps.gpkg"
    code, text, said = wangge("gaps", *plain, "--standard-m", 1000, "-o", out, "--json")
    assert code == 0, said
    found = files.totals(text)
    assert (found["households"], found["served"], found["unserved_households"]) == (5, 4, 1)
    assert (found["mode"], found["unit"], found["weight"]) == ("straight", "m", "households")

    homes = files.rows(out, "households")
    assert homes["id"].tolist() == list("abcde")
    assert homes["nearest_center"].tolist() == ["k1", "k1", "k1", "k2", "k2"]
    assert homes["distance_m"].tolist() == [1000.0, 1000.0, 1001.0, 0.0, 900.0]
    assert homes["served"].tolist() == [True, True, False, True, True]
    assert homes["status"].tolist() == ["served", "served", "far", "served", "served"]
    assert homes["area"].tolist() == [0, 0, 1, 0, 0]
    centers = files.rows(out, "centers").set_index("id")
    assert centers["households"].to_dict() == {"k1": 3, "k2": 2}
    assert centers["radius_100"].to_dict() == {"k1": 1001.0, "k2": 900.0}
    (area,) = files.rows(out, "areas").to_crs(files.ZONE).itertuples()
    assert (area.rank, area.households, area.nearest_center) == (1, 1, "k1")
    assert area.extension_all == pytest.approx(1.0)
    assert area.geometry.contains(homes.to_crs(files.ZONE).geometry[2])


def test_the_weight_is_any_column(wangge, plain):
    code, text, _ = wangge("gaps", *plain, "--standard-m", 1000, "--weight", "pop", "--json")
    found = files.totals(text)
    assert code == 0
    assert (found["weight"], found["people"]) == ("pop", 15)
    assert found["states"]["served"]["people"] == 12
    assert found["areas"][0]["people"] == 3
    # the column is what the layer calls residents, too
    assert found["unserved_residents"] == 3
    by_name = wangge("gaps", *plain, "--standard-m", 1000, "--weight", "residents", "--json")
    assert files.totals(by_name[1])["people"] == 15
    alone = wangge("gaps", *plain, "--standard-m", 1000, "--weight", "households", "--json")
    assert files.totals(alone[1])["people"] == 5


def test_minutes_are_walked_at_the_rules_pace(wangge, plain, tmp_path):
    out = tmp_path / "homes.csv"
    # 60 m a minute by straight line: 1000 m are 16 min 40 s
    code, _, said = wangge("gaps", *plain, "--standard-min", 1000 / 60, "-o", out)
    assert code == 0, said
    homes = files.rows(out)
    assert homes["time_min"].tolist() == pytest.approx([1000 / 60, 1000 / 60, 1001 / 60, 0, 15])
    assert homes["served"].tolist() == [True, True, False, True, True]
    assert homes["straight_m"].tolist() == [1000.0, 1000.0, 1001.0, 0.0, 900.0]


def test_without_a_standard_the_shipped_rules_hold(wangge, plain):
    found = files.totals(wangge("gaps", *plain, "--json")[1])
    profile = read_profile()
    kind = profile.rural_default
    assert found["standards"] == {kind: profile.standard("village", kind)}
    assert found["served"] == 5


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "csv", "xlsx", "html", ""])
@pytest.mark.parametrize("command", ["gaps", "radius", "access"])
def test_the_same_input_gives_the_same_bytes(wangge, plain, tmp_path, command, suffix):
    written = []
    for turn in ("one", "two"):
        out = tmp_path / turn / (f"out.{suffix}" if suffix else "out")
        assert wangge(command, *plain, "--standard-m", 1000, "-o", out)[0] == 0
        found = [out] if suffix else sorted(out.iterdir())
        written.append({path.name: path.read_bytes() for path in found})
        assert not list(out.parent.glob(".*")), "nothing half-written stays"
    assert written[0] == written[1]
    assert all(written[0].values())


def test_a_folder_holds_a_file_a_table(wangge, plain, tmp_path):
    out = tmp_path / "answer"
    assert wangge("gaps", *plain, "--standard-m", 1000, "-o", f"{out}/")[0] == 0
    assert {p.name for p in out.iterdir()} == {
        *("households.csv", "centers.csv", "areas.geojson", "totals.json")
    }
    assert json.loads((out / "totals.json").read_text())["served"] == 4
    assert (out / "households.csv").read_bytes().startswith(b"\xef\xbb\xbfid,nearest_center,")
    homes = files.rows(out / "households.csv")
    lonlat = files.places(HOMES).to_crs(4490).geometry
    assert homes["lon"].to_numpy() == pytest.approx(lonlat.x.to_numpy(), abs=2e-9)


def test_a_workbook_has_numbers_and_words(wangge, plain, tmp_path, monkeypatch):
    monkeypatch.setenv("WANGGE_LANGUAGE", "zh")
    out = tmp_path / "answer.xlsx"
    assert wangge("gaps", *plain, "--standard-m", 1000, "-o", out)[0] == 0
    sheets = dict(gpd.list_layers(out).to_numpy())
    assert list(sheets) == ["参数", "住户", "中心", "盲区"]
    homes = gpd.read_file(out, layer="住户")
    assert homes["到中心距离(米)"].tolist() == [1000, 1000, 1001, 0, 900]
    assert homes["状态"].tolist() == ["已覆盖", "已覆盖", "超出标准", "已覆盖", "已覆盖"]
    totals = dict(gpd.read_file(out, layer="参数").to_numpy().tolist())
    assert totals["户数"] == "5"


@pytest.mark.parametrize("command", ["gaps", "radius", "access"])
def test_a_report_says_what_was_asked_of_which_files(wangge, plain, tmp_path, command):
    out = tmp_path / "report.html"
    code, _, said = wangge(command, *plain, "--weight", "pop", "--standard-m", 1000, "-o", out)
    assert code == 0, said
    page = out.read_text()
    assert "</html>" in page
    for word in ("homes.gpkg", "sites.gpkg", "pop", "1,000 m"):
        assert word in page, word
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_rows_in_another_order_say_the_same(wangge, plain, tmp_path):
    order = [3, 0, 4, 2, 1]
    homes = files.places(HOMES, id=list("abcde"), pop=[1, 2, 3, 4, 5])
    homes = homes.iloc[order].reset_index(drop=True)
    sites = files.places(SITES[::-1], id=["k2", "k1"], places=[100, 2])
    turned = (
        *("--households", files.write(homes, tmp_path / "turned.gpkg")),
        *("--centers", files.write(sites, tmp_path / "turned_sites.gpkg")),
    )
    tables = []
    for number, words in enumerate((plain, turned)):
        out = tmp_path / str(number)
        assert wangge("gaps", *words, "--standard-m", 1000, "-o", out)[0] == 0
        tables.append((files.rows(out / "households.csv"), (out / "areas.geojson").read_bytes()))
    (first, areas), (second, other_areas) = tables
    assert second["id"].tolist() == [list("abcde")[i] for i in order]
    pd.testing.assert_frame_equal(first, second.sort_values("id", ignore_index=True))
    assert areas == other_areas


@pytest.mark.parametrize(
    ("name", "crs"), [("x.geojson", 4326), ("x.shp", 32649), ("x.csv", 4326), ("x.gpkg", 32648)]
)
def test_files_of_any_kind_and_any_system(wangge, tmp_path, name, crs):
    rng = np.random.default_rng(5)
    xy, sites = rng.uniform(0, 4000, (60, 2)), rng.uniform(0, 4000, (4, 2))
    options = {"encoding": "GBK"} if name.endswith("shp") else {}
    named = files.places(sites, name=["东中心", "西中心", "南中心", "北中心"])
    out = tmp_path / "out.csv"
    code, text, said = wangge(
        *("gaps", "--households", files.write(files.places(xy), tmp_path / f"h{name}", crs)),
        *("--centers", files.write(named, tmp_path / f"c{name}", crs, **options)),
        *("--crs", "EPSG:4326", "--standard-m", 900, "-o", out, "--json"),
    )
    assert code == 0, said
    away = np.hypot(*(xy[:, None] - sites).transpose(2, 0, 1))
    homes = files.rows(out)
    # the metres of another zone are not quite those of this one
    assert homes["distance_m"].to_numpy() == pytest.approx(away.min(axis=1), rel=1e-3)
    assert homes["id"].tolist() == [str(i) for i in range(1, 61)], "rows are called by number"
    names = np.array(named["name"])[away.argmin(axis=1)]
    assert homes["nearest_center"].tolist() == names.tolist()
    assert files.totals(text)["served"] == int(homes["served"].sum()) > 0


def test_all_three_ways_stand_beside_each_other(wangge, plain, tmp_path):
    # a road with a detour to k1, none at k2; flat ground
    line = shapely.LineString([(1000, 0), (1000, 310), (0, 310), (0, 0)])
    line = shapely.affinity.translate(line, files.X0, files.Y0)
    roads = gpd.GeoDataFrame({"highway": ["residential"]}, geometry=[line], crs=files.ZONE)
    dem = files.write_heights(tmp_path / "dem.tif", np.zeros((40, 120)))
    out = tmp_path / "out"
    code, text, said = wangge(
        *("gaps", *plain, "--roads", files.write(roads, tmp_path / "roads.geojson")),
        *("--dem", dem, "--standard-m", 1000, "-o", out, "--json"),
    )
    assert code == 0, said
    found = files.totals(text)
    assert found["mode"] == "terrain", "the most honest that is there"
    assert found["loaded"] == ["straight", "road", "terrain"]
    served = {m["mode"]: m["served"] for m in found["comparison"]["modes"]}
    assert served["straight"] == 4
    assert served["road"] == 0
    homes = files.rows(out / "households.csv").set_index("id")
    assert homes.loc["a", "distance_road_m"] == pytest.approx(1620, abs=0.01)
    assert not homes.loc["a", "served_road"]
    assert homes.loc["a", "served_straight"]
    by_road = wangge(
        *("gaps", *plain, "--roads", tmp_path / "roads.geojson", "--mode", "road"),
        *("--standard-m", 1620.5, "--json"),
    )
    states = files.totals(by_road[1])["states"]
    assert states["served"]["households"] == 2
    assert states["far"]["households"] == 1
    assert states["off_network"]["households"] == 2


def test_radius_within_capacities(wangge, plain, tmp_path):
    out = tmp_path / "out"
    words = ("radius", *plain, "--weight", "pop", "--standard-m", 2000, "-o", out, "--json")
    found = files.totals(wangge(*words)[1])
    assert found["uniform"]["radius"] == 1001.0
    assert found["capacity"] is None
    nearest = files.rows(out / "centers.csv").set_index("id")
    assert nearest["people"].to_dict() == {"k1": 6, "k2": 9}

    code, text, said = wangge(*words, "--capacity", "places", "--share", 0.8)
    assert code == 0, said
    found = files.totals(text)
    assert found["share"] == 0.8
    centers = files.rows(out / "centers.csv").set_index("id")
    assert centers["capacity"].to_dict() == {"k1": 2, "k2": 100}
    assert centers["people"].to_dict() == {"k1": 2, "k2": 13}
    homes = files.rows(out / "households.csv").set_index("id")
    assert (homes["assigned"] + homes["overflow"]).tolist() == [1, 2, 3, 4, 5]
    assert found["capacity"]["overflow"] == homes["overflow"].sum() == 0
    assert len(gpd.read_file(out / "service_areas.geojson")) == 2


def test_capacity_zero_takes_nobody_and_missing_is_unlimited(wangge, plain, tmp_path):
    sites = files.places([*SITES, (0, 100)], id=["k1", "k2", "k3"], places=[0, 9, None])
    path = files.write(sites, tmp_path / "three.gpkg")
    out = tmp_path / "out"
    code, text, said = wangge(
        *("radius", "--households", plain[1], "--centers", path, "--capacity", "places"),
        *("--weight", "pop", "--standard-m", 2000, "-o", out, "--json"),
    )
    assert code == 0, said
    assert "unlimited" in said
    centers = files.rows(out / "centers.csv").set_index("id")
    assert centers["people"].to_dict() == {"k1": 0, "k2": 9, "k3": 6}
    assert files.totals(text)["capacity"]["without_capacity"] == 1


def test_access_gives_out_all_the_supply(wangge, plain, tmp_path):
    out = tmp_path / "out.csv"
    words = ("access", *plain, "--weight", "pop", "--standard-m", 1001, "-o", out, "--json")
    code, text, said = wangge(*words, "--supply", "places", "--method", "2sfca")
    assert code == 0, said
    found = files.totals(text)
    assert (found["method"], found["supply"], found["without"]) == ("2sfca", "places", 0)
    homes = files.rows(out)
    assert homes["score"].tolist() == pytest.approx([2 / 6] * 3 + [100 / 9] * 2)
    assert (homes["score"] * homes["people"]).sum() == pytest.approx(102)
    assert files.totals(wangge(*words)[1])["supply"] == "one"


def test_polygons_stand_for_households(wangge, plain, tmp_path):
    homes = files.places(HOMES, id=list("abcde"))
    homes["geometry"] = homes.buffer(20, cap_style="square")
    path = files.write(homes, tmp_path / "blocks.gpkg")
    code, text, said = wangge(
        *("gaps", "--households", path, "--centers", plain[3], "--standard-m", 1001, "--json")
    )
    assert code == 0, said
    assert "5 polygons" in said
    assert "5 个面" in said
    assert files.totals(text)["households"] == 5


def test_crs_is_for_files_that_do_not_say_theirs(wangge, plain, tmp_path):
    homes = files.places(HOMES)
    csv = tmp_path / "homes.csv"
    pd.DataFrame({"x": homes.geometry.x, "y": homes.geometry.y}).to_csv(csv, index=False)
    sites = files.write(files.places(SITES), tmp_path / "sites.geojson", 4326)
    for centers in (plain[3], sites):
        code, text, said = wangge(
            *("gaps", "--households", csv, "--centers", centers, "--crs", "EPSG:4545"),
            *("--standard-m", 1000.5, "--json"),
        )
        assert code == 0, said
        assert files.totals(text)["served"] == 4


def test_names_of_areas_are_the_villages(wangge, plain, tmp_path):
    boxes = [shapely.box(-500, -500, 2500, 2000), shapely.box(2500, -500, 6000, 2000)]
    land = gpd.GeoDataFrame({"code": ["v1", "v2"], "name": ["东村", "西村"]}, geometry=boxes)
    land["geometry"] = land.translate(files.X0, files.Y0)
    path = files.write(land.set_crs(files.ZONE), tmp_path / "land.geojson")
    code, text, said = wangge("gaps", *plain, "--areas", path, "--standard-m", 1000, "--json")
    assert code == 0, said
    found = files.totals(text)
    assert found["areas"][0]["villages"] == [{"code": "v1", "name": "东村"}]
    verdicts = {v["name"]: v["verdict"] for v in found["comparison"]["villages"]}
    assert verdicts == {"东村": "partly", "西村": "covered"}


def test_real_roads(wangge, tmp_path):
    roads = shared_data("osm/ningjin_130528_roads.geojson")
    rng = np.random.default_rng(11)
    at = gpd.read_file(roads).geometry.representative_point()
    xy = np.column_stack([at.x, at.y])[rng.integers(0, len(at), 305)] + rng.normal(
        0, 1e-3, (305, 2)
    )
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=4326)
    points[:300].to_file(tmp_path / "homes.geojson")
    points[300:].to_file(tmp_path / "sites.geojson")
    out = tmp_path / "out.csv"
    code, text, said = wangge(
        *("gaps", "--households", tmp_path / "homes.geojson"),
        *("--centers", tmp_path / "sites.geojson", "--roads", roads),
        *("--standard-m", 5000, "-o", out, "--json"),
    )
    assert code == 0, said
    found = files.totals(text)
    assert found["mode"] == "road"
    assert "pieces" in said
    homes = files.rows(out)
    gone = homes["distance_m"].notna()
    assert gone.sum() > 250
    straight = homes.loc[gone, "distance_straight_m"]
    assert (homes.loc[gone, "distance_m"] >= straight - 1e-6).all()
    assert found["served"] == homes["served"].sum() < homes["served_straight"].sum()
