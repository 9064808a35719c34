"""Where an assignment with capacities stands: the problem, who is where, and the start."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.service.heaps import Ints, Links, meld, new_move


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
def join(problem: Problem, places: Places, moves: Ints, row: int, pair: int) -> None:
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
def cheapest(problem: Problem, price: Ints, row: int, floor: int) -> int:
    """Return the pair of a row that costs least, its center's price included; -1 for nobody.

    ``floor`` is a lower bound of the prices of open centers. Of equal ones the first is taken.
    """
    least, at = np.int64(problem.left_out + 1), -1
    for pair in range(problem.first[row], problem.last[row]):
        cost = in_integers(problem.costs[pair], problem.scale)
        if cost + floor >= least:
            break
        k = problem.center[pair]
        if problem.capacity[k] > 0 and cost + price[k] < least:
            least, at = cost + price[k], pair
    return at


@njit(cache=True, nogil=True)
def lowest_price(problem: Problem, price: Ints) -> int:
    """Return the least price of an open center."""
    least = np.int64(problem.left_out)
    for k in range(len(price)):
        if problem.capacity[k] > 0:
            least = min(least, price[k])
    return int(least)


@njit(cache=True, nogil=True)
def start(problem: Problem, places: Places, moves: Ints) -> None:
    """Send every row to its cheapest open center; there is room for two moves a row."""
    floor = lowest_price(problem, places.price)
    places.floor[:] = floor
    for row in range(len(problem.first)):
        pair = cheapest(problem, places.price, row, floor)
        if pair < 0:
            places.out[row] = problem.weight[row]
        else:
            places.people[pair] = problem.weight[row]
            places.load[problem.center[pair]] += problem.weight[row]
            join(problem, places, moves, row, pair)
