"""Every tool in English, in one sitting: its hint, its preview or its effect, applied and undone.

What each tool does is proved in Chinese, tool by tool.
"""

from __future__ import annotations

import shapely
from playwright.sync_api import Page, expect

from tests.maps.web.conftest import NO_MAP
from tests.maps.web.village import (
    TOWNSHIP,
    VILLAGE,
    click_grid,
    drag,
    grid_code,
    import_lines,
    is_possible,
    middle,
    show_village,
)
from tests.maps.web.workbench import (
    across,
    apply,
    call,
    click_map,
    draft_grids,
    draw,
    expect_preview,
    make_plan,
    neighbours,
    pixel,
    shift_click,
)

FIRST, SECOND = grid_code(1), grid_code(2)


class Sitting:
    """A planner who tries one tool after the other on the same lines."""

    def __init__(self, page: Page, plan: str) -> None:
        self.page = page
        self.plan = plan
        self.grids = draft_grids(page, plan, VILLAGE)

    def take(self, key: str, name: str, hint: str) -> None:
        self.page.keyboard.press(key)
        tool = self.page.locator(".tool[data-active=true]")
        expect(tool).to_contain_text(name)
        expect(self.page.locator(".hint")).to_contain_text(hint)

    def apply(self, made: str) -> None:
        expect_preview(self.page)
        apply(self.page)
        self.undo(made)

    def undo(self, made: str) -> None:
        expect(self.page.locator(".hint")).to_contain_text(made)
        self.page.keyboard.press("Control+z")
        expect(self.page.locator(".hint .made")).to_contain_text("Undone")
        assert draft_grids(self.page, self.plan, VILLAGE) == self.grids
        # what the tool had in hand is put away
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Escape")


def sit_down(page: Page) -> Sitting:
    plan = make_plan(page, TOWNSHIP)["id"]
    show_village(page, plan)
    return Sitting(page, plan)


def test_tools_that_draw_choose_and_write(service, open_page):
    page = open_page(service.url, language="en", path=NO_MAP)
    page.watch.allow("422")  # places that are tried
    page.watch.allow("404.*/api/grids/")  # details asked for just when the grid is taken back
    now = sit_down(page)
    grids = now.grids
    one, two, border = neighbours(grids)
    large = max(grids, key=lambda code: grids[code].area)

    click_grid(page, grids[one])
    shift_click(page, middle(grids[two]))
    expect(page.locator(".chosen-sum strong")).to_contain_text("2 grids")
    now.take("m", "Merge", "")
    now.apply("Merge saved")

    now.take("s", "Split", "click outside the grid")
    draw(page, across(grids[large], 0.05))
    now.apply("Split saved")

    start, end = border.interpolate([0.25, 0.75], normalized=True)
    now.take("b", "Reshape", "start on the border")
    draw(page, [start.coords[0], middle(grids[one]), end.coords[0]])
    now.apply("New border saved")

    now.take("t", "Transfer", "click the grid that takes the land")
    click_grid(page, grids[one])
    draw(page, giveable(page, now.plan, border, one))
    now.apply("Transfer saved")

    cell = paintable(page, now.plan)
    now.take("p", "Paint", "click the grid that takes")
    click_grid(page, grids[SECOND])
    x, y = middle(cell)
    drag(page, [(x, y), (x + 1e-5, y)])
    now.apply("Natural villages assigned")

    node = movable_node(page, now.plan, border)
    now.take("x", "Move node", "")
    x, y = pixel(page, node)
    page.mouse.move(x, y, steps=3)
    page.mouse.down()
    page.mouse.move(x + 3, y - 3, steps=3)
    page.mouse.up()
    now.apply("Node moved")

    now.take("l", "Lock", "click locks or unlocks")
    click_grid(page, grids[one])
    now.undo("is locked: its line stays")

    now.take("e", "Attributes", "click a grid")
    click_grid(page, grids[one])
    page.get_by_label("Name", exact=True).fill("集市片")
    page.keyboard.press("Enter")
    expect(page.locator(".plan-head")).to_contain_text("saved: attributes")
    page.locator("#map").focus()  # in the field Ctrl+Z takes letters back
    now.undo("name and kind")

    now.take("c", "Comment", "click the place")
    click_grid(page, grids[two])
    page.keyboard.type("along the river")
    page.keyboard.press("Enter")
    comment = page.locator(".panel .comment")
    expect(comment).to_contain_text("along the river")
    click_grid(page, grids[two])
    page.locator(".comment-card").get_by_role("button", name="Resolve").click()
    expect(comment).to_have_count(0)

    now.take("r", "Renumber", "click any grid of the village")
    click_grid(page, grids[one])
    expect(page.locator(".preview-card, .hint").last).to_be_visible()


def giveable(
    page: Page, plan: str, border: shapely.LineString, taker: str
) -> list[tuple[float, float]]:
    """Return corners of a square across a border that may go to one of its grids."""
    for place in border.interpolate([0.5, 0.3, 0.7, 0.2, 0.8], normalized=True):
        square = place.buffer(border.length / 8, cap_style="square")
        area = shapely.geometry.mapping(square)
        if is_possible(page, plan, {"type": "transfer", "area": area, "to": taker}):
            return [(x, y) for x, y in square.exterior.coords][:4]
    raise AssertionError("no land can change its grid")


def paintable(page: Page, plan: str) -> shapely.Geometry:
    """Return a natural village that may go to the second grid."""
    found = call(page, "GET", f"/api/plans/{plan}/natural_villages?village={VILLAGE}")["features"]
    for one in found:
        about = one["properties"]
        edit = {"type": "assign", "natural_villages": [about["code"]], "to": SECOND}
        if about["grid"] not in (SECOND, None) and is_possible(page, plan, edit):
            return shapely.geometry.shape(one["geometry"])
    raise AssertionError("no natural village can change its grid")


def movable_node(page: Page, plan: str, border: shapely.LineString) -> tuple[float, float]:
    """Return a node of a border that may move a little."""
    for x, y in list(border.coords)[1:-1]:
        edit = {"type": "move_vertex", "from": [x, y], "to": [x + 2e-5, y + 2e-5]}
        if is_possible(page, plan, edit):
            return x, y
    raise AssertionError("no node of the border can move")


def test_tools_that_mend_lines(own_service, open_page):
    page = open_page(own_service.url, language="en", path=NO_MAP)
    found = call(page, "GET", f"/api/exports/grids.geojson?scope={VILLAGE}")["features"]
    grids = {one["properties"]["code"]: shapely.geometry.shape(one["geometry"]) for one in found}
    border = shapely.line_merge(shapely.intersection(grids[FIRST], grids[SECOND]))
    hole = shapely.Point(middle(grids[FIRST])).buffer(0.001)
    ear = border.interpolate(0.5, normalized=True).buffer(0.0012)
    both = shapely.intersection(ear, grids[SECOND])
    import_lines(page, {FIRST: shapely.difference(shapely.union(grids[FIRST], ear), hole)})
    now = sit_down(page)

    now.take("g", "Fill gap", "")
    expect(page.locator(".panel .problem-button")).to_have_count(1)
    click_map(page, middle(hole))
    now.apply("Gap filled")

    now.take("o", "Overlap", "")
    expect(page.locator(".panel .problem-button")).not_to_have_count(0)
    click_map(page, middle(both))
    page.locator(".remedies button").first.click()
    now.apply("Overlap resolved")
