"""Splitting grids by a drawn line, with the mouse and the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.maps.web.conftest import wait_for_map
from tests.maps.web.workbench import (
    across,
    apply,
    call,
    draft_grids,
    draw,
    expect_preview,
    go_to,
    make_plan,
)

pytestmark = pytest.mark.xdist_group("sample")
VILLAGE = "500229102203"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_line_splits_a_grid_after_a_preview(own_service, open_page, language):
    page = open_page(own_service.url, language=language)
    wait_for_map(page)
    plan = make_plan(page, VILLAGE[:9])
    before = draft_grids(page, plan["id"], VILLAGE)
    code, grid = max(before.items(), key=lambda item: item[1].area)
    go_to(page, grid.buffer(0.002).bounds)
    page.keyboard.press("s")
    draw(page, across(grid))
    expect_preview(page)
    assert draft_grids(page, plan["id"], VILLAGE) == before, "a preview writes nothing"
    apply(page)
    after = draft_grids(page, plan["id"], VILLAGE)
    assert set(before) < set(after)
    new = [shape for shape_code, shape in after.items() if shape_code not in before]
    assert sum(shape.area for shape in new) + after[code].area == pytest.approx(
        grid.area, rel=1e-6
    ) or len(new) > 1
    page.keyboard.press("Control+z")
    expect(page.get_by_text("修订 2" if language == "zh" else "revision 2")).to_be_visible()
    assert draft_grids(page, plan["id"], VILLAGE) == before
    page.keyboard.press("Control+Shift+Z")
    expect(page.get_by_text("修订 3" if language == "zh" else "revision 3")).to_be_visible()
    assert call(page, "GET", f"/api/plans/{plan['id']}")["head"] == 1
