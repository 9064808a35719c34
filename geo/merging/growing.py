"""A first plan where groups are too many to list: the smallest joins its best neighbour (numba)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.merging.costs import BROKEN, LEFT, TERMS, is_less, write_cost
from geo.merging.helper import helper
from geo.merging.movable import Movable, fill_ways

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

MOST_TRIES = 8  # of one group that found no neighbour: so often a change next to it is waited for


class _Plan(NamedTuple):
    """Groups by their first unit; ``label`` is the group of each unit, members end with -1."""

    members: Small
    sizes: Ints
    sums: Ints
    costs: Ints
    label: Ints


@njit(cache=True, nogil=True)
def grow_plan(units: Movable, max_units: int) -> Ints:
    """Return a label for each unit: the smallest group that needs more joins its best neighbour.

    The best neighbour is the one that changes the costs least, level by level. Groups that stay
    under are taken apart again. It ends after a number of steps that depends on the units alone.
    """
    count = len(units.people)
    plan = _each_by_itself(units, max_units)
    label = plan.label
    waits = np.zeros(count, np.bool_)
    for unit in range(count):
        waits[unit] = _needs(plan, unit)
    tries = np.zeros(count, np.int64)
    seen = np.full(count, -1, np.int64)
    change = np.empty(TERMS, np.int64)
    step = 0
    while True:
        step += 1
        group = _smallest(units, plan, waits)
        if group < 0:
            break
        other = _best_neighbour(units, plan, group, max_units, seen, step, change)
        if other < 0:
            waits[group] = False
            tries[group] += 1
            continue
        _join(plan, group, other, change)
        waits[other] = False
        waits[group] = _needs(plan, group)
        for at in range(plan.sizes[group]):
            unit = plan.members[group, at]
            for p in range(units.starts[unit], units.starts[unit + 1]):
                near = label[units.neighbours[p]]
                if near != group and _needs(plan, near) and tries[near] < MOST_TRIES:
                    waits[near] = True
    for unit in range(count):
        if plan.costs[label[unit], LEFT] > 0:
            label[unit] = unit
    return label


@njit(cache=True, nogil=True)
def _each_by_itself(units: Movable, max_units: int) -> _Plan:
    """Return the plan with no group of two."""
    count = len(units.people)
    members = np.full((count, max_units), -1, np.int32)
    costs = np.zeros((count, TERMS), np.int64)
    no_ways = np.zeros((1, 1), np.int64)
    for unit in range(count):
        members[unit, 0] = unit
        write_cost(units, members[unit, :1], 1, no_ways, costs[unit])
    return _Plan(members, np.ones(count, np.int64), units.people.copy(), costs, np.arange(count))


@helper
def _needs(plan: _Plan, group: int) -> bool:
    """Whether a group is under the minimum, or without a unit it should be together with."""
    return bool(plan.costs[group, LEFT] > 0 or plan.costs[group, BROKEN] > 0)


@helper
def _smallest(units: Movable, plan: _Plan, waits: NDArray[np.bool_]) -> int:
    """Return the waiting group with the fewest people, the first by code; -1 where none waits."""
    sums, rank = plan.sums, units.rank
    found = -1
    for k in range(len(waits)):
        if waits[k] and (
            found < 0
            or sums[k, 0] < sums[found, 0]
            or (sums[k, 0] == sums[found, 0] and rank[k] < rank[found])
        ):
            found = k
    return found


@njit(cache=True, nogil=True)
def _best_neighbour(
    units: Movable, plan: _Plan, group: int, max_units: int, seen: Ints, step: int, change: Ints
) -> int:
    """Return the group to join, -1 if none may be; write what the other's costs would grow by."""
    joined = np.empty(max_units, np.int32)
    ways = np.zeros((max_units, max_units), np.int64)
    one = np.empty(TERMS, np.int64)
    best = -1
    for at in range(plan.sizes[group]):
        unit = plan.members[group, at]
        for p in range(units.starts[unit], units.starts[unit + 1]):
            other = plan.label[units.neighbours[p]]
            size = plan.sizes[group] + plan.sizes[other]
            if other == group or seen[other] == step or size > max_units:
                continue
            seen[other] = step
            joined[: plan.sizes[group]] = plan.members[group, : plan.sizes[group]]
            joined[plan.sizes[group] : size] = plan.members[other, : plan.sizes[other]]
            if not _may_be(units, plan, group, other, joined[:size], ways):
                continue
            write_cost(units, joined[:size], (1 << size) - 1, ways, one)
            for term in range(TERMS):
                one[term] -= plan.costs[other, term]
            if best < 0 or is_less(one, change):
                best = other
                change[:] = one
    return best


@helper
def _may_be(units: Movable, plan: _Plan, group: int, other: int, joined: Small, ways: Ints) -> bool:
    """Whether two groups are together above no maximum and all of them may meet; write the ways."""
    for m in range(plan.sums.shape[1]):
        if plan.sums[group, m] + plan.sums[other, m] > units.maximum[m]:
            return False
    for size in range(2, len(joined) + 1):  # noqa: SIM110 (numba knows no generators)
        if not fill_ways(units, joined, size, ways):
            return False
    return True


@njit(cache=True, nogil=True)
def _join(plan: _Plan, group: int, other: int, change: Ints) -> None:
    """Put another group's units into a group."""
    for at in range(plan.sizes[other]):
        unit = plan.members[other, at]
        plan.members[group, plan.sizes[group] + at] = unit
        plan.label[unit] = group
    plan.sizes[group] += plan.sizes[other]
    plan.sums[group] += plan.sums[other]
    plan.costs[group] = change + plan.costs[other]
