"""How long do the computations of ``geo`` take at county size?

A seeded square county of 3,320 km²: 1,253 grids in 204 villages, 5,000 natural villages, 68,000
households in settlements, 230 centers. ``python benchmarks/geo_core.py [NODES]`` prints a table of
CPU seconds (best of five, one thread); NODES (3) are the corners added to each border between two
grids. Results: GEO.md.
"""

import json
import sys
import time
from pathlib import Path

import geopandas
import numpy as np
import shapely

from geo.crs import to_metric, to_store
from geo.indicators import measure_grids
from geo.locate import GridIndex
from geo.partition import check_partitions
from geo.profiles import parse_profile
from geo.service.gaps import measure_service
from geo.service.question import pose_question
from tests.geo.cells import CRS, ORIGIN, tiled

WIDTH_M = 57_600.0
ROUNDS = 5
PROFILES = Path(__file__).parents[1] / "data" / "profiles"


def county(nodes, seed=7):
    """Return (grids, villages, natural villages, households, centers) in store CRS."""
    rng = np.random.default_rng(seed)
    grids, _ = tiled(rng, 1253, width=WIDTH_M, nodes=nodes)
    natural, _ = tiled(rng, 5000, width=WIDTH_M, nodes=nodes)
    sites = shapely.points(rng.uniform(0, WIDTH_M, (204, 2)) + ORIGIN)
    codes = np.array([f"500229{100 + i // 9:03d}{200 + i % 9:03d}" for i in range(204)])
    nearest = shapely.STRtree(sites).nearest
    for frame in (grids, natural):
        frame["village_code"] = codes[nearest(frame.representative_point().array)]
    villages = grids.dissolve("village_code", method="coverage").reset_index()
    villages = villages[["village_code", "geometry"]].rename(columns={"village_code": "code"})
    hamlets = rng.uniform(1000, WIDTH_M - 1000, (3000, 2))
    xy = hamlets[rng.integers(0, 3000, 68_000)] + rng.normal(0, 150, (68_000, 2)) + ORIGIN
    households = geopandas.GeoDataFrame(
        {
            "residents": rng.integers(0, 7, 68_000),
            "elderly": rng.integers(0, 2, 68_000),
            "village_code": codes[nearest(shapely.points(xy))],
        },
        geometry=shapely.points(xy),
        crs=CRS,
    )
    places = shapely.get_coordinates(sites) + rng.normal(0, 400, (204, 2))
    places = np.concatenate([places, rng.uniform(0, WIDTH_M, (26, 2)) + ORIGIN])
    centers = geopandas.GeoDataFrame(
        {
            "code": [f"k{i:03d}" for i in range(230)],
            "level": ["village"] * 204 + ["township"] * 25 + ["county"],
        },
        geometry=shapely.points(places),
        crs=CRS,
    )
    return tuple(to_store(f) for f in (grids, villages, natural, households, centers))


def cpu(call):
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        result = call()
        seconds.append(time.process_time() - start)
    return min(seconds), result


def main(nodes):
    grids, villages, natural, households, centers = county(nodes)
    rng = np.random.default_rng(1)
    west, south, east, north = grids.total_bounds
    lon, lat = rng.uniform(west, east, 100_000), rng.uniform(south, north, 100_000)
    points = geopandas.GeoDataFrame(geometry=shapely.points(lon, lat), crs=grids.crs)
    profile = parse_profile(json.loads((PROFILES / "mountain-county.json").read_text("utf-8")))
    rows = []

    def measure(name, call, note):
        seconds, result = cpu(call)
        rows.append((name, seconds, note(result)))
        return result

    wkb = shapely.to_wkb(grids.geometry.array)  # fresh polygons: an index prepares them for good
    index = measure(
        "GridIndex, 1,253 polygons", lambda: GridIndex(grids.code, shapely.from_wkb(wkb)), len
    )
    mine = measure(
        "locate 100,000 points", lambda: index.locate(lon, lat), lambda r: f"{(r >= 0).sum()} found"
    )
    joined = measure(
        "geopandas.sjoin, the same points",
        lambda: geopandas.sjoin(points, grids, predicate="intersects"),
        lambda r: f"{len(r)} pairs",
    )
    assert (mine[joined.index] >= 0).all()
    measure("locate one point", lambda: index.locate(lon[:1], lat[:1]), len)
    measure(
        "check_partitions, 204 villages, no fault",
        lambda: check_partitions(grids, villages, households),
        lambda r: f"{len(r)} problems",
    )
    faulty = grids.copy()
    metric = to_metric(grids)
    grown = metric.geometry.iloc[::25].buffer(30).to_crs(grids.crs)
    faulty.loc[grown.index, "geometry"] = grown
    faulty = faulty.drop(index=faulty.index[7::25])
    measure(
        "check_partitions, 100 grids faulty",
        lambda: check_partitions(faulty, villages, households),
        lambda r: f"{len(r)} problems",
    )
    measure(
        "measure_grids",
        lambda: measure_grids(grids, households, centers, profile, {}),
        lambda r: f"{int(r.households.sum())} households",
    )
    for standard_m in (1000, 2000, 4000):
        measure(
            f"measure_service, {standard_m:,} m",
            lambda standard_m=standard_m: measure_service(
                pose_question(
                    households,
                    centers,
                    natural,
                    profile=profile,
                    area_types={},
                    standard=standard_m,
                )
            ),
            lambda r: f"{len(r.unserved)} unserved in {len(r.areas)} areas",
        )
    corners = shapely.get_num_coordinates(grids.geometry.array).mean()
    print(
        f"corners a grid: {corners:.0f}; a natural village: "
        f"{shapely.get_num_coordinates(natural.geometry.array).mean():.0f}\n"
    )
    print("| what | CPU s | result |\n|---|---|---|")
    for name, seconds, note in rows:
        print(f"| {name} | {seconds:.4f} | {note} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
