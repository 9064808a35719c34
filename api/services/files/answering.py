"""Questions to files, answered: the numbers of a run, and the rows people take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from api.schemas_runs import AccessParameters, RadiusParameters, ServiceParameters
from api.services import accessibility, service_gaps, service_radius
from api.services.asking import PROBLEMS_KEPT, UNITS, Asked, pose
from api.services.files.reporting import Page
from api.services.files.rows import (
    assigned_columns,
    center_rows,
    compared_columns,
    household_rows,
    nearest_radii,
)
from api.services.files.source import FileSource, Paths, read_paths
from api.services.ground import Tell
from api.services.shapes import Json, shape_problem
from api.services.tables import Language
from data.importers.loose import WEIGHT
from geo.crs import STORE_CRS
from geo.problems import Problem
from geo.reach.matrix import Mode, Places
from geo.service.compare import HONESTY
from geo.service.question import Weight

# The lattice of degrees is 0.11 mm wide: to be told from it a step must be wider.
STEPS_A_METRE = 5000


@dataclass(frozen=True)
class Answered:
    """What came of a question.

    Parameters
    ----------
    result
        As of a run.
    tables
        By name: of files ``households``, ``centers``, and the areas that were drawn; frames with
        shapes are in EPSG:4490.
    drawn
        Which of them is a map by itself: what a GeoJSON file holds.
    write_page
        Writes the report, in a language.
    """

    result: Json
    tables: Mapping[str, pd.DataFrame]
    drawn: str
    write_page: Callable[[Language], bytes]


def answer_gaps(paths: Paths, parameters: Json, tell: Tell) -> Answered:
    """Find who is beyond the standard, and where.

    Raises
    ------
    ImportFileError
        With every row of a file that has an error.
    GeoError, Refusal
        As of a run.
    """
    asked, problems = _ask(paths, ServiceParameters, parameters, tell)
    found, compared = service_gaps.measure(asked, tell)
    mode, measure = asked.ways.mode, asked.question.measure
    more = {
        **compared_columns(compared, mode, measure),
        "area": np.asarray(found.homes["gap"]),
    }
    areas = service_gaps.list_areas(found)
    areas.insert(len(areas.columns) - 1, "unit", UNITS[measure])
    tables = {
        "households": household_rows(asked, found.near, more),
        "centers": center_rows(asked, nearest_radii(asked, found.near), {}),
        "areas": gpd.GeoDataFrame(areas.drop(columns="farthest")),
    }
    result = _told(service_gaps.shape_result(asked, found, compared), paths, problems)
    page = Page("service_gaps", asked, paths, result, tables["areas"], found)
    return Answered(result, tables, "areas", page.write)


def answer_radius(paths: Paths, parameters: Json, tell: Tell) -> Answered:
    """Measure how far each center reaches, and within which capacity.

    A column of capacities, or ``capacity`` among the parameters, keeps everybody within them.

    Raises
    ------
    ImportFileError, GeoError, Refusal
        As of the gaps.
    """
    limited = parameters["capacity"] or paths.capacity is not None
    asked, problems = _ask(paths, RadiusParameters, {**parameters, "capacity": limited}, tell)
    found = service_radius.measure(asked, tell)
    result = service_radius.shape_result(asked, found)
    centers = result["centers"]
    more = {name: [center[name] for center in centers] for name in ("only_here", "shared")}
    if found.limited is not None:
        more |= {name: [center[name] for center in centers] for name in ("takes_in", "worth")}
    areas = found.areas.rename(columns={"code": "id"})
    areas.insert(len(areas.columns) - 1, "unit", result["unit"])
    tables = {
        "households": household_rows(asked, found.near, assigned_columns(asked, found)),
        "centers": center_rows(asked, found.radii, more),
        "service_areas": areas[~areas.geometry.is_empty].reset_index(drop=True),
    }
    result = _told(result, paths, problems)
    page = Page("service_radius", asked, paths, result, found.areas)
    return Answered(result, tables, "service_areas", page.write)


def answer_access(paths: Paths, parameters: Json, tell: Tell) -> Answered:
    """Score how much service there is for each household within the standard.

    Centers offer what the column of the supply says, else their capacity, else one each.

    Raises
    ------
    ImportFileError, GeoError, Refusal
        As of the gaps.
    """
    given = {**parameters, "supply": "one" if paths.supply is None else "floor_area"}
    asked, problems = _ask(paths, AccessParameters, given, tell)
    if paths.supply is None and asked.question.centers["capacity"].notna().any():
        asked.parameters["supply"] = "capacity"
    near, found, told = accessibility.measure(asked, tell)
    result = accessibility.shape_result(asked, near, found, told)
    if paths.supply is not None:
        result["supply"] = paths.supply
    supply, _ = accessibility.read_supply(asked.question, asked.parameters["supply"])
    centers = center_rows(
        asked, nearest_radii(asked, near), {"supply": supply, "ratio": found.ratio}
    )
    tables = {
        "households": household_rows(asked, near, {"score": found.score}),
        "centers": centers,
    }
    result = _told(result, paths, problems)
    nothing = gpd.GeoDataFrame({"code": []}, geometry=[], crs=STORE_CRS)
    page = Page("accessibility", asked, paths, result, nothing)
    return Answered(result, tables, "households", page.write)


def _ask(
    paths: Paths,
    schema: Callable[..., ServiceParameters | RadiusParameters | AccessParameters],
    parameters: Json,
    tell: Tell,
) -> tuple[Asked, list[Problem]]:
    tell(0.05, "reading")
    county, source, problems = read_paths(paths, parameters["level"])
    mode = parameters["mode"] or _most_honest(source, parameters["means"])
    given = schema(**{**parameters, "mode": mode, "weight": "households"}).model_dump()
    zone = source.zone if source.heights is None else source.heights.zone
    question = pose(county, given, zone=zone)
    if question.zone == source.zone:
        homes, sites = _as_written(question.homes), _as_written(question.sites)
        question = replace(question, homes=homes, sites=sites)
    if paths.weight is not None and WEIGHT in county.households:
        people = county.households[WEIGHT].to_numpy(np.int64)
        question = replace(question, people=people, weight=cast("Weight", paths.weight))
    tell(0.1, "reach")
    ways = source.ways(mode, given["means"], county.profile.travel, question.zone)
    return Asked(source, county, given, question, ways), problems


def _as_written(places: Places) -> Places:
    """Return places without the tenth of a millimetre that degrees have cost them.

    A household that is written as 1000 m from its center is 1000 m from it, and served.
    """
    return np.asarray(np.round(places * STEPS_A_METRE) / STEPS_A_METRE)


def _most_honest(source: FileSource, means: str) -> Mode:
    """Return the way that knows most of the ground of those there are files for."""
    if means == "drive":
        return "road"
    return max(source.loaded(), key=HONESTY.index)


def _told(result: Json, paths: Paths, problems: list[Problem]) -> Json:
    """Return the result with what is to be told about the files before everything else."""
    told: list[Any] = [*map(shape_problem, problems), *result["problems"]]
    return {**result, "problems": told[:PROBLEMS_KEPT]}


ANSWERS: Mapping[str, Callable[[Paths, Json, Tell], Answered]] = {
    "service_gaps": answer_gaps,
    "service_radius": answer_radius,
    "accessibility": answer_access,
}
