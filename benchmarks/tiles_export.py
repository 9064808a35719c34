"""Tiles of the sample county and exports of many households: CPU of Python and of PostgreSQL.

    python -m benchmarks.tiles_export [HOUSEHOLDS] [--peer]

``--peer`` exports the same households with ``ogr2ogr`` to GeoJSON for comparison.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime
from math import asinh, pi, radians, tan
from pathlib import Path
from statistics import median

from sqlalchemy import make_url, text

from benchmarks.import_households import backend_cpu, write_households
from data import stores
from data.cluster import Cluster
from data.db import make_engine
from data.exporters import stream
from data.importers.read import read_file
from data.migrate import upgrade
from data.sample import generate
from data.tiles import fetch_tile
from geo.frames import LAYERS

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LON, LAT = 108.66, 31.95  # the county town
TILES = (
    *(("grids", z) for z in (8, 10, 12, 14)),
    *(("natural_villages", z) for z in (10, 12)),
    *(("households", z) for z in (8, 10, 12, 13, 15)),
    *(("villages", z) for z in (8, 10)),
)


def tile_of(z: int) -> tuple[int, int]:
    n = 2**z
    return int((LON + 180) / 360 * n), int((1 - asinh(tan(radians(LAT))) / pi) / 2 * n)


def measure_tiles(connection) -> None:
    print(f"{'tile':28} {'bytes':>8} {'CPU ms':>8} {'wall ms':>8}  (one tile, both processes)")
    for layer, z in TILES:
        x, y = tile_of(z)
        content = fetch_tile(connection, layer, z, x, y)
        repeats = 30
        walls = []
        before = backend_cpu(connection) + time.process_time()
        for _ in range(repeats):
            start = time.perf_counter()
            fetch_tile(connection, layer, z, x, y)
            walls.append(time.perf_counter() - start)
        cpu = backend_cpu(connection) + time.process_time() - before
        milliseconds = cpu / repeats * 1e3, median(walls) * 1e3
        name = f"{layer} z{z}"
        print(f"{name:28} {len(content):8} {milliseconds[0]:8.1f} {milliseconds[1]:8.1f}")


def measure_exports(connection, count: int) -> None:
    print(f"{'export of ' + str(count):28} {'MB':>8} {'s wall':>8} {'Python':>8} {'Postgres':>8}")
    for kind in ("geojson", "geojsonl", "csv"):
        start = time.perf_counter(), time.process_time(), backend_cpu(connection)
        size = sum(len(piece) for piece in stream(connection, "households", kind))
        end = time.perf_counter(), time.process_time(), backend_cpu(connection)
        wall, python, backend = (b - a for a, b in zip(start, end, strict=True))
        print(f"{kind:28} {size / 1e6:8.1f} {wall:8.1f} {python:8.2f} {backend:8.2f}")
    tracemalloc.start()
    for _ in stream(connection, "households", "geojson"):
        pass
    print(f"largest growth of memory {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB")
    tracemalloc.stop()


def run_peer(url: str, folder: Path) -> None:
    server = make_url(url)
    source = f"PG:host={server.query['host']} user={server.username} dbname={server.database}"
    if "port" in server.query:
        source += f" port={server.query['port']}"
    target = str(folder / "peer.geojson")
    usage = os.times()
    start = time.perf_counter()
    command = ["ogr2ogr", "-f", "GeoJSON", target, source, "household", "-lco", "RFC7946=YES"]
    subprocess.run([*command, "-lco", "COORDINATE_PRECISION=9"], check=True)
    wall = time.perf_counter() - start
    cpu = os.times().children_user - usage.children_user
    print(f"{'ogr2ogr to GeoJSON':28} {'':8} {wall:8.1f} {cpu:8.2f}")


def main(count: int, *, peer: bool) -> None:
    home = Path(tempfile.mkdtemp(prefix="wangge-benchmark-", dir="/tmp"))
    home.chmod(0o711)
    with Cluster(home / "cluster").use() as url:
        engine = make_engine(url)
        upgrade(engine)
        county = generate()
        with engine.begin() as connection:
            for layer in LAYERS:
                stores.store_frame(connection, layer, getattr(county, layer), now=NOW)
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
            measure_tiles(connection)
            connection.execute(text("DELETE FROM household"))
            write_households(home / "households.csv", count)
            frame = read_file(home / "households.csv", "households", crs="EPSG:4490").frame
            stores.store_frame(connection, "households", frame, now=NOW)
        with engine.begin() as connection:
            measure_exports(connection, count)
        if peer:
            run_peer(url, home)
        engine.dispose()
    shutil.rmtree(home)


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(counts[0] if counts else 300_000, peer="--peer" in sys.argv)
