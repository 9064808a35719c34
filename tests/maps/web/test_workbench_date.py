"""The lines of another day, and what a draft's details say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from data import grids
from tests.maps.web.conftest import SMALL, fetch, wait_for_map
from tests.maps.web.workbench import plan_with_changes

WORDS = {
    "zh": ("网格线日期", "2025-05-01 的网格线，不是现行", "回到今天"),
    "en": ("Day of the lines", "Lines of 2025-05-01, not those in force", "Back to today"),
}


def rename(service, code: str) -> None:
    """Give a grid a new name from the first of March 2026 on."""
    with service.engine.begin() as connection:
        lines = grids.fetch_frame(connection)
        mine = lines[lines["code"] == code].assign(name="后来的名字")
        grids.store_frame(
            connection, mine.reset_index(drop=True), now=datetime(2026, 3, 2, tzinfo=UTC)
        )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_day_shows_its_lines_everywhere(own_service, open_page, language):
    label, words, back = WORDS[language]
    page = open_page(own_service.url, language=language, size=SMALL)
    wait_for_map(page)
    code = page.locator(".table-row[data-code]").nth(1).get_attribute("data-code")
    rename(own_service, code)
    row = page.locator(f".table-row[data-code='{code}']")
    expect(row).to_contain_text("后来的名字")
    field = page.get_by_label(label)
    today = field.input_value()
    with page.expect_response(lambda r: "/tiles/grids/" in r.url and "date=2025-05-01" in r.url):
        field.fill("2025-05-01")
    expect(page.locator(".lines-mark")).to_contain_text(words)
    expect(row).not_to_contain_text("后来的名字")
    row.click()
    then = fetch(page, f"/api/grids/{code}?date=2025-05-01")
    expect(page.locator(".inspector-name")).to_contain_text(then["name"])
    # its history leads to the days of its versions
    page.locator(".inspector").get_by_role("button", name="2026-03-02").click()
    expect(field).to_have_value("2026-03-02")
    expect(page.locator(".inspector-name")).to_contain_text("后来的名字")
    page.get_by_role("button", name=back).click()
    expect(page.locator(".lines-mark")).to_have_count(0)
    expect(field).to_have_value(today)
    assert field.get_attribute("max") == today
    # before there were any the selected grid is not there either
    page.watch.allow("404")
    field.fill("2020-01-01")
    empty = "2020-01-01 这里还没有网格" if language == "zh" else "no grids here on 2020-01-01"
    expect(page.locator(".drawer-message")).to_contain_text(empty)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_draft_has_no_days_and_its_grids_say_what_they_were(own_service, open_page, language):
    page = open_page(own_service.url, language=language, size=SMALL)
    wait_for_map(page)
    plan = plan_with_changes(page)
    expect(page.get_by_label(WORDS[language][0])).to_have_count(0)
    expect(page.locator(".lines-draft")).to_have_text(
        "显示草案" if language == "zh" else "Draft shown"
    )
    page.get_by_label("编码或名称" if language == "zh" else "Code or name").fill(plan["kept"])
    page.locator(f".table-row[data-code='{plan['kept']}']").click()
    inspector = page.locator(".inspector")
    expect(inspector).to_contain_text(
        "草案（尚未生效）" if language == "zh" else "draft, not in force"
    )
    (change,) = [c for c in plan["difference"]["grids"] if c["code"] == plan["kept"]]
    expect(inspector).to_contain_text(
        f"{change['households_before']} → {change['households_after']}"
    )
    page.get_by_label("关闭方案" if language == "zh" else "Close the plan").first.click()
    expect(page.get_by_label(WORDS[language][0])).to_be_visible()
