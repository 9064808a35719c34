"""Groups that two valid parts replace at no higher cost (numba)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.merging.costs import TERMS, is_less, write_cost
from geo.merging.helper import helper
from geo.merging.movable import Movable, touches

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Flags = NDArray[np.bool_]

ALL_PARTS = 7  # groups of more units are only tried against the loss of one of them


@njit(cache=True, nogil=True)
def is_replaced(units: Movable, group: Small, ways: Ints, cost: Ints) -> bool:
    """Whether two valid parts cost no more than the group, level by level."""
    size = len(group)
    touch = np.zeros(size, np.int64)
    touches(units, group, touch)
    whole = (1 << size) - 1
    one, both = np.empty(TERMS, np.int64), np.empty(TERMS, np.int64)
    every = size <= ALL_PARTS
    connected = np.zeros(whole + 1 if every else 0, np.bool_)
    for part in range(1, len(connected)):
        connected[part] = _is_one(part, touch, connected)
    for step in range(1, 1 << (size - 1) if every else size + 1):
        part = step if every else 1 << (step - 1)
        rest = whole ^ part
        if every:
            if not (connected[part] and connected[rest]):
                continue
        elif not _reaches_all(rest, touch):
            continue
        if _is_enough(units, group, part) and _is_enough(units, group, rest):
            write_cost(units, group, part, ways, one)
            write_cost(units, group, rest, ways, both)
            for term in range(TERMS):
                both[term] += one[term]
            if not is_less(cost, both):
                return True
    return False


@helper
def _is_one(part: int, touch: Ints, connected: Flags) -> bool:
    """Whether part of a group is connected: without some unit that touches it, it is."""
    if part & (part - 1) == 0:
        return True
    for k in range(len(touch)):
        rest = part & ~(1 << k)
        if rest != part and touch[k] & rest and connected[rest]:
            return True
    return False


@helper
def _reaches_all(part: int, touch: Ints) -> bool:
    """Whether part of a group is connected."""
    reached = part & -part
    while True:
        wider = reached
        for k in range(len(touch)):
            if reached >> k & 1:
                wider |= touch[k] & part
        if wider == reached:
            return bool(reached == part)
        reached = wider


@helper
def _is_enough(units: Movable, group: Small, part: int) -> bool:
    """Whether part of a group reaches every minimum, and holds a unit that needs it or is one.

    One unit that is under the minimum is left over, which costs more than anything it could save.
    """
    people = units.people
    for m in range(people.shape[1]):
        total = 0
        for k in range(len(group)):
            if part >> k & 1:
                total += people[group[k], m]
        if total < units.minimum[m]:
            return False
    needed = part & (part - 1) == 0
    for k in range(len(group)):
        if part >> k & 1 and group[k] < units.roots:
            needed = True
    return needed
