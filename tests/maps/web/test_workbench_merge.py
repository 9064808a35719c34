"""Merging grids: those that were chosen, or one clicked after another."""

from __future__ import annotations

import pytest
import shapely
from playwright.sync_api import expect

from tests.maps.web.conftest import SMALL
from tests.maps.web.workbench import (
    apply,
    busy_village,
    click_map,
    draft_grids,
    expect_preview,
    go_to,
    make_plan,
    neighbours,
    numbers,
    shift_click,
)


def inside(grid: shapely.Geometry) -> tuple[float, float]:
    point = shapely.maximum_inscribed_circle(grid).coords[0]
    return point[0], point[1]


def test_chosen_grids_become_one_that_keeps_the_wanted_code(bench):
    page = bench
    plan = make_plan(page, "500229")["id"]
    village, before = busy_village(page, plan)
    first, second, _ = neighbours(before)
    sums = numbers(page, plan, [first, second])
    go_to(page, shapely.union_all(list(before.values())).buffer(0.002).bounds)
    click_map(page, inside(before[first]))
    shift_click(page, inside(before[second]))
    page.keyboard.press("m")
    expect_preview(page)
    gone = page.locator(".preview-table .removed")
    expect(gone).to_have_attribute("data-code", second)
    page.get_by_role("radio", name=second[-3:]).click()
    expect(gone).to_have_attribute("data-code", first)
    total = page.locator(".preview-table tfoot td")
    expect(total.nth(0)).to_have_text(f"{sums['households']:,}")
    assert draft_grids(page, plan, village) == before, "a preview writes nothing"
    apply(page)
    after = draft_grids(page, plan, village)
    assert set(after) == set(before) - {first}
    assert after[second].symmetric_difference(
        before[first].union(before[second])
    ).area == pytest.approx(0, abs=1e-14)
    expect(page.locator(".hint .made")).to_have_text("合并已保存 · 修订 1 · Ctrl+Z 撤销")


def test_grids_are_clicked_one_after_another_and_enter_previews(bench):
    page = bench
    page.set_viewport_size(SMALL)
    plan = make_plan(page, "500229")["id"]
    village, before = busy_village(page, plan)
    first, second, _ = neighbours(before)
    go_to(page, shapely.union_all(list(before.values())).buffer(0.002).bounds)
    page.keyboard.press("m")
    expect(page.locator(".hint")).to_contain_text("点选第一个网格")
    click_map(page, inside(before[first]))
    expect(page.locator(".hint")).to_contain_text("相邻")
    click_map(page, inside(before[second]))
    expect(page.locator(".preview-card")).to_have_count(0)
    page.keyboard.press("Enter")
    expect_preview(page)
    page.keyboard.press("Escape")
    expect(page.locator(".preview-card")).to_have_count(0)
    assert draft_grids(page, plan, village) == before
    page.keyboard.press("Enter")
    expect_preview(page)
    apply(page)
    assert set(draft_grids(page, plan, village)) == set(before) - {second}
