"""What tests of painting, mending, locking and commenting share: one village, looked at closely."""

from __future__ import annotations

import json
from typing import Any

import shapely
from playwright.sync_api import Page, expect
from shapely.geometry import mapping, shape

from tests.maps.web.workbench import Place, call, click_map, go_to, make_plan, pixel

VILLAGE = "500229105207"
TOWNSHIP = VILLAGE[:9]


def grid_code(number: int) -> str:
    """Return the code of a grid of the village."""
    return f"{VILLAGE}{number:03}"


def open_draft(page: Page) -> str:
    """Open a draft of the township, the village in view; return the plan."""
    plan: str = make_plan(page, TOWNSHIP)["id"]
    show_village(page, plan)
    return plan


def show_village(page: Page, plan: str) -> None:
    """Bring the village into view."""
    shapes = [shape(one["geometry"]) for one in fetch_features(page, plan, "grids")]
    go_to(page, shapely.union_all(shapes).bounds)


def look_closer(page: Page, box: tuple[float, float, float, float]) -> None:
    """Show a part of what is in view, for which the lines are there already."""
    go_to(page, box)


def fetch_features(page: Page, plan: str, what: str) -> list[dict[str, Any]]:
    """Return grids or natural villages of the village as the draft has them."""
    found = call(page, "GET", f"/api/plans/{plan}/{what}?village={VILLAGE}")
    features: list[dict[str, Any]] = found["features"]
    return features


def by_code(features: list[dict[str, Any]]) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Return shape and properties by code."""
    return {
        one["properties"]["code"]: (shape(one["geometry"]), one["properties"]) for one in features
    }


def middle(geometry: Any) -> Place:
    """Return a place inside a shape."""
    point = shapely.maximum_inscribed_circle(geometry)
    x, y = point.coords[0]
    return x, y


def drag(page: Page, places: list[Place], *, steps: int = 6) -> None:
    """Press the mouse on the first place, pass over the others, let go on the last."""
    page.mouse.move(*pixel(page, places[0]), steps=3)
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*pixel(page, place), steps=steps)
    page.mouse.up()


def click_grid(page: Page, geometry: Any, **options: Any) -> None:
    """Click into a grid."""
    click_map(page, middle(geometry), **options)


def expect_revision(page: Page, revision: int) -> None:
    """Wait until the page shows this revision of the plan."""
    word = "修订" if page.evaluate("document.documentElement.lang") == "zh-CN" else "revision"
    expect(page.locator(".panel").get_by_text(f"{word} {revision}").first).to_be_visible()


def is_free(page: Page, place: Place) -> bool:
    """Return whether nothing lies above the map at a place."""
    script = "([x, y]) => document.querySelector('#map').contains(document.elementFromPoint(x, y))"
    return bool(page.evaluate(script, list(pixel(page, place))))


def is_possible(page: Page, plan: str, edit: dict[str, Any]) -> bool:
    """Return whether the server would make an edit."""
    answer = page.request.post(
        page.watch.origin.rstrip("/") + f"/api/plans/{plan}/edits?preview=true",
        data=json.dumps(edit),
        headers={"Content-Type": "application/json"},
    )
    return bool(answer.ok)


def import_lines(page: Page, changed: dict[str, Any]) -> None:
    """Import grids of the village with other lines, faults and all, as a file from elsewhere."""
    exported = call(page, "GET", f"/api/exports/grids.geojson?scope={VILLAGE}")
    features = [one for one in exported["features"] if one["properties"]["code"] in changed]
    for one in features:
        one["geometry"] = mapping(changed[one["properties"]["code"]])
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    origin = page.watch.origin.rstrip("/")
    file = {"name": "grids.geojson", "mimeType": "application/geo+json", "buffer": body}
    answer = page.request.post(
        f"{origin}/api/imports", multipart={"layer": "grids", "mode": "upsert", "file": file}
    )
    assert answer.ok, answer.text()
    report = answer.json()
    answer = page.request.post(f"{origin}/api/imports/{report['id']}/commit")
    assert answer.ok, answer.text()
