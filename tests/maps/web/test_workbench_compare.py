"""A draft over the old lines, beside them, against another draft; what leaves as files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from playwright.sync_api import expect

from tests.maps.web.conftest import SMALL, choose
from tests.maps.web.workbench import call, plan_with_changes

ARTIFACTS = Path(__file__).parents[3] / "artifacts"


def start(page) -> dict:
    plan = plan_with_changes(page)
    page.keyboard.press("d")
    expect(page.locator(".change-row").first).to_be_visible()
    page.wait_for_selector("#map[data-loading=false]")
    return plan


def has_name(page, code: str, box) -> bool:
    """Return whether the map names a grid inside a box (lon, lat)."""
    return page.evaluate(
        """([name, [west, south, east, north]]) => {
          const map = window.wanggeMap;
          const [left, bottom] = map.pixelOf([west, south]);
          const [right, top] = map.pixelOf([east, north]);
          return map.labels.layer.getSource().getFeatures().some(feature => {
            if (feature.getStyle().getText()?.getText() !== name) return false;
            const [x, y] = map.ol.getPixelFromCoordinate(feature.getGeometry().getCoordinates());
            return x > left && x < right && y > top && y < bottom;
          });
        }""",
        [code[-3:], box],
    )


def test_overlay_lists_and_shows_what_changes(bench):
    page = bench
    page.set_viewport_size(SMALL)
    plan = start(page)
    grids, totals = plan["difference"]["grids"], plan["difference"]["totals"]
    rows = page.locator(".change-row")
    expect(rows).to_have_count(len(grids))
    for kind in ("added", "removed", "changed"):
        assert totals[kind] > 0
        expect(page.locator(f".compare-legend [data-kind={kind}]")).to_contain_text(
            str(totals[kind])
        )
    page.locator(f".change-row[data-code='{plan['gone']}']").click()
    page.wait_for_timeout(600)
    expect(page.locator(".inspector")).to_have_count(0)  # nothing of it is left to look at
    west, _, east, _ = next(g["bbox"] for g in grids if g["code"] == plan["gone"])
    shown = page.evaluate("() => window.wanggeMap.ol.getView().calculateExtent()")
    assert shown[2] - shown[0] < (east - west) * 111_320 * 6, "the map went to the place"
    page.locator(f".change-row[data-code='{plan['kept']}']").click()
    expect(page.locator(".inspector-name")).to_be_visible()
    page.wait_for_selector("#map[data-loading=false]")
    page.screenshot(path=ARTIFACTS / "compare-overlay.png")
    page.locator(".panel").get_by_text("换网格的住户").last.click()
    moved = plan["difference"]["households"]
    pairs = {(one["old_grid"], one["new_grid"]) for one in moved}
    expect(page.locator(".change-row")).to_have_count(len(pairs))
    page.keyboard.press("d")
    expect(page.locator(".compare-legend")).to_have_count(0)
    expect(page.locator(".tools")).to_be_visible()


def test_swipe_shows_old_lines_left_and_the_draft_right(bench):
    page = bench
    page.set_viewport_size(SMALL)
    plan = start(page)
    page.locator(f".change-row[data-code='{plan['kept']}']").click()
    page.wait_for_timeout(600)
    page.locator(".panel").get_by_text("卷帘", exact=True).click()
    slider = page.get_by_role("slider", name=f"卷帘分界：左为现行网格线，右为{plan['name']}")
    expect(slider).to_have_attribute("aria-valuenow", "50")
    expect(page.locator(".swipe-names")).to_contain_text("现行网格线")
    page.wait_for_selector("#map[data-loading=false]")

    frame = page.locator("#map").bounding_box()
    place = next(g["bbox"] for g in plan["difference"]["grids"] if g["code"] == plan["gone"])
    slider.focus()
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuenow", "100")
    page.wait_for_timeout(400)
    assert has_name(page, plan["gone"], place), "all the way right there are only old lines"
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "0")
    page.wait_for_timeout(400)
    assert not has_name(page, plan["gone"], place), "in the draft it is gone"
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "12")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] * 0.75, box["y"] + 210, steps=6)
    page.mouse.up()
    expect(slider).to_have_attribute("aria-valuenow", "75")
    page.wait_for_timeout(400)
    page.screenshot(path=ARTIFACTS / "compare-swipe.png")
    page.get_by_label("结束对比").click()
    expect(slider).to_have_count(0)


def test_against_another_draft(bench):
    page = bench
    first = plan_with_changes(page)
    other = call(page, "POST", f"/api/plans/{first['id']}/copy", {"name": "另一个方案"})
    page.keyboard.press("d")
    expect(page.locator(".change-row").first).to_be_visible()
    choose(page, "与哪一套网格线对比", "另一个方案")
    expect(page.get_by_text("两边的网格线相同。")).to_be_visible()
    page.locator(".panel").get_by_text("卷帘", exact=True).click()
    expect(page.locator(".swipe-names")).to_contain_text("另一个方案")
    assert other["id"] != first["id"]


def test_the_difference_leaves_as_files(bench, tmp_path):
    page = bench
    plan = start(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="下载变化清单 CSV").click()
    started.value.save_as(tmp_path / "changes.csv")
    head, *rows = csv.reader(
        (tmp_path / "changes.csv").read_text(encoding="utf-8-sig").splitlines()
    )
    assert "SYNTHETIC" in rows.pop()[0]
    listed = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    expected = {one["code"]: one for one in plan["difference"]["grids"]}
    assert set(listed) == set(expected)
    gone = listed[plan["gone"]]
    assert gone["变化"] == "撤销"
    assert gone["划出户数"] == str(expected[plan["gone"]]["households_out"])
    with page.expect_download() as started:
        page.get_by_role("link", name="下载变化清单 GeoJSON").click()
    started.value.save_as(tmp_path / "changes.geojson")
    collection = json.loads((tmp_path / "changes.geojson").read_text(encoding="utf-8"))
    assert {f["properties"]["layer"] for f in collection["features"]} == {
        "grids",
        "land",
        "households",
    }
