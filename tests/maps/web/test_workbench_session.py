"""A planner's whole session, by mouse and keyboard, from an empty list of plans to the new lines.

The pictures of the planner guide are made here: every run leaves them in ``var/pictures``, and
``WANGGE_ACCEPT_PICTURES=1`` puts them into ``docs/images``.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Page, expect
from shapely.geometry import shape

import maps
from tests.maps.web.conftest import LARGE, wait_for_map
from tests.maps.web.workbench import (
    apply,
    call,
    click_map,
    draft_grids,
    draw,
    expect_preview,
    go_to,
    move_to,
    neighbours,
)

ROOT = Path(maps.__file__).parent.parent
TOWNSHIP, TOWNSHIP_NAME = "500229103", "坪坝镇"
VILLAGE = "500229103203"
WORDS = {
    "zh": {
        "plans": "方案", "scope": "范围", "create": "新建草案", "revision": "修订 {n}",
        "next": "下一个", "compare": "与现行对比", "swipe": "卷帘", "end": "结束对比",
        "submit": "提交审核", "publish": "发布", "publish it": "发布为现行网格", "note": "发布说明",
        "close": "关闭", "lookup": "地址", "coordinates": "坐标（经度,纬度）", "search": "查询",
        "reason": "山区住户分散，保留", "published": "已发布",
    },
    "en": {
        "plans": "Plan", "scope": "Area", "create": "Create the draft", "revision": "revision {n}",
        "next": "Next", "compare": "Compare with lines in force", "swipe": "Swipe",
        "end": "End comparing", "submit": "Submit", "publish": "Publish",
        "publish it": "Publish as lines in force", "note": "Note", "close": "Close",
        "lookup": "Lookup", "coordinates": "Coordinates (lon, lat)", "search": "Look up",
        "reason": "Scattered mountain households", "published": "Published",
    },
}  # fmt: skip


class Pictures:
    """Screenshots of one session, numbered in the order in which they are taken."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        self.folder = ROOT / "var" / "pictures"
        self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str) -> None:
        suffix = ".zh.jpg" if self.language == "zh" else ".jpg"
        self.page.mouse.move(800, 3)  # nothing is named by the pointer
        self.page.wait_for_timeout(500)
        path = self.folder / f"plan-{name}{suffix}"
        self.page.screenshot(path=path, type="jpeg", quality=80)
        if os.environ.get("WANGGE_ACCEPT_PICTURES"):
            shutil.copy(path, ROOT / "docs" / "images" / path.name)


def middle(land: shapely.Geometry) -> tuple[float, float]:
    point = land.representative_point()
    return point.x, point.y


def bulge(border: shapely.LineString, into: shapely.Geometry) -> list[tuple[float, float]]:
    """Return a line from border to border that goes around a bit of the neighbour's land."""
    start, end = border.interpolate(0.3, normalized=True), border.interpolate(0.7, normalized=True)
    middle = border.interpolate(0.5, normalized=True)
    inner = into.representative_point()
    way = shapely.LineString([middle, inner])
    return [(p.x, p.y) for p in (start, way.interpolate(0.25, normalized=True), end)]


def cell_beside(grids: dict, cells: dict) -> tuple[str, shapely.Geometry]:
    """Return a grid and a natural village of its neighbour that touches it, not the only one."""
    owned = [one for one in cells["features"] if one["properties"]["grid"]]
    for one in sorted(owned, key=lambda one: -(one["properties"]["households"] or 0)):
        own = one["properties"]["grid"]
        land = shape(one["geometry"])
        if grids[own].area < 2 * land.area:
            continue
        for code in sorted(grids):
            if code == own or grids[code].intersection(land).length < 0.001:
                continue
            if grids[own].difference(land.buffer(1e-9)).geom_type == "Polygon":
                return code, land
    raise AssertionError("no natural village can change its grid")


def place_that_moved(before: dict, after: dict) -> tuple[str, shapely.Point]:
    """Return a grid and a place that was in another one before."""
    for code, land in sorted(after.items()):
        moved = land.difference(before[code]) if code in before else land
        moved = max(shapely.get_parts(moved), key=lambda part: part.area, default=None)
        if moved is not None and moved.area > 1e-7:
            return code, moved.representative_point()
    raise AssertionError("nothing has moved")


def show(page: Page, land: shapely.Geometry) -> None:
    """Show land whose exact lines the page has already."""
    page.evaluate("box => window.wanggeMap.fit(box, 18, 0)", list(land.bounds))
    page.wait_for_selector("#map[data-loading=false]")
    page.wait_for_timeout(500)


