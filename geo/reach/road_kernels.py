"""Searches on road networks, compiled: shortest ways *to* centers, in whole millionths.

Every search starts at the centers and goes against the direction of travel. Costs are integers,
so (cost, position of the center) orders labels without rounding, whatever the order of the sums.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FAR = np.int64(2**62)  # not reached

Micro = NDArray[np.int64]
Ids = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Arcs(NamedTuple):
    """Ways into each node: those of ``v`` are ``starts[v]:starts[v + 1]``.

    ``origin`` is the node one comes from, ``segment`` the piece of road; ``cost`` is by segment.
    """

    starts: Ids
    origin: Ids
    segment: Ids
    cost: Micro


class Stops(NamedTuple):
    """Places on segments, by position: costs from the tail, to the head, and of the leg on foot.

    ``at_tail`` and ``at_head`` say by which end a household leaves; to a center one comes by
    the other: ``from_tail``, ``from_head``.
    """

    segment: Ids
    along: Micro
    rest: Micro
    leg: Micro
    at_tail: Flags
    at_head: Flags
    from_tail: Flags
    from_head: Flags


class Groups(NamedTuple):
    """Positions of stops by segment: those on ``s`` are ``order[starts[s]:starts[s + 1]]``."""

    starts: Ids
    order: Ids


class Sides(NamedTuple):
    """Ends of each segment and the directions in which it may be used."""

    tail: Ids
    head: Ids
    forward: Flags
    backward: Flags


@njit(cache=True, nogil=True)
def search(arcs: Arcs, sides: Sides, centers: Stops, cutoff: np.int64) -> tuple[Micro, Ids, Ids]:
    """Return of each node the least cost to any center, which center, and the segment to take.

    Of centers at the same cost the first; -1 where there is none and, for the segment, where the
    center is on an adjacent one. Beyond ``cutoff`` nothing is searched.
    """
    count = len(arcs.starts) - 1
    cost = np.full(count, FAR)
    owner = np.full(count, -1, np.int64)
    via = np.full(count, -1, np.int64)
    heap = [(FAR, np.int64(0), np.int64(0)) for _ in range(0)]
    for center in range(len(centers.segment)):
        segment = centers.segment[center]
        if segment < 0:
            continue
        for end in range(2):
            if end == 0:
                node, allowed = sides.tail[segment], centers.from_tail[center]
                start = centers.leg[center] + centers.along[center]
            else:
                node, allowed = sides.head[segment], centers.from_head[center]
                start = centers.leg[center] + centers.rest[center]
            # centers come by position: a later one at the same cost does not replace
            if allowed and start <= cutoff and start < cost[node]:
                cost[node], owner[node] = start, center
                heappush(heap, (start, np.int64(center), node))
    while len(heap):
        least, place, node = heappop(heap)
        if least != cost[node] or place != owner[node]:
            continue
        for arc in range(arcs.starts[node], arcs.starts[node + 1]):
            origin, segment = arcs.origin[arc], arcs.segment[arc]
            further = least + arcs.cost[segment]
            better = further < cost[origin]
            if (better or (further == cost[origin] and place < owner[origin])) and (
                further <= cutoff
            ):
                cost[origin], owner[origin], via[origin] = further, place, segment
                heappush(heap, (further, place, origin))
    return cost, owner, via


@njit(cache=True, nogil=True)
def choose(
    cost: Micro, owner: Ids, sides: Sides, homes: Stops, centers: Stops, on_segment: Groups
) -> tuple[Micro, Ids]:
    """Return each household's least cost and its center, from what :func:`search` found."""
    count = len(homes.segment)
    best = np.full(count, FAR)
    chosen = np.full(count, -1, np.int64)
    for home in range(count):
        segment = homes.segment[home]
        if segment < 0:
            continue
        tail, head = sides.tail[segment], sides.head[segment]
        if homes.at_tail[home] and owner[tail] >= 0:
            best[home], chosen[home] = cost[tail] + homes.along[home], owner[tail]
        if homes.at_head[home] and owner[head] >= 0:
            other = cost[head] + homes.rest[home]
            if other < best[home] or (other == best[home] and owner[head] < chosen[home]):
                best[home], chosen[home] = other, owner[head]
        for place in range(on_segment.starts[segment], on_segment.starts[segment + 1]):
            center = on_segment.order[place]
            other = _between(sides, homes, home, centers, center)
            if other < best[home] or (other == best[home] and center < chosen[home]):
                best[home], chosen[home] = other, center
        if chosen[home] >= 0:
            best[home] += homes.leg[home]
    return best, chosen


@njit(cache=True, nogil=True)
def _between(sides: Sides, homes: Stops, home: int, centers: Stops, center: int) -> np.int64:
    """Return the cost along one segment, with the center's leg; ``FAR`` against a one-way."""
    segment = homes.segment[home]
    ahead = centers.along[center] - homes.along[home]
    if ahead == 0 or (ahead > 0 and sides.forward[segment]):
        return np.int64(ahead + centers.leg[center])
    if ahead < 0 and sides.backward[segment]:
        return np.int64(centers.leg[center] - ahead)
    return FAR


