"""A question of a service analysis: posed on the store's data, with the ways to go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from api.services.county import County
from api.services.ground import Ground, Source, describe_ways
from api.services.shapes import Json, plain, shape_problem
from geo.reach.matrix import Measure, Mode, Nearest, Ways
from geo.service.land import Land
from geo.service.question import Question, pose_question, zone_of

PER_UNIT: dict[Measure, float] = {"distance": 1.0, "time": 60.0}
UNITS: dict[Measure, str] = {"distance": "m", "time": "min"}
PROBLEMS_KEPT = 100


@dataclass(frozen=True)
class Asked:
    """A question with everything to answer it.

    Parameters
    ----------
    source
        Where the ways come from.
    county
        Frames, names and rules.
    parameters
        Of :class:`api.schemas_runs.ServiceParameters`.
    question, ways
        Posed; how people get there by ``parameters["mode"]``.
    """

    source: Source
    county: County
    parameters: Json
    question: Question
    ways: Ways

    def nearest(self) -> Nearest:
        """Return the nearest centers by the way that was asked for."""
        return self.nearest_by(self.ways)

    def nearest_by(self, ways: Ways) -> Nearest:
        """Return the nearest centers, kept for the next question that needs them."""
        question = self.question

        def search() -> Nearest:
            return ways.nearest(question.homes, question.sites, question.measure)

        parts = (
            ways.mode,
            question.means,
            question.measure,
            question.level,
            question.zone,
            self.parameters["scope"],
        )
        return self.source.keep(("nearest", *parts), search)

    def others(self) -> list[Mode]:
        """Return the other ways that are loaded and may be measured by the same standard."""
        if self.question.means == "drive":
            # minutes by car say nothing about minutes on foot
            return ["straight"] if self.question.measure == "distance" else []
        return [mode for mode in self.source.loaded() if mode != self.ways.mode]

    def go(self, mode: Mode) -> Ways:
        """Return another way of going."""
        question = self.question
        return self.source.ways(mode, question.means, self.county.profile.travel, question.zone)


def ask(ground: Ground, parameters: Json) -> Asked:
    """Pose the question of a run.

    Raises
    ------
    Conflict
        ``layer_empty``.
    CrsError, FrameError, ProfileError, GeoError
        From :func:`geo.service.question.pose_question`.
    """
    scope = parameters["scope"]
    county = ground.county(scope)
    zone = ground.zone() or zone_of(county.households, county.centers)
    # neither depends on the standard, and a planner asks with one standard after the other
    land = ground.keep(("land", scope, zone), lambda: county.land_in(zone))
    grids = ground.keep(("grids of homes", scope, zone), lambda: county.grids_of_homes(zone))
    question = pose(county, parameters, land=land, grids=grids)
    ways = ground.ways(
        parameters["mode"], parameters["means"], county.profile.travel, question.zone
    )
    return Asked(ground, county, parameters, question, ways)


def pose(
    county: County,
    parameters: Json,
    *,
    zone: int | None = None,
    land: Land | None = None,
    grids: pd.Categorical | None = None,
) -> Question:
    """Pose a question on frames; land and the homes' grids may be known already."""
    standard = parameters["standard_m"]
    if parameters["standard_min"] is not None:
        standard = parameters["standard_min"] * PER_UNIT["time"]
    return pose_question(
        county.households,
        county.centers,
        county.land if land is None else land,
        profile=county.profile,
        area_types=county.area_types,
        level=parameters["level"],
        measure=parameters["measure"],
        means=parameters["means"],
        standard=standard,
        weight=parameters["weight"],
        grids=county.grids if grids is None else grids,
        zone=zone,
        travel=county.profile.travel,
    )


def shape_question(asked: Asked, states: pd.DataFrame) -> Json:
    """Return what every answer says of its question."""
    question = asked.question
    totals = states.sum()
    return {
        "unit": UNITS[question.measure],
        "level": question.level,
        "mode": asked.ways.mode,
        "means": question.means,
        "measure": question.measure,
        "weight": question.weight,
        "standards": {
            kind: in_unit(value, question.measure) for kind, value in question.standards.items()
        },
        "households": int(totals["households"]),
        "residents": int(totals["residents"]),
        "people": int(totals["people"]),
        "centers_counted": len(question.centers),
        "states": {
            str(status): {name: int(row[name]) for name in ("households", "residents", "people")}
            for status, row in states.iterrows()
        },
        "loaded": asked.source.loaded(),
        "problems": [
            shape_problem(problem)
            for problem in (*question.problems, *describe_ways(asked.ways))[:PROBLEMS_KEPT]
        ],
    }


def in_unit(cost: Any, measure: Measure) -> float | None:  # noqa: ANN401
    """Return metres as they are and seconds as minutes, to a millimetre or millisecond."""
    value = plain(cost)
    return None if value is None else round(float(value) / PER_UNIT[measure], 6)


def in_units(costs: pd.Series, measure: Measure) -> pd.Series:
    """Return a column of costs as :func:`in_unit` returns one; NaN for None."""
    rounded: pd.Series = (costs.astype(np.float64) / PER_UNIT[measure]).round(6)
    return rounded


def name_unit(code: object, names: Mapping[str, str]) -> Json | None:
    """Return a unit by code and name, None for no code."""
    value = plain(code)
    return None if value in (None, "") else {"code": str(value), "name": names.get(value) or ""}


def names_of_centers(county: County) -> dict[str, str]:
    """Return code → name."""
    return dict(zip(county.centers["code"], county.centers["name"], strict=True))


def names_of_grids(county: County) -> dict[str, str]:
    """Return code → name."""
    if county.grids is None or "name" not in county.grids:
        return {}
    return dict(zip(county.grids["code"], county.grids["name"], strict=True))
