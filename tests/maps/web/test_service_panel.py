"""Service: the answers of real runs in the panel, on the map, after a reload, in both languages."""

from __future__ import annotations

import itertools
import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.maps.web.conftest import SMALL, choose, fetch, wait_for_map
from tests.maps.web.test_workbench_access import violations
from tests.maps.web.village import VILLAGE
from tests.maps.web.workbench import draft_grids, edit_plan, make_plan

BUTTONS = {
    "zh": {
        "service_gaps": "计算盲区",
        "service_radius": "计算服务半径",
        "accessibility": "计算可达性",
    },
    "en": {
        "service_gaps": "Find gaps",
        "service_radius": "Find radii",
        "accessibility": "Find accessibility",
    },
}
TABS = tuple(BUTTONS["zh"])
PATIENCE = 300_000  # a first run makes networks and compiles kernels
RUN = "00000000-0000-4000-8000-000000000001"


def open_tab(page: Page, analysis: str) -> None:
    if page.locator(".service-panel").count() == 0:
        page.locator(".rail-item[data-panel=service]").click()
    tab = page.get_by_role("tab").nth(TABS.index(analysis))
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")


def shown_run(page: Page) -> str:
    """Return the run the open tab shows, as the page remembers it."""
    expect(page.locator(".coverage strong, .run-line")).to_be_visible(timeout=PATIENCE)
    kept = json.loads(page.evaluate("sessionStorage.getItem('wangge.service')"))
    return kept["runs"][kept["tab"]]


def expect_answer(page: Page) -> None:
    expect(page.locator(".coverage strong")).to_be_visible(timeout=PATIENCE)


def ask(page: Page, analysis: str, language: str = "zh") -> str:
    """Put the question as the form has it; return the run once its answer is shown."""
    if analysis == "service_gaps":
        expect_answer(page)  # the first gaps are computed unasked
    change = page.get_by_role("button", name="改条件" if language == "zh" else "Change", exact=True)
    button = page.get_by_role("button", name=BUTTONS[language][analysis], exact=True)
    expect(change.or_(button).first).to_be_visible(timeout=PATIENCE)
    if change.count():
        change.click()
    with page.expect_response(
        lambda r: "/api/runs?wait=0" in r.url and r.request.method == "POST"
    ) as started:
        button.click()
    run = started.value.json()
    expect(page.locator(".coverage strong")).to_be_visible(timeout=PATIENCE)
    assert shown_run(page) == run["id"]
    return run["id"]


def answer(page: Page, analysis: str) -> str:
    """Have the usual question answered apart from the page, and open its tab; return the run."""
    url = f"{page.watch.origin.rstrip('/')}/api/runs?wait=60"
    run = page.request.post(url, data={"analysis": analysis}, timeout=PATIENCE).json()
    open_tab(page, analysis)
    if run["id"] != shown_run(page):  # another question was asked later
        page.get_by_role("button", name=re.compile("最近的计算")).click()
        page.locator(f".run-row[data-run='{run['id']}']").click()
    expect_answer(page)
    assert shown_run(page) == run["id"]
    return run["id"]


def features(page: Page, layer: str) -> int:
    """Return how many shapes a layer of the answer has on the map."""
    return page.evaluate(
        """name => wanggeMap.ol.getLayers().getArray()
            .find(layer => layer.get('name') === name).getSource().getFeatures().length""",
        layer,
    )


def click_on_map(page: Page, lon: float, lat: float) -> None:
    """Go to a place, then click on it."""
    page.evaluate("p => wanggeMap.panTo(p, 15)", [lon, lat])
    page.wait_for_timeout(700)
    page.wait_for_selector("#map[data-loading=false]")
    x, y = page.evaluate("p => wanggeMap.pixelOf(p)", [lon, lat])
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)


