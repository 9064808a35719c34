"""Grids of a draft as answers show them: exact shape, numbers, and the numbers before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from api.services import indicators
from api.services.county import area_type_of_unit
from api.services.plans.opening import Row
from api.services.shapes import Json, plain, shape_geometry
from data import profiles
from data.lines import Lines
from geo.indicators import INDICATORS
from geo.problems import Problem
from geo.profiles import Profile, SizeRule

_NAMED = ("code", "name", "village_code", "kind", "parent_code")
_SIZE_KEYS = {"below": "grid_below_minimum", "above": "grid_above_maximum", "empty": "grid_empty"}
# A neighbour that only got a node on its border is not the planner's doing: its people and, to a
# square metre, its land are as before.
_SAME_AREA_M2 = 1.0


def measure_draft(
    connection: sa.Connection,
    plan: Row,
    lines: gpd.GeoDataFrame,
    **more: Any,  # noqa: ANN401
) -> pd.DataFrame:
    """Return the numbers of lines of a plan, among the rest of its lines (index of ``lines``)."""
    if lines.empty:
        return pd.DataFrame(columns=[*INDICATORS, "content"], index=lines.index)
    around = Lines(plan=plan["id"], network=plan["network"])
    return indicators.measure(connection, lines, among=around, **more)


def describe_grids(
    lines: gpd.GeoDataFrame,
    numbers: pd.DataFrame,
    before: pd.DataFrame,
    codes: Iterable[str],
    locked_villages: Iterable[str] = (),
) -> list[Json]:
    """Return grids by code.

    Parameters
    ----------
    lines, numbers
        The draft's lines and their numbers, of one index.
    before
        Numbers by index of the rows that were there before; a row that is not among them is new.
    codes
        Which grids.
    locked_villages
        Codes of villages that are locked as a whole.
    """
    wanted, locked = set(codes), set(locked_villages)
    rows = lines[lines["code"].isin(wanted)]
    out = []
    for index, row in zip(rows.index, rows.to_dict("records"), strict=True):
        out.append(
            {
                **{name: plain(row[name]) for name in _NAMED},
                "locked": bool(row["locked"]) or row["village_code"] in locked,
                **describe_numbers(numbers.loc[index]),
                "geometry": shape_geometry(row["geometry"]),
                "before": describe_numbers(before.loc[index]) if index in before.index else None,
            }
        )
    return sorted(out, key=lambda grid: str(grid["code"]))


def describe_numbers(numbers: Mapping[str, Any] | pd.Series) -> Json:
    """Return the indicators of one grid."""
    return {name: plain(numbers[name]) for name in INDICATORS}


def find_odd_sizes(
    lines: gpd.GeoDataFrame,
    numbers: pd.DataFrame,
    before: pd.DataFrame,
    rules: SizeRules,
) -> list[Problem]:
    """Flag new grids, and grids whose people or land changed, that are not of the size wanted.

    Parameters
    ----------
    lines, numbers
        Lines with their numbers, of one index.
    before
        Numbers the rows had before, by the same index.

    Returns
    -------
    list of Problem
        Warnings by code, with the grid's shape: ``grid_below_minimum``, ``grid_above_maximum``,
        ``grid_empty``.
    """
    old = before.reindex(lines.index)
    same = (old["households"] == numbers["households"]) & (
        (old["area_m2"] - numbers["area_m2"]).abs() <= _SAME_AREA_M2
    )
    odd = numbers["profile_status"].isin(list(_SIZE_KEYS)) & ~same
    found = []
    for index in lines.index[odd]:
        row, status = lines.loc[index], str(numbers.at[index, "profile_status"])
        rule = rules.of(str(row["village_code"]))
        details: dict[str, Any] = {
            "code": row["code"],
            "households": plain(numbers.at[index, "households"]),
        }
        if rule is not None:
            details |= {"minimum": rule.minimum, "maximum": rule.maximum}
        found.append(
            Problem(
                _SIZE_KEYS[status], details, grids=(str(row["code"]),), geometry=row["geometry"]
            )
        )
    return sorted(found, key=lambda problem: problem.grids)


class SizeRules:
    """The size rule of each village, read when the first one is asked for.

    Parameters
    ----------
    villages
        Frame with ``code``, ``area_type``, ``urban_rural_class``.
    """

    def __init__(self, connection: sa.Connection, villages: gpd.GeoDataFrame) -> None:
        self._connection = connection
        self._units = {str(unit["code"]): unit for unit in villages.to_dict("records")}
        self._profile: Profile | None = None

    def of(self, village: str) -> SizeRule | None:
        """Return the rule for grids of a village, None where the profile has none."""
        if self._profile is None:
            self._profile = profiles.fetch_default(self._connection)
        unit = self._units.get(village)
        return self._profile.size_rule(area_type_of_unit(unit, self._profile))
