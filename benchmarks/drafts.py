"""What a draft's lines cost beside the lines in force: tiles and lookups, same machine, same run.

    python -m benchmarks.drafts [--province]

The sample county with a draft that has touched every fifth village, and one that has touched all;
``--province``: the same among 100,240 grids, 80 counties side by side.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from api.services import indicators
from benchmarks.import_households import backend_cpu
from benchmarks.tiles_export import LAT, LON, tile_of
from data import grids, stores
from data.cluster import Cluster
from data.db import make_engine
from data.lines import Lines
from data.migrate import upgrade
from data.sample import generate
from data.tiles import fetch_tile
from geo.frames import LAYERS

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ZOOMS = (8, 10, 12, 14)
NUMBERS = (
    "households, residents, registered, children, elderly, aged_80, area_m2, compactness, reock, "
    "span_m, center_median_m, center_p90_m, center_max_m, profile_status, content"
)
PROVINCE = """
    WITH moved AS (
        INSERT INTO grid (network, code, name, village_code, kind, valid_from, geom)
        SELECT g.network, CAST(500300 + n AS text) || substr(g.code, 7), g.name,
               CAST(500300 + n AS text) || substr(g.village_code, 7), g.kind, g.valid_from,
               ST_Translate(g.geom, n % 10 * 1.2 - 6, n / 10 * 0.8 - 4)
          FROM grid g CROSS JOIN generate_series(1, 79) AS n
         WHERE g.valid_to IS NULL AND g.network = 'all_purpose'
        RETURNING id, code)
    INSERT INTO grid_indicator (grid_id, {numbers})
    SELECT m.id, {numbers}
      FROM moved m
      JOIN grid g ON g.code = '500229' || substr(m.code, 7) AND g.valid_to IS NULL
      JOIN grid_indicator i ON i.grid_id = g.id
"""
TOUCH = """
    WITH copied AS (
        INSERT INTO plan_grid (plan_id, base_id, network, code, name, village_code, kind,
                               parent_code, flags, attributes, from_position, geom)
        SELECT :plan, id, network, code, name, village_code, kind, parent_code, flags, attributes,
               0, geom
          FROM grid
         WHERE valid_to IS NULL AND network = 'all_purpose' AND village_code = ANY (:villages)
        RETURNING id, base_id)
    INSERT INTO plan_grid_indicator (grid_id, {numbers})
    SELECT c.id, {numbers} FROM copied c JOIN grid_indicator i ON i.grid_id = c.base_id
"""


def make_draft(connection, step: int) -> uuid.UUID:
    """Make a draft that has touched every ``step``-th village of the sample county."""
    plan = uuid.uuid4()
    villages = connection.execute(
        text("SELECT DISTINCT village_code FROM grid WHERE code LIKE '500229%' ORDER BY 1")
    ).scalars()
    asked = {"plan": str(plan), "villages": list(villages)[::step]}
    connection.execute(
        text(
            "INSERT INTO plan (id, name, scope_code, base_at, created_by, created_at, changed_at)"
            " VALUES (:plan, 'draft', '500229', now(), 'local', now(), now())"
        ),
        asked,
    )
    connection.execute(
        text("INSERT INTO plan_village SELECT :plan, v, now() FROM unnest(:villages) AS v"), asked
    )
    connection.execute(text(TOUCH.replace("{numbers}", NUMBERS)), asked)
    return plan


def measure(connection, ask, repeats: int = 40) -> float:
    """Return CPU milliseconds of Python and PostgreSQL together, for one call."""
    ask()
    before = backend_cpu(connection) + time.process_time()
    for _ in range(repeats):
        ask()
    return (backend_cpu(connection) + time.process_time() - before) / repeats * 1e3


def compare(connection, title: str, plans: dict[str, uuid.UUID]) -> None:
    print(f"\n{title:24} {'in force':>10}" + "".join(f" {name:>22}" for name in plans))
    questions = {
        f"tile grids z{z}": lambda plan, z=z: fetch_tile(
            connection, "grids", z, *tile_of(z), plan=plan
        )
        for z in ZOOMS
    }
    questions["one lookup"] = lambda plan: grids.fetch_grid_at(
        connection, LON, LAT, Lines(plan=plan)
    )
    for name, ask in questions.items():
        base = measure(connection, lambda ask=ask: ask(None))
        told = f"{name:24} {base:7.2f} ms"
        for plan in plans.values():
            cost = measure(connection, lambda ask=ask, plan=plan: ask(plan))
            told += f" {cost:11.2f} ms {cost / base:5.2f} ×"
        print(told)


def main(*, province: bool) -> None:
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
            indicators.refresh(connection)
            if province:
                connection.execute(text(PROVINCE.replace("{numbers}", NUMBERS)))
            plans = {
                "a fifth touched": make_draft(connection, 5),
                "all touched": make_draft(connection, 1),
            }
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
            count = connection.execute(text("SELECT count(*) FROM grid")).scalar_one()
            compare(connection, f"{count:,} grids, CPU", plans)
        engine.dispose()
    shutil.rmtree(home)


if __name__ == "__main__":
    main(province="--province" in sys.argv)
