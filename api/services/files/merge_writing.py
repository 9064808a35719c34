"""Answers about merges as files, by the ending of the name, each with its JSON beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
from pydantic_core import to_json

from api.services.files.merging import Merged
from api.services.files.writing import is_folder
from api.services.geojson import write_features
from api.services.merging.tables import list_totals
from api.services.shapes import Json
from api.services.tables import TITLES, Language, describe_sheet, flatten, make_sheet
from data.geopackage import write_geopackage
from data.spreadsheet import write_csv, write_workbook
from geo.crs import to_store


def write_merged(merged: Merged, output: Path, language: Language) -> dict[Path, bytes]:
    """Return what is to be written, by path.

    A file holds the units with their groups; the outlines of the groups are a layer or sheet of
    it, or lie beside it (``….groups.…``). Explanations, levels, bound and gap are in ``….json``.

    Raises
    ------
    KeyError
        For an ending there is no format of.
    """
    if is_folder(output):
        return {output / name: content for name, content in _folder(merged).items()}
    suffix = output.suffix.lower()
    files = FORMATS[suffix](merged, output, language)
    # of GeoJSON that is called .json the name is taken
    ending = ".merges.json" if suffix == ".json" else ".json"
    return {**files, output.with_suffix(ending): write_json(merged.result)}


def is_known(output: Path) -> bool:
    """Return whether there is a format of a name's ending."""
    return is_folder(output) or output.suffix.lower() in FORMATS


def write_json(result: Json) -> bytes:
    """Return a result as text, the same bytes for the same result."""
    return to_json(result, inf_nan_mode="null", indent=1) + b"\n"


def _folder(merged: Merged) -> Mapping[str, bytes]:
    files = {
        "merges.json": write_json(merged.result),
        "units.geojson": _geojson(merged.units),
        "groups.geojson": _geojson(merged.groups),
    }
    for name, frame in merged.tables.items():
        files[f"{name}.csv"] = write_csv(_table(frame))
    return files


def _geopackage(merged: Merged, output: Path, language: Language) -> dict[Path, bytes]:
    return {output: write_geopackage({"units": merged.units, "groups": merged.groups})}


def _pair(
    write: Callable[[gpd.GeoDataFrame], bytes],
) -> Callable[[Merged, Path, Language], dict[Path, bytes]]:
    def files(merged: Merged, output: Path, language: Language) -> dict[Path, bytes]:
        beside = output.with_name(f"{output.stem}.groups{output.suffix}")
        return {output: write(merged.units), beside: write(merged.groups)}

    return files


def _geojson(frame: gpd.GeoDataFrame) -> bytes:
    return write_features(to_store(frame)).encode() + b"\n"


def _csv(frame: gpd.GeoDataFrame) -> bytes:
    return write_csv(_table(frame))


def _workbook(merged: Merged, output: Path, language: Language) -> dict[Path, bytes]:
    unit = merged.result["unit_of_span"]
    sheets = [describe_sheet(list_totals(merged.result, language == "zh"), language)]
    tables = {"units": merged.units, "groups": merged.groups, **merged.tables}
    for name, frame in tables.items():
        sheets.append(make_sheet(TITLES[name][language], _table(frame), unit, language))
    return {output: write_workbook(sheets)}


def _page(merged: Merged, output: Path, language: Language) -> dict[Path, bytes]:
    return {output: merged.write_page(language)}


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    if isinstance(frame, gpd.GeoDataFrame):
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return flatten(frame)


FORMATS: Mapping[str, Callable[[Merged, Path, Language], dict[Path, bytes]]] = {
    ".gpkg": _geopackage,
    ".geojson": _pair(_geojson),
    ".json": _pair(_geojson),
    ".csv": _pair(_csv),
    ".xlsx": _workbook,
    ".html": _page,
}
