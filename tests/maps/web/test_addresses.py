"""Which grid is this address in: typed as people say it, chosen, reported, and whole tables."""

from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import Page, expect

from tests.maps.web.conftest import SMALL, fetch, wait_for_map
from tests.maps.web.test_workbench_access import violations

HOUSE = "城口县修齐镇枇杷村一组3号"
GRID = "500229106215002"
SPACED = "500229 106 215 002"


def ask(page: Page, text: str) -> None:
    page.keyboard.press("Escape")
    page.locator("#search").fill(text)
    page.locator("#search").press("Enter")
    expect(page.locator(".panel .address-query")).to_have_text(text)


def expect_status(page: Page, status: str) -> None:
    expect(page.locator(".panel .mantine-Badge-root[data-status]")).to_have_attribute(
        "data-status", status
    )


def middle_of_map(page: Page) -> list[float]:
    box: list[float] = page.evaluate("window.wanggeMap.ol.getView().calculateExtent()")
    return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0]]


@pytest.mark.parametrize(
    "typed",
    [
        "修齐镇枇杷村一组3号",
        "xiuqi pipacun 1zu 3hao",
        "No. 3, Group 1, Pipa Village, Xiuqi Town",
    ],
)
def test_an_address_leads_to_its_grid(page, typed):
    ask(page, typed)
    expect_status(page, "ok")
    card = page.locator(".address-answer")
    expect(card).to_contain_text(SPACED)
    expect(card).to_contain_text(HOUSE)
    expect(card).to_contain_text("门牌")
    expect(page.locator(".address-pin")).to_be_visible()
    card.get_by_role("button", name="第二网格").click()
    expect(page.locator(".inspector")).to_contain_text(SPACED)


