"""Enumerating connected groups and covering few units by them (numba).

A group is *valid* when it is connected, has at most so many units, is above no maximum, reaches
every minimum, has no pair that must not meet (too far, kept apart), and holds a unit that needs it.
All but the minimum are inherited by connected parts, so what breaks one is never grown.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

# Columns of the costs of a group, and of their number.
BROKEN, LEFT, MAIN, TRAVEL, BALANCE, TIE = range(6)
TERMS = 6
ALL_PARTS = 7  # groups of more units are only tried against the loss of one of them
DONE, TOO_MANY_STEPS, TOO_MANY_KEPT = range(3)


@njit(cache=True, nogil=True)
def pairs_by_steps(starts: Ints, neighbours: Small, steps: int, most: int) -> tuple[Ints, Small]:
    """Return, as rows of a sparse matrix, which others lie at most so many neighbours away.

    Columns ascend. A unit itself is not among them. Where there are more than ``most`` pairs,
    nothing is returned: no rows.
    """
    count = len(starts) - 1
    seen = np.full(count, -1, np.int64)
    queue = np.empty(count, np.int32)
    found = np.empty(max(16, count * 8), np.int32)
    rows = np.zeros(count + 1, np.int64)
    used = 0
    for unit in range(count):
        seen[unit] = unit
        queue[0] = unit
        begin, end = 0, 1
        for _ in range(steps):
            until = end
            for at in range(begin, until):
                for k in range(starts[queue[at]], starts[queue[at] + 1]):
                    other = neighbours[k]
                    if seen[other] != unit:
                        seen[other] = unit
                        queue[end] = other
                        end += 1
            begin = until
        if used + end - 1 > most:
            return rows[:0], found[:0]
        if used + end - 1 > len(found):
            wider = np.empty(max(2 * len(found), used + end), np.int32)
            wider[:used] = found[:used]
            found = wider
        found[used : used + end - 1] = np.sort(queue[1:end])
        used += end - 1
        rows[unit + 1] = used
    return rows, found[:used].copy()


@njit(cache=True, nogil=True)
def find_entry(starts: Ints, columns: Small, row: int, column: int) -> int:
    """Return the position of an entry of a sparse matrix, -1 if there is none."""
    low, high = starts[row], starts[row + 1]
    while low < high:
        middle = (low + high) // 2
        if columns[middle] < column:
            low = middle + 1
        else:
            high = middle
    if low < starts[row + 1] and columns[low] == column:
        return int(low)
    return -1


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
            if reduce and _replaced(
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


@njit(cache=True, nogil=True)
def _replaced(
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


@njit(cache=True, nogil=True)
def best_cover(masks: Ints, costs: Ints, count: int) -> Small:
    """Return which groups cover each of a few units once at least cost, level by level.

    Dynamic programming over sets of units (bits), the lowest uncovered one first. Of plans that are
    equal at every level the one whose groups stand first.

    Parameters
    ----------
    masks
        Units of each group; each unit by itself must be among them.
    costs
        Shape (groups, levels).
    count
        Of units, at most about 16.
    """
    levels = costs.shape[1]
    whole = (1 << count) - 1
    lowest = np.zeros(len(masks), np.int64)
    starts = np.zeros(count + 2, np.int64)
    for k in range(len(masks)):
        while masks[k] >> lowest[k] & 1 == 0:
            lowest[k] += 1
        starts[lowest[k] + 1] += 1
    for unit in range(count):
        starts[unit + 1] += starts[unit]
    place = starts.copy()
    of_unit = np.empty(len(masks), np.int64)
    for k in range(len(masks)):
        of_unit[place[lowest[k]]] = k
        place[lowest[k]] += 1
    best = np.zeros((whole + 1, levels), np.int64)
    choice = np.full(whole + 1, -1, np.int32)
    for step in range(1, whole + 1):
        covered = whole - step
        unit = 0
        while covered >> unit & 1:
            unit += 1
        for at in range(starts[unit], starts[unit + 1]):
            k = of_unit[at]
            if masks[k] & covered:
                continue
            after = covered | masks[k]
            better = choice[covered] < 0
            if not better:
                for level in range(levels):
                    value = costs[k, level] + best[after, level]
                    if value != best[covered, level]:
                        better = value < best[covered, level]
                        break
            if better:
                choice[covered] = k
                for level in range(levels):
                    best[covered, level] = costs[k, level] + best[after, level]
    chosen = np.empty(count, np.int32)
    used, covered = 0, 0
    while covered != whole:
        chosen[used] = choice[covered]
        covered |= masks[choice[covered]]
        used += 1
    return chosen[:used]


@njit(cache=True, nogil=True)
def grow_from(
    unit: int,
    starts: Ints,
    neighbours: Small,
    pair_starts: Ints,
    pair_units: Small,
    pair_allowed: NDArray[np.bool_],
    people: Ints,
    minimum: Ints,
    maximum: Ints,
    max_units: int,
    max_visits: int,
) -> tuple[int, int, int, int]:
    """Grow one unit in every way allowed and count what stops it.

    Returns
    -------
    tuple
        How often the minimum was reached, and how often growth was stopped by the number of units,
        by a maximum, by a pair that must not meet.
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
    enough, by_units, by_people, by_pair, visits = 0, 0, 0, 0, 0
    group[0] = unit
    sums[0] = people[unit]
    mark[unit] = 1
    for k in range(starts[unit], starts[unit + 1]):
        mark[neighbours[k]] = 1
        waiting[0, waits[0]] = added[0, waits[0]] = neighbours[k]
        waits[0] += 1
    adds[0] = waits[0]
    depth = 0
    while depth >= 0 and visits < max_visits:
        if waits[depth] == 0 or depth + 1 == max_units:
            if waits[depth] > 0:
                by_units += 1
            for k in range(adds[depth]):
                mark[added[depth, k]] = 0
            depth -= 1
            continue
        waits[depth] -= 1
        other = waiting[depth, waits[depth]]
        fits = True
        for m in range(measures):
            if sums[depth, m] + people[other, m] > maximum[m]:
                fits = False
        if not fits:
            by_people += 1
            continue
        for k in range(depth + 1):
            there = find_entry(pair_starts, pair_units, group[k], other)
            if there < 0 or not pair_allowed[there]:
                fits = False
        if not fits:
            by_pair += 1
            continue
        visits += 1
        size = depth + 1
        group[size] = other
        reached = True
        for m in range(measures):
            sums[size, m] = sums[depth, m] + people[other, m]
            if sums[size, m] < minimum[m]:
                reached = False
        if reached:
            enough += 1
            continue
        waits[size] = waits[depth]
        waiting[size, : waits[depth]] = waiting[depth, : waits[depth]]
        adds[size] = 0
        for k in range(starts[other], starts[other + 1]):
            next_unit = neighbours[k]
            if mark[next_unit] == 0:
                mark[next_unit] = 1
                waiting[size, waits[size]] = next_unit
                waits[size] += 1
                added[size, adds[size]] = next_unit
                adds[size] += 1
        depth = size
    return enough, by_units, by_people, by_pair
