"""Service radius: how far each center really reaches to serve the people who go to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.crs import STORE_CRS, to_lattice
from geo.errors import GeoError
from geo.problems import Problem
from geo.reach.matrix import Costs, Nearest, Positions, Reach, Ways
from geo.service.quantiles import check_share, weighted_quantiles, whole_weights
from geo.service.question import Question
from geo.shapes import repair

PERCENTILES = (0.5, 0.8, 0.9, 0.95, 1.0)


class Assigned(NamedTuple):
    """Who goes to which center at what cost, row by row; a household that is split has several.

    Households nobody assigned, because no way leads from them or every center is full, have no
    row.
    """

    household: NDArray[np.int64]
    center: Positions
    cost: Costs
    people: NDArray[np.int64]

    @classmethod
    def of_nearest(cls, near: Nearest, people: ArrayLike) -> Assigned:
        """Assign everybody who has a way to the nearest center.

        Raises
        ------
        GeoError
            ``parameter_value`` for a weight that is missing, negative or a fraction.
        """
        weights = whole_weights(people)
        rows = np.flatnonzero(near.center >= 0)
        return cls(rows, near.center[rows], near.cost[rows], weights[rows])

    @classmethod
    def of_pairs(cls, reach: Reach, people: ArrayLike) -> Assigned:
        """Assign the people given for each pair of a reach, such as a capacity assignment's.

        Pairs without people are left out, with them households nobody lives in.
        """
        weights = whole_weights(people)
        some = np.flatnonzero(weights)
        return cls(
            reach.households[some].astype(np.int64),
            reach.centers[some],
            reach.costs[some],
            weights[some],
        )


def measure_radii(
    assigned: Assigned,
    center_count: int,
    *,
    share: float = 0.95,
    percentiles: Sequence[float] = PERCENTILES,
    limits: ArrayLike | None = None,
    capacity: ArrayLike | None = None,
) -> pd.DataFrame:
    """Measure each center by those assigned to it.

    Parameters
    ----------
    assigned
        Who goes where.
    center_count
        Number of centers, with those nobody goes to.
    share, percentiles
        Shares of a center's people, each above 0, at most 1.
    limits
        The standard, one for all or one a household, in the unit of the costs.
    capacity
        Of each center in the unit of the weights; NaN where it is not known, which is not 0.

    Returns
    -------
    DataFrame
        One row a center, by position: ``households``, ``people``; ``radius_50`` … ``radius_100``:
        the smallest observed cost within which that share of its people live
        (:func:`geo.service.quantiles.weighted_quantiles`); ``radius``: that of ``share``;
        ``mean_cost`` (Σ people × cost ÷ Σ people); ``farthest`` (position of the household, of
        several the first; -1) and ``farthest_cost``; ``within``: people within the standard (all
        of them without one); ``capacity``; ``load`` = people ÷ capacity, NaN where capacity is
        not known, infinite for people at a capacity of 0, 0 for nobody there; ``over``: people
        beyond capacity, NaN where it is not known. A center nobody goes to has 0 households and
        NaN radii. Costs in metres or seconds.

    Raises
    ------
    GeoError
        ``parameter_value``: a share, a standard or a capacity that is none.

    Examples
    --------
    >>> near = Nearest(np.array([0, 0, 0]), np.array([5.0, 7.0, 9.0]), np.zeros(3, np.int8))
    >>> radii = measure_radii(Assigned.of_nearest(near, [1, 1, 2]), 2, share=0.5)
    >>> radii[["people", "radius", "radius_100"]]
       people  radius  radius_100
    0       4     7.0         9.0
    1       0     NaN         NaN
    """
    check_share(share)
    household, center, cost, people = assigned
    size = center_count
    table = pd.DataFrame(
        {
            "households": np.bincount(center, minlength=size),
            "people": _sums(people, center, size),
        }
    )
    found = weighted_quantiles(cost, people, center, [*percentiles, share], group_count=size)
    for position, part in enumerate(percentiles):
        table[f"radius_{part * 100:g}"] = found[:, position]
    table["radius"] = found[:, -1]
    order = np.lexsort((-household, people, cost, center))  # one order of adding
    with np.errstate(invalid="ignore"):
        effort = np.bincount(center[order], weights=(people * cost)[order], minlength=size)
        table["mean_cost"] = effort / table["people"].to_numpy()
    found_at = np.unique(center[order], return_index=True)
    last = order[np.append(found_at[1], len(order))[1:] - 1]
    farthest, widest = np.full(size, -1, dtype=np.int64), np.full(size, np.nan)
    farthest[found_at[0]], widest[found_at[0]] = household[last], cost[last]
    table["farthest"], table["farthest_cost"] = farthest, widest
    near = (
        np.ones(len(cost), dtype=np.bool_) if limits is None else cost <= _limits(limits, household)
    )
    table["within"] = _sums(people * near, center, size)
    return table.assign(**_load(table["people"].to_numpy(), capacity))


def measure_overlap(reach: Reach, people: ArrayLike) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count who is served by several centers within the standard, and by one alone.

    Parameters
    ----------
    reach
        Every pair within the standard
        (``ways.within(…, limits.max()).within(limits)``).
    people
        Weight of each household.

    Returns
    -------
    tuple of DataFrame
        By center position: ``reached`` (people within its reach), ``only_here`` (people no other
        center reaches: what closing it would lose), ``shared``. By number of centers within the
        standard (0, 1, … , the most there are): ``households``, ``people``.
    """
    weights = whole_weights(people)
    number = np.diff(reach.starts)
    households = reach.households
    own = weights[households]
    reached = _sums(own, reach.centers, reach.center_count)
    alone = _sums(own * (number[households] == 1), reach.centers, reach.center_count)
    centers = pd.DataFrame({"reached": reached, "only_here": alone, "shared": reached - alone})
    counts = pd.DataFrame({"households": np.bincount(number), "people": _sums(weights, number, 0)})
    return centers, counts.rename_axis("centers")


