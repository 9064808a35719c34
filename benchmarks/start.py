"""Warm restart: from `./run demo` on a loaded county to the first answer over HTTP.

    .venv/bin/python -m benchmarks.start [RUNS]

Needs a data folder that holds the sample already (WANGGE_HOME, else the usual place).
"""

from __future__ import annotations

import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def measure() -> tuple[float, float]:
    """Seconds from the command to the health answer, and to the first grid looked up."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    begun = time.perf_counter()
    program = subprocess.Popen(
        [ROOT / "run", "demo", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/api/health").read()
                break
            except (urllib.error.URLError, ConnectionError):
                if program.poll() is not None:
                    sys.exit(f"the program ended with {program.returncode}")
                time.sleep(0.02)
        healthy = time.perf_counter() - begun
        urllib.request.urlopen(f"{address}/api/grids/at?lon=108.66&lat=31.95").read()
        return healthy, time.perf_counter() - begun
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait()


def main(runs: int) -> None:
    measure()
    figures = [measure() for _ in range(runs)]
    for name, values in zip(("health", "first lookup"), zip(*figures, strict=True), strict=True):
        low, high = min(values), max(values)
        print(f"{name}: median {statistics.median(values):.2f} s ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
