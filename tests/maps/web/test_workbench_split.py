"""Splitting grids by a drawn line, with the mouse and the keyboard."""

from __future__ import annotations

import pytest
import shapely
from playwright.sync_api import expect

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
    pixel,
)


def test_a_line_splits_a_grid_after_a_preview(bench):
    page = bench
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
    push_aside(page, page.locator(".preview-card"))
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
    expect(made).to_contain_text("修订 2")
    assert draft_grids(page, plan["id"], village) == before
    page.keyboard.press("Control+Shift+Z")
    expect(made).to_contain_text("修订 3")
    assert call(page, "GET", f"/api/plans/{plan['id']}")["head"] == 1


def push_aside(page, card):
    """Drag a card by its head: it may lie on what the planner wants to see."""
    was = card.bounding_box()
    x, y = was["x"] + 60, was["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 90, y + 50, steps=4)
    page.mouse.up()
    now = card.bounding_box()
    assert (now["x"] - was["x"], now["y"] - was["y"]) == pytest.approx((-90, 50), abs=2)


def test_the_map_does_not_flash_when_an_edit_is_made(bench):
    """In no frame are the grids gone: the old ones stay until the new ones are there."""
    page = bench
    plan = make_plan(page, "500229")
    _, grids = busy_village(page, plan["id"])
    code, grid = max(grids.items(), key=lambda item: item[1].area)
    go_to(page, shapely.union_all(list(grids.values())).buffer(0.002).bounds)
    page.keyboard.press("s")
    draw(page, across(grid, 0.02))
    expect_preview(page)
    del grids[code]
    places = [pixel(page, one.representative_point().coords[0]) for one in grids.values()]
    page.evaluate(
        """places => {
          const map = document.querySelector("#map");
          const { x: left, y: top } = map.getBoundingClientRect();
          const grids = [...map.querySelectorAll(".ol-layers canvas")][0];
          window.seenFrames = { seen: 0, blank: 0 };
          const look = () => {
            const filled = ([x, y]) =>
              grids.getContext("2d").getImageData(x - left, y - top, 1, 1).data[3] > 50;
            window.seenFrames.seen += 1;
            if (!places.some(filled)) window.seenFrames.blank += 1;
            requestAnimationFrame(look);
          };
          look();
        }""",
        places,
    )
    with page.expect_response(lambda answer: "/tiles/grids/" in answer.url):
        apply(page)
    page.wait_for_selector("#map[data-loading=false]")
    page.wait_for_timeout(300)
    frames = page.evaluate("({ seen: window.seenFrames.seen, blank: window.seenFrames.blank })")
    assert frames["seen"] > 5
    assert frames["blank"] == 0
