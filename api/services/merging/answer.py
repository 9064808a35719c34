"""The analysis ``merges``: which sparsely populated units to join, and why."""

from __future__ import annotations

from collections.abc import MutableMapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.refusals import Conflict
from api.services.asking import PER_UNIT, PROBLEMS_KEPT, UNITS
from api.services.geojson import write_features
from api.services.ground import Ground, Tell, describe_ways
from api.services.merging.counting import choose_edges, count_bars, count_by_rules
from api.services.merging.cutting import shape_above
from api.services.merging.rules import make_decisions, make_rules, measure_of, shape_rules
from api.services.merging.shaping import (
    Story,
    shape_groups,
    shape_left,
    shape_levels,
    shape_townships,
)
from api.services.merging.solving import Barriers, Solved, solve
from api.services.merging.units import StoredUnits, fetch_units
from api.services.shapes import Json, shape_problem
from data import barriers, roads
from geo.crs import STORE_CRS, to_store
from geo.merging import Merges
from geo.merging.units import whole_numbers
from geo.problems import Problem
from geo.reach.line import StraightLine
from geo.reach.matrix import Ways

# A road this near to a barrier leads across it.
CROSSING_M = 15.0
_STATES = {"healthy": "within", "faulty": "left"}


def answer(ground: Ground, parameters: Json, tell: Tell) -> tuple[Json, dict[str, str]]:
    """Return the numbers and the layers of a run."""
    tell(0.05, "reading")
    unit, scope = parameters["unit"], parameters["scope"]
    by_terrain = parameters["mode"] == "terrain"
    zone = ground.zone() if by_terrain else None
    stored: StoredUnits = ground.keep(
        ("merge_units", unit, scope, zone),
        lambda: fetch_units(ground.connection, unit, scope=scope, plan=ground.plan, zone=zone),
    )
    applied = make_rules(parameters, stored.profile, stored.frame["kind"])
    stops = _barriers(ground, stored.frame) if parameters["use_barriers"] else Barriers()
    tell(0.15, "reach")
    ways = _ways(ground, parameters, stored)
    tell(0.3, "solving")
    # answers to the questions before this one: the engine solves again only what has changed
    memory: MutableMapping[str, Merges] = ground.shelf.get(
        ("merges", unit, scope, ground.plan, ground.versions["epoch"]), dict
    )
    solved = solve(
        stored.frame,
        applied,
        make_decisions(parameters),
        barriers=stops,
        ways=ways,
        memory=memory,
    )
    tell(0.8, "drawing")
    measure = "distance" if parameters["max_span_min"] is None else "time"
    story = Story(unit, stored.frame, solved, stored.names, measure)  # type: ignore[arg-type]
    result = shape_result(story, parameters, describe_ways(ways))
    result["above"] = shape_above(story, _cells(ground, story, scope) if unit == "grid" else None)
    result["barriers"] = stops.count
    return result, draw_layers(story)


def _ways(ground: Ground, parameters: Json, stored: StoredUnits) -> Ways:
    travel = stored.profile.travel
    if parameters["mode"] == "straight":
        # one and the same every time, or the engine would take it for another
        return ground.shelf.get(("straight", repr(travel)), lambda: StraightLine(travel))
    zone = int(stored.frame.crs.to_epsg())
    return ground.ways(parameters["mode"], parameters["means"], travel, zone)


def _cells(ground: Ground, story: Story, scope: str | None) -> StoredUnits | None:
    """Return the natural villages to split along, if anything is to be split."""
    if not (story.solved.units["state"] == "above").any():
        return None
    zone = int(story.frame.crs.to_epsg())

    def read() -> StoredUnits | None:
        try:
            return fetch_units(
                ground.connection, "natural_village", scope=scope, plan=ground.plan, zone=zone
            )
        except Conflict:  # there are none
            return None

    return ground.keep(("merge_cells", scope, zone), read)


def _barriers(ground: Ground, frame: gpd.GeoDataFrame) -> Barriers:
    """Return the barriers of the store, and the roads that lead across one."""

    def read() -> Barriers:
        stops = barriers.fetch_frame(ground.connection).to_crs(frame.crs)
        if stops.empty:
            return Barriers()
        lines = roads.fetch_frame(ground.connection).to_crs(frame.crs)
        tree = shapely.STRtree(np.asarray(lines.geometry.array))
        near = tree.query(np.asarray(stops.geometry.array), "dwithin", CROSSING_M)[1]
        return Barriers(stops, gpd.GeoDataFrame(lines.iloc[np.unique(near)]))

    key = ground.key("merge_barriers", str(frame.crs.to_epsg()), layers=("roads", "barriers"))
    return ground.shelf.get(key, read)


