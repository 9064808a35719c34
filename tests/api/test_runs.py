import shapely

from tests.api import tiny
from tests.api.test_imports import upload

# From the center in village 1, households of village 2 are 1.6 km and farther away.
NEAR = {"analysis": "service_gaps", "parameters": {"standard_m": 1500}}


def test_a_run_finds_who_is_beyond_every_center(client):
    run = client.post("/api/runs", json=NEAR)
    assert run.status_code in (200, 201)
    assert run.json()["state"] == "done"
    assert run.json()["stale"] is False
    base = f"/api/runs/{run.json()['id']}"
    assert client.get(base).json() == run.json()

    result = client.get(f"{base}/result").json()
    assert result["households"] == 16
    assert result["served"] + result["unserved_households"] == 16
    assert result["unserved_households"] == 8
    assert result["unserved_residents"] == 24
    assert result["unserved_elderly"] == 8
    assert set(result["standards"].values()) == {1500}
    (area,) = result["areas"]
    assert area["rank"] == 1
    assert area["nearest_center"] == {"code": "C1", "name": "上河村党群服务中心"}
    assert [village["name"] for village in area["villages"]] == ["下河村"]
    assert area["farthest_cost"] > 1500
    (township,) = result["shares"]["township"]
    assert (township["code"], township["name"]) == (tiny.TOWNSHIP, "河东镇")
    assert (township["households"], township["served"], township["far"]) == (16, 8, 8)
    assert township["share"] == 0.5
    assert sum(grid["served"] for grid in result["shares"]["grid"]) == 8
    states = {name: count["households"] for name, count in result["states"].items()}
    assert {name: count for name, count in states.items() if count} == {"served": 8, "far": 8}
    verdicts = {v["code"]: v["verdict"] for v in result["comparison"]["villages"]}
    assert verdicts == {tiny.VILLAGES[0]: "covered", tiny.VILLAGES[1]: "not_covered"}

    areas = client.get(f"{base}/layers/areas")
    assert areas.headers["content-type"] == "application/geo+json"
    (feature,) = areas.json()["features"]
    shape = shapely.geometry.shape(feature["geometry"])
    assert shape.is_valid
    assert shape.contains(shapely.Point(area["point"]))
    assert shape.exterior.is_ccw if shape.geom_type == "Polygon" else True
    unserved = client.get(f"{base}/layers/unserved").json()["features"]
    assert len(unserved) == 8
    assert all(shape.covers(shapely.geometry.shape(f["geometry"])) for f in unserved)
    assert all("address" not in f["properties"] for f in unserved)


def test_the_report_of_a_run_opens_with_no_network(client):
    run = client.post("/api/runs", json=NEAR).json()
    for language, word in (("zh", "小县"), ("en", "Tiny")):
        page = client.get(f"/api/runs/{run['id']}/report.html", params={"language": language})
        assert page.status_code == 200, page.text
        assert word in page.text
        assert "+08:00" in page.text, "made at: the county's time"
        assert "sandbox" in page.headers["content-security-policy"]
        assert "H100" not in page.text, "household points never enter a report"


def test_the_same_question_is_answered_from_the_store(own_client):
    first = own_client.post("/api/runs", json=NEAR)
    assert first.status_code == 201
    again = own_client.post("/api/runs", json=NEAR)
    assert again.status_code == 200
    assert again.json() == first.json()
    other = own_client.post(
        "/api/runs", json={"analysis": "service_gaps", "parameters": {"standard_m": 5000}}
    )
    assert other.status_code == 201
    assert own_client.get(f"/api/runs/{other.json()['id']}/result").json()["areas"] == []


def test_a_run_goes_stale_with_its_inputs(own_client):
    first = own_client.post("/api/runs", json=NEAR).json()
    closer = tiny.centers()
    closer["features"][0]["geometry"]["coordinates"] = [108.02, 31.01]
    report = upload(own_client, "centers", closer).json()
    own_client.post(f"/api/imports/{report['id']}/commit")
    assert own_client.get(f"/api/runs/{first['id']}").json()["stale"] is True
    fresh = own_client.post("/api/runs", json=NEAR)
    assert fresh.status_code == 201
    assert own_client.get(f"/api/runs/{fresh.json()['id']}").json()["stale"] is False
    kept = own_client.get(f"/api/runs/{first['id']}/result").json()
    assert kept["unserved_households"] == 8


def test_a_scope(client):
    parameters = {"standard_m": 1500, "scope": tiny.VILLAGES[1]}
    run = client.post("/api/runs", json={"analysis": "service_gaps", "parameters": parameters})
    result = client.get(f"/api/runs/{run.json()['id']}/result").json()
    assert (result["households"], result["served"]) == (8, 0)


def test_the_way_from_a_place_to_its_center(client):
    run = client.post("/api/runs", json=NEAR).json()["id"]
    place = {"lon": 108.001, "lat": 31.001}
    way = client.get(f"/api/runs/{run}/way", params=place).json()
    assert (way["state"], way["unit"], way["center"]["code"]) == ("reached", "m", "C1")
    assert way["cost"] == way["straight_m"] > 0
    start, _ = way["line"]["coordinates"]
    assert start == [place["lon"], place["lat"]]
    named = client.get(f"/api/runs/{run}/way", params={**place, "center": "C1"}).json()
    assert named == way
    missing = client.get(f"/api/runs/{run}/way", params={**place, "center": "none"})
    assert missing.status_code == 404


def test_what_is_not_loaded_cannot_be_gone_along(client):
    for mode, layer in (("road", "roads"), ("terrain", "terrain")):
        asked = {"analysis": "service_gaps", "parameters": {"mode": mode}}
        refused = client.post("/api/runs", json=asked)
        assert refused.status_code == 409
        assert refused.json()["error"]["key"] == "layer_empty"
        assert refused.json()["error"]["details"]["layer"] == layer
