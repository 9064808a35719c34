"""Files in and out, paper, outages, accessibility."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import maps
from tests.maps.web.conftest import choose, fetch, wait_for_map
from tests.shared import shared_data

ARTIFACTS = Path(__file__).parents[3] / "artifacts"
AXE = Path(maps.__file__).parent / "web/node_modules/axe-core/axe.min.js"


def center_file(folder, codes, point) -> str:
    """A small file of centers; one row says a level nobody knows, one has no place."""
    lon, lat = point
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": f"新建站{code}", "level": level, "电话": "123"},
            "geometry": place,
        }
        for code, level, place in [
            (codes[0], "station", {"type": "Point", "coordinates": [lon, lat]}),
            (codes[1], "castle", {"type": "Point", "coordinates": [lon + 0.01, lat]}),
            (codes[2], "station", {"type": "Point", "coordinates": [lon, lat + 99]}),
        ]
    ]
    path = folder / "centers.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


def test_import_reports_commits_and_shows_in_the_next_tile(own_service, open_page, tmp_path):
    page = open_page(own_service.url)
    wait_for_map(page)
    point = fetch(page, "/api/grids?sort=code&offset=300&limit=1")["rows"][0]["center"]
    before = fetch(page, "/api/workspace")["layers"]["centers"]
    page.locator(".rail-item[data-panel=data]").click()
    choose(page, "图层", "党群服务中心")
    page.locator("input[type=file]").set_input_files(
        center_file(tmp_path, ["NEW1", "NEW2", "NEW3"], point)
    )
    page.get_by_role("button", name="检查文件").click()
    report = page.locator(".import-report")
    expect(report).to_contain_text("1 / 3 行可用")
    expect(report).to_contain_text("电话")
    expect(report.locator(".import-problems")).to_contain_text("第 2 行")
    expect(report.locator(".import-problems")).to_contain_text("第 3 行")
    assert fetch(page, "/api/workspace")["layers"]["centers"] == before  # nothing stored yet
    expect(report.get_by_role("button", name=re.compile("写入"))).to_be_disabled()
    report.get_by_label("跳过有错的行").check()
    with page.expect_response(lambda r: "/tiles/centers/" in r.url) as tile:
        report.get_by_role("button", name=re.compile("写入 1 行")).click()
    expect(page.get_by_text("新增 1")).to_be_visible()
    after = fetch(page, "/api/workspace")["layers"]["centers"]
    assert after["count"] == before["count"] + 1
    assert after["version"] in tile.value.url
    page.locator(".rail-item").first.click()
    count = page.locator(".layer-row[data-layer=centers] .layer-count")
    expect(count).to_have_text(f"{after['count']:,}")


def test_import_without_crs_asks_for_one(own_service, open_page, tmp_path):
    page = open_page(own_service.url)
    wait_for_map(page)
    lon, lat = fetch(page, "/api/grids?limit=1")["rows"][0]["center"]
    path = tmp_path / "centers.csv"
    path.write_text(f"code,name,level,lon,lat\nNEW9,新站,station,{lon},{lat}\n", encoding="utf-8")
    page.locator(".rail-item[data-panel=data]").click()
    choose(page, "图层", "党群服务中心")
    page.locator("input[type=file]").set_input_files(str(path))
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_text("请选择后再检查")).to_be_visible()
    choose(page, "坐标系 *", "CGCS2000 经纬度")
    page.get_by_role("button", name="重新检查").click()
    expect(page.locator(".import-report")).to_contain_text("1 / 1 行可用")
    page.get_by_role("button", name="放弃").click()
    expect(page.locator(".import-report")).to_have_count(0)


def test_export_downloads_the_layer(page, tmp_path):
    page.locator(".rail-item[data-panel=data]").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="导出党群服务中心为 GeoJSON").click()
    target = tmp_path / "centers.geojson"
    started.value.save_as(target)
    collection = json.loads(target.read_text(encoding="utf-8"))
    assert collection["synthetic"] is True
    expected = fetch(page, "/api/workspace")["layers"]["centers"]["count"]
    assert len(collection["features"]) == expected


def test_print_has_title_mark_legend_and_puts_the_screen_back(page):
    page.evaluate("""() => { window.printed = []; window.print = () => {
        const map = document.querySelector('.map').getBoundingClientRect();
        window.printed.push({
            paper: document.documentElement.dataset.printing, width: map.width, height: map.height,
            page: [...document.querySelectorAll('style')].map((s) => s.textContent)
              .find((s) => s.includes('@page')) });
    }; }""")
    before = page.locator("#map").bounding_box()
    page.keyboard.press("p")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("标题").fill("修齐镇网格图")
    dialog.get_by_role("button", name="打印…").click()
    for _ in range(100):
        if page.evaluate("window.printed.length"):
            break
        page.wait_for_timeout(100)
    printed = page.evaluate("window.printed[0]")
    assert printed["paper"] == "A4-landscape"
    assert "A4 landscape" in printed["page"]
    millimetre = 96 / 25.4
    assert printed["width"] == pytest.approx(277 * millimetre, abs=2)
    expect(page.locator("#map")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.locator("#map").bounding_box() == before
    page.emulate_media(media="print")
    expect(page.locator(".print-head h1")).to_have_text("修齐镇网格图")
    expect(page.locator(".print-head")).to_contain_text("SYNTHETIC")
    expect(page.locator(".print-foot")).to_contain_text("内部工作用图")
    expect(page.locator(".legend")).to_be_visible()
    for hidden in (".top", ".rail", ".drawer", ".map-buttons"):
        expect(page.locator(hidden)).to_be_hidden()


def test_outage_shows_a_banner_and_recovers_by_itself(own_service, open_page):
    page = open_page(own_service.url)
    wait_for_map(page)
    page.watch.allow(r"Failed to load resource|ERR_CONNECTION_REFUSED")
    own_service.stop()
    page.locator(".table-row[data-code]").first.click()
    banner = page.get_by_role("alert").filter(has_text="服务器暂时无法访问")
    expect(banner).to_be_visible()
    expect(page.locator("#map canvas").first).to_be_visible()
    own_service.start()
    expect(banner).to_have_count(0, timeout=15_000)
    expect(page.locator(".inspector .rule-bar")).to_be_visible()


@pytest.mark.parametrize("panel", range(5))
def test_accessible(page, panel):
    """No serious violation by axe on the main screens."""
    if panel:
        page.locator(".rail-item").nth(panel).click()
    page.wait_for_selector(".panel .card")
    page.locator(".table-row[data-code]").first.click()
    page.wait_for_selector(".rule-bar")
    page.wait_for_timeout(500)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        (v["id"], v["nodes"][0]["html"][:160], v["nodes"][0]["failureSummary"][:200])
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []


def settle(page) -> None:
    page.wait_for_timeout(700)  # a move of the map is animated
    page.wait_for_selector("#map[data-loading=false]")


def test_a_county_of_natural_villages_alone_is_on_the_map(empty_service, open_page):
    """The census blocks of a real county: no divisions, no grids, another continent."""
    file = shared_data("standins/ks_ellis_county_block.gpkg")
    page = open_page(empty_service.url)
    page.locator("nav").get_by_role("button", name="数据").click()
    choose(page, "图层", "自然村")
    page.locator("input[type=file]").set_input_files(str(file))
    page.get_by_role("button", name="检查文件").click()
    choose(page, "文件里的图层 *", "blocks")
    page.get_by_role("button", name="重新检查").click()
    expect(page.locator(".import-report")).to_contain_text("2,296 / 2,296 行可用")
    page.get_by_role("button", name="写入 2,296 行").click()
    expect(page.get_by_role("status").filter(has_text="已写入")).to_be_visible()

    page.reload()
    settle(page)
    expect(page.get_by_label("自然村", exact=True)).to_be_checked()
    expect(page.locator(".legend")).not_to_contain_text("每网格户数")
    page.locator(".layer-row[data-layer=natural_villages] button.layer-count").click()
    settle(page)
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".inspector")).to_contain_text("自然村")
    page.screenshot(path=ARTIFACTS / "natural-villages-alone.png")
