"""What answers cost: CPU of the server and of PostgreSQL per request, on the sample county.

    WANGGE_HOME=/var/lib/wangge python benchmarks/serve.py [--json]

The data folder must hold the sample (``wangge demo --once``). CPU time is the number to compare:
wall time depends on what else the machine does. Results are recorded in SERVE.md.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import numpy as np

from api.server import bind_socket
from api.settings import load_settings
from data.cluster import Cluster

TICK = os.sysconf("SC_CLK_TCK")
SEED = 500229


def cpu_of(pid):
    """CPU seconds of a process and of its ended children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICK


def children_of(parent):
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                yield int(entry.name)


class Machine:
    """A running server and its database, and the CPU time they have used."""

    def __init__(self, home):
        bound, _ = bind_socket("127.0.0.1", 0)
        self.port = bound.getsockname()[1]
        bound.close()
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api", "serve", "--port", str(self.port)]
        )
        self.client = HTTPConnection("127.0.0.1", self.port, timeout=120)
        while True:
            try:
                self.ask("GET", "/api/health")
                break
            except OSError:
                self.client.close()
                time.sleep(0.02)
        self.start_s = time.monotonic() - began
        self.postmaster = Cluster(home).status().pid

    def ask(self, method, path, body=None):
        self.client.request(method, path, body)
        answer = self.client.getresponse()
        content = answer.read()
        assert answer.status in (200, 201, 204), (path, answer.status, content[:300])
        return content

    def cpu(self):
        database = sum(cpu_of(pid) for pid in [self.postmaster, *children_of(self.postmaster)])
        return cpu_of(self.process.pid), database

    def measure(self, requests):
        """Return CPU ms of server and database, wall ms and bytes a request."""
        for request in requests[:3]:
            self.ask(*request)
        before, began = self.cpu(), time.monotonic()
        size = sum(len(self.ask(*request)) for request in requests)
        wall, after = time.monotonic() - began, self.cpu()
        n = len(requests) / 1000
        return {
            "server_ms": round((after[0] - before[0]) / n, 2),
            "database_ms": round((after[1] - before[1]) / n, 2),
            "wall_ms": round(wall / n, 2),
            "bytes": size // len(requests),
            "requests": len(requests),
        }


def tile_at(z, lon, lat):
    n = 2**z
    x = int((lon + 180) / 360 * n)
    y = int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * n)
    return x, y


def cases(machine):
    workspace = json.loads(machine.ask("GET", "/api/workspace"))
    west, south, east, north = workspace["extent"]
    rng = np.random.default_rng(SEED)
    points = rng.uniform((west, south), (east, north), (100_000, 2)).round(9)
    yield "one lookup", [("GET", f"/api/grids/at?lon={x}&lat={y}") for x, y in points[:1500]]
    body = json.dumps({"points": points.tolist()})
    yield "100,000 lookups", [("POST", "/api/grids/at", body)] * 10
    middle = ((west + east) / 2, (south + north) / 2)
    for layer, z in (("grids", 10), ("grids", 12), ("grids", 14), ("villages", 10),
                     ("natural_villages", 12), ("households", 12), ("households", 15)):  # fmt: skip
        seen = {tile_at(z, x, y) for x, y in points[:3000]} if z > 10 else {tile_at(z, *middle)}
        some = sorted(seen)[:60] if z > 10 else [*seen] * 30
        yield f"tile {layer} z{z}", [("GET", f"/tiles/{layer}/{z}/{x}/{y}.mvt") for x, y in some]
    yield "page of 100 grids", [("GET", "/api/grids?limit=100&sort=residents")] * 100
    code = json.loads(machine.ask("GET", "/api/grids?limit=1"))["rows"][0]["code"]
    yield "one grid", [("GET", f"/api/grids/{code}")] * 100
    yield "workspace", [("GET", "/api/workspace")] * 50
    yield "export 68,000 households", [("GET", "/api/exports/households.geojson")] * 3
    yield "health", [("GET", "/api/health")] * 500


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    as_json = options.parse_args().json
    machine = Machine(load_settings().home)
    try:
        results = {"first answer after start": {"wall_ms": round(machine.start_s * 1000)}}
        for name, requests in cases(machine):
            results[name] = machine.measure(requests)
    finally:
        machine.process.terminate()
        machine.process.wait()
    if as_json:
        print(json.dumps(results, indent=1))
        return
    print("| case | server CPU ms | PostgreSQL CPU ms | wall ms | bytes |\n|---|---|---|---|---|")
    for name, found in results.items():
        columns = ("server_ms", "database_ms", "wall_ms", "bytes")
        print(f"| {name} | " + " | ".join(str(found.get(c, "—")) for c in columns) + " |")


if __name__ == "__main__":
    main()
