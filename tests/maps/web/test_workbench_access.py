"""The screens of a draft: no serious violation by axe, everything in sight on a small screen."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import maps
from tests.maps.web.conftest import SMALL, wait_for_map
from tests.maps.web.workbench import (
    across,
    busy_village,
    draft_grids,
    draw,
    edit_plan,
    expect_preview,
    go_to,
    make_plan,
)

AXE = Path(maps.__file__).parent / "web/node_modules/axe-core/axe.min.js"
FIRST_LOAD = 400 * 1024  # bytes of scripts, compressed


def violations(page: Page, part: str = "body") -> list[tuple[str, str, str]]:
    page.wait_for_timeout(400)  # what opens fades in
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("part => axe.run(part, {resultTypes: ['violations']})", part)
    return [
        (v["id"], v["nodes"][0]["html"][:160], v["nodes"][0]["failureSummary"][:200])
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_screens_of_a_draft_are_accessible(service, open_page, language):
    page = open_page(service.url, language=language, size=SMALL)
    wait_for_map(page)
    page.keyboard.press("2")
    page.wait_for_selector(".new-plan")
    assert violations(page) == [], "list of plans"

    plan = make_plan(page, "500229103")
    village, grids = busy_village(page, plan["id"])
    code = max(grids, key=lambda one: grids[one].area)
    go_to(page, grids[code].buffer(0.003).bounds)
    for key in "vmbtpxgolerc":
        page.keyboard.press(key)
        expect(page.locator(".tool[data-active=true] kbd")).to_have_text(key.upper())
        assert violations(page, ".panel") == [], f"tool {key}"
    assert violations(page) == [], "hint on the map"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    draw(page, across(grids[code]))
    expect_preview(page)
    assert violations(page) == [], "preview"
    page.keyboard.press("Escape")

    edit_plan(page, plan["id"], {"type": "merge", "grids": beside(grids)})
    expect(page.locator(".panel").get_by_text("1").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.wait_for_timeout(1500)
    assert violations(page) == [], "comparison"
    page.keyboard.press("d")
    page.locator(".plan-actions button").first.click()
    assert violations(page) == [], "submit"
    page.get_by_role("dialog").get_by_role("button").last.click()
    page.locator(".plan-actions button").first.click()
    page.wait_for_selector("[role=dialog] .facts")
    assert violations(page) == [], "publish"
    assert draft_grids(page, plan["id"], village).keys() < grids.keys()


def beside(grids: dict) -> list[str]:
    """Return the two grids with the longest common border."""
    pairs = [(a, b) for a in grids for b in grids if a < b]
    return list(max(pairs, key=lambda pair: grids[pair[0]].intersection(grids[pair[1]]).length))


def test_the_first_load_is_small(service, open_page):
    """Scripts of the first view, compressed as they are sent: old PCs on a slow intranet."""
    page = open_page(service.url)
    wait_for_map(page)
    page.wait_for_timeout(500)
    addresses = page.evaluate(
        "performance.getEntriesByType('resource').map(e => e.name).filter(n => n.endsWith('.js'))"
    )
    assert len(addresses) > 3
    bodies = [page.request.get(address).body() for address in set(addresses)]
    assert sum(len(gzip.compress(body)) for body in bodies) <= FIRST_LOAD
