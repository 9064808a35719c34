"""Map, table and inspector say the same as the API."""

from __future__ import annotations

import math
import re

from playwright.sync_api import expect

from tests.maps.web.conftest import CHROMIUM_ARGUMENTS, fetch, find_chromium, wait_for_map
from tests.maps.web.workbench import make_plan


def centre_of_map(page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def settle(page) -> None:
    page.wait_for_timeout(700)  # a move of the map is animated
    page.wait_for_selector("#map[data-loading=false]")


def fact(page, name: str) -> str:
    row = page.locator(".inspector .fact", has=page.get_by_text(name, exact=True)).first
    return row.locator("dd").inner_text()


def spaced(code: str) -> str:
    """Return a code as the page writes it."""
    return re.sub(r"(\d{6})(\d{3})(\d{3})(\d{3})", r"\1 \2 \3 \4", code)


def test_table_row_moves_the_map_and_a_click_finds_the_same_grid(page):
    row = page.locator(".table-row[data-code]").nth(4)
    code = row.get_attribute("data-code")
    row.click()
    settle(page)
    expect(row).to_have_attribute("aria-selected", "true")
    page.get_by_label("收起详情").click()
    expect(page.locator(".inspector")).to_have_count(0)
    settle(page)
    # centers and households lie above grids; out of the way for this click
    page.get_by_label("党群服务中心", exact=True).uncheck()
    page.get_by_label("住户", exact=True).uncheck()
    # the map is wider without the inspector, so ask which grid is in the middle now
    page.mouse.click(*centre_of_map(page))
    expect(page.locator(".inspector .rule-bar")).to_be_visible()
    shown = page.locator(".inspector").inner_text()
    found = re.search(r"500229 \d{3} \d{3} \d{3}", shown).group().replace(" ", "")
    assert found[:12] == code[:12]
    grid = fetch(page, f"/api/grids/{found}")
    assert fact(page, "户数") == f"{grid['households']:,}"
    assert fact(page, "常住 / 户籍") == f"{grid['residents']:,} / {grid['registered']:,}"
    expected = f"{grid['center_median_m'] / 1000:.1f} / {grid['center_max_m'] / 1000:.1f} km"
    assert fact(page, "住户 中位 / 最远") == expected
    rule = grid["rule"]
    assert fact(page, "规则") == f"{rule['minimum']}–{rule['target']}–{rule['maximum']} 户"
    expect(page.locator(".crumbs")).to_contain_text(grid["village"])
    expect(page.locator(f".table-row[data-code='{found}']")).to_have_attribute(
        "aria-selected", "true"
    )


def show(page, place, zoom: float) -> None:
    """Show a place from a height, and wait until it is drawn."""
    lon, lat = place
    page.evaluate("box => window.wanggeMap.fit(box, 18, 0)", [lon, lat, lon, lat])
    page.evaluate("zoom => window.wanggeMap.ol.getView().setZoom(zoom)", zoom)
    settle(page)


def lonely(page, layer: str, *, aggregated: bool = False):
    """Return a sign of a layer apart from other signs, nearest to the middle, and its pixel."""
    found = page.evaluate(
        """() => {
          const { ol, tiles } = window.wanggeMap;
          const extent = ol.getView().calculateExtent(ol.getSize());
          return ["centers", "households"].flatMap((layer) =>
            tiles[layer].getFeaturesInExtent(extent).map((feature) => ({
              layer,
              ...feature.getProperties(),
              id: feature.getId() ?? null,
              pixel: ol.getPixelFromCoordinate(feature.getFlatCoordinates()),
            })),
          );
        }"""
    )
    frame = page.locator("#map").bounding_box()
    middle = (frame["width"] / 2, frame["height"] / 2)

    def is_apart(sign) -> bool:
        """Whether no sign that a click would rather mean is near."""
        rivals = [
            other["pixel"]
            for other in found
            if other["layer"] == "centers" or (layer == "households" and not aggregated)
            if (other["layer"], other["id"]) != (layer, sign["id"])
        ]
        return all(math.dist(sign["pixel"], rival) > 16 for rival in rivals)

    own = [
        sign
        for sign in found
        if sign["layer"] == layer and bool(sign.get("aggregated")) == aggregated
    ]
    sign = min(filter(is_apart, own), key=lambda one: math.dist(one["pixel"], middle))
    return sign, (frame["x"] + sign["pixel"][0], frame["y"] + sign["pixel"][1])


def grid_below(page, pixel) -> dict:
    """Return the grid at a place on the screen, as the server has it."""
    frame = page.locator("#map").bounding_box()
    x, y = page.evaluate(
        "at => window.wanggeMap.ol.getCoordinateFromPixel(at)",
        [pixel[0] - frame["x"], pixel[1] - frame["y"]],
    )
    lon = math.degrees(x / 6378137)
    lat = math.degrees(2 * math.atan(math.exp(y / 6378137)) - math.pi / 2)
    code = fetch(page, f"/api/grids/at?lon={lon}&lat={lat}")["grid"]["code"]
    return fetch(page, f"/api/grids/{code}")


def busiest(page) -> dict:
    return fetch(page, "/api/grids?sort=households&order=desc&limit=1")["rows"][0]


def test_a_click_and_the_pointer_find_the_sign_of_a_center(page):
    show(page, busiest(page)["center"], 15.5)
    sign, place = lonely(page, "centers")
    page.mouse.move(*place, steps=3)
    expect(page.locator(".hover-card strong")).to_have_text(sign["name"])
    page.mouse.click(*place)
    expect(page.locator(".inspector-name")).to_have_text(sign["name"])
    expect(page.locator(".inspector")).to_contain_text("党群服务中心 ·")


def test_a_click_on_a_house_shows_the_house_and_from_afar_its_grid(page):
    middle = busiest(page)["center"]
    show(page, middle, 17.5)
    sign, place = lonely(page, "households")
    house = fetch(page, f"/api/households/{sign['id']}")
    page.mouse.move(*place, steps=3)
    expect(page.locator(".hover-card strong")).to_have_text("住户")
    page.mouse.click(*place)
    expect(page.locator(".inspector-name")).to_have_text(house["address"])
    expect(page.locator(".inspector .facts")).to_contain_text(house["grid"]["name"])
    # a dot that stands for several is no house: from afar the grid beneath is meant
    show(page, middle, 13.5)
    _, place = lonely(page, "households", aggregated=True)
    page.mouse.click(*place)
    expect(page.locator(".inspector .rule-bar")).to_be_visible()
    expect(page.locator(".inspector")).to_contain_text(spaced(grid_below(page, place)["code"]))


def test_with_a_tool_a_click_and_the_pointer_find_the_grid_below_a_sign(page):
    middle = busiest(page)["center"]
    make_plan(page, "500229")
    show(page, middle, 15.5)
    page.wait_for_selector("#map[data-lines=here]")
    _, place = lonely(page, "centers")
    grid = grid_below(page, place)
    page.mouse.move(*place, steps=3)
    expect(page.locator(".hover-card strong")).to_have_text(grid["name"])
    page.mouse.click(*place)
    expect(page.locator(".inspector .rule-bar")).to_be_visible()
    expect(page.locator(".inspector")).to_contain_text(spaced(grid["code"]))
    expect(page.locator(".chosen-sum strong")).to_contain_text("1")


def test_sorting_is_the_servers(page):
    header = page.get_by_role("columnheader", name="户", exact=True)
    header.get_by_role("button").click()
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    most = fetch(page, "/api/grids?sort=households&order=desc&limit=3")["rows"]
    for index, row in enumerate(most):
        expect(page.locator(".table-row[data-code]").nth(index)).to_have_attribute(
            "data-code", row["code"]
        )


def test_table_scrolls_through_all_and_totals_are_the_countys(page):
    page.locator(".drawer").get_by_text("全部").click()
    total = fetch(page, "/api/grids?limit=1")["total"]
    expect(page.locator(".totals")).to_contain_text(f"{total:,} 个网格")
    for _ in range(30):
        page.locator(".table").evaluate("e => e.scrollTo(0, e.scrollHeight)")
        page.wait_for_timeout(120)
        if page.locator(f".table-row[aria-rowindex='{total + 1}']").count():
            break
    expect(page.locator(f".table-row[aria-rowindex='{total + 1}']")).to_be_visible()
    assert page.locator(".table-row[data-code]").count() < 60  # only what is on screen


def test_search_zooms_and_opens_the_inspector(page):
    village = fetch(page, "/api/grids?sort=code&offset=500&limit=1")["rows"][0]["village"]
    page.keyboard.press("/")
    page.keyboard.type(village)
    option = page.get_by_role("option").first
    expect(option).to_contain_text(village)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".inspector-name")).to_contain_text(village)
    settle(page)
    expect(page.locator(".totals strong")).not_to_contain_text("1,253")


