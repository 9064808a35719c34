"""Painting natural villages into a grid: brush, lasso, sources, locks."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.maps.web.village import (
    by_code,
    click_grid,
    drag,
    expect_revision,
    fetch_features,
    grid_code,
    is_free,
    is_possible,
    middle,
    open_draft,
)
from tests.maps.web.workbench import apply, edit_plan, expect_preview

TAKER = grid_code(2)


def cells_of(page, plan):
    return by_code(fetch_features(page, plan, "natural_villages"))


def grids_of(page, plan):
    return by_code(fetch_features(page, plan, "grids"))


def start(page, plan):
    """Turn the tool on and choose the taker; return the cells and the grids."""
    # Once only: what has come already is not fetched again.
    with page.expect_response(lambda answer: "/natural_villages?bbox=" in answer.url):
        page.keyboard.press("p")
    grids = grids_of(page, plan)
    click_grid(page, grids[TAKER][0])
    expect(page.locator(".panel .facts").first).to_contain_text("002")
    return cells_of(page, plan), grids


def paintable(page, plan, cells):
    """Return codes of natural villages that may go to the taker, one by one."""
    return [
        code
        for code, (_, about) in cells.items()
        if about["grid"] not in (TAKER, None)
        and is_possible(page, plan, {"type": "assign", "natural_villages": [code], "to": TAKER})
    ]


def painted(page):
    return page.locator(".fact", has_text=re.compile("已涂自然村|Natural villages painted"))


def test_what_is_brushed_goes_to_the_taker(bench):
    page, plan = bench, open_draft(bench)
    cells, grids = start(page, plan)
    wanted = paintable(page, plan, cells)[0]
    shape, about = cells[wanted]
    x, y = middle(shape)
    drag(page, [(x, y), (x + 1e-5, y)])
    expect(painted(page)).to_contain_text("1")
    before = grids[TAKER][1]["households"]
    expect(page.locator(".panel")).to_contain_text(f"{before} → {before + about['households']}")
    expect_preview(page)
    assert cells_of(page, plan)[wanted][1]["grid"] == about["grid"], "a preview writes nothing"
    apply(page)
    expect_revision(page, 1)
    now = cells_of(page, plan)[wanted][1]
    assert now["grid"] == TAKER
    assert grids_of(page, plan)[TAKER][1]["households"] == before + about["households"]
    expect(painted(page)).to_contain_text("0")


def test_strokes_add_up_until_they_are_dropped(bench):
    page, plan = bench, open_draft(bench)
    cells, _ = start(page, plan)
    one, *others = [middle(cells[code][0]) for code in paintable(page, plan, cells)]
    page.watch.allow("422")
    drag(page, [one, (one[0] + 1e-5, one[1])])
    expect(painted(page)).to_contain_text("1")
    expect_preview(page)
    other = next(place for place in others if is_free(page, place))
    drag(page, [other, (other[0] + 1e-5, other[1])])
    expect(painted(page)).to_contain_text("2")
    expect(page.locator(".preview-card[aria-busy=false]")).to_be_visible()
    # away again, whichever the card lets the pointer reach now
    page.keyboard.down("Shift")
    off = other if is_free(page, other) else one
    drag(page, [off, (off[0] + 1e-5, off[1])])
    page.keyboard.up("Shift")
    expect(painted(page)).to_contain_text("1")
    expect_preview(page)
    page.keyboard.press("Escape")
    expect(page.locator(".preview-card")).to_have_count(0)
    expect(painted(page)).to_contain_text("0")
    expect_revision(page, 0)


def test_a_lasso_takes_only_from_the_sources(bench):
    page, plan = bench, open_draft(bench)
    page.watch.allow("422")
    cells, grids = start(page, plan)
    wanted = paintable(page, plan, cells)[0]
    source = cells[wanted][1]["grid"]
    page.get_by_role("button", name="只从指定网格取…").click()
    click_grid(page, grids[source][0])
    page.keyboard.press("Escape")
    expect(page.locator(".source")).to_contain_text(source[-3:])
    page.keyboard.press("q")
    # around all the village: what others than the source have is left out
    west, south, east, north = grids_box(grids)
    with page.expect_request(lambda asked: "/edits?preview" in asked.url) as request:
        drag(page, [(west, south), (east, south), (east, north), (west, north)])
    edit = request.value.post_data_json
    theirs = {code for code, (_, about) in cells.items() if about["grid"] == source}
    assert edit["type"] == "assign"
    assert edit["from"] == [source]
    assert set(edit["natural_villages"]) == theirs
    expect(painted(page)).to_contain_text(str(len(theirs)))
    page.keyboard.press("q")  # the brush or the lasso is kept for the next draft


def grids_box(grids):
    boxes = [shape.bounds for shape, _ in grids.values()]
    return (
        min(box[0] for box in boxes) - 1e-4,
        min(box[1] for box in boxes) - 1e-4,
        max(box[2] for box in boxes) + 1e-4,
        max(box[3] for box in boxes) + 1e-4,
    )


def test_land_of_locked_grids_is_not_painted(bench):
    page, plan = bench, open_draft(bench)
    cells, _ = start(page, plan)
    wanted = paintable(page, plan, cells)[0]
    shape, about = cells[wanted]
    edit_plan(page, plan, {"type": "lock", "grids": [about["grid"]]})
    expect_revision(page, 1)
    page.wait_for_load_state("networkidle")
    drag(page, [middle(shape), middle(shape)])
    expect(page.locator(".hint")).to_contain_text("没有涂到")
    expect(painted(page)).to_contain_text("0")
    page.keyboard.press("]")
    page.keyboard.press("]")
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuenow", "16")


def test_a_stroke_before_the_natural_villages_are_there_is_painted_with_them(bench):
    page, plan = bench, open_draft(bench)
    cells = cells_of(page, plan)
    wanted = paintable(page, plan, cells)[0]
    held = []
    page.route("**/natural_villages?bbox=*", lambda route: held.append(route))
    page.keyboard.press("p")
    click_grid(page, grids_of(page, plan)[TAKER][0])
    expect(page.locator(".panel .facts").first).to_contain_text("002")
    x, y = middle(cells[wanted][0])
    drag(page, [(x, y), (x + 1e-5, y)])
    expect(page.locator(".hint")).to_contain_text("载入后就涂上")
    expect(painted(page)).to_contain_text("0")
    [route] = held
    route.continue_()
    expect(painted(page)).to_contain_text("1")
    expect_preview(page)
