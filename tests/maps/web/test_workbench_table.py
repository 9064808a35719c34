"""The table of a draft and its numbers: filters, changes, both ways with the map, files."""

from __future__ import annotations

import csv
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.maps.web.conftest import NO_MAP, SMALL, choose, fetch, wait_for_map
from tests.maps.web.workbench import (
    call,
    draft_grids,
    edit_plan,
    go_to,
    move_to,
    plan_with_changes,
)


def codes(page) -> list[str]:
    return page.locator(".table-row[data-code]").evaluate_all(
        "rows => rows.map(r => r.dataset.code)"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_lists_what_a_draft_changes(service, open_page, language):
    page = open_page(service.url, language=language, size=SMALL, path=NO_MAP)
    plan = plan_with_changes(page)
    drawer = page.locator(".drawer")
    drawer.get_by_text("有改动" if language == "zh" else "Changed").click()
    drawer.get_by_text("全部" if language == "zh" else "All", exact=True).click()
    changed = {c["code"]: c for c in plan["difference"]["grids"] if c["change"] != "removed"}
    count = f"{len(changed)} 个网格" if language == "zh" else f"{len(changed)} grids"
    expect(page.locator(".totals strong")).to_have_text(count)
    assert codes(page) == sorted(changed)
    merged = changed[plan["kept"]]
    cell = page.locator(f".table-row[data-code='{plan['kept']}'] [data-column=change]")
    expect(cell).to_have_text(f"{merged['households_before']} → {merged['households_after']}")
    households = sum(c["households_after"] for c in changed.values())
    expect(page.locator(".totals")).to_contain_text(f"{households:,}")


def test_filters_are_the_servers(service, open_page):
    page = open_page(service.url, path=NO_MAP)
    plan = plan_with_changes(page)
    edit_plan(page, plan["id"], {"type": "lock", "grids": [plan["split"]]})
    drawer = page.locator(".drawer")
    drawer.get_by_text("方案范围").click()
    asked = f"/api/grids?plan={plan['id']}&village={plan['scope']}"
    total = fetch(page, asked)["total"]
    expect(page.locator(".totals strong")).to_have_text(f"{total} 个网格")
    choose(page, "状态", "偏小")
    below = fetch(page, f"{asked}&status=below&limit=2000")
    expect(page.locator(".totals strong")).to_have_text(f"{below['total']} 个网格")
    assert 0 < below["total"] < total
    statuses = page.locator(".table-row[data-code] .status")
    expect(statuses.first).to_have_text("偏小")
    assert set(statuses.all_inner_texts()) == {"偏小"}
    page.get_by_label("所有状态").click()
    drawer.get_by_text("已锁定", exact=True).click()
    expect(page.locator(".totals strong")).to_have_text("1 个网格")
    assert codes(page) == [plan["split"]]
    expect(page.locator(".row-lock")).to_be_visible()


def test_table_and_map_follow_each_other(service, open_page):
    page = open_page(service.url, path=NO_MAP)
    plan = plan_with_changes(page)
    page.locator(".drawer").get_by_text("全部").click()
    page.get_by_label("编码或名称").fill(plan["village"])
    row = page.locator(f".table-row[data-code='{plan['kept']}']")
    row.click()
    expect(row).to_have_attribute("aria-selected", "true")
    expect(row).to_have_attribute("data-chosen", "true")
    other = page.locator(f".table-row[data-code='{plan['split']}']")
    other.click(modifiers=["Control"])
    expect(other).to_have_attribute("data-chosen", "true")
    expect(row).to_have_attribute("data-chosen", "true")
    other.click(modifiers=["Shift"])
    expect(other).to_have_attribute("data-chosen", "false")
    # the whole county is listed again: the selection is far down, and is scrolled to
    row.click()
    page.get_by_label("编码或名称").fill("")
    expect(page.locator(".totals strong")).not_to_have_text(re.compile("^.{1,3} 个网格"))
    expect(row).to_be_in_viewport()
    place = fetch(page, f"/api/grids?plan={plan['id']}&find={plan['kept']}&limit=1")["position"]
    expect(row).to_have_attribute("aria-rowindex", str(place + 2))
    assert place > 200, "this proves nothing on the first page"
    # the grid under the pointer is marked in the table
    page.get_by_label("编码或名称").fill(plan["village"])
    shape = draft_grids(page, plan["id"], plan["village"])[plan["kept"]]
    go_to(page, shape.bounds)
    point = shape.representative_point()
    move_to(page, (point.x, point.y))
    expect(row).to_have_attribute("data-pointed", "true")
    expect(page.locator(".table-row[data-pointed=true]")).to_have_count(1)


def test_ten_thousand_rows_are_scrolled(service, open_page):
    page = open_page(service.url, path=NO_MAP)
    total = 10_000

    def many(route):
        asked = parse_qs(urlsplit(route.request.url).query)
        if "find" in asked:
            route.continue_()
            return
        answer = route.fetch()
        body = answer.json()
        first, limit = int(asked.get("offset", ["0"])[0]), int(asked.get("limit", ["100"])[0])
        sample = body["rows"][0] if body["rows"] else many.sample
        many.sample = sample
        body["rows"] = [
            {**sample, "code": f"{number:015}"}
            for number in range(first, min(first + limit, total))
        ]
        route.fulfill(response=answer, json={**body, "total": total})

    page.route("**/api/grids?*", many)
    page.goto(service.url)
    wait_for_map(page)
    rows = page.locator(".table-row[data-code]")
    expect(page.locator(".totals strong")).to_contain_text("10,000")
    rows.first.focus()
    page.keyboard.press("End")
    last = page.locator(f".table-row[data-code='{total - 1:015}']")
    expect(last).to_be_in_viewport()
    assert rows.count() < 200, "only what is in view is on the page"
    page.mouse.move(*[page.locator(".drawer").bounding_box()[side] + 200 for side in ("x", "y")])
    page.mouse.wheel(0, -1_000_000)
    expect(page.locator(f".table-row[data-code='{0:015}']")).to_be_in_viewport()


def test_what_is_listed_leaves_as_a_file(service, open_page, tmp_path):
    page = open_page(service.url, path=NO_MAP)
    plan = plan_with_changes(page)
    page.locator(".drawer").get_by_text("方案范围").click()
    page.locator(".drawer").get_by_text("有改动").click()
    changed = {c["code"]: c for c in plan["difference"]["grids"] if c["change"] != "removed"}
    expect(page.locator(".totals strong")).to_have_text(f"{len(changed)} 个网格")
    page.get_by_role("button", name="导出", exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("menuitem", name="导出所列网格（CSV）").click()
    path = tmp_path / "listed.csv"
    started.value.save_as(path)
    assert plan["name"] in started.value.suggested_filename
    head, *rows = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    assert "SYNTHETIC" in rows.pop()[0]
    listed = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert set(listed) == set(changed)
    kept = changed[plan["kept"]]
    assert listed[plan["kept"]]["户数"] == str(kept["households_after"])
    assert listed[plan["kept"]]["调整前户数"] == str(kept["households_before"])
    page.get_by_role("button", name="导出", exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("menuitem", name=re.compile("GeoJSON")).click()
    started.value.save_as(tmp_path / "all.geojson")
    text = (tmp_path / "all.geojson").read_text(encoding="utf-8")
    assert plan["id"] in text
    assert f'"{plan["gone"]}"' not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_numbers_of_the_plan_follow_every_edit_and_never_vanish(service, open_page, language):
    page = open_page(service.url, language=language, path=NO_MAP)
    plan = plan_with_changes(page)
    title = "方案数字" if language == "zh" else "The plan in numbers"
    card = page.locator(".card", has=page.get_by_role("heading", name=title))
    moved = "换网格的住户" if language == "zh" else "Households that change grid"
    fact = card.locator(".fact", has=page.get_by_text(moved)).locator("dd")
    number = plan["difference"]["totals"]["households_moved"]
    expect(fact).to_contain_text(f"{number:,}")
    summary = call(page, "GET", f"/api/plans/{plan['id']}/summary")
    old, new = (summary[side] for side in ("before", "after"))
    expect(card).to_contain_text(f"{old['within'] / old['rated']:.1%}")
    expect(card).to_contain_text(f"{new['within'] / new['rated']:.1%}")
    bars = card.locator(".histogram rect").count()
    assert bars > 3
    expect(card.locator(".histogram-before")).to_be_visible()
    # while the numbers of the next revision are on their way, those of the last one stay
    page.evaluate(
        """() => { window.dashes = 0; new MutationObserver(() => {
          if (document.querySelector('.panel').innerText.includes('—')) window.dashes += 1;
        }).observe(document.querySelector('.panel'), {subtree: true, childList: true,
          characterData: true}); }"""
    )
    grids = call(page, "GET", f"/api/plans/{plan['id']}/grids?village={plan['village']}")
    assert len(grids["features"]) > 2
    page.keyboard.press("Control+z")
    page.wait_for_timeout(300)
    expect(fact).not_to_contain_text(f"{number:,}")
    after = call(page, "GET", f"/api/plans/{plan['id']}/difference")["totals"]["households_moved"]
    expect(fact).to_contain_text(f"{after:,}")
    assert page.evaluate("window.dashes") == 0
