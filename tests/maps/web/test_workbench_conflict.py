"""Two at one plan: what was to be done here is kept until the planner has chosen."""

from __future__ import annotations

import json

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
TOWNSHIP = VILLAGE[:9]


class Race:
    """A planner who has a split previewed when somebody else's edit comes first.

    The page is not told of it by the stream, as when the other is faster by a moment.
    """

    def __init__(self, service, open_page, their_edit) -> None:
        self.page = page = open_page(service.url, path=NO_MAP)
        page.watch.allow("409")
        page.route("**/api/events*", lambda route: route.abort())
        page.watch.allow("ERR_FAILED")
        self.plan = make_plan(page, TOWNSHIP)["id"]
        grids = draft_grids(page, self.plan, VILLAGE)
        self.code, self.grid = max(grids.items(), key=lambda item: item[1].area)
        self.others = sorted(code for code in grids if code != self.code)
        self.before = grids
        go_to(page, self.grid.buffer(0.002).bounds)
        page.keyboard.press("s")
        draw(page, across(self.grid))
        expect_preview(page)
        edit_plan(page, self.plan, their_edit(self))
        page.keyboard.press("Enter")
        self.dialog = page.locator("[aria-modal=true]")
        expect(self.dialog).to_contain_text("方案刚被别人改动")

    def press(self, name):
        self.dialog.get_by_role("button", name=name).click()

    def grids(self, plan=None):
        return draft_grids(self.page, plan or self.plan, VILLAGE)

    def head(self, plan=None):
        return call(self.page, "GET", f"/api/plans/{plan or self.plan}")["head"]


def elsewhere(race):
    name = {"name": "集市片"}
    return {"type": "set_attributes", "grid": race.others[0], "attributes": name}


def on_the_same_grid(race):
    return {"type": "set_attributes", "grid": race.code, "attributes": {"name": "河片"}}


@pytest.fixture
def race(service, open_page):
    return lambda their_edit: Race(service, open_page, their_edit)


def test_mine_goes_on_top_of_an_edit_elsewhere(race):
    now = race(elsewhere)
    expect(now.dialog).to_contain_text("改名称类型")
    expect(now.dialog).to_contain_text(now.others[0][-3:])
    expect(now.dialog).to_contain_text("不在同一网格")
    on_top = now.dialog.get_by_role("button", name="在最新方案上重做我的修改")
    expect(on_top).to_be_focused()
    page = now.page
    page.keyboard.press("Enter")
    expect(now.dialog).to_have_count(0)
    expect_preview(page)
    assert now.head() == 1, "it is previewed, not made"
    page.keyboard.press("Enter")
    expect(page.locator(".preview-card")).to_have_count(0)
    assert now.head() == 2
    assert set(now.before) < set(now.grids())


def test_mine_is_kept_as_a_plan_of_its_own_without_theirs(race):
    now = race(on_the_same_grid)
    expect(now.dialog).to_contain_text(f"同样涉及 {now.code[-3:]}")
    now.press("我的修改另存为新方案")
    expect(now.page.locator(".plan-head")).to_contain_text("我的改法")
    expect(now.page.locator(".undo-line button").first).to_have_text("撤销 拆分")
    [branch] = [
        plan
        for plan in call(now.page, "GET", "/api/plans")["plans"]
        if plan["copied_from"] == now.plan
    ]
    assert now.head(branch["id"]) == 1
    assert set(now.before) < set(now.grids(branch["id"]))
    assert (now.head(), now.grids()) == (1, now.before)


def test_closing_the_dialog_chooses_nothing_then_theirs_is_taken_and_mine_dropped(race):
    now = race(on_the_same_grid)
    now.page.keyboard.press("Escape")
    expect(now.dialog).to_have_count(0)
    card = now.page.locator(".conflict-card")
    expect(card).to_contain_text("仍留着")
    expect(now.page.locator(".preview-card")).to_have_count(1)
    card.get_by_role("button", name="以别人的为准，放弃我的修改").click()
    expect(card).to_have_count(0)
    expect(now.page.locator(".preview-card")).to_have_count(0)
    expect(now.page.locator(".plan-state")).to_contain_text("修订 1")
    assert (now.head(), now.grids()) == (1, now.before)


def test_the_difference_is_looked_at_before_a_choice_is_made(race):
    now = race(on_the_same_grid)
    look = now.dialog.get_by_role("button", name="到地图上看差别")
    expect(look).to_be_focused()
    look.click()
    expect(now.dialog).to_have_count(0)
    card = now.page.locator(".conflict-card")
    expect(card).to_contain_text("您的修改")
    expect_preview(now.page)
    now.page.keyboard.press("Escape")
    expect(now.page.locator(".preview-card")).to_have_count(0)
    card.get_by_role("button", name="在最新方案上重做我的修改").click()
    expect_preview(now.page)
    expect(card).to_have_count(0)
    now.page.keyboard.press("Enter")
    expect(now.page.locator(".preview-card")).to_have_count(0)
    assert now.head() == 2


def test_a_plan_submitted_meanwhile_leaves_a_branch(service, open_page):
    page = open_page(service.url, path=NO_MAP)
    page.watch.allow("409")
    plan = make_plan(page, TOWNSHIP)["id"]
    grids = draft_grids(page, plan, VILLAGE)
    code, grid = max(grids.items(), key=lambda item: item[1].area)
    go_to(page, grid.buffer(0.002).bounds)
    page.keyboard.press("s")
    draw(page, across(grid))
    expect_preview(page)
    edit_plan(page, plan, {"type": "lock", "grids": [next(c for c in grids if c != code)]})
    page.request.post(
        f"{page.watch.origin.rstrip('/')}/api/plans/{plan}/submit",
        data=json.dumps(None),
        headers={"If-Match": "1"},
    )
    dialog = page.locator("[aria-modal=true]")
    expect(dialog).to_contain_text("已提交")
    expect(dialog.get_by_role("button", name="在最新方案上重做我的修改")).to_have_count(0)
    dialog.get_by_role("button", name="我的修改另存为新方案").click()
    expect(page.locator(".plan-head")).to_contain_text("我的改法")
    expect(page.locator(".undo-line button").first).to_have_text("撤销 拆分")
    assert call(page, "GET", f"/api/plans/{plan}")["head"] == 1


def test_an_undo_that_comes_second_is_not_made(service, open_page):
    page = open_page(service.url, path=NO_MAP)
    page.watch.allow("409")
    page.watch.allow("ERR_FAILED")
    page.route("**/api/events*", lambda route: route.abort())
    plan = make_plan(page, TOWNSHIP)["id"]
    one, other, *_ = sorted(draft_grids(page, plan, VILLAGE))
    edit_plan(page, plan, {"type": "lock", "grids": [one]})
    page.reload()
    expect(page.locator(".undo-line button").first).to_have_text("撤销 锁定")
    edit_plan(page, plan, {"type": "lock", "grids": [other]})
    page.keyboard.press("Control+z")
    dialog = page.locator("[aria-modal=true]")
    expect(dialog).to_contain_text("锁定")
    assert call(page, "GET", f"/api/plans/{plan}")["head"] == 2
    dialog.get_by_role("button", name="知道了，看最新方案").click()
    expect(page.locator(".plan-state")).to_contain_text("修订 2")
