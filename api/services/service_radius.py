"""The analysis ``service_radius``: how far each center reaches, and whether its places suffice."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.services.asking import (
    Asked,
    ask,
    in_unit,
    name_unit,
    shape_question,
)
from api.services.geojson import write_features
from api.services.ground import Ground, Tell
from api.services.shapes import Json, plain, shape_problem
from geo.crs import STORE_CRS
from geo.problems import Problem
from geo.reach.matrix import Nearest, Reach
from geo.service.capacity import Assignment, Reason, assign
from geo.service.radius import (
    PERCENTILES,
    Assigned,
    draw_service_areas,
    measure_overlap,
    measure_radii,
)
from geo.service.shares import count_states, status_of
from geo.service.spread import Spread, measure_spread
from geo.service.uniform import UniformRadius, uniform_radius
from geo.shapes import places_of

# Within capacities somebody may have to go farther than the standard, but not any distance.
FARTHEST_STANDARDS = 3.0
RADII = ("radius_50", "radius_80", "radius_90", "radius_95", "radius_100", "radius")


@dataclass(frozen=True)
class Limited:
    """An assignment within capacities: the reach it was made in, and the one radius for all."""

    reach: Reach
    assignment: Assignment
    uniform: UniformRadius


@dataclass(frozen=True)
class FoundRadii:
    """What came of a question: of each center by position, and of everybody.

    Parameters
    ----------
    near
        The nearest center of each household, whoever is assigned where.
    radii, overlap
        :func:`geo.service.radius.measure_radii`, :func:`geo.service.radius.measure_overlap`.
    spread
        Without capacities.
    areas
        Service areas, radii in metres or minutes.
    limited
        Within capacities, if that was asked for.
    """

    near: Nearest
    radii: pd.DataFrame
    overlap: tuple[pd.DataFrame, pd.DataFrame]
    spread: Spread
    areas: gpd.GeoDataFrame
    limited: Limited | None


def answer(ground: Ground, parameters: Json, tell: Tell) -> tuple[Json, dict[str, str]]:
    """Return the numbers and the layers of a run."""
    tell(0.05, "reading")
    asked = ask(ground, parameters)
    result, layers = answer_asked(asked, tell)
    known = np.isfinite(capacity_of(asked.question.centers)).any()
    if known and asked.question.weight != "households":
        # the store's capacities count households; a load in people would mean nothing
        told = shape_problem(Problem("capacity_in_households"))
        result["problems"] = [told, *result["problems"]]
    return result, layers


def answer_asked(asked: Asked, tell: Tell) -> tuple[Json, dict[str, str]]:
    """Return the numbers and the layers of a question."""
    found = measure(asked, tell)
    layers = {"service_areas": write_features(found.areas)}
    if found.limited is not None:
        layers["overflow"] = write_features(_overflow(asked, found.limited.assignment))
    return shape_result(asked, found), layers


def measure(asked: Asked, tell: Tell) -> FoundRadii:
    """Assign everybody, and measure how far each center reaches."""
    question, parameters = asked.question, asked.parameters
    tell(0.15, "reach")
    near = asked.nearest()
    farthest = float(question.limits.max(initial=0.0))
    wide = farthest * (FARTHEST_STANDARDS if parameters["capacity"] else 1.0)
    reach = asked.ways.within(question.homes, question.sites, question.measure, wide)
    capacity = capacity_of(question.centers)
    limited = None
    if parameters["capacity"]:
        tell(0.5, "assigning")
        limited = _assign(reach, question.people, capacity, parameters["share"])
        assigned = Assigned.of_pairs(limited.reach, limited.assignment.people)
    else:
        assigned = Assigned.of_nearest(near, question.people)
    radii = measure_radii(
        assigned,
        len(question.centers),
        share=parameters["share"],
        limits=question.limits,
        capacity=capacity,
    )
    overlap = measure_overlap(reach.within(question.limits), question.people)
    # the uniform radius without capacities is that of the nearest center, whoever is assigned where
    spread = measure_spread(
        near.cost, question.people, share=parameters["share"], measure=question.measure
    )
    tell(0.75, "drawing")
    areas = draw_service_areas(question, asked.ways, radii["radius"].to_numpy())
    areas["radius"] = [in_unit(value, question.measure) for value in areas["radius"]]
    return FoundRadii(near, radii, overlap, spread, areas, limited)


def capacity_of(centers: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the capacities, NaN where they are not known: that is not 0."""
    if "capacity" not in centers:
        return np.full(len(centers), np.nan)
    return np.asarray(centers["capacity"].astype("Float64").to_numpy(np.float64, na_value=np.nan))


def _assign(
    reach: Reach, people: NDArray[np.int64], capacity: NDArray[np.float64], share: float
) -> Limited:
    return Limited(
        reach, assign(reach, people, capacity), uniform_radius(reach, people, capacity, share)
    )


