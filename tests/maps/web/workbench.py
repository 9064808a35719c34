"""What tests of the workbench share: a plan, the way to a grid, places on the map as pixels."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from typing import Any

import shapely
from playwright.sync_api import Page, expect
from shapely.geometry import shape

Place = tuple[float, float]


def call(page: Page, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Return what the server answers, asked apart from the page."""
    answer = page.request.fetch(
        page.watch.origin.rstrip("/") + path,
        method=method,
        data=None if body is None else json.dumps(body),
        headers={"Content-Type": "application/json", **headers},
        max_retries=3,  # the server may be closing the kept connection just then
    )
    assert answer.ok, (method, path, answer.status, answer.text())
    return json.loads(answer.text()) if answer.text() else None


_number = itertools.count(1)


def add_plan(page: Page, scope: str, name: str = "") -> dict[str, Any]:
    """Make a draft for a division code, apart from the page; its name is its own."""
    name = name or f"2026 网格调整 {next(_number)}"
    plan: dict[str, Any] = call(page, "POST", "/api/plans", {"name": name, "scope": scope})
    return plan


def make_plan(page: Page, scope: str, name: str = "") -> dict[str, Any]:
    """Make a draft for a division code and open it in the page."""
    plan = add_plan(page, scope, name)
    open_plan(page, plan["id"])
    return plan


def open_plan(page: Page, plan: str) -> None:
    """Open a plan: from the list where that is shown, else as the page opens it after a reload."""
    rows = page.locator(".plan-row")
    if getattr(page, "is_bench", False) and page.locator(".new-plan").count():
        name = call(page, "GET", f"/api/plans/{plan}")["name"]
        with page.expect_response(lambda answer: "/api/divisions/" in answer.url):
            rows.filter(has=page.get_by_text(name, exact=True)).click()
    else:
        page.evaluate("id => localStorage.setItem('wangge.plan', id)", plan)
        page.goto(page.watch.origin)
    page.wait_for_selector(".tools")
    page.wait_for_selector("#map[data-loading=false]")
    assert page.evaluate("localStorage.getItem('wangge.plan')") == plan


def edit_plan(page: Page, plan: str, edit: dict[str, Any]) -> dict[str, Any]:
    """Make an edit apart from the page, as another planner would."""
    now = call(page, "GET", f"/api/plans/{plan}")
    return call(
        page, "POST", f"/api/plans/{plan}/edits", edit, **{"If-Match": str(now["revision"])}
    )


def draft_grids(page: Page, plan: str, village: str) -> dict[str, Any]:
    """Return the draft's grids of a village as shapely shapes by code."""
    found = call(page, "GET", f"/api/plans/{plan}/grids?village={village}")
    return {one["properties"]["code"]: shape(one["geometry"]) for one in found["features"]}


def go_to(page: Page, box: tuple[float, float, float, float]) -> None:
    """Show a box (lon, lat) on the map, and wait until it is drawn and its lines are exact."""
    page.evaluate(
        """box => new Promise((done) => {
          const map = window.wanggeMap;
          map.fit(box, 18, 0);
          map.ol.once("rendercomplete", () => done());
          map.ol.render();
        })""",
        list(box),
    )
    # asked for when the map stood still, which is before it was complete
    page.wait_for_selector("#map[data-loading=false][data-lines=here]")


def pixel(page: Page, place: Place) -> Place:
    """Return where a place (lon, lat) lies on the screen."""
    x, y = page.evaluate("place => window.wanggeMap.pixelOf(place)", list(place))
    frame = page.locator("#map").bounding_box()
    assert frame is not None
    return frame["x"] + x, frame["y"] + y


def click_map(page: Page, place: Place, **options: Any) -> None:
    """Click a place; a second click soon after would count as a double click."""
    x, y = pixel(page, place)
    page.mouse.move(x, y, steps=3)
    page.mouse.click(x, y, **options)
    page.wait_for_timeout(350)


def shift_click(page: Page, place: Place) -> None:
    """Click a place with Shift held."""
    page.keyboard.down("Shift")
    click_map(page, place)
    page.keyboard.up("Shift")


def draw(page: Page, places: list[Place]) -> None:
    """Click along a line or around an area, and finish it with Enter."""
    for place in places:
        click_map(page, place)
    page.keyboard.press("Enter")


def across(grid: shapely.Geometry, beyond: float = 0.15) -> list[Place]:
    """Return a west-east line through the middle of a shape, from outside to outside."""
    west, _, east, _ = grid.bounds
    y = grid.representative_point().y
    margin = (east - west) * beyond
    return [(west - margin, y), ((west + east) / 2, y), (east + margin, y)]


def expect_preview(page: Page) -> None:
    """Wait until a preview is shown and may be applied."""
    expect(page.locator(".preview-card").locator("table, .unchanged")).to_be_visible()


def apply(page: Page) -> None:
    """Apply the preview, and wait until the plan has it."""
    with page.expect_response(
        lambda answer: answer.url.endswith("/edits") and answer.request.method == "POST"
    ):
        page.keyboard.press("Enter")
    expect(page.locator(".preview-card")).to_have_count(0)


def neighbours(grids: dict[str, Any]) -> tuple[str, str, shapely.LineString]:
    """Return the two grids of a village with the longest common border, and that border."""
    best: tuple[str, str, shapely.LineString] | None = None
    for first, second in itertools.combinations(sorted(grids), 2):
        common = shapely.line_merge(shapely.intersection(grids[first], grids[second]))
        if common.geom_type != "LineString" or common.length == 0:
            continue
        if best is None or common.length > best[2].length:
            best = first, second, common
    assert best is not None
    return best


def busy_village(page: Page, plan: str) -> tuple[str, dict[str, Any]]:
    """Return a village with several grids, and its grids."""
    found = call(page, "GET", f"/api/plans/{plan}/grids")["features"]
    counted = Counter(one["properties"]["village_code"] for one in found)
    village = min(counted, key=lambda code: (abs(counted[code] - 6), code))
    return village, draft_grids(page, plan, village)


def move_to(page: Page, place: Place) -> None:
    """Move the pointer to a place on the map."""
    page.mouse.move(*pixel(page, place), steps=5)


def numbers(page: Page, plan: str, codes: list[str]) -> dict[str, int]:
    """Return what grids of a draft have together, as the server counts it."""
    found = call(page, "GET", f"/api/plans/{plan}/grids")["features"]
    ours = [one["properties"] for one in found if one["properties"]["code"] in codes]
    return {key: sum(one[key] for one in ours) for key in ("households", "residents")}


def plan_with_changes(page: Page, scope: str = "500229106") -> dict[str, Any]:
    """Make a draft that splits one grid of a village and merges two others; open it.

    The answer also has ``village``, ``split``, ``kept``, ``gone`` (codes) and ``difference``.
    """
    plan = add_plan(page, scope)
    village, grids = busy_village(page, plan["id"])
    kept, gone, _ = neighbours(grids)
    split = max((code for code in grids if code not in (kept, gone)), key=lambda c: grids[c].area)
    line = {"type": "LineString", "coordinates": across(grids[split])}
    edit_plan(page, plan["id"], {"type": "split", "grid": split, "line": line, "tidy": True})
    edit_plan(page, plan["id"], {"type": "merge", "grids": [kept, gone], "keep": kept})
    open_plan(page, plan["id"])
    found = call(page, "GET", f"/api/plans/{plan['id']}/difference?households=true")
    codes = {"village": village, "split": split, "kept": kept, "gone": gone}
    return {**plan, **codes, "difference": found}
