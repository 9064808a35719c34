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

from geo.service.heaps import (
    Ints,
    Links,
    Moves,
    Queue,
    clear,
    meld,
    new_move,
    pop_move,
    put,
    take,
)

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
    """Who goes where, at which prices; ``floor`` is a lower bound of the prices of a piece."""

    people: Ints
    out: Ints
    load: Ints
    price: Ints
    floor: Ints
    waiting: Ints
    farthest: Ints


class Edges(NamedTuple):
    """Pairs of centers (from, to) with the heap of moves between them, in a hash table.

    ``used`` holds (edges used, edges there is room for).
    """

    slots: Links
    key: Ints
    to: Links
    after: Links
    top: Ints
    first: Links
    used: Ints


class Trail(NamedTuple):
    """By which center, and which of its edges, the search came to a center."""

    center: Links
    edge: Links


def make_edges(room: int, centers: int, old: Edges | None = None) -> Edges:
    """Return room for that many edges, those of ``old`` in their places."""
    edges = Edges(
        np.full(2 * room, -1, np.int32),
        np.empty(room, np.int64),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int64),
        np.full(centers, -1, np.int32) if old is None else old.first,
        np.array([0, room], np.int64),
    )
    if old is not None:
        count = old.used[0]
        edges.used[0] = count
        for into, values in zip(edges[1:5], old[1:5], strict=True):
            into[:count] = values[:count]
        _hash(edges)
    return edges


@njit(cache=True, nogil=True)
def _slot(edges: Edges, key: int) -> int:
    size = np.uint64(len(edges.slots))
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    slot = np.int64((mixed ^ (mixed >> np.uint64(29))) % size)
    while edges.slots[slot] >= 0 and edges.key[edges.slots[slot]] != key:
        slot = slot + 1 if slot + 1 < len(edges.slots) else 0
    return slot


@njit(cache=True, nogil=True)
def _hash(edges: Edges) -> None:
    for edge in range(edges.used[0]):
        edges.slots[_slot(edges, edges.key[edge])] = edge


@njit(cache=True, nogil=True)
def _edge(edges: Edges, j: int, k: int) -> int:
    key = j * len(edges.first) + k
    slot = _slot(edges, key)
    edge = edges.slots[slot]
    if edge < 0:
        edge = edges.used[0]
        edges.used[0] += 1
        edges.slots[slot] = edge
        edges.key[edge], edges.to[edge], edges.top[edge] = key, k, -1
        edges.after[edge] = edges.first[j]
        edges.first[j] = edge
    return edge


@njit(cache=True, nogil=True)
def cost_of(problem: Problem, pair: int) -> int:
    """Return the cost of a pair as an integer."""
    return np.int64(np.rint(problem.costs[pair] * problem.scale))


@njit(cache=True, nogil=True)
def next_open(problem: Problem, row: int, pair: int, but: int) -> int:
    """Return the first pair from ``pair`` on whose center takes anybody and is not ``but``."""
    while pair < problem.last[row]:
        k = problem.center[pair]
        if problem.capacity[k] > 0 and k != but:
            return pair
        pair += 1
    return -1


@njit(cache=True, nogil=True)
def _join(problem: Problem, places: Places, moves: Moves, row: int, pair: int) -> None:
    """List a row's people at the center of a pair: as farthest, as ready to go elsewhere."""
    j = problem.center[pair]
    cost = cost_of(problem, pair)
    node = new_move(moves, -cost, row, pair, -1)
    places.farthest[j] = meld(moves, places.farthest[j], node)
    after = next_open(problem, row, problem.first[row], j)
    if after >= 0:
        node = new_move(moves, cost_of(problem, after) - cost, row, pair, after)
        places.waiting[j] = meld(moves, places.waiting[j], node)


@njit(cache=True, nogil=True)
def start(problem: Problem, places: Places, moves: Moves) -> None:
    """Send every row to its nearest open center; there is room for two moves a row."""
    for row in range(len(problem.first)):
        pair = next_open(problem, row, problem.first[row], -1)
        if pair < 0:
            places.out[row] = problem.weight[row]
        else:
            places.people[pair] = problem.weight[row]
            places.load[problem.center[pair]] += problem.weight[row]
            _join(problem, places, moves, row, pair)


@njit(cache=True, nogil=True)
def _live(places: Places, moves: Moves, top: int) -> int:
    """Return the heap without moves of people who have left."""
    while top >= 0 and places.people[moves.source[top]] == 0:
        top = pop_move(moves, top)
    return top


@njit(cache=True, nogil=True)
def _reach(
    problem: Problem,
    places: Places,
    queue: Queue,
    trail: Trail,
    j: int,
    move: int,
    k: int,
    edge: int,
) -> None:
    """Come to center ``k`` from ``j`` by a move, if that is nearer than before."""
    if not queue.done[k]:
        distance = queue.distance[j] + move + places.price[k] - places.price[j]
        if distance < queue.distance[k]:
            put(queue, k, distance)
            trail.center[k], trail.edge[k] = j, edge


