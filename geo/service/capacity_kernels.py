"""The transportation problem with few sinks: shortest augmenting paths among the centers.

Everybody starts at the nearest open center. While a center holds more people than it takes, its
surplus moves along the cheapest chain of re-assignments (a person from it to k, one from k to l …)
to a center with a place left, or to nobody (being left out costs ``left_out``, more than any chain
of moves). Each center has a price, so that no move ever gains: cost + price of where people are
<= cost + price of anywhere else. That is the optimality condition, kept by every step; only the
surplus shrinks. (Successive shortest paths with potentials: Ahuja, Magnanti & Orlin 1993, ch. 9.)

What a person's move j -> k adds is the top of a heap a pair of centers. Pairs of a household are
only put there when the search gets as far as their cost could matter; prices are never negative,
so the cost alone says when.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.service.capacity_edges import (
    COUNT,
    FIRST,
    LEAST,
    TO,
    TOP,
    Edges,
    edge_between,
    leave,
    live,
    set_top,
)
from geo.service.heaps import (
    DISTANCE,
    DONE,
    FAR,
    HEAP,
    KEY,
    ROOM,
    ROW,
    SOURCE,
    TARGET,
    TOUCHED,
    Ints,
    Links,
    clear,
    meld,
    new_move,
    pop_move,
    put,
    take,
)

# Pairs of a row put into heaps at a time: the next ones will mostly be asked for too.
BATCH = 4
MORE_ROOM = -1
NOBODY = -2


class Problem(NamedTuple):
    """Rows with people, their pairs sorted by cost, centers; fixed while it is solved.

    ``first`` and ``last`` bound a row's pairs in ``center`` and ``costs``. Costs count in integers,
    ``scale`` to the metre or second. ``piece`` numbers the centers that hang together by
    households, ``pieces`` counts the open ones of each.
    """

    first: Ints
    last: Ints
    weight: Ints
    center: Links
    costs: NDArray[np.float64]
    scale: float
    capacity: Ints
    left_out: int
    piece: Links
    pieces: Ints


class Places(NamedTuple):
    """Who goes where, at which prices; ``floor`` is a lower bound of the prices of a piece.

    ``waiting`` and ``farthest`` are heaps of a center's people: by the next pair that is not in the
    heap of an edge, and by what being left out adds.
    """

    people: Ints
    out: Ints
    load: Ints
    price: Ints
    floor: Ints
    waiting: Ints
    farthest: Ints


class Trail(NamedTuple):
    """By which center, and which of its edges, the search came to a center (last: to nobody)."""

    center: Ints
    rank: Ints


@njit(cache=True, nogil=True)
def in_integers(cost: float, scale: float) -> int:
    """Return a cost as an integer."""
    return int(np.rint(cost * scale))


@njit(cache=True, nogil=True)
def next_open(center: Links, capacity: Ints, pair: int, last: int, but: int) -> int:
    """Return the first pair from ``pair`` on whose center takes anybody and is not ``but``."""
    while pair < last:
        k = center[pair]
        if capacity[k] > 0 and k != but:
            return pair
        pair += 1
    return -1


@njit(cache=True, nogil=True)
def _join(problem: Problem, places: Places, moves: Ints, row: int, pair: int) -> None:
    """List a row's people at the center of a pair: as farthest, as ready to go elsewhere."""
    j = problem.center[pair]
    cost = in_integers(problem.costs[pair], problem.scale)
    places.farthest[j] = meld(moves, places.farthest[j], new_move(moves, -cost, row, pair, -1))
    first, last = problem.first[row], problem.last[row]
    after = next_open(problem.center, problem.capacity, first, last, j)
    if after >= 0:
        more = in_integers(problem.costs[after], problem.scale) - cost
        fresh = new_move(moves, more, row, pair, after)
        places.waiting[j] = meld(moves, places.waiting[j], fresh)


@njit(cache=True, nogil=True)
def start(problem: Problem, places: Places, moves: Ints) -> None:
    """Send every row to its nearest open center; there is room for two moves a row."""
    for row in range(len(problem.first)):
        first, last = problem.first[row], problem.last[row]
        pair = next_open(problem.center, problem.capacity, first, last, -1)
        if pair < 0:
            places.out[row] = problem.weight[row]
        else:
            places.people[pair] = problem.weight[row]
            places.load[problem.center[pair]] += problem.weight[row]
            _join(problem, places, moves, row, pair)


