"""The report a planner mails: one HTML file with the gaps map, tables and their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from geo.problems import Language
from maps import styles
from maps.leaflet import LeafletAssets, MapMark, OfflineMap, load_leaflet, steady_names
from maps.wording import WORDS

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# Six decimals are about 10 cm on the ground: finer than a report's map can show.
_DECIMALS = 1e-6


@dataclass(frozen=True)
class GapsReport:
    """What one report says.

    Parameters
    ----------
    title
        Name of the county, as people call it.
    made_at
        Time printed on the report; an argument, so that same input gives same bytes.
    data_version
        Version of the layers the numbers were computed from.
    mark
        Map review number, or the "internal working map" line.
    synthetic
        Whether the data is a sample and must say so.
    parameters
        Label → value, as the reader should see them; sources of rules belong here.
    totals
        ``households``, ``served``, ``unserved_households``, ``residents``,
        ``unserved_residents`` and ``unserved_elderly``.
    areas
        Gap areas, any CRS, ranked: ``rank, households, residents, elderly, area_m2,
        nearest_center, nearest_distance_m, farthest_household_m, villages`` (names joined).
    shares
        ``name, households, served, share`` by township.
    villages, townships
        Outlines with ``name``; either may be empty.
    centers
        Points with ``name`` and ``level``.
    """

    title: str
    made_at: datetime
    data_version: str
    mark: str
    synthetic: bool
    parameters: Sequence[tuple[str, str]]
    totals: Mapping[str, int]
    areas: gpd.GeoDataFrame
    shares: pd.DataFrame
    villages: gpd.GeoDataFrame
    townships: gpd.GeoDataFrame
    centers: gpd.GeoDataFrame
    language: Language = "zh"
    leaflet: LeafletAssets | None = field(default=None, repr=False)


def write_gaps_report(report: GapsReport) -> str:
    """Return the report as one HTML document that opens with no network.

    Household points never enter the file; areas carry counts only.

    Raises
    ------
    geo.errors.GeoError
        ``web_map_not_built`` when Leaflet has not been built into ``maps/static``.
    """
    words = WORDS[report.language]
    chart = OfflineMap(report.leaflet or load_leaflet(), zoom_control=True)
    MapMark(report.mark).add_to(chart)
    _add_outlines(chart, report.villages, words["villages"], styles.VILLAGE_LINE, 0.8)
    _add_outlines(chart, report.townships, words["townships"], styles.TOWNSHIP_LINE, 1.8)
    _add_areas(chart, report, words)
    _add_centers(chart, report.centers, words)
    folium.LayerControl(collapsed=False).add_to(chart)
    bounds = _bounds(report)
    if bounds is not None:
        chart.fit_bounds(bounds)

    figure = chart.figure
    figure.title = escape(f"{words['heading']} · {report.title}")
    context = {"report": report, "words": words, "styles": styles, "areas": _rows(report.areas),
               "shares": report.shares.to_dict("records")}  # fmt: skip
    before, after = (
        _TEMPLATES.get_template(name).render(context) for name in ("before.html", "after.html")
    )
    html: str = figure.render()
    html = html.replace("<html>", f'<html lang="{report.language}">', 1)
    # Placed around folium's own map element instead of inside its template language.
    html = html.replace("<body>", "<body>\n" + before, 1)
    head, _, tail = html.rpartition("</body>")
    return steady_names(f"{head}{after}</body>{tail}")


def _rows(areas: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    table = pd.DataFrame(areas.drop(columns=areas.geometry.name))
    table = table.astype(object).where(table.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Bring to lon/lat and drop digits the map cannot show."""
    moved = frame.to_crs("EPSG:4326")
    return moved.set_geometry(moved.geometry.set_precision(_DECIMALS, mode="pointwise"))


def _add_outlines(
    chart: folium.Map, frame: gpd.GeoDataFrame, label: str, colour: str, width: float
) -> None:
    if frame.empty:
        return
    lines = _degrees(frame)[["name", frame.geometry.name]].assign(
        tip=frame["name"].fillna("").map(lambda name: escape(str(name)))
    )
    folium.GeoJson(
        lines[["tip", lines.geometry.name]],
        name=escape(label),
        style_function=lambda _: {"color": colour, "weight": width, "fillOpacity": 0.04},
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False, sticky=True),
    ).add_to(chart)


def _add_areas(chart: folium.Map, report: GapsReport, words: Mapping[str, str]) -> None:
    if report.areas.empty:
        return
    areas = _degrees(report.areas)
    tips = [
        f"<b>{words['rank']} {row['rank']}</b> {escape(str(row['villages']))}<br>"
        f"{words['households']} {row['households']:,} · {words['residents']} {row['residents']:,}"
        for row in _rows(report.areas)
    ]
    folium.GeoJson(
        areas.assign(tip=tips)[["tip", areas.geometry.name]],
        name=escape(words["gaps"]),
        style_function=lambda _: {
            "color": styles.GAP_LINE,
            "weight": 1.5,
            "dashArray": "5 3",
            "fillColor": styles.GAP_FILL,
            "fillOpacity": 0.5,
        },
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False, sticky=True),
    ).add_to(chart)


def _add_centers(chart: folium.Map, centers: gpd.GeoDataFrame, words: Mapping[str, str]) -> None:
    group = folium.FeatureGroup(name=escape(words["centers"]))
    radius = {"county": 8.0, "township": 6.5, "village": 5.0, "station": 4.0}
    points = _degrees(centers)
    for name, level, point in zip(points["name"], points["level"], points.geometry, strict=True):
        folium.CircleMarker(
            [point.y, point.x],
            radius=radius.get(str(level), 5.0),
            color="#ffffff",
            weight=1.2,
            fill=True,
            fill_color=styles.CENTER,
            fill_opacity=1.0,
            tooltip=folium.Tooltip(f"{escape(str(name))} · {words.get(f'level_{level}', level)}"),
        ).add_to(group)
    group.add_to(chart)


def _bounds(report: GapsReport) -> list[list[float]] | None:
    """South-west and north-east corner of what the map shows, as Leaflet asks: lat, lon."""
    frames = [report.townships, report.villages, report.areas, report.centers]
    boxes = [_degrees(frame).total_bounds for frame in frames if not frame.empty]
    if not boxes:
        return None
    west, south = (min(float(box[i]) for box in boxes) for i in (0, 1))
    east, north = (max(float(box[i]) for box in boxes) for i in (2, 3))
    return [[south, west], [north, east]]


__all__ = ["GapsReport", "write_gaps_report"]
