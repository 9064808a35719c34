"""The best groups of a few neighbouring units by themselves (numba)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.merging.costs import TERMS, write_cost
from geo.merging.covering import best_cover
from geo.merging.helper import helper
from geo.merging.movable import Movable, touches, way_between

Ints = NDArray[np.int64]
Small = NDArray[np.int32]


@njit(cache=True, nogil=True)
def best_within(units: Movable, window: Small, max_units: int) -> tuple[Ints, Ints, int]:
    """Return the best groups (bits) of a few units by themselves, their costs in sum, and steps.

    All connected sets are looked at, whatever their size; ``window`` has at most about 14 units. A
    step takes one or two nanoseconds.
    """
    count = len(window)
    ways, meets = _meetings(units, window)
    touch = np.zeros(count, np.int64)
    touches(units, window, touch)
    masks = np.empty(1 << count, np.int64)
    costs = np.empty((1 << count, TERMS), np.int64)
    connected = np.zeros(1 << count, np.bool_)
    used, steps = 0, count << count
    for mask in range(1, 1 << count):
        size = _size_if_allowed(mask, meets)
        if size == 0 or size > max_units:
            continue
        connected[mask] = size == 1 or _is_connected(mask, touch, connected)
        if not connected[mask] or (size > 1 and not _is_enough(units, window, mask)):
            continue
        write_cost(units, window, mask, ways, costs[used])
        masks[used] = mask
        used += 1
        low = 0
        while mask >> low & 1 == 0:
            low += 1
        steps += size * size + (1 << (count - 1 - low))  # its costs, and where it may come in
    picked = best_cover(masks[:used], costs[:used], count)
    total = np.zeros(TERMS, np.int64)
    for k in picked:
        total += costs[k]
    return masks[picked], total, steps


@njit(cache=True, nogil=True)
def _meetings(units: Movable, window: Small) -> tuple[Ints, Ints]:
    """Return the ways between units, and (bits) who may be in a group with whom."""
    count = len(window)
    ways, meets = np.zeros((count, count), np.int64), np.zeros(count, np.int64)
    for one in range(count):
        meets[one] |= 1 << one
        for other in range(count):
            way = way_between(units, window[one], window[other])
            if way >= 0:
                ways[one, other] = way
                meets[one] |= 1 << other
    return ways, meets


@helper
def _size_if_allowed(mask: int, meets: Ints) -> int:
    """Return the number of units of a set, 0 where two of them must not meet."""
    size = 0
    for k in range(len(meets)):
        if mask >> k & 1:
            size += 1
            if mask & ~meets[k]:
                return 0
    return size


@helper
def _is_connected(mask: int, touch: Ints, connected: NDArray[np.bool_]) -> bool:
    """Whether some unit can be taken out and touches the rest, which is connected."""
    for k in range(len(touch)):
        rest = mask & ~(1 << k)
        if rest != mask and touch[k] & rest and connected[rest]:
            return True
    return False


@helper
def _is_enough(units: Movable, window: Small, mask: int) -> bool:
    """Whether a set holds a unit that needs it, reaches every minimum and is above no maximum."""
    needed = False
    for k in range(len(window)):
        if mask >> k & 1 and window[k] < units.roots:
            needed = True
    if not needed:
        return False
    for m in range(units.people.shape[1]):
        total = 0
        for k in range(len(window)):
            if mask >> k & 1:
                total += units.people[window[k], m]
        if total < units.minimum[m] or total > units.maximum[m]:
            return False
    return True
