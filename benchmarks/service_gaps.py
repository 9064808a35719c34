"""How long do service gaps, radii and their peers take, straight line, frames in, frames out?

``python -m benchmarks.service_gaps`` measures a county (70,000 households, 230 centers) and a
province's worth (1,000,000 × 10,000), each in a process of its own, and prints a table: CPU
seconds of one thread, the best of some rounds (wall time of the same in brackets), and the ratio to
geopandas' ``sjoin_nearest`` in the same process.
``--households N --centers M`` measures one case.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import geopandas
import numpy as np
import shapely

from geo.crs import to_store
from geo.profiles import parse_profile
from geo.reach.line import StraightLine
from geo.service.gaps import measure_service
from geo.service.question import pose_question
from geo.service.radius import Assigned, measure_overlap, measure_radii
from geo.service.spread import measure_spread
from tests.geo.cells import CRS, ORIGIN, tiled

CASES = ((70_000, 230), (1_000_000, 10_000))
PROFILES = Path(__file__).parents[1] / "data" / "profiles"
STANDARD_M = 2000.0


def county(households, centers, seed=7):
    """Return (households, centers, natural villages) in store CRS: settlements of 340."""
    rng = np.random.default_rng(seed)
    width = 57_600.0 * (households / 70_000) ** 0.5
    villages = max(20, households // 340)
    middles = rng.uniform(0, width, (villages, 2))
    home = rng.integers(0, villages, households)
    # everybody lives on the land of the county
    xy = np.clip(middles[home] + rng.normal(0, 900, (households, 2)), 1, width - 1) + ORIGIN
    codes = np.array([f"500229{100 + i // 100:03d}{200 + i % 100:03d}" for i in range(villages)])
    sites = middles[rng.integers(0, villages, centers)] + rng.normal(0, 700, (centers, 2)) + ORIGIN
    land, _ = tiled(rng, households // 14, width=width, nodes=1)
    nearest = shapely.STRtree(shapely.points(middles + ORIGIN)).nearest
    land["village_code"] = codes[nearest(land.representative_point().array)]
    return (
        to_store(
            geopandas.GeoDataFrame(
                {
                    "residents": rng.integers(0, 7, households),
                    "elderly": rng.integers(0, 2, households),
                    "village_code": codes[home],
                },
                geometry=shapely.points(xy),
                crs=CRS,
            )
        ),
        to_store(
            geopandas.GeoDataFrame(
                {"code": [f"k{i:05d}" for i in range(centers)], "level": "village"},
                geometry=shapely.points(sites),
                crs=CRS,
            )
        ),
        to_store(land),
    )


def timed(call, rounds):
    seconds = []
    for _ in range(rounds):
        start, wall = time.process_time(), time.perf_counter()
        result = call()
        seconds.append((time.process_time() - start, time.perf_counter() - wall))
    return min(seconds), result


def peak_gib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def measure(household_count, center_count, rounds):
    households, centers, land = county(household_count, center_count)
    profile = parse_profile(json.loads((PROFILES / "mountain-county.json").read_text("utf-8")))
    line, rows = StraightLine(), []

    def ask(units):
        return pose_question(
            households, centers, units, profile=profile, area_types={},
            standard=STANDARD_M, weight="residents",
        )  # fmt: skip

    def row(name, call, note):
        seconds, result = timed(call, rounds)
        rows.append((name, seconds, note(result)))
        return result

    question = ask(None)
    measure_service(question)  # kernels are compiled once a machine
    start = peak_gib()
    served = row(
        "gaps: who is served, counts, shares",
        lambda: measure_service(ask(None), draw=False),
        lambda found: f"{len(found.homes) - found.served:,} unserved",
    )
    found = row(
        "gaps with polygons, ranked",
        lambda: measure_service(ask(land)),
        lambda found: f"{len(found.areas):,} areas of {len(land):,} natural villages",
    )
    assert found.areas.households.sum() == len(found.homes) - served.served
    row(
        "nearest center alone",
        lambda: line.nearest(question.homes, question.sites, "distance"),
        lambda near: f"mean {np.nanmean(near.cost):.0f} m",
    )
    row(
        "radius of every center, of the county",
        lambda: (
            measure_radii(
                Assigned.of_nearest(served.near, question.people), center_count,
                limits=question.limits,
            ),
            measure_spread(served.near.cost, question.people),
        ),
        lambda pair: f"95 % within {pair[1].radius:.0f} m",
    )  # fmt: skip
    row(
        "all centers within the standard, overlap",
        lambda: measure_overlap(
            line.within(question.homes, question.sites, "distance", STANDARD_M), question.people
        )[1],
        lambda counts: f"{counts.households[2:].sum():,} households within two or more",
    )
    peak = peak_gib()
    homes, sites = (frame.to_crs(question.zone) for frame in (households, centers))
    joined = row(
        "geopandas sjoin_nearest (metric frames)",
        lambda: geopandas.sjoin_nearest(homes, sites, distance_col="metres"),
        lambda joined: f"{len(joined):,} rows",
    )
    first = joined[~joined.index.duplicated()].metres.to_numpy()
    np.testing.assert_allclose(first, served.near.cost, atol=1e-6)
    print(
        f"\n{household_count:,} households × {center_count:,} centers, {STANDARD_M:g} m; ", end=""
    )
    print(f"peak memory {peak:.2f} GiB, {start:.2f} of it with the frames made\n")
    print("| what | CPU s (wall) | × sjoin_nearest | result |\n|---|---|---|---|")
    peer = rows[-1][1][0]
    for name, (cpu, wall), note in rows:
        print(f"| {name} | {cpu:.2f} ({wall:.2f}) | {cpu / peer:.2f} | {note} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int)
    parser.add_argument("--centers", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if asked.households:
        measure(asked.households, asked.centers or 230, asked.rounds)
        return
    for households, centers in CASES:
        case = ["--households", str(households), "--centers", str(centers)]
        command = [sys.executable, "-m", "benchmarks.service_gaps", *case]
        subprocess.run([*command, "--rounds", str(asked.rounds)], check=True)


if __name__ == "__main__":
    main()
