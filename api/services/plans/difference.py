"""A plan against the lines it started from, or against another plan: grids, land, households."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa
from pydantic_core import to_json

from api.refusals import BadParameter
from api.services.caller import Caller
from api.services.geojson import geometry_json
from api.services.plans.joint import describe_joint
from api.services.plans.opening import Identity, Row, read_plan
from api.services.shapes import Json, plain, shape_box
from data import divisions, plan_joints, plan_lines
from geo.difference import Difference, compare

CHANGES = ("added", "removed", "changed", "renumbered", "attributes")


@dataclass(frozen=True)
class Compared:
    """Two states of the same villages and what is different between them."""

    plan: Row
    against: Row | None
    before: gpd.GeoDataFrame
    after: gpd.GeoDataFrame
    found: Difference
    joint: list[Json]
    villages: list[Json]

    def as_json(self, *, households: bool) -> Json:
        """Return totals, grids and land; every household that moves only if asked."""
        return {
            **self._named(),
            "totals": self._totals(),
            "grids": [self._describe(row) for row in _rows(self.found.grids)],
            "land": [_without_place(row) for row in _rows(self.found.land)],
            "joint_villages": self.joint,
            "villages": self.villages,
            "households": self._households() if households else None,
        }

    def as_geojson(self, *, households: bool) -> str:
        """Return one FeatureCollection; ``layer`` tells grids, land and households apart."""
        layers = [("grids", self.found.grids), ("land", self.found.land)]
        if households:
            layers.append(("households", self.found.households))
        features = [
            {
                "type": "Feature",
                "geometry": geometry_json(row["geometry"]),
                "properties": {"layer": layer, **_without_place(row)},
            }
            for layer, frame in layers
            for row in _rows(frame)
        ]
        collection = {
            "type": "FeatureCollection",
            **self._named(),
            "totals": self._totals(),
            "joint_villages": self.joint,
            "features": features,
        }
        return to_json(collection, inf_nan_mode="null").decode()

    def _named(self) -> Json:
        return {
            "id": str(self.plan["id"]),
            "state": self.plan["state"],
            "revision": self.plan["revision"],
            "against": None if self.against is None else str(self.against["id"]),
        }

    def _totals(self) -> Json:
        counts = self.found.grids["change"].value_counts()
        moved = self.found.households
        return {
            **{name: int(counts.get(name, 0)) for name in CHANGES},
            "grids_before": len(self.before),
            "grids_after": len(self.after),
            "area_moved_m2": float(self.found.land["area_m2"].sum()),
            "households_moved": len(moved),
            "residents_moved": int(moved["residents"].sum()),
            "joint_villages": len(self.joint),
        }

    def _describe(self, row: Json) -> Json:
        return {**_without_place(row), "bbox": shape_box(row["geometry"].bounds)}

    def _households(self) -> list[Json]:
        return [
            {
                "household": plain(row["household"]),
                "old_grid": plain(row["old_grid"]),
                "new_grid": plain(row["new_grid"]),
                "residents": int(row["residents"]),
                "point": [row["geometry"].x, row["geometry"].y],
            }
            for row in _rows(self.found.households)
        ]


def compare_plan(
    connection: sa.Connection,
    identity: Identity,
    *,
    caller: Caller,
    against: Identity | None = None,
) -> Compared:
    """Compare a plan with the lines it started from, or with another plan of its network.

    Only villages that one of the two has touched are looked at; the others are equal.

    Raises
    ------
    NotFound
    BadParameter
        ``invalid_parameter`` for a plan of another network.
    """
    plan = read_plan(connection, identity, caller)
    villages = plan_lines.touched(connection, plan["id"])
    if against is None:
        other = None
        before = plan_lines.fetch_base(connection, plan["id"], villages)
    else:
        other = read_plan(connection, against, caller)
        if other["network"] != plan["network"]:
            raise BadParameter("invalid_parameter", parameter="against", reason=other["network"])
        villages = sorted({*villages, *plan_lines.touched(connection, other["id"])})
        before = plan_lines.fetch_lines(connection, other["id"], villages)
    after = plan_lines.fetch_lines(connection, plan["id"], villages)
    found = _compare_with_people(connection, before, after) if villages else compare(before, after)
    joint = compare_joint(connection, plan, other)
    members = _name_members(connection, joint)
    return Compared(plan, other, before, after, found, joint, members)


def show_joint(connection: sa.Connection, identity: Identity, *, caller: Caller) -> list[Json]:
    """Return the joint villages that a plan changes."""
    return compare_joint(connection, read_plan(connection, identity, caller))


def compare_joint(connection: sa.Connection, plan: Row, other: Row | None = None) -> list[Json]:
    """Return the joint villages that differ, where one of the two has its own say."""
    pinned = plan_joints.fetch_pinned(connection, plan["id"])
    if other is None:
        before = plan_joints.fetch_base(connection, plan["id"])
    else:
        pinned += plan_joints.fetch_pinned(connection, other["id"])
        before = plan_joints.fetch(connection, other["id"], pinned)
    return describe_joint(before, plan_joints.fetch(connection, plan["id"], pinned))


def _name_members(connection: sa.Connection, joint: list[Json]) -> list[Json]:
    """Return code and name of every village that is, or was, in one of the joint villages."""
    codes = {code for one in joint for code in one["members"]}
    codes |= {code for one in joint if one["before"] for code in one["before"]["members"]}
    names = divisions.fetch_names(connection, sorted(codes))
    return [
        {"code": code, "name": names[code]["name"] if code in names else ""}
        for code in sorted(codes)
    ]


def _compare_with_people(
    connection: sa.Connection, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> Difference:
    """Compare with the households of the grids that are listed; the others need not be read.

    On a border the lowest code has a household: a grid beside a change may win or lose people
    although its line stays. It is listed then, and everybody in it has to be counted.
    """
    shapes, codes = _changed_shapes(before, after)
    found = compare(before, after, plan_lines.fetch_households_in(connection, shapes))
    beside = set(found.grids["code"]) - codes
    if not beside:
        return found
    more = [frame.geometry[frame["code"].isin(beside)].to_numpy() for frame in (before, after)]
    wider = gpd.GeoSeries(np.concatenate([shapes.to_numpy(), *more]), crs=before.crs)
    return compare(before, after, plan_lines.fetch_households_in(connection, wider))


def _changed_shapes(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> tuple[gpd.GeoSeries, set[str]]:
    """Return the shapes of grids that are not in both states as they are, and their codes."""
    sides = [
        pd.Series(list(zip(f["code"], shapely.to_wkb(f.geometry.to_numpy()), strict=True)))
        for f in (before, after)
    ]
    alone = [~side.isin(other) for side, other in zip(sides, reversed(sides), strict=True)]
    parts = [
        frame[mask.to_numpy(dtype=bool)] for frame, mask in zip((before, after), alone, strict=True)
    ]
    shapes = np.concatenate([part.geometry.to_numpy() for part in parts])
    return gpd.GeoSeries(shapes, crs=before.crs), {code for part in parts for code in part["code"]}


def _rows(frame: gpd.GeoDataFrame | pd.DataFrame) -> list[dict[Any, Any]]:
    records: list[dict[Any, Any]] = frame.to_dict("records")
    return records


def _without_place(row: Json) -> Json:
    return {str(name): plain(value) for name, value in row.items() if name != "geometry"}
