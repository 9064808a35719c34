"""Invented counties whose households are known without reading any address.

    python -m benchmarks.address_counties hills --seed 7 -o /tmp/hills

writes ``register.csv``, ``places.csv``, ``aliases.csv``, ``grids.geojson`` and ``queries.csv``.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.address_homes import Home
from benchmarks.address_layouts import LAYOUTS, Style, Unit, read_unit
from benchmarks.address_regions import (
    COAST,
    HILLS,
    NAMED_GROUPS,
    NORTHEAST,
    PEOPLES,
    PLAIN,
    STEPPE,
    Region,
)

REGIONS = {
    region.key: region for region in (HILLS, PLAIN, NAMED_GROUPS, NORTHEAST, COAST, STEPPE, PEOPLES)
}


@dataclass(frozen=True)
class County:
    """Households, and the villages they lie in: (code, town, village)."""

    region: Region
    homes: tuple[Home, ...]
    villages: tuple[tuple[str, str, str], ...]
    aliases: tuple[tuple[str, str, str], ...]


def make_county(region: Region, seed: int, households: int = 3000, villages: int = 40) -> County:
    """Return an invented county; the same for the same arguments."""
    rng = random.Random(f"{region.key} {seed}")
    laid = list(_lay_out(region, rng, villages))
    each = max(households // len(laid), 6)
    homes: list[Home] = []
    for code, town, village, units in laid:
        homes += _settle(region, rng, code, town, village, units, each, len(homes))
    codes = {village: code for code, _, village, _ in laid}
    aliases = tuple((codes[new], old, "old") for new, old in region.old.items() if new in codes)
    known = tuple((code, town, village) for code, town, village, _ in laid)
    return County(region, tuple(homes), known, aliases)


def _lay_out(
    region: Region, rng: random.Random, count: int
) -> Iterator[tuple[str, str, str, list[Unit]]]:
    """Yield (code, town, village, units): first the traps, then villages made of the material."""
    made = [
        (town, village, [read_unit(u) for u in units])
        for town, vs in region.traps
        for village, units in vs
    ]
    taken = {(town, village) for town, village, _ in made}
    names = [f"{one}{'村' if not one.endswith('村') else ''}" for one in region.villages]
    if region.whole_words:
        names = [f"{one}{rng.choice(region.whole_words)}" for one in region.villages]
    while len(made) < count:
        town = rng.choice(region.towns)
        village = rng.choice(names)
        if len(taken) > len(region.towns) * len(names) // 2:
            break
        if (town, village) not in taken:
            taken.add((town, village))
            made.append((town, village, LAYOUTS[region.layout](region, rng)))
    towns = list(dict.fromkeys(town for town, _, _ in made))
    seen = dict.fromkeys(towns, 0)
    for town, village, units in sorted(made, key=lambda one: towns.index(one[0])):
        seen[town] += 1
        yield (
            f"{region.code}{100 + towns.index(town):03d}{200 + seen[town]:03d}",
            town,
            village,
            units,
        )


def _settle(
    region: Region, rng: random.Random, code: str, town: str, village: str, units: list[Unit],
    each: int, first: int,
) -> list[Home]:  # fmt: skip
    """Return the households of a village, numbered as its people number them."""
    scope = rng.choice(region.scopes)
    # a unit's households lie in one grid, those of a large one in two
    grids = {at: f"{code}-G{1 + at * rng.randint(1, 3) // 3 % 6:02d}" for at in range(len(units))}
    split = {at: f"{code}-G{7 + at % 2:02d}" for at in range(len(units)) if rng.random() < 0.12}
    style = Style.make(region, rng, scope)
    counters: dict[object, int] = {}
    homes: list[Home] = []
    size = max(each // len(units), 2)
    for at, unit in enumerate(units):
        count = rng.randint(max(size // 2, 2), size * 3 // 2 + 1)
        for n in range(count):
            grid = split[at] if at in split and n > count // 2 else grids[at]
            home = Home(
                first + len(homes), region.province, region.city, region.county, town, village,
                code, unit.name, unit.group, 0, 0, "", 0, 0, 0, grid,
                0.0, 0.0, "unit" if unit.estate or unit.numbered else scope,
            )  # fmt: skip
            home = _number(home, unit, rng, counters)
            lon, lat = _point(grid, rng)
            home = replace(home, lon=lon, lat=lat)
            homes.append(style.write(home, rng))
    return homes


def _number(home: Home, unit: Unit, rng: random.Random, counters: dict[object, int]) -> Home:
    if unit.estate:
        return replace(
            home, building=rng.randint(1, 6), door=rng.randint(1, 3),
            room=rng.randint(1, 6) * 100 + rng.randint(1, 4),
        )  # fmt: skip
    key: object = {"village": 0, "group": home.group, "unit": (home.unit, home.group)}[home.scope]
    if home.scope == "group" and not home.group:
        key = (home.unit, 0)
    before = counters.get(key, 0)
    draw = rng.random()
    if before and draw < 0.06:
        sub = counters[key, before] = counters.get((key, before), 0) + 1
        return replace(home, number=before, sub=sub)
    counters[key] = before + (1 if draw < 0.9 else 2)
    if unit.name.endswith("弄"):
        return replace(home, number=counters[key], room=rng.randint(1, 5) * 100 + rng.randint(1, 4))
    lead = "甲" if home.province == "浙江省" and draw > 0.97 else ""
    return replace(home, number=counters[key], lead=lead)


def cell_of(grid: str) -> tuple[float, float, float]:
    """Return the south-west corner and the width of a grid's square."""
    county, town, village, at = int(grid[:6]), int(grid[6:9]), int(grid[9:12]), int(grid[-2:])
    west = 100.0 + county % 97 * 0.2 + (town - 100) * 0.0135
    south = 25.0 + county % 89 * 0.2 + (village - 200) * 0.0065
    return west + at * 0.0012, south, 0.0012


def _point(grid: str, rng: random.Random) -> tuple[float, float]:
    west, south, width = cell_of(grid)
    return round(west + width * rng.uniform(0.1, 0.9), 9), round(
        south + width * rng.uniform(0.1, 0.9), 9
    )


def write_county(county: County, folder: Path) -> None:
    """Write a county's files as ``wangge import`` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    region = county.region

    def table(name: str, head: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])

    table(
        "register.csv",
        ("household_id", "village_code", "address", "lon", "lat"),
        ((h.id, h.code, h.written, h.lon, h.lat) for h in county.homes),
    )
    table(
        "places.csv",
        ("village_code", "province", "city", "county", "town", "village_official"),
        (
            (c, region.province, region.city, region.county, t, official(v))
            for c, t, v in county.villages
        ),
    )
    table("aliases.csv", ("code", "name", "kind"), iter(county.aliases))
    features = []
    for grid in sorted({home.grid for home in county.homes}):
        w, s, d = cell_of(grid)
        ring = [[w, s], [w + d, s], [w + d, s + d], [w, s + d], [w, s]]
        ring = [[round(x, 9), round(y, 9)] for x, y in ring]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"grid_id": grid}, "geometry": shape})
    (folder / "grids.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )


def official(village: str) -> str:
    """Return a village's name as the state writes it."""
    if village.endswith("社区"):
        return village + "居民委员会"
    return village + "民委员会" if village.endswith("村") else village


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("county", choices=sorted(REGIONS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--households", type=int, default=3000)
    parser.add_argument("-o", type=Path, required=True)
    given = parser.parse_args()
    write_county(make_county(REGIONS[given.county], given.seed, given.households), given.o)


if __name__ == "__main__":
    main()
