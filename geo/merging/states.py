"""Set partitioning of some dozen units, searched whole: by the sets of units covered so far.

Groups are laid down so that the first unit not covered yet always comes next; in an order in which
units that go together are near each other few different sets come up, far fewer than plans. Of the
ways to one set the best is kept. From the prices of the relaxation it is known what covering the
rest costs at least, so sets that cannot lead to a plan good enough are not followed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_UNITS = 62  # bits of a whole number
# Sets kept at once, tried with so many first; and groups tried at a set, some ten nanoseconds each.
_ROOM = (1 << 12, 1 << 15, 1 << 18)
MOST_TRIED = 20_000_000
FOUND, NOTHING, TOO_MANY = range(3)
_FIRST_PART, _WIDER = 32, 4  # of what there is to gain is looked at first, and then so much more


@dataclass(frozen=True)
class Rest:
    """What covering units costs at least.

    Parameters
    ----------
    prices
        A unit.
    held
        A row that is held, for what is left of its value.
    values
        Of the rows that are held.
    """

    prices: Floats
    held: Floats
    values: Ints

    @property
    def lower(self) -> float:
        """Of everything."""
        return float(self.prices.sum() + self.held @ self.values)


def search_sets(
    groups: csr_array, levels: Ints, rest: Rest, value: int, slack: float
) -> tuple[Ints | None, bool, int]:
    """Look for the plan of least cost below a value.

    Parameters
    ----------
    groups
        Matrix (groups, units) of ones, at most :data:`MOST_UNITS` units.
    levels
        Shape (groups, rows held + 1): what is held, at its least, and the cost.
    value
        Of a plan that is known.
    slack
        What the prices may be off by in sum.

    Returns
    -------
    tuple
        Positions of groups, None where no plan is better; whether that is all that can be said
        (else there were too many sets); groups tried.
    """
    masks = _masks(groups)
    order = np.argsort(masks & -masks, kind="stable")  # by the lowest unit
    prices = rest.prices[_order(groups)]
    masks, costs = masks[order], np.ascontiguousarray(levels[order])
    gain, part = value - 1 - rest.lower, 1.0 / _FIRST_PART
    asked, tried = tuple(rest.values.tolist()), 0
    # few sets lead to plans that cost little more than the bound: looked for first
    while True:
        limit = rest.lower + max(gain * part, 1.0) if part < 1 else value - 1
        limit = min(limit, value - 1) + slack
        for room in _ROOM:
            picked, state, steps = cover_by_sets(
                masks, costs, prices, rest.held, rest.values, limit, room, MOST_TRIED
            )
            tried += steps
            if state != TOO_MANY or steps >= MOST_TRIED:
                break
        if state == FOUND:
            held = tuple(costs[picked, :-1].sum(axis=0).tolist())
            if held < asked:  # it was no least value
                return None, False, tried
            if held == asked:
                return np.sort(order[picked]), True, tried
            state = NOTHING  # no plan keeps the rows at so little cost
        if state == TOO_MANY or limit >= value - 1:
            return None, state == NOTHING, tried
        part *= _WIDER


def _order(groups: csr_array) -> Ints:
    """Return the units, those that go together near each other."""
    links = csr_array((groups.T @ groups) > 0)
    return np.asarray(reverse_cuthill_mckee(links, symmetric_mode=True), np.int64)


def _masks(groups: csr_array) -> Ints:
    order = _order(groups)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    bits = np.int64(1) << place[groups.indices]
    return np.asarray(np.add.reduceat(bits, groups.indptr[:-1]), np.int64)


@njit(cache=True, nogil=True)
def cover_by_sets(
    masks: Ints,
    costs: Ints,
    prices: Floats,
    held: Floats,
    values: Ints,
    limit: float,
    room: int,
    most_tried: int,
) -> tuple[Ints, int, int]:
    """Return the groups of the best plan that costs at most ``limit``, and the groups tried.

    Parameters
    ----------
    masks
        Units of each group (bits), ascending by the lowest.
    costs
        Shape (groups, rows held + 1), compared level by level.
    prices, held, values
        As of :class:`Rest`.
    room
        Sets kept at most.
    """
    units, levels = len(prices), costs.shape[1]
    starts = np.zeros(units + 1, np.int64)
    lowest = 0
    for k in range(len(masks)):
        while masks[k] >> lowest & 1 == 0:
            lowest += 1
            starts[lowest] = k
    starts[lowest + 1 :] = len(masks)
    sets = np.empty(room, np.int64)
    least = np.empty((room, levels), np.int64)
    came, by = np.empty(room, np.int32), np.empty(room, np.int32)
    behind, head = np.empty(room, np.int32), np.full(units + 1, -1, np.int32)
    around = 2 * room - 1
    table = np.full(2 * room, -1, np.int32)
    open_prices = np.empty(room, np.float64)
    now = np.empty(levels, np.int64)
    sets[0], came[0], by[0], behind[0] = 0, -1, -1, -1
    least[0] = 0
    open_prices[0] = prices.sum()
    head[0] = 0
    used, tried, nothing = 1, 0, np.zeros(0, np.int64)
    for unit in range(units):
        at = head[unit]
        while at >= 0:
            covered = sets[at]
            tried += starts[unit + 1] - starts[unit]
            if tried > most_tried:
                return nothing, TOO_MANY, tried
            for k in range(starts[unit], starts[unit + 1]):
                if masks[k] & covered:
                    continue
                bound = open_prices[at]
                for other in range(unit, units):
                    if masks[k] >> other & 1:
                        bound -= prices[other]
                left = bound
                for level in range(levels):
                    now[level] = least[at, level] + costs[k, level]
                    if level < levels - 1:
                        bound += held[level] * (values[level] - now[level])
                if bound + now[levels - 1] > limit:
                    continue
                after = covered | masks[k]
                # all bits are to count: the low ones are the same in most sets
                spread = (after ^ after >> 31) * 0x9E3779B97F4A7C1
                slot = (spread ^ spread >> 31) & around
                while table[slot] >= 0 and sets[table[slot]] != after:
                    slot = (slot + 1) & around
                place = table[slot]
                if place < 0:
                    if used == room:
                        return nothing, TOO_MANY, tried
                    place = used
                    used += 1
                    table[slot], sets[place], open_prices[place] = place, after, left
                    first = unit + 1
                    while first < units and after >> first & 1:
                        first += 1
                    behind[place], head[first] = head[first], place
                else:
                    better = False
                    for level in range(levels):
                        if now[level] != least[place, level]:
                            better = now[level] < least[place, level]
                            break
                    if not better:
                        continue
                least[place] = now
                came[place], by[place] = at, k
            at = behind[at]
    at = head[units]
    if at < 0:
        return nothing, NOTHING, tried
    picked = np.empty(units, np.int64)
    count = 0
    while came[at] >= 0:
        picked[count] = by[at]
        count += 1
        at = came[at]
    return picked[:count], FOUND, tried