@njit(cache=True, nogil=True)
def _search(
    problem: Problem,
    places: Places,
    moves: Ints,
    edges: Edges,
    queue: Ints,
    trail: Trail,
    source: int,
) -> int:
    """Find the cheapest way of one person out of a center that is too full.

    Returns the center with a place left, or ``NOBODY``, or ``MORE_ROOM``; nothing is lost then.
    Nodes of the queue are the centers, for each center the next pair of its people that is not in
    the heap of an edge (at the least distance it could lead to), and nobody.
    """
    center, costs, scale = problem.center, problem.costs, problem.scale
    capacity, pair_end = problem.capacity, problem.last
    people, load, price, waiting = places.people, places.load, places.price, places.waiting
    farthest = places.farthest
    edge, block, slot, entry, used = edges.edge, edges.block, edges.slot, edges.entry, edges.used
    came, rank = trail.center, trail.rank
    count = len(load)
    nobody = 2 * count
    floor = places.floor[problem.piece[source]]
    unseen = problem.pieces[problem.piece[source]]
    clear(queue)
    put(queue, source, 0)
    while queue[-1, HEAP] > 0:
        node = take(queue)
        if node == nobody:
            break
        if node < count:
            j = node
            queue[j, DONE] = 1
            unseen -= 1
            if load[j] < capacity[j]:
                return j
            base = queue[j, DISTANCE] - price[j]
            for n in range(block[j, COUNT]):
                place = block[j, FIRST] + n
                k = edge[place, TO]
                if edge[place, LEAST] < FAR and queue[k, DONE] == 0:
                    distance = base + edge[place, LEAST] + price[k]
                    if distance < queue[k, DISTANCE]:
                        put(queue, k, distance)
                        came[k], rank[k] = j, n
            farthest[j] = live(people, moves, farthest[j])
            distance = base + problem.left_out + moves[farthest[j], KEY]
            if distance < queue[nobody, DISTANCE]:
                put(queue, nobody, distance)
                came[count] = j
        else:
            j = node - count
            if moves[0, ROOM] < BATCH + 2 * count or used[0] + BATCH > len(entry):
                return MORE_ROOM
            base = queue[j, DISTANCE] - price[j]
            top = waiting[j]
            row, pair, to = moves[top, ROW], moves[top, SOURCE], moves[top, TARGET]
            waiting[j] = pop_move(moves, top)
            here = in_integers(costs[pair], scale)
            for _ in range(BATCH):
                k = center[to]
                more = in_integers(costs[to], scale) - here
                place = edge_between(edge, block, slot, entry, used, j, k)
                fresh = new_move(moves, more, row, pair, to)
                set_top(edge, moves, place, meld(moves, edge[place, TOP], fresh))
                if queue[k, DONE] == 0 and base + more + price[k] < queue[k, DISTANCE]:
                    put(queue, k, base + more + price[k])
                    came[k], rank[k] = j, place - block[j, FIRST]
                to = next_open(center, capacity, to + 1, pair_end[row], j)
                if to < 0:
                    break
            if to >= 0:
                fresh = new_move(moves, in_integers(costs[to], scale) - here, row, pair, to)
                waiting[j] = meld(moves, waiting[j], fresh)
        if unseen > 0:
            waiting[j] = live(people, moves, waiting[j])
            if waiting[j] >= 0:
                put(queue, count + j, base + moves[waiting[j], KEY] + floor)
    return NOBODY


@njit(cache=True, nogil=True)
def _raise_prices(
    problem: Problem, places: Places, queue: Ints, distance: int, source: int
) -> None:
    """Make the way found cost nothing beyond its prices."""
    price, raised, least = places.price, 0, FAR
    for i in range(queue[-1, TOUCHED]):
        node = queue[i, TOUCHED]
        if queue[node, DONE] == 1:
            price[node] += max(0, distance - queue[node, DISTANCE])
            raised += 1
            least = min(least, price[node])
    if raised == problem.pieces[problem.piece[source]]:
        places.floor[problem.piece[source]] = least


@njit(cache=True, nogil=True)
def _shift(
    problem: Problem,
    places: Places,
    moves: Ints,
    edges: Edges,
    trail: Trail,
    source: int,
    target: int,
) -> None:
    """Move as many people as the way takes."""
    people, load, edge, block = places.people, places.load, edges.edge, edges.block
    came, rank = trail.center, trail.rank
    many = load[source] - problem.capacity[source]
    last = target
    if target == NOBODY:
        last = came[len(load)]
        many = min(many, people[moves[places.farthest[last], SOURCE]])
    else:
        many = min(many, problem.capacity[target] - load[target])
    k = last
    while k != source:
        many = min(many, people[moves[edge[block[came[k], FIRST] + rank[k], TOP], SOURCE]])
        k = came[k]
    load[source] -= many
    if target == NOBODY:
        top = places.farthest[last]
        places.out[moves[top, ROW]] += many
        leave(people, moves, edge, block, last, moves[top, SOURCE], many)
    else:
        load[target] += many
    k = last
    while k != source:
        j = came[k]
        top = edge[block[j, FIRST] + rank[k], TOP]
        row, pair, to = moves[top, ROW], moves[top, SOURCE], moves[top, TARGET]
        leave(people, moves, edge, block, j, pair, many)
        people[to] += many
        if people[to] == many:
            _join(problem, places, moves, row, to)
        k = j


@njit(cache=True, nogil=True)
def settle(
    problem: Problem,
    places: Places,
    moves: Ints,
    edges: Edges,
    queue: Ints,
    trail: Trail,
    steps: int,
) -> int:
    """Take that many steps at most; return those left over, or ``MORE_ROOM``.

    Call again until steps are left over: then no center is too full.
    """
    for source in range(len(places.load)):
        while places.load[source] > problem.capacity[source]:
            if steps == 0:
                return 0
            if moves[0, ROOM] < 2 * len(places.load):  # a step joins at most each center once
                return MORE_ROOM
            target = _search(problem, places, moves, edges, queue, trail, source)
            if target == MORE_ROOM:
                return MORE_ROOM
            node = 2 * len(places.load) if target == NOBODY else target
            _raise_prices(problem, places, queue, queue[node, DISTANCE], source)
            _shift(problem, places, moves, edges, trail, source, target)
            steps -= 1
    return steps
