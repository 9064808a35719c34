"""Plans where groups are too many to list: grown smallest first, then rearranged in windows.

Nothing here is proved over a whole zone; what a window of few units comes to is the best there is.
Every loop ends after a number of steps that depends on the units alone, never on a clock.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.merging.costs import BROKEN, LEFT, TERMS, write_cost
from geo.merging.covering import best_cover
from geo.merging.pairs import find_entry

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

MOST_TRIES = 8  # of one group that found no neighbour: so often a change next to it is waited for


@njit(cache=True, nogil=True)
def _fill_ways(
    group: Small, size: int, pair_starts: Ints, pair_units: Small, pair_allowed: NDArray[np.bool_],
    pair_cost: Ints, ways: Ints,
) -> bool:  # fmt: skip
    """Write the ways between the first units of a group; whether all of them may meet."""
    for one in range(size):
        for other in range(size):
            if one != other:
                at = find_entry(pair_starts, pair_units, group[one], group[other])
                if at < 0 or not pair_allowed[at]:
                    return False
                ways[one, other] = pair_cost[at]
    return True


@njit(cache=True, nogil=True)
def grow_plan(
    starts: Ints,
    neighbours: Small,
    pair_starts: Ints,
    pair_units: Small,
    pair_allowed: NDArray[np.bool_],
    pair_cost: Ints,
    people: Ints,
    minimum: Ints,
    maximum: Ints,
    target: Ints,
    weight: Ints,
    rank: Ints,
    under: NDArray[np.bool_],
    partner_starts: Ints,
    partners: Small,
    max_units: int,
    most_groups: bool,
) -> Ints:
    """Return a label for each unit: the smallest group that needs more joins its best neighbour.

    Parameters are those of :func:`geo.merging.enumeration.enumerate_groups`. The best neighbour is
    the one that changes the costs least, level by level. Groups that stay under are taken apart
    again.
    """
    count, measures = len(starts) - 1, people.shape[1]
    members = np.full((count, max_units), -1, np.int32)
    sizes = np.ones(count, np.int64)
    sums = people.copy()
    costs = np.zeros((count, TERMS), np.int64)
    label = np.arange(count)
    waits = np.zeros(count, np.bool_)
    tries = np.zeros(count, np.int64)
    group = np.empty(2 * max_units, np.int32)
    ways = np.zeros((2 * max_units, 2 * max_units), np.int64)
    one, best = np.empty(TERMS, np.int64), np.empty(TERMS, np.int64)
    for unit in range(count):
        members[unit, 0] = unit
        write_cost(
            members[unit, :1], 1, ways, people, minimum, target, weight, rank, under,
            partner_starts, partners, most_groups, costs[unit],
        )  # fmt: skip
        waits[unit] = costs[unit, LEFT] > 0 or costs[unit, BROKEN] > 0
    seen = np.full(count, -1, np.int64)
    step = 0
    while True:
        step += 1
        g = -1
        for k in range(count):
            if waits[k] and (
                g < 0 or sums[k, 0] < sums[g, 0] or (sums[k, 0] == sums[g, 0] and rank[k] < rank[g])
            ):
                g = k
        if g < 0:
            break
        choice = -1
        for at in range(sizes[g]):
            unit = members[g, at]
            for p in range(starts[unit], starts[unit + 1]):
                other = label[neighbours[p]]
                size = sizes[g] + sizes[other]
                if other == g or seen[other] == step or size > max_units:
                    continue
                seen[other] = step
                fits = True
                for m in range(measures):
                    if sums[g, m] + sums[other, m] > maximum[m]:
                        fits = False
                group[: sizes[g]] = members[g, : sizes[g]]
                group[sizes[g] : size] = members[other, : sizes[other]]
                if not fits or not _fill_ways(
                    group, size, pair_starts, pair_units, pair_allowed, pair_cost, ways
                ):
                    continue
                write_cost(
                    group[:size], (1 << size) - 1, ways, people, minimum, target, weight, rank,
                    under, partner_starts, partners, most_groups, one,
                )  # fmt: skip
                better = choice < 0
                for term in range(TERMS):
                    one[term] -= costs[other, term]
                for term in range(TERMS):
                    if not better and one[term] != best[term]:
                        better = one[term] < best[term]
                        break
                if better:
                    choice = other
                    best[:] = one
        if choice < 0:
            waits[g] = False
            tries[g] += 1
            continue
        for at in range(sizes[choice]):
            members[g, sizes[g] + at] = members[choice, at]
            label[members[choice, at]] = g
        sizes[g] += sizes[choice]
        sums[g] += sums[choice]
        costs[g] = best + costs[choice]
        waits[choice] = False
        waits[g] = costs[g, LEFT] > 0 or costs[g, BROKEN] > 0
        for at in range(sizes[g]):
            unit = members[g, at]
            for p in range(starts[unit], starts[unit + 1]):
                k = label[neighbours[p]]
                needs = costs[k, LEFT] > 0 or costs[k, BROKEN] > 0
                if k != g and needs and tries[k] < MOST_TRIES:
                    waits[k] = True
    for unit in range(count):
        if costs[label[unit], LEFT] > 0:
            label[unit] = unit
    return label


@njit(cache=True, nogil=True)
def best_within(
    window: Small,
    starts: Ints,
    neighbours: Small,
    pair_starts: Ints,
    pair_units: Small,
    pair_allowed: NDArray[np.bool_],
    pair_cost: Ints,
    people: Ints,
    minimum: Ints,
    maximum: Ints,
    target: Ints,
    weight: Ints,
    rank: Ints,
    under: NDArray[np.bool_],
    partner_starts: Ints,
    partners: Small,
    roots: int,
    max_units: int,
    most_groups: bool,
) -> tuple[Ints, Ints, int]:
    """Return the best groups (bits) of a few units by themselves, their costs in sum, and steps.

    All connected sets are looked at, whatever their size; ``window`` has at most about 14 units. A
    step takes one or two nanoseconds.
    """
    count, measures = len(window), people.shape[1]
    ways = np.zeros((count, count), np.int64)
    meets, touch = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for one in range(count):
        for other in range(count):
            at = find_entry(pair_starts, pair_units, window[one], window[other])
            if at >= 0 and pair_allowed[at]:
                ways[one, other] = pair_cost[at]
                meets[one] |= 1 << other
        for p in range(starts[window[one]], starts[window[one] + 1]):
            for other in range(count):
                if window[other] == neighbours[p]:
                    touch[one] |= 1 << other
    masks = np.empty(1 << count, np.int64)
    costs = np.empty((1 << count, TERMS), np.int64)
    connected = np.zeros(1 << count, np.bool_)
    used, steps = 0, count << count
    for mask in range(1, 1 << count):
        size, first = 0, -1
        allowed, needed = True, False
        for k in range(count):
            if mask >> k & 1:
                size += 1
                if first < 0:
                    first = k
                if window[k] < roots:
                    needed = True
                if mask & ~(meets[k] | 1 << k):
                    allowed = False
        if not allowed or size > max_units:
            continue
        if size == 1:
            connected[mask] = True
        else:
            # connected if some unit can be taken out and touches the connected rest
            for k in range(count):
                rest = mask & ~(1 << k)
                if rest != mask and touch[k] & rest and connected[rest]:
                    connected[mask] = True
                    break
            if not connected[mask]:
                continue
            fits = needed
            for m in range(measures):
                total = 0
                for k in range(count):
                    if mask >> k & 1:
                        total += people[window[k], m]
                if total < minimum[m] or total > maximum[m]:
                    fits = False
            if not fits:
                continue
        write_cost(
            window, mask, ways, people, minimum, target, weight, rank, under, partner_starts,
            partners, most_groups, costs[used],
        )  # fmt: skip
        masks[used] = mask
        used += 1
        low = 0
        while mask >> low & 1 == 0:
            low += 1
        steps += size * size + (1 << (count - 1 - low))  # its costs, and where it may come in
    picked = best_cover(masks[:used], costs[:used], count)
    total_costs = np.zeros(TERMS, np.int64)
    for k in picked:
        total_costs += costs[k]
    return masks[picked], total_costs, steps
