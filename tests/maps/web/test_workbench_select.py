"""Choosing grids of a draft: by click, by Shift, by box, by lasso, near and from afar."""

from __future__ import annotations

import shapely
from playwright.sync_api import Page, expect

from tests.maps.web.conftest import SMALL
from tests.maps.web.workbench import (
    busy_village,
    click_map,
    draft_grids,
    go_to,
    make_plan,
    neighbours,
    numbers,
    pixel,
    shift_click,
)


def inside(grid: shapely.Geometry) -> tuple[float, float]:
    point = shapely.maximum_inscribed_circle(grid).coords[0]
    return point[0], point[1]


def expect_chosen(page: Page, plan: str, codes: list[str]) -> None:
    """The panel tells how many are chosen, and the server's numbers of them."""
    expect(page.locator(".chosen-sum strong")).to_contain_text(str(len(codes)))
    wanted = numbers(page, plan, codes)
    figures = page.locator(".chosen-sum dd")
    expect(figures.nth(0)).to_have_text(f"{wanted['households']:,}")
    expect(figures.nth(1)).to_have_text(f"{wanted['residents']:,}")


def drag(page: Page, places: list[tuple[float, float]], key: str | None = None) -> None:
    pixels = [pixel(page, place) for place in places]
    if key:
        page.keyboard.down(key)
    page.mouse.move(*pixels[0])
    page.mouse.down()
    for x, y in pixels[1:]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()
    if key:
        page.keyboard.up(key)


def test_clicks_choose_grids_and_shift_adds_and_removes(bench):
    page = bench
    page.set_viewport_size(SMALL)
    plan = make_plan(page, "500229")["id"]
    _, grids = busy_village(page, plan)
    first, second, _ = neighbours(grids)
    go_to(page, shapely.union_all(list(grids.values())).buffer(0.002).bounds)
    expect(page.locator(".tool[data-active=true] kbd")).to_have_text("V")
    click_map(page, inside(grids[first]))
    expect(page.locator(".inspector")).to_contain_text(first[-3:])
    expect_chosen(page, plan, [first])
    shift_click(page, inside(grids[second]))
    expect_chosen(page, plan, [first, second])
    shift_click(page, inside(grids[first]))
    expect_chosen(page, plan, [second])
    page.keyboard.press("Escape")
    expect(page.locator(".chosen-sum")).to_have_count(0)


def test_a_box_and_a_lasso_choose_what_they_meet(bench):
    page = bench
    plan = make_plan(page, "500229")["id"]
    _, grids = busy_village(page, plan)
    go_to(page, shapely.union_all(list(grids.values())).buffer(0.004).bounds)
    one, two = (inside(grid) for grid in list(grids.values())[:2])
    box = shapely.box(
        min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])
    )
    everything = draft_grids(page, plan, "500229")
    met = [code for code, grid in everything.items() if grid.intersects(box)]
    west, south, east, north = box.bounds
    drag(page, [(west, north), (east, south)], "Control")
    expect_chosen(page, plan, met)
    # with Shift what is met is added
    other = next(one for one in grids if one not in met)
    spot = shapely.Point(inside(grids[other])).buffer(5e-4)
    more = [one for one, grid in everything.items() if grid.intersects(shapely.box(*spot.bounds))]
    page.keyboard.down("Shift")
    drag(page, [spot.bounds[:2], spot.bounds[2:]], "Control")
    page.keyboard.up("Shift")
    expect_chosen(page, plan, sorted({*met, *more}))
    code, grid = next(iter(grids.items()))
    around = shapely.Point(one).buffer(shapely.Point(one).distance(grid.exterior) / 2)
    drag(page, list(around.exterior.coords)[::6], "Alt")
    expect_chosen(page, plan, [code])
    more = [one for one, grid in everything.items() if grid.intersects(spot)]
    page.keyboard.down("Shift")
    drag(page, list(spot.exterior.coords)[::6], "Alt")
    page.keyboard.up("Shift")
    expect_chosen(page, plan, sorted({code, *more}))


def test_far_away_grids_are_chosen_by_the_tiles(bench):
    page = bench
    plan = make_plan(page, "500229")["id"]
    everything = draft_grids(page, plan, "500229")
    code, grid = max(everything.items(), key=lambda item: item[1].area)
    click_map(page, inside(grid))
    expect_chosen(page, plan, [code])


def test_grids_outside_the_plan_are_only_looked_at(bench):
    page = bench
    everything = make_plan(page, "500229")["id"]
    village, grids = busy_village(page, everything)
    around = shapely.union_all(list(grids.values())).buffer(0.004)
    beside = next(
        grid
        for code, grid in draft_grids(page, everything, "500229").items()
        if code[:12] != village and shapely.contains(around.envelope, shapely.Point(inside(grid)))
    )
    make_plan(page, village)
    go_to(page, around.bounds)
    click_map(page, inside(beside))
    expect(page.locator(".hint")).to_contain_text("不在方案范围内")
    expect(page.locator(".chosen-sum")).to_have_count(0)
    expect(page.locator(".inspector")).to_be_visible()
