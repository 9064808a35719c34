"""What a plan must be, by its log alone; and whether what is stored is that, whole.

The log is replayed with ``geo.edits`` on the lines in force, without any of the service's code
for storing or reading drafts. Everything is read by plain SQL.
"""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text

from geo.edits import Partition, attempt, edit_to_json, parse_edit
from geo.partition import check_partitions

TABLES = (
    *("plan", "plan_edit", "plan_village", "plan_lock", "plan_grid", "plan_grid_indicator"),
    *("grid", "grid_indicator", "audit", "layer_version", "household"),
)
CRS, METRIC = "EPSG:4490", "EPSG:4545"
_GRIDS = text("""
    SELECT id, code, name, village_code, kind, parent_code, false AS locked, valid_from, valid_to,
           ST_AsBinary(geom) AS wkb
      FROM grid WHERE network = 'all_purpose' ORDER BY code COLLATE "C"
""")
_VILLAGES = text("""
    SELECT code, false AS locked, ST_AsBinary(geom) AS wkb FROM division
     WHERE level = 'village' AND valid_to IS NULL ORDER BY code COLLATE "C"
""")
_NATURAL = text("""
    SELECT id, code, village_code, ST_AsBinary(geom) AS wkb FROM natural_village
     WHERE valid_to IS NULL ORDER BY code COLLATE "C"
""")
_PEOPLE = text("SELECT residents, ST_X(geom) AS x, ST_Y(geom) AS y FROM household ORDER BY code")
_PLAN = text("SELECT * FROM plan WHERE id = CAST(:plan AS uuid)")
_LOG = text("SELECT * FROM plan_edit WHERE plan_id = CAST(:plan AS uuid) ORDER BY id")
_LINES = text("""
    SELECT code, name, village_code, kind, parent_code, own_lock, ST_AsBinary(geom) AS wkb,
           households, residents, area_m2, content
      FROM plan_lines(CAST(:plan AS uuid)) ORDER BY code COLLATE "C"
""")
_LOCKS = text("SELECT village_code FROM plan_locks(CAST(:plan AS uuid))")
_NUMBERS = text("""
    SELECT g.code, ST_AsBinary(g.geom) AS wkb, i.households, i.residents, i.area_m2, i.content
      FROM grid g LEFT JOIN grid_indicator i ON i.grid_id = g.id WHERE g.valid_to IS NULL
""")
_ACTS = text("SELECT action FROM audit WHERE object = :plan ORDER BY id")


def frame_of(rows):
    """Return rows with ``wkb`` as a frame."""
    table = pd.DataFrame([dict(row) for row in rows])
    shapes = shapely.from_wkb([bytes(wkb) for wkb in table.pop("wkb")])
    return gpd.GeoDataFrame(table, geometry=list(shapes), crs=CRS)


def read(connection, query, **values):
    return connection.execute(query, values).mappings().all()


def rows_in_force(connection):
    """Return code → version and looks of every grid in force."""
    return {
        row["code"]: (row["id"], row["valid_from"], _looks(row, bytes(row["wkb"])))
        for row in read(connection, _GRIDS)
        if row["valid_to"] is None
    }


def _looks(row, wkb):
    return (row["name"], row["village_code"], row["kind"], row["parent_code"], wkb)