def test_gaps_are_there_unasked_and_say_what_the_run_says(service, open_page):
    page = open_page(service.url)
    wait_for_map(page)
    open_tab(page, "service_gaps")
    expect_answer(page)
    run = shown_run(page)
    result = fetch(page, f"/api/runs/{run}/result")
    expect(page.locator(".coverage strong")).to_have_text(f"{result['share'] * 100:.1f}%")
    panel = page.locator(".service-panel")
    expect(panel).to_contain_text(f"{result['unserved_households']:,} 户")
    for state in ("served", "far", "unreachable"):
        row = page.locator(f".state-list tr[data-state={state}]")
        expect(row).to_contain_text(f"{result['states'][state]['households']:,}")
    modes = {mode["mode"]: mode for mode in result["comparison"]["modes"]}
    assert set(modes) == {"straight", "road", "terrain"}
    for name, mode in modes.items():
        expect(page.locator(f".mode-list [data-mode={name}]")).to_contain_text(
            f"{mode['share'] * 100:.1f}%"
        )
    claimed = sum(village["straight_only"] for village in result["comparison"]["villages"])
    assert claimed > 0
    expect(panel).to_contain_text(f"只有直线算作覆盖：{claimed:,} 户")
    expect(page.locator(".service-legend")).to_contain_text("覆盖盲区")
    assert features(page, "areas") == len(result["areas"])


def test_a_gap_in_the_list_is_a_place_on_the_map_and_the_other_way_round(page):
    open_tab(page, "service_gaps")
    expect_answer(page)
    result = fetch(page, f"/api/runs/{shown_run(page)}/result")
    before = page.locator(".totals strong").inner_text()
    second = page.locator(".area-button[data-rank='2']")
    second.click()
    expect(second).to_have_attribute("aria-current", "true")
    expect(page.locator(".totals strong")).not_to_have_text(before)
    detail = page.locator(".area-detail")
    expect(detail).to_contain_text("第 2 号盲区")
    assert result["areas"][1]["extension_all"] is not None
    expect(detail).to_contain_text("标准放宽")
    third = result["areas"][2]
    click_on_map(page, *third["point"])
    expect(detail).to_contain_text("第 3 号盲区")
    expect(page.locator(".area-button[data-rank='3']")).to_be_visible()


def test_a_click_shows_the_way_and_escape_clears_it(page):
    open_tab(page, "service_gaps")
    expect_answer(page)
    run = shown_run(page)
    gap = fetch(page, f"/api/runs/{run}/result")["areas"][0]
    with page.expect_response(lambda r: "/way?" in r.url) as asked:
        click_on_map(page, *gap["point"])
    way = asked.value.json()
    card = page.locator(".way-card")
    expect(card).to_contain_text(way["center"]["name"])
    straight = way["straight_m"]
    shown = f"{straight / 1000:.1f} km" if straight >= 1000 else f"{straight:.0f} m"
    expect(card).to_contain_text(shown)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    # the details of the grid, and the panel, are still there
    expect(page.locator(".inspector")).to_be_visible()
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    expect(card).to_be_visible()


def test_an_own_standard_is_another_question_and_the_old_answer_is_at_hand(page):
    open_tab(page, "service_gaps")
    expect_answer(page)
    first = shown_run(page)
    page.get_by_role("button", name="改条件").click()
    page.get_by_label("标准距离").fill("30000")
    second = ask_filled(page, "计算盲区")
    assert second != first
    expect(page.get_by_text("没有盲区：每户都在标准之内。")).to_be_visible()
    expect(page.locator(".question-line")).to_contain_text("标准 30.0 km")
    page.get_by_role("button", name=re.compile("最近的计算")).click()
    page.locator(".run-row", has_text="按规则距离").first.click()
    expect(page.locator(".question-line")).to_contain_text("按规则距离")
    expect(page.locator(".area-button").first).to_be_visible()


