"""Checking villages of a plan from the ground up: the partition, who is left out, odd sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa

from api.services.plans import drafted
from api.services.plans.opening import Row
from data import households, plan_lines
from geo.indicators import People, members_of
from geo.partition import check_partitions
from geo.problems import Problem


@dataclass(frozen=True)
class VillageCheck:
    """What was found in one village.

    Parameters
    ----------
    problems
        Errors first.
    stale
        Numbers of edited grids that are no longer those stored, by code: an import has changed who
        lives there since.
    """

    problems: tuple[Problem, ...]
    stale: pd.DataFrame


def check_villages(
    connection: sa.Connection, plan: Row, villages: Sequence[str]
) -> dict[str, VillageCheck]:
    """Check some villages of a plan; what they have in common is read once for all of them."""
    if not villages:
        return {}
    found: dict[str, list[Problem]] = {village: [] for village in villages}
    units = plan_lines.fetch_villages(connection, plan["id"], villages)
    lines = plan_lines.fetch_lines(connection, plan["id"], villages)
    of_grid = dict(zip(lines["code"].tolist(), lines["village_code"].tolist(), strict=True))
    people = households.fetch_people(connection, boxes=_boxes_of(lines, units))
    base = plan_lines.fetch_base(connection, plan["id"], villages)
    edited = lines[~lines["id"].isin(base["id"])]
    numbers = drafted.measure_draft(connection, plan, lines, people).loc[edited.index]
    rules = drafted.SizeRules(connection, units)
    for problem in (
        *_check_lines(connection, lines, units),
        *find_left_out(lines, units, people),
        *_find_odd_sizes(edited, numbers, base, rules),
    ):
        found.setdefault(_village_of(problem, of_grid), []).append(problem)
    stale = numbers[(numbers["content"] != edited["content"]).to_numpy()]
    stale = stale.set_axis(edited["code"].reindex(stale.index))
    owner = pd.Series([of_grid[code] for code in stale.index], index=stale.index, dtype="str")
    return {
        village: VillageCheck(
            tuple(sorted(problems, key=lambda problem: problem.severity)),
            stale[(owner == village).to_numpy()],
        )
        for village, problems in found.items()
    }


def _check_lines(
    connection: sa.Connection, lines: gpd.GeoDataFrame, units: gpd.GeoDataFrame
) -> list[Problem]:
    problems = check_partitions(lines, units)
    if not problems:
        return problems
    # who lives there is asked only where something is wrong
    return check_partitions(lines, units, plan_lines.fetch_households_in(connection, units))


def _boxes_of(lines: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> list[households.Box]:
    """Return the box of each village: its outline, and its grids where they reach beyond it."""
    shapes = np.concatenate([lines.geometry.to_numpy(), units.geometry.to_numpy()])
    village = np.concatenate([lines["village_code"].to_numpy(), units["code"].to_numpy()])
    boxes = pd.DataFrame(shapely.bounds(shapes)).groupby(village)
    sides = boxes.agg({0: "min", 1: "min", 2: "max", 3: "max"}).dropna()
    return [(w, s, e, n) for w, s, e, n in sides.itertuples(index=False, name=None)]


def find_left_out(
    lines: gpd.GeoDataFrame, units: gpd.GeoDataFrame, people: People
) -> list[Problem]:
    """Tell for each village how many households inside its outline are in no grid.

    Parameters
    ----------
    lines, units, people
        Grids, villages and the households in them, EPSG:4490.

    Returns
    -------
    list of Problem
        ``household_in_no_grid`` by village, with the households as its place.
    """
    outside = people.xy[members_of(lines, people) < 0]
    found = []
    for code, outline in zip(units["code"].tolist(), units.geometry.to_numpy(), strict=True):
        if outline is None or not len(outside):
            continue
        left = outside[shapely.intersects_xy(outline, *outside.T)]
        if len(left):
            details = {"village": code, "households": len(left)}
            found.append(
                Problem("household_in_no_grid", details, geometry=shapely.multipoints(left))
            )
    return found


def _find_odd_sizes(
    edited: gpd.GeoDataFrame,
    numbers: pd.DataFrame,
    base: gpd.GeoDataFrame,
    rules: drafted.SizeRules,
) -> list[Problem]:
    first = drafted.read_numbers(base)
    # a row of the plan continues the version in force whose number it has
    by_base = {b: first[i] for i, b in zip(base.index, base["base_id"].tolist(), strict=True)}
    before = {
        index: by_base[b]
        for index, b in zip(edited.index, edited["base_id"].tolist(), strict=True)
        if b in by_base
    }
    return drafted.find_odd_sizes(edited, drafted.read_numbers(numbers), before, rules)


def _village_of(problem: Problem, of_grid: Mapping[str, str]) -> str:
    for code in problem.grids:
        if code in of_grid:
            return of_grid[code]
    return str(problem.details.get("village", ""))