def test_lookup_by_coordinates_and_by_click(page):
    grid = fetch(page, "/api/grids?sort=code&offset=200&limit=1")["rows"][0]
    lon, lat = grid["center"]
    page.locator(".rail-item[data-panel=lookup]").click()
    page.get_by_label("坐标").fill("河鱼村")
    page.keyboard.press("Enter")
    expect(page.get_by_text("请写成")).to_be_visible()
    page.get_by_label("坐标").fill(f"{lon}, {lat}")
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_contain_text(spaced(grid["code"]))
    settle(page)
    page.get_by_role("button", name="在地图上点一处").click()
    expect(page.locator(".hint")).to_be_visible()
    page.mouse.click(*centre_of_map(page))
    expect(page.locator(".hint")).to_have_count(0)
    expect(page.locator(".panel")).to_contain_text(spaced(grid["code"]))


def test_partition_problems_are_stepped_through(page):
    page.locator(".rail-item[data-panel=data]").click()
    page.get_by_role("button", name="检查全县").click()
    report = fetch(page, "/api/partition/problems")
    status = page.locator(".panel").get_by_role("status")
    expect(status).to_contain_text(f"{report['checked_villages']} 个村", timeout=60_000)
    assert page.locator(".problem-button").count() == len(report["problems"])


def test_without_webgl(playwright, service):
    browser = playwright.chromium.launch(
        executable_path=find_chromium(),
        args=[*CHROMIUM_ARGUMENTS, "--disable-gpu", "--disable-webgl", "--disable-webgl2"],
    )
    page = browser.new_page()
    page.goto(service.url)
    wait_for_map(page)
    assert page.evaluate("document.createElement('canvas').getContext('webgl')") is None
    page.locator(".table-row[data-code]").first.click()
    expect(page.locator(".inspector .rule-bar")).to_be_visible()
    browser.close()


def test_the_count_of_a_layer_leads_to_the_layer(page):
    before = page.locator(".scale-bar, .ol-scale-line").first.inner_text()
    page.get_by_label("自然村", exact=True).uncheck(force=True)
    page.locator(".layer-row[data-layer=centers] button.layer-count").click()
    page.locator(".layer-row[data-layer=natural_villages] button.layer-count").click()
    settle(page)
    expect(page.get_by_label("自然村", exact=True)).to_be_checked()
    assert page.locator(".scale-bar, .ol-scale-line").first.inner_text() == before
    page.get_by_label("放大", exact=True).click()
    settle(page)
    assert page.locator(".scale-bar, .ol-scale-line").first.inner_text() != before
    page.locator(".layer-row[data-layer=natural_villages] button.layer-count").click()
    settle(page)
    assert page.locator(".scale-bar, .ol-scale-line").first.inner_text() == before
