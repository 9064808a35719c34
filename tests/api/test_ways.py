"""Roads, barriers and terrain over HTTP and on the command line: in, counted, drawn, out."""

from __future__ import annotations

import json

import mapbox_vector_tile
import numpy as np
import pytest
from affine import Affine

from data.geotiff import read_geotiff
from tests.api import tiny
from tests.api.test_imports import counts, upload
from tests.data.importers.test_roads import write_xml
from tests.data.importers.test_terrain import lonlat_tif, write_tif

LANE = [[108.001, 31.001], [108.01, 31.01], [108.03, 31.012]]
ROADS = tiny.collection(
    [
        tiny.feature({"type": "LineString", "coordinates": LANE}, code="1", highway="trunk"),
        tiny.feature(
            {"type": "LineString", "coordinates": [LANE[1], [108.012, 31.018]]},
            code="2",
            highway="residential",
            oneway="-1",
            maxspeed=20,
            bridge="yes",
        ),
        tiny.feature(
            {"type": "LineString", "coordinates": [[108.04, 31.01], [108.1, 31.01]]},
            code="3",
            highway="path",
        ),
        tiny.feature(
            {"type": "LineString", "coordinates": [[109, 31], [109.1, 31]]},
            code="4",
            highway="path",
        ),
    ]
)


def commit(client, report):
    assert report["can_commit"], report["problems"]
    done = client.post(f"/api/imports/{report['id']}/commit").json()
    assert done["state"] == "committed"
    return {name: done[name] for name in ("added", "changed", "unchanged", "closed")}


def tile(client, layer, z, lon=108.02, lat=31.01):
    x = int((lon + 180) / 360 * 2**z)
    y = int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**z)
    answer = client.get(f"/tiles/{layer}/{z}/{x}/{y}.mvt")
    if answer.status_code == 204:
        return []
    drawn = mapbox_vector_tile.decode(answer.content)[layer]["features"]
    return sorted(feature["properties"]["code"] for feature in drawn)


def test_empty_layers_are_no_error(client):
    layers = client.get("/api/workspace").json()["layers"]
    for layer in ("roads", "barriers", "terrain"):
        assert (layers[layer]["count"], layers[layer]["extent"]) == (0, None)
    assert client.get("/api/exports/roads.geojson").json()["features"] == []
    assert client.get("/tiles/barriers/10/819/419.mvt").status_code == 204
    gone = client.get("/api/exports/terrain.tif")
    assert (gone.status_code, gone.json()["error"]["key"]) == (404, "not_found")


def test_roads_in_drawn_and_out(own_client):
    before = counts(own_client)
    report = upload(own_client, "roads", ROADS).json()
    assert (report["rows"], report["good_rows"], report["left_out"]) == (4, 3, 1)
    assert [line["key"] for line in report["by_key"]] == ["far_from_county"]
    assert commit(own_client, report) == {"added": 3, "changed": 0, "unchanged": 0, "closed": 0}
    after = counts(own_client)
    assert after["roads"][0] == 3
    assert {name for name in after if after[name] != before[name]} == {"roads"}
    # smaller roads come in closer
    assert tile(own_client, "roads", 9) == ["1"]
    assert tile(own_client, "roads", 13, lon=108.012) == ["1", "2"]

    out = own_client.get("/api/exports/roads.geojson").json()
    lines = {f["properties"]["code"]: f for f in out["features"]}
    assert lines["1"]["geometry"]["coordinates"] == LANE  # in its own direction
    assert lines["2"]["properties"] == {
        "code": "2",
        "name": "",
        "road_class": "residential",
        "oneway": "backward",
        "speed_kmh": 20,
        "bridge": True,
    }
    again = upload(own_client, "roads", out, mode="replace").json()
    assert commit(own_client, again)["unchanged"] == 3
    fewer = upload(own_client, "roads", tiny.collection(out["features"][:1]), mode="replace").json()
    assert commit(own_client, fewer)["closed"] == 2


def test_an_export_of_a_division_has_the_roads_that_meet_it(own_client):
    commit(own_client, upload(own_client, "roads", ROADS).json())
    for scope, codes in ((tiny.VILLAGES[0], "12"), (tiny.VILLAGES[1], "13"), ("500888", "")):
        lines = own_client.get(f"/api/exports/roads.geojsonl?scope={scope}").text.splitlines()
        assert "".join(sorted(json.loads(line)["properties"]["code"] for line in lines)) == codes


