"""The report of a run: one HTML file that opens with no network."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import sqlalchemy as sa

from api.services import runs, workspace
from api.services.caller import Caller
from api.services.shapes import Json
from api.settings import COUNTY_TIME, Settings
from data import centers, divisions, grids, plans, profiles
from data.lines import Lines
from geo.crs import STORE_CRS

if TYPE_CHECKING:
    from maps.service_report import Facts


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
    from maps.access_report import make_access_report
    from maps.gaps_report import make_gaps_report
    from maps.merges_report import make_merges_report
    from maps.radius_report import make_radius_report
    from maps.reports import write_report

    result = runs.fetch_result(connection, identity, caller)
    run = runs.show(connection, identity, caller)
    facts = _facts(connection, run, settings, "en" if language == "en" else "zh")

    def layer(name: str) -> gpd.GeoDataFrame:
        return read_layer(runs.fetch_layer(connection, identity, name, caller))

    if run["analysis"] == "service_radius":
        return write_report(make_radius_report(facts, result, layer("service_areas")))
    if run["analysis"] == "merges":
        return write_report(make_merges_report(facts, result, layer("units"), layer("groups")))
    if run["analysis"] == "accessibility":
        drawn = _grids(connection, run)
        return write_report(make_access_report(facts, result, drawn))
    return write_report(make_gaps_report(facts, result, layer("areas"), layer("reach")))


def read_layer(text: str) -> gpd.GeoDataFrame:
    """Return a layer of a run as a frame; one without features has no columns."""
    features = json.loads(text)["features"]
    if not features:
        return gpd.GeoDataFrame({"rank": [], "code": []}, geometry=[], crs=STORE_CRS)
    return gpd.GeoDataFrame.from_features(features, crs=STORE_CRS)


def _facts(
    connection: sa.Connection, run: Json, settings: Settings, language: Literal["zh", "en"]
) -> Facts:
    from maps.service_report import Facts

    title, profile = workspace.fetch_title(connection), profiles.fetch_default(connection)
    scope = run["parameters"]["scope"]
    units = divisions.fetch_frame(connection, scope=scope)
    named = dict(zip(units["code"], units["name"], strict=True))
    units = units[units.geometry.notna()]
    plan = None if run["plan"] is None else plans.fetch(connection, run["plan"])
    return Facts(
        title=title["title"] if language == "zh" else title["title_en"] or title["title"],
        made_at=run["created_at"].astimezone(COUNTY_TIME),
        data_version=workspace.version_of(connection),
        mark=workspace.map_mark(settings)[language],
        synthetic=title["synthetic"],
        villages=units[units["level"] == "village"],
        townships=units[units["level"] == "township"],
        centers=centers.fetch_frame(connection),
        language=language,
        parameters=run["parameters"],
        scope=None if scope is None else named.get(scope) or scope,
        plan=None if plan is None else plan["name"],
        profile=profile.title_zh if language == "zh" else profile.title_en,
        source=profile.source,
        travel_source=profile.travel.source,
    )


def _grids(connection: sa.Connection, run: Json) -> gpd.GeoDataFrame:
    plan = None if run["plan"] is None else uuid.UUID(run["plan"])
    return grids.fetch_lines(connection, Lines(plan=plan), scope=run["parameters"]["scope"])