def test_completions_by_keyboard(page):
    page.keyboard.press("/")
    page.keyboard.type("修齐镇枇杷村1")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("修齐镇枇杷村")
    chosen = first.locator(".suggestion-text").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".panel .address-query")).to_have_text(chosen)
    expect_status(page, "ok")
    page.locator("#search").fill("pipa")
    expect(page.locator(".suggestion-text").get_by_text("枇杷村", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.locator("#search").fill("ppc")
    # not one of the completions before, which stay until the new ones are there
    named = page.locator(".suggestion-text").get_by_text("枇杷村", exact=True)
    page.get_by_role("option").filter(has=named).first.click()
    expect(page.locator(".inspector-name")).to_contain_text("枇杷村")


def test_the_last_question_wins(page):
    slow: list = []
    page.route("**/api/addresses/suggest?q=pi*", lambda route: slow.append(route))
    page.locator("#search").fill("pi")
    page.wait_for_timeout(500)
    page.locator("#search").fill("修齐镇枇杷村一组3")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("一组3")
    assert slow
    for route in slow:
        route.fulfill(json={"suggestions": []})
    page.wait_for_timeout(300)
    expect(option).to_contain_text("一组3")


def test_a_doubtful_address_is_a_choice_on_the_map(page):
    ask(page, "枇杷村一组9999号")
    expect_status(page, "ambiguous")
    card = page.locator(".address-answer")
    expect(card).to_contain_text("登记里没有这个门牌号")
    rows = page.locator(".candidate")
    assert rows.count() == page.locator(".address-sign").count() >= 2
    assert card.get_by_role("button", name="第二网格").count() <= 1  # only as a candidate
    rows.first.click()
    expect(rows.first).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(600)
    one = middle_of_map(page)
    rows.nth(1).click()
    page.wait_for_timeout(600)
    other = middle_of_map(page)
    assert one != other
    # the signs on the map are the same choice
    page.evaluate("window.wanggeMap.fitCounty(0)")
    page.locator(".address-sign").first.dispatch_event("click")
    expect(rows.first).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(600)
    assert middle_of_map(page)[:2] == pytest.approx(one[:2], abs=1)


def test_what_is_not_here_is_not_guessed_and_faults_are_explained(page):
    ask(page, "北京市朝阳区建国路1号")
    expect_status(page, "none")
    card = page.locator(".address-answer")
    expect(card.locator(".address-faults")).to_contain_text("没有可以辨认的地名")
    assert card.locator(".figures").count() == 0
    expect(page.locator(".address-pin, .address-sign")).to_have_count(0)
    ask(page, "秀齐镇枇把村一组3号")
    expect_status(page, "ok")
    expect(card.locator(".address-faults")).to_contain_text("“秀齐镇”按“修齐镇”理解")
    ask(page, "<b>1</b>' OR 1=1 --")
    expect_status(page, "none")
    outlined = page.locator(".table-row[aria-selected=true]")
    expect(outlined).to_have_count(0)  # that of the answer before
    page.get_by_label("关闭查询结果").click()
    expect(card).to_have_count(0)


def test_a_wrong_answer_is_reported_and_settled(own_service, open_page):
    page = open_page(own_service.url)
    wait_for_map(page)
    ask(page, "枇杷村3号")
    page.get_by_role("button", name="结果不对").click()
    page.get_by_label("正确的应该是什么").fill("应在第二网格，电话13812345678")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("button", name="查看全部反馈").click()
    report = page.locator(".report")
    expect(report).to_have_count(1)
    expect(report).to_contain_text("枇杷村3号")
    expect(report).to_contain_text("有多个可能")
    expect(report).to_contain_text("第二网格")
    expect(report).not_to_contain_text("13812345678")
    report.get_by_role("button", name="再查一次").click()
    expect_status(page, "ambiguous")
    page.get_by_text("反馈", exact=True).click()
    page.get_by_label("处理说明").fill("已加别名")
    page.get_by_role("button", name="办结").click()
    expect(page.get_by_text("没有待处理的反馈。")).to_be_visible()
    page.get_by_text("已办结", exact=True).click()
    expect(report).to_contain_text("已加别名")
    assert [one["settled_note"] for one in fetch(page, "/api/addresses/reports")["reports"]] == [
        "已加别名"
    ]


def make_table(rows: int) -> bytes:
    lines = ["姓名,住在哪里"]
    texts = ["修齐镇枇杷村一组3号", "枇杷村", "月球路1号"]
    lines += [f"户主{number},{texts[number % 3]}" for number in range(rows)]
    return "\n".join(lines).encode("gb18030")


def test_a_table_is_answered_goes_on_after_a_reload_and_comes_home(page, tmp_path):
    rows = 2400
    page.watch.allow("422")  # which column it is was not said
    page.locator(".rail-item[data-panel=lookup]").click()
    page.get_by_text("批量查询", exact=True).click()
    table = {"name": "名单.csv", "mimeType": "text/csv", "buffer": make_table(rows)}
    page.locator("input[type=file]").set_input_files(table)
    page.get_by_placeholder("地址所在的列").click()
    held: list = []
    page.route("**/next?*", lambda route: held.append(route) if held else go_on(route, held))
    page.get_by_role("option", name="住在哪里").click()
    page.get_by_role("button", name="开始").click()
    expect(page.get_by_text("1,000 / 2,400 行")).to_be_visible()
    expect(page.locator(".batch-preview tbody tr")).to_have_count(20)
    expect(page.locator(".batch-preview tbody tr").first).to_contain_text(SPACED)
    unsure = page.locator(".batch-preview tr[data-status=none] .note").first
    expect(unsure).to_contain_text("没有可以辨认的地名")
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(page.locator("[data-batch-done=true]")).to_have_text("2,400 / 2,400 行")
    for status in ("ok", "ambiguous", "none"):
        expect(page.locator(f"[data-count={status}]")).to_have_text("800")
    with page.expect_download() as started:
        page.get_by_role("link", name="下载 CSV").click()
    target = tmp_path / "answers.csv"
    started.value.save_as(target)
    read = list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig"))))
    assert [one["姓名"] for one in read] == [f"户主{number}" for number in range(rows)]
    added = ("status", "level", "household_id", "grid_code", "candidate_grid_codes")
    assert set(added) < set(read[0])
    assert {(one["status"], one["grid_code"]) for one in read[0::3]} == {("ok", GRID)}
    assert {(one["status"], one["grid_code"]) for one in read[1::3]} == {("ambiguous", "")}
    assert {(one["status"], one["grid_code"]) for one in read[2::3]} == {("none", "")}
    page.get_by_role("button", name="删除表格").click()
    expect(page.get_by_text("选择表格，或拖到这里")).to_be_visible()
    page.reload()
    wait_for_map(page)
    expect(page.locator(".batch-file")).to_have_count(0)


def go_on(route, held: list) -> None:
    """Let the first slice through; the next ones wait for nothing."""
    held.append(route)
    route.continue_()


def test_a_right_click_says_what_is_here(page):
    place = fetch(page, "/api/addresses/search?q=修齐镇枇杷村一组3号")["point"]
    page.evaluate("([place]) => window.wanggeMap.panTo(place, 15)", [place])
    page.wait_for_timeout(800)
    box = page.locator("#map").bounding_box()
    x, y = page.evaluate("([place]) => window.wanggeMap.pixelOf(place)", [place])
    page.mouse.click(box["x"] + x, box["y"] + y, button="right")
    panel = page.locator(".panel")
    expect(panel).to_contain_text("这里是哪里")
    expect(panel).to_contain_text(SPACED)
    near = page.locator(".near-addresses li")
    expect(near).to_have_count(5)
    expect(near.first).to_contain_text(HOUSE)
    near.first.get_by_role("button").click()
    expect_status(page, "ok")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_addresses_are_accessible(service, open_page, language):
    page = open_page(service.url, language=language, size=SMALL)
    wait_for_map(page)
    page.locator("#search").fill("修齐镇枇杷村1")
    page.get_by_role("option").first.wait_for()
    assert violations(page, ".top") == [], "completions"
    for text, status in (("修齐镇枇杷村一组3号", "ok"), ("枇杷村", "ambiguous"), ("月球", "none")):
        ask(page, text)
        expect_status(page, status)
        assert violations(page) == [], text
    page.locator(".address-report").click()
    assert violations(page, ".panel") == [], "report"
    for tab in ("批量查询", "反馈") if language == "zh" else ("Table", "Reports"):
        page.get_by_text(tab, exact=True).click()
        assert violations(page, ".panel") == [], tab
