"""1,000,000 synthetic households from a CSV file into the store: read, check, load.

    python -m benchmarks.import_households [ROWS] [--peer]

``--peer`` loads the same file with ``ogr2ogr`` (COPY, spatial index) for comparison. Uses a
private cluster in a temporary folder, with durable settings as in production.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import make_url, text

from data import households, stores
from data.cluster import Cluster
from data.db import make_engine
from data.importers.check import check_rows
from data.importers.read import read_file
from data.migrate import upgrade

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def write_households(path: Path, count: int) -> None:
    rng = np.random.default_rng(500229)
    numbers = pd.Series(range(count)).astype("str").str.zfill(7)
    groups = pd.Series(rng.integers(1, 50, count)).astype("str")
    doors = pd.Series(rng.integers(1, 9999, count)).astype("str")
    pd.DataFrame(
        {
            "code": "H" + numbers,
            "address": "葛城街道土城社区" + groups + "组" + doors + "号",
            "village_code": [f"500229001{n:03d}" for n in rng.integers(1, 15, count)],
            "residents": rng.integers(1, 7, count),
            "registered": rng.integers(1, 7, count),
            "children": rng.integers(0, 3, count),
            "elderly": rng.integers(0, 3, count),
            "aged_80": rng.integers(0, 2, count),
            "needs": np.where(rng.random(count) < 0.05, "残疾:1", ""),
            "lon": rng.uniform(108.2, 109.2, count).round(9),
            "lat": rng.uniform(31.6, 32.2, count).round(9),
        }
    ).to_csv(path, index=False)


@contextmanager
def timed(step: str, connection=None):
    """Print wall time and CPU of Python and of the connection's backend (same machine, Linux)."""
    before = time.perf_counter(), time.process_time(), backend_cpu(connection)
    yield
    after = time.perf_counter(), time.process_time(), backend_cpu(connection)
    wall, python, backend = (b - a for a, b in zip(before, after, strict=True))
    print(
        f"{step:28} {wall:7.1f} s wall {python:7.1f} s CPU Python {backend:7.1f} s CPU PostgreSQL"
    )


def backend_cpu(connection) -> float:
    if connection is None:
        return 0.0
    pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(count: int, *, peer: bool) -> None:
    home = Path(tempfile.mkdtemp(prefix="wangge-benchmark-", dir="/tmp"))
    home.chmod(0o711)
    path = home / "households.csv"
    write_households(path, count)
    print(f"{count} households, {path.stat().st_size / 1e6:.0f} MB")
    with Cluster(home / "cluster").use() as url:
        engine = make_engine(url)
        upgrade(engine)
        with engine.begin() as connection, timed("all", connection):
            with timed("  read", connection):
                result = read_file(path, "households", crs="EPSG:4490")
            with timed("  check", connection):
                context = stores.fetch_context(connection, "households", now=NOW)
                check_rows("households", result.frame, context)
            with timed("  load and index", connection):
                print("   ", stores.store_frame(connection, "households", result.frame, now=NOW))
        with engine.begin() as connection:
            with timed("the same file again", connection):
                print("   ", stores.store_frame(connection, "households", result.frame, now=NOW))
            with timed("fetch as a frame", connection):
                households.fetch_frame(connection)
            with timed("fetch one village (1/14)", connection):
                households.fetch_frame(connection, scope="500229001001")
        if peer:
            run_peer(url, path)
        engine.dispose()
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")
    shutil.rmtree(home)


def run_peer(url: str, path: Path) -> None:
    server = make_url(url)
    target = f"PG:host={server.query['host']} user={server.username} dbname={server.database}"
    if "port" in server.query:
        target += f" port={server.query['port']}"
    options = ["-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", "-a_srs", "EPSG:4490"]
    command = ["ogr2ogr", "-f", "PostgreSQL", target, str(path), *options, "-nln", "peer"]
    with timed("ogr2ogr, no checks"):
        subprocess.run([*command, "--config", "PG_USE_COPY", "YES"], check=True)


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(counts[0] if counts else 1_000_000, peer="--peer" in sys.argv)
