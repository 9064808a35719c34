"""What a file leaves open is asked for: its layer, its encoding."""

from __future__ import annotations

import geopandas
import pytest
from playwright.sync_api import expect
from shapely.geometry import Point

from tests.maps.web.conftest import choose, fetch, wait_for_map


@pytest.fixture
def data_page(own_service, open_page):
    """The import card, set to service centers."""
    page = open_page(own_service.url)
    wait_for_map(page)
    page.locator(".rail-item[data-panel=data]").click()
    choose(page, "图层", "党群服务中心")
    return page


def a_place(page) -> tuple[float, float]:
    lon, lat = fetch(page, "/api/grids?sort=code&offset=300&limit=1")["rows"][0]["center"]
    return lon, lat


def check_file(page, path) -> None:
    page.locator("input[type=file]").set_input_files(str(path))
    page.get_by_role("button", name="检查文件").click()


def test_one_of_several_layers_is_chosen(data_page, tmp_path):
    page = data_page
    path = tmp_path / "centers.gpkg"
    for layer, codes in (("2024年", ["OLD1"]), ("2025年", ["NEW1", "NEW2"])):
        columns = {"code": codes, "name": codes, "level": "station"}
        places = [Point(a_place(page))] * len(codes)
        frame = geopandas.GeoDataFrame(columns, geometry=places, crs=4490)
        frame.to_file(path, layer=layer, driver="GPKG")
    check_file(page, path)
    expect(page.get_by_text("文件里有多个图层，请选择")).to_be_visible()
    expect(page.get_by_text("文件没有说明坐标系，请选择")).to_have_count(0)  # it was not looked at
    expect(page.locator(".import-report .mapping")).to_have_count(0)
    choose(page, "文件里的图层 *", "2025年")
    expect(page.get_by_text("文件里有多个图层，请选择")).to_have_count(0)
    page.get_by_role("button", name="重新检查").click()
    expect(page.locator(".import-report")).to_contain_text("2 / 2 行可用")
    # another one: what was read must not be stored in its place
    choose(page, "文件里的图层 *", "2024年")
    expect(page.get_by_role("button", name="写入 2 行")).to_be_disabled()
    expect(page.get_by_text("设置已改动")).to_be_visible()
    page.get_by_role("button", name="重新检查").click()
    expect(page.get_by_role("button", name="写入 1 行")).to_be_enabled()


def test_encoding_that_cannot_be_told_is_asked_for(data_page, tmp_path):
    page = data_page
    lon, lat = a_place(page)
    path = tmp_path / "centers.csv"
    text = f"code,name,level,wkt\nNEW1,Café é à,station,POINT({lon} {lat})\n"
    path.write_bytes(text.encode("latin-1"))
    check_file(page, path)
    expect(page.get_by_text("文字编码判断不了")).to_be_visible()
    choose(page, "文字编码 *", "Windows-1252")
    expect(page.get_by_text("文字编码判断不了")).to_have_count(0)
    page.get_by_role("button", name="重新检查").click()
    choose(page, "坐标系 *", "CGCS2000 经纬度")
    page.get_by_role("button", name="重新检查").click()
    expect(page.locator(".import-report")).to_contain_text("1 / 1 行可用")


def rewrite(path, rows, *, level="village") -> None:
    lines = [f"{r['code']},{r['name']},{level},{r['village_code']},{r['wkt']}" for r in rows]
    path.write_text("\n".join(["code,name,level,village_code,wkt", *lines]), encoding="utf-8")


def test_replacing_closes_what_the_file_lacks_and_skips_no_row(data_page, tmp_path):
    page = data_page
    before = fetch(page, "/api/workspace")["layers"]["centers"]["count"]
    lon, lat = a_place(page)
    grid = fetch(page, "/api/grids?sort=code&offset=300&limit=1")["rows"][0]
    place = {"village_code": grid["village_code"], "wkt": f"POINT({lon} {lat})"}
    rows = [{"code": f"NEW{n}", "name": f"新建站{n}", **place} for n in range(2)]
    path = tmp_path / "centers.csv"
    rewrite(path, [*rows, {"code": "BAD", "name": "无处", **place, "wkt": ""}])
    page.locator("input[type=file]").set_input_files(str(path))
    choose(page, "坐标系", "CGCS2000 经纬度")
    expect(page.get_by_label("新增和更新")).to_be_checked()
    page.get_by_label("整体替换").check()
    expect(page.get_by_text("文件没有的党群服务中心将停用")).to_be_visible()
    page.get_by_role("button", name="检查文件").click()
    report = page.locator(".import-report")
    expect(report.get_by_label("跳过有错的行")).to_be_disabled()
    expect(report).to_contain_text("整体替换时不能跳过")
    expect(report.get_by_role("button", name="写入")).to_be_disabled()
    page.get_by_label("新增和更新").check()
    page.get_by_role("button", name="重新检查").click()
    expect(report.get_by_label("跳过有错的行")).to_be_enabled()

    for kept in (rows, rows[:1]):  # the second file lacks what the first has stored
        rewrite(path, kept)
        page.locator("input[type=file]").set_input_files(str(path))
        choose(page, "坐标系", "CGCS2000 经纬度")
        page.get_by_label("整体替换").check()
        page.get_by_role("button", name="检查文件").click()
        page.get_by_role("button", name=f"写入 {len(kept)} 行").click()
        done = page.get_by_role("status").filter(has_text="已写入")
        expect(done).to_be_visible()
        text = done.inner_text()
        page.get_by_role("button", name="再导入一个文件").click()
    assert "停用 1" in text
    assert fetch(page, "/api/workspace")["layers"]["centers"]["count"] <= before + 1
