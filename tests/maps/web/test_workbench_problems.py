"""Problems of a plan: counted, gone through, each with its place and the way out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.maps.web.conftest import SMALL
from tests.maps.web.workbench import call, draft_grids, edit_plan, make_plan

VILLAGE = "500229102208"
TOWNSHIP = VILLAGE[:9]
COUNTY = VILLAGE[:6]


def merge_all(page, plan, most):
    """Merge neighbours until a grid is larger than the rules want; return how many merges."""
    made = 0
    while made < most:
        grids = draft_grids(page, plan, VILLAGE)
        keep = max(grids, key=lambda code: grids[code].area)
        others = [
            c for c in grids if c != keep and grids[c].intersection(grids[keep]).length > 1e-4
        ]
        if not others:
            break
        edit_plan(page, plan, {"type": "merge", "grids": [keep, others[0]], "keep": keep})
        made += 1
        if call(page, "GET", f"/api/plans/{plan}/problems")["problems"]:
            break
    return made


def settle(page, plan):
    """Wait until the panel shows the problems there are; return them."""
    found = call(page, "GET", f"/api/plans/{plan}/problems")["problems"]
    expect(page.locator(".plan-problems > li")).to_have_count(min(len(found), 20))
    return found


def test_problems_come_and_go_with_the_edits(bench):
    page = bench
    page.set_viewport_size(SMALL)
    plan = make_plan(page, TOWNSHIP)["id"]
    assert merge_all(page, plan, 9)
    [problem, *_] = settle(page, plan)
    row = page.locator(".plan-problems > li").first
    expect(row).to_contain_text(problem["message_zh"])
    count = page.locator(".plan-actions").get_by_role("button", name="问题")
    expect(count).to_be_in_viewport()
    revision = call(page, "GET", f"/api/plans/{plan}")["revision"]
    page.keyboard.press("Control+z")
    expect(page.locator(".plan-state")).to_contain_text(str(revision + 1))
    expect(page.locator(".plan-problems > li")).to_have_count(0)
    expect(count).to_have_count(0)


def test_next_goes_round_and_round_and_chooses_the_grids(bench):
    page = bench
    plan = make_plan(page, TOWNSHIP)["id"]
    grids = draft_grids(page, plan, VILLAGE)
    # every grid of the village gets a small new neighbour: several odd sizes at once
    for code, shape in sorted(grids.items(), key=lambda item: -item[1].area)[:3]:
        west, south, east, north = shape.bounds
        x = (west + east) / 2
        line = {"type": "LineString", "coordinates": [[x, south - 0.001], [x, north + 0.001]]}
        edit_plan(page, plan, {"type": "split", "grid": code, "line": line})
    found = settle(page, plan)
    assert len(found) >= 2, "the sample has small grids here"
    places = []
    for step in range(len(found) + 1):
        page.keyboard.press("n")
        current = page.locator(".plan-problems > li[data-current=true]")
        expect(current).to_have_count(1)
        expect(current).to_be_in_viewport()
        expect(page.locator(".card-title")).to_contain_text(
            [f"{step % len(found) + 1}/{len(found)}"]
        )
        page.wait_for_timeout(400)  # a fit is animated
        places.append(page.evaluate("window.wanggeMap.ol.getView().getCenter()"))
    assert places[0] == pytest.approx(places[-1]), "round and round"
    assert len({tuple(place) for place in places}) > 1
    # what is chosen is what the problem is about: merging needs no more choosing
    page.locator(".plan-problems > li .link").first.click()
    expect(page.locator(".tool[data-active=true] kbd")).to_have_text("M")


def test_b_stays_a_tool_in_a_draft_and_goes_back_in_a_submitted_plan(bench):
    page = bench
    plan = make_plan(page, TOWNSHIP)["id"]
    assert merge_all(page, plan, 9)
    settle(page, plan)
    page.keyboard.press("b")
    expect(page.locator(".tool[data-active=true] kbd")).to_have_text("B")
    revision = call(page, "GET", f"/api/plans/{plan}")["revision"]
    call(page, "POST", f"/api/plans/{plan}/submit", **{"If-Match": str(revision)})
    expect(page.locator(".tools")).to_have_count(0)
    page.keyboard.press("b")
    expect(page.locator(".plan-problems > li[data-current=true]")).to_have_count(1)


def test_hundreds_of_problems_stay_usable(bench):
    page = bench
    plan = make_plan(page, COUNTY)["id"]

    def many(route):
        answer = route.fetch()
        body = answer.json()
        body["problems"] = [
            {
                "number": number,
                "village": VILLAGE,
                "key": "grid_below_minimum" if number % 2 else "gap_in_village",
                "severity": "warning" if number % 2 else "error",
                "message": f"problem {number}",
                "message_zh": f"第 {number} 个问题",
                "details": {},
                "row": None,
                "field": None,
                "grids": [],
                "geometry": {"type": "Point", "coordinates": [108.6 + number / 1e4, 31.9]},
                "bbox": [108.6 + number / 1e4, 31.9, 108.6 + number / 1e4, 31.9],
            }
            for number in range(1, 801)
        ]
        route.fulfill(response=answer, json={**body, "errors": 400, "warnings": 400})

    page.route(f"**/api/plans/{plan}/problems", many)
    page.reload()
    rows = page.locator(".plan-problems > li")
    expect(rows).to_have_count(20)
    expect(rows.first).to_contain_text("第 2 个问题")
    expect(rows.first).to_contain_text("去处理：补空白")
    page.get_by_role("button", name="再显示 100 条").click()
    expect(rows).to_have_count(120)
    rows.nth(119).locator(".problem-button").click()
    page.keyboard.press("n")
    expect(page.locator(".plan-problems > li[data-current=true]")).to_contain_text("第 242 个问题")
    rows.first.locator(".link").click()
    expect(page.locator(".tool[data-active=true] kbd")).to_have_text("G")
