"""The server goes away in the middle of the work and comes back: nothing lost, nothing doubled."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.maps.web.conftest import NO_MAP
from tests.maps.web.workbench import (
    across,
    call,
    draft_grids,
    draw,
    edit_plan,
    expect_preview,
    go_to,
    make_plan,
)

VILLAGE = "500229102208"
OUTAGE = "ERR_|Failed to load|502|503"


@pytest.fixture
def work(own_service, open_page):
    """A page with an open draft, its plan's id, and the largest grid of a village in view."""
    page = open_page(own_service.url, path=NO_MAP)
    page.watch.allow(OUTAGE)
    plan = make_plan(page, VILLAGE[:9])["id"]
    grids = draft_grids(page, plan, VILLAGE)
    code, grid = max(grids.items(), key=lambda item: item[1].area)
    go_to(page, grid.buffer(0.002).bounds)
    return own_service, page, plan, code, grid


def test_tools_stay_in_sight_writes_wait_and_the_preview_is_asked_again(work):
    service, page, plan, code, grid = work
    edit_plan(page, plan, {"type": "set_attributes", "grid": code, "attributes": {"name": "片"}})
    undo = page.locator(".undo-line button").first
    expect(undo).to_have_text("撤销 改名称类型")
    page.keyboard.press("s")
    draw(page, across(grid))
    expect_preview(page)
    service.stop()
    page.keyboard.press("Enter")
    panel = page.locator(".panel")
    expect(panel).to_contain_text("服务器连不上")
    expect(panel).to_contain_text("暂不能保存")
    expect(page.locator(".tool")).to_have_count(13)
    expect(undo).to_be_disabled()
    expect(page.locator(".plan-actions button").first).to_be_disabled()
    expect(page.locator(".preview-card").get_by_role("button", name="应用")).to_be_disabled()
    expect(page.locator(".preview-card table")).to_be_visible()

    service.start()
    expect(panel).not_to_contain_text("服务器连不上")
    expect(undo).to_be_enabled()
    expect(page.locator(".preview-card [role=alert]")).to_have_count(0)
    expect_preview(page)
    assert call(page, "GET", f"/api/plans/{plan}")["head"] == 1
    page.locator(".preview-card").get_by_role("button", name="应用").click()
    expect(page.locator(".preview-card")).to_have_count(0)
    assert call(page, "GET", f"/api/plans/{plan}")["head"] == 2


def test_what_others_did_meanwhile_is_there_when_the_server_is_back(work):
    service, page, plan, code, grid = work
    page.keyboard.press("s")
    draw(page, across(grid))
    expect_preview(page)
    service.stop()
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_contain_text("服务器连不上")
    page.context.set_offline(True)
    service.start()
    # somebody else's edit, before this browser has found its way back
    other = next(c for c in draft_grids(page, plan, VILLAGE) if c != code)
    edit_plan(page, plan, {"type": "lock", "grids": [other]})
    page.context.set_offline(False)
    expect(page.locator(".plan-state")).to_contain_text("修订 1")
    expect(page.locator(".preview-card [role=alert]")).to_have_count(0)
    expect_preview(page)
    page.locator(".preview-card").get_by_role("button", name="应用").click()
    expect(page.locator(".preview-card")).to_have_count(0)
    assert call(page, "GET", f"/api/plans/{plan}")["head"] == 2


def test_an_edit_whose_answer_was_lost_is_not_made_twice(work):
    _, page, plan, _, grid = work
    page.keyboard.press("s")
    draw(page, across(grid))
    expect_preview(page)

    def swallow(route):
        route.fetch()
        route.abort()

    def wait(route):
        time.sleep(1.5)
        route.continue_()

    page.route(f"**/api/plans/{plan}/edits", swallow)
    # what tells that the edit was made comes later than whatever else the page may ask
    page.route(f"**/api/plans/{plan}/edits?limit=*", wait)
    page.keyboard.press("Enter")
    expect(page.locator(".plan-state")).to_contain_text("修订 1")
    expect(page.locator(".preview-card")).to_have_count(0)
    expect(page.locator("[aria-modal=true]")).to_have_count(0)
    assert call(page, "GET", f"/api/plans/{plan}")["head"] == 1
