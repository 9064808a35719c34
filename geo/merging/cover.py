"""The best plan of one independent piece: exactly for few units, by HiGHS for more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.merging.candidates import Pool
from geo.merging.kernels import BALANCE, BROKEN, LEFT, MAIN, TIE, TRAVEL, best_cover
from geo.merging.program import Solved, solve_levels

Ints = NDArray[np.int64]

FEW = 13  # units for which every set is looked at


@dataclass(frozen=True)
class Cover:
    """Groups chosen and, a term of the costs, what is proved.

    Parameters
    ----------
    chosen
        Rows of the pool, ascending.
    values, bounds
        By term, in the order of :mod:`geo.merging.kernels`; bound None where there is none.
    """

    chosen: Ints
    values: Mapping[int, int]
    bounds: Mapping[int, int | None]


def cover(pool: Pool, units: Ints, rows: Ints) -> Cover:
    """Choose among some groups of a pool those that cover some units once at least cost."""
    if len(units) == 1:
        chosen = rows[:1]
    elif len(units) <= FEW:
        chosen = rows[_exactly(pool, units, rows)]
    else:
        return _by_program(pool, units, rows)
    sums = pool.costs[chosen].sum(axis=0)
    values = {term: int(sums[term]) for term in (BROKEN, LEFT, MAIN, TRAVEL, BALANCE)}
    return Cover(np.sort(chosen), values, dict(values))


def masks_of(pool: Pool, units: Ints, rows: Ints) -> Ints:
    """Return the groups as bits, by place among the units."""
    place = np.zeros(int(units.max()) + 2, np.int64)  # the last is read for -1
    place[units] = np.arange(len(units))
    members = pool.members[rows]
    return np.asarray((np.where(members >= 0, 1 << place[members], 0)).sum(axis=1))


def _exactly(pool: Pool, units: Ints, rows: Ints) -> Ints:
    masks = masks_of(pool, units, rows)
    return np.asarray(best_cover(masks, pool.costs[rows], len(units)), np.int64)


def _by_program(pool: Pool, units: Ints, rows: Ints) -> Cover:
    costs = pool.costs[rows]
    place = np.zeros(int(units.max()) + 1, np.int64)
    place[units] = np.arange(len(units))
    members = pool.members[rows]
    sizes = (members >= 0).sum(axis=1)
    matrix = csr_array(
        (
            np.ones(int(sizes.sum())),
            place[members[members >= 0]],
            np.concatenate([[0], np.cumsum(sizes)]),
        ),
        shape=(len(rows), len(units)),
    )
    # Three small levels in one: the sums of the later cannot reach 1 of the earlier.
    singles = sizes == 1
    main = int(np.abs(_most(costs[:, MAIN], sizes))) + 1
    left = int(costs[singles, LEFT].sum()) + 1
    packed = (costs[:, BROKEN] * left + costs[:, LEFT]) * main + costs[:, MAIN]
    levels = [packed, costs[:, TRAVEL]]
    if costs[:, BALANCE].any():
        levels.append(costs[:, BALANCE])
    levels.append(costs[:, TIE])
    answers = solve_levels(matrix, levels, np.flatnonzero(singles))
    chosen = answers[-1].chosen
    sums = costs[chosen].sum(axis=0)
    values = {term: int(sums[term]) for term in (BROKEN, LEFT, MAIN, TRAVEL, BALANCE)}
    bounds = _unpack(answers[0], values, left, main)
    known = answers[0].proved
    bounds[TRAVEL] = answers[1].bound if known else None
    known = known and answers[1].proved
    bounds[BALANCE] = values[BALANCE]
    if len(levels) == 4:
        bounds[BALANCE] = answers[2].bound if known else None
    elif not known:
        bounds[BALANCE] = values[BALANCE] if not values[BALANCE] else None
    return Cover(np.sort(rows[chosen]), values, bounds)


def _most(cost: Ints, sizes: Ints) -> int:
    """Return the most that a level adds up to in any plan, by absolute value."""
    return int(np.ceil((np.abs(cost) / sizes).max(initial=0) * sizes[sizes == 1].sum()))


def _unpack(
    answer: Solved, values: Mapping[int, int], left: int, main: int
) -> dict[int, int | None]:
    """Return bounds of the three levels; a level has one where all before it are proved."""
    bounds: dict[int, int | None] = {BROKEN: None, LEFT: None, MAIN: None}
    if answer.bound is None:
        return bounds
    # the last level may be negative: round towards where its sum is least
    lowest = -(main - 1) if values[MAIN] < 0 else 0
    rest, least = answer.bound - lowest, (left, main)
    over, low_main = divmod(rest, least[1])
    broken, low_left = divmod(over, least[0])
    bounds[BROKEN] = broken
    if broken == values[BROKEN]:
        bounds[LEFT] = low_left
        if low_left == values[LEFT]:
            bounds[MAIN] = low_main + lowest
    return bounds
