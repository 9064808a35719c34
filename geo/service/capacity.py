"""Who goes where when centers take only so many: the assignment of least total way, proved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from geo.reach.matrix import Positions, Reach
from geo.service.assignment import Assignment, Choice, Reason, Worth, make_assignment
from geo.service.capacity_edges import make_edges
from geo.service.capacity_forest import unsplit
from geo.service.capacity_kernels import settle
from geo.service.capacity_prices import first_prices
from geo.service.capacity_proof import lower_prices, price_out, total_cost
from geo.service.capacity_rows import Rows, find_pieces, make_rows, spread
from geo.service.capacity_search import BATCH, MORE_ROOM
from geo.service.capacity_state import Places, Problem, Trail, start
from geo.service.heaps import FAR, ROOM, Ints, make_moves, make_queue
from geo.service.quantiles import whole_weights

__all__ = ["UNLIMITED", "Assignment", "Choice", "Reason", "Worth", "assign", "first_fit"]

UNLIMITED = -1
# The proof counts in integers: costs are rounded to the millimetre, the thousandth of a second.
PER_UNIT = 1000.0
STEPS = 500  # between two looks at whether to go on


def assign(
    reach: Reach,
    weights: ArrayLike,
    capacity: ArrayLike | None,
    *,
    progress: Callable[[float], None] | None = None,
) -> Assignment:
    """Assign people to centers: fewest left out, and of all such ways the least person-cost.

    A transportation problem, solved exactly by shortest augmenting paths among the centers
    (:mod:`geo.service.capacity_kernels`); the answer carries its own proof (:class:`Worth`).

    Parameters
    ----------
    reach
        Which centers each household gets to. What it does not hold is never used.
    weights
        People of each household, integers of at least 0.
    capacity
        Places at each center: 0 takes nobody, negative or NaN is unlimited; a fraction of a place
        is none. ``None``: all are unlimited.
    progress
        Is told now and then which part of the surplus has found its place, from 0 to 1; whatever
        it raises ends the computation.

    Returns
    -------
    Assignment
        With m centers at most m households are split. Equal choices go to the centers' order, then
        to what a household reaches, then to the households' order: hand both over sorted by code
        and no other order matters.

    Raises
    ------
    GeoError
        ``parameter_value`` for weights that are no whole numbers of at least 0.
    ValueError
        Numbers of households or centers that are not those of ``reach``.

    Examples
    --------
    Three people, the near center takes two. Who goes to the far one is who loses least by it.

    >>> reach = Reach.of_pairs([0, 0, 1, 1], [0, 1, 0, 1], [1.0, 9.0, 2.0, 3.0], shape=(2, 2),
    ...                        limit=10.0)
    >>> found = assign(reach, [2, 1], [2, -1])
    >>> found.main_center, found.cost, found.worth.proved
    (array([0, 1], dtype=int32), 5.0, True)
    >>> found.worth.more_cost
    array([-1.,  0.])
    """
    people, places_of = people_of(reach, weights), capacity_of(reach, capacity)
    scale, left_out = _scale(reach, people, places_of)
    rows = make_rows(reach, people, scale)
    problem = _problem(reach, people, places_of, rows, scale, left_out)
    places = _solve(problem, progress)
    unsplit(problem, places)
    queue = make_queue(len(places.load))
    lower_prices(problem, places, queue)
    worth, cost = _prove(problem, places, scale)
    of_pairs, overflow = np.zeros(len(reach.costs), np.int64), np.zeros(len(people), np.int64)
    spread(rows, reach.starts, people, places.people, places.out, of_pairs, overflow)
    return make_assignment("least_cost", reach, people, places_of, of_pairs, overflow, cost, worth)


def first_fit(reach: Reach, weights: ArrayLike, capacity: ArrayLike | None) -> Assignment:
    """Assign by distance: pairs by ascending cost, each takes as many as there are places left.

    What people do who are not told where to go. It leaves out more, and goes farther in all, than
    :func:`assign`. Equal costs go to the households' order, then the centers'.

    Parameters and errors are those of :func:`assign`.
    """
    people, places_of = people_of(reach, weights), capacity_of(reach, capacity)
    scale, _ = _scale(reach, people, places_of)
    order = np.argsort(reach.costs, kind="stable")
    of_pairs, overflow = np.zeros(len(reach.costs), np.int64), people.copy()
    left = np.where(places_of < 0, people.sum(), places_of)
    _fill(order, reach.households, reach.centers, left, overflow, of_pairs)
    cost = float(of_pairs @ np.rint(reach.costs * scale)) / scale
    return make_assignment("first_fit", reach, people, places_of, of_pairs, overflow, cost, None)


def people_of(reach: Reach, weights: ArrayLike) -> Ints:
    """Return people a household, checked."""
    people = whole_weights(weights)
    if people.shape != (reach.household_count,):
        raise ValueError("one weight for each household")
    return people


def capacity_of(reach: Reach, capacity: ArrayLike | None) -> Ints:
    """Return places a center, -1 for unlimited."""
    if capacity is None:
        return np.full(reach.center_count, UNLIMITED, np.int64)
    given = np.asarray(capacity, np.float64)
    if given.shape != (reach.center_count,):
        raise ValueError("one capacity for each center")
    # so many are never there, and int64 has an end
    limited = (given >= 0) & (given < 2.0**53)
    return np.where(limited, np.where(limited, given, 0.0), UNLIMITED).astype(np.int64)


def _scale(reach: Reach, people: Ints, capacity: Ints) -> tuple[float, int]:
    """Return integers per metre or second, and what leaving out a person costs in them.

    More than twice any chain of re-assignments, so that the sign of a price tells whether it
    takes somebody in. Costs no county has (a million km) are counted coarser, lest they overflow.
    """
    farthest = float(reach.costs.max(initial=0.0))
    scale = PER_UNIT
    while True:
        most = int(np.rint(farthest * scale))
        left_out = 2 * most * len(capacity) + 1
        if 4 * left_out < FAR and most * int(people.sum()) < FAR:
            return scale, left_out
        scale /= 10


def _problem(
    reach: Reach, people: Ints, capacity: Ints, rows: Rows, scale: float, left_out: int
) -> Problem:
    total = int(people.sum())
    stands = rows.members[rows.starts[:-1]]
    first, last = reach.starts[:-1][stands], reach.starts[1:][stands]
    limits = np.where(capacity < 0, total, np.minimum(capacity, total))
    piece = find_pieces(first, last, reach.centers, limits)
    weight = np.add.reduceat(people[rows.members], rows.starts[:-1]) if len(stands) else people[:0]
    return Problem(
        first,
        last,
        weight,
        reach.centers,
        reach.costs,
        scale,
        limits,
        left_out,
        piece,
        np.bincount(piece[limits > 0], minlength=len(limits)),
    )


def _solve(problem: Problem, progress: Callable[[float], None] | None) -> Places:
    count = len(problem.capacity)
    places = Places(
        np.zeros(len(problem.costs), np.int64),
        np.zeros(len(problem.first), np.int64),
        np.zeros(count, np.int64),
        first_prices(problem),
        np.zeros(count, np.int64),
        *(np.full(count, -1, np.int64) for _ in range(2)),
    )
    moves = make_moves(4 * (len(problem.first) + count) + 64)
    start(problem, places, moves)
    edges = make_edges(64 + 8 * count, count)
    queue = make_queue(2 * count + 1)
    trail = Trail(np.empty(count + 1, np.int64), np.empty(count, np.int64))
    surplus = np.maximum(places.load - problem.capacity, 0).sum()
    while True:
        left = settle(problem, places, moves, edges, queue, trail, STEPS)
        if left > 0:
            return places
        if left == MORE_ROOM:
            if moves[0, ROOM] < 2 * count + BATCH:
                moves = make_moves(2 * len(moves), moves)
            if edges.used[0] + BATCH > len(edges.entry):
                edges = make_edges(2 * len(edges.entry), count, edges)
        elif progress is not None:
            rest = np.maximum(places.load - problem.capacity, 0).sum()
            progress(float(1 - rest / max(surplus, 1)))


def _prove(problem: Problem, places: Places, scale: float) -> tuple[Worth, float]:
    """Return worth and cost, the bound computed from the prices alone."""
    high, low = price_out(problem, places.price)
    closed = problem.capacity == 0
    paid = sum(
        price * limit
        for price, limit in zip(
            places.price[~closed].tolist(), problem.capacity[~closed].tolist(), strict=True
        )
    )
    out = int(places.out.sum()) * problem.left_out
    bound = int(high) * 2**31 + int(low) - paid - out
    cost = int(total_cost(problem, places.people))
    takes_in = places.price > problem.left_out // 2
    saved = np.where(takes_in, places.price - problem.left_out, places.price)
    kept = bool((places.load <= problem.capacity).all())
    worth = Worth(
        takes_in.astype(np.int8), (0 - saved) / scale, bound / scale, kept and cost == bound
    )
    return worth, cost / scale


@njit(cache=True, nogil=True)
def _fill(
    order: Ints, households: Positions, centers: Positions, left: Ints, waiting: Ints, people: Ints
) -> None:
    for pair in order:
        many = min(left[centers[pair]], waiting[households[pair]])
        people[pair] = many
        left[centers[pair]] -= many
        waiting[households[pair]] -= many
