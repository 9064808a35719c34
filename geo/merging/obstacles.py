"""What stops a unit from growing into a group that is enough (numba)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.merging.frontier import go_back, make_frontier, next_waiting, take_first, take_next
from geo.merging.movable import Movable, way_between

Ints = NDArray[np.int64]
Small = NDArray[np.int32]


class Obstacles(NamedTuple):
    """How often the minimum was reached, and how often growth was stopped by what."""

    enough: int
    units: int
    people: int
    pair: int


@njit(cache=True, nogil=True)
def grow_from(units: Movable, unit: int, max_units: int, max_visits: int) -> Obstacles:
    """Grow one unit in every way allowed and count what stops it: units, a maximum, a pair."""
    people = units.people
    frontier = make_frontier(len(people), max_units)
    group = np.empty(max_units, np.int32)
    sums = np.zeros((max_units, people.shape[1]), np.int64)
    enough, by_units, by_people, by_pair, visits = 0, 0, 0, 0, 0
    group[0] = unit
    sums[0] = people[unit]
    take_first(frontier, units, unit, -1)
    depth = 0
    while depth >= 0 and visits < max_visits:
        size = depth + 1
        if size == max_units and frontier.waits[depth] > 0:
            by_units += 1
        other = next_waiting(frontier, depth) if size < max_units else -1
        if other < 0:
            go_back(frontier, depth)
            depth -= 1
            continue
        reached = True
        fits = True
        for m in range(people.shape[1]):
            sums[size, m] = sums[depth, m] + people[other, m]
            if sums[size, m] > units.maximum[m]:
                fits = False
            if sums[size, m] < units.minimum[m]:
                reached = False
        if not fits:
            by_people += 1
            continue
        if not _may_join(units, group[:size], other):
            by_pair += 1
            continue
        visits += 1
        if reached:
            enough += 1
            continue
        group[size] = other
        take_next(frontier, units, other, size, -1)
        depth = size
    return Obstacles(enough, by_units, by_people, by_pair)


@njit(cache=True, nogil=True)
def _may_join(units: Movable, group: Small, unit: int) -> bool:
    """Whether a unit may be in a group with each of its units."""
    for k in range(len(group)):  # noqa: SIM110 (numba knows no generators)
        if way_between(units, group[k], unit) < 0:
            return False
    return True
