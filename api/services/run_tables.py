"""A finished run as tables: for spreadsheets, for GIS, for the command line."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from api.refusals import NotFound
from api.schemas_merge_runs import MergeParameters
from api.schemas_runs import AccessParameters, RadiusParameters, ServiceParameters
from api.services import reports, runs, workspace
from api.services.analyses import Question
from api.services.caller import Caller
from api.services.files.answering import Answered
from api.services.geojson import write_features
from api.services.merging.tables import TABLES as MERGE_TABLES
from api.services.shapes import Json
from api.services.tables import TITLES, Language, describe_sheet, flatten, make_sheet
from api.services.totals import list_totals
from api.settings import COUNTY_TIME, Settings
from data.exporters import NOTICE
from data.spreadsheet import write_csv, write_workbook
from geo.crs import STORE_CRS

PARAMETERS: Mapping[str, type[ServiceParameters | MergeParameters]] = {
    "service_gaps": ServiceParameters,
    "service_radius": RadiusParameters,
    "accessibility": AccessParameters,
    "merges": MergeParameters,
}

# Reads a layer of the run.
Fetch = Callable[[str], pd.DataFrame]
Make = Callable[[Json, Fetch], pd.DataFrame]


class Made(NamedTuple):
    """A table as a file: its content, its kind, its name."""

    content: bytes
    media_type: str
    filename: str


MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}


def put_question(analysis: str, parameters: Json, plan: uuid.UUID | None) -> Question:
    """Return the question of a run, its parameters complete."""
    return Question(analysis, PARAMETERS[analysis](**parameters).model_dump(), plan)


def write_table(
    connection: sa.Connection,
    run: uuid.UUID,
    name: str,
    format: str,
    *,
    language: Language,
    settings: Settings,
    caller: Caller,
) -> Made:
    """Return a table of a finished run as a file.

    Raises
    ------
    NotFound
        When there is no such run, or it has no such table (in GeoJSON: none with shapes).
    Conflict
        ``run_not_done``.
    """
    result = runs.fetch_result(connection, run, caller)
    shown = runs.show(connection, run, caller)
    make = TABLES.get(shown["analysis"], {}).get(name)
    if make is None:
        raise NotFound("not_found", what=f"table {name}", id=str(run))
    frame = make(result, _fetcher(connection, run, caller))
    title = workspace.fetch_title(connection)
    if format == "geojson":
        if not isinstance(frame, gpd.GeoDataFrame):
            raise NotFound("not_found", what=f"table {name}.geojson", id=str(run))
        notice = {"synthetic": True, "notice": " ".join(NOTICE.values())}
        content = write_features(frame, notice if title["synthetic"] else None).encode()
    elif format == "csv":
        content = write_csv(_plain(frame))
    else:
        about = describe_sheet(_about(connection, shown, result, settings, language), language)
        unit = result.get("unit_of_span") or result["unit"]
        sheet = make_sheet(TITLES[name][language], _plain(frame), unit, language)
        content = write_workbook([sheet, about])
    return Made(content, MEDIA_TYPES[format], f"{shown['analysis']}-{name}.{format}")


def fetch_answer(
    connection: sa.Connection, run: uuid.UUID, *, settings: Settings, caller: Caller
) -> Answered:
    """Return a finished run with all its tables; its page is written while connected."""
    result = runs.fetch_result(connection, run, caller)
    analysis = runs.show(connection, run, caller)["analysis"]
    fetch = _fetcher(connection, run, caller)
    tables = {}
    for name, make in TABLES[analysis].items():
        try:
            tables[name] = make(result, fetch)
        except NotFound:  # a layer that only some of the parameters give
            continue

    def write_page(language: Language) -> bytes:
        return reports.write_run(connection, run, settings, language, caller).encode()

    return Answered(result, tables, next(iter(tables)), write_page)


def _fetcher(connection: sa.Connection, run: uuid.UUID, caller: Caller) -> Fetch:
    def fetch(name: str) -> gpd.GeoDataFrame:
        features = json.loads(runs.fetch_layer(connection, run, name, caller))["features"]
        if not features:
            return gpd.GeoDataFrame(geometry=[], crs=STORE_CRS)
        return gpd.GeoDataFrame.from_features(features, crs=STORE_CRS)

    return fetch


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame for spreadsheets: places as numbers, shapes left out."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return flatten(frame)
    table = flatten(pd.DataFrame(frame.drop(columns=frame.geometry.name)))
    if len(frame) and (frame.geom_type == "Point").all() and "lon" not in table:
        table = table.assign(lon=frame.geometry.x, lat=frame.geometry.y)
    return table


def _about(
    connection: sa.Connection, run: Json, result: Json, settings: Settings, language: Language
) -> list[tuple[str, Any]]:
    """Return what is to be known of a table that has left: question, data, marks."""
    zh = language == "zh"
    title = workspace.fetch_title(connection)
    given = {
        name: _written(value)
        for name, value in run["parameters"].items()
        # sizes are among the totals, as they were applied
        if value is not None and value != [] and not isinstance(value, dict)
    }
    made = run["created_at"].astimezone(COUNTY_TIME).isoformat(timespec="seconds")
    lines: list[tuple[str, Any]] = [
        ("地区" if zh else "area", title["title"] if zh else title["title_en"]),
        *list_totals(result, language),
        ("分析" if zh else "analysis", run["analysis"]),
        *((f"{'参数' if zh else 'parameter'} {name}", value) for name, value in given.items()),
        ("方案" if zh else "plan", run["plan"] or "—"),
        ("计算时间" if zh else "computed at", made),
        ("数据版本" if zh else "data version", workspace.version_of(connection)),
        ("数据此后有变动" if zh else "data changed since",
         ("是" if zh else "yes") if run["stale"] else ("否" if zh else "no")),
        ("地图" if zh else "map", workspace.map_mark(settings)[language]),
    ]  # fmt: skip
    if title["synthetic"]:
        lines.append(("数据" if zh else "data", NOTICE[language]))
    return lines


def _written(value: Any) -> Any:  # noqa: ANN401
    """Return a list as a text; of groups of codes each with its codes joined."""
    if not isinstance(value, list):
        return value
    return "; ".join("+".join(one) if isinstance(one, list) else str(one) for one in value)


def _areas(result: Json, fetch: Fetch) -> gpd.GeoDataFrame:
    rows = [
        {
            "rank": area["rank"],
            "villages": [village["name"] or village["code"] for village in area["villages"]],
            "villages_code": [village["code"] for village in area["villages"]],
            **{n: area[n] for n in ("households", "residents", "people", "elderly", "children")},
            "area_m2": area["area_m2"],
            **_unit_columns("nearest_center", area["nearest_center"]),
            **{n: area[n] for n in ("nearest_cost", "farthest_cost", "mean_cost")},
            **{n: area[n] for n in ("extension_90", "extension_all", "excess", "without_way")},
            "site_lon": area["site"] and area["site"]["point"][0],
            "site_lat": area["site"] and area["site"]["point"][1],
            "site_people": area["site"] and area["site"]["people"],
            "unit": result["unit"],
        }
        for area in result["areas"]
    ]
    names = ("rank", "villages", "households", "residents", "people", "area_m2", "unit")
    table = pd.DataFrame(rows, columns=None if rows else names)
    return gpd.GeoDataFrame(table, geometry=fetch("areas").geometry.to_numpy(), crs=STORE_CRS)


def _shares(result: Json, fetch: Fetch) -> pd.DataFrame:
    rows = [
        {"by": by, "code": unit["code"], "name": unit["name"], "households": unit["households"],
         "served_households": unit["served"], "share": unit["share"],
         "residents": unit["residents"], "residents_served": unit["residents_served"],
         **{n: unit[n] for n in ("far", "unreachable", "off_network", "unlocated")}}
        for by, units in result["shares"].items()
        for unit in units
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _verdicts(result: Json, fetch: Fetch) -> pd.DataFrame:
    rows = [
        {
            **{name: village[name] for name in ("code", "name", "households", "residents")},
            **{f"served_{mode}_households": n for mode, n in village["served"].items()},
            **{n: village[n] for n in ("straight_only", "straight_only_residents", "verdict")},
        }
        for village in result["comparison"]["villages"]
    ]
    return pd.DataFrame(rows)


def _centers(result: Json, fetch: Fetch) -> gpd.GeoDataFrame:
    rows = []
    for center in result["centers"]:
        row = {name: center[name] for name in ("code", "name", "level")}
        row |= _unit_columns("village", center["village"])
        left = {k: v for k, v in center.items() if k not in (*row, "village", "point")}
        rows.append({**row, **left, "unit": result["unit"]})
    points = [center["point"] for center in result["centers"]]
    lon, lat = [point[0] for point in points], [point[1] for point in points]
    return gpd.GeoDataFrame(
        pd.DataFrame(rows), geometry=gpd.points_from_xy(lon, lat), crs=STORE_CRS
    )


def _histogram(result: Json, fetch: Fetch) -> pd.DataFrame:
    bars = [{**bar, "unit": result["unit"]} for bar in result["uniform"]["histogram"]]
    return pd.DataFrame([{"share_to": bar.pop("share"), **bar} for bar in bars])


def _units(name: str) -> Make:
    def make(result: Json, fetch: Fetch) -> pd.DataFrame:
        return pd.DataFrame(result[name])

    return make


def _layer(name: str) -> Make:
    def make(result: Json, fetch: Fetch) -> pd.DataFrame:
        return fetch(name)

    return make


def _unit_columns(name: str, unit: Json | None) -> Json:
    return {
        f"{name}_code": None if unit is None else unit["code"],
        f"{name}_name": None if unit is None else unit["name"],
    }


# The first of each is the map by itself.
TABLES: Mapping[str, Mapping[str, Make]] = {
    "service_gaps": {
        "areas": _areas,
        "shares": _shares,
        "villages": _verdicts,
        "unserved": _layer("unserved"),
    },
    "service_radius": {
        "centers": _centers,
        "service_areas": _layer("service_areas"),
        "histogram": _histogram,
        "overflow": _layer("overflow"),
    },
    "accessibility": {
        "grids": _units("grid"),
        "villages": _units("village"),
        "townships": _units("township"),
        "unreached": _units("unreached"),
    },
    "merges": MERGE_TABLES,
}
