"""Transferring a drawn area to a grid."""

from __future__ import annotations

import pytest
import shapely
from playwright.sync_api import expect

from tests.maps.web.workbench import (
    apply,
    busy_village,
    click_map,
    draft_grids,
    draw,
    expect_preview,
    go_to,
    make_plan,
    neighbours,
)


def middle(grid) -> tuple[float, float]:
    point = shapely.maximum_inscribed_circle(grid).coords[0]
    return point[0], point[1]


def astride(border) -> list[tuple[float, float]]:
    """A small square across the middle of a border."""
    place = border.interpolate(0.5, normalized=True)
    ring = place.buffer(border.length / 6, cap_style="square").exterior.coords
    return [(x, y) for x, y in ring][:4]


def test_an_area_goes_to_the_taker(bench):
    page = bench
    plan = make_plan(page, "500229")["id"]
    village, before = busy_village(page, plan)
    first, second, border = neighbours(before)
    go_to(page, before[first].union(before[second]).buffer(0.001).bounds)
    page.keyboard.press("t")
    expect(page.locator(".hint")).to_contain_text("接收")
    click_map(page, middle(before[first]))
    area = astride(border)
    draw(page, area)
    expect_preview(page)
    apply(page)
    after = draft_grids(page, plan, village)
    moved = shapely.Polygon(area).intersection(before[second])
    assert moved.area > 0
    gained = after[first].area - before[first].area
    assert gained == pytest.approx(moved.area, rel=0.02), "to a pixel of the mouse"
    assert after[first].contains(moved.buffer(-(moved.area**0.5) / 20))


def test_only_the_named_grids_give(bench):
    page = bench
    plan = make_plan(page, "500229")["id"]
    village, before = busy_village(page, plan)
    first, second, border = neighbours(before)
    go_to(page, shapely.union_all(list(before.values())).buffer(0.001).bounds)
    click_map(page, middle(before[first]))
    page.keyboard.press("t")
    page.get_by_role("button", name="只从指定网格划出…").click()
    other = next(code for code in before if code not in {first, second})
    click_map(page, middle(before[other]))
    page.keyboard.press("Enter")
    expect(page.locator(".transfer-options")).to_contain_text(other[-3:])
    page.watch.allow("422")
    draw(page, astride(border))
    expect(page.locator(".preview-card [role=alert]")).to_be_visible()
    page.get_by_role("button", name="清除").click()
    expect_preview(page)
    apply(page)
    after = draft_grids(page, plan, village)
    assert after[first].area > before[first].area
    assert after[second].area < before[second].area
    assert after[other].area == pytest.approx(before[other].area, rel=1e-6)
