"""Reshaping a border: a line from the border into a grid and back."""

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


def bulge(grid, border) -> list[tuple[float, float]]:
    """A line from the border into a grid and back to the border."""
    start, end = border.interpolate([0.25, 0.75], normalized=True)
    deep = shapely.maximum_inscribed_circle(grid).coords[0]
    return [start.coords[0], deep, end.coords[0]]


def test_a_line_into_a_grid_and_back_moves_the_border(bench):
    page = bench
    plan = make_plan(page, "500229")["id"]
    village, before = busy_village(page, plan)
    first, second, border = neighbours(before)
    go_to(page, before[first].union(before[second]).buffer(0.001).bounds)
    page.keyboard.press("b")
    draw(page, bulge(before[first], border))
    expect_preview(page)
    expect(page.locator(".preview-table tbody tr")).to_have_count(2)
    apply(page)
    after = draft_grids(page, plan, village)
    assert set(after) == set(before)
    assert after[first].area < before[first].area
    both = before[first].union(before[second])
    assert after[first].union(after[second]).symmetric_difference(both).area < both.area * 1e-6
    others = set(before) - {first, second}
    assert all(after[code].area == pytest.approx(before[code].area, rel=1e-6) for code in others)
    page.keyboard.press("Control+z")
    expect(page.locator(".hint")).to_contain_text("已撤销")
    assert draft_grids(page, plan, village) == before


def test_a_line_that_names_no_pair_asks_for_two_grids(bench):
    page = bench
    plan = make_plan(page, "500229")["id"]
    village, before = busy_village(page, plan)
    first, second, _ = neighbours(before)
    go_to(page, before[first].union(before[second]).buffer(0.001).bounds)
    page.keyboard.press("b")
    inside = shapely.maximum_inscribed_circle(before[first])
    middle, edge = inside.coords
    half = ((middle[0] + edge[0]) / 2, (middle[1] + edge[1]) / 2)
    draw(page, [middle, half])
    expect(page.locator(".hint")).to_contain_text("请先点其中一个")
    click_map(page, middle)
    expect(page.locator(".hint")).to_contain_text("再点另一个网格")
    page.watch.allow("422")
    click_map(page, shapely.maximum_inscribed_circle(before[second]).coords[0])
    expect(page.locator(".preview-card [role=alert]")).to_be_visible()
    expect(page.get_by_role("button", name="应用", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".preview-card")).to_have_count(0)
    expect(page.locator(".hint")).to_contain_text("从两个网格的公共边画起")
    assert draft_grids(page, plan, village) == before