def test_an_extract_of_openstreetmap(own_client, tmp_path):
    content = write_xml(tmp_path / "county.osm").read_bytes()
    roads = upload(own_client, "roads", content, name="county.osm").json()
    assert (roads["good_rows"], roads["left_out"]) == (6, 1)
    assert commit(own_client, roads)["added"] == 6
    barriers = upload(own_client, "barriers", content, name="county.osm").json()
    assert commit(own_client, barriers)["added"] == 4
    assert tile(own_client, "barriers", 14, lon=108.001, lat=31.0005) == ["21", "24", "25", "27"]


def test_rows_with_errors_and_rows_left_out_are_told_apart(own_client):
    wrong = json.loads(json.dumps(ROADS))
    wrong["features"][0]["properties"]["highway"] = "canal"
    report = upload(own_client, "roads", wrong).json()
    assert (report["good_rows"], report["left_out"], report["can_commit"]) == (2, 1, False)
    refused = own_client.post(f"/api/imports/{report['id']}/commit")
    assert refused.json()["error"]["details"]["count"] == 1
    done = own_client.post(f"/api/imports/{report['id']}/commit?skip_bad_rows=true")
    assert done.json()["added"] == 2


def test_terrain_in_and_out(own_client, tmp_path):
    path = lonlat_tif(tmp_path / "dem.tif", box=(107.9, 30.9, 108.14, 31.12), step=1 / 1200)
    report = upload(own_client, "terrain", path.read_bytes(), name="dem.tif", cell_m="100").json()
    assert (report["rows"], report["good_rows"], report["crs"]) == (1, 1, "EPSG:4326")
    (preview,) = report["preview"]
    assert (preview["code"], preview["cell_m"]) == (tiny.COUNTY, 100)
    assert "content" not in preview
    assert commit(own_client, report)["added"] == 1
    layer = own_client.get("/api/workspace").json()["layers"]["terrain"]
    assert layer["count"] == 1
    assert layer["extent"][0] < 108 < 108.04 < layer["extent"][2]

    out = own_client.get("/api/exports/terrain.tif")
    assert out.headers["content-type"] == "image/tiff; application=geotiff"
    assert out.headers["x-wangge-version"] == layer["version"]
    heights = read_geotiff(out.content)
    assert (heights.cell_m, heights.zone) == (100, 4545)
    again = upload(own_client, "terrain", out.content, name="terrain.tif").json()
    assert not again["problems"]
    assert commit(own_client, again)["changed"] == 1  # the same heights, from another file
    assert np.array_equal(
        read_geotiff(own_client.get("/api/exports/terrain.tif").content).values, heights.values
    )
    elsewhere = own_client.get("/api/exports/terrain.tif?scope=110000")
    assert elsewhere.status_code == 404


def test_terrain_that_leaves_households_out_is_a_warning(own_client, tmp_path):
    path = lonlat_tif(tmp_path / "dem.tif", box=(107.9, 30.9, 108.02, 31.1), step=1 / 1200)
    report = upload(own_client, "terrain", path.read_bytes(), name="dem.tif").json()
    assert [line["key"] for line in report["by_key"]] == ["terrain_incomplete"]
    assert "50.0" in report["by_key"][0]["message"]
    assert report["can_commit"]


def test_terrain_that_is_none_is_a_report(own_client, tmp_path):
    report = upload(own_client, "terrain", b"code,height\n1,2\n", name="dem.csv").json()
    assert (report["can_commit"], report["by_key"][0]["key"]) == (False, "not_a_raster")
    assert own_client.post(f"/api/imports/{report['id']}/commit").status_code == 409
    far = write_tif(
        tmp_path / "far.tif",
        np.full((50, 50), 20, np.float32),
        Affine(0.01, 0, 115, 0, -0.01, 38),
        "EPSG:4490",
    )
    report = upload(own_client, "terrain", far.read_bytes(), name="far.tif").json()
    assert report["by_key"][0]["key"] == "terrain_elsewhere"
    for cell in ("0", "-5", "nan", "5000"):
        wrong = upload(own_client, "terrain", far.read_bytes(), name="far.tif", cell_m=cell)
        assert wrong.status_code in (400, 422)


@pytest.mark.parametrize("layer", ["roads", "grids"])
def test_heights_are_no_other_layer(own_client, tmp_path, layer):
    content = lonlat_tif(tmp_path / "dem.tif", step=0.01).read_bytes()
    report = upload(own_client, layer, content, name="dem.tif").json()
    assert report["by_key"][0]["key"] == "not_a_layer_file"
    assert "TIFF" in report["by_key"][0]["message"]
