"""Access: what share of the centers' supply falls to each household (the 2SFCA family).

A center's supply is shared among all who reach it; a household gets its share of every center it
reaches. Unit: supply (places, square metres, or centers) per person of the demand given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.reach.matrix import Costs, Reach

Method = Literal["2sfca", "e2sfca", "3sfca"]
# Weight of each cost (metres or seconds), at least 0.
Decay = Callable[[Costs], Costs]


@dataclass(frozen=True)
class Access:
    """How well households are served.

    Parameters
    ----------
    method
        See :func:`measure_access`.
    score
        Supply per person, shape (households,); 0 for who reaches nothing.
    ratio
        Supply per (weighted) person at each center, NaN where nobody comes.
    unreached
        Centers with supply that fall to nobody: their supply is in no score.
    """

    method: Method
    score: Costs
    ratio: Costs
    unreached: NDArray[np.bool_]

    def means(self, groups: ArrayLike, weights: ArrayLike, count: int) -> Costs:
        """Return the mean score of the people of each group, NaN where nobody lives.

        Parameters
        ----------
        groups
            Number of each household's group, ``0 … count - 1``, negative for none.
        weights
            People of each household.
        count
            Number of groups.
        """
        of, people = np.asarray(groups, np.int64), np.asarray(weights, np.float64)
        some = of >= 0
        scores = np.bincount(of[some], (people * self.score)[some], count)
        return _ratio(scores, np.bincount(of[some], people[some], count))


def zones(breaks: ArrayLike, weights: ArrayLike) -> Decay:
    """Weigh by travel zones, as Luo & Qi (2009) do.

    Parameters
    ----------
    breaks
        Outer limit of each zone, ascending, inclusive, in the unit of the costs.
    weights
        Weight within each zone. Beyond the last it is 0.

    Raises
    ------
    ValueError
        Breaks that do not ascend, weights that are negative, or not as many of both.

    Examples
    --------
    >>> zones([600, 1200, 1800], [1.0, 0.68, 0.22])(np.array([600.0, 601.0, 1801.0]))
    array([1. , 0.68, 0. ])
    """
    ends, steps = np.asarray(breaks, np.float64), np.asarray(weights, np.float64)
    if ends.shape != steps.shape or not (np.diff(ends) > 0).all() or not (steps >= 0).all():
        raise ValueError("as many weights of at least 0 as ascending breaks")
    values = np.append(steps, 0.0)
    return lambda costs: np.asarray(values[np.searchsorted(ends, costs, side="left")])


def gaussian(limit: float) -> Decay:
    """Weigh by a bell that is 1 at no cost and 0 from the limit on (Dai 2010).

    Examples
    --------
    >>> gaussian(1800.0)(np.array([0.0, 900.0, 1800.0, 2000.0])).round(3)
    array([1.   , 0.701, 0.   , 0.   ])
    """
    edge = np.exp(-0.5)

    def weigh(costs: Costs) -> Costs:
        bell = (np.exp(-0.5 * (costs / limit) ** 2) - edge) / (1 - edge)
        return np.where(costs < limit, bell, 0.0)

    return weigh


def measure_access(
    reach: Reach,
    supply: ArrayLike,
    demand: ArrayLike,
    method: Method = "2sfca",
    decay: Decay | None = None,
) -> Access:
    r"""Measure every household's access.

    With weights :math:`w_{ij}` of the pairs, demand :math:`P_i` and supply :math:`S_j`

    .. math:: R_j = S_j / \sum_i g_{ij} w_{ij} P_i, \qquad A_i = \sum_j g_{ij} w_{ij} R_j

    - ``2sfca`` (Luo & Wang 2003): all w and g are 1 within the reach;
    - ``e2sfca`` (Luo & Qi 2009): w is the decay, g is 1;
    - ``3sfca`` (Wan, Zou & Sternberg 2012): also :math:`g_{ij} = w_{ij} / \sum_k w_{ik}`, the
      chance that household i chooses center j.

    Demand x score, summed over households, is the supply of all centers anybody comes to.

    Parameters
    ----------
    reach
        Pairs within the catchment.
    supply
        Of each center, at least 0: capacity, floor area, or 1.
    demand
        People of each household, at least 0.
    decay
        Weight by cost, for ``e2sfca`` and ``3sfca`` (:func:`zones`, :func:`gaussian`).

    Raises
    ------
    ValueError
        Supply or demand that is negative or missing, or not of the shape of ``reach``; a decay
        missing, or given to ``2sfca``.
    """
    offered, people = np.asarray(supply, np.float64), np.asarray(demand, np.float64)
    for values, count in ((offered, reach.center_count), (people, reach.household_count)):
        if values.shape != (count,) or not (np.isfinite(values) & (values >= 0)).all():
            raise ValueError("one supply a center, one demand a household, each at least 0")
    if (decay is None) != (method == "2sfca"):
        raise ValueError("a decay for e2sfca and 3sfca, none for 2sfca")
    weights = np.ones(len(reach.costs)) if decay is None else decay(reach.costs)
    if method == "3sfca":
        chosen = reach.matrix(weights).sum(axis=1)[reach.households]
        weights = weights * _ratio(weights, chosen, nothing=0.0)
    pairs = reach.matrix(weights)
    coming = pairs.T @ people
    ratio = _ratio(offered, coming)
    score = pairs @ np.where(coming > 0, ratio, 0.0)
    return Access(method, score, ratio, (offered > 0) & ~(coming > 0))


def _ratio(above: NDArray[Any], below: NDArray[Any], nothing: float = np.nan) -> Costs:
    out = np.full(len(above), nothing)
    np.divide(above, below, out=out, where=below > 0)
    return out
