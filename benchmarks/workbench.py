"""How the workbench feels: frames while panning and zooming, and mouse up to preview, in Chromium.

    ./run demo --port 8000 &
    .venv/bin/python -m benchmarks.workbench http://127.0.0.1:8000/ [--edits 60] [--seed 1]
    .venv/bin/python -m benchmarks.province FOLDER --counties 8     # 10,024 grids: the same on them

Makes a draft of a whole county in the store and leaves it there, withdrawn. Each measured edit is
drawn by the mouse at a grid picked at random: the clock runs in the page, from the last mouse
button released to the first frame painted with the preview's card. Software rendering, 1366 × 768.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import urllib.request
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page, sync_playwright
from shapely.geometry import shape

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-gpu"]  # fmt: skip
CLOCK = """
window.bench = {up: 0, shown: 0, refused: false};
addEventListener('pointerup', () => { bench.up = performance.now(); bench.shown = 0; }, true);
new MutationObserver(() => {
  if (bench.shown) return;
  const card = document.querySelector('.preview-card');
  const done = card?.querySelector('table') ?? card?.querySelector('[role=alert]');
  if (!done) return;
  bench.shown = -1;
  bench.refused = !card.querySelector('table');
  requestAnimationFrame(() => setTimeout(() => { bench.shown = performance.now(); }));
}).observe(document.body, {childList: true, subtree: true});
window.frames_of = [];
(function tick(now) { frames_of.push(now); requestAnimationFrame(tick); })(0);
"""


def ask(address: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
    request = urllib.request.Request(
        address.rstrip("/") + path,
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json", **headers},
        method=method,
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


# --- frames ------------------------------------------------------------------------------


def frames(page: Page, move) -> tuple[float, float]:
    """Return frames a second while something moves: on average, and of the slowest tenth."""
    page.evaluate("frames_of.length = 0")
    move()
    times = page.evaluate("frames_of")
    gaps = [after - before for before, after in itertools.pairwise(times)]
    return 1000 * len(gaps) / sum(gaps), 1000 / percentile(gaps, 0.9)


def pan(page: Page) -> None:
    page.mouse.move(600, 400)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(600 + 4 * step, 400 + 2 * step)
    for step in range(60):
        page.mouse.move(840 - 6 * step, 520 - 4 * step)
    page.mouse.up()
    page.wait_for_timeout(300)


def zoom(page: Page) -> None:
    page.mouse.move(700, 400)
    for by in (-120, -120, 120, 120, 120, -120) * 2:
        page.mouse.wheel(0, by)
        page.wait_for_timeout(150)


# --- edits -------------------------------------------------------------------------------


def pixel(page: Page, place: Sequence[float]) -> tuple[float, float]:
    x, y = page.evaluate("place => window.wanggeMap.pixelOf(place)", list(place))
    frame = page.locator("#map").bounding_box()
    return frame["x"] + x, frame["y"] + y


def click(page: Page, place: Sequence[float], *, twice: bool = False) -> None:
    x, y = pixel(page, place)
    page.mouse.move(x, y, steps=3)
    if twice:
        page.mouse.dblclick(x, y)
    else:
        page.mouse.click(x, y)
        page.wait_for_timeout(350)


def show(page: Page, box: Sequence[float]) -> None:
    page.evaluate("box => window.wanggeMap.fit(box, 18, 0)", list(box))
    page.wait_for_timeout(150)
    page.wait_for_selector("#map[data-loading=false]")
    page.wait_for_timeout(400)


def split(page: Page, grid) -> None:
    """A line from outside to outside, its last place by a double click."""
    west, _, east, _ = grid.bounds
    y = grid.representative_point().y
    out = (east - west) * 0.12
    page.keyboard.press("s")
    click(page, (west - out, y))
    click(page, ((west + east) / 2, y))
    click(page, (east + out, y), twice=True)


TOOLS = {"split": split}


def respond(page: Page, address: str, plan: str, edits: int, chance: random.Random) -> None:
    """Draw edits at grids picked at random and print how long the preview took to show."""
    rows = ask(address, "GET", "/api/grids?limit=1000&sort=code")["rows"]
    rows = [row for row in rows if (row["area_m2"] or 0) > 20_000]
    took: dict[str, list[float]] = {}
    refused = missed = 0
    for number in range(edits):
        row = chance.choice(rows)
        found = ask(address, "GET", f"/api/plans/{plan}/grids?village={row['village_code']}")
        shapes = {f["properties"]["code"]: shape(f["geometry"]) for f in found["features"]}
        grid = shapes.get(row["code"])
        if grid is None:
            continue
        name = list(TOOLS)[number % len(TOOLS)]
        west, south, east, north = grid.bounds
        reach = max(east - west, north - south) * 0.4
        show(page, (west - reach, south - reach, east + reach, north + reach))
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        TOOLS[name](page, grid)
        for _ in range(60):  # the page allows no evaluated predicate
            page.wait_for_timeout(50)
            if page.evaluate("bench.shown > 0"):
                break
        else:
            missed += 1
            continue
        spent, was_refused = page.evaluate("[bench.shown - bench.up, bench.refused]")
        refused += was_refused
        took.setdefault(name, []).append(spent)
        page.keyboard.press("Escape")
        page.wait_for_timeout(100)
    every = [value for values in took.values() for value in values]
    for name, values in {**took, "all": every}.items():
        print(
            f"mouse up → preview, {name:9} n={len(values):3}  median"
            f" {statistics.median(values):4.0f} ms  p95 {percentile(values, 0.95):4.0f} ms"
        )
    print(f"of them refused with a reason: {refused}; drawings the tool did not take: {missed}")


# --- the page ----------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000/")
    parser.add_argument("--edits", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    address = options.address
    counties = ask(address, "GET", "/api/grids?limit=1&sort=code")
    scope = counties["rows"][0]["code"][:6]
    plan = ask(address, "POST", "/api/plans", {"name": "benchmark", "scope": scope})["id"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        scripts: list[int] = []
        page.on(
            "requestfinished",
            lambda request: (
                scripts.append(request.sizes()["responseBodySize"])
                if request.resource_type == "script"
                else None
            ),
        )
        page.goto(address)
        page.wait_for_selector("#map[data-loading=false]")
        page.wait_for_selector(".table-row[data-code]")
        size = sum(scripts) / 1024
        print(f"{counties['total']:,} grids; scripts of the first load {size:.0f} KiB")
        page.evaluate("id => localStorage.setItem('wangge.plan', id)", plan)
        page.reload()
        page.wait_for_selector(".tools")
        page.wait_for_selector("#map[data-loading=false]")
        page.evaluate(CLOCK)
        lon, lat = counties["rows"][0]["center"]
        show(page, (lon - 0.03, lat - 0.02, lon + 0.03, lat + 0.02))
        for name, move in (("pan", pan), ("zoom", zoom)):
            mean, slow = frames(page, lambda move=move: move(page))
            print(f"{name}: {mean:.0f} frames/s, slowest tenth {slow:.0f}")
        respond(page, address, plan, options.edits, random.Random(options.seed))
        browser.close()
    now = ask(address, "GET", f"/api/plans/{plan}")
    ask(address, "POST", f"/api/plans/{plan}/withdraw", **{"If-Match": str(now["revision"])})


if __name__ == "__main__":
    main()
