"""Kill the service at random while plans are edited and published; then a storm of previews.

    python -m benchmarks.plan_kills [--kills 300] [--seed 1] [--previews 2000]

The tiny county of the tests on a private cluster of its own, with the settings of every user's
(writes reach the disk). After each kill everything stored is compared with a replay of the log
(``tests.api.siege``); the first thing that is not whole ends the run with exit status 1.

Result, November 2026 (2 cores, load 5–9): 300 kills, 61 before the write's transaction, 213 inside
it, 4 after its commit and before the answer, 22 after the answer: nothing half-done, nothing
answered lost. Transactions of the dead were gone after 2.9 ms (median), 28 ms (longest). 2,000
previews from eight clients: memory of the service from 200.9 to 201.2 MB.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path

from api.services import workspace
from data.cluster import Cluster
from data.db import make_engine
from data.migrate import upgrade
from tests.api import tiny
from tests.api.conftest import bring_in
from tests.api.crowd import Crowd, at_once
from tests.api.drafting import B1, SPLIT
from tests.api.killing import Nursery
from tests.api.siege import Siege

WHERE = ("before", "inside", "stored", "answered")
CLIENTS = 8


def load(url: str, folder: Path) -> None:
    """Put the tiny county into an empty database."""
    engine = make_engine(url)
    upgrade(engine)
    with engine.begin() as connection:
        workspace.seed(connection)
    bring_in(engine, folder, tiny.write_files(folder))
    engine.dispose()


def besiege(nursery: Nursery, url: str, home: Path, kills: int, seed: int) -> str:
    """Kill the service ``kills`` times; return what was hit."""
    siege = Siege(nursery, url, home, seed)
    began = time.monotonic()
    try:
        while siege.kills < kills:
            siege.strike()
    finally:
        siege.close()
    found: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for (what, where, _), count in siege.hits.items():
        found[what][where] += count
    lines = [f"{'':10}" + "".join(f"{where:>10}" for where in WHERE)]
    for what in sorted(found):
        lines.append(f"{what:10}" + "".join(f"{found[what][where]:>10}" for where in WHERE))
    times = {"transaction of the dead": siege.burials_s, "start": siege.starts_s}
    for name, seconds in times.items():
        median, worst = statistics.median(seconds), max(seconds)
        lines.append(f"{name}: median {1e3 * median:.1f} ms, longest {1e3 * worst:.1f} ms")
    lines.append(f"{siege.published} plans published, {time.monotonic() - began:.0f} s")
    return "\n".join(lines)


def storm(nursery: Nursery, url: str, home: Path, previews: int) -> str:
    """Preview one edit over and over from eight clients; return what became of the memory."""
    crowd = Crowd(nursery, url, home)
    try:
        draft, _ = crowd.make()
        draft.edit({"type": "set_attributes", "grid": B1, "attributes": {"name": "第一"}})
        left, turn = itertools.count(1), threading.Lock()
        memory: dict[int, float] = {}

        def ask() -> None:
            while True:
                with turn:
                    number = next(left)
                if number > previews:
                    return
                answer = crowd.client.post(f"{draft.path}/edits?preview=true", json=SPLIT)
                assert answer.status_code in (200, 422), answer.text
                if number % (previews // 4) == 0:
                    memory[number] = crowd.memory_mb()

        began = time.monotonic()
        at_once(*[ask] * CLIENTS)
        seconds = time.monotonic() - began
    finally:
        crowd.close()
    told = ", ".join(f"{number:,}: {used:.1f} MB" for number, used in sorted(memory.items()))
    return f"{previews:,} previews in {seconds:.0f} s; memory of the service after {told}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--previews", type=int, default=2_000)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="wangge-kills-", dir="/tmp"))
    home.chmod(0o711)  # as root the server runs as account postgres
    nursery = Nursery()
    try:
        with Cluster(home).use() as url:
            load(url, home)
            print(besiege(nursery, url, home, options.kills, options.seed))
            print(storm(nursery, url, home, options.previews))
    finally:
        nursery.close()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
