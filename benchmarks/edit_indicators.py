"""What the numbers of an edit cost: the grids of one village, measured again after each change.

    python -m benchmarks.edit_indicators [--profile]

The sample county in a private cluster, with its own centers and with 20,000. CPU milliseconds of
Python and of PostgreSQL for one call of ``api.services.indicators.measure`` on the village with the
median number of grids, and on one with about 8 grids and 500 households: ``first`` reads
centers and households, ``all new`` measures every grid (each round moves every corner by a step of
the lattice), ``two new`` those beside a node that was moved, ``known`` none.
"""

from __future__ import annotations

import cProfile
import pstats
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import geopandas
import numpy as np
import shapely

from api.services.indicators import Memory, measure
from benchmarks.import_households import backend_cpu
from data import grids, stores, workspace
from data.cluster import Cluster
from data.db import make_engine
from data.migrate import upgrade
from data.sample import generate
from geo.crs import STORE_CRS, to_lattice
from geo.frames import LAYERS

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ROUNDS = 60


def load(connection, county) -> None:
    for layer in ("divisions", "grids", "households", "centers"):
        frame = getattr(county, layer)
        known = [f.name for f in LAYERS[layer].fields if f.name in frame]
        stores.store_frame(connection, layer, frame[[*known, "geometry"]], now=NOW)


def many_centers(county, count: int) -> geopandas.GeoDataFrame:
    rng = np.random.default_rng(7)
    west, south, east, north = county.grids.total_bounds
    places = np.column_stack([rng.uniform(west, east, count), rng.uniform(south, north, count)])
    return geopandas.GeoDataFrame(
        {"code": [f"X{i:05d}" for i in range(count)], "level": "station"},
        geometry=to_lattice(shapely.points(places)),
        crs=STORE_CRS,
    )


def moved(lines, step: int, *, whole: bool):
    """Return the lines with one shared node moved, or every node."""
    shapes = lines.geometry.to_numpy()
    node = shapely.get_coordinates(shapes[0])[1]

    def shift(xy):
        chosen = np.full(len(xy), True) if whole else (xy == node).all(axis=1)
        return np.where(chosen[:, None], xy + step * 1e-9, xy)

    return lines.set_geometry(to_lattice(shapely.transform(shapes, shift)), crs=STORE_CRS)


def time_calls(connection, frames, memory: Memory) -> tuple[float, float]:
    python, backend = time.process_time(), backend_cpu(connection)
    for frame in frames:
        measure(connection, frame, memory=memory)
    count = len(frames) / 1000
    return (
        (time.process_time() - python) / count,
        (backend_cpu(connection) - backend) / count,
    )


def compare(connection, lines, memory: Memory, title: str) -> None:
    workspace.etag(connection, ["grids"])  # the connection's first words are not counted
    sizes = int(measure(connection, lines, memory=Memory())["households"].sum())
    print(f"{title}: {len(lines)} grids, {sizes} households")
    steps = range(1, ROUNDS)
    rounds = {
        "first": ([lines], Memory()),
        "all new": ([moved(lines, step, whole=True) for step in steps], memory),
        "two new": ([moved(lines, step, whole=False) for step in steps], memory),
        "known": ([lines] * ROUNDS, memory),
    }
    measure(connection, lines, memory=memory)
    for name, (frames, known) in rounds.items():
        python, backend = time_calls(connection, frames, known)
        print(f"  {name:8} {python:7.2f} ms Python {backend:7.2f} ms PostgreSQL")


def main(*, profile: bool) -> None:
    county = generate()
    home = Path(tempfile.mkdtemp(prefix="wangge-benchmark-", dir="/tmp"))
    home.chmod(0o711)
    with Cluster(home / "cluster").use() as url:
        engine = make_engine(url)
        upgrade(engine)
        with engine.begin() as connection:
            load(connection, county)
        for extra in (0, 20_000):
            with engine.begin() as connection:
                if extra:
                    stores.store_frame(connection, "centers", many_centers(county, extra), now=NOW)
            with engine.connect() as connection:
                frame = grids.fetch_frame(connection)
                by_village = dict(list(frame.groupby("village_code")))
                homes = county.households.groupby("village_code").size()
                order = sorted(by_village, key=lambda code: len(by_village[code]))
                near = min(
                    by_village,
                    key=lambda code: (
                        abs(len(by_village[code]) - 8) * 50 + abs(homes.get(code, 0) - 500)
                    ),
                )
                memory = Memory()
                print(f"\n{len(county.centers) + extra} centers")
                compare(connection, by_village[order[len(order) // 2]], memory, "median village")
                compare(connection, by_village[near], memory, "a larger one")
                if profile:
                    show_profile(connection, by_village[near], memory)
        engine.dispose()
    shutil.rmtree(home)


def show_profile(connection, lines, memory: Memory) -> None:
    frames = [moved(lines, 100 + step, whole=True) for step in range(ROUNDS)]
    profiler = cProfile.Profile()
    profiler.enable()
    for frame in frames:
        measure(connection, frame, memory=memory)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main(profile="--profile" in sys.argv)
