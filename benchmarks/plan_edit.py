"""What an edit of a plan costs: CPU of the server and of PostgreSQL per preview, edit and undo.

    WANGGE_HOME=/var/lib/wangge python -m benchmarks.plan_edit [--edits 300] [--villages N]

The data folder must hold the sample (``wangge demo --once``) or a province
(``benchmarks.province``). A planner tries an edit (preview), makes it, asks for the problems; now
and then he undoes one. Edits are those of ``tests.geo.edits.strokes``, sensible and nonsense, on
villages drawn at random; refusals are counted apart. CPU time is read from the scheduler
(``/proc/*/schedstat``, nanoseconds) of the server and of all of PostgreSQL's processes, so nothing
else may use them meanwhile. The plan is made for the run and withdrawn at its end.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
from sqlalchemy import text

from api.server import bind_socket
from api.settings import load_settings
from benchmarks.serve import children_of
from data import plan_lines
from data.cluster import Cluster
from data.db import make_engine
from geo.edits import Partition
from tests.geo.edits import strokes

# A planner draws; what is only for damaged lines does not come up.
WEIGHTS = strokes.WEIGHTS | {"fill_gap": 0, "resolve_overlap": 0, "clip_to_village": 0}
VILLAGES = text("""
    SELECT village_code FROM grid WHERE valid_to IS NULL AND network = 'all_purpose'
     GROUP BY 1 HAVING count(*) > 1 ORDER BY 1
""")


def cpu_ns(pid: int) -> int:
    """CPU nanoseconds of a process, all of its threads."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:  # a thread that has just ended
            continue
    return total


class Machine:
    """A running server and its database."""

    def __init__(self, home: Path) -> None:
        bound, _ = bind_socket("127.0.0.1", 0)
        self.port = bound.getsockname()[1]
        bound.close()
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
                time.sleep(0.05)
        self.postmaster = Cluster(home).status().pid

    def ask(self, method: str, path: str, body=None, revision=None):
        """Return status and answer."""
        headers = {"Content-Type": "application/json"}
        if revision is not None:
            headers["If-Match"] = str(revision)
        self.client.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self.client.getresponse()
        return answer.status, json.loads(answer.read())

    def cpu(self) -> tuple[int, int]:
        pids = [self.postmaster, *children_of(self.postmaster)]
        return cpu_ns(self.process.pid), sum(cpu_ns(pid) for pid in pids)

    def measure(self, *request):
        """Return status, answer, and milliseconds: server, database, wall."""
        before, began = self.cpu(), time.perf_counter()
        status, answer = self.ask(*request)
        wall = time.perf_counter() - began
        # PostgreSQL tidies up for a moment after it has answered
        time.sleep(0.002)
        after = self.cpu()
        times = ((after[0] - before[0]) / 1e6, (after[1] - before[1]) / 1e6, wall * 1e3)
        return status, answer, times

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def draw_edits(engine, plan: str, villages: list[str], rng) -> Iterator[dict]:
    """Yield edits for villages of the draft as it is, for ever."""
    kinds = [kind for kind, weight in WEIGHTS.items() if weight]
    weights = np.array([WEIGHTS[kind] for kind in kinds], dtype=float)
    while True:
        village = [str(rng.choice(villages))]
        with engine.connect() as connection:
            partition = Partition(
                plan_lines.fetch_lines(connection, plan, village),
                plan_lines.fetch_villages(connection, plan, village),
                plan_lines.fetch_natural_villages(connection, village),
                plan_lines.fetch_taken(connection, plan, village),
            )
        for _ in range(4):
            yield strokes.draw(rng, str(rng.choice(kinds, p=weights / weights.sum())), partition)


def run(machine: Machine, engine, arguments) -> dict[str, list]:
    rng = np.random.default_rng(arguments.seed)
    with engine.connect() as connection:
        villages = [str(code) for code in connection.execute(VILLAGES).scalars()]
    if arguments.villages:
        villages = [str(v) for v in rng.choice(villages, arguments.villages, replace=False)]
    _, workspace = machine.ask("GET", "/api/workspace")
    scope = villages[0][:6]
    villages = [village for village in villages if village.startswith(scope)]
    status, plan = machine.ask("POST", "/api/plans", {"name": "benchmark", "scope": scope})
    assert status == 201, plan
    path, revision = f"/api/plans/{plan['id']}", plan["revision"]
    print(f"{workspace['title']}, {len(villages)} villages, scope {scope}")
    times: dict[str, list] = defaultdict(list)
    edits = draw_edits(engine, plan["id"], villages, rng)
    for number in range(arguments.warm + arguments.edits):
        keep = number >= arguments.warm

        def note(what: str, cost, keep=keep) -> None:
            if keep:
                times[what].append(cost)

        edit = next(edits)
        status, answer, cost = machine.measure("POST", f"{path}/edits?preview=true", edit)
        assert status in (200, 422), answer
        note("preview" if status == 200 else "preview, refused", cost)
        status, answer, cost = machine.measure("POST", f"{path}/edits", edit, revision)
        assert status in (200, 422), answer
        if status == 200:
            revision = answer["revision"]
            note("edit", cost)
            note(f"  {edit['type']}", cost)
            status, answer, cost = machine.measure("GET", f"{path}/problems")
            assert status == 200, answer
            note("problems after it", cost)
            if number % 10 == 9:
                for step in ("undo", "redo"):
                    status, answer, cost = machine.measure("POST", f"{path}/{step}", None, revision)
                    assert status == 200, answer
                    revision = answer["revision"]
                    note(step, cost)
        else:
            note("edit, refused", cost)
    status, answer, cost = machine.measure("GET", f"{path}/difference")
    times["difference"].append(cost)
    machine.ask("POST", f"{path}/withdraw", None, revision)
    return times


def show(times: dict[str, list]) -> None:
    print(f"{'':22} {'n':>5}  {'server ms':>20} {'database ms':>20} {'wall ms':>20}")
    print(f"{'':22} {'':>5}  {'p50    p95    max':>20} {'p50    p95    max':>20}"
          f" {'p50    p95    max':>20}")  # fmt: skip
    for what, rows in times.items():
        columns = np.array(rows).T
        cells = [
            " ".join(f"{v:6.1f}" for v in (*np.percentile(c, [50, 95]), c.max())) for c in columns
        ]
        print(f"{what:22} {len(rows):5}  " + " ".join(cells))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--edits", type=int, default=300)
    parser.add_argument("--warm", type=int, default=20, help="edits that are not counted")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--villages", type=int, default=0, help="of so many villages only")
    arguments = parser.parse_args()
    settings = load_settings()
    machine = Machine(settings.home)
    try:
        with Cluster(settings.home).use() as url:
            engine = make_engine(url)
            show(run(machine, engine, arguments))
            engine.dispose()
    finally:
        machine.stop()


if __name__ == "__main__":
    main()
