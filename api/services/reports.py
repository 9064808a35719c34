"""The gaps report of a run: one HTML file that opens with no network."""

from __future__ import annotations

import json
import uuid
from typing import Literal

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from api.services import runs, workspace
from api.services.caller import Caller
from api.services.shapes import Json
from api.settings import COUNTY_TIME, Settings
from data import centers, divisions, profiles

WORDS = {
    "zh": {
        "level": "中心级别",
        "standard": "服务标准",
        "scope": "范围",
        "all": "全部",
        "profile": "规则",
        "source": "出处",
        "urban": "城镇",
        "rural_plain": "平原农村",
        "mountain": "山区",
        "county": "县级及以上",
        "township": "乡镇级及以上",
        "village": "村级及以上",
        "station": "站点及以上",
    },
    "en": {
        "level": "Centers that count",
        "standard": "Service standard",
        "scope": "Scope",
        "all": "everything",
        "profile": "Rules",
        "source": "Source",
        "urban": "urban",
        "rural_plain": "rural plain",
        "mountain": "mountain",
        "county": "county level",
        "township": "township level and higher",
        "village": "village level and higher",
        "station": "stations and higher",
    },
}


def write_run(
    connection: sa.Connection,
    identity: uuid.UUID,
    settings: Settings,
    language: str,
    caller: Caller,
) -> str:
    """Return the report of a finished run. Household points never enter it.

    Raises
    ------
    NotFound, Conflict
        From :mod:`api.services.runs`.
    """
    # Imported late: only a report pays for folium at start.
    from maps.reports import GapsReport, write_gaps_report

    result = runs.fetch_result(connection, identity, caller)
    run = runs.show(connection, identity, caller)
    spoken: Literal["zh", "en"] = "en" if language == "en" else "zh"
    title = workspace.fetch_title(connection)
    units = divisions.fetch_frame(connection, scope=run["parameters"]["scope"])
    units = units[units.geometry.notna()]
    report = GapsReport(
        title=title["title"] if spoken == "zh" else title["title_en"] or title["title"],
        made_at=run["created_at"].astimezone(COUNTY_TIME),
        data_version=workspace.version_of(connection),
        mark=workspace.map_mark(settings)[spoken],
        synthetic=title["synthetic"],
        parameters=_parameters(connection, run, result, spoken),
        totals={
            name: result[name] or 0
            for name in (
                "households",
                "served",
                "unserved_households",
                "residents",
                "unserved_residents",
                "unserved_elderly",
            )
        },
        areas=_areas(connection, identity, result, caller),
        shares=pd.DataFrame(
            result["shares"]["township"], columns=["name", "households", "served", "share"]
        ),
        villages=units[units["level"] == "village"],
        townships=units[units["level"] == "township"],
        centers=centers.fetch_frame(connection),
        language=spoken,
    )
    return write_gaps_report(report)


def _parameters(
    connection: sa.Connection, run: Json, result: Json, language: Literal["zh", "en"]
) -> list[tuple[str, str]]:
    words, parameters = WORDS[language], run["parameters"]
    profile = profiles.fetch_default(connection)
    standards = ", ".join(
        f"{words.get(kind, kind)} {metres:,.0f} m" for kind, metres in result["standards"].items()
    )
    lines = [
        (words["level"], words[parameters["level"]]),
        (words["standard"], standards),
        (words["scope"], parameters["scope"] or words["all"]),
    ]
    if parameters["standard_m"] is None:
        lines.append((words["profile"], profile.title_zh if language == "zh" else profile.title_en))
        lines.append((words["source"], profile.source))
    return lines


def _areas(
    connection: sa.Connection, identity: uuid.UUID, result: Json, caller: Caller
) -> gpd.GeoDataFrame:
    """Return the stored areas with names in place of codes."""
    features = json.loads(runs.fetch_layer(connection, identity, "areas", caller))["features"]
    rows = [
        {
            **{k: area[k] for k in ("rank", "households", "residents", "elderly", "area_m2")},
            "nearest_center": (area["nearest_center"] or {}).get("name"),
            "nearest_distance_m": area["nearest_cost"],
            "farthest_household_m": area["farthest_cost"],
            "villages": "、".join(v["name"] or v["code"] for v in area["villages"]),
        }
        for area in result["areas"]
    ]
    if not rows:
        return gpd.GeoDataFrame({"rank": []}, geometry=[], crs="EPSG:4490")
    shapes = gpd.GeoDataFrame.from_features(features, crs="EPSG:4490")
    return gpd.GeoDataFrame(rows, geometry=shapes.geometry, crs=shapes.crs)
