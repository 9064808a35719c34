"""Locking and unlocking grids and whole villages."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.maps.web.village import (
    by_code,
    click_grid,
    expect_revision,
    fetch_features,
    grid_code,
    open_draft,
)
from tests.maps.web.workbench import call, draft_grids

FIRST, SECOND = grid_code(1), grid_code(2)


def locked(page, plan):
    grids = by_code(fetch_features(page, plan, "grids"))
    return {code for code, (_, about) in grids.items() if about["locked"]}


def test_clicks_turn_the_locks_of_grids_and_villages(bench):
    page, plan = bench, open_draft(bench)
    grids = draft_grids(page, plan, FIRST[:12])
    page.keyboard.press("l")
    click_grid(page, grids[FIRST])
    expect_revision(page, 1)
    assert locked(page, plan) == {FIRST}
    page.wait_for_load_state("networkidle")
    page.keyboard.down("Shift")
    click_grid(page, grids[SECOND])
    expect_revision(page, 2)
    page.keyboard.up("Shift")
    assert locked(page, plan) == set(grids)
    page.wait_for_load_state("networkidle")
    page.watch.allow("422")
    click_grid(page, grids[SECOND])  # locked with its village: nothing is written
    word = "整村锁定"
    expect(page.locator(".hint")).to_contain_text(word)
    assert call(page, "GET", f"/api/plans/{plan}")["revision"] == 2
    page.keyboard.down("Shift")
    click_grid(page, grids[SECOND])
    page.keyboard.up("Shift")
    expect_revision(page, 3)
    assert locked(page, plan) == set()


def test_everything_else_is_locked_and_unlocked_at_once(bench):
    page, plan = bench, open_draft(bench)
    grids = draft_grids(page, plan, FIRST[:12])
    click_grid(page, grids[FIRST])
    page.keyboard.press("l")
    page.get_by_role("button", name="锁定视野内其余网格").click()
    expect_revision(page, 1)
    assert locked(page, plan) == set(grids) - {FIRST}
    page.get_by_role("button", name="锁定所选网格").click()
    expect_revision(page, 2)
    assert locked(page, plan) == set(grids)
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="解锁视野内全部").click()
    expect_revision(page, 3)
    assert locked(page, plan) == set()
    page.keyboard.press("Control+z")
    expect_revision(page, 4)
    assert locked(page, plan) == set(grids)
