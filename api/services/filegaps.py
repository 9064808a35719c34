"""Service gaps of files: no database, the same numbers, the same bytes every time."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import geopandas as gpd

from api.refusals import BadBody, Conflict
from api.services import gaps
from api.services.county import County
from api.services.service_gaps import measure, shape_result
from api.services.shapes import Json
from data.importers.read import read_file
from data.profiles import DEFAULT
from geo.problems import Problem
from geo.profiles import Profile, parse_profile


def measure_files(
    households: Path,
    centers: Path,
    areas: Path | None,
    *,
    level: str,
    standard_m: float | None,
    crs: str | None,
) -> tuple[Json, str]:
    """Measure the gaps of files.

    Parameters
    ----------
    households, centers
        Files of these layers; rows with errors refuse the file.
    areas
        Natural villages (or grids) that gap areas are cut from; None draws them around the
        households alone.
    level, standard_m
        As of a run; without a standard the shipped profile's, for its rural area type.
    crs
        Coordinate system of files that do not say theirs.

    Returns
    -------
    tuple
        The result of a run, and the gap areas as GeoJSON.

    Raises
    ------
    BadBody
        With the problems of the file's rows.
    """
    people = _read(households, "households", crs)
    points = _read(centers, "centers", crs)
    land = _read(areas, "natural_villages", crs) if areas else None
    county = County(
        households=people,
        centers=points,
        land=land,
        names={},
        area_types={},
        profile=read_profile(),
    )
    parameters = {"level": level, "standard_m": standard_m, "scope": None}
    found = measure(county, parameters)
    return shape_result(county, found), gaps.write_areas(found) + "\n"


def read_profile() -> Profile:
    """Return the rule set that ships as default."""
    file = files("data").joinpath("profiles", f"{DEFAULT}.json")
    return parse_profile(json.loads(file.read_text("utf-8")))


def _read(path: Path, layer: str, crs: str | None) -> gpd.GeoDataFrame:
    result = read_file(path, layer, crs=crs)
    errors = [p for p in result.problems if p.severity == "error"]
    if errors:
        first, *rest = (
            Problem(p.key, {**p.details, "file": path.name}, p.row, p.field) for p in errors
        )
        raise BadBody(first, more=tuple(rest))
    if result.frame.empty:
        raise Conflict("layer_empty", layer=path.name)
    return result.frame
