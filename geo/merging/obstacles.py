"""What stops a unit from growing into a group that is enough (numba)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.merging.pairs import find_entry

Ints = NDArray[np.int64]
Small = NDArray[np.int32]


@njit(cache=True, nogil=True)
def grow_from(
    unit: int,
    starts: Ints,
    neighbours: Small,
    pair_starts: Ints,
    pair_units: Small,
    pair_allowed: NDArray[np.bool_],
    people: Ints,
    minimum: Ints,
    maximum: Ints,
    max_units: int,
    max_visits: int,
) -> tuple[int, int, int, int]:
    """Grow one unit in every way allowed and count what stops it.

    Returns
    -------
    tuple
        How often the minimum was reached, and how often growth was stopped by the number of units,
        by a maximum, by a pair that must not meet.
    """
    count = len(starts) - 1
    mark = np.zeros(count, np.int8)
    waiting = np.empty((max_units, count), np.int32)
    waits = np.zeros(max_units, np.int64)
    added = np.empty((max_units, count), np.int32)
    adds = np.zeros(max_units, np.int64)
    group = np.empty(max_units, np.int32)
    measures = people.shape[1]
    sums = np.zeros((max_units, measures), np.int64)
    enough, by_units, by_people, by_pair, visits = 0, 0, 0, 0, 0
    group[0] = unit
    sums[0] = people[unit]
    mark[unit] = 1
    for k in range(starts[unit], starts[unit + 1]):
        mark[neighbours[k]] = 1
        waiting[0, waits[0]] = added[0, waits[0]] = neighbours[k]
        waits[0] += 1
    adds[0] = waits[0]
    depth = 0
    while depth >= 0 and visits < max_visits:
        if waits[depth] == 0 or depth + 1 == max_units:
            if waits[depth] > 0:
                by_units += 1
            for k in range(adds[depth]):
                mark[added[depth, k]] = 0
            depth -= 1
            continue
        waits[depth] -= 1
        other = waiting[depth, waits[depth]]
        fits = True
        for m in range(measures):
            if sums[depth, m] + people[other, m] > maximum[m]:
                fits = False
        if not fits:
            by_people += 1
            continue
        for k in range(depth + 1):
            there = find_entry(pair_starts, pair_units, group[k], other)
            if there < 0 or not pair_allowed[there]:
                fits = False
        if not fits:
            by_pair += 1
            continue
        visits += 1
        size = depth + 1
        group[size] = other
        reached = True
        for m in range(measures):
            sums[size, m] = sums[depth, m] + people[other, m]
            if sums[size, m] < minimum[m]:
                reached = False
        if reached:
            enough += 1
            continue
        waits[size] = waits[depth]
        waiting[size, : waits[depth]] = waiting[depth, : waits[depth]]
        adds[size] = 0
        for k in range(starts[other], starts[other + 1]):
            next_unit = neighbours[k]
            if mark[next_unit] == 0:
                mark[next_unit] = 1
                waiting[size, waits[size]] = next_unit
                waits[size] += 1
                added[size, adds[size]] = next_unit
                adds[size] += 1
        depth = size
    return enough, by_units, by_people, by_pair