@njit(cache=True, nogil=True)
def _expect(problem: Problem, places: Places, moves: Moves, queue: Queue, j: int) -> None:
    """Queue the next pair not yet in a heap, at the least distance it could lead to."""
    places.waiting[j] = _live(places, moves, places.waiting[j])
    if places.waiting[j] >= 0:
        floor = places.floor[problem.piece[j]]
        least = queue.distance[j] + moves.key[places.waiting[j]] - places.price[j] + floor
        put(queue, len(places.load) + j, least)


@njit(cache=True, nogil=True)
def search(
    problem: Problem,
    places: Places,
    moves: Moves,
    edges: Edges,
    queue: Queue,
    trail: Trail,
    source: int,
) -> int:
    """Find the cheapest way of one person out of a center that is too full.

    Returns the center with a place left, or ``NOBODY`` (with ``trail`` for the node after the
    last), or ``MORE_ROOM``: then nothing has been lost.
    """
    clear(queue)
    count = len(places.load)
    nobody = 2 * count
    unseen = problem.pieces[problem.piece[source]]
    put(queue, source, 0)
    while queue.size[0] > 0:
        node = take(queue)
        if node == nobody:
            return NOBODY
        if node < count:
            queue.done[node] = True
            unseen -= 1
            if places.load[node] < problem.capacity[node]:
                return node
            edge = edges.first[node]
            while edge >= 0:
                k = edges.to[edge]
                if not queue.done[k]:
                    edges.top[edge] = _live(places, moves, edges.top[edge])
                    if edges.top[edge] >= 0:
                        move = moves.key[edges.top[edge]]
                        _reach(problem, places, queue, trail, node, move, k, edge)
                edge = edges.after[edge]
            _expect(problem, places, moves, queue, node)
            places.farthest[node] = _live(places, moves, places.farthest[node])
            out = queue.distance[node] + problem.left_out - places.price[node]
            out += moves.key[places.farthest[node]]
            if out < queue.distance[nobody]:
                put(queue, nobody, out)
                trail.center[count] = node
        elif unseen > 0:
            if moves.used[2] < 1 or edges.used[0] == edges.used[1]:
                return MORE_ROOM
            j = node - count
            top = places.waiting[j]
            row, pair, to = moves.row[top], moves.source[top], moves.target[top]
            move = moves.key[top]
            places.waiting[j] = pop_move(moves, top)
            k = problem.center[to]
            edge = _edge(edges, j, k)
            fresh = new_move(moves, move, row, pair, to)
            edges.top[edge] = meld(moves, edges.top[edge], fresh)
            after = next_open(problem, row, to + 1, j)
            if after >= 0:
                move_after = cost_of(problem, after) - cost_of(problem, pair)
                fresh = new_move(moves, move_after, row, pair, after)
                places.waiting[j] = meld(moves, places.waiting[j], fresh)
            _reach(problem, places, queue, trail, j, move, k, edge)
            _expect(problem, places, moves, queue, j)
    return NOBODY


@njit(cache=True, nogil=True)
def _raise_prices(
    problem: Problem, places: Places, queue: Queue, distance: int, source: int
) -> None:
    """Make the way found cost nothing beyond its prices."""
    count = len(places.load)
    piece = problem.piece[source]
    raised = 0
    least = np.int64(2) ** 62
    for i in range(queue.size[1]):
        node = queue.touched[i]
        if node < count and queue.done[node]:
            places.price[node] += max(0, distance - queue.distance[node])
            raised += 1
            least = min(least, places.price[node])
    if raised == problem.pieces[piece]:
        places.floor[piece] = least


@njit(cache=True, nogil=True)
def _shift(
    problem: Problem,
    places: Places,
    moves: Moves,
    edges: Edges,
    trail: Trail,
    source: int,
    target: int,
) -> int:
    """Move as many people as the way takes; return how many."""
    last = target
    many = places.load[source] - problem.capacity[source]
    if target == NOBODY:
        last = trail.center[len(places.load)]
        many = min(many, places.people[moves.source[places.farthest[last]]])
    else:
        many = min(many, problem.capacity[target] - places.load[target])
    k = last
    while k != source:
        many = min(many, places.people[moves.source[edges.top[trail.edge[k]]]])
        k = trail.center[k]
    if target == NOBODY:
        top = places.farthest[last]
        places.people[moves.source[top]] -= many
        places.out[moves.row[top]] += many
    else:
        places.load[target] += many
    places.load[source] -= many
    k = last
    while k != source:
        top = edges.top[trail.edge[k]]
        row, pair, to = moves.row[top], moves.source[top], moves.target[top]
        places.people[pair] -= many
        places.people[to] += many
        if places.people[to] == many:
            _join(problem, places, moves, row, to)
        k = trail.center[k]
    return many


@njit(cache=True, nogil=True)
def settle(
    problem: Problem,
    places: Places,
    moves: Moves,
    edges: Edges,
    queue: Queue,
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
            if moves.used[2] < 2 * len(places.load):
                return MORE_ROOM
            target = search(problem, places, moves, edges, queue, trail, source)
            if target == MORE_ROOM:
                return MORE_ROOM
            node = 2 * len(places.load) if target == NOBODY else target
            _raise_prices(problem, places, queue, queue.distance[node], source)
            _shift(problem, places, moves, edges, trail, source, target)
            steps -= 1
    return steps
