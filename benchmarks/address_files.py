"""The files of several invented counties at once, to import and to ask over HTTP.

    python -m benchmarks.address_files FOLDER [--households N]

The counties, households and queries of ``address_sizes``; each village is a cell of a lattice and
one grid, its households anywhere in it.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections.abc import Iterable
from pathlib import Path

from benchmarks.address_counties import official
from benchmarks.address_sizes import EACH, counties, typed

_WEST, _SOUTH, _DEGREES, _A_ROW = 104.0, 27.0, 0.02, 100
_QUERIES = 600


def write_files(folder: Path, households: int) -> None:
    """Write places, grids, register and queries as ``wangge import`` and ``locate`` read them."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(households)
    share = _QUERIES // max(round(households / EACH), 1) + 1
    places: list[tuple[str, ...]] = []
    homes: list[tuple[object, ...]] = []
    texts: list[tuple[str]] = []
    features = []
    for county in counties(households):
        region = county.region
        corners = {}
        for code, town, village in county.villages:
            at = len(places)
            west = _WEST + at % _A_ROW * _DEGREES
            south = _SOUTH + at // _A_ROW * _DEGREES
            corners[code] = west, south
            names = (region.province, region.city, region.county, town, official(village))
            places.append((code, *names))
            features.append(_cell(code, west, south))
        for home in county.homes:
            west, south = corners[home.code]
            lon, lat = west + rng.random() * _DEGREES, south + rng.random() * _DEGREES
            homes.append((len(homes), home.code, home.written, round(lon, 6), round(lat, 6)))
        texts += [(typed(county, rng),) for _ in range(share)]
    head = ("village_code", "province", "city", "county", "town", "village_official")
    _write(folder / "places.csv", head, places)
    head = ("household_id", "village_code", "address", "lon", "lat")
    _write(folder / "register.csv", head, homes)
    _write(folder / "queries.csv", ("text",), texts)
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "grids.geojson").write_text(json.dumps(collection))


def _cell(village: str, west: float, south: float) -> dict[str, object]:
    east, north = west + _DEGREES, south + _DEGREES
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    shape = {"type": "Polygon", "coordinates": [[(round(x, 6), round(y, 6)) for x, y in ring]]}
    about = {"grid_id": f"{village}-G01", "village_code": village}
    return {"type": "Feature", "properties": about, "geometry": shape}


def _write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--households", type=int, default=1_000_000)
    given = parser.parse_args()
    write_files(given.folder, given.households)


if __name__ == "__main__":
    main()
