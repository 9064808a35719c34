"""What ``wangge demo --once`` asks of the running service, over HTTP like any browser."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin
from urllib.request import ProxyHandler, Request, build_opener

from api.refusals import Refusal

TIMEOUT_S = 120
TILE_LAYERS = (
    "counties",
    "townships",
    "villages",
    "natural_villages",
    "grids",
    "households",
    "centers",
)


class CheckFailed(Refusal):
    """The service answers, but not as it should."""

    def __init__(self, what: str, found: object) -> None:
        super().__init__("self_check_failed", what=what, found=str(found)[:300])


class Browser:
    """A plain client of the service at ``url``; proxies of the environment are not asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = build_opener(ProxyHandler({}))

    def get(self, path: str) -> bytes:
        """Return the body of a page that must answer 200 or 204."""
        return self._send(Request(urljoin(self.url, path)))

    def get_json(self, path: str) -> Any:  # noqa: ANN401
        """Return the JSON at ``path``."""
        return json.loads(self.get(path))

    def post_json(self, path: str, value: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Send JSON, return JSON."""
        headers = {"Content-Type": "application/json"}
        data = json.dumps(value).encode()
        return json.loads(self._send(Request(urljoin(self.url, path), data, headers)))

    def _send(self, request: Request) -> bytes:
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as response:
                body: bytes = response.read()
                return body
        except HTTPError as error:
            raise CheckFailed(request.full_url, f"{error.code} {error.read()[:200]!r}") from error
        except (URLError, OSError) as error:
            raise CheckFailed(request.full_url, error) from error


def check_service(url: str) -> dict[str, int]:
    """Ask for a page, tiles, a lookup, an address, gaps and an export; return the counts.

    Raises
    ------
    CheckFailed
        At the first answer that is not right.
    """
    browser = Browser(url)
    _check_page(browser)
    workspace = browser.get_json("api/workspace")
    layers = {name: layer["count"] for name, layer in workspace["layers"].items()}
    _check_tiles(browser, layers)
    page = browser.get_json("api/grids?limit=1&sort=households&order=desc")
    _expect("grids in the table", page["total"] == layers["grids"] > 0, page["total"])
    _check_lookup(browser, page["rows"][0])
    _check_address(browser, page["rows"][0])
    gaps = _check_gaps(browser)
    _check_export(browser, layers["grids"], synthetic=workspace["synthetic"])
    return {
        "townships": layers["townships"],
        "villages": layers["villages"],
        "grids": layers["grids"],
        "households": layers["households"],
        "residents": page["totals"]["residents"],
        "centers": layers["centers"],
        "natural_villages": layers["natural_villages"],
        "gaps": gaps,
    }


def _expect(what: str, holds: bool, found: object) -> None:
    if not holds:
        raise CheckFailed(what, found)


def _check_page(browser: Browser) -> None:
    page = browser.get("").decode()
    scripts = re.findall(r'(?:src|href)="([^":]+\.(?:js|css))"', page)
    _expect("the map's page and its scripts", bool(scripts), page[:200])
    for script in scripts:
        _expect(script, len(browser.get(script)) > 0, "empty")


def _check_tiles(browser: Browser, counts: Mapping[str, int]) -> None:
    for layer in TILE_LAYERS:
        tile = browser.get(f"tiles/{layer}/0/0/0.mvt")
        # the one tile of the whole world holds something exactly when the layer does
        _expect(f"tile of {layer}", (layer.encode() in tile) == (counts[layer] > 0), tile[:60])


def _check_lookup(browser: Browser, grid: Mapping[str, Any]) -> None:
    lon, lat = grid["center"]
    found = browser.get_json(f"api/grids/at?lon={lon}&lat={lat}")
    _expect("lookup of a place", (found["grid"] or {}).get("code") == grid["code"], found)
    many = browser.post_json("api/grids/at", {"points": [[lon, lat], [0.0, 0.0]]})
    _expect("lookup of two places", many["codes"] == [grid["code"], None], many)


def _check_address(browser: Browser, grid: Mapping[str, Any]) -> None:
    name = grid["village"] or grid["name"] or grid["code"]
    found = browser.get_json(f"api/addresses/search?q={quote(name)}")
    _expect("search of a village", found["status"] in ("ok", "ambiguous"), found)
    listed = browser.get_json(f"api/addresses/suggest?q={quote(name)}")["suggestions"]
    _expect("suggestions", bool(listed), listed)


def _check_gaps(browser: Browser) -> int:
    run = browser.post_json("api/runs", {"analysis": "service_gaps", "parameters": {}})
    while run["state"] in ("queued", "running"):  # the first one on a slow machine
        run = browser.get_json(f"api/runs/{run['id']}?wait=30")
    _expect("run of service gaps", run["state"] == "done", run)
    result = browser.get_json(f"api/runs/{run['id']}/result")
    layer = browser.get_json(f"api/runs/{run['id']}/layers/areas")
    same = len(result["areas"]) == len(layer["features"])
    _expect("gap areas on the map", same, (len(result["areas"]), len(layer["features"])))
    balance = result["served"] + result["unserved_households"] == result["households"] > 0
    _expect("served and unserved households", balance, result["households"])
    return len(result["areas"])


def _check_export(browser: Browser, count: int, *, synthetic: bool) -> None:
    exported = browser.get_json("api/exports/grids.geojson")
    _expect("exported grids", len(exported["features"]) == count, len(exported["features"]))
    marked = bool(exported.get("synthetic")) == synthetic
    _expect("the synthetic mark of the export", marked, exported.get("synthetic"))
