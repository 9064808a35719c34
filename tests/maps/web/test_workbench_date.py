"""The lines of another day, and what a draft's details say."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import expect

from data import grids
from tests.maps.web.conftest import NO_MAP, SMALL, fetch, wait_for_map
from tests.maps.web.village import VILLAGE
from tests.maps.web.workbench import (
    across,
    draft_grids,
    edit_plan,
    go_to,
    make_plan,
    plan_with_changes,
)

DAY = "Day of the lines"


def rename(service, code: str) -> None:
    """Give a grid a new name from the first of March 2026 on."""
    with service.engine.begin() as connection:
        lines = grids.fetch_frame(connection)
        mine = lines[lines["code"] == code].assign(name="后来的名字")
        grids.store_frame(
            connection, mine.reset_index(drop=True), now=datetime(2026, 3, 2, tzinfo=UTC)
        )


def test_a_day_shows_its_lines_everywhere(own_service, open_page):
    page = open_page(own_service.url, size=SMALL)
    wait_for_map(page)
    code = page.locator(".table-row[data-code]").nth(1).get_attribute("data-code")
    rename(own_service, code)
    row = page.locator(f".table-row[data-code='{code}']")
    expect(row).to_contain_text("后来的名字")
    field = page.get_by_label("网格线日期")
    today = field.input_value()
    with page.expect_response(lambda r: "/tiles/grids/" in r.url and "date=2025-05-01" in r.url):
        field.fill("2025-05-01")
    expect(page.locator(".lines-mark")).to_contain_text("2025-05-01 的网格线，不是现行")
    expect(row).not_to_contain_text("后来的名字")
    row.click()
    then = fetch(page, f"/api/grids/{code}?date=2025-05-01")
    expect(page.locator(".inspector-name")).to_contain_text(then["name"])
    # its history leads to the days of its versions
    page.locator(".inspector").get_by_role("button", name="2026-03-02").click()
    expect(field).to_have_value("2026-03-02")
    expect(page.locator(".inspector-name")).to_contain_text("后来的名字")
    page.get_by_role("button", name="回到今天").click()
    expect(page.locator(".lines-mark")).to_have_count(0)
    expect(field).to_have_value(today)
    assert field.get_attribute("max") == today
    # before there were any the selected grid is not there either
    page.watch.allow("404")
    field.fill("2020-01-01")
    expect(page.locator(".drawer-message")).to_contain_text("2020-01-01 这里还没有网格")


def test_a_draft_has_no_days_and_its_grids_say_what_they_were(service, open_page):
    page = open_page(service.url, language="en", size=SMALL, path=NO_MAP)
    plan = plan_with_changes(page)
    expect(page.get_by_label(DAY)).to_have_count(0)
    expect(page.locator(".lines-draft")).to_have_text("Draft shown")
    page.get_by_label("Code or name").fill(plan["kept"])
    page.locator(f".table-row[data-code='{plan['kept']}']").click()
    inspector = page.locator(".inspector")
    expect(inspector).to_contain_text("draft, not in force")
    (change,) = [c for c in plan["difference"]["grids"] if c["code"] == plan["kept"]]
    expect(inspector).to_contain_text(
        f"{change['households_before']} → {change['households_after']}"
    )
    page.get_by_label("Close the plan").first.click()
    expect(page.get_by_label(DAY)).to_be_visible()


def names_of_grids(page):
    """Return the suffixes of grids that are written on the map."""
    written = page.evaluate(
        """() => wanggeMap.ol.getLayers().getArray()
            .filter(layer => layer.getZIndex() === 60)
            .flatMap(layer => layer.getSource().getFeatures())
            .map(feature => feature.getStyle().getText()?.getText())"""
    )
    return {name for name in written if name and name.isdigit()}


def expect_names(page, is_so):
    for _ in range(50):
        if is_so(names_of_grids(page)):
            return
        page.wait_for_timeout(100)
    raise AssertionError(names_of_grids(page))


def test_names_on_the_map_are_those_of_the_lines_on_show(bench):
    page = bench
    plan = make_plan(page, VILLAGE)
    grids = draft_grids(page, plan["id"], VILLAGE)
    code, grid = max(grids.items(), key=lambda item: item[1].area)
    go_to(page, grid.bounds)
    expect_names(page, lambda names: code[-3:] in names)
    line = {"type": "LineString", "coordinates": across(grid)}
    made = edit_plan(page, plan["id"], {"type": "split", "grid": code, "line": line})
    (new,) = {row["code"] for row in made["changed"]} - set(grids)
    # a small edit is drawn within a frame, without any loading
    expect_names(page, lambda names: new[-3:] in names)
    page.get_by_label("关闭方案").click()
    expect_names(page, lambda names: new[-3:] not in names and code[-3:] in names)
    day = page.locator("input[type=date]")
    day.fill("2020-01-01")
    expect_names(page, lambda names: not names)
    # a plan can be begun all the same: it starts from the lines in force
    expect(page.locator(".new-plan")).to_be_visible()
    expect(page.get_by_text("先在“数据”中导入网格")).to_have_count(0)
    page.get_by_role("button", name="今天", exact=True).click()
    expect_names(page, lambda names: code[-3:] in names)
