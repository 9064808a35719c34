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
from geo.merging.frontier import go_back, make_frontier, next_waiting, take_first, take_next
from geo.merging.helper import helper
from geo.merging.movable import Movable, fill_ways
from geo.merging.replacing import ALL_PARTS, is_replaced

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

DONE, TOO_MANY_STEPS, TOO_MANY_KEPT = range(3)


@njit(cache=True, nogil=True)
def enumerate_groups(
    units: Movable, max_units: int, reduce: bool, max_steps: int, max_kept: int
) -> tuple[Small, Ints, Small, int, int]:
    """Enumerate the valid groups of two or more units that no parts of them replace.

    Each connected set once (:mod:`geo.merging.frontier`). Units that need a group are numbered
    first, so that sets without one are never visited.

    Parameters
    ----------
    units
        What can be moved in a zone.
    max_units
        Of a group.
    reduce
        Leave out a group that two valid groups or units replace at no higher cost
        (:mod:`geo.merging.candidates` has the proof).
    max_steps, max_kept
        Where to give up; a step takes some 20 nanoseconds.

    Returns
    -------
    tuple
        Members (-1 behind the last), costs (columns as in :mod:`geo.merging.costs`), the hub of
        each, the number of steps taken, and ``DONE`` or why it gave up.
    """
    people = units.people
    frontier = make_frontier(len(people), max_units)
    group = np.empty(max_units, np.int32)
    sums = np.zeros((max_units, people.shape[1]), np.int64)
    most = np.zeros((max_units + 1, people.shape[1]), np.int64)
    ways = np.zeros((max_units, max_units), np.int64)
    kept, costs, hubs = _make_room(1024, max_units)
    used, steps = 0, 0
    for root in range(units.roots):
        steps += _most_people(units, root, most)
        group[0] = root
        sums[0] = people[root]
        take_first(frontier, units, root, root)
        depth = 0
        while depth >= 0:
            size = depth + 1
            unit = next_waiting(frontier, depth) if size < max_units else -1
            if unit < 0:
                go_back(frontier, depth)
                depth -= 1
                continue
            steps += 2
            if steps > max_steps:
                return kept[:used], costs[:used], hubs[:used], steps, TOO_MANY_STEPS
            group[size] = unit
            if not _fits(units, unit, sums[depth], most[max_units - size - 1]) or not fill_ways(
                units, group, size + 1, ways
            ):
                continue
            # what is copied and looked through below
            borders = units.starts[unit + 1] - units.starts[unit]
            steps += size + frontier.waits[depth] // 16 + borders // 4
            take_next(frontier, units, unit, size, root)
            depth = size
            enough = True
            for m in range(people.shape[1]):
                sums[depth, m] = sums[depth - 1, m] + people[unit, m]
                if sums[depth, m] < units.minimum[m]:
                    enough = False
            if not enough:
                continue
            if used == len(kept):
                if used >= max_kept:
                    return kept[:used], costs[:used], hubs[:used], steps, TOO_MANY_KEPT
                kept, costs, hubs = _widen(kept, costs, hubs)
            # and for a group that is enough, its parts: most of them are not connected
            steps += 2 * size * size + (1 << size if size < ALL_PARTS else 4 * size)
            whole = group[: size + 1]
            hub = write_cost(units, whole, (1 << (size + 1)) - 1, ways, costs[used])
            if reduce and is_replaced(units, whole, ways, costs[used]):
                continue
            hubs[used] = group[hub]
            kept[used, : size + 1] = whole
            used += 1
        frontier.known[root] = 0
    return kept[:used], costs[:used], hubs[:used], steps, DONE


@helper
def _fits(units: Movable, unit: int, sums: Ints, most: Ints) -> bool:
    """Whether a unit makes a group not too many, nor too few whoever may still come."""
    for m in range(len(sums)):
        total = sums[m] + units.people[unit, m]
        if total > units.maximum[m] or total + most[m] < units.minimum[m]:
            return False
    return True


@njit(cache=True, nogil=True)
def _make_room(room: int, max_units: int) -> tuple[Small, Ints, Small]:
    """Return room for groups: members, costs, hubs."""
    return (
        np.full((room, max_units), -1, np.int32),
        np.empty((room, TERMS), np.int64),
        np.empty(room, np.int32),
    )


@njit(cache=True, nogil=True)
def _widen(kept: Small, costs: Ints, hubs: Small) -> tuple[Small, Ints, Small]:
    """Return the same with twice the room."""
    used = len(kept)
    more_kept, more_costs, more_hubs = _make_room(2 * used, kept.shape[1])
    more_kept[:used] = kept
    more_costs[:used] = costs
    more_hubs[:used] = hubs
    return more_kept, more_costs, more_hubs


@njit(cache=True, nogil=True)
def _most_people(units: Movable, root: int, most: Ints) -> int:
    """Write the most people that 0, 1, 2 … units after a root add to it; return the steps taken."""
    size = len(most)
    most[:] = 0
    for k in range(units.pair_starts[root], units.pair_starts[root + 1]):
        unit = units.pair_units[k]
        if unit < root or not units.pair_allowed[k]:
            continue
        for m in range(most.shape[1]):
            value = units.people[unit, m]
            at = size - 1  # the largest first, in places 1 to size - 1
            if value <= most[at, m]:
                continue
            while at > 1 and most[at - 1, m] < value:
                most[at, m] = most[at - 1, m]
                at -= 1
            most[at, m] = value
    for at in range(1, size):
        for m in range(most.shape[1]):
            most[at, m] += most[at - 1, m]
    return int(units.pair_starts[root + 1] - units.pair_starts[root])
