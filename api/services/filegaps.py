"""Service gaps of files: no database, the same numbers, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from importlib.resources import files
from pathlib import Path

import geopandas as gpd

from api.refusals import BadBody, Conflict
from api.schemas_runs import ServiceParameters
from api.services import service_gaps
from api.services.asking import Asked, pose
from api.services.county import County
from api.services.ground import Value
from api.services.shapes import Json
from data.importers.read import read_file
from data.profiles import DEFAULT
from geo.problems import Problem
from geo.profiles import Profile, parse_profile
from geo.reach.line import StraightLine
from geo.reach.matrix import Mode, Ways
from geo.travel import Means, Travel


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
    profile = read_profile()
    county = County(
        households=people,
        centers=points,
        land=land,
        names={},
        area_types={},
        profile=profile,
    )
    parameters = ServiceParameters.model_validate(
        {"level": level, "standard_m": standard_m}
    ).model_dump()
    question = pose(county, parameters)
    asked = Asked(FileSource(), county, parameters, question, StraightLine(profile.travel))
    result, layers = service_gaps.answer_asked(asked, lambda _progress, _step: None)
    return result, layers["areas"] + "\n"


class FileSource:
    """Ways of going of files: nothing is kept, there is but one question."""

    def loaded(self) -> list[Mode]:
        """Return the ways there are files for."""
        return ["straight"]

    def ways(self, mode: Mode, means: Means, travel: Travel, zone: int) -> Ways:
        """Return the straight line."""
        return StraightLine(travel)

    def keep(self, parts: tuple[Hashable, ...], build: Callable[[], Value]) -> Value:
        """Build."""
        return build()


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