def shape_result(story: Story, parameters: Json, more: list[Problem] | None = None) -> Json:
    """Return what a run keeps (:class:`api.schemas_merging.MergeResult`), but for ``above``."""
    solved, frame = story.solved, story.frame
    sizes, kinds = _sizes(frame), _kinds(frame)
    grouped = solved.groups
    kind_of = dict(zip(map(str, frame.index), kinds, strict=True))
    kinds_after = np.array([kind_of[members[0]] for members in grouped["members"]], dtype=object)
    after = _sizes(grouped)
    by = measure_of(solved.applied)
    edges = choose_edges([sizes[by], after[by]])
    rules = next(iter(solved.applied.values())).rules
    problems = [*solved.problems, *(more or [])]
    return {
        "unit": story.unit,
        "unit_of_span": UNITS[story.measure],
        "within": rules.within,
        "objective": rules.objective,
        "rules": shape_rules(solved.applied),
        "limits": {
            "max_units": rules.max_units,
            "max_span": None
            if rules.max_span is None
            else round(rules.max_span / PER_UNIT[story.measure], 6),
            "min_shared_border_m": rules.min_shared_border_m,
            "mode": parameters["mode"],
            "means": parameters["means"],
        },
        "units": len(frame),
        "counts": count_by_rules(sizes, solved.applied, kinds),
        "counts_after": count_by_rules(after, solved.applied, kinds_after),
        "histogram": {
            "measure": by,
            "edges": edges,
            "before": count_bars(sizes[by], edges),
            "after": count_bars(after[by], edges),
        },
        "proved": solved.proved,
        "levels": shape_levels(solved.levels),
        "townships": shape_townships(story),
        "groups": shape_groups(story),
        "left": shape_left(story),
        "above": [],
        "barriers": 0,
        "problems": [shape_problem(_placed(p, frame)) for p in problems[:PROBLEMS_KEPT]],
    }


def _sizes(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of people as they are written; what is no number stays one to tell."""
    none = pd.array([pd.NA] * len(frame), dtype="Int64")
    return pd.DataFrame(
        {name: frame[name].to_numpy() if name in frame else none
         for name in ("households", "residents")}
    )  # fmt: skip


def _known(values: pd.Series) -> pd.Series:
    numbers, faulty = whole_numbers(values)
    return pd.Series(numbers, dtype="Int64").mask(faulty)


def _kinds(frame: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    if "kind" not in frame:
        return np.full(len(frame), "", dtype=object)
    return frame["kind"].to_numpy(object)


def _placed(problem: Problem, frame: gpd.GeoDataFrame) -> Problem:
    """Return a problem whose place is in lon/lat."""
    if problem.geometry is None:
        return problem
    (place,) = gpd.GeoSeries([problem.geometry], crs=frame.crs).to_crs(STORE_CRS)
    return Problem(problem.key, problem.details, problem.row, problem.field, problem.grids, place)


def draw_layers(story: Story) -> dict[str, str]:
    """Return the layers of a run: ``units`` and ``groups``."""
    return {
        "units": write_features(draw_units(story.frame, story.solved)),
        "groups": write_features(draw_groups(story)),
    }


def draw_units(frame: gpd.GeoDataFrame, solved: Solved) -> gpd.GeoDataFrame:
    """Return the units with what becomes of each, in lon/lat."""
    state = solved.units["state"].replace(_STATES).to_numpy(object)
    table = pd.DataFrame(
        {
            "code": list(map(str, frame.index)),
            "name": frame["name"].to_numpy(object) if "name" in frame else "",
            **{name: _known(values) for name, values in _sizes(frame).items()},
            "below": solved.units["under"].to_numpy(bool),
            "state": state,
            "reason": solved.units["reason"].to_numpy(object),
            "group": solved.units["group"].to_numpy(object),
        }
    )
    drawn = gpd.GeoDataFrame(table, geometry=np.asarray(frame.geometry.array), crs=frame.crs)
    return to_store(drawn)


def draw_groups(story: Story) -> gpd.GeoDataFrame:
    """Return the outline of every group of several units, in lon/lat."""
    several = story.solved.groups[story.solved.groups["unit_count"] > 1]
    table = pd.DataFrame(
        {
            "id": list(map(str, several.index)),
            "members": [list(members) for members in several["members"]],
            "units": several["unit_count"].to_numpy(),
            "households": several["households"].to_numpy(object),
            "residents": several["residents"].to_numpy(object),
            "seat": several["seat"].to_numpy(bool),
            "pinned": several["pinned"].to_numpy(bool),
        }
    )
    drawn = gpd.GeoDataFrame(table, geometry=np.asarray(several.geometry.array), crs=several.crs)
    return to_store(drawn)
