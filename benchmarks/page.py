"""How long until a planner can use the county view, in real Chromium, against a running service.

    ./run demo --port 8000 &
    .venv/bin/python -m benchmarks.page http://127.0.0.1:8000/

*Usable* means: every tile request of the first view is answered, the table shows its rows, and the
map's canvas has been painted (the load indicator of OpenLayers is idle). Each run is a new browser
profile, so nothing is cached; the second figure is a reload with the profile kept.
"""

from __future__ import annotations

import statistics
import sys

from playwright.sync_api import Page, sync_playwright

RUNS = 5


def measure(page: Page, address: str, *, reload: bool) -> tuple[float, int, int]:
    """Seconds until the last request of the first view ended and rows stand in the table."""
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    if reload:
        page.reload(wait_until="commit")
    else:
        page.goto(address, wait_until="commit")
    page.wait_for_selector("canvas")
    page.wait_for_selector("[role=row]")
    page.wait_for_selector("#map[data-loading=false]")
    page.wait_for_timeout(500)  # the network is never idle: the page follows the server's events
    ended = page.evaluate(
        "Math.max(...performance.getEntriesByType('resource').map((entry) => entry.responseEnd))"
    )
    return ended / 1000, len(sizes), sum(sizes)


def main(address: str) -> None:
    first, again = [], []
    with sync_playwright() as playwright:
        for _ in range(RUNS):
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium",
                args=["--no-sandbox", "--disable-dev-shm-usage", "--no-first-run",
                      "--disable-background-networking"],
            )  # fmt: skip
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            seconds, requests, size = measure(page, address, reload=False)
            first.append(seconds)
            again.append(measure(page, address, reload=True)[0])
            browser.close()
    print(
        f"first view {statistics.median(first):.2f} s (min {min(first):.2f}, max {max(first):.2f}),"
    )
    print(f"  {requests} requests, {size / 1024:.0f} KiB")
    print(f"reload {statistics.median(again):.2f} s (min {min(again):.2f}, max {max(again):.2f})")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/")
