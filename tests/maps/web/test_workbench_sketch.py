"""Drawing itself: finishing, taking back, following borders, and what outlives a reload."""

from __future__ import annotations

import json

import pytest
import shapely
from playwright.sync_api import Page, expect

from tests.maps.web.conftest import NO_MAP
from tests.maps.web.workbench import (
    across,
    apply,
    busy_village,
    click_map,
    draft_grids,
    draw,
    expect_preview,
    go_to,
    make_plan,
    move_to,
    neighbours,
    pixel,
)


def kept(page: Page) -> list[list[float]]:
    """The places of the shape that the browser keeps."""
    found = page.evaluate("localStorage.getItem('wangge.sketch')")
    return json.loads(found)["points"] if found else []


def start(page: Page, code: str = "500229"):
    plan = make_plan(page, code)["id"]
    village, grids = busy_village(page, plan)
    return plan, village, grids


def test_a_line_goes_on_after_a_reload(bench):
    page = bench
    plan, village, before = start(page)
    code, grid = max(before.items(), key=lambda item: item[1].area)
    go_to(page, grid.buffer(0.002).bounds)
    page.keyboard.press("s")
    line = across(grid)
    for place in line[:2]:
        click_map(page, place)
    page.reload()
    bar = page.locator(".kept-bar")
    expect(bar).to_be_visible()
    page.wait_for_selector("#map[data-loading=false]")
    bar.get_by_role("button", name="接着画").click()
    expect(bar).to_have_count(0)
    expect(page.locator(".tool[data-active=true] kbd")).to_have_text("S")
    page.wait_for_selector("#map[data-loading=false]")
    # the end of the line need not be in view, the line so far is
    page.evaluate("box => window.wanggeMap.fit(box, 18, 0)", list(grid.buffer(0.002).bounds))
    page.wait_for_selector("#map[data-loading=false]")
    page.wait_for_timeout(500)
    click_map(page, line[2])
    page.keyboard.press("Enter")
    expect_preview(page)
    apply(page)
    after = draft_grids(page, plan, village)
    assert len(after) > len(before)
    assert after[code].area < grid.area
    assert kept(page) == []


def test_a_kept_line_can_be_forgotten(bench):
    page = bench
    _, _, grids = start(page)
    grid = max(grids.values(), key=lambda one: one.area)
    go_to(page, grid.buffer(0.002).bounds)
    page.keyboard.press("s")
    for place in across(grid)[:2]:
        click_map(page, place)
    page.reload()
    page.locator(".kept-bar").get_by_role("button", name="不要了").click()
    expect(page.locator(".kept-bar")).to_have_count(0)
    page.reload()
    page.wait_for_selector(".tools")
    page.wait_for_selector("#map[data-loading=false]")
    expect(page.locator(".kept-bar")).to_have_count(0)


def test_places_are_taken_back_and_a_line_is_finished(bench):
    page = bench
    _, _, grids = start(page)
    grid = max(grids.values(), key=lambda one: one.area)
    go_to(page, grid.buffer(0.002).bounds)
    page.keyboard.press("s")
    west, middle, east = across(grid)
    for way in ("double click", "right click", "Enter"):
        click_map(page, west)
        click_map(page, grid.centroid.coords[0])
        page.keyboard.press("Backspace")
        assert len(kept(page)) == 1
        click_map(page, middle)
        finish(page, pixel(page, east), way)
        expect_preview(page)
        assert len(kept(page)) == 3, way
        page.keyboard.press("Backspace")
        expect(page.locator(".preview-card")).to_have_count(0)
        assert len(kept(page)) == 2
        page.keyboard.press("Escape")
        assert kept(page) == []


def finish(page: Page, place: tuple[float, float], way: str) -> None:
    """Set the last place of a line, and finish it in one of the ways."""
    page.mouse.move(*place, steps=3)
    if way == "double click":
        page.mouse.dblclick(*place)
        return
    page.mouse.click(*place)
    if way == "Enter":
        page.keyboard.press("Enter")
    else:
        page.mouse.click(*place, button="right")


def test_a_line_follows_the_border_it_starts_and_ends_on(bench):
    page = bench
    _, _, grids = start(page)
    _, _, border = neighbours(grids)
    go_to(page, border.buffer(0.002).bounds)
    page.keyboard.press("s")
    page.keyboard.press("a")
    corners = list(border.coords)
    first, last = corners[1], corners[-2]
    click_map(page, first)
    click_map(page, last)
    places = kept(page)
    assert len(places) == len(corners) - 2
    assert shapely.hausdorff_distance(
        shapely.LineString(places), shapely.LineString(corners[1:-1])
    ) == pytest.approx(0, abs=1e-8)
    page.keyboard.press("Backspace")
    assert len(kept(page)) == 1, "a followed border is one step"
    page.keyboard.press("a")
    click_map(page, last)
    assert len(kept(page)) == 2


def test_places_near_a_corner_become_that_corner(bench):
    page = bench
    _, _, grids = start(page)
    _, _, border = neighbours(grids)
    go_to(page, border.buffer(0.002).bounds)
    page.keyboard.press("s")
    for corner in (border.coords[0], border.coords[-1]):
        x, y = pixel(page, corner)
        page.mouse.move(x + 5, y + 3, steps=3)
        page.mouse.click(x + 5, y + 3)
        page.wait_for_timeout(350)
    assert [tuple(place) for place in kept(page)] == [
        pytest.approx(border.coords[0], abs=1e-9),
        pytest.approx(border.coords[-1], abs=1e-9),
    ]


def test_too_far_out_nothing_is_drawn(bench):
    page = bench
    _, _, grids = start(page)
    grid = max(grids.values(), key=lambda one: one.area)
    page.keyboard.press("s")
    expect(page.locator(".hint")).to_contain_text("放大")
    click_map(page, grid.centroid.coords[0])
    click_map(page, (grid.centroid.x + 0.1, grid.centroid.y))
    page.keyboard.press("Enter")
    assert kept(page) == []
    expect(page.locator(".preview-card")).to_have_count(0)
    go_to(page, grid.buffer(0.002).bounds)
    expect(page.locator(".hint")).to_contain_text("从网格外一侧点起")


def test_a_preview_outlives_an_outage(own_service, open_page):
    page = open_page(own_service.url, language="en", path=NO_MAP)
    plan, village, before = start(page)
    grid = max(before.values(), key=lambda one: one.area)
    go_to(page, grid.buffer(0.002).bounds)
    page.watch.allow("Failed to load resource|ERR_CONNECTION_REFUSED|ERR_")
    page.keyboard.press("s")
    line = across(grid)
    for place in line[:2]:
        click_map(page, place)
    own_service.stop()
    click_map(page, line[2])
    page.keyboard.press("Enter")
    expect(page.locator(".outage")).to_be_visible()
    expect(page.get_by_role("button", name="Apply", exact=True)).to_have_count(0)
    assert len(kept(page)) == 3
    own_service.start()
    expect(page.locator(".outage")).to_have_count(0)
    expect_preview(page)
    own_service.stop()
    page.keyboard.press("Escape")
    draw(page, line)
    expect(page.locator(".outage")).to_be_visible()
    own_service.start()
    expect_preview(page)
    move_to(page, line[0])
    apply(page)
    assert len(draft_grids(page, plan, village)) > len(before)
