"""What a group costs, level by level, and where its hub is (numba)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

# Columns of the costs of a group, and of their number.
BROKEN, LEFT, MAIN, TRAVEL, BALANCE, TIE = range(6)
TERMS = 6


@njit(cache=True, nogil=True)
def cost_of(
    group: Small,
    ways: Ints,
    people: Ints,
    minimum: Ints,
    target: Ints,
    weight: Ints,
    rank: Ints,
    under: NDArray[np.bool_],
    partner_starts: Ints,
    partners: Small,
    most_groups: bool,
) -> tuple[Ints, int]:
    """Return the costs of one group (or unit), and its hub's place in it."""
    cost = np.empty(TERMS, np.int64)
    hub = write_cost(
        group, (1 << len(group)) - 1, ways, people, minimum, target, weight, rank, under,
        partner_starts, partners, most_groups, cost,
    )  # fmt: skip
    return cost, hub


@njit(cache=True, nogil=True)
def write_cost(
    group: Small,
    part: int,
    ways: Ints,
    people: Ints,
    minimum: Ints,
    target: Ints,
    weight: Ints,
    rank: Ints,
    under: NDArray[np.bool_],
    partner_starts: Ints,
    partners: Small,
    most_groups: bool,
    cost: Ints,
) -> int:
    """Write the costs of part of a group (bits) and return the place of its hub."""
    size = len(group)
    units = 0
    broken = 0
    healthy = 0
    lowest = rank[group[0]] if part & 1 else 1 << 40
    tie = 0
    for k in range(size):
        if part >> k & 1:
            unit = group[k]
            units += 1
            if not under[unit]:
                healthy += 1
            lowest = min(lowest, rank[unit])
            tie += rank[unit]
            for p in range(partner_starts[unit], partner_starts[unit + 1]):
                if partners[p] > unit:
                    inside = False
                    for other in range(size):
                        if part >> other & 1 and group[other] == partners[p]:
                            inside = True
                    if not inside:
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
    best, hub = -1, 0
    for k in range(size):
        if part >> k & 1:
            travel = 0
            for other in range(size):
                if part >> other & 1 and other != k:
                    travel += weight[group[other]] * ways[other, k]
            if best < 0 or travel < best or (travel == best and rank[group[k]] < rank[group[hub]]):
                best, hub = travel, k
    cost[BROKEN] = broken
    cost[LEFT] = 0 if enough else units
    if most_groups:
        cost[MAIN] = -1 if enough else 0
    else:
        cost[MAIN] = healthy if units > 1 else 0
    cost[TRAVEL] = best
    cost[BALANCE] = balance
    cost[TIE] = tie - units * lowest
    return hub
