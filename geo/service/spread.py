"""How the whole county lives from its centers: one radius for X % of everybody, distances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.reach.matrix import Costs, Measure
from geo.service.quantiles import check_share, weighted_quantiles, whole_weights
from geo.service.radius import PERCENTILES

# Bars of the histogram: the finest step that makes no more of them than this.
MOST_BARS = 40
_STEPS: dict[Literal["distance", "time"], tuple[float, ...]] = {
    "distance": (50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10_000.0, 25_000.0),
    "time": (60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0),
}


@dataclass(frozen=True)
class Spread:
    """How far everybody is from the center they go to. Who has no way still counts.

    Parameters
    ----------
    people
        All of them, with those who have no way.
    reached
        Those who have one.
    share
        As asked.
    radius
        The smallest uniform radius that serves ``share`` of everybody; NaN when so many have no
        way to any center: ``attainable`` is the most any radius serves.
    attainable
        ``reached`` ÷ ``people``; NaN when there is nobody.
    percentiles
        Index: shares; the same for each of 50, 80, 90, 95, 100 % of everybody.
    histogram
        Bars of equal width, ``start`` < cost ≤ ``end`` (the first with cost 0): ``households``,
        ``people``, ``share`` (cumulated, of everybody).
    """

    people: int
    reached: int
    share: float
    radius: float
    attainable: float
    percentiles: pd.Series
    histogram: pd.DataFrame


def measure_spread(
    cost: Costs,
    people: ArrayLike,
    *,
    share: float = 0.95,
    measure: Measure = "distance",
    step: float | None = None,
) -> Spread:
    """Measure the costs of everybody.

    Parameters
    ----------
    cost
        Of each household to its center, metres or seconds; not finite where there is no way.
    people
        Weight of each household.
    share
        Of everybody, above 0, at most 1.
    measure
        Chooses the width of the bars.
    step
        Width of the bars instead.

    Raises
    ------
    GeoError
        ``parameter_value`` for a share or a weight that is none.

    Examples
    --------
    >>> spread = measure_spread(np.array([100.0, 300.0, np.nan]), [5, 4, 1], share=0.9)
    >>> spread.radius, spread.attainable, measure_spread(np.array([np.nan]), [1]).radius
    (300.0, 0.9, nan)
    """
    check_share(share)
    weights = whole_weights(people)
    finite = np.isfinite(cost)
    total, reached = int(weights.sum()), int(weights[finite].sum())
    everybody = np.zeros(len(weights), np.int64)
    found = weighted_quantiles(
        cost, weights, everybody, [*PERCENTILES, share], group_count=1, totals=[total]
    )[0]
    return Spread(
        people=total,
        reached=reached,
        share=share,
        radius=float(found[-1]),
        attainable=reached / total if total else np.nan,
        percentiles=pd.Series(found[:-1], index=pd.Index(PERCENTILES, name="share"), name="cost"),
        histogram=_histogram(cost[finite], weights[finite], total, measure, step),
    )


def _histogram(
    cost: Costs, weights: NDArray[np.int64], total: int, measure: Measure, step: float | None
) -> pd.DataFrame:
    most = float(cost.max(initial=0.0))
    if step is None:
        wide_enough = [width for width in _STEPS[measure] if most <= width * MOST_BARS]
        step = wide_enough[0] if wide_enough else float(np.ceil(most / MOST_BARS))
    count = max(1, int(np.ceil(most / step)))
    edges = np.arange(count + 1) * step
    bar = np.clip(np.searchsorted(edges, cost, side="left") - 1, 0, count - 1)
    people = np.bincount(bar, weights=weights, minlength=count).astype(np.int64)
    with np.errstate(invalid="ignore"):
        share = np.cumsum(people) / np.float64(total)
    return pd.DataFrame(
        {
            "start": edges[:-1],
            "end": edges[1:],
            "households": np.bincount(bar, minlength=count),
            "people": people,
            "share": share,
        }
    )