class Witness:
    """Replays the log of a plan on the lines that were in force when it was made.

    Nobody else may change these while it is a draft.
    """

    def __init__(self, connection, plan):
        self.plan = plan
        grids = frame_of(read(connection, _GRIDS))
        villages = frame_of(read(connection, _VILLAGES))
        natural = frame_of(read(connection, _NATURAL))
        self._ever = frozenset(grids["code"])
        now = grids[grids["valid_to"].isna()].drop(columns=["id", "valid_from", "valid_to"])
        self._states = [Partition(now.reset_index(drop=True), villages, natural)]
        self._read = []
        self._last = None

    def state(self, connection):
        """Return the plan's row, and the partition its log makes of the base."""
        self._follow(read(connection, _LOG, plan=self.plan))
        [plan] = read(connection, _PLAN, plan=self.plan)
        return plan, self._states[plan["head"]]

    def _follow(self, log):
        """Replay what the log has gained; what was read before must still be there, unchanged."""
        known = [(row["id"], row["position"], row["edit"], row["outcome"]) for row in log]
        assert known[: len(self._read)] == self._read
        for row in log[len(self._read) :]:
            position = row["position"]
            assert 0 < position <= len(self._states), "a hole in the log"
            before = self._states[position - 1]
            ground = Partition(before.grids, before.villages, before.natural_villages, self.taken)
            edit = parse_edit(row["edit"])
            assert edit_to_json(edit) == row["edit"]
            outcome = attempt(ground, edit)
            assert outcome.problem is None, outcome.problem
            told = row["outcome"]
            assert told["created"] == list(outcome.created)
            assert sorted(told["changed"]) == sorted(outcome.changed)
            assert sorted(told["removed"]) == sorted(outcome.removed)
            grids = outcome.grids.sort_values("code").reset_index(drop=True)
            self._last = (position, row["edit"], row["revision"])
            self._states[position:] = [Partition(grids, outcome.villages, before.natural_villages)]
        self._read = known
        standing = [row["position"] for row in log if row["discarded"] is None]
        assert sorted(standing) == list(range(1, len(self._states)))
        assert {row["discarded"] for row in log} <= {None, "overtaken"}

    @property
    def length(self):
        """Edits that stand, undone ones too."""
        return len(self._states) - 1

    @property
    def last(self):
        """Position, edit and revision of the last row of the log."""
        return self._last

    @property
    def taken(self):
        """Codes no new grid may get."""
        codes = {code for state in self._states for code in state.grids["code"]}
        return self._ever | codes

    def check(self, connection):
        """Assert that the draft is what its log says, byte for byte, with right numbers."""
        plan, partition = self.state(connection)
        grids = partition.grids
        wkb = shapely.to_wkb(np.asarray(grids.geometry.array))
        wanted = {
            row["code"]: (*_looks(row, shape), bool(row["locked"]))
            for row, shape in zip(grids.to_dict("records"), wkb, strict=True)
        }
        lines = read(connection, _LINES, plan=self.plan)
        found = {row["code"]: (*_looks(row, bytes(row["wkb"])), row["own_lock"]) for row in lines}
        assert len(lines) == len(found)
        assert found == wanted
        shut = partition.villages
        assert {row["village_code"] for row in read(connection, _LOCKS, plan=self.plan)} == set(
            shut["code"][shut["locked"].astype(bool)]
        )
        check_numbers(connection, lines)
        return plan

    def looks(self, connection):
        """Return code → looks of the draft's grids, as :func:`rows_in_force` has them."""
        return {
            row["code"]: _looks(row, bytes(row["wkb"]))
            for row in read(connection, _LINES, plan=self.plan)
        }


def check_numbers(connection, rows):
    """Assert that grids have numbers, and those of their shape: people one by one, lowest code."""
    people = read(connection, _PEOPLE)
    points = shapely.points([(p["x"], p["y"]) for p in people])
    residents = np.array([p["residents"] for p in people])
    ordered = sorted(rows, key=lambda row: row["code"])
    shapes = shapely.from_wkb([bytes(row["wkb"]) for row in ordered])
    areas = gpd.GeoSeries(shapes, crs=CRS).to_crs(METRIC).area
    taken = np.zeros(len(points), dtype=bool)
    for row, shape, area in zip(ordered, shapes, areas, strict=True):
        inside = shapely.intersects(shape, points) & ~taken
        taken |= inside
        assert row["content"] is not None, row["code"]
        counted = (int(inside.sum()), int(residents[inside].sum()))
        assert (row["households"], row["residents"]) == counted, row["code"]
        assert abs(row["area_m2"] - area) < 1e-3 * area + 1, row["code"]
    assert taken.all()


def check_in_force(connection):
    """Assert that the lines in force are whole: a valid partition, every grid with its numbers.

    Also at every earlier instant at which lines have changed.
    """
    check_numbers(connection, read(connection, _NUMBERS))
    villages = frame_of(read(connection, _VILLAGES)).assign(level="village")
    grids = frame_of(read(connection, _GRIDS))
    instants = sorted(set(grids["valid_from"]))
    ends = grids["valid_to"]
    assert set(ends.dropna()) <= set(instants), "an end without a beginning"
    for instant in instants:
        then = grids[(grids["valid_from"] <= instant) & (ends.isna() | (ends > instant))]
        faults = check_partitions(then.reset_index(drop=True), villages)
        assert [p.key for p in faults if p.severity == "error"] == [], instant
    return instants


def dump(connection):
    """Return everything a write of a plan may touch, row by row."""
    return {
        table: sorted(connection.execute(text(f"SELECT t::text FROM {table} t")).scalars())
        for table in TABLES
    }


def acts_on(connection, plan):
    """Return what the audit says was done to a plan."""
    return [row["action"] for row in read(connection, _ACTS, plan=str(plan))]


def canonical(edit):
    """Return an edit as the log has it."""
    return json.loads(json.dumps(edit_to_json(parse_edit(edit))))
