"""Index and answers at 100,000 and 1,000,000 households of several invented counties.

    python -m benchmarks.address_sizes [HOUSEHOLDS ...]

Prints CPU seconds to read the register and to make the index, memory it keeps (growth of the
process, measured after all else is freed), and milliseconds an answer.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.address_counties import REGIONS, County, make_county, official
from benchmarks.address_regions import Region
from benchmarks.address_rewrites import ERRORS, NUMERALS
from benchmarks.address_truth import Recipe, parts_of
from benchmarks.addresses import make_index

# Households of a county, and its villages: a usual county of the southwest.
EACH, VILLAGES = 50_000, 250
_FIRST = "云青白金石龙凤长永安平新兴太和双高清天福"
_LAST = "山河溪台桥坝关阳泉塘林口湖岭潭沙江原浦渡"


def counties(households: int) -> Iterator[County]:
    """Yield counties with names of their own that hold so many households together."""
    keys = sorted(REGIONS)
    for at in range(max(round(households / EACH), 1)):
        region = _larger(REGIONS[keys[at % len(keys)]], at)
        yield make_county(region, at, min(EACH, households), VILLAGES)


def _larger(region: Region, at: int) -> Region:
    rng = random.Random(at)
    names = [first + last for first in _FIRST for last in _LAST]
    rng.shuffle(names)
    return replace(
        region,
        code=f"{region.code[:2]}{20 + at // 70:02d}{20 + at % 70:02d}",
        county=names[0] + region.county[-1],
        towns=tuple(f"{name}镇" for name in names[1:25]),
        villages=tuple(names[25:165]),
        whole_words=region.whole_words or ("村", "村", "村", "社区"),
    )


def memory_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(households: int, queries: int = 600) -> None:
    rows: list[tuple[str, str, str]] = []
    places: list[tuple[str, ...]] = []
    texts: list[str] = []
    rng = random.Random(households)
    share = queries // max(round(households / EACH), 1) + 1
    for county in counties(households):
        region = county.region
        rows += [(home.code, home.written, home.grid) for home in county.homes]
        places += [
            (code, region.province, region.city, region.county, town, official(village))
            for code, town, village in county.villages
        ]
        texts += [typed(county, rng) for _ in range(share)]
    register = pd.DataFrame(rows, columns=["village_code", "address", "grid"])
    del rows
    columns = ["village_code", "province", "city", "county", "town", "village_official"]
    aliases = pd.DataFrame(columns=["code", "name", "kind"])
    before = memory_mb()
    index = make_index(
        register[["village_code", "address"]],
        pd.DataFrame(places, columns=columns),
        aliases,
        register["grid"].tolist(),
    )
    index.ask("一 ba zhem ping")
    grown = memory_mb() - before
    times = []
    began = time.process_time()
    for text in texts:
        start = time.perf_counter()
        index.ask(text)
        times.append(time.perf_counter() - start)
    cpu = (time.process_time() - began) / len(texts) * 1e3
    ms = np.asarray(times) * 1e3
    print(
        f"{len(register):>9,} households, {len(places):,} villages, {len(index.gazetteer.places):,}"
        f" places: read and index {index.seconds:.1f} s CPU, memory +{grown:.0f} MB; a query p50"
        f" {np.median(ms):.2f} ms, p95 {np.quantile(ms, 0.95):.2f} ms, mean CPU {cpu:.2f} ms"
    )


def typed(county: County, rng: random.Random) -> str:
    """Return an address as people type it: parts left out, numerals, one sign in five wrong."""
    home = rng.choice(county.homes)
    recipe = Recipe(
        rng.choice(("full", "full", "stem", "")), rng.choice(("full", "full", "stem")),
        rng.random() < 0.7, rng.random() < 0.7, rng.random() < 0.9,
    )  # fmt: skip
    parts = parts_of(home, recipe, number=NUMERALS[rng.choice(sorted(NUMERALS))])
    if rng.random() < 0.2:
        wrong = ERRORS[rng.choice(sorted(ERRORS))](parts.village, rng)
        parts = replace(parts, village=wrong)
    return str(parts)


if __name__ == "__main__":
    for size in sys.argv[1:] or ("100000", "1000000"):
        measure(int(size))