def _overflow(asked: Asked, assignment: Assignment) -> gpd.GeoDataFrame:
    """Return the households some of whose people are left out: counts only."""
    rows = np.flatnonzero(assignment.overflow > 0)
    frame = asked.question.households.iloc[rows]
    table = {
        "people": assignment.overflow[rows],
        "reason": [Reason(int(value)).name.lower() for value in assignment.reason[rows]],
    }
    return gpd.GeoDataFrame(table, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def shape_result(asked: Asked, found: FoundRadii) -> Json:
    """Return what a run keeps (:class:`api.schemas_service.RadiusResult`)."""
    near, limited = found.near, found.limited
    question = asked.question
    residents = question.households.get("residents", pd.Series(0, question.households.index))
    counted = {
        "people": question.people,
        "residents": residents.fillna(0).to_numpy(np.int64),
    }
    states = count_states(status_of(question, near), counted)
    numbers = found.overlap[1]["people"]
    return {
        **shape_question(asked, states),
        "share": asked.parameters["share"],
        "uniform": _uniform(asked, found.spread, limited),
        "centers": _centers(asked, found.radii, found.overlap[0], limited),
        "overlap": {
            "none": int(numbers.get(0, 0)),
            "one": int(numbers.get(1, 0)),
            "several": int(numbers.iloc[2:].sum()),
        },
        "capacity": None if limited is None else _capacity(asked, near, limited),
    }


def _uniform(asked: Asked, spread: Spread, limited: Limited | None) -> Json:
    measure = asked.question.measure
    return {
        "radius": in_unit(spread.radius, measure),
        "attainable": plain(spread.attainable),
        "percentiles": {
            f"{share:g}": in_unit(value, measure)
            for share, value in zip(PERCENTILES, spread.percentiles, strict=True)
        },
        "with_capacity": None if limited is None else in_unit(limited.uniform.radius, measure),
        "attainable_with_capacity": None if limited is None else plain(limited.uniform.share),
        "histogram": [
            {
                "from": in_unit(row["start"], measure),
                "to": in_unit(row["end"], measure),
                "households": int(row["households"]),
                "people": int(row["people"]),
                "share": plain(row["share"]),
            }
            for row in spread.histogram.to_dict("records")
        ],
    }


def _centers(
    asked: Asked, radii: pd.DataFrame, overlap: pd.DataFrame, limited: Limited | None
) -> list[Json]:
    question, measure = asked.question, asked.question.measure
    lonlat = places_of(question.centers.geometry.to_crs(STORE_CRS).array)
    worth = None if limited is None else limited.assignment.worth
    shaped = []
    for position, (center, row) in enumerate(
        zip(question.centers.to_dict("records"), radii.to_dict("records"), strict=True)
    ):
        takes_in = worth is not None and bool(worth.more_people[position])
        shaped.append(
            {
                "code": str(center["code"]),
                "name": plain(center.get("name")) or "",
                "level": center["level"],
                "village": name_unit(center.get("village_code"), asked.county.names),
                "point": [round(float(value), 9) for value in lonlat[position]],
                "households": int(row["households"]),
                "people": int(row["people"]),
                **{name: in_unit(row[name], measure) for name in RADII},
                "mean_cost": in_unit(row["mean_cost"], measure),
                "farthest_cost": in_unit(row["farthest_cost"], measure),
                "within": int(row["within"]),
                "capacity": _whole(row["capacity"]),
                "load": plain(row["load"]),
                "over": _whole(row["over"]),
                "only_here": int(overlap["only_here"].iloc[position]),
                "shared": int(overlap["shared"].iloc[position]),
                "takes_in": takes_in,
                "worth": None
                if worth is None or takes_in
                else in_unit(-worth.more_cost[position] + 0.0, measure),
            }
        )
    return shaped


def _whole(value: object) -> int | None:
    number = plain(value)
    return None if number is None else int(number)


def _capacity(asked: Asked, near: Nearest, limited: Limited) -> Json:
    question, assignment = asked.question, limited.assignment
    measure = question.measure
    left_out, people = assignment.overflow, question.people
    served = int(people.sum() - left_out.sum())
    has_way = near.center >= 0
    going = int(people[has_way].sum())
    ways = float((people * np.where(has_way, near.cost, 0.0)).sum())
    reasons = {
        reason.name.lower(): int(left_out[assignment.reason == reason].sum())
        for reason in Reason
        if reason is not Reason.ASSIGNED
    }
    return {
        "limit": in_unit(limited.reach.limit, measure),
        "assigned": served,
        "overflow": int(left_out.sum()),
        "overflow_households": int((left_out > 0).sum()),
        "reasons": reasons,
        "split": int(assignment.split),
        "mean_cost": in_unit(assignment.cost / served, measure) if served else None,
        "mean_cost_nearest": in_unit(ways / going, measure) if going else None,
        "proved": assignment.worth is not None and bool(assignment.worth.proved),
        "without_capacity": int(np.isnan(capacity_of(question.centers)).sum()),
    }
