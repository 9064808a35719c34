"""The best plan of one independent piece: exactly for few units, by HiGHS for more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.merging.candidates import Pool
from geo.merging.costs import BALANCE, BROKEN, LEFT, MAIN, TIE, TRAVEL
from geo.merging.covering import best_cover
from geo.merging.program import Effort, Solved, solve_levels

Ints = NDArray[np.int64]

FEW = 13  # units for which every set is looked at
AROUND = 11  # units rearranged at once in large pieces
LARGE = 800  # groups from which on a good plan is looked for before it is proved
_PASSES = 6


@dataclass(frozen=True)
class Cover:
    """Groups chosen and, a term of the costs, what is proved.

    Parameters
    ----------
    chosen
        Rows of the pool, ascending.
    values, bounds
        By term, in the order of :mod:`geo.merging.costs`; bound None where there is none.
    """

    chosen: Ints
    values: Mapping[int, int]
    bounds: Mapping[int, int | None]


def cover(pool: Pool, units: Ints, rows: Ints, effort: Effort) -> Cover:
    """Choose among some groups of a pool those that cover some units once at least cost."""
    if len(units) == 1:
        chosen = rows[:1]
    elif len(units) <= FEW:
        chosen = rows[_exactly(pool, units, rows)]
    else:
        return _by_program(pool, units, rows, effort)
    sums = pool.costs[chosen].sum(axis=0)
    values = {term: int(sums[term]) for term in (BROKEN, LEFT, MAIN, TRAVEL, BALANCE)}
    return Cover(np.sort(chosen), values, dict(values))


def plan_of(pool: Pool, chosen: Ints) -> Cover:
    """Return a plan of which nothing is proved."""
    sums = pool.costs[chosen].sum(axis=0)
    values = {term: int(sums[term]) for term in (BROKEN, LEFT, MAIN, TRAVEL, BALANCE)}
    return Cover(np.sort(chosen), values, dict.fromkeys(values))


def masks_of(pool: Pool, units: Ints, rows: Ints) -> Ints:
    """Return the groups as bits, by place among the units."""
    place = np.zeros(int(units.max()) + 2, np.int64)  # the last is read for -1
    place[units] = np.arange(len(units))
    members = pool.members[rows]
    return np.asarray((np.where(members >= 0, 1 << place[members], 0)).sum(axis=1))


def _exactly(pool: Pool, units: Ints, rows: Ints) -> Ints:
    masks = masks_of(pool, units, rows)
    return np.asarray(best_cover(masks, pool.costs[rows], len(units)), np.int64)


def _by_program(pool: Pool, units: Ints, rows: Ints, effort: Effort) -> Cover:
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
    start = np.flatnonzero(singles)
    if len(rows) > LARGE:
        start = np.searchsorted(rows, rearrange(pool, rows[start], rows))
    answers = solve_levels(matrix, levels, start, effort)
    chosen = answers[-1].chosen
    if not all(answer.proved for answer in answers):
        better = np.searchsorted(rows, rearrange(pool, rows[chosen], rows))
        answers = [
            Solved(better, int(cost[better].sum()), answer.bound)
            for cost, answer in zip(levels, answers, strict=True)
        ]
        # a later level is only bounded given the values before it
        for k in range(1, len(answers)):
            if answers[k - 1].value < int(levels[k - 1][chosen].sum()):
                answers[k:] = [replace(answer, bound=None) for answer in answers[k:]]
        chosen = better
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


def rearrange(pool: Pool, plan: Ints, rows: Ints) -> Ints:
    """Improve a plan by rearranging the units around each group exactly, until nothing is gained.

    Parameters
    ----------
    plan
        Rows of the pool that cover some units once.
    rows
        Groups to choose from, ascending; those of the plan among them.
    """
    members = pool.members
    units = np.unique(members[rows][members[rows] >= 0])
    held = _holders(pool, rows, int(units.max()) + 1)
    first = _firsts(pool, rows, int(units.max()) + 1)
    chosen = np.full(int(units.max()) + 1, -1, np.int64)
    for row in plan:
        chosen[members[row][members[row] >= 0]] = row
    for _ in range(_PASSES):
        gained = False
        done: set[int] = set()
        for unit in units.tolist():
            row = int(chosen[unit])
            if row in done:
                continue
            done.add(row)
            window = around(pool, held, chosen, row, AROUND)
            if len(window) < 2:
                continue
            inside = within(pool, first, window)
            picked = inside[best_cover(masks_of(pool, window, inside), pool.costs[inside],
                                       len(window))]  # fmt: skip
            before = np.unique(chosen[window])
            gain = pool.costs[picked].sum(axis=0) - pool.costs[before].sum(axis=0)
            changed = gain[gain != 0]
            if len(changed) and changed[0] < 0:
                gained = True
                for new in picked:
                    chosen[members[new][members[new] >= 0]] = new
        if not gained:
            break
    return np.unique(chosen[units])


def _holders(pool: Pool, rows: Ints, count: int) -> list[Ints]:
    """Return the rows that hold each unit, ascending."""
    picked = pool.members[rows]
    sizes = (picked >= 0).sum(axis=1)
    units = picked[picked >= 0]
    holders = np.repeat(rows, sizes)
    order = np.argsort(units, kind="stable")
    ends = np.searchsorted(units[order], np.arange(count + 1))
    return [holders[order[ends[k] : ends[k + 1]]] for k in range(count)]


def around(pool: Pool, held: list[Ints], chosen: Ints, row: int, most: int) -> Ints:
    """Return the units of a chosen group and of the groups it could exchange units with."""
    members = pool.members
    own = members[row][members[row] >= 0]
    near = members[np.concatenate([held[unit] for unit in own])]
    others, counts = np.unique(chosen[near[near >= 0]], return_counts=True)
    found = own.tolist()
    for k in np.lexsort((others, -counts)):
        more = members[others[k]]
        more = more[more >= 0]
        if others[k] != row and len(found) + len(more) <= most:
            found += more.tolist()
            if len(found) == most:
                break
    return np.array(sorted(found), np.int64)


def within(pool: Pool, first: list[Ints], window: Ints) -> Ints:
    """Return the groups all of whose units are in a window, by the rows each unit is first of."""
    flags = np.zeros(len(first) + 1, bool)
    flags[window] = True
    flags[-1] = True  # read for -1
    rows = np.concatenate([first[unit] for unit in window])
    return np.sort(rows[flags[pool.members[rows]].all(axis=1)])


def _firsts(pool: Pool, rows: Ints, count: int) -> list[Ints]:
    """Return the rows each unit stands first in, ascending."""
    units = pool.members[rows, 0]
    order = np.argsort(units, kind="stable")
    ends = np.searchsorted(units[order], np.arange(count + 1))
    return [rows[order[ends[k] : ends[k + 1]]] for k in range(count)]
