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
from api.services.shapes import Json, plain, shape_box, shape_geometry, shape_point
from data import divisions, grids, profiles
from geo.profiles import Profile

NUMBERS = (
    "households",
    "residents",
    "registered",
    "elderly",
    "children",
    "area_m2",
    "compactness",
    "center_median_m",
    "center_max_m",
    "profile_status",
)


@dataclass(frozen=True)
class Question:
    """What the table asks for."""

    bbox: tuple[float, float, float, float] | None = None
    parent: str | None = None
    text: str | None = None
    sort: str = "code"
    descending: bool = False
    offset: int = 0
    limit: int = 100


@dataclass(frozen=True)
class Names:
    """Names and size rules of the divisions that grids lie in."""

    units: Mapping[str, Mapping[str, Any]]
    profile: Profile

    def name(self, code: str | None) -> str | None:
        """Return the name of a division, None where nothing is known."""
        unit = self.units.get(code or "")
        return (unit["name"] or None) if unit else None

    def rule(self, village: str | None) -> Json | None:
        """Return the size rule of a grid of this village."""
        kind = area_type_of_unit(self.units.get(village or ""), self.profile)
        rule = self.profile.size_rule(kind)
        if rule is None:
            return None
        return {"minimum": rule.minimum, "target": rule.target, "maximum": rule.maximum}


def _fetch_names(connection: sa.Connection, rows: list[Mapping[str, Any]]) -> Names:
    villages = {row["village_code"] for row in rows if row["village_code"]}
    codes = villages | {code[:9] for code in villages}
    return Names(
        divisions.fetch_units(connection, sorted(codes)), profiles.fetch_default(connection)
    )


def list_page(connection: sa.Connection, question: Question) -> Json:
    """Return a page of grids and the totals of all that match."""
    page = grids.fetch_page(
        connection,
        bbox=question.bbox,
        parent=question.parent,
        text=question.text,
        sort=question.sort,
        descending=question.descending,
        offset=question.offset,
        limit=question.limit,
    )
    totals = grids.fetch_totals(
        connection, bbox=question.bbox, parent=question.parent, text=question.text
    )
    names = _fetch_names(connection, list(page.rows))
    return {
        "total": page.total,
        "totals": totals,
        "rows": [_row(row, names) for row in page.rows],
    }


def _row(row: Mapping[str, Any], names: Names) -> Json:
    village = row["village_code"] or None
    return {
        "code": row["code"],
        "name": row["name"],
        "village_code": village,
        "village": names.name(village),
        "township": names.name((village or "")[:9]),
        "kind": row["kind"],
        **{name: plain(row[name]) for name in NUMBERS},
        "rule": names.rule(village),
        "center": shape_point(row["geometry"]),
    }


def show(connection: sa.Connection, code: str, caller: Caller, partitions: PartitionCache) -> Json:
    """Return one grid in force.

    Raises
    ------
    NotFound
    """
    row = grids.fetch_one(connection, code) if caller.covers(code) else None
    if row is None:
        raise NotFound("not_found", what="grid", id=code)
    names = _fetch_names(connection, [row])
    shape = row["geometry"]
    history = grids.fetch_history(connection, code)
    return {
        **_row(row, names),
        "geometry": shape_geometry(shape),
        "bbox": shape_box(shape.bounds),
        "valid_from": row["valid_from"],
        "history": history,
        "nearest_center": nearest.find_nearest_center(connection, shape),
        "problems": partitions.of_unit(connection, row["village_code"] or None, code),
        "flags": list(row["flags"]),
    }
