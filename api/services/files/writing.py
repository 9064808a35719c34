"""Answers as files, by the ending of the name: GeoPackage, GeoJSON, CSV, XLSX, or a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
from pydantic_core import to_json

from api.services.files.answering import Answered
from api.services.geojson import write_features
from api.services.tables import TITLES, Language, describe_sheet, flatten, make_sheet
from api.services.totals import list_totals
from data.geopackage import write_geopackage
from data.spreadsheet import write_csv, write_workbook
from geo.shapes import places_of


def write_files(answered: Answered, output: Path, language: Language) -> dict[Path, bytes]:
    """Return what is to be written: one file, or those of a folder.

    Raises
    ------
    KeyError
        For an ending there is no format of.
    """
    if is_folder(output):
        return {output / name: content for name, content in _folder(answered).items()}
    return {output: FORMATS[output.suffix.lower()](answered, language)}


def is_known(output: Path) -> bool:
    """Return whether there is a format of a name's ending."""
    return is_folder(output) or output.suffix.lower() in FORMATS


def is_folder(output: Path) -> bool:
    """Return whether an output is a folder: it is one, or its name has no ending."""
    return output.is_dir() or not output.suffix


def _folder(answered: Answered) -> Mapping[str, bytes]:
    files = {"totals.json": to_json(answered.result, inf_nan_mode="null", indent=1) + b"\n"}
    for name, frame in answered.tables.items():
        table = _without_shapes(frame)
        if table is not None:
            files[f"{name}.csv"] = write_csv(table)
        else:
            files[f"{name}.geojson"] = _geojson(frame)
    return files


def _geopackage(answered: Answered, language: Language) -> bytes:
    layers = {
        name: gpd.GeoDataFrame(flatten(frame))
        for name, frame in answered.tables.items()
        if isinstance(frame, gpd.GeoDataFrame)
    }
    return write_geopackage(layers)


def _drawn(answered: Answered, language: Language) -> bytes:
    return _geojson(answered.tables[answered.drawn])


def _geojson(frame: pd.DataFrame) -> bytes:
    return write_features(gpd.GeoDataFrame(frame)).encode() + b"\n"


def _page(answered: Answered, language: Language) -> bytes:
    return answered.write_page(language)


def _csv(answered: Answered, language: Language) -> bytes:
    frame = answered.tables.get("households", answered.tables[answered.drawn])
    table = _without_shapes(frame)
    return write_csv(flatten(_dropped(frame)) if table is None else table)


def _workbook(answered: Answered, language: Language) -> bytes:
    sheets = [describe_sheet(list_totals(answered.result, language), language)]
    for name, frame in answered.tables.items():
        table = _without_shapes(frame)
        rows = _dropped(frame) if table is None else table
        sheets.append(make_sheet(TITLES[name][language], rows, answered.result["unit"], language))
    return write_workbook(sheets)


def _without_shapes(frame: pd.DataFrame) -> pd.DataFrame | None:
    """Return a table, points as longitude and latitude; None for one with other shapes."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return flatten(frame)
    if not set(frame.geom_type.dropna()) <= {"Point"} or frame.empty:
        return None
    lonlat = places_of(frame.geometry.array)
    table = flatten(_dropped(frame))
    return table.assign(lon=lonlat[:, 0].round(9), lat=lonlat[:, 1].round(9))


def _dropped(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(frame.drop(columns="geometry"))


FORMATS: Mapping[str, Callable[[Answered, Language], bytes]] = {
    ".gpkg": _geopackage,
    ".geojson": _drawn,
    ".json": _drawn,
    ".csv": _csv,
    ".xlsx": _workbook,
    ".html": _page,
}
