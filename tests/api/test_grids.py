from typing import get_args

import pytest

from api.routers.grids import Sort
from tests.api import tiny

FIRST = tiny.VILLAGES[0] + "001"


def test_the_table_of_grids(client):
    page = client.get("/api/grids", params={"sort": "center_max_m", "order": "desc"}).json()
    assert page["total"] == 4
    assert page["totals"] == {
        "households": 16,
        "residents": 48,
        "registered": 64,
        "within": 0,
        "below": 4,
        "above": 0,
        "empty": 0,
    }
    farthest = page["rows"][0]
    assert farthest["code"] == tiny.VILLAGES[1] + "002"
    assert farthest["village"] == "下河村"
    assert farthest["township"] == "河东镇"
    assert farthest["households"] == 4
    assert farthest["rule"]["minimum"] > 4
    lon, lat = farthest["center"]
    assert 108.03 < lon < 108.04
    assert 31.0 < lat < 31.02


def test_pages_filters_and_order(client):
    rows = client.get("/api/grids", params={"limit": 2, "offset": 1}).json()["rows"]
    assert [row["code"][-6:] for row in rows] == ["001002", "002001"]
    village = client.get("/api/grids", params={"village": tiny.VILLAGES[1]}).json()
    assert village["total"] == 2
    assert village["totals"]["households"] == 8
    township = client.get("/api/grids", params={"township": tiny.TOWNSHIP}).json()
    assert township["total"] == 4
    assert client.get("/api/grids", params={"q": "第2"}).json()["total"] == 2
    assert client.get("/api/grids", params={"q": "_%"}).json()["total"] == 0
    assert client.get("/api/grids", params={"status": "below"}).json()["total"] == 4
    within = client.get("/api/grids", params={"status": "within"}).json()
    assert within["total"] == within["totals"]["households"] == len(within["rows"]) == 0
    assert client.get("/api/grids", params={"status": "great"}).status_code == 400
    box = client.get("/api/grids", params={"bbox": "108.001,31.001,108.002,31.002"}).json()
    assert [row["code"] for row in box["rows"]] == [FIRST]


@pytest.mark.parametrize("sort", get_args(Sort))
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_grid_is_found_in_the_list(client, sort, order):
    asked = {"sort": sort, "order": order}
    rows = client.get("/api/grids", params=asked).json()["rows"]
    for place, row in enumerate(rows):
        page = client.get("/api/grids", params={**asked, "find": row["code"], "limit": 1}).json()
        assert page["position"] == place
    hidden = {"find": rows[0]["code"], "status": "within"}
    assert client.get("/api/grids", params=hidden).json()["position"] is None


def test_one_grid(client):
    grid = client.get(f"/api/grids/{FIRST}").json()
    assert grid["bbox"] == [108.0, 31.0, 108.01, 31.02]
    assert grid["geometry"]["type"] == "Polygon"
    assert grid["history"] == [{"valid_from": grid["valid_from"], "valid_to": None}]
    assert grid["nearest_center"]["code"] == "C1"
    assert grid["nearest_center"]["distance_m"] < 10
    assert grid["problems"] == []


def test_a_division(client):
    village = client.get(f"/api/divisions/{tiny.VILLAGES[0]}").json()
    assert village["name"] == "上河村"
    assert [parent["name"] for parent in village["parents"]] == ["小县", "河东镇"]
    assert (village["grids"], village["natural_villages"], village["households"]) == (2, 2, 8)
    assert (village["residents"], village["centers"]) == (24, 1)
    assert village["problems"] == []
    county = client.get(f"/api/divisions/{tiny.COUNTY}").json()
    assert county["villages"] == 2
    assert county["bbox"] == [108.0, 31.0, 108.04, 31.02]


def test_other_places(client):
    settlement = client.get("/api/natural_villages/N00").json()
    assert settlement["name"] == "张家湾"
    assert settlement["village"] == "上河村"
    center = client.get("/api/centers/C1").json()
    assert center["households_nearest"] == 16
    assert center["geometry"] == {"type": "Point", "coordinates": list(tiny.CENTER)}


def test_a_household_shows_counts_and_its_reading_is_written_down(own_client, own_engine):
    found = own_client.get("/api/addresses/search", params={"q": "小县河东镇上河村1组1号"}).json()
    assert found["status"] == "ok"
    with own_engine.connect() as connection:
        number = connection.exec_driver_sql("SELECT id FROM household WHERE code = 'H000'").scalar()
    household = own_client.get(f"/api/households/{number}").json()
    assert household["residents"] == 3
    assert household["grid"]["code"] == FIRST
    assert "locality" not in household
    with own_engine.connect() as connection:
        acts = connection.exec_driver_sql(
            "SELECT account, action, object, details FROM audit WHERE action = 'read'"
        ).all()
    assert acts == [("local", "read", "household", {"code": "H000"})]


def test_the_workspace(client):
    workspace = client.get("/api/workspace").json()
    assert workspace["title"] == "小县"
    assert workspace["synthetic"] is True
    assert workspace["map_mark"]["zh"] == "内部工作用图，不得公开"
    assert workspace["extent"] == [108.0, 31.0, 108.04, 31.02]
    counts = {name: layer["count"] for name, layer in workspace["layers"].items()}
    assert counts == {
        "counties": 1,
        "townships": 1,
        "villages": 2,
        "natural_villages": 4,
        "grids": 4,
        "households": 16,
        "centers": 1,
        "roads": 0,
        "barriers": 0,
        "terrain": 0,
    }
    assert workspace["profile"]["source"]
    assert workspace["basemap"] is None


def test_an_empty_workspace(empty_client):
    workspace = empty_client.get("/api/workspace").json()
    assert workspace["extent"] is None
    assert workspace["synthetic"] is False
    assert empty_client.get("/api/grids").json()["total"] == 0
    assert empty_client.get("/tiles/grids/0/0/0.mvt").status_code == 204
    assert empty_client.get("/api/partition/problems").json()["problems"] == []
    answer = empty_client.post("/api/runs", json={"analysis": "service_gaps"})
    assert answer.status_code == 409
    assert answer.json()["error"]["key"] == "layer_empty"


def test_sound_lines_have_no_problems(client):
    found = client.get("/api/partition/problems").json()
    assert found["checked_villages"] == 2
    assert found["problems"] == []
