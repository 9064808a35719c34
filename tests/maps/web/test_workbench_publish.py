"""From a draft to the lines in force: submitted, taken back, checked, published, rebased."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.maps.web.conftest import NO_MAP, SMALL
from tests.maps.web.workbench import call, draft_grids, edit_plan, make_plan

VILLAGE = "500229102208"
TOWNSHIP = VILLAGE[:9]


def neighbours(grids):
    """Return two codes that can be merged, and a place in the one that goes."""
    codes = sorted(grids)
    for one in codes:
        for other in codes:
            if one < other and grids[one].intersection(grids[other]).length > 0.0005:
                return one, other, grids[other].representative_point()
    raise AssertionError("no neighbours")


def make_small(page, plan):
    """Cut a sliver of land without households off a grid: the rules want a note for that."""
    grids = draft_grids(page, plan, VILLAGE)
    code, shape = max(grids.items(), key=lambda item: item[1].area)
    west, south, east, north = shape.bounds
    for share in (0.1, 0.9, 0.2, 0.8, 0.3, 0.5):
        x = west + (east - west) * share
        line = {"type": "LineString", "coordinates": [[x, south - 0.001], [x, north + 0.001]]}
        edit = {"type": "split", "grid": code, "line": line}
        now = call(page, "GET", f"/api/plans/{plan}")
        answer = page.request.post(
            f"{page.watch.origin.rstrip('/')}/api/plans/{plan}/edits",
            data=json.dumps(edit),
            headers={"Content-Type": "application/json", "If-Match": str(now["revision"])},
        )
        if answer.ok and call(page, "GET", f"/api/plans/{plan}/problems")["needs_note"]:
            return
    raise AssertionError("nothing small")


def test_a_submitted_plan_shows_why_it_cannot_be_edited_and_can_be_taken_back(bench):
    page = bench
    page.set_viewport_size(SMALL)
    plan = make_plan(page, TOWNSHIP)
    submit = page.locator(".plan-actions").get_by_role("button", name="提交审核")
    expect(submit).to_be_disabled()
    one, other, _ = neighbours(draft_grids(page, plan["id"], VILLAGE))
    edit_plan(page, plan["id"], {"type": "merge", "grids": [one, other]})
    submit.click()
    dialog = page.locator("[aria-modal=true]")
    expect(dialog.get_by_role("button", name="提交审核")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(submit).to_be_focused()
    assert call(page, "GET", f"/api/plans/{plan['id']}")["state"] == "draft"
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="提交审核").click()
    expect(page.locator(".plan-state")).to_contain_text("已提交")
    expect(page.locator(".tools")).to_have_count(0)
    page.keyboard.press("s")
    page.keyboard.press("Control+z")
    assert call(page, "GET", f"/api/plans/{plan['id']}")["head"] == 1
    page.locator(".panel").get_by_role("button", name="退回草案").click()
    expect(page.locator(".tools")).to_be_visible()
    assert call(page, "GET", f"/api/plans/{plan['id']}")["state"] == "draft"


def test_a_withdrawn_plan_is_put_aside(bench):
    page = bench
    plan = make_plan(page, TOWNSHIP)
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="撤回方案").click()
    page.locator("[aria-modal=true]").get_by_role("button", name="撤回方案").click()
    expect(page.locator(".plan-state")).to_contain_text("已撤回")
    expect(page.get_by_text("不能修改")).to_be_visible()
    expect(page.locator(".tools")).to_have_count(0)
    assert call(page, "GET", f"/api/plans/{plan['id']}")["state"] == "withdrawn"


def test_publishing_asks_for_a_note_and_the_lookup_shows_the_new_grid(own_service, open_page):
    page = open_page(own_service.url, size=SMALL, path=NO_MAP)
    plan = make_plan(page, TOWNSHIP)
    one, other, place = neighbours(draft_grids(page, plan["id"], VILLAGE))
    edit_plan(page, plan["id"], {"type": "merge", "grids": [one, other], "keep": one})
    make_small(page, plan["id"])
    where = f"/api/grids/at?lon={place.x}&lat={place.y}"
    assert call(page, "GET", where)["grid"]["code"] == other

    page.locator(".plan-actions").get_by_role("button", name="提交审核").click()
    page.locator("[aria-modal=true]").get_by_role("button", name="提交审核").click()
    page.locator(".plan-actions").get_by_role("button", name="发布").click()
    dialog = page.locator("[aria-modal=true]")
    gate = dialog.locator(".gate li")
    expect(gate).to_have_count(5)
    expect(dialog.locator(".gate [data-state=passed]")).to_have_count(4)
    expect(dialog.locator(".gate [data-check=sizes]")).to_have_attribute("data-state", "note")
    bring = dialog.get_by_role("button", name="发布为现行网格")
    expect(bring).to_be_disabled()
    totals = call(page, "GET", f"/api/plans/{plan['id']}/difference")["totals"]
    expect(dialog.locator(".facts dd").last).to_contain_text(f"{totals['households_moved']:,}")
    dialog.get_by_role("textbox", name="发布说明").fill("山区住户分散，保留")
    expect(dialog.locator(".gate [data-state=passed]")).to_have_count(5)
    bring.click()
    expect(dialog.get_by_role("status")).to_be_visible()
    dialog.get_by_role("button", name="关闭", exact=True).last.click()
    expect(page.locator(".plan-state")).to_contain_text("已发布")
    expect(page.locator(".panel")).to_contain_text("山区住户分散，保留")
    expect(page.locator(".tools, .plan-actions")).to_have_count(0)

    found = call(page, "GET", where)["grid"]["code"]
    assert found == one or found not in (one, other)
    assert call(page, "GET", f"/api/plans/{plan['id']}")["note"] == "山区住户分散，保留"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(3):
        page.keyboard.press("+")
        page.wait_for_timeout(500)  # zooming is animated
    page.wait_for_selector("#map[data-loading=false]")
    tiles = [url for url in asked if "/tiles/grids/" in url]
    assert tiles
    assert not any("plan=" in url for url in tiles), "the map shows the lines in force"


def test_what_others_published_is_told_and_the_plan_brought_up_to_it(own_service, open_page):
    page = open_page(own_service.url, path=NO_MAP)
    page.watch.allow("409")
    plan = make_plan(page, TOWNSHIP)
    grids = draft_grids(page, plan["id"], VILLAGE)
    one, other, _ = neighbours(grids)
    edit_plan(page, plan["id"], {"type": "merge", "grids": [one, other], "keep": one})
    third = next(code for code in sorted(grids) if code not in (one, other))
    name = {"type": "set_attributes", "grid": third, "attributes": {"name": "集市片"}}
    edit_plan(page, plan["id"], name)

    rival = call(page, "POST", "/api/plans", {"name": "先发的", "scope": TOWNSHIP})["id"]
    edit_plan(page, rival, {"type": "merge", "grids": [one, other], "keep": other})
    now = call(page, "GET", f"/api/plans/{rival}")["revision"]
    call(page, "POST", f"/api/plans/{rival}/publish", {"note": "急"}, **{"If-Match": str(now)})

    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="发布").click()
    dialog = page.locator("[aria-modal=true]")
    expect(dialog.locator(".gate [data-check=base]")).to_have_attribute("data-state", "failed")
    expect(dialog.get_by_role("button", name="发布为现行网格")).to_be_disabled()
    dialog.get_by_role("button", name="更新到现行网格").click()
    dialog.get_by_role("button", name="更新", exact=True).click()
    expect(dialog).to_contain_text("第 1 处：合并")
    assert call(page, "GET", f"/api/plans/{plan['id']}")["head"] == 2, "nothing has changed"
    dialog.get_by_role("button", name="放弃这 1 处，其余照做").click()
    expect(dialog).to_contain_text("重做 1 处修改，放弃 1 处")
    dialog.get_by_role("button", name="关闭").last.click()
    assert call(page, "GET", f"/api/plans/{plan['id']}")["head"] == 1
    expect(page.locator(".log-row[data-state=conflict]")).to_have_count(1)
