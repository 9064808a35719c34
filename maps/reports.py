"""The report a planner mails: one HTML file with a map, tables, parameters and their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple

import folium
import geopandas as gpd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from geo.problems import Language
from maps import styles
from maps.leaflet import LeafletAssets, MapMark, OfflineMap, load_leaflet, steady_names
from maps.wording import WORDS

Cell = str | int | float | None
Kind = Literal["text", "count", "decimal", "share", "bar"]

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# Six decimals are about 10 cm on the ground: finer than a report's map can show.
_DECIMALS = 1e-6


class Column(NamedTuple):
    """A column of a table; a ``bar`` is a share of 0 to 1, drawn and not written."""

    label: str
    kind: Kind = "text"


class Table(NamedTuple):
    """A table; ``empty`` stands in its place where it has no row."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    empty: str = "—"


class MapLayer(NamedTuple):
    """Shapes on the map.

    Parameters
    ----------
    name
        In the list of layers and in the legend.
    frame
        Any CRS; ``tip`` (text) and ``fill`` (colour) a row.
    line
        Colour of outlines.
    dashed
        Whether they are.
    opacity
        Of the fill.
    """

    name: str
    frame: gpd.GeoDataFrame
    line: str
    dashed: bool = False
    opacity: float = 0.5


class Key(NamedTuple):
    """An entry of the legend."""

    colour: str
    label: str
    round: bool = False


@dataclass(frozen=True)
class Report:
    """What one report says.

    Parameters
    ----------
    heading, title
        What it is about; name of the county, as people call it.
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
    figures
        Label → value of the summary.
    tables
        In the order they are printed.
    layers
        Drawn one over the other; household points never enter.
    legend
        Explains the colours of the layers.
    villages, townships
        Outlines with ``name``; either may be empty.
    centers
        Points with ``name``, ``level`` and, where it matters, ``tip`` and ``fill``.
    warnings
        What the numbers leave out.
    note
        What is to be known of the method; empty: what holds for analyses of service.
    """

    heading: str
    title: str
    made_at: datetime
    data_version: str
    mark: str
    synthetic: bool
    parameters: Sequence[tuple[str, str]]
    figures: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    layers: Sequence[MapLayer]
    legend: Sequence[Key]
    villages: gpd.GeoDataFrame
    townships: gpd.GeoDataFrame
    centers: gpd.GeoDataFrame
    warnings: Sequence[str] = ()
    language: Language = "zh"
    note: str = ""
    leaflet: LeafletAssets | None = field(default=None, repr=False)


def write_report(report: Report) -> str:
    """Return the report as one HTML document that opens with no network.

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
    for layer in report.layers:
        _add_layer(chart, layer)
    _add_centers(chart, report.centers, words)
    folium.LayerControl(collapsed=False).add_to(chart)
    bounds = _bounds(report)
    if bounds is not None:
        chart.fit_bounds(bounds)

    figure = chart.figure
    figure.title = escape(f"{report.heading} · {report.title}")
    context = {"report": report, "words": words, "write": write_cell}
    before, after = (
        _TEMPLATES.get_template(name).render(context) for name in ("before.html", "after.html")
    )
    html: str = figure.render()
    html = html.replace("<html>", f'<html lang="{report.language}">', 1)
    # Placed around folium's own map element instead of inside its template language.
    html = html.replace("<body>", "<body>\n" + before, 1)
    head, _, tail = html.rpartition("</body>")
    return steady_names(f"{head}{after}</body>{tail}")


def write_cell(value: Cell, kind: Kind) -> str:
    """Return a value as people read it; what is not known is a dash, never 0.

    Examples
    --------
    >>> write_cell(12345, "count"), write_cell(None, "share"), write_cell(0.875, "share")
    ('12,345', '—', '87.5 %')
    """
    if value is None or value == "" or value != value:
        return "—"
    if isinstance(value, str):
        return value
    if kind == "count":
        return f"{value:,.0f}"
    return f"{100 * value:.1f} %" if kind == "share" else f"{value:,.2f}"


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


def _add_layer(chart: folium.Map, layer: MapLayer) -> None:
    drawn = _degrees(layer.frame)
    drawn = drawn[~(drawn.geometry.is_empty | drawn.geometry.isna())]
    if drawn.empty:
        return
    tips = [escape(tip).replace("\n", "<br>") for tip in drawn["tip"]]

    def style(feature: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
        return {
            "color": layer.line,
            "weight": 1.2,
            "dashArray": "5 3" if layer.dashed else None,
            "fillColor": feature["properties"]["fill"],
            "fillOpacity": layer.opacity,
        }

    folium.GeoJson(
        drawn.assign(tip=tips)[["tip", "fill", drawn.geometry.name]],
        name=escape(layer.name),
        style_function=style,
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False, sticky=True),
    ).add_to(chart)


def _add_centers(chart: folium.Map, centers: gpd.GeoDataFrame, words: Mapping[str, str]) -> None:
    group = folium.FeatureGroup(name=escape(words["centers"]))
    radius = {"county": 8.0, "township": 6.5, "village": 5.0, "station": 4.0}
    points = _degrees(centers)
    for row, point in zip(points.to_dict("records"), points.geometry, strict=True):
        level = str(row["level"])
        said = row.get("tip") or f"{row['name']} · {words.get(f'level_{level}', level)}"
        folium.CircleMarker(
            [point.y, point.x],
            radius=radius.get(level, 5.0),
            color="#ffffff",
            weight=1.2,
            fill=True,
            fill_color=row.get("fill") or styles.CENTER,
            fill_opacity=1.0,
            tooltip=folium.Tooltip(escape(str(said)).replace("\n", "<br>")),
        ).add_to(group)
    group.add_to(chart)


def _bounds(report: Report) -> list[list[float]] | None:
    """South-west and north-east corner of what the map shows, as Leaflet asks: lat, lon."""
    drawn = [layer.frame for layer in report.layers]
    frames = [report.townships, report.villages, *drawn, report.centers]
    boxes = [_degrees(frame).total_bounds for frame in frames if not frame.empty]
    if not boxes:
        return None
    west, south = (min(float(box[i]) for box in boxes) for i in (0, 1))
    east, north = (max(float(box[i]) for box in boxes) for i in (2, 3))
    return [[south, west], [north, east]]
