"""Publishing a plan that has touched every village of the county, and its difference.

    WANGGE_HOME=/var/lib/wangge python -m benchmarks.plan_publish [--runs 3]

The data folder must hold the sample (``wangge demo --once``). In every village one grid is
split by a line, or renamed where that is refused; then the plan is compared, its problems are asked
for, and it is published: with the list of problems known (rolled back), and with nothing known. CPU
seconds of Python and of PostgreSQL, and wall. **The store is published to**: use a copy.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime

import shapely
from sqlalchemy import text

from api.database import Database
from api.refusals import Conflict, Refusal
from api.services import indicators
from api.services.caller import LOCAL_PLANNER
from api.services.plans import difference, editing, life, publishing
from api.services.plans.problems import ProblemLists
from api.settings import load_settings
from benchmarks.plan_edit import cpu_ns
from benchmarks.serve import children_of
from data.cluster import Cluster
from data.db import make_engine
from geo.errors import GeoError

LARGEST = text("""
    SELECT DISTINCT ON (village_code) code, ST_AsBinary(geom) AS wkb FROM grid
     WHERE valid_to IS NULL AND network = 'all_purpose' AND village_code IS NOT NULL
     ORDER BY village_code, ST_Area(geom) DESC
""")


def now() -> datetime:
    return datetime.now(UTC)


def touch_all(database: Database, scope: str) -> dict:
    with database.write() as connection:
        rows = connection.execute(LARGEST).all()
        plan = life.create(connection, name="county", scope=scope, caller=LOCAL_PLANNER, now=now())
    revision, splits = plan["revision"], 0
    for code, wkb in rows:
        shape = shapely.from_wkb(bytes(wkb))
        west, _, east, _ = shape.bounds
        middle = shape.representative_point().y
        line = {"type": "LineString", "coordinates": [[west - 1e-3, middle], [east + 1e-3, middle]]}
        name = {"name": f"{code[-3:]} {revision}"}
        for edit in (
            {"type": "split", "grid": code, "line": line, "tidy": True},
            {"type": "set_attributes", "grid": code, "attributes": name},
        ):
            try:
                with database.write() as connection:
                    made = editing.edit_plan(
                        connection, plan["id"], edit, caller=LOCAL_PLANNER, seen=revision, now=now()
                    )
            except (Refusal, GeoError):
                continue
            revision = made["revision"]
            splits += edit["type"] == "split"
            break
    print(f"{len(rows)} villages touched, {splits} grids split, revision {revision}")
    return {"id": plan["id"], "revision": revision}


class Clock:
    def __init__(self, postmaster: int) -> None:
        self.postmaster = postmaster

    def cpu(self) -> tuple[float, float, float]:
        pids = [self.postmaster, *children_of(self.postmaster)]
        database = sum(cpu_ns(pid) for pid in pids) / 1e9
        return time.perf_counter(), time.process_time(), database

    def told(self, what: str, before) -> None:
        wall, python, database = (b - a for a, b in zip(before, self.cpu(), strict=True))
        print(f"{what:32} {wall:6.2f} s wall {python:6.2f} s Python {database:6.2f} s PostgreSQL")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    settings = load_settings()
    with Cluster(settings.home).use() as url:
        engine = make_engine(url)
        database = Database(engine)
        for _ in range(arguments.runs):
            one_run(database, Clock(Cluster(settings.home).status().pid))
        engine.dispose()


def one_run(database: Database, clock: Clock) -> None:
    with database.read() as connection:
        scope = connection.execute(text("SELECT min(left(village_code, 6)) FROM grid")).scalar()
    plan = touch_all(database, str(scope))
    before = clock.cpu()
    with database.read() as connection:
        found = difference.compare_plan(connection, plan["id"], caller=LOCAL_PLANNER)
        answer = found.as_json(households=True)
    clock.told(f"difference, {len(answer['grids'])} grids", before)
    lists = ProblemLists()
    before = clock.cpu()
    with database.read() as connection:
        listed = lists.show(connection, plan["id"], caller=LOCAL_PLANNER)
    clock.told(f"problems, {listed['errors']} errors", before)
    for what, memory in (
        ("publish, list known", lists),
        ("publish, nothing known", ProblemLists()),
    ):
        indicators._MEMORY = indicators.Memory()
        before = clock.cpu()
        try:
            with database.engine.connect() as connection, connection.begin() as whole:
                publishing.publish(
                    connection,
                    plan["id"],
                    note="benchmark",
                    lists=memory,
                    caller=LOCAL_PLANNER,
                    seen=plan["revision"],
                    now=now(),
                )
                if memory is lists:
                    whole.rollback()
        except Conflict as refusal:
            print(refusal, [p.sentence("en") for p in refusal.more[:3]])
            return
        clock.told(what, before)


if __name__ == "__main__":
    main()
