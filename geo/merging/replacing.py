"""Groups that two valid parts replace at no higher cost (numba)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.merging.costs import TERMS, write_cost

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

ALL_PARTS = 7  # groups of more units are only tried against the loss of one of them


@njit(cache=True, nogil=True)
def is_replaced(
    group: Small,
    ways: Ints,
    starts: Ints,
    neighbours: Small,
    people: Ints,
    minimum: Ints,
    target: Ints,
    weight: Ints,
    rank: Ints,
    under: NDArray[np.bool_],
    partner_starts: Ints,
    partners: Small,
    roots: int,
    most_groups: bool,
    cost: Ints,
) -> bool:
    """Whether two valid parts cost no more than the group, level by level."""
    size = len(group)
    touch = np.zeros(size, np.int64)
    for k in range(size):
        for p in range(starts[group[k]], starts[group[k] + 1]):
            for other in range(size):
                if group[other] == neighbours[p]:
                    touch[k] |= 1 << other
    whole = (1 << size) - 1
    one, other_cost = np.empty(TERMS, np.int64), np.empty(TERMS, np.int64)
    every = size <= ALL_PARTS
    for step in range(1, 1 << (size - 1) if every else size + 1):
        part = step if every else 1 << (step - 1)
        rest = whole ^ part
        if not (
            _is_valid(part, group, touch, people, minimum, roots)
            and _is_valid(rest, group, touch, people, minimum, roots)
        ):
            continue
        write_cost(
            group, part, ways, people, minimum, target, weight, rank, under, partner_starts,
            partners, most_groups, one,
        )  # fmt: skip
        write_cost(
            group, rest, ways, people, minimum, target, weight, rank, under, partner_starts,
            partners, most_groups, other_cost,
        )  # fmt: skip
        for term in range(TERMS):
            both = one[term] + other_cost[term]
            if both < cost[term]:
                return True
            if both > cost[term]:
                break
            if term == TERMS - 1:
                return True
    return False


@njit(cache=True, nogil=True)
def _is_valid(
    part: int, group: Small, touch: Ints, people: Ints, minimum: Ints, roots: int
) -> bool:
    """Whether part of a group is one unit, or connected, enough, and needed."""
    if part & (part - 1) == 0:
        return True
    needed = False
    first = -1
    for k in range(len(group)):
        if part >> k & 1:
            if first < 0:
                first = k
            if group[k] < roots:
                needed = True
    if not needed:
        return False
    for m in range(people.shape[1]):
        total = 0
        for k in range(len(group)):
            if part >> k & 1:
                total += people[group[k], m]
        if total < minimum[m]:
            return False
    reached = 1 << first
    while True:
        wider = reached
        for k in range(len(group)):
            if reached >> k & 1:
                wider |= touch[k] & part
        if wider == reached:
            return bool(reached == part)
        reached = wider
