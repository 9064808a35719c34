"""Merges: thresholds, suggestions with reasons, decisions, into a draft, in both languages."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.maps.web.conftest import SMALL, fetch, wait_for_map
from tests.maps.web.test_workbench_access import violations
from tests.maps.web.workbench import add_plan, call, click_map

ARTIFACTS = Path(__file__).parents[3] / "artifacts"
TOWNSHIP = "500229210"  # with many small grids
PATIENCE = 300_000  # a first run compiles kernels
ASK = {"zh": "生成建议", "en": "Suggest merges"}
CHANGE = {"zh": "改条件", "en": "Change"}


def open_merges(page: Page) -> None:
    if page.locator(".merges-panel").count() == 0:
        page.locator(".rail-item[data-panel=merges]").click()
    expect(page.locator(".merges-panel .question-form, .question-line").first).to_be_visible()


def open_form(page: Page, language: str = "zh") -> None:
    """Open the panel with its form, whatever was asked before."""
    open_merges(page)
    change = page.get_by_role("button", name=CHANGE[language], exact=True)
    if change.count():
        change.click()
    expect(page.get_by_role("button", name=ASK[language], exact=True)).to_be_visible()


def choose_part(page: Page, group: str, word: str) -> None:
    """Choose one of a few by its word."""
    page.get_by_role("radiogroup", name=group, exact=True).get_by_text(word, exact=True).click()


def choose_scope(page: Page, option: str) -> None:
    page.get_by_label("范围", exact=True).and_(page.locator("input")).click()
    page.get_by_role("option", name=option, exact=True).click()


def submit(page: Page, button: str) -> dict:
    """Press what starts a run; return the run and its result once it is shown."""
    with page.expect_response(
        lambda r: "/api/runs?wait=0" in r.url and r.request.method == "POST"
    ) as started:
        page.get_by_role("button", name=button, exact=True).click()
    run = started.value.json()
    page.wait_for_function(
        "id => JSON.parse(sessionStorage.getItem('wangge.merges') ?? '{}').run === id",
        arg=run["id"],
    )
    expect(page.locator(".run-line")).to_have_count(0, timeout=PATIENCE)
    expect(page.locator(".merge-headline")).to_be_visible(timeout=PATIENCE)
    return {**run, "result": fetch(page, f"/api/runs/{run['id']}/result")}


def with_draft(page: Page, scope: str = TOWNSHIP) -> dict:
    """Open a new draft of a township, and the panel of merges over it."""
    plan = add_plan(page, scope)
    page.evaluate("id => localStorage.setItem('wangge.plan', id)", plan["id"])
    page.evaluate("sessionStorage.removeItem('wangge.merges')")
    page.goto(page.watch.origin)
    page.wait_for_selector(".tools")
    page.wait_for_selector("#map[data-loading=false]")
    open_form(page)
    return plan


def ask_for_draft(page: Page) -> dict:
    """Ask about the grids of the open draft by the rules."""
    choose_part(page, "合并什么", "网格")
    choose_part(page, "规模", "按规则")
    page.get_by_label("范围", exact=True).and_(page.locator("input")).click()
    page.get_by_role("option").first.click()
    page.get_by_role("switch", name="本草案").set_checked(True, force=True)
    return submit(page, ASK["zh"])


def row(page: Page, group: str):
    return page.locator(f".merge-button[data-group='{group}']")


def grids_of(page: Page, plan: str) -> set[str]:
    found = call(page, "GET", f"/api/plans/{plan}/grids")["features"]
    return {one["properties"]["code"] for one in found}


def features(page: Page, layer: str) -> int:
    return page.evaluate(
        """name => wanggeMap.ol.getLayers().getArray()
            .find(layer => layer.get('name') === name).getSource().getFeatures().length""",
        layer,
    )


def test_the_threshold_counts_at_once_and_the_answer_says_why(page):
    open_form(page)
    choose_part(page, "合并什么", "网格")
    choose_part(page, "规模", "自定")
    page.get_by_label("上限", exact=True).fill("120")
    for minimum in (25, 45):
        page.get_by_label("下限", exact=True).fill(str(minimum))
        sizes = f"minimum_households={minimum}&maximum_households=120"
        counts = fetch(page, f"/api/merges/counts?{sizes}")
        for state in ("below", "within", "above", "empty"):
            expect(page.locator(f".count-cells [data-state={state}] dd")).to_have_text(
                f"{counts[state]:,}"
            )
        expect(page.locator(f".size-bars [data-limit='{minimum}']")).to_be_visible()
    slider = page.get_by_role("slider", name="下限滑块")
    slider.focus()
    slider.press("ArrowLeft")
    expect(page.get_by_label("下限", exact=True)).to_have_value("40")
    choose_scope(page, "双河乡")
    run = submit(page, ASK["zh"])
    assert run["parameters"]["minimum"] == {"households": 40, "residents": None}
    assert run["parameters"]["scope"] == TOWNSHIP
    result = run["result"]
    assert len(result["groups"]) > 3
    expect(page.locator(".merge-headline")).to_contain_text(f"{len(result['groups'])} 组建议")
    expect(page.locator(".before-after tr[data-state=below] td").last).to_have_text(
        str(result["counts_after"]["below"])
    )
    assert features(page, "merge_units") == result["units"]
    assert features(page, "merge_groups") == len(result["groups"])
    group = next(g for g in result["groups"] if g["runner_up"] and len(g["members"]) == 2)
    row(page, group["id"]).click()
    detail = page.locator(".group-detail")
    for member in group["members"]:
        line = detail.locator(f"tr[data-code='{member['code']}']")
        expect(line).to_contain_text(member["name"])
        expect(line).to_contain_text(str(member["households"]))
    expect(detail).to_contain_text(f"不到下限 {group['whys'][0]['values']['limit']}")
    expect(detail.locator("[data-part=runner-up]")).to_contain_text(group["runner_up"]["zh"][:8])
    # nothing can be accepted without a draft, and the panel says how to get one
    expect(detail.get_by_role("button", name="采纳到方案")).to_be_disabled()
    page.get_by_role("button", name="去打开方案").click()
    expect(page.locator(".new-plan")).to_be_visible()


def tried_at(page: Page, place: list[float]) -> str | None:
    """Return the colour of the outline in which the units of the sizes in the form are drawn."""
    return page.evaluate(
        """async place => {
          const { ol } = wanggeMap;
          await new Promise(done => { ol.once('rendercomplete', done); ol.render(); });
          const layer = ol.getLayers().getArray().find((one) => one.get('name') === 'merge_tried');
          if (!layer) return null;
          const [found] = ol.getFeaturesAtPixel(wanggeMap.pixelOf(place), {
            layerFilter: (one) => one === layer,
          });
          const style = found && layer.getStyleFunction()(found);
          return style ? style.getStroke().getColor() : null;
        }""",
        place,
    )


ORANGE, BROWN = "#c2410c", "#7c2d12"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_units_too_small_or_too_large_are_coloured_while_the_sliders_move(
    service, open_page, language
):
    page = open_page(service.url, language=language)
    wait_for_map(page)
    words = {
        "zh": ("合并什么", "网格", "规模", "自定", "下限", "上限", "不到下限：", "超过上限："),
        "en": (
            *("Merge", "Grids", "Sizes", "Own", "Minimum", "Maximum"),
            *("below the minimum: ", "above the maximum: "),
        ),
    }[language]
    what, grids, sizes, own, low, high, below, above = words
    open_form(page, language)
    choose_part(page, what, grids)
    choose_part(page, sizes, own)
    page.get_by_label({"zh": "范围", "en": "Area"}[language], exact=True).and_(
        page.locator("input")
    ).click()
    page.get_by_role("option", name={"zh": "全县", "en": "Whole county"}[language]).click()
    page.get_by_label(high, exact=True).fill("90")
    page.get_by_label(low, exact=True).fill("20")
    legend = page.locator(".tried-legend")

    def told(minimum: int) -> dict:
        asked = f"minimum_households={minimum}&maximum_households=90"
        counts = fetch(page, f"/api/merges/counts?{asked}")
        for state in ("below", "above"):
            assert len(counts["codes"][state]) == counts[state] > 0
        expect(legend).to_contain_text(f"{below}{counts['below']:,}")
        expect(legend).to_contain_text(f"{above}{counts['above']:,}")
        return counts["codes"]

    first = told(20)
    page.get_by_label(low, exact=True).fill("60")
    second = told(60)
    later = next(code for code in second["below"] if code not in first["below"])
    small, large = first["below"][0], second["above"][0]
    for code, colour in ((small, ORANGE), (large, BROWN), (later, ORANGE)):
        place = fetch(page, f"/api/grids/{code}")["center"]
        page.evaluate("([lon, lat]) => wanggeMap.fit([lon, lat, lon, lat], 15, 0)", place)
        page.wait_for_timeout(300)
        page.wait_for_selector("#map[data-loading=false]")
        assert tried_at(page, place) == colour, code
    page.get_by_label(low, exact=True).fill("20")
    told(20)
    assert tried_at(page, place) not in (ORANGE, BROWN)
    legend.get_by_role("checkbox").uncheck()
    assert tried_at(page, place) is None
    legend.get_by_role("checkbox").check()
    # with the form, or its panel, the colours go
    page.keyboard.press("Escape")
    page.locator(".rail-item[data-panel=merges]").click()
    expect(legend).to_have_count(0)
    assert tried_at(page, place) is None


def test_a_group_on_the_map_is_a_group_in_the_list(page):
    open_form(page)
    choose_part(page, "合并什么", "网格")
    choose_part(page, "规模", "按规则")
    choose_scope(page, "双河乡")
    result = submit(page, ASK["zh"])["result"]
    page.wait_for_timeout(700)
    group = result["groups"][2]
    click_map(page, group["point"])
    expect(row(page, group["id"])).to_have_attribute("aria-current", "true")
    other = result["groups"][4]
    row(page, other["id"]).hover()
    expect(row(page, other["id"])).to_have_attribute("data-hovered", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".group-detail")).to_have_count(0)
    page.get_by_text(re.compile("^乡镇 ")).click()
    expect(page.locator(".result-row[data-index]")).to_have_count(1)
    page.reload()
    expect(page.locator(".merge-headline")).to_be_visible()


def test_pinned_and_forbidden_groups_are_solved_again_and_some_go_into_the_draft(page):
    plan = with_draft(page)
    first = ask_for_draft(page)
    assert first["plan"] == plan["id"]
    assert first["parameters"]["scope"] == TOWNSHIP
    pairs = [g for g in first["result"]["groups"] if len(g["members"]) == 2]
    pinned, forbidden, rejected = pairs[:3]
    detail = page.locator(".group-detail")
    row(page, pinned["id"]).click()
    detail.get_by_role("button", name="固定这一组").click()
    expect(row(page, pinned["id"])).to_have_attribute("data-state", "pinned")
    row(page, forbidden["id"]).click()
    detail.get_by_role("button", name="这两个不并").click()
    row(page, rejected["id"]).click()
    detail.get_by_role("button", name="不采纳", exact=True).click()
    expect(row(page, rejected["id"])).to_have_attribute("data-state", "rejected")
    expect(page.locator(".decision-list li")).to_have_count(4)  # a pin, a pair, two left alone
    again = submit(page, "重新求解")
    codes = [[m["code"] for m in g["members"]] for g in (pinned, forbidden, rejected)]
    made = [{m["code"] for m in g["members"]} for g in again["result"]["groups"]]
    assert again["parameters"]["pinned"] == [codes[0]]
    assert again["parameters"]["apart"] == [codes[1]]
    assert again["parameters"]["locked"] == codes[2]
    assert set(codes[0]) in made
    assert not any(set(codes[1]) <= group for group in made)
    assert not any(set(codes[2]) & group for group in made)
    # the decisions are still on show, solved now
    expect(page.locator(".decision-list li")).to_have_count(4)
    expect(page.get_by_role("button", name="重新求解")).to_be_disabled()

    before = grids_of(page, plan["id"])
    kept = next(
        g for g in again["result"]["groups"] if {*codes[0]} == {m["code"] for m in g["members"]}
    )
    row(page, kept["id"]).click()
    detail.get_by_role("button", name="采纳到方案").click()
    expect(row(page, kept["id"])).to_have_attribute("data-state", "applied")
    gone = set(codes[0]) - {kept["edit"]["keep"]}
    assert before - grids_of(page, plan["id"]) == gone
    page.keyboard.press("Control+z")
    expect(row(page, kept["id"])).not_to_have_attribute("data-state", "applied")
    assert grids_of(page, plan["id"]) == before


def test_all_are_accepted_what_is_not_possible_is_told_and_compared(page):
    plan = with_draft(page)
    run = ask_for_draft(page)
    groups = run["result"]["groups"]
    # somebody locks a grid meanwhile: its group is refused, the others go on
    stuck = groups[0]
    now = call(page, "GET", f"/api/plans/{plan['id']}")
    lock = {"type": "lock", "grids": [stuck["members"][0]["code"]]}
    # the page has the plan as it is now when it asks for its lines
    lines = quote(f"{plan['id']}:{now['revision'] + 1}")
    with page.expect_request(lambda r: "/tiles/" in r.url and lines in r.url):
        call(
            page,
            "POST",
            f"/api/plans/{plan['id']}/edits",
            lock,
            **{"If-Match": str(now["revision"])},
        )
    page.get_by_role("button", name=re.compile("^全部采纳")).click()
    expect(page.locator(".accepted")).to_have_text(f"采纳 {len(groups) - 1} 组。")
    expect(page.locator(".refused")).to_contain_text("1 组没有采纳成")
    expect(page.locator(".refused li")).to_contain_text("锁定")
    expect(row(page, stuck["id"])).to_have_attribute("data-state", "refused")
    page.get_by_role("button", name="与现行对比").click()
    expect(page.locator(".compare-legend")).to_be_visible()
    difference = call(page, "GET", f"/api/plans/{plan['id']}/difference")
    assert difference["totals"]["removed"] == sum(len(g["members"]) - 1 for g in groups[1:])


def test_small_villages_form_joint_villages_under_the_rules_of_their_township(page):
    plan = with_draft(page, "500229")
    choose_part(page, "合并什么", "行政村")
    page.get_by_label("下限", exact=True).fill("120")
    page.get_by_label("上限", exact=True).fill("")
    page.get_by_role("switch", name="本草案").set_checked(True, force=True)
    page.get_by_label("范围", exact=True).and_(page.locator("input")).click()
    page.get_by_role("option", name="全县").click()
    run = submit(page, ASK["zh"])
    groups = run["result"]["groups"]
    assert run["parameters"]["within"] == "township"
    assert len(groups) > 1
    for group in groups:
        assert len({member["code"][:9] for member in group["members"]}) == 1
    page.get_by_role("button", name=re.compile("^全部采纳")).click()
    expect(page.locator(".accepted")).to_have_text(f"采纳 {len(groups)} 组。")
    joint = call(page, "GET", f"/api/joint-villages?plan={plan['id']}")["joint_villages"]
    members = {frozenset(m["code"] for m in one["members"]) for one in joint}
    assert members == {frozenset(m["code"] for m in g["members"]) for g in groups}
    first = page.locator(f".joint[data-code='{joint[0]['code']}']")
    expect(first).to_contain_text(joint[0]["name"])
    assert int(joint[0]["code"][9:]) > 600
    first.get_by_role("button", name="改名").click()
    first.get_by_label("联村名称").fill("新联村")
    first.get_by_role("button", name="保存").click()
    expect(first.locator("strong")).to_have_text("新联村")
    # compared with the lines in force: every joint village with its members' names
    page.get_by_role("button", name="与现行对比").click()
    changed = page.locator(".compare-panel .joint")
    expect(changed).to_have_count(len(groups))
    made = page.locator(f".compare-panel .joint[data-code='{joint[0]['code']}']")
    expect(made).to_have_attribute("data-kind", "added")
    expect(made.locator("strong")).to_have_text("新联村")
    names = "、".join(member["name"] for member in joint[0]["members"])
    expect(made).to_contain_text(f"成员：{names}")
    assert violations(page, ".panel") == []
    # in the file and on paper too
    codes = {one["code"] for one in joint}
    with page.expect_download() as started:
        page.get_by_role("button", name="下载变化清单 CSV").click()
    text = Path(started.value.path()).read_text(encoding="utf-8-sig")
    listed = {row["编码"]: row for row in csv.DictReader(text.splitlines())}
    assert codes <= set(listed)
    assert listed[joint[0]["code"]]["变化"] == "联村（新增）"
    assert listed[joint[0]["code"]]["联村成员"] == names
    page.evaluate("() => { window.print = () => undefined; }")
    page.get_by_role("button", name="打印对照表").click()
    page.get_by_role("dialog").get_by_role("button", name="打印…").click()
    rows = page.locator(".comparison-sheet .joint-register tbody tr")
    expect(rows).to_have_count(len(groups), timeout=PATIENCE)
    expect(rows.filter(has_text="新联村")).to_contain_text(names)
    expect(page.locator(".sheet-joint")).to_have_text(f"联村 {len(groups)}")
    page.emulate_media(media="print")
    page.screenshot(path=ARTIFACTS / "print-joint-villages.png", full_page=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_panel_is_accessible_on_a_small_screen(service, open_page, language):
    page = open_page(service.url, language=language, size=SMALL)
    wait_for_map(page)
    open_form(page, language)
    page.locator(".limit-fields summary").click()
    expect(page.locator(".count-cells")).to_be_visible()
    assert violations(page, ".panel") == [], "question"
    run = submit(page, ASK[language])
    if language == "en":
        total = len(run["result"]["groups"])
        expect(page.locator(".merge-headline")).to_contain_text(
            f"{total} group" + ("" if total == 1 else "s")
        )
        expect(page.locator(".panel")).to_contain_text("Open a plan")
    page.locator(".merge-button").first.click()
    page.locator(".group-detail button", has_text="固定" if language == "zh" else "Pin").click()
    expect(page.locator(".decision-list li")).to_have_count(1)
    page.wait_for_timeout(500)
    assert violations(page) == [], "answer"
    frame = page.locator(".panel")
    assert frame.evaluate("e => e.scrollWidth <= e.clientWidth"), "the panel scrolls sideways"
    kept = json.loads(page.evaluate("sessionStorage.getItem('wangge.merges')"))
    assert kept == {"run": run["id"], "open": True}
