"""An edit shows in the very next request: tile, item, lookup, list, partition and version."""

import json

import mapbox_vector_tile
import pytest

from tests.api import tiny
from tests.api.test_imports import upload

FIRST = tiny.VILLAGES[0] + "001"
SECOND = tiny.VILLAGES[0] + "002"
PLACE = {"lon": 108.0105, "lat": 31.01}
TILE = "/tiles/grids/10/819/419.mvt"


def commit(client, layer, content, **form):
    report = upload(client, layer, content, **form).json()
    assert report["can_commit"], report["problems"]
    done = client.post(f"/api/imports/{report['id']}/commit")
    assert done.status_code == 200, done.text


def look(client):
    """Return what every way of asking says."""
    tile = client.get(TILE)
    one = client.get("/api/grids/at", params=PLACE).json()["grid"]
    many = client.post("/api/grids/at", json={"points": [list(PLACE.values())]}).json()
    return {
        "tile": tile.content,
        "etag": tile.headers["etag"],
        "item": client.get(f"/api/grids/{FIRST}").json()["bbox"][2],
        "one": one["code"],
        "many": many["codes"][0],
        "version": many["version"],
        "workspace": client.get("/api/workspace").json()["layers"]["grids"]["version"],
        "partition": client.get("/api/partition/problems").json()["version"],
        "export": client.get("/api/exports/grids.geojson").headers["x-wangge-version"],
    }


def test_an_edit_shows_in_the_very_next_request(own_client):
    before = look(own_client)
    assert (before["one"], before["many"]) == (SECOND, SECOND)
    assert look(own_client) == before
    commit(own_client, "grids", tiny.grids(shift=0.001))
    after = look(own_client)
    assert (after["one"], after["many"]) == (FIRST, FIRST)
    assert after["item"] == 108.011
    assert all(after[name] != before[name] for name in before)


def test_a_tile_is_not_sent_twice(own_client):
    first = own_client.get(TILE)
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    held = {"If-None-Match": first.headers["etag"]}
    assert own_client.get(TILE, headers=held).status_code == 304
    both = {"If-None-Match": f'"other", {first.headers["etag"]}'}
    assert own_client.get(TILE, headers=both).status_code == 304
    commit(own_client, "grids", tiny.grids(shift=0.001))
    again = own_client.get(TILE, headers=held)
    assert again.status_code == 200
    assert again.content != first.content


def test_other_layers_keep_their_tiles(own_client):
    centers = own_client.get("/tiles/centers/10/819/419.mvt").headers["etag"]
    commit(own_client, "grids", tiny.grids(shift=0.001))
    assert own_client.get("/tiles/centers/10/819/419.mvt").headers["etag"] == centers


def test_tiles_carry_what_the_map_reads(client):
    tile = mapbox_vector_tile.decode(client.get(TILE).content)
    assert set(tile) == {"grids"}
    features = tile["grids"]["features"]
    assert {f["properties"]["code"] for f in features} == {
        f"{village}00{half}" for village in tiny.VILLAGES for half in (1, 2)
    }
    assert all(f["id"] for f in features)
    assert {f["properties"]["households"] for f in features} == {4}


@pytest.mark.parametrize(
    "layer",
    ["counties", "townships", "villages", "natural_villages", "grids", "households", "centers"],
)
def test_every_layer_has_a_tile(client, layer):
    tile = client.get(f"/tiles/{layer}/0/0/0.mvt", params={"v": "x"})
    assert tile.status_code == 200
    assert tile.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert set(mapbox_vector_tile.decode(tile.content)) == {layer}
    assert client.get(f"/tiles/{layer}/14/0/0.mvt").status_code == 204


def test_tiles_of_a_day_before(client):
    assert client.get("/tiles/grids/0/0/0.mvt?date=2020-01-01").status_code == 204
    today = client.get("/tiles/grids/0/0/0.mvt?date=2026-03-01")
    assert today.status_code == 200
    assert today.headers["etag"] != client.get("/tiles/grids/0/0/0.mvt").headers["etag"]


def test_an_export_comes_back_equal(own_client):
    text = own_client.get("/api/exports/grids.geojson").content
    exported = json.loads(text)
    assert exported["synthetic"] is True
    assert "合成" in json.dumps(exported["notice"], ensure_ascii=False)
    before = own_client.get("/api/workspace").json()["layers"]["grids"]["version"]
    report = upload(own_client, "grids", text).json()
    done = own_client.post(f"/api/imports/{report['id']}/commit").json()
    assert (done["unchanged"], done["changed"], done["added"], done["closed"]) == (4, 0, 0, 0)
    assert own_client.get("/api/workspace").json()["layers"]["grids"]["version"] == before


def test_exports_of_a_scope_and_a_day(client):
    one = client.get("/api/exports/grids.geojson", params={"scope": tiny.VILLAGES[0]}).json()
    assert len(one["features"]) == 2
    before = client.get("/api/exports/grids.geojson", params={"date": "2020-01-01"}).json()
    assert before["features"] == []
    lines = client.get("/api/exports/households.geojsonl").text.strip().splitlines()
    assert len(lines) == 16
    assert client.get("/api/exports/centers.csv").text.startswith("\ufeff")
