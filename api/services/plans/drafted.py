"""Grids of a draft as answers show them: exact shape, numbers, and the numbers before."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import sqlalchemy as sa

from api.services import indicators
from api.services.county import area_type_of_unit
from api.services.plans.opening import Row
from api.services.shapes import Json, plain, shape_geometry
from data import profiles
from data.lines import Lines
from geo.indicators import INDICATORS, People
from geo.problems import Problem
from geo.profiles import Profile, SizeRule

# Numbers of grids by the index of their row.
Numbers = Mapping[Hashable, Json]

_NAMED = ("code", "name", "village_code", "kind", "parent_code")
_SIZE_KEYS = {"below": "grid_below_minimum", "above": "grid_above_maximum", "empty": "grid_empty"}
# A neighbour that only got a node on its border is not the planner's doing: its people and, to a
# square metre, its land are as before.
_SAME_AREA_M2 = 1.0


def measure_draft(
    connection: sa.Connection, plan: Row, lines: gpd.GeoDataFrame, people: People | None = None
) -> pd.DataFrame:
    """Return the numbers of lines of a plan, among the rest of its lines (index of ``lines``).

    ``people`` are the households around; None: they are read.
    """
    if lines.empty:
        return pd.DataFrame(columns=[*INDICATORS, "content"], index=lines.index)
    around = Lines(plan=plan["id"], network=plan["network"])
    return indicators.measure(connection, lines, households=people, among=around)


def read_numbers(frame: pd.DataFrame) -> Numbers:
    """Return the indicators of each row by its index, as JSON has them.

    Column by column: row by row pandas takes longer than the measuring.
    """
    columns = [frame[name].tolist() for name in INDICATORS]
    rows = zip(*([_known(value) for value in column] for column in columns), strict=True)
    return {
        index: dict(zip(INDICATORS, row, strict=True))
        for index, row in zip(frame.index.tolist(), rows, strict=True)
    }


def _known(value: Any) -> Any:  # noqa: ANN401
    return None if value is None or value is pd.NA or value != value else value


def describe_grids(
    lines: gpd.GeoDataFrame,
    numbers: Numbers,
    before: Numbers,
    codes: Iterable[str],
    locked_villages: Iterable[str] = (),
    *,
    geometry: bool = True,
) -> list[Json]:
    """Return grids by code.

    Parameters
    ----------
    lines, numbers
        The draft's lines, and their numbers by index.
    before
        Numbers of the rows that were there before; a row that is not among them is new.
    codes
        Which grids.
    locked_villages
        Codes of villages that are locked as a whole.
    geometry
        Whether their shapes are told; without them it is None.
    """
    wanted, locked = set(codes), set(locked_villages)
    out = []
    for index, row in _pick(lines, wanted):
        out.append(
            {
                **{name: plain(row[name]) for name in _NAMED},
                "locked": bool(row["locked"]) or row["village_code"] in locked,
                **numbers[index],
                "geometry": shape_geometry(row["geometry"]) if geometry else None,
                "before": before.get(index),
            }
        )
    return sorted(out, key=lambda grid: str(grid["code"]))


def _pick(lines: gpd.GeoDataFrame, codes: Collection[str]) -> Iterator[tuple[Hashable, Json]]:
    """Yield index and row of the grids with these codes."""
    columns = {name: lines[name].tolist() for name in (*_NAMED, "locked")}
    columns["geometry"] = np.asarray(lines.geometry.array).tolist()
    for position, index in enumerate(lines.index.tolist()):
        if columns["code"][position] in codes:
            yield index, {name: column[position] for name, column in columns.items()}


def find_odd_sizes(
    lines: gpd.GeoDataFrame,
    numbers: Numbers,
    before: Numbers,
    rules: SizeRules,
    codes: Iterable[str] | None = None,
) -> list[Problem]:
    """Flag new grids, and grids whose people or land changed, that are not of the size wanted.

    Parameters
    ----------
    lines, numbers
        Lines, and their numbers by index.
    before
        Numbers the rows had before, by the same index.
    codes
        Which grids are looked at; None: all.

    Returns
    -------
    list of Problem
        Warnings by code, with the grid's shape: ``grid_below_minimum``, ``grid_above_maximum``,
        ``grid_empty``.
    """
    found = []
    for index, row in _pick(lines, set(lines["code"] if codes is None else codes)):
        now, old = numbers[index], before.get(index)
        key = _SIZE_KEYS.get(now["profile_status"])
        if key is None or (old is not None and _is_same_size(old, now)):
            continue
        rule = rules.of(str(row["village_code"]))
        details: dict[str, Any] = {"code": row["code"], "households": now["households"]}
        if rule is not None:
            details |= {"minimum": rule.minimum, "maximum": rule.maximum}
        found.append(Problem(key, details, grids=(str(row["code"]),), geometry=row["geometry"]))
    return sorted(found, key=lambda problem: problem.grids)


def _is_same_size(old: Json, now: Json) -> bool:
    known = old["area_m2"] is not None and now["area_m2"] is not None
    return (
        bool(old["households"] == now["households"])
        and known
        and abs(old["area_m2"] - now["area_m2"]) <= _SAME_AREA_M2
    )


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
