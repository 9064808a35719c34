"""A county known by names only: a list of villages, grids, a register; no outline anywhere."""

import csv
import io
import json

import pytest

from tests.api import tiny
from tests.api.drafting import Draft

HEAD = "village_code,province,city,county,town,village_official"
PLACES = "\n".join(
    [
        HEAD,
        f"{tiny.VILLAGES[0]},重庆市,县,小县,河东镇,上河村村民委员会",
        f"{tiny.VILLAGES[1]},重庆市,县,小县,河东镇,东方红二村村民委员会",
        "500999002001,重庆市,县,小县,河西街道办事处,城南社区居民委员会",
    ]
)


def grids():
    features = []
    for village, half, west in tiny.cells():
        code = tiny.VILLAGES[village]
        shape = tiny.box(west, 31.0, west + tiny.WIDTH, 31.0 + tiny.HEIGHT)
        features.append(tiny.feature(shape, grid_id=f"{code}-G0{half + 1}", village_code=code))
    return json.dumps(tiny.collection(features))


def register():
    """Return 4 × 40 households, all over their grids, in a file that names no coordinate system."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["household_id", "village_code", "address", "lon", "lat"])
    for village, half, west in tiny.cells():
        for i in range(40):
            lon = west + tiny.WIDTH * (i % 8 + 0.1) / 8.05
            lat = 31.0 + tiny.HEIGHT * (i // 8 + 0.1) / 5.05
            number = 100 * (2 * village + half) + i
            address = f"河东镇{('上河村', '东方红二村')[village]}{half + 1}组{i + 1}号"
            row = [number, tiny.VILLAGES[village], address, f"{lon:.6f}", f"{lat:.6f}"]
            table.writerow(row)
    return text.getvalue()


def bring(client, layer, name, content, **settings):
    """Report and store a file as it is; return the report."""
    sent = client.post(
        "/api/imports", data={"layer": layer, **settings}, files={"file": (name, content.encode())}
    )
    report = sent.json()
    assert sent.status_code == 201, sent.text
    assert report["can_commit"], report["problems"]
    stored = client.post(f"/api/imports/{report['id']}/commit")
    assert stored.status_code == 200, stored.text
    return report


def keys(report):
    return {line["key"]: line["severity"] for line in report["by_key"]}


def run(client, analysis, **parameters):
    """Return the result of an analysis, however long the worker takes to start."""
    asked = {"analysis": analysis, "parameters": parameters}
    state = "queued"
    while state in ("queued", "running"):
        found = client.post("/api/runs", json=asked, params={"wait": 60}).json()
        state = found["state"]
    assert state == "done", found["error"]
    page = client.get(f"/api/runs/{found['id']}/report.html")
    assert page.status_code == 200, page.text
    return client.get(f"/api/runs/{found['id']}/result").json()


@pytest.fixture
def named(empty_client):
    """A client of a store with the three files; and what was said of each."""
    reports = {
        "villages": bring(empty_client, "villages", "places.csv", PLACES),
        "grids": bring(empty_client, "grids", "grids.geojson", grids()),
        "households": bring(empty_client, "households", "register.csv", register()),
    }
    return empty_client, reports


def test_the_three_files_import_as_they_are(named):
    client, reports = named
    assert keys(reports["villages"]) == {}
    assert reports["villages"]["good_rows"] == reports["villages"]["rows"] == 3
    told = {"irregular_code": "warning", "village_without_outline": "warning"}
    assert keys(reports["grids"]) == told
    assert keys(reports["households"]) == {"crs_found": "warning"}
    assert reports["households"]["crs"] == "EPSG:4490"

    assert client.get("/api/workspace").json()["title"] == "小县"
    table = client.get("/api/exports/divisions.csv").text.lstrip("\ufeff")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(table))}
    assert {code: (row["level"], row["name"]) for code, row in rows.items()} == {
        "50": ("province", "重庆市"),
        "500999": ("county", "小县"),
        "500999001": ("township", "河东镇"),
        "500999002": ("township", "河西街道"),
        tiny.VILLAGES[0]: ("village", "上河村"),
        tiny.VILLAGES[1]: ("village", "东方红二村"),
        "500999002001": ("village", "城南社区"),
    }
    assert rows[tiny.VILLAGES[0]]["parent_code"] == "500999001"
    found = client.get("/api/grids/at", params={"lon": 108.005, "lat": 31.01}).json()
    assert found["grid"]["code"] == f"{tiny.VILLAGES[0]}-G01"
    assert (found["village"]["name"], found["township"]["name"]) == ("上河村", "河东镇")


def test_the_same_files_again_change_nothing(named):
    client, _ = named
    before = client.get("/api/workspace").json()["layers"]["villages"]["version"]
    again = client.post(
        "/api/imports", data={"layer": "villages"}, files={"file": ("p.csv", PLACES.encode())}
    ).json()
    counts = client.post(f"/api/imports/{again['id']}/commit").json()
    assert (counts["added"], counts["changed"], counts["unchanged"]) == (0, 0, 7)
    assert client.get("/api/workspace").json()["layers"]["villages"]["version"] == before


def test_everything_that_reads_villages_lives_without_outlines(named):
    client, _ = named
    summary = client.get("/api/workspace").json()
    assert summary["layers"]["villages"]["count"] == 3
    assert summary["layers"]["villages"]["extent"] is None
    assert summary["extent"] == [108.0, 31.0, 108.04, 31.02]
    for layer in ("counties", "townships", "villages"):
        assert client.get(f"/tiles/{layer}/0/0/0.mvt").status_code in (200, 204)
    for code in ("50", "500999", "500999001", *tiny.VILLAGES, "500999002001"):
        shown = client.get(f"/api/divisions/{code}")
        assert shown.status_code == 200, shown.text
        assert (shown.json()["geometry"], shown.json()["bbox"]) == (None, None)
    for end in ("csv", "geojson", "geojsonl", "xlsx"):
        for layer in ("divisions", "grids"):
            sent = client.get(f"/api/exports/{layer}.{end}", params={"scope": "500999"})
            assert sent.status_code == 200
    checked = client.get("/api/partition/problems").json()
    assert [p["key"] for p in checked["problems"]] == ["village_without_outline"]
    page = client.get("/api/grids", params={"township": "500999001"}).json()
    assert {row["village"] for row in page["rows"]} == {"上河村", "东方红二村"}
    places = client.get("/api/addresses/search", params={"q": "东方红二村"})
    assert places.status_code == 200


def test_analyses_take_the_grids_for_the_village(named):
    client, _ = named
    centers = "code,name,level,village_code,lon,lat\n" + "\n".join(
        [f"C1,上河村党群服务中心,village,{tiny.VILLAGES[0]},108.005,31.01"]
    )
    bring(client, "centers", "centers.csv", centers, crs="EPSG:4490")
    gaps = run(client, "service_gaps", standard_m=1500)
    assert gaps["households"] == 160
    radius = run(client, "service_radius")
    assert radius["households"] == 160
    sizes = {"minimum": {"households": 100}, "target": {}, "maximum": {"households": 500}}
    merges = run(client, "merges", unit="village", **sizes)
    # the third village has neither outline nor grid: nothing to join it by
    (group,) = merges["groups"]
    assert sorted(m["code"] for m in group["members"]) == list(tiny.VILLAGES)


def test_a_plan_is_drafted_and_published(named):
    client, _ = named
    draft = Draft.make(client, "500999")
    first, second = f"{tiny.VILLAGES[0]}-G01", f"{tiny.VILLAGES[0]}-G02"
    draft.edit({"type": "merge", "grids": [first, second], "keep": first})
    assert not [p for p in draft.get("/problems")["problems"] if p["severity"] == "error"]
    assert draft.do("/publish", {"note": "两个网格合并"})["state"] == "published"
    found = client.get("/api/grids/at", params={"lon": 108.015, "lat": 31.01}).json()
    assert found["grid"]["code"] == first


def test_addresses_that_cannot_be_read_are_told_and_listed(named):
    client, _ = named
    head = "户编号,所属村编码,地址,经度,纬度"
    rows = [
        f"A1,{tiny.VILLAGES[0]},上河村,108.005,31.01",
        f"A2,{tiny.VILLAGES[0]},,108.005,31.01",
        f"A3,{tiny.VILLAGES[0]},东方红二村3组5号,108.005,31.01",
        f"A4,{tiny.VILLAGES[0]},上河村3组5号,108.005,31.01",
    ]
    report = bring(client, "households", "more.csv", "\n".join([head, *rows]), crs="EPSG:4490")
    assert keys(report) == {
        "address_without_number": "warning",
        "address_missing": "warning",
        "address_other_place": "warning",
    }
    assert {(p["key"], p["row"]) for p in report["problems"]} == {
        ("address_without_number", 1),
        ("address_missing", 2),
        ("address_other_place", 3),
    }
    found = client.get("/api/addresses/unread", params={"limit": 2}).json()
    assert found["total"] == 3
    assert sum(fault["count"] for fault in found["faults"]) == 3
    assert [row["code"] for row in found["rows"]] == ["A1", "A2"]
    assert found["rows"][0]["message_zh"].startswith("地址里没有门牌号")
    other = client.get("/api/addresses/unread", params={"scope": tiny.VILLAGES[1]}).json()
    assert (other["total"], other["rows"]) == (0, [])
