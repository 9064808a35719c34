"""Where might one new center stand? A look, not a siting: straight lines, household places only."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from geo.reach.matrix import Costs, Places

# Of a gap of more households every n-th place, from west to east, is tried.
MOST_TRIED = 2000


def find_best_places(
    places: Places, radius_m: Costs, people: NDArray[np.int64], member: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find for each gap the household beside which a center would cover most of its people.

    Parameters
    ----------
    places
        Households of the gaps, shape (n, 2), metric.
    radius_m
        Metres by straight line within which each would be served.
    people
        Weights.
    member
        Position of each household's gap; every gap has one at least.

    Returns
    -------
    tuple of ndarray
        The position of that household, and the people of the gap within reach of it as the crow
        flies: no road or mountain path is shorter, so this is the most such a center could cover
        there, while a place between the houses may do better. Of several the westernmost.
    """
    order = np.lexsort((places[:, 1], places[:, 0], member))
    starts = np.concatenate([[0], np.cumsum(np.bincount(member))]).astype(np.int64)
    best, covered = _best(
        places[order, 0], places[order, 1], radius_m[order], people[order], starts, MOST_TRIED
    )
    return order[best], covered


@numba.njit(cache=True, nogil=True)
def _best(x: Any, y: Any, radius: Any, people: Any, starts: Any, most: int) -> Any:  # noqa: ANN401
    gaps = len(starts) - 1
    best = np.zeros(gaps, np.int64)
    covered = np.full(gaps, -1, np.int64)
    for gap in range(gaps):
        first, last = starts[gap], starts[gap + 1]
        widest = 0.0
        for row in range(first, last):
            widest = max(widest, radius[row])
        step = (last - first + most - 1) // most
        low = first
        for place in range(first, last, step):
            while x[low] < x[place] - widest:
                low += 1
            within = 0
            for row in range(low, last):
                dx, dy = x[row] - x[place], y[row] - y[place]
                if dx > widest:
                    break
                if dx * dx + dy * dy <= radius[row] * radius[row]:
                    within += people[row]
            if within > covered[gap]:
                best[gap], covered[gap] = place, within
    return best, covered
