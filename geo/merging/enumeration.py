"""Enumerating connected groups (numba).

A group is *valid* when it is connected, has at most so many units, is above no maximum, reaches
every minimum, has no pair that must not meet (too far, kept apart), and holds a unit that needs it.
All but the minimum are inherited by connected parts, so what breaks one is never grown.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.merging.costs import TERMS, write_cost
from geo.merging.pairs import find_entry
from geo.merging.replacing import ALL_PARTS, is_replaced

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

DONE, TOO_MANY_STEPS, TOO_MANY_KEPT = range(3)


@njit(cache=True, nogil=True)
def enumerate_groups(
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
    reduce: bool,
    max_steps: int,
    max_kept: int,
) -> tuple[Small, Ints, Small, int, int]:
    """Enumerate the valid groups of two or more units that no parts of them replace.

    Each connected set once (Wernicke 2006, IEEE/ACM TCBB 3(4), "ESU"): it is grown from its lowest
    unit, and a unit is added only when it is new to the neighbourhood. Units that need a group are
    numbered first, so that sets without one are never visited.

    Parameters
    ----------
    starts, neighbours
        Neighbours of each unit, rows of a sparse matrix.
    pair_starts, pair_units, pair_allowed, pair_cost
        Who may be in a group with whom, and the way *from* the row's unit *to* the column's.
    people, minimum, maximum, target
        Shape (units, measures), (measures,); a target below 0 is none.
    weight
        Of each unit's travel.
    rank
        Place of each unit in the order of codes.
    under
        Which units are under the minimum by themselves.
    partner_starts, partners
        Units each must be together with.
    roots
        Units that need a group are 0 to roots - 1.
    max_units
        Of a group.
    most_groups
        Whether ``MAIN`` is groups that reach the minimum (their negative) or healthy units touched.
    reduce
        Leave out a group that two valid groups or units replace at no higher cost
        (:mod:`geo.merging.candidates` has the proof).
    max_steps, max_kept
        Where to give up; a step takes some 20 nanoseconds.

    Returns
    -------
    tuple
        Members (-1 behind the last), costs (columns as above), the hub of each, the number of
        steps taken, and ``DONE`` or why it gave up.
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
    room = 1024
    kept = np.full((room, max_units), -1, np.int32)
    costs = np.empty((room, TERMS), np.int64)
    hubs = np.empty(room, np.int32)
    used, steps = 0, 0
    ways = np.zeros((max_units, max_units), np.int64)
    most = np.zeros((max_units + 1, measures), np.int64)
    for root in range(roots):
        steps += _most_people(root, pair_starts, pair_units, pair_allowed, people, most)
        depth = 0
        group[0] = root
        sums[0] = people[root]
        mark[root] = 1
        waits[0] = adds[0] = 0
        for k in range(starts[root], starts[root + 1]):
            other = neighbours[k]
            if other > root:
                mark[other] = 1
                waiting[0, waits[0]] = other
                waits[0] += 1
                added[0, adds[0]] = other
                adds[0] += 1
        while depth >= 0:
            if waits[depth] == 0 or depth + 1 == max_units:
                for k in range(adds[depth]):
                    mark[added[depth, k]] = 0
                depth -= 1
                continue
            waits[depth] -= 1
            unit = waiting[depth, waits[depth]]
            steps += 2
            if steps > max_steps:
                return kept[:used], costs[:used], hubs[:used], steps, TOO_MANY_STEPS
            fits = True
            size = depth + 1
            for m in range(measures):
                total = sums[depth, m] + people[unit, m]
                # too many, or too few whoever may still come
                if total > maximum[m] or total + most[max_units - size - 1, m] < minimum[m]:
                    fits = False
            k = 0
            while fits and k < size:
                there = find_entry(pair_starts, pair_units, group[k], unit)
                if there < 0 or not pair_allowed[there]:
                    fits = False
                else:
                    ways[k, size] = pair_cost[there]
                    back = find_entry(pair_starts, pair_units, unit, group[k])
                    ways[size, k] = pair_cost[back]
                k += 1
            if not fits:
                continue
            # what is copied and looked through below
            steps += size + waits[depth] // 16 + (starts[unit + 1] - starts[unit]) // 4
            group[size] = unit
            for m in range(measures):
                sums[size, m] = sums[depth, m] + people[unit, m]
            waits[size] = waits[depth]
            waiting[size, : waits[depth]] = waiting[depth, : waits[depth]]
            adds[size] = 0
            for k in range(starts[unit], starts[unit + 1]):
                other = neighbours[k]
                if other > root and mark[other] == 0:
                    mark[other] = 1
                    waiting[size, waits[size]] = other
                    waits[size] += 1
                    added[size, adds[size]] = other
                    adds[size] += 1
            depth = size
            enough = True
            for m in range(measures):
                if sums[depth, m] < minimum[m]:
                    enough = False
            if not enough:
                continue
            if used == room:
                if used >= max_kept:
                    return kept[:used], costs[:used], hubs[:used], steps, TOO_MANY_KEPT
                room *= 2
                more_kept = np.full((room, max_units), -1, np.int32)
                more_kept[:used] = kept
                more_costs = np.empty((room, TERMS), np.int64)
                more_costs[:used] = costs
                more_hubs = np.empty(room, np.int32)
                more_hubs[:used] = hubs
                kept, costs, hubs = more_kept, more_costs, more_hubs
            # and for a group that is enough, its parts: most of them are not connected
            steps += 2 * size * size + (1 << size if size < ALL_PARTS else 4 * size)
            hub = write_cost(
                group[: depth + 1], (1 << (depth + 1)) - 1, ways, people, minimum, target, weight,
                rank, under, partner_starts, partners, most_groups, costs[used],
            )  # fmt: skip
            if reduce and is_replaced(
                group[: depth + 1], ways, starts, neighbours, people, minimum, target, weight, rank,
                under, partner_starts, partners, roots, most_groups, costs[used],
            ):  # fmt: skip
                continue
            hubs[used] = group[hub]
            kept[used, : depth + 1] = group[: depth + 1]
            used += 1
        mark[root] = 0
    return kept[:used], costs[:used], hubs[:used], steps, DONE


@njit(cache=True, nogil=True)
def _most_people(
    root: int,
    pair_starts: Ints,
    pair_units: Small,
    pair_allowed: NDArray[np.bool_],
    people: Ints,
    most: Ints,
) -> int:
    """Write the most people that 0, 1, 2 … units after a root add to it; return the steps taken."""
    size = len(most)
    most[:] = 0
    for k in range(pair_starts[root], pair_starts[root + 1]):
        unit = pair_units[k]
        if unit < root or not pair_allowed[k]:
            continue
        for m in range(people.shape[1]):
            value = people[unit, m]
            at = size - 1  # the largest first, in places 1 to size - 1
            if value <= most[at, m]:
                continue
            while at > 1 and most[at - 1, m] < value:
                most[at, m] = most[at - 1, m]
                at -= 1
            most[at, m] = value
    for at in range(1, size):
        for m in range(people.shape[1]):
            most[at, m] += most[at - 1, m]
    return int(pair_starts[root + 1] - pair_starts[root])
