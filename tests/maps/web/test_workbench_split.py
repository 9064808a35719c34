"""Splitting grids by a drawn line, with the mouse and the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.maps.web.conftest import wait_for_map
from tests.maps.web.workbench import (
    across,
    apply,
    busy_village,
    call,
    draft_grids,
    draw,
    expect_preview,
    go_to,
    make_plan,
)

pytestmark = pytest.mark.xdist_group("sample")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_line_splits_a_grid_after_a_preview(own_service, open_page, language):
    page = open_page(own_service.url, language=language)
    wait_for_map(page)
    plan = make_plan(page, "500229")
    village, before = busy_village(page, plan["id"])
    code, grid = max(before.items(), key=lambda item: item[1].area)
    go_to(page, grid.buffer(0.002).bounds)
    page.keyboard.press("s")
    draw(page, across(grid))
    expect_preview(page)
    expect(page.locator(f".preview-table tr[data-code='{code}']")).to_contain_text("→")
    expect(page.locator(".preview-table .new").first).to_be_visible()
    assert draft_grids(page, plan["id"], village) == before, "a preview writes nothing"
    apply(page)
    after = draft_grids(page, plan["id"], village)
    assert set(before) < set(after)
    new = [shape for shape_code, shape in after.items() if shape_code not in before]
    assert (
        sum(shape.area for shape in new) + after[code].area == pytest.approx(grid.area, rel=1e-6)
        or len(new) > 1
    )
    page.keyboard.press("Control+z")
    made = page.locator(".hint .made")
    expect(made).to_contain_text("修订 2" if language == "zh" else "revision 2")
    assert draft_grids(page, plan["id"], village) == before
    page.keyboard.press("Control+Shift+Z")
    expect(made).to_contain_text("修订 3" if language == "zh" else "revision 3")
    assert call(page, "GET", f"/api/plans/{plan['id']}")["head"] == 1