def revision(page: Page, words: dict[str, str], number: int) -> None:
    said = page.get_by_text(words["revision"].format(n=number)).first
    expect(said).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_planner_redraws_a_village(own_service, open_page, language):
    words = WORDS[language]
    page = open_page(own_service.url, language=language, size=LARGE)
    wait_for_map(page)
    pictures = Pictures(page, language)

    # a draft of a township
    page.locator(".rail").get_by_role("button", name=words["plans"], exact=True).click()
    scope = page.get_by_label(words["scope"], exact=True).and_(page.locator("input"))
    scope.fill(TOWNSHIP_NAME)
    page.get_by_role("option").first.click()
    pictures.take("new")
    page.get_by_role("button", name=words["create"]).click()
    page.wait_for_selector(".tools")
    (plan,) = call(page, "GET", "/api/plans")["plans"]
    assert plan["scope"] == TOWNSHIP
    before = draft_grids(page, plan["id"], VILLAGE)
    whole = shapely.union_all(list(before.values()))
    go_to(page, whole.bounds)

    # split
    cut = before[f"{VILLAGE}004"]
    west, _, east, _ = cut.bounds
    y, out = cut.representative_point().y, (east - west) * 0.08
    page.keyboard.press("s")
    draw(page, [(west - out, y), ((west + east) / 2, y), (east + out, y)])
    expect_preview(page)
    pictures.take("split")
    apply(page)
    revision(page, words, 1)

    # paint a natural village into its neighbour
    grids = draft_grids(page, plan["id"], VILLAGE)
    cells = call(page, "GET", f"/api/plans/{plan['id']}/natural_villages?village={VILLAGE}")
    taker, cell = cell_beside(grids, cells)
    page.keyboard.press("p")
    click_map(page, middle(grids[taker]))
    move_to(page, middle(cell))
    page.mouse.down()
    page.mouse.up()
    expect_preview(page)
    pictures.take("paint")
    apply(page)
    revision(page, words, 2)

    # a new course of a border, taken back again
    grids = draft_grids(page, plan["id"], VILLAGE)
    _, other, border = neighbours(grids)
    page.keyboard.press("b")
    draw(page, bulge(border, grids[other]))
    expect_preview(page)
    pictures.take("reshape")
    apply(page)
    revision(page, words, 3)
    page.keyboard.press("Control+z")
    revision(page, words, 4)
    assert draft_grids(page, plan["id"], VILLAGE) == grids

    # a problem, mended by merging
    page.keyboard.press("n")
    expect(page.locator(".problem-list [aria-current=true]").first).to_be_visible()
    pictures.take("problem")
    small = next(
        problem["grids"][0]
        for problem in call(page, "GET", f"/api/plans/{plan['id']}/problems")["problems"]
        if problem["key"] in ("grid_below_minimum", "grid_empty")
    )
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    neighbour = max(
        (code for code in grids if code != small),
        key=lambda code: grids[code].intersection(grids[small]).length,
    )
    show(page, whole)
    page.keyboard.press("m")
    click_map(page, middle(grids[small]))
    click_map(page, middle(grids[neighbour]))
    page.keyboard.press("Enter")
    expect_preview(page)
    pictures.take("merge")
    apply(page)
    revision(page, words, 5)

    # compared with the lines in force
    page.get_by_role("button", name=words["compare"]).first.click()
    page.wait_for_timeout(1500)
    pictures.take("compare")
    page.get_by_text(words["swipe"], exact=True).click()
    page.wait_for_timeout(1000)
    pictures.take("swipe")
    page.get_by_role("button", name=words["end"]).click()

    # through the gate
    page.get_by_role("button", name=words["submit"]).click()
    page.get_by_role("dialog").get_by_role("button", name=words["submit"]).click()
    page.get_by_role("button", name=words["publish"], exact=True).click()
    dialog = page.get_by_role("dialog")
    publish = dialog.get_by_role("button", name=words["publish it"])
    note = dialog.get_by_role("textbox")
    expect(dialog.locator(".gate li").first).to_be_visible()
    page.wait_for_timeout(1000)
    if note.count():
        note.fill(words["reason"])
    pictures.take("publish")
    publish.click()
    expect(dialog.get_by_role("status")).to_be_visible()
    pictures.take("published")
    dialog.get_by_role("button", name=words["close"]).last.click()

    # the new line answers today, the old one before it
    after = draft_grids(page, plan["id"], VILLAGE)
    code, place = place_that_moved(before, after)
    now = call(page, "GET", f"/api/grids/at?lon={place.x}&lat={place.y}")
    assert now["grid"]["code"] == code
    day = datetime(2026, 3, 2, tzinfo=UTC).date()
    old = call(page, "GET", f"/api/grids/at?lon={place.x}&lat={place.y}&date={day}")
    assert old["grid"]["code"] != code
    page.locator(".rail").get_by_role("button", name=words["lookup"], exact=True).click()
    page.get_by_label(words["coordinates"]).fill(f"{place.x:.6f}, {place.y:.6f}")
    page.keyboard.press("Enter")
    spaced = " ".join((code[:6], code[6:9], code[9:12], code[12:]))
    expect(page.locator(".panel").get_by_text(spaced)).to_be_visible()
    pictures.take("lookup")
