"""Comments on places: written, read, resolved, in every state of a plan."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.maps.web.conftest import NO_MAP
from tests.maps.web.village import VILLAGE, click_grid, grid_code, middle, open_draft
from tests.maps.web.workbench import call, draft_grids


def comments(page, plan):
    return call(page, "GET", f"/api/plans/{plan}/comments")["comments"]


def test_a_comment_is_written_read_and_resolved(bench):
    page, plan = bench, open_draft(bench)
    grids = draft_grids(page, plan, VILLAGE)
    spot = grids[grid_code(2)]
    page.keyboard.press("c")
    click_grid(page, spot)
    card = page.locator(".comment-card")
    page.keyboard.type("界线沿河走")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Enter")
    expect(card).to_have_count(0)
    (stored,) = comments(page, plan)
    assert stored["text"] == "界线沿河走\nsecond line"
    assert stored["point"] == pytest.approx(middle(spot), abs=5e-5)
    row = page.locator(".panel .comment")
    expect(row).to_contain_text("界线沿河走")
    click_grid(page, spot)  # its pin is there: read, no new one
    expect(card).to_contain_text("second line")
    card.get_by_role("button", name="解决").click()
    expect(row).to_have_count(0)
    assert comments(page, plan)[0]["resolved"]
    page.get_by_label("也列出").click()
    row.get_by_role("button", name="重新打开").click()
    expect(page.locator(".panel .comment[data-resolved=false]")).to_have_count(1)
    assert not comments(page, plan)[0]["resolved"]


def test_a_plan_that_was_withdrawn_is_commented_and_others_see_it(bench, service, open_page):
    page, plan = bench, open_draft(bench)
    now = call(page, "GET", f"/api/plans/{plan}")
    call(page, "POST", f"/api/plans/{plan}/withdraw", **{"If-Match": str(now["revision"])})
    other = open_page(service.url, path=NO_MAP)
    open_plan_read_only(other, plan)
    page.reload()
    page.wait_for_selector("#map[data-loading=false]")
    page.get_by_role("button", name="加批注").click()
    expect(page.locator(".hint")).to_contain_text("批注")
    page.keyboard.press("Escape")
    expect(page.locator(".hint")).to_have_count(0)
    page.get_by_role("button", name="加批注").click()
    click_grid(page, draft_grids(page, plan, VILLAGE)[grid_code(2)])
    page.watch.allow("422|400")
    text = page.get_by_label("批注内容")
    text.fill("电话 13812345678")
    text.press("Enter")
    expect(page.locator(".comment-card [role=alert]")).to_contain_text("电话")
    text.fill("同意撤回")
    text.press("Enter")
    expect(page.locator(".panel .comment")).to_contain_text("同意撤回")
    expect(other.locator(".panel .comment")).to_contain_text("同意撤回")
    assert [one["text"] for one in comments(page, plan)] == ["同意撤回"]


def open_plan_read_only(page, plan):
    page.evaluate("id => localStorage.setItem('wangge.plan', id)", plan)
    page.goto(page.watch.origin)
    expect(page.get_by_role("button", name="加批注")).to_be_visible()
