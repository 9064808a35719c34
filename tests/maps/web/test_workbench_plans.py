"""Plans: made, found, named, copied, opened again; undone by name; and who else is at them."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.maps.web.conftest import NO_MAP, SMALL, Watch, choose, wait_for_map
from tests.maps.web.workbench import add_plan, call, edit_plan, make_plan, open_plan

VILLAGE = "500229102208"
TOWNSHIP = VILLAGE[:9]


def open_panel(page):
    page.keyboard.press("2")
    page.wait_for_selector(".new-plan")


def grids_of(page, plan):
    found = call(page, "GET", f"/api/plans/{plan}/grids?village={VILLAGE}")
    return sorted(one["properties"]["code"] for one in found["features"])


def name_grid(page, plan, code, name):
    edit = {"type": "set_attributes", "grid": code, "attributes": {"name": name}}
    return edit_plan(page, plan, edit)


def test_a_plan_is_made_renamed_copied_and_there_again_after_a_reload(own_service, open_page):
    page = open_page(own_service.url, size=SMALL)
    wait_for_map(page)
    open_panel(page)
    expect(page.locator(".plan-steps")).to_be_visible()
    place = call(page, "GET", f"/api/divisions/{TOWNSHIP}")["name"]
    choose(page, "范围", place)
    name = page.get_by_label("名称", exact=True)
    assert place in name.input_value(), "a name is offered"
    page.get_by_role("button", name="新建草案").click()
    page.wait_for_selector(".tools")
    [plan] = call(page, "GET", "/api/plans")["plans"]
    assert (plan["scope"], plan["state"]) == (TOWNSHIP, "draft")
    title = page.locator(".plan-head")
    expect(title).to_contain_text(plan["name"])

    title.locator(".plan-name").click()
    name.fill("河片调整")
    page.keyboard.press("Enter")
    expect(title.locator(".plan-name")).to_contain_text("河片调整")
    assert call(page, "GET", f"/api/plans/{plan['id']}")["name"] == "河片调整"

    page.get_by_role("button", name="更多操作", exact=True).click()
    page.get_by_role("menuitem", name="另存为新方案").click()
    dialog = page.locator("[aria-modal=true]")
    dialog.get_by_label("名称", exact=True).fill("乙案")
    dialog.get_by_role("button", name="另存并打开").click()
    expect(title).to_contain_text("乙案")
    expect(dialog).to_have_count(0)

    page.reload()
    page.wait_for_selector(".tools")
    expect(title).to_contain_text("乙案")
    page.get_by_role("button", name="关闭方案").click()
    rows = page.locator(".plan-row")
    expect(rows).to_have_count(2)
    rows.filter(has_text="河片调整").click()
    expect(title).to_contain_text("河片调整")
    expect(title).to_contain_text("草案")


def test_names_that_are_refused_are_told_in_place(own_service, open_page):
    page = open_page(own_service.url)
    page.watch.allow("422")
    wait_for_map(page)
    open_panel(page)
    choose(page, "范围", call(page, "GET", f"/api/divisions/{TOWNSHIP}")["name"])
    page.get_by_label("名称", exact=True).fill("联系 13800138000")
    page.get_by_role("button", name="新建草案").click()
    expect(page.get_by_text("名称含有电话或身份证号")).to_be_visible()
    assert call(page, "GET", "/api/plans")["total"] == 0


def test_plans_are_found_by_state_and_by_text(own_service, open_page):
    page = open_page(own_service.url)
    wait_for_map(page)
    for number in range(7):
        body = {"name": f"方案{number}", "scope": TOWNSHIP if number else VILLAGE}
        plan = call(page, "POST", "/api/plans", body)
    call(page, "POST", f"/api/plans/{plan['id']}/withdraw", **{"If-Match": "0"})
    open_panel(page)
    rows = page.locator(".plan-row")
    expect(rows).to_have_count(7)
    page.get_by_label("按名称、范围、人员筛选").fill("方案3")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("方案3")
    page.get_by_label("按名称、范围、人员筛选").fill("没有")
    expect(page.get_by_text("没有符合条件的方案")).to_be_visible()
    page.get_by_label("按名称、范围、人员筛选").fill("")
    choose(page, "方案状态", "已撤回")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("方案6")


def test_undo_and_redo_say_what_they_are_about(bench):
    page = bench
    page.set_viewport_size(SMALL)
    plan = make_plan(page, TOWNSHIP)
    first, second, *_ = grids_of(page, plan["id"])
    undo = page.locator(".undo-line button").first
    redo = page.locator(".undo-line button").last
    expect(undo).to_be_disabled()
    name_grid(page, plan["id"], first, "集市片")
    edit_plan(page, plan["id"], {"type": "lock", "grids": [second]})
    expect(undo).to_have_text("撤销 锁定")
    log = page.locator(".log-row")
    expect(log).to_have_count(2)
    expect(log.first).to_contain_text("锁定")
    expect(log.first).to_contain_text(second[-3:])

    page.keyboard.press("Control+z")
    expect(undo).to_have_text("撤销 改名称类型")
    expect(redo).to_have_text("重做 锁定")
    expect(log.first).to_have_attribute("data-state", "undone")
    page.keyboard.press("Control+y")
    expect(undo).to_have_text("撤销 锁定")
    undo.click()
    expect(redo).to_have_text("重做 锁定")
    page.keyboard.press("Control+Shift+Z")
    expect(redo).to_be_disabled()
    page.keyboard.press("Control+z")
    expect(redo).to_be_enabled()
    name_grid(page, plan["id"], first, "另一名")
    expect(page.locator(".log-row[data-state=overtaken]")).to_have_count(1)

    before = page.evaluate("window.wanggeMap.ol.getView().getCenter()")
    log.last.click()
    page.wait_for_function(
        "was => window.wanggeMap.ol.getView().getCenter()[0] !== was[0]", arg=before
    )


def test_a_plan_goes_out_as_a_file_and_comes_back(own_service, open_page, tmp_path):
    page = open_page(own_service.url, path=NO_MAP)
    page.watch.allow("409")
    page.watch.allow("400")
    plan = make_plan(page, TOWNSHIP, "带走的方案")
    code, other, *_ = grids_of(page, plan["id"])
    name_grid(page, plan["id"], code, "集市片")
    page.get_by_role("button", name="更多操作").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="导出方案文件").click()
    file = Path(tmp_path / "plan.geojson")
    download.value.save_as(file)
    page.get_by_role("button", name="关闭方案").click()
    chooser = page.locator("input[type=file]")
    chooser.set_input_files(file)
    page.wait_for_selector(".tools")
    assert call(page, "GET", "/api/plans")["total"] == 2
    expect(page.locator(".undo-line button").first).to_have_text("撤销 改名称类型")
    page.get_by_role("button", name="关闭方案").click()

    written = json.loads(file.read_text(encoding="utf-8"))
    [entry] = written["wangge_plan"]["edits"]
    gone = {**entry, "edit": {"type": "merge", "grids": [other, "500229102208999"]}}
    written["wangge_plan"]["edits"] = [gone, entry]
    file.write_text(json.dumps(written), encoding="utf-8")
    chooser.set_input_files(file)
    dialog = page.locator("[aria-modal=true]")
    expect(dialog).to_contain_text("第 1 处：合并")
    dialog.get_by_role("button", name="放弃这 1 处，其余照做").click()
    expect(dialog).to_contain_text("重做 1 处修改，放弃 1 处")
    dialog.get_by_role("button", name="打开方案").click()
    page.wait_for_selector(".tools")

    page.get_by_role("button", name="关闭方案").click()
    file.write_text("no plan", encoding="utf-8")
    chooser.set_input_files(file)
    expect(dialog).to_contain_text("这不是方案文件")


def test_the_menu_and_its_dialogs_work_by_keyboard_and_give_the_focus_back(bench):
    page = bench
    page.set_viewport_size(SMALL)
    make_plan(page, TOWNSHIP)
    more = page.get_by_role("button", name="更多操作")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="改名")).to_be_visible()
    page.wait_for_timeout(500)  # it fades in, and takes no keys before
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="改名")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.locator("[aria-modal=true]")
    expect(dialog.get_by_label("名称")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(more).to_be_focused()


def test_nothing_is_cut_off_on_a_small_screen(bench):
    page = bench
    page.set_viewport_size(SMALL)
    make_plan(page, TOWNSHIP, "2026 年第三季度全镇网格优化调整方案（征求意见稿）")
    panel = page.locator(".panel")
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    tools = page.locator(".tool")
    expect(tools).to_have_count(13)
    clipped = ".tool, .undo-line button, .plan-actions button"
    cut = page.locator(clipped).evaluate_all(
        "all => all.filter(o => o.scrollWidth > o.clientWidth + 1).map(o => o.textContent)"
    )
    assert cut == []
    lowest = max(tools.nth(i).bounding_box()["y"] for i in range(13))
    assert lowest < SMALL["height"] - 200
    expect(page.locator(".plan-actions")).to_be_in_viewport()


def test_two_browsers_see_each_other_and_each_others_edits(service, open_page):
    mine = open_page(service.url, path=NO_MAP)
    plan = make_plan(mine, TOWNSHIP)
    head = mine.locator(".plan-head")
    expect(head.locator(".editors")).to_have_count(0)
    theirs = open_page(service.url, language="en", path=NO_MAP)
    open_plan(theirs, plan["id"])
    expect(head.locator(".editors")).to_have_text("2 人在编辑")
    expect(theirs.locator(".editors")).to_have_text("2 editing")

    code = grids_of(mine, plan["id"])[0]
    name_grid(mine, plan["id"], code, "集市片")
    for page, word in ((mine, "修订 1"), (theirs, "revision 1")):
        expect(page.locator(".plan-state")).to_contain_text(word)
    theirs.keyboard.press("Control+z")
    expect(mine.locator(".plan-state")).to_contain_text("修订 2")
    expect(mine.locator(".undo-line button").last).to_have_text("重做 改名称类型")

    theirs.get_by_role("button", name="Close the plan").click()
    expect(head.locator(".editors")).to_have_count(0)


def test_two_tabs_of_one_person_keep_in_step(service, open_page):
    first = open_page(service.url, path=NO_MAP)
    plan = make_plan(first, TOWNSHIP)
    second = first.context.new_page()
    second.watch = Watch(second, service.url)
    second.goto(service.url)
    second.wait_for_selector(".tools")
    expect(second.locator(".plan-head")).to_contain_text(plan["name"])
    name_grid(first, plan["id"], grids_of(first, plan["id"])[0], "集市片")
    for page in (first, second):
        expect(page.locator(".plan-state")).to_contain_text("修订 1")
    second.locator(".undo-line button").first.click()
    for page in (first, second):
        expect(page.locator(".plan-state")).to_contain_text("修订 2")
    second.watch.check()


def test_a_map_that_was_moved_is_not_moved_back_by_where_the_plan_is(service, open_page):
    page = open_page(service.url)
    wait_for_map(page)
    add_plan(page, TOWNSHIP, "先看别处")
    open_panel(page)
    held = []
    page.route("**/api/divisions/*", lambda route: held.append(route))
    page.locator(".plan-row").filter(has_text="先看别处").click()
    page.wait_for_selector(".tools")
    corner = "window.wanggeMap.pixelOf([108.66, 31.95]).map(Math.round)"
    page.evaluate("window.wanggeMap.fit([108.6, 31.9, 108.7, 32.0], 16, 0)")
    page.wait_for_selector("#map[data-loading=false]")
    before = page.evaluate(corner)
    [route] = held
    with page.expect_response("**/api/divisions/*") as answer:
        route.continue_()
    answer.value.finished()
    page.wait_for_timeout(1000)
    assert page.evaluate(corner) == before
    page.unroute_all()
    page.get_by_label("关闭方案").click()
    page.locator(".plan-row").filter(has_text="先看别处").click()
    page.wait_for_selector(".tools")
    page.wait_for_function(f"() => String({corner}) !== '{before[0]},{before[1]}'")
