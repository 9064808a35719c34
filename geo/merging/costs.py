"""What a group costs, level by level, and where its hub is (numba)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.merging.helper import helper
from geo.merging.movable import Movable

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

# Columns of the costs of a group, and of their number.
BROKEN, LEFT, MAIN, TRAVEL, BALANCE, TIE = range(6)
TERMS = 6


@helper
def write_cost(units: Movable, group: Small, part: int, ways: Ints, cost: Ints) -> int:
    """Write the costs of part of a group (bits) and return the place of its hub.

    ``ways`` is a square matrix by place in the group. Costs are added up over the groups of a plan.
    """
    people, minimum, target = units.people, units.minimum, units.target
    weight, rank, under = units.weight, units.rank, units.under
    partner_starts, partners = units.partner_starts, units.partners
    size = len(group)
    count = broken = healthy = tie = 0
    lowest = rank[group[0]] if part & 1 else 1 << 40
    for k in range(size):
        if part >> k & 1:
            unit = group[k]
            count += 1
            if not under[unit]:
                healthy += 1
            lowest = min(lowest, rank[unit])
            tie += rank[unit]
            for p in range(partner_starts[unit], partner_starts[unit + 1]):
                if partners[p] > unit and not _is_in(group, part, partners[p]):
                    broken += 1
    enough = True
    balance = 0
    for m in range(people.shape[1]):
        total = 0
        for k in range(size):
            if part >> k & 1:
                total += people[group[k], m]
        if total < minimum[m]:
            enough = False
        if target[m] >= 0:
            balance += abs(total - target[m])
    cost[BROKEN] = broken
    cost[LEFT] = 0 if enough else count
    if units.most_groups:
        cost[MAIN] = -1 if enough else 0
    else:
        cost[MAIN] = healthy if count > 1 else 0
    hub, cost[TRAVEL] = _hub(group, part, ways, weight, rank)
    cost[BALANCE] = balance
    cost[TIE] = tie - count * lowest
    return hub


@helper
def is_less(one: Ints, other: Ints) -> bool:
    """Whether costs are less than others at the first level where they differ."""
    for term in range(TERMS):
        if one[term] != other[term]:
            return bool(one[term] < other[term])
    return False


@helper
def _is_in(group: Small, part: int, unit: int) -> bool:
    """Whether a unit is in part of a group."""
    for k in range(len(group)):  # noqa: SIM110 (numba knows no generators)
        if part >> k & 1 and group[k] == unit:
            return True
    return False


@helper
def _hub(group: Small, part: int, ways: Ints, weight: Ints, rank: Ints) -> tuple[int, int]:
    """Return the place of the unit with the least travel of all others to it, and the travel."""
    best, hub = -1, 0
    for k in range(len(group)):
        if part >> k & 1:
            travel = 0
            for other in range(len(group)):
                if part >> other & 1 and other != k:
                    travel += weight[group[other]] * ways[other, k]
            if best < 0 or travel < best or (travel == best and rank[group[k]] < rank[group[hub]]):
                best, hub = travel, k
    return hub, best