def ask_filled(page: Page, button: str) -> str:
    with page.expect_response(
        lambda r: "/api/runs?wait=0" in r.url and r.request.method == "POST"
    ) as started:
        page.get_by_role("button", name=button, exact=True).click()
    run = started.value.json()
    expect(page.locator(".question-line")).to_be_visible(timeout=PATIENCE)
    assert shown_run(page) == run["id"]
    return run["id"]


def test_one_township_by_road_in_minutes(page):
    open_tab(page, "service_gaps")
    expect_answer(page)
    township = fetch(page, "/api/grids?sort=code&offset=300&limit=1")["rows"][0]
    page.get_by_role("button", name="改条件").click()
    page.get_by_text("沿路网", exact=True).first.click()
    page.get_by_text("开车", exact=True).click()
    page.locator(".question-form").get_by_text("分钟", exact=True).click()
    # the rules of the sample know no minutes by car in towns
    expect(page.locator(".question-form")).to_contain_text("规则没有给出城镇的标准")
    page.get_by_label("标准时间").fill("15")
    choose(page, "范围", township["township"])
    run = fetch(page, f"/api/runs/{ask_filled(page, '计算盲区')}")
    assert run["parameters"]["mode"] == "road"
    assert run["parameters"]["means"] == "drive"
    assert run["parameters"]["measure"] == "time"
    assert run["parameters"]["standard_min"] == 15
    assert run["parameters"]["scope"] == township["village_code"][:9]
    expect(page.locator(".question-line")).to_contain_text("沿路网开车")
    expect(page.locator(".question-line")).to_contain_text(township["township"])
    expect(page.locator(".result-row[data-index]")).to_have_count(1)
    expect(page.locator(".result-row[data-index]")).to_contain_text(township["township"])
    expect(page.locator(".totals strong")).not_to_contain_text("1,253")  # the map went there


def test_centers_and_the_map_are_linked_and_loads_are_the_runs(page):
    run = answer(page, "service_radius")
    result = fetch(page, f"/api/runs/{run}/result")
    expect(page.locator(".coverage strong")).to_have_text(
        f"{result['uniform']['radius'] / 1000:.1f} km"
    )
    half = result["uniform"]["percentiles"]["0.5"]
    expect(page.locator(".percentiles")).to_contain_text(f"{half:,.0f} m")
    radius = page.locator(".cost-histogram [data-radius]")
    assert float(radius.get_attribute("data-radius")) == result["uniform"]["radius"]
    widest = max(result["centers"], key=lambda center: center["radius"] or 0)
    row = page.locator(".result-row[data-index='0']")
    expect(row).to_have_attribute("data-key", widest["code"])
    expect(row).to_contain_text(f"{widest['people']:,}")
    row.click()
    expect(row).to_have_attribute("aria-selected", "true")
    expect(page.locator(".area-detail")).to_contain_text(widest["name"])
    assert features(page, "service_areas") > 0
    other = next(c for c in result["centers"] if c["code"] != widest["code"] and c["people"])
    click_on_map(page, *other["point"])
    expect(page.locator(".area-detail")).to_contain_text(other["name"])
    page.get_by_label("展宽").click()
    expect(page.get_by_role("columnheader", name="P90")).to_be_visible()
    page.get_by_label("收窄").click()
    expect(page.get_by_role("columnheader", name="P90")).to_be_hidden()