@njit(cache=True, nogil=True)
def pairs_within(
    arcs: Arcs,
    sides: Sides,
    homes: Stops,
    on_segment: Groups,
    at_node: Groups,
    centers: Stops,
    cutoff: np.int64,
) -> tuple[Ids, Ids, Micro]:
    """Return every pair of household and center up to ``cutoff``, by center.

    ``on_segment`` are the households, ``at_node`` the segments with households at each node.
    The arrays of one search serve the next: only what it touched is cleared.
    """
    nodes = len(arcs.starts) - 1
    cost = np.full(nodes, FAR)
    touched = np.empty(nodes, np.int64)
    nothing = np.zeros(0, np.bool_)
    seen = np.full(len(sides.tail), -1, np.int64)
    size = 0
    room = 1024
    rows = np.empty(room, np.int64)
    columns = np.empty(room, np.int64)
    costs = np.empty(room, np.int64)
    for center in range(len(centers.segment)):
        own = centers.segment[center]
        if own < 0:
            continue
        count = _search_one(arcs, sides, centers, center, cutoff, cost, touched, nothing, 0)
        # at -1 the center's own segment, then those at every node in reach
        for step in range(-1, count):
            first, last = (0, 1)
            if step >= 0:
                first, last = at_node.starts[touched[step]], at_node.starts[touched[step] + 1]
            for place in range(first, last):
                segment = own if step < 0 else at_node.order[place]
                if seen[segment] == center:
                    continue
                seen[segment] = center
                for entry in range(on_segment.starts[segment], on_segment.starts[segment + 1]):
                    home = on_segment.order[entry]
                    least = _cost_from(cost, sides, homes, home, centers, center)
                    if least > cutoff:
                        continue
                    if size == room:
                        rows = np.concatenate((rows, np.empty(room, np.int64)))
                        columns = np.concatenate((columns, np.empty(room, np.int64)))
                        costs = np.concatenate((costs, np.empty(room, np.int64)))
                        room *= 2
                    rows[size], columns[size], costs[size] = home, center, least
                    size += 1
        for step in range(count):
            cost[touched[step]] = FAR
    return rows[:size], columns[:size], costs[:size]


@njit(cache=True, nogil=True)
def _cost_from(
    cost: Micro, sides: Sides, homes: Stops, home: int, centers: Stops, center: int
) -> np.int64:
    """Return the cost from a household, given that of the nodes; at least ``FAR`` without a way."""
    segment = homes.segment[home]
    tail, head = cost[sides.tail[segment]], cost[sides.head[segment]]
    least = FAR
    if homes.at_tail[home] and tail < FAR:
        least = tail + homes.along[home]
    if homes.at_head[home] and head < FAR:
        least = min(least, head + homes.rest[home])
    if segment == centers.segment[center]:
        least = min(least, _between(sides, homes, home, centers, center))
    return np.int64(least + homes.leg[home])


@njit(cache=True, nogil=True)
def costs_between(
    arcs: Arcs,
    sides: Sides,
    homes: Stops,
    centers: Stops,
    asked: Groups,
    household: Ids,
    cutoff: np.int64,
) -> Micro:
    """Return the cost of each pair asked for, by center; at least ``FAR`` where there is none.

    ``asked`` are the pairs of each center, ``household`` that of each pair. A search ends when
    both ends of the segments of all its households have their cost.
    """
    nodes = len(arcs.starts) - 1
    cost = np.full(nodes, FAR)
    touched = np.empty(nodes, np.int64)
    awaited = np.zeros(nodes, np.bool_)
    costs = np.full(len(household), FAR)
    for center in range(len(centers.segment)):
        pairs = asked.order[asked.starts[center] : asked.starts[center + 1]]
        if len(pairs) == 0 or centers.segment[center] < 0:
            continue
        waits = 0
        for pair in pairs:
            segment = homes.segment[household[pair]]
            if segment >= 0:
                for node in (sides.tail[segment], sides.head[segment]):
                    waits += not awaited[node]
                    awaited[node] = True
        if waits == 0:
            continue
        count = _search_one(arcs, sides, centers, center, cutoff, cost, touched, awaited, waits)
        for pair in pairs:
            home = household[pair]
            segment = homes.segment[home]
            if segment >= 0:
                costs[pair] = _cost_from(cost, sides, homes, home, centers, center)
                awaited[sides.tail[segment]] = awaited[sides.head[segment]] = False
        for step in range(count):
            cost[touched[step]] = FAR
    return costs


@njit(cache=True, nogil=True)
def _search_one(
    arcs: Arcs,
    sides: Sides,
    centers: Stops,
    center: int,
    cutoff: np.int64,
    cost: Micro,
    touched: Ids,
    awaited: Flags,
    waits: int,
) -> int:
    """Fill the costs to one center; return how many nodes were touched.

    It ends when the nodes awaited, so many, have their cost; with none of them at the cutoff.
    """
    count = 0
    heap = [(FAR, np.int64(0)) for _ in range(0)]
    segment = centers.segment[center]
    for end in range(2):
        if end == 0:
            node, allowed = sides.tail[segment], centers.from_tail[center]
            start = centers.leg[center] + centers.along[center]
        else:
            node, allowed = sides.head[segment], centers.from_head[center]
            start = centers.leg[center] + centers.rest[center]
        if allowed and start <= cutoff and start < cost[node]:
            if cost[node] == FAR:
                touched[count] = node
                count += 1
            cost[node] = start
            heappush(heap, (start, node))
    while len(heap):
        least, node = heappop(heap)
        if least != cost[node]:
            continue
        if waits > 0 and awaited[node]:
            waits -= 1
            if waits == 0:
                break
        for arc in range(arcs.starts[node], arcs.starts[node + 1]):
            origin = arcs.origin[arc]
            further = least + arcs.cost[arcs.segment[arc]]
            if further < cost[origin] and further <= cutoff:
                if cost[origin] == FAR:
                    touched[count] = origin
                    count += 1
                cost[origin] = further
                heappush(heap, (further, origin))
    return count
