"""The search of an assignment with capacities: the cheapest way out of a center that is too full.

What a person's move j -> k adds is the top of a heap a pair of centers. Pairs of a household are
only put there when the search gets as far as their cost could matter; prices are never negative,
so the cost alone says when.
"""

from __future__ import annotations

from numba import njit

from geo.service.capacity_edges import (
    COUNT,
    FIRST,
    LEAST,
    TO,
    TOP,
    Edges,
    edge_between,
    live,
    set_top,
)
from geo.service.capacity_state import Places, Problem, Trail, in_integers, next_open
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
    Ints,
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


@njit(cache=True, nogil=True)
def search(
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