def test_capacities_tell_who_finds_no_place(page):
    open_tab(page, "service_radius")
    answer(page, "service_radius")
    page.get_by_role("button", name="改条件", exact=True).click()
    page.get_by_role("switch", name="受服务能力限制").click()
    expect(page.get_by_label("按什么计数", exact=True).and_(page.locator("input"))).to_have_value(
        "户数"
    )
    page.get_by_role("button", name=BUTTONS["zh"]["service_radius"], exact=True).click()
    expect(page.locator(".headline")).to_be_visible(timeout=PATIENCE)
    result = fetch(page, f"/api/runs/{shown_run(page)}/result")
    within = result["capacity"]
    card = page.locator(".card", has_text="服务能力分配")
    told = f"{within['overflow']:,} 户" if within["overflow"] else "人人都有去处"
    expect(card.locator(".headline")).to_contain_text(told)
    assert sum(within["reasons"].values()) == within["overflow"]
    expect(card).to_contain_text(f"{within['assigned']:,} 户")
    expect(card).to_contain_text("已证明最优" if within["proved"] else "未能证明")
    # the nearest center may be full: the way to any other is a choice in the table
    home = result["centers"][0]["point"]
    click_on_map(page, home[0] + 0.004, home[1])
    way = page.locator(".way-card")
    expect(way).to_contain_text("实际分到的不一定是最近的中心")
    row = page.locator(".result-row[data-index]").last
    code = row.get_attribute("data-key")
    row.click()
    chosen = next(center for center in result["centers"] if center["code"] == code)
    click_on_map(page, home[0] + 0.004, home[1])
    expect(way).to_contain_text("所选中心")
    expect(way).to_contain_text(chosen["name"])


def test_a_draft_is_asked_over_its_own_lines(page):
    plan = make_plan(page, VILLAGE)
    grids = draft_grids(page, plan["id"], VILLAGE)
    one, other = next(
        (a, b)
        for a, b in itertools.combinations(sorted(grids), 2)
        if grids[a].intersection(grids[b]).length > 0
    )
    edit_plan(page, plan["id"], {"type": "merge", "grids": [one, other]})
    drawn = set(draft_grids(page, plan["id"], VILLAGE))
    answer(page, "service_gaps")
    page.get_by_role("button", name="改条件", exact=True).click()
    page.get_by_role("switch", name="本草案").click()
    page.get_by_role("button", name=BUTTONS["zh"]["service_gaps"], exact=True).click()
    expect(page.locator(".panel")).to_contain_text("按方案草案的网格线统计", timeout=PATIENCE)
    run = fetch(page, f"/api/runs/{shown_run(page)}")
    assert run["plan"] == plan["id"]
    shares = fetch(page, f"/api/runs/{run['id']}/result")["shares"]["grid"]
    assert {unit["code"] for unit in shares if unit["code"].startswith(VILLAGE)} == drawn
    assert len(drawn & {one, other}) == 1


def test_accessibility_colours_the_grids_and_the_legend_says_how(page):
    run = answer(page, "accessibility")
    result = fetch(page, f"/api/runs/{run}/result")
    expect(page.locator(".legend")).to_contain_text("每千人可得服务名额")
    assert page.locator(".legend .class-bar > div").count() == len(set(result["breaks"])) + 1
    least = page.locator(".result-row[data-index='0']")
    scores = {unit["code"]: unit["score"] for unit in result["grid"]}
    known = [score for score in scores.values() if score is not None]
    assert scores[least.get_attribute("data-key")] == min(known)
    least.click()
    expect(least).to_have_attribute("aria-selected", "true")
    open_tab(page, "service_gaps")
    expect(page.locator(".legend")).to_contain_text("每网格户数")


