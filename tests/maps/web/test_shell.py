"""The page as a whole: opens alone, speaks both languages, fits a small screen, needs no mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.maps.web.conftest import LARGE, SMALL, choose, fetch, wait_for_map

# what a planner sees overflow: boxes wider than the window, words cut inside buttons and facts
OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth > innerWidth;
  const cut = [...document.querySelectorAll(
    'button, .fact dt, .fact dd, .rail-item span, .card-title *, .legend *, .map-corner *, .top *')]
    .filter((e) => e.offsetParent && e.children.length === 0 && e.textContent.trim()
      && getComputedStyle(e).textOverflow !== 'ellipsis' && e.scrollWidth > e.clientWidth + 1
      && e.clientWidth > 0)
    .map((e) => e.textContent);
  return { wide, cut };
}"""


def test_opens_with_counts_mark_and_legend(page):
    expect(page.locator(".synthetic")).to_contain_text("SYNTHETIC")
    expect(page.locator(".county")).to_have_text("城口县")
    expect(page.locator(".map-mark")).to_have_text("内部工作用图，不得公开")
    expect(page.locator(".legend")).to_contain_text("每网格户数")
    expect(page.locator(".ol-scale-line-inner")).to_be_visible()
    counts = fetch(page, "/api/workspace")["layers"]
    for layer in ("grids", "villages", "townships", "households", "centers"):
        row = page.locator(f".layer-row[data-layer={layer}] .layer-count")
        expect(row).to_have_text(f"{counts[layer]['count']:,}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_first_language_is_the_browsers(service, open_page, language):
    page = open_page(service.url, language=language)
    expected = "图层" if language == "zh" else "Layers"
    expect(page.locator(".panel-title")).to_have_text(expected)
    assert page.evaluate("document.documentElement.lang") == ("zh-CN" if language == "zh" else "en")


def test_language_switch_is_remembered(page):
    page.get_by_role("button", name="English").click()
    expect(page.locator(".panel-title")).to_have_text("Layers")
    expect(page.locator(".county")).to_have_text("Chengkou County")
    expect(page.locator(".legend")).to_contain_text("Households per grid")
    page.reload()
    expect(page.locator(".panel-title")).to_have_text("Layers")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["1366x768", "1600x940"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_overflows(service, open_page, language, size):
    page = open_page(service.url, language=language, size=size)
    wait_for_map(page)
    page.locator(".table-row[data-code]").first.click()
    page.wait_for_selector(".rule-bar")
    for panel in range(5):
        if panel:
            page.locator(".rail-item").nth(panel).click()
            page.wait_for_selector(".panel .card")
        found = page.evaluate(OVERFLOW)
        assert found == {"wide": False, "cut": []}, f"panel {panel}"
    assert page.locator("#map").bounding_box()["width"] > 0.45 * size["width"]


def test_layers_fold_and_legend_follows(page):
    page.get_by_label("自然村", exact=True).check()
    expect(page.locator(".legend")).to_contain_text("自然村")
    choose(page, "网格着色", "是否合规")
    expect(page.locator(".legend")).to_contain_text("偏小")
    choose(page, "网格着色", "到中心距离")
    expect(page.locator(".legend")).to_contain_text("km")
    page.get_by_label("收起图例").click()
    expect(page.locator(".signs")).to_have_count(0)


def test_keyboard_alone(page):
    """Search, inspect, table, panels, help: no mouse."""
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#map")).to_be_focused()
    page.keyboard.press("+")
    page.wait_for_timeout(600)
    page.keyboard.press("Enter")
    expect(page.locator(".inspector-name")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    expect(page.locator(".panel-title")).to_have_text("服务")
    page.keyboard.press("t")
    expect(page.locator(".drawer")).to_have_attribute("data-open", "false")
    page.keyboard.press("t")
    row = page.locator(".table-row[data-code]").first
    row.focus()
    page.keyboard.press("ArrowDown")
    second = page.locator(".table-row[data-code]").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.locator(".inspector .rule-bar")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("键盘快捷键")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()


def test_empty_store_says_what_to_do(empty_service, open_page):
    page = open_page(empty_service.url)
    expect(page.get_by_text("库里还没有数据")).to_be_visible()
    page.get_by_role("button", name="去导入").click()
    expect(page.locator(".panel-title")).to_have_text("数据")


def test_page_carries_its_licences(page):
    answer = page.request.get(page.watch.origin + "licenses.txt")
    assert answer.ok
    text = answer.text()
    for library in ("ol", "react", "@mantine/core", "gcoord"):
        assert re.search(rf"^#+ {re.escape(library)}\b", text, re.MULTILINE), library