def draw_service_areas(question: Question, ways: Ways, radii: ArrayLike) -> geopandas.GeoDataFrame:
    """Draw the service area of each center by itself, each up to its own radius.

    Parameters
    ----------
    question
        Centers and measure.
    ways
        In the question's zone.
    radii
        Metres or seconds, one for all or one a center; NaN draws nothing.

    Returns
    -------
    GeoDataFrame
        EPSG:4490 on the lattice, one row a center by position: ``code``, ``name`` (if centers
        have one), ``level``, ``radius``, ``area_m2``, ``geometry`` (empty where nothing is within
        the radius). For drawing only: who is served is decided by cost.

    Raises
    ------
    GeoError
        ``parameter_value`` for a radius that is negative or infinite.
    """
    limits = np.broadcast_to(np.asarray(radii, np.float64), (len(question.centers),))
    wrong = np.flatnonzero((limits < 0) | np.isinf(limits))
    if len(wrong):
        _refuse("radius", limits[wrong[0]], ">= 0", row=int(wrong[0]) + 1)
    drawn = ways.areas(question.sites, question.measure, limits)
    stored = geopandas.GeoSeries(drawn, crs=question.zone).to_crs(STORE_CRS)
    kept = [name for name in ("code", "name", "level") if name in question.centers]
    return geopandas.GeoDataFrame(
        question.centers[kept].assign(radius=limits, area_m2=shapely.area(drawn)),
        geometry=repair(to_lattice(np.asarray(stored.array))),
        crs=STORE_CRS,
    )


def _sums(
    values: NDArray[np.int64], member: NDArray[np.int64] | Positions, count: int
) -> NDArray[np.int64]:
    return np.bincount(member, weights=values, minlength=count).astype(np.int64)


def _limits(limits: ArrayLike, household: NDArray[np.int64]) -> Costs:
    values = np.asarray(limits, np.float64)
    if not (values > 0).all():
        _refuse("standard", np.min(values), "> 0")
    return values[household] if values.ndim else np.broadcast_to(values, household.shape)


def _load(people: NDArray[np.int64], capacity: ArrayLike | None) -> dict[str, Costs]:
    places = np.full(len(people), np.nan)
    if capacity is not None:
        places = np.array(np.broadcast_to(np.asarray(capacity, np.float64), places.shape))
    wrong = np.flatnonzero((places < 0) | np.isinf(places))
    if len(wrong):
        _refuse("capacity", places[wrong[0]], ">= 0", row=int(wrong[0]) + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        load = np.where((people == 0) & (places == 0), 0.0, people / places)
    return {"capacity": places, "load": load, "over": np.maximum(people - places, 0.0)}


def _refuse(name: str, value: object, allowed: str, row: int | None = None) -> None:
    details = {"name": name, "value": str(value), "allowed": allowed}
    raise GeoError(Problem("parameter_value", details, row=row, field=name))