def test_a_reload_goes_on_following_and_cancel_ends_it(page):
    """A run that takes as long as the test wants; what the page asks of it is answered here."""
    state = {"state": "running", "progress": 0.4, "step": "reach"}
    base = fetch(page, "/api/runs?analysis=service_radius")["runs"]
    parameters = base[0]["parameters"] if base else {}
    shape = {
        "id": RUN,
        "analysis": "service_radius",
        "parameters": {
            "level": "village",
            "mode": "terrain",
            "means": "walk",
            "measure": "distance",
            "standard_m": None,
            "standard_min": None,
            "weight": "residents",
            "scope": None,
            "share": 0.9,
            "capacity": False,
            **parameters,
        },
        "plan": None,
        "stale": False,
        "created_at": "2026-11-22T01:00:00Z",
        "started_at": None,
        "finished_at": None,
        "error": None,
    }

    def tell(route) -> None:
        asked = route.request.post_data_json
        if asked and asked["analysis"] != "service_radius":
            route.continue_()
            return
        if route.request.method == "DELETE":
            state.update(state="cancelled", step=None)
        route.fulfill(json={**shape, **state})

    page.route(f"**/api/runs/{RUN}", tell)
    page.route("**/api/runs?wait=0", tell)
    page.route(f"**/api/runs/{RUN}/restart?wait=0", tell)
    page.route(
        "**/api/runs?analysis=service_radius", lambda route: route.fulfill(json={"runs": []})
    )
    open_tab(page, "service_radius")
    page.get_by_role("button", name="计算服务半径").click()
    expect(page.get_by_role("status").first).to_have_text("计算各户到中心的路程")
    expect(page.locator(".run-line")).to_contain_text("40%")
    page.reload()
    expect(page.locator(".run-line")).to_contain_text("40%")
    state.update(progress=0.7, step="drawing")
    expect(page.locator(".run-line")).to_contain_text("70%")
    page.get_by_role("button", name="取消计算").click()
    ended = page.locator(".run-ended")
    expect(ended).to_contain_text("已取消")
    state.update(state="interrupted")
    page.reload()
    expect(ended).to_contain_text("服务器中途停止")
    state.update(state="queued", progress=0, step=None)
    page.get_by_role("button", name="重新算").click()
    expect(page.locator(".run-line")).to_contain_text("排队等候")
    state["state"] = "failed"
    shape["error"] = {"message": "No roads.", "message_zh": "没有道路。"}
    expect(ended).to_contain_text("没有算成：没有道路。")


def test_without_roads_and_heights_the_form_says_how_to_get_them(page):
    def without(route) -> None:
        workspace = route.fetch().json()
        for layer in ("roads", "terrain"):
            workspace["layers"][layer]["count"] = 0
        route.fulfill(json=workspace)

    page.route("**/api/workspace", without)
    page.reload()
    wait_for_map(page)
    open_tab(page, "service_gaps")
    expect_answer(page)
    page.get_by_role("button", name="改条件").click()
    expect(page.locator(".question-form")).to_contain_text("沿路网要先导入“道路”")
    expect(page.get_by_role("radio", name="沿路网")).to_be_disabled()
    expect(page.get_by_role("radio", name="步行（地形）")).to_be_disabled()
    page.get_by_role("button", name="去导入").click()
    expect(page.locator(".panel-title")).to_have_text("数据")


def test_an_answer_of_older_data_says_so(own_service, open_page):
    page = open_page(own_service.url)
    wait_for_map(page)
    open_tab(page, "service_gaps")
    expect_answer(page)
    first = shown_run(page)
    row = fetch(page, "/api/runs?analysis=service_gaps")["runs"][0]
    assert not row["stale"]

    def aged(route) -> None:
        route.fulfill(json={**route.fetch().json(), "stale": True})

    page.route(f"**/api/runs/{first}", aged)
    page.reload()
    expect(page.locator(".run-stale")).to_contain_text("数据在计算之后有变动")
    with page.expect_request(lambda r: "/api/runs?wait=0" in r.url and r.method == "POST") as asked:
        page.get_by_role("button", name="按现在的数据重新计算").click()
    again = asked.value.post_data_json
    assert again["parameters"] == row["parameters"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_three_tabs_are_accessible_on_a_small_screen(service, open_page, language):
    page = open_page(service.url, language=language, size=SMALL)
    wait_for_map(page)
    for analysis in TABS:
        open_tab(page, analysis)
        ask(page, analysis, language)
        page.wait_for_timeout(500)
        assert violations(page) == [], analysis
        frame = page.locator(".panel")
        assert frame.evaluate("e => e.scrollWidth <= e.clientWidth"), "the panel scrolls sideways"
        page.get_by_role("button", name="改条件" if language == "zh" else "Change").click()
        assert violations(page, ".panel") == [], f"question of {analysis}"
