"""Grids as the table and the inspector show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.refusals import NotFound
from api.services import nearest
from api.services.caller import Caller
from api.services.county import area_type_of_unit
from api.services.partition import PartitionCache
from api.services.shapes import Json, shape_box, shape_geometry
from data import grid_pages, joint_villages, profiles
from data.lines import Lines
from geo.profiles import Profile

SHOWN = (
    "code",
    "name",
    "village_code",
    "village",
    "township",
    "kind",
    "households",
    "residents",
    "registered",
    "elderly",
    "aged_80",
    "children",
    "area_m2",
    "compactness",
    "reock",
    "span_m",
    "center_median_m",
    "center_p90_m",
    "center_max_m",
    "profile_status",
)
OF_A_DRAFT = ("locked", "drafted")


@dataclass(frozen=True)
class Question:
    """What the table asks for."""

    bbox: tuple[float, float, float, float] | None = None
    parent: str | None = None
    text: str | None = None
    status: str | None = None
    locked: bool = False
    drafted: bool = False
    find: str | None = None
    sort: str = "code"
    descending: bool = False
    offset: int = 0
    limit: int = 100


def list_page(connection: sa.Connection, question: Question, lines: Lines) -> Json:
    """Return a page of grids and the totals of all that match."""
    page = grid_pages.fetch_grid_page(connection, **vars(question), lines=lines)
    profile = profiles.fetch_default(connection)
    return {
        "total": page["total"],
        "totals": page["totals"],
        "rows": [_row(row, profile) for row in page["rows"]],
        "position": page["position"],
    }


def _row(row: Mapping[str, Any], profile: Profile) -> Json:
    rule = profile.size_rule(area_type_of_unit(row, profile))
    return {
        **{name: row[name] for name in SHOWN},
        "rule": None
        if rule is None
        else {"minimum": rule.minimum, "target": rule.target, "maximum": rule.maximum},
        "center": [round(value, 9) for value in row["center"]],
        **{name: row[name] for name in OF_A_DRAFT if name in row},
    }


def show(
    connection: sa.Connection, code: str, caller: Caller, partitions: PartitionCache, lines: Lines
) -> Json:
    """Return one grid of these lines.

    Raises
    ------
    NotFound
    """
    row = grid_pages.fetch_grid(connection, code, lines=lines) if caller.covers(code) else None
    if row is None:
        raise NotFound("not_found", what="grid", id=code)
    return {
        **_row(row, profiles.fetch_default(connection)),
        "geometry": shape_geometry(row["geometry"]),
        "bbox": shape_box(row["bbox"]),
        "valid_from": row["valid_from"],
        "history": row["history"],
        "nearest_center": nearest.find_nearest_center(connection, *row["center"], at=lines.at),
        "problems": partitions.of_unit(connection, row["village_code"], code, lines),
        "flags": list(row["flags"]),
        "joint_village": joint_villages.fetch_of_village(connection, row["village_code"], lines),
    }
