"""Divisions, natural villages, centers and households as the inspector shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from api.refusals import NotFound
from api.services import lookup, nearest
from api.services.caller import Caller
from api.services.partition import PartitionCache, shape_problems
from api.services.shapes import Json, plain, shape_box, shape_geometry
from data import audit, centers, divisions, households, joint_villages, natural_villages


def show_division(
    connection: sa.Connection, code: str, caller: Caller, partitions: PartitionCache
) -> Json:
    """Return a division, its parents, and the counts of what lies in it.

    Raises
    ------
    NotFound
    """
    row = _found(divisions.fetch_one(connection, code), "division", code, caller.covers(code))
    problems = []
    if row["level"] == "village":
        problems = shape_problems(partitions.find(connection, code)[2])
        row["joint_village"] = joint_villages.fetch_of_village(connection, code)
    return {
        **_place(row),
        "parents": _parents(connection, code[: len(code) - 1]),
        **divisions.fetch_counts(connection, code),
        "census_residents": row["residents"],
        "problems": problems,
    }


def show_natural_village(connection: sa.Connection, code: str, caller: Caller) -> Json:
    """Return a natural village."""
    row = natural_villages.fetch_one(connection, code)
    row = _found(row, "natural village", code, _covered(row, caller))
    return {**_place(row), **_village(connection, row), "problems": []}


def show_center(connection: sa.Connection, code: str, caller: Caller) -> Json:
    """Return a service center and how many households are nearest to it."""
    row = centers.fetch_one(connection, code)
    row = _found(row, "center", code, _covered(row, caller))
    return {
        **_place(row),
        **_village(connection, row),
        "households_nearest": nearest.count_nearest_households(connection, code),
        "problems": [],
    }


def show_household(connection: sa.Connection, identity: int, caller: Caller, now: datetime) -> Json:
    """Return a household and its grid. The reading is written to the audit."""
    row = households.fetch_one(connection, identity)
    row = _found(row, "household", str(identity), _covered(row, caller))
    audit.store_act(
        connection,
        account=caller.name,
        action="read",
        object="household",
        details={"code": row["code"]},
        now=now,
    )
    point = row["geometry"]
    at = lookup.find_grid(connection, point.x, point.y, caller)
    return {**_place(row), **_village(connection, row), "grid": at["grid"], "problems": []}


def _found(row: Mapping[str, Any] | None, what: str, code: str, allowed: bool) -> Json:
    if row is None or not allowed:
        raise NotFound("not_found", what=what, id=code)
    return dict(row)


def _covered(row: Mapping[str, Any] | None, caller: Caller) -> bool:
    return row is not None and caller.covers(row["village_code"] or "")


def _place(row: Mapping[str, Any]) -> Json:
    shape = row["geometry"]
    values = {name: plain(value) for name, value in row.items() if name != "geometry"}
    box = None if shape is None or shape.is_empty else shape_box(shape.bounds)
    return {**values, "geometry": shape_geometry(shape), "bbox": box}


def _village(connection: sa.Connection, row: Mapping[str, Any]) -> Json:
    village = row["village_code"] or ""
    units = divisions.fetch_names(connection, [village, village[:9]])
    return {
        "village": units.get(village, {}).get("name"),
        "township": units.get(village[:9], {}).get("name"),
    }


def _parents(connection: sa.Connection, code: str) -> list[Json]:
    codes = [code[:length] for length in (6, 9, 12) if length <= len(code)]
    units = divisions.fetch_names(connection, codes)
    return [{"code": c, "name": units[c]["name"]} for c in codes if c in units]
