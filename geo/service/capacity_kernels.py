"""The transportation problem with few sinks: shortest augmenting paths among the centers.

Everybody starts at the nearest open center; where places are scarce, at the cheapest by prices that
are nearly right (:mod:`geo.service.capacity_prices`). While a center holds more people than it
takes, its surplus moves along the cheapest chain of re-assignments (a person from it to k, one from
k to l …) to a center with a place left, or to nobody (being left out costs ``left_out``, more than
any chain of moves). Each center has a price, so that no move ever gains: cost + price of where
people are <= cost + price of anywhere else, and who has a price is full. That is the optimality
condition, kept by every step; only the surplus shrinks. (Successive shortest paths with potentials:
Ahuja, Magnanti & Orlin 1993, ch. 9.)
"""

from __future__ import annotations

from numba import njit

from geo.service.capacity_edges import FIRST, TOP, Edges, leave
from geo.service.capacity_search import MORE_ROOM, NOBODY, search
from geo.service.capacity_state import Places, Problem, Trail, join
from geo.service.heaps import DISTANCE, DONE, FAR, ROOM, ROW, SOURCE, TARGET, TOUCHED, Ints


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
            join(problem, places, moves, row, to)
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
            target = search(problem, places, moves, edges, queue, trail, source)
            if target == MORE_ROOM:
                return MORE_ROOM
            node = 2 * len(places.load) if target == NOBODY else target
            _raise_prices(problem, places, queue, queue[node, DISTANCE], source)
            _shift(problem, places, moves, edges, trail, source, target)
            steps -= 1
    return steps
