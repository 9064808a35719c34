"""Faults of the lines: gaps filled, overlaps resolved, land outside cut off."""

from __future__ import annotations

import pytest
import shapely
from playwright.sync_api import expect

from tests.maps.web.conftest import NO_MAP
from tests.maps.web.village import (
    TOWNSHIP,
    VILLAGE,
    click_grid,
    expect_revision,
    grid_code,
    import_lines,
    middle,
    show_village,
)
from tests.maps.web.workbench import (
    apply,
    call,
    click_map,
    draft_grids,
    edit_plan,
    expect_preview,
    make_plan,
)

FIRST, SECOND = grid_code(1), grid_code(2)


def lines_in_force(page):
    found = call(page, "GET", f"/api/exports/grids.geojson?scope={VILLAGE}")["features"]
    return {one["properties"]["code"]: shapely.geometry.shape(one["geometry"]) for one in found}


def border_between(grids, one, other):
    return shapely.line_merge(shapely.intersection(grids[one], grids[other]))


def draft_on(page, changed):
    """Import faulty lines, and open a draft upon them."""
    import_lines(page, changed)
    plan = make_plan(page, TOWNSHIP)["id"]
    show_village(page, plan)
    return plan


def test_a_gap_goes_to_the_longest_border_or_to_who_is_chosen(own_service, open_page):
    page = open_page(own_service.url, path=NO_MAP)
    grids = lines_in_force(page)
    spot = shapely.Point(border_between(grids, FIRST, SECOND).interpolate(0.5, normalized=True))
    lost = shapely.intersection(spot.buffer(0.0012), grids[FIRST])
    left = shapely.difference(grids[FIRST], lost)
    plan = draft_on(page, {FIRST: left})
    gap = shapely.difference(grids[FIRST], left)
    page.keyboard.press("g")
    expect(page.locator(".panel .problem-button")).to_have_count(1)
    page.keyboard.press("n")
    expect_preview(page)
    # the planner wants the other one
    page.wait_for_timeout(500)  # the map goes there
    click_grid(page, shapely.intersection(spot.buffer(0.0008), grids[SECOND]))
    expect(page.locator(".preview-card [data-code]")).to_have_attribute("data-code", SECOND)
    apply(page)
    expect_revision(page, 1)
    after = draft_grids(page, plan, VILLAGE)
    assert after[SECOND].contains(shapely.Point(middle(gap)))
    assert after[SECOND].area == pytest.approx(grids[SECOND].area + gap.area)
    expect(page.locator(".hint")).to_contain_text("没有空白")


def test_a_gap_is_clicked(own_service, open_page):
    page = open_page(own_service.url, path=NO_MAP)
    grids = lines_in_force(page)
    gap = shapely.Point(middle(grids[FIRST])).buffer(0.001)
    plan = draft_on(page, {FIRST: shapely.difference(grids[FIRST], gap)})
    page.keyboard.press("g")
    expect(page.locator(".panel .problem-button")).to_have_count(1)
    click_map(page, middle(gap))
    expect_preview(page)
    apply(page)
    expect_revision(page, 1)
    after = draft_grids(page, plan, VILLAGE)
    assert after[FIRST].area == pytest.approx(grids[FIRST].area)


def test_an_overlap_goes_to_the_winner(own_service, open_page):
    page = open_page(own_service.url, path=NO_MAP)
    grids = lines_in_force(page)
    spot = shapely.Point(border_between(grids, FIRST, SECOND).interpolate(0.5, normalized=True))
    more = shapely.intersection(spot.buffer(0.0012), grids[SECOND])
    plan = draft_on(page, {FIRST: shapely.union(grids[FIRST], spot.buffer(0.0012))})
    page.keyboard.press("o")
    expect(page.locator(".panel .problem-button")).to_have_count(1)
    click_map(page, middle(more))
    expect(page.locator(".remedies button")).to_have_count(2)
    expect(page.locator(".preview-card")).to_have_count(0)  # who wins is the planner's to say
    page.get_by_role("button", name="归 001").click()
    expect_preview(page)
    click_grid(page, shapely.difference(grids[SECOND], more))
    expect(page.get_by_role("button", name="归 002")).to_have_attribute("aria-pressed", "true")
    expect_preview(page)
    apply(page)
    expect_revision(page, 1)
    after = draft_grids(page, plan, VILLAGE)
    assert after[FIRST].area == pytest.approx(grids[FIRST].area)
    assert after[SECOND].area == pytest.approx(grids[SECOND].area)
    expect(page.locator(".hint")).to_contain_text("没有重叠")


def test_what_is_asked_goes_on_while_the_faults_are_read_again(own_service, open_page):
    page = open_page(own_service.url, path=NO_MAP)
    grids = lines_in_force(page)
    spot = shapely.Point(border_between(grids, FIRST, SECOND).interpolate(0.5, normalized=True))
    plan = draft_on(page, {FIRST: shapely.union(grids[FIRST], spot.buffer(0.0012))})
    page.keyboard.press("o")
    expect(page.locator(".panel .problem-button")).to_have_count(1)
    held = []
    page.route("**/api/partition/problems*", lambda route: held.append(route))
    # somebody else's edit elsewhere: the page reads the faults of the new revision
    elsewhere = next(code for code in grids if code not in (FIRST, SECOND))
    edit_plan(page, plan, {"type": "lock", "grids": [elsewhere]})
    expect_revision(page, 1)
    click_map(page, middle(shapely.intersection(spot.buffer(0.0012), grids[SECOND])))
    page.locator(".remedies button").first.click()
    expect_preview(page)
    [route] = held
    with page.expect_response("**/api/partition/problems*"):
        route.continue_()
    page.wait_for_timeout(500)
    expect_preview(page)


def test_land_outside_the_village_is_cut_off(own_service, open_page):
    page = open_page(own_service.url, path=NO_MAP)
    grids = lines_in_force(page)
    whole = shapely.union_all(list(grids.values()))
    rim = shapely.intersection(grids[FIRST].boundary, whole.boundary)
    spot = shapely.line_interpolate_point(shapely.line_merge(rim), 0.5, normalized=True)
    plan = draft_on(page, {FIRST: shapely.union(grids[FIRST], spot.buffer(0.001))})
    page.keyboard.press("o")
    expect(page.locator(".panel .problem-button").first).to_be_visible()
    page.locator(".panel .problem-button", has_text="之外").first.click()
    expect_preview(page)
    apply(page)
    expect_revision(page, 1)
    after = draft_grids(page, plan, VILLAGE)
    assert after[FIRST].area == pytest.approx(grids[FIRST].area)


def test_two_sides_of_a_border_get_the_same_nodes(own_service, open_page):
    page = open_page(own_service.url, path=NO_MAP)
    grids = lines_in_force(page)
    border = border_between(grids, FIRST, SECOND)
    # more nodes on one side only
    plan = draft_on(page, {FIRST: shapely.segmentize(grids[FIRST], border.length / 40)})
    before = draft_grids(page, plan, VILLAGE)
    assert not shapely.coverage_is_valid(list(before.values()))
    page.keyboard.press("o")
    fault = page.locator(".panel .problem-button", has_text="没有共用同样的节点").first
    with page.expect_request(lambda asked: "/edits?preview" in asked.url) as request:
        fault.click()
    assert request.value.post_data_json == {"type": "match_borders", "village": VILLAGE}
    expect_preview(page)
    apply(page)
    expect_revision(page, 1)
    after = draft_grids(page, plan, VILLAGE)
    assert shapely.coverage_is_valid(list(after.values()))
    expect(page.locator(".hint")).to_contain_text("没有重叠")
