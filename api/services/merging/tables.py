"""A run of merges as tables, and its totals line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from api.services.merging.columns import WORDS
from api.services.shapes import Json
from geo.crs import STORE_CRS

# Reads a layer of the run.
Fetch = Callable[[str], pd.DataFrame]
Make = Callable[[Json, Fetch], pd.DataFrame]


def _groups(result: Json, fetch: Fetch) -> gpd.GeoDataFrame:
    rows = [
        {
            "group": group["id"],
            "name": group["name"],
            "members": [member["code"] for member in group["members"]],
            "member_names": [member["name"] or member["code"] for member in group["members"]],
            "units": len(group["members"]),
            **_unit_columns("township", group["township"]),
            **_unit_columns("village", group["village"]),
            **{name: group[name] for name in ("households", "residents", "registered", "span")},
            **{name: group[name] for name in ("shared_border_m", "healthy_touched")},
            "pinned": group["pinned"],
            "seat": group["seat"],
            "why_zh": " ".join(why["zh"] for why in group["whys"]),
            "why_en": " ".join(why["en"] for why in group["whys"]),
            "next_members": group["runner_up"] and group["runner_up"]["members"],
            "next_zh": group["runner_up"] and group["runner_up"]["zh"],
            "next_en": group["runner_up"] and group["runner_up"]["en"],
        }
        for group in result["groups"]
    ]
    drawn = fetch("groups")
    shapes = dict(zip(drawn["id"], drawn.geometry, strict=True)) if rows else {}
    table = pd.DataFrame(rows, columns=None if rows else ["group", "name", "members"])
    return gpd.GeoDataFrame(
        table, geometry=[shapes.get(row["group"]) for row in rows], crs=STORE_CRS
    )


def _units(result: Json, fetch: Fetch) -> pd.DataFrame:
    # why a unit is left over is told in words by the table of those
    return fetch("units").drop(columns="reason")


def _left(result: Json, fetch: Fetch) -> gpd.GeoDataFrame:
    return _placed(
        [
            {
                **_unit(unit),
                "why_zh": unit["reason"]["zh"],
                "why_en": unit["reason"]["en"],
            }
            for unit in result["left"]
        ],
        [unit["point"] for unit in result["left"]],
    )


def _above(result: Json, fetch: Fetch) -> gpd.GeoDataFrame:
    rows, points = [], []
    for unit in result["above"]:
        reason = unit["reason"] or {"zh": None, "en": None}
        told = {"why_zh": reason["zh"], "why_en": reason["en"]}
        for number, part in enumerate(unit["parts"] or [None]):
            cells = part or {"cells": [], "names": [], **_counts(unit)}
            rows.append(
                {
                    **_unit(unit),
                    "part": None if part is None else number + 1,
                    "cells": cells["cells"],
                    "cell_names": cells["names"],
                    **_counts(cells),
                    **told,
                }
            )
            points.append(unit["point"])
    return _placed(rows, points)


def _townships(result: Json, fetch: Fetch) -> pd.DataFrame:
    rows = [
        {
            **{name: row[name] for name in ("code", "name", "units")},
            "below_count": row["below"],
            "left_count": row["left"],
            **{name: row[name] for name in ("groups", "proved", "gap", "candidates")},
        }
        for row in result["townships"]
    ]
    return pd.DataFrame(rows)


def _levels(result: Json, fetch: Fetch) -> pd.DataFrame:
    names = ("value", "bound", "proved", "gap")
    return pd.DataFrame(
        [{"term": row["name"], **{n: row[n] for n in names}} for row in result["levels"]]
    )


def _sizes(result: Json, fetch: Fetch) -> pd.DataFrame:
    bars = result["histogram"]
    edges = bars["edges"]
    return pd.DataFrame(
        {
            "size_from": edges[:-1],
            "size_to": edges[1:],
            "before": bars["before"],
            "after": bars["after"],
        }
    )


def _unit(unit: Json) -> Json:
    return {
        "code": unit["code"],
        "name": unit["name"],
        **_unit_columns("township", unit["township"]),
        **_unit_columns("village", unit["village"]),
        **_counts(unit),
    }


def _counts(unit: Json) -> Json:
    return {name: unit[name] for name in ("households", "residents")}


def _unit_columns(name: str, unit: Json | None) -> Json:
    return {
        f"{name}_code": None if unit is None else unit["code"],
        f"{name}_name": None if unit is None else unit["name"],
    }


def _placed(rows: list[Json], points: list[Any]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(rows, columns=None if rows else ["code", "name"])
    lon = [None if point is None else point[0] for point in points]
    lat = [None if point is None else point[1] for point in points]
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(lon, lat), crs=STORE_CRS)


# The first is the map by itself.
TABLES: Mapping[str, Make] = {
    "groups": _groups,
    "units": _units,
    "left": _left,
    "above": _above,
    "townships": _townships,
    "levels": _levels,
    "sizes": _sizes,
}


def list_totals(result: Json, zh: bool) -> list[tuple[str, Any]]:
    """Return names and values of a run of merges, in the planner's words."""
    which = 0 if zh else 1
    counts, after = result["counts"], result["counts_after"]
    lines: list[tuple[str, Any]] = []
    if result["unit"] is not None:
        lines.append(("单元" if zh else "units are", WORDS["unit"][result["unit"]][which]))
    lines += [
        ("单元数" if zh else "units", result["units"]),
        ("合并范围" if zh else "within", WORDS["within"][result["within"]][which]),
        ("目标" if zh else "objective", WORDS["objective"][result["objective"]][which]),
        *_sizes_asked(result, zh),
        ("每组最多单元" if zh else "most units in a group", result["limits"]["max_units"]),
        ("不到下限" if zh else "below the minimum", counts["below"]),
        ("无人居住" if zh else "empty", counts["empty"]),
        ("超过上限" if zh else "above the maximum", counts["above"]),
        ("建议合并组" if zh else "suggested groups", len(result["groups"])),
        ("合并后不到下限" if zh else "below the minimum afterwards", after["below"]),
        ("合并后无人居住" if zh else "empty afterwards", after["empty"]),
        ("已证明最优" if zh else "proved best",
         ("是" if zh else "yes") if result["proved"] else ("否" if zh else "no")),
    ]  # fmt: skip
    lines += [(WORDS["term"][row["name"]][which], row["value"]) for row in result["levels"]]
    return lines


def _sizes_asked(result: Json, zh: bool) -> list[tuple[str, Any]]:
    words = {"minimum": ("下限", "minimum"), "target": ("目标规模", "target"),
             "maximum": ("上限", "maximum")}  # fmt: skip
    kinds = {"urban": ("城镇", "urban"), "rural_plain": ("平原农村", "rural plain"),
             "mountain": ("山区", "mountain")}  # fmt: skip
    measures = {"households": ("户", "households"), "residents": ("人", "residents")}
    which = 0 if zh else 1
    lines: list[tuple[str, Any]] = []
    for kind, sizes in result["rules"].items():
        of_kind = f" {kinds[kind][which]}" if kind in kinds else ""
        for name, word in words.items():
            for measure, unit in measures.items():
                if sizes[name][measure] is not None:
                    part = f"({unit[0]})" if zh else f" ({unit[1]})"
                    lines.append((f"{word[which]}{part}{of_kind}", sizes[name][measure]))
    return lines
