"""The comparison on paper: two maps and the register, one page for a small plan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.maps.web.conftest import NO_MAP, SMALL, choose
from tests.maps.web.workbench import plan_with_changes

ARTIFACTS = Path(__file__).parents[3] / "artifacts"
MM = 96 / 25.4
SIZES = {"A4-landscape": (297, 210), "A4-portrait": (210, 297)}


@pytest.mark.parametrize(("language", "paper"), [("zh", "A4-landscape"), ("en", "A4-portrait")])
def test_the_comparison_is_one_page(service, open_page, tmp_path, language, paper):
    page = open_page(service.url, language=language, size=SMALL, path=NO_MAP)
    plan = plan_with_changes(page)
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    before = page.evaluate("() => window.wanggeMap.ol.getView().getZoom()")
    page.keyboard.press("d")
    expect(page.locator(".change-row").first).to_be_visible()
    page.get_by_role(
        "button", name="打印对照表" if language == "zh" else "Print", exact=True
    ).last.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("备注（可留空）" if language == "zh" else "Note (optional)").fill("第 3 稿")
    if paper == "A4-portrait":
        choose(page, "Paper", "A4 portrait")
    dialog.get_by_role("button", name="打印…" if language == "zh" else "Print…").click()
    for _ in range(300):
        if page.evaluate("() => window.printed"):
            break
        page.wait_for_timeout(100)
    sheet = page.locator(".comparison-sheet")
    width, height = SIZES[paper]
    page.set_viewport_size({"width": int((width - 20) * MM), "height": int((height - 20) * MM)})
    page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(page.locator(".map-frame")).to_be_hidden()
    for words in (plan["name"], "SYNTHETIC", "1:", "第 3 稿"):
        expect(sheet).to_contain_text(words)
    expect(sheet.locator(".sheet-mark")).not_to_be_empty()
    rows = sheet.locator(".register tbody tr")
    expect(rows).to_have_count(len(plan["difference"]["grids"]))
    (merged,) = [g for g in plan["difference"]["grids"] if g["code"] == plan["kept"]]
    expect(sheet).to_contain_text(f"{merged['households_before']} → {merged['households_after']}")
    pictures = sheet.locator("img").evaluate_all("all => all.map(i => i.src)")
    assert len(pictures) == 2
    assert pictures[0] != pictures[1], "before is not after"
    assert min(map(len, pictures)) > 20_000, "a map, not a blank"
    page.screenshot(path=ARTIFACTS / f"print-comparison-{paper}.png", full_page=True)
    page.emulate_media(media="screen")
    page.set_viewport_size(SMALL)
    file = tmp_path / "comparison.pdf"
    page.pdf(path=file, prefer_css_page_size=True, print_background=True)
    content = file.read_bytes()
    assert re.findall(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)", content) == [b"1"]
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", content)
    assert [round(float(side) / 72 * 25.4) for side in boxes[0]] == [width, height]
    # the screen is as it was
    expect(sheet).to_have_count(0)
    expect(page.locator("#map")).to_be_visible()
    assert page.evaluate("() => window.wanggeMap.ol.getView().getZoom()") == pytest.approx(before)
