"""Covering few units by groups at least cost (numba)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int32]


@njit(cache=True, nogil=True)
def best_cover(masks: Ints, costs: Ints, count: int) -> Small:
    """Return which groups cover each of a few units once at least cost, level by level.

    Dynamic programming over sets of units (bits), the lowest uncovered one first. Of plans that are
    equal at every level the one whose groups stand first.

    Parameters
    ----------
    masks
        Units of each group; each unit by itself must be among them.
    costs
        Shape (groups, levels).
    count
        Of units, at most about 16.
    """
    levels = costs.shape[1]
    whole = (1 << count) - 1
    lowest = np.zeros(len(masks), np.int64)
    starts = np.zeros(count + 2, np.int64)
    for k in range(len(masks)):
        while masks[k] >> lowest[k] & 1 == 0:
            lowest[k] += 1
        starts[lowest[k] + 1] += 1
    for unit in range(count):
        starts[unit + 1] += starts[unit]
    place = starts.copy()
    of_unit = np.empty(len(masks), np.int64)
    for k in range(len(masks)):
        of_unit[place[lowest[k]]] = k
        place[lowest[k]] += 1
    best = np.zeros((whole + 1, levels), np.int64)
    choice = np.full(whole + 1, -1, np.int32)
    for step in range(1, whole + 1):
        covered = whole - step
        unit = 0
        while covered >> unit & 1:
            unit += 1
        for at in range(starts[unit], starts[unit + 1]):
            k = of_unit[at]
            if masks[k] & covered:
                continue
            after = covered | masks[k]
            better = choice[covered] < 0
            if not better:
                for level in range(levels):
                    value = costs[k, level] + best[after, level]
                    if value != best[covered, level]:
                        better = value < best[covered, level]
                        break
            if better:
                choice[covered] = k
                for level in range(levels):
                    best[covered, level] = costs[k, level] + best[after, level]
    chosen = np.empty(count, np.int32)
    used, covered = 0, 0
    while covered != whole:
        chosen[used] = choice[covered]
        covered |= masks[choice[covered]]
        used += 1
    return chosen[:used]
