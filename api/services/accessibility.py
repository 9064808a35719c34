"""The analysis ``accessibility``: how many places there are per person within reach."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.services.asking import (
    Asked,
    ask,
    name_unit,
    names_of_centers,
    names_of_grids,
    shape_question,
)
from api.services.ground import Ground, Tell
from api.services.shapes import Json, plain, shape_problem
from geo.codes import ancestors
from geo.errors import FrameError
from geo.problems import Problem
from geo.reach.matrix import Nearest, Reach
from geo.service.access import Access, Method, measure_access, zones
from geo.service.columns import recode
from geo.service.question import Question
from geo.service.shares import count_states, status_of

# Thirds of the catchment and their weights: Luo and Qi 2009, for 10, 20 and 30 minutes.
ZONES = (1 / 3, 2 / 3, 1.0)
ZONE_WEIGHTS = (1.0, 0.68, 0.22)
CLASSES = 5
SUPPLY_COLUMNS = {"capacity": "capacity", "floor_area": "floor_area_m2"}


def answer(ground: Ground, parameters: Json, tell: Tell) -> tuple[Json, dict[str, str]]:
    """Return the numbers of a run; it has no layers of its own."""
    tell(0.05, "reading")
    return answer_asked(ask(ground, parameters), tell)


def answer_asked(asked: Asked, tell: Tell) -> tuple[Json, dict[str, str]]:
    """Return the numbers of a question."""
    near, found, problems = measure(asked, tell)
    tell(0.9, "storing")
    return shape_result(asked, near, found, problems), {}


def measure(asked: Asked, tell: Tell) -> tuple[Nearest, Access, list[Problem]]:
    """Score every household; the warnings are about supply."""
    question, parameters = asked.question, asked.parameters
    supply, problems = read_supply(question, parameters["supply"])
    tell(0.2, "reach")
    near = asked.nearest()
    return near, score(question, asked, supply, parameters["method"]), problems


def read_supply(question: Question, supply: str) -> tuple[NDArray[np.float64], list[Problem]]:
    """Return what each center offers; where that is not known, nothing, and a warning.

    Raises
    ------
    FrameError
        ``column_missing`` when it is known of no center.
    """
    centers = question.centers
    if supply == "one":
        return np.ones(len(centers)), []
    column = SUPPLY_COLUMNS[supply]
    if column not in centers or (len(centers) and centers[column].isna().all()):
        raise FrameError(Problem("column_missing", {"columns": column}, field=column))
    values = centers[column].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    unknown = int(np.isnan(values).sum())
    told = [Problem("supply_unknown", {"count": unknown, "column": column})] if unknown else []
    return np.nan_to_num(values), told


def score(question: Question, asked: Asked, supply: NDArray[np.float64], method: Method) -> Access:
    """Score every household; the catchment of each is its own standard."""
    farthest = float(question.limits.max(initial=0.0))
    reach = asked.ways.within(question.homes, question.sites, question.measure, farthest)
    reach = reach.within(question.limits)
    # as parts of the household's own standard, so that the zones mean the same everywhere
    relative = Reach(
        reach.starts,
        reach.centers,
        reach.costs / question.limits[reach.households],
        reach.center_count,
        1.0,
    )
    decay = None if method == "2sfca" else zones(ZONES, ZONE_WEIGHTS)
    return measure_access(relative, supply, question.people, method, decay)


def shape_result(asked: Asked, near: Nearest, found: Access, problems: list[Problem]) -> Json:
    """Return what a run keeps (:class:`api.schemas_service.AccessResult`)."""
    question = asked.question
    residents = question.households.get("residents", pd.Series(0, question.households.index))
    counted = {
        "people": question.people,
        "residents": residents.fillna(0).to_numpy(np.int64),
    }
    shaped = shape_question(asked, count_states(status_of(question, near), counted))
    shaped["problems"] = [*map(shape_problem, problems), *shaped["problems"]]
    people, scores = question.people, found.score
    total = int(people.sum())
    towns = recode(question.villages, lambda code: next(iter(ancestors(code)), ""))
    grids = _units(question.grids, question, found, names_of_grids(asked.county))
    known = np.array([unit["score"] for unit in grids if unit["score"] is not None])
    parts = np.arange(1, CLASSES) / CLASSES
    return {
        **shaped,
        "method": found.method,
        "supply": asked.parameters["supply"],
        "mean": float((people * scores).sum() / total) if total else None,
        "without": int(people[scores == 0].sum()),
        "breaks": np.quantile(known, parts, method="inverted_cdf").tolist() if len(known) else [],
        "grid": grids,
        "village": _units(question.villages, question, found, asked.county.names),
        "township": _units(towns, question, found, asked.county.names),
        "unreached": [
            name_unit(code, names_of_centers(asked.county))
            for code in question.centers["code"].to_numpy()[found.unreached]
        ],
    }


def _units(
    groups: pd.Categorical,
    question: Question,
    found: Access,
    names: Mapping[str, str],
) -> list[Json]:
    """Return the mean score of each unit, by its people; None where nobody lives."""
    size = len(groups.categories)
    member = groups.codes.astype(np.int64)
    means = found.means(member, question.people, size)
    known = member >= 0
    people = np.bincount(member[known], weights=question.people[known], minlength=size)
    households = np.bincount(member[known], minlength=size)
    return [
        {
            "code": str(code),
            "name": names.get(code) or "",
            "households": int(households[position]),
            "people": int(people[position]),
            "score": plain(means[position]),
        }
        for position, code in enumerate(groups.categories)
        if code != ""
    ]
