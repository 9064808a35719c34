"""Moving a node that several grids share, by mouse and by keyboard."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
import shapely
from playwright.sync_api import expect

from tests.maps.web.village import VILLAGE, expect_revision, is_possible, look_closer, open_draft
from tests.maps.web.workbench import apply, draft_grids, expect_preview, pixel


def nodes_of(shape):
    return set(map(tuple, shapely.get_coordinates(shape).tolist()))


def shared_node(page, plan, grids):
    """Return a node that three grids share and that may move a little, and these grids."""
    counted = Counter(node for shape in grids.values() for node in nodes_of(shape))
    for node, count in sorted(counted.items()):
        goal = [node[0] + 2e-5, node[1] + 2e-5]
        edit = {"type": "move_vertex", "from": list(node), "to": goal}
        if count == 3 and is_possible(page, plan, edit):
            return node, [code for code, shape in grids.items() if node in nodes_of(shape)]
    raise AssertionError("no node is shared by three grids")


def hold(page):
    """Open a draft close to a shared node, with the tool on."""
    plan = open_draft(page)
    grids = draft_grids(page, plan, VILLAGE)
    node, sharing = shared_node(page, plan, grids)
    look_closer(page, shapely.Point(node).buffer(0.002).bounds)
    page.keyboard.press("x")
    x, y = pixel(page, node)
    page.mouse.move(x - 20, y - 20)
    page.mouse.move(x, y, steps=3)
    return plan, grids, node, sharing


def refused_goal(page, plan, node):
    """Return a place near a node where it may not go: across another line."""
    steps = [step * 2e-4 for step in (-4, -3, -2, 2, 3, 4)]
    for dx, dy in itertools.product(steps, steps):
        goal = (node[0] + dx, node[1] + dy)
        edit = {"type": "move_vertex", "from": list(node), "to": list(goal)}
        if not is_possible(page, plan, edit):
            return goal
    raise AssertionError("the node may go anywhere")


def test_every_grid_at_a_node_follows(bench):
    page = bench
    plan, before, node, sharing = hold(page)
    x, y = pixel(page, node)
    page.mouse.down()
    page.mouse.move(x + 9, y - 6, steps=4)
    expect(page.locator(".hint")).to_contain_text("3")
    with page.expect_request(lambda asked: "/edits?preview" in asked.url) as request:
        page.mouse.up()
    assert request.value.post_data_json["from"] == list(node), "as stored, to the last digit"
    expect_preview(page)
    assert draft_grids(page, plan, VILLAGE) == before
    apply(page)
    expect_revision(page, 1)
    after = draft_grids(page, plan, VILLAGE)
    fresh = set.intersection(*(nodes_of(after[code]) - nodes_of(before[code]) for code in sharing))
    assert len(fresh) == 1, "all share the new place"
    assert all(node not in nodes_of(shape) for shape in after.values())
    whole, was = (shapely.union_all(list(grids.values())) for grids in (after, before))
    assert whole.symmetric_difference(was).area == pytest.approx(0, abs=1e-15)


def test_arrow_keys_nudge_and_escape_puts_back(bench):
    page = bench
    plan, before, node, _ = hold(page)
    page.mouse.click(*pixel(page, node))
    for key in ("Shift+ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    with page.expect_request(lambda asked: "/edits?preview" in asked.url) as request:
        page.keyboard.press("Enter")
    goal = request.value.post_data_json["to"]
    (x, y), (was_x, was_y) = pixel(page, goal), pixel(page, node)
    assert (x - was_x, y - was_y) == pytest.approx((11, -1), abs=0.1)
    expect_preview(page)
    page.keyboard.press("Escape")
    expect(page.locator(".preview-card")).to_have_count(0)
    page.keyboard.press("Enter")  # takes the node at the pointer again, and asks nothing
    expect(page.locator(".hint")).to_contain_text("3 个网格")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect_preview(page)
    apply(page)
    expect_revision(page, 1)
    assert draft_grids(page, plan, VILLAGE) != before


def test_a_bow_tie_is_refused_with_its_place(bench):
    page = bench
    plan, before, node, _ = hold(page)
    page.watch.allow("422")
    goal = refused_goal(page, plan, node)
    page.mouse.down()
    page.mouse.move(*pixel(page, goal), steps=8)
    page.mouse.up()
    expect(page.get_by_role("alert")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert draft_grids(page, plan, VILLAGE) == before
