"""Names and kinds of grids, and new codes for a village."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.maps.web.village import (
    VILLAGE,
    by_code,
    click_grid,
    expect_revision,
    fetch_features,
    grid_code,
    open_draft,
)
from tests.maps.web.workbench import across, apply, draft_grids, edit_plan

FIRST, SECOND, THIRD = grid_code(1), grid_code(2), grid_code(3)


def attributes(page, plan, code):
    _, about = by_code(fetch_features(page, plan, "grids"))[code]
    return about["name"], about["kind"]


def test_a_grid_gets_a_name_and_a_kind(bench):
    page, plan = bench, open_draft(bench)
    grids = draft_grids(page, plan, VILLAGE)
    other, _ = attributes(page, plan, FIRST)
    page.keyboard.press("e")
    click_grid(page, grids[SECOND])
    name = page.get_by_label("名称", exact=True)
    expect(name).to_be_focused()
    name.fill(other)  # another grid has it: told, not refused
    expect(page.locator(".name-taken")).to_contain_text("001")
    page.watch.allow("422")
    name.fill("张三 13812345678")
    name.press("Enter")
    refused = "电话"
    expect(page.locator(".mantine-TextInput-error")).to_contain_text(refused)
    name.fill("集市片")
    page.get_by_text("专属网格").click()
    name.press("Enter")
    expect_revision(page, 1)
    assert attributes(page, plan, SECOND) == ("集市片", "dedicated")


def test_escape_drops_what_was_typed(bench):
    page, plan = bench, open_draft(bench)
    before = attributes(page, plan, SECOND)
    page.keyboard.press("e")
    click_grid(page, draft_grids(page, plan, VILLAGE)[SECOND])
    name = page.get_by_label("名称", exact=True)
    name.fill("不要了")
    name.press("Escape")
    expect(name).to_have_count(0)
    expect_revision(page, 0)
    assert attributes(page, plan, SECOND) == before


def test_a_village_is_numbered_anew(bench):
    page, plan = bench, open_draft(bench)
    whole = draft_grids(page, plan, VILLAGE)
    line = {"type": "LineString", "coordinates": across(whole[THIRD])}
    edit_plan(page, plan, {"type": "split", "grid": THIRD, "line": line, "tidy": True})
    expect_revision(page, 1)
    page.wait_for_load_state("networkidle")
    before = draft_grids(page, plan, VILLAGE)
    page.keyboard.press("r")
    click_grid(page, before[SECOND])
    rows = page.locator(".new-codes tbody tr")
    expect(rows.first).to_be_visible()
    expect(page.locator(".preview-card .unchanged")).to_be_visible()
    told = {}
    for row in rows.all():
        old, new, _ = row.locator("td").all_inner_texts()
        told[VILLAGE + old] = VILLAGE + new
    assert draft_grids(page, plan, VILLAGE) == before
    page.locator("#map").focus()
    apply(page)
    expect_revision(page, 2)
    after = draft_grids(page, plan, VILLAGE)
    assert after == {told.get(code, code): shape for code, shape in before.items()}
    assert told
