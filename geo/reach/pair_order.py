"""The order of pairs in a sparse reach, compiled: households, then cost, then position."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

_SHORT = 24  # below this many pairs of a household, inserting is faster than merging


@njit(cache=True, nogil=True)
def order_pairs(
    households: NDArray[np.int64],
    centers: NDArray[np.int64],
    costs: NDArray[np.int64],
    shape: tuple[int, int],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each household's pairs start, and the pairs' positions in order.

    What ``lexsort((centers, costs, households))`` gives, several times faster: positions are
    counted into place by center, then by household, then each household's sorted by cost; every
    step keeps the order of the one before among equals.
    """
    count = len(costs)
    by_center = np.zeros(shape[1] + 1, np.int64)
    starts = np.zeros(shape[0] + 1, np.int64)
    for pair in range(count):
        by_center[centers[pair] + 1] += 1
        starts[households[pair] + 1] += 1
    by_center, starts = np.cumsum(by_center), np.cumsum(starts)
    first = np.empty(count, np.int64)
    for pair in range(count):
        first[by_center[centers[pair]]] = pair
        by_center[centers[pair]] += 1
    order = np.empty(count, np.int64)
    sorted_costs = np.empty(count, np.int64)
    next_ = starts.copy()
    for entry in first:
        place = next_[households[entry]]
        order[place], sorted_costs[place] = entry, costs[entry]
        next_[households[entry]] += 1
    for household in range(shape[0]):
        begin, end = starts[household], starts[household + 1]
        if end - begin > _SHORT:
            inner = np.argsort(sorted_costs[begin:end], kind="mergesort")
            order[begin:end] = order[begin:end][inner]
            continue
        for place in range(begin + 1, end):
            cost, moved, slot = sorted_costs[place], order[place], place
            while slot > begin and sorted_costs[slot - 1] > cost:
                sorted_costs[slot], order[slot] = sorted_costs[slot - 1], order[slot - 1]
                slot -= 1
            sorted_costs[slot], order[slot] = cost, moved
    return starts, order
