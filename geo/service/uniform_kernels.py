"""How many people find a place within a limit: maximum flow from households to few centers.

Dinic's method on the centers alone: a person of ``j`` who could as well go to ``k`` is a step from
``j`` to ``k``. All pairs within a limit are the first ones of each household, so no graph is built.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from geo.reach.matrix import Costs, Positions
from geo.service.heaps import Ints


@njit(cache=True, nogil=True)
def pairs_within(starts: Ints, costs: Costs, limit: float) -> Ints:
    """Return where each household's pairs within the limit end."""
    ends = np.empty(len(starts) - 1, np.int64)
    for row in range(len(ends)):
        ends[row] = starts[row] + np.searchsorted(
            costs[starts[row] : starts[row + 1]], limit, side="right"
        )
    return ends


@njit(cache=True, nogil=True)
def _members(
    starts: Ints, ends: Ints, centers: Positions, people: Ints, count: int
) -> tuple[Ints, Ints, Ints]:
    """Return (first of each center, row, pair) of all pairs people go by."""
    first = np.zeros(count + 1, np.int64)
    for row in range(len(ends)):
        for pair in range(starts[row], ends[row]):
            if people[pair] > 0:
                first[centers[pair] + 1] += 1
    first = np.cumsum(first)
    filled = first[:-1].copy()
    rows, pairs = np.empty(first[-1], np.int64), np.empty(first[-1], np.int64)
    for row in range(len(ends)):
        for pair in range(starts[row], ends[row]):
            if people[pair] > 0:
                at = filled[centers[pair]]
                rows[at], pairs[at] = row, pair
                filled[centers[pair]] += 1
    return first, rows, pairs


@njit(cache=True, nogil=True)
def _levels(
    starts: Ints, ends: Ints, centers: Positions, spare: Ints, left: Ints, first: Ints, rows: Ints
) -> tuple[Ints, bool]:
    """Return how many steps each center is from those left out, and whether one has a place.

    -1 is out of reach.
    """
    level = np.full(len(spare), -1, np.int64)
    queue = np.empty(len(spare), np.int64)
    size, found = 0, False
    for row in range(len(ends)):
        if left[row] > 0:
            for pair in range(starts[row], ends[row]):
                k = centers[pair]
                if level[k] < 0:
                    level[k] = 0
                    queue[size] = k
                    size += 1
                    found = found or spare[k] > 0
    at = 0
    while at < size:
        j = queue[at]
        at += 1
        if spare[j] > 0:
            continue
        for i in range(first[j], first[j + 1]):
            for pair in range(starts[rows[i]], ends[rows[i]]):
                k = centers[pair]
                if level[k] < 0:
                    level[k] = level[j] + 1
                    queue[size] = k
                    size += 1
                    found = found or spare[k] > 0
    return level, found


@njit(cache=True, nogil=True)
def serve(
    starts: Ints,
    ends: Ints,
    centers: Positions,
    spare: Ints,
    left: Ints,
    people: Ints,
    enough: int,
) -> Ints:
    """Find places for as many as possible, or until no more than ``enough`` are left out.

    ``spare``, ``left`` and ``people`` are what is there already and are changed. Returns the levels
    of the last search: of centers those left out get to.
    """
    count = len(spare)
    for row in range(len(ends)):
        for pair in range(starts[row], ends[row]):
            many = min(left[row], spare[centers[pair]])
            people[pair] += many
            left[row] -= many
            spare[centers[pair]] -= many
    at = np.empty(count + 1, np.int64)
    into, out = np.empty_like(at), np.empty_like(at)
    while True:
        first, rows, pairs = _members(starts, ends, centers, people, count)
        level, found = _levels(starts, ends, centers, spare, left, first, rows)
        if not found or left.sum() <= enough:
            return level
        member = first[:-1].copy()
        cursor = np.full(count, -1, np.int64)
        for row in range(len(ends)):
            pair = starts[row]
            while left[row] > 0 and pair < ends[row]:
                if level[centers[pair]] != 0:
                    pair += 1
                    continue
                depth = 0
                at[0], into[0] = centers[pair], pair
                while depth >= 0 and spare[at[depth]] == 0:
                    j = at[depth]
                    step = -1
                    while member[j] < first[j + 1] and step < 0:
                        i = member[j]
                        if people[pairs[i]] > 0:
                            if cursor[j] < 0:
                                cursor[j] = starts[rows[i]]
                            while cursor[j] < ends[rows[i]]:
                                if level[centers[cursor[j]]] == level[j] + 1:
                                    step = cursor[j]
                                    break
                                cursor[j] += 1
                        if step < 0:
                            member[j] += 1
                            cursor[j] = -1
                    if step < 0:
                        level[j] = -1  # a dead end
                        depth -= 1
                    else:
                        depth += 1
                        at[depth], into[depth] = centers[step], step
                        out[depth] = pairs[member[j]]
                if depth >= 0:
                    many = min(left[row], spare[at[depth]])
                    for d in range(1, depth + 1):
                        many = min(many, people[out[d]])
                    left[row] -= many
                    spare[at[depth]] -= many
                    people[into[0]] += many
                    for d in range(1, depth + 1):
                        people[out[d]] -= many
                        people[into[d]] += many


@njit(cache=True, nogil=True)
def most_served(
    starts: Ints, ends: Ints, centers: Positions, capacity: Ints, weights: Ints, level: Ints
) -> int:
    """Return how many can be served at most: a bound for whatever set of centers has a level.

    Who gets to a center outside the set may be served; of all others no more than the set takes.
    """
    most = np.int64(0)
    for k in range(len(capacity)):
        if level[k] >= 0:
            most += capacity[k]
    for row in range(len(ends)):
        for pair in range(starts[row], ends[row]):
            if level[centers[pair]] < 0:
                most += weights[row]
                break
    return int(most)
