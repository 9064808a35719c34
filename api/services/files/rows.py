"""Rows that people take away: one a household in the order of their file, one a center."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from api.services.asking import PER_UNIT, UNITS, Asked
from api.services.service_radius import FoundRadii, capacity_of
from geo.reach.matrix import Costs, Measure, Nearest
from geo.service.capacity import Reason
from geo.service.compare import Comparison
from geo.service.radius import Assigned, measure_radii
from geo.service.shares import STATUSES, status_of

# Names of a household's way and its standard, with their unit.
WAY: dict[Measure, str] = {"distance": "distance_m", "time": "time_min"}
STANDARD: dict[Measure, str] = {"distance": "standard_m", "time": "standard_min"}
RADIUS_COSTS = ("radius_50", "radius_80", "radius_90", "radius_95", "radius_100", "radius",
                "mean_cost", "farthest_cost")  # fmt: skip


def to_unit(costs: Costs, measure: Measure) -> Costs:
    """Return metres and minutes, all their digits: given back as a standard, they serve."""
    return np.asarray(np.asarray(costs, np.float64) / PER_UNIT[measure])


def household_rows(asked: Asked, near: Nearest, more: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Return ``id``, the nearest center and the way to it, whether that will do, and ``more``."""
    question = asked.question
    homes, measure = question.households, question.measure
    status = status_of(question, near)
    codes = np.array([*question.centers["code"], None], dtype=object)  # -1, none, is the last
    straight = np.full(len(homes), np.nan)
    found = near.center >= 0
    ways = question.homes[found] - question.sites[near.center[found]]
    straight[found] = np.hypot(ways[:, 0], ways[:, 1])
    columns: dict[str, Any] = {
        "id": homes["code"].to_numpy(object),
        "nearest_center": codes[near.center],
        WAY[measure]: to_unit(near.cost, measure),
        "straight_m": straight,
        STANDARD[measure]: to_unit(question.limits, measure),
        "served": status == 0,
        "status": np.asarray(STATUSES, dtype=object)[status],
        "people": question.people,
        **more,
        "village": np.asarray(question.villages, dtype=object),
    }
    if (columns["village"] == "").all():
        del columns["village"]
    return gpd.GeoDataFrame(columns, geometry=homes.geometry.to_numpy(), crs=homes.crs)


def compared_columns(compared: Comparison, mode: str, measure: Measure) -> dict[str, Any]:
    """Return ``served_…`` and the way of each mode that was compared, if there are several."""
    names = [str(name) for name in compared.homes]
    modes = [name.removeprefix("served_") for name in names if name.startswith("served_")]
    columns: dict[str, Any] = {}
    for other in modes if len(modes) > 1 else []:
        columns[f"served_{other}"] = compared.homes[f"served_{other}"].to_numpy(bool)
        if other != mode:
            costs = compared.homes[f"cost_{other}"].to_numpy(np.float64)
            columns[f"{WAY[measure].replace('_', f'_{other}_')}"] = to_unit(costs, measure)
    return columns


def assigned_columns(asked: Asked, found: FoundRadii) -> dict[str, Any]:
    """Return who goes where within capacities; nothing where everybody goes to the nearest."""
    if found.limited is None:
        return {}
    question, assignment = asked.question, found.limited.assignment
    measure = question.measure
    codes = np.array([*question.centers["code"], None], dtype=object)
    reasons = np.array([reason.name.lower() for reason in sorted(Reason)], dtype=object)
    return {
        "center": codes[assignment.main_center],
        f"center_{WAY[measure]}": to_unit(assignment.main_cost, measure),
        "assigned": question.people - assignment.overflow,
        "overflow": assignment.overflow,
        "reason": reasons[assignment.reason],
    }


def nearest_radii(asked: Asked, near: Nearest, share: float = 0.95) -> pd.DataFrame:
    """Return what each center has to reach if everybody goes to the nearest."""
    question = asked.question
    return measure_radii(
        Assigned.of_nearest(near, question.people),
        len(question.centers),
        share=share,
        limits=question.limits,
        capacity=capacity_of(question.centers),
    )


def center_rows(asked: Asked, radii: pd.DataFrame, more: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Return ``id``, who comes, from how far, against which capacity; in the order of the ids."""
    question = asked.question
    centers, measure = question.centers, question.measure
    columns: dict[str, Any] = {
        "id": centers["code"].to_numpy(object),
        "name": centers["name"].to_numpy(object),
        "level": centers["level"].to_numpy(object),
        "households": radii["households"].to_numpy(),
        "people": radii["people"].to_numpy(),
        "within": radii["within"].to_numpy(),
        **{name: to_unit(radii[name].to_numpy(), measure) for name in RADIUS_COSTS},
        "unit": np.full(len(centers), UNITS[measure], dtype=object),
        "capacity": whole(radii["capacity"]),
        "load": radii["load"].to_numpy(),
        "over": whole(radii["over"]),
        **more,
    }
    return gpd.GeoDataFrame(columns, geometry=centers.geometry.to_numpy(), crs=centers.crs)


def whole(values: pd.Series) -> pd.Series:
    """Return whole numbers, missing ones missing."""
    return values.reset_index(drop=True).astype("Int64")
