"""Two county plans compared: every grid different, every household asked for.

    python -m benchmarks.plan_difference [--profile]

The sample county against its natural villages put together in another way, grid by grid other
lines; and against itself with the borders of one village in ten redrawn. CPU seconds, best of five.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import time

import geopandas
import numpy as np
import pandas as pd
import shapely

from data.sample import generate
from geo.crs import STORE_CRS
from geo.difference import compare

ROUNDS = 5


def regroup(natural: geopandas.GeoDataFrame, count: int) -> geopandas.GeoDataFrame:
    """Return the natural villages of one village in ``count`` groups from west to east."""
    order = np.argsort(natural.representative_point().x.to_numpy(), kind="stable")
    group = np.empty(len(natural), dtype=np.int64)
    group[order] = np.arange(len(natural)) * count // len(natural)
    village = natural["village_code"].iloc[0]
    shapes = natural.geometry.to_numpy()
    codes = [f"{village}{number + 1:03d}" for number in range(count)]
    return geopandas.GeoDataFrame(
        {"code": codes, "village_code": village},
        geometry=[shapely.coverage_union_all(shapes[group == number]) for number in range(count)],
        crs=STORE_CRS,
    )


def redraw(county, every: int) -> geopandas.GeoDataFrame:
    """Return the county's grids with those of every ``every``-th village drawn anew."""
    by_village = dict(list(county.natural_villages.groupby("village_code")))
    frames = []
    for number, (village, own) in enumerate(county.grids.groupby("village_code")):
        count = min(len(own), len(by_village[village]))
        drawn = own if number % every else regroup(by_village[village], count)
        frames.append(drawn[["code", "village_code", "geometry"]])
    return pd.concat(frames, ignore_index=True)


def best(call) -> tuple[float, object]:
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        result = call()
        seconds.append(time.process_time() - began)
    return min(seconds), result


def main(*, profile: bool) -> None:
    county = generate()
    for every in (1, 10):
        after = redraw(county, every)
        # as fetched: no index of a geometry is made beforehand
        wkb = [shapely.to_wkb(frame.geometry.to_numpy()) for frame in (county.grids, after)]

        def call(after=after, wkb=wkb):
            sides = [
                frame.set_geometry(shapely.from_wkb(shapes), crs=STORE_CRS)
                for frame, shapes in zip((county.grids, after), wkb, strict=True)
            ]
            return compare(*sides, county.households)

        seconds, found = best(call)
        grids = found.grids
        print(
            f"{seconds:.3f} s CPU: {len(county.grids)} grids and {len(after)},"
            f" {len(county.households)} households: {len(grids)} grids differ,"
            f" {len(found.land)} pieces of land, {len(found.households)} households moved;"
            f" {grids.area_in_m2.sum():.3f} m² in, {grids.area_out_m2.sum():.3f} m² out"
        )
        if profile:
            profiler = cProfile.Profile()
            profiler.runcall(call)
            pstats.Stats(profiler).sort_stats("tottime").print_stats(16)


if __name__ == "__main__":
    main(profile="--profile" in sys.argv)
