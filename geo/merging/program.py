"""Set partitioning as an integer program, level by level, by HiGHS.

    minimise   Σ cost[c] x[c]
    subject to Σ x[c] over groups c that hold unit u = 1   for every unit u,   x binary,
               earlier levels at their values.

Once a level is solved to value z with a linear relaxation of z' and reduced costs r, every plan of
value z uses only groups with r ≤ z - z'. The others are dropped for the levels after it; where
z = z' the rest has no worse plan, so the row that would hold the level is not needed. Costs are
whole numbers, so a bound less than 1 below the value proves it.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Never a clock: the same question has the same answer on a busy machine.
MOST_NODES = 200
MOST_STEPS = 60_000
MOST_BRANCHED = 2_500  # groups among which whole plans are searched
MANY = 4_000  # groups taken in at once
MOST_ROUNDS = 60
_FIRST, _MORE = 25, 12  # groups a unit taken in at first, and each time
_WHOLE = 1e-6
# Of the largest reduced cost or objective; what floats of the solver may be off by.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Solved:
    """A level solved.

    Parameters
    ----------
    chosen
        Positions of groups.
    value
        Their cost.
    bound
        No plan costs less; None where that is not known.
    """

    chosen: Ints
    value: int
    bound: int | None

    @property
    def proved(self) -> bool:
        """Whether nothing is better."""
        return self.bound is not None and self.bound >= self.value


def solve_levels(groups: csr_array, levels: list[Ints], start: Ints) -> list[Solved]:
    """Choose groups that cover each unit once, least at the first level, then the next, and so on.

    Parameters
    ----------
    groups
        Matrix (groups, units) of ones.
    levels
        Whole costs of the groups.
    start
        Positions of the groups of any plan.

    Returns
    -------
    list of Solved
        One a level, all with the plan of the last. A bound holds given the values before it.
    """
    active = np.arange(groups.shape[0])
    held: list[int] = []  # levels that need a row of their own
    best = np.sort(start)
    bounds: list[int | None] = []
    values: list[int] = []
    for level, cost in enumerate(levels):
        found = _solve_level(groups, levels, cost, active, best, held, values)
        if found is not None and _keeps(found.best, levels, values):
            pass
        elif found is not None:
            # rounding let a group in that an earlier level excludes: hold all of them by rows
            held = list(range(level))
            found = _solve_level(groups, levels, cost, active, best, held, values)
            if found is not None and not _keeps(found.best, levels, values):
                found = None
        if found is None:
            bounds.append(None)
            values.append(int(cost[best].sum()))
            held.append(level)
            continue
        best, active = found.best, found.active
        bounds.append(found.bound)
        values.append(int(cost[best].sum()))
        if found.open:
            held.append(level)
    return [Solved(best, value, bound) for value, bound in zip(values, bounds, strict=True)]


def _keeps(plan: Ints, levels: list[Ints], values: list[int]) -> bool:
    return all(int(cost[plan].sum()) == value for cost, value in zip(levels, values, strict=False))


@dataclass(frozen=True)
class _Found:
    """One level's plan and bound, the groups that stay, whether the level needs its row."""

    best: Ints
    bound: int
    active: Ints
    open: bool


def _solve_level(
    groups: csr_array,
    levels: list[Ints],
    cost: Ints,
    active: Ints,
    best: Ints,
    held: list[int],
    values: list[int],
) -> _Found | None:
    rows = [(levels[k][active], values[k]) for k in held]
    at_hand = np.searchsorted(active, best)
    relaxed = _relax(groups[active], cost[active], rows, at_hand)
    if relaxed is None:
        return None
    lower, reduced, x = relaxed
    slack = max(_WHOLE, _ROUNDING * max(abs(lower), float(np.abs(cost[active]).max(initial=0))))
    bound = int(np.ceil(lower - slack))
    value = int(cost[best].sum())
    if x is not None and _is_whole(x):
        best = active[x > 0.5]
    elif bound < value:
        keep = reduced <= value - lower + slack
        keep[at_hand] = True
        best, bound = _branch(groups, active[keep], rows, keep, best, cost, bound)
    value = int(cost[best].sum())
    keep = reduced <= value - lower + slack
    keep[np.searchsorted(active, best)] = True
    return _Found(best, min(bound, value), active[keep], value - lower > slack)


def _relax(
    groups: csr_array, cost: Ints, held: list[tuple[Ints, int]], plan: Ints
) -> tuple[float, Floats, Floats | None] | None:
    """Solve without wholeness; return a bound, reduced costs, and the solution where it is whole.

    Many groups are taken in by columns: those that the prices of the units call for are added until
    none is missing, or too often. The bound holds for any prices y: each group of a plan has one
    first unit, so no plan costs less than the sum of y plus, for each unit, the least reduced cost
    (or 0) of the groups it is the first of.
    """
    count, units = groups.shape
    wide = groups
    if held:
        more = csr_array(np.column_stack([row for row, _ in held]).astype(np.float64))
        wide = csr_array(hstack([groups, more]))
    sides = np.concatenate([np.ones(units), [float(rhs) for _, rhs in held]])
    first = groups.indices[groups.indptr[:-1]]
    if count <= MANY:
        work = np.arange(count)
    else:
        sizes = np.diff(groups.indptr)
        order = np.lexsort((np.arange(count), cost / sizes, first))
        place = np.arange(count) - np.searchsorted(first[order], first[order])
        work = np.union1d(order[place < _FIRST], plan)
        work = np.union1d(work, np.flatnonzero(sizes == 1))
    scale = max(1.0, float(np.abs(cost).max(initial=0)))
    solver = _solver()
    solver.passModel(_program(wide[work], cost[work], sides))
    for _ in range(MOST_ROUNDS):
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = solver.getSolution()
        prices = np.array(solution.row_dual)
        reduced = cost - wide @ prices
        wanted = reduced < -_ROUNDING * scale - 1e-7
        wanted[work] = False
        if not wanted.any():
            break
        best = np.flatnonzero(wanted)
        best = best[np.lexsort((best, reduced[best], first[best]))]
        place = np.arange(len(best)) - np.searchsorted(first[best], first[best])
        new = np.sort(best[place < _MORE])
        part = wide[new]
        solver.addCols(
            len(new), cost[new].astype(np.float64), np.zeros(len(new)),
            np.full(len(new), highspy.kHighsInf), part.nnz, part.indptr[:-1].astype(np.int32),
            part.indices.astype(np.int32), part.data.astype(np.float64),
        )  # fmt: skip
        work = np.concatenate([work, new])
    least = np.zeros(units)
    np.minimum.at(least, first, np.minimum(reduced, 0.0))
    lower = float(sides @ prices + least.sum())
    x = np.zeros(count)
    x[work] = np.array(solution.col_value)
    # reduced costs below 0 belong to the bound, not to the groups: what may be left out shrinks
    return lower, reduced - least[first], None if wanted.any() else x


def _is_whole(x: Floats) -> bool:
    return bool((np.minimum(x, 1 - x) < _WHOLE).all())


def _branch(
    groups: csr_array,
    kept: Ints,
    rows: list[tuple[Ints, int]],
    keep: Flags,
    best: Ints,
    cost: Ints,
    bound: int,
) -> tuple[Ints, int]:
    """Search whole plans among the groups that can be in a better one, if they are not too many."""
    if len(kept) > MOST_BRANCHED:
        return best, bound
    wide = groups[kept]
    if rows:
        more = csr_array(np.column_stack([row[keep] for row, _ in rows]).astype(np.float64))
        wide = csr_array(hstack([wide, more]))
    sides = np.concatenate([np.ones(groups.shape[1]), [float(rhs) for _, rhs in rows]])
    lp = _program(wide, cost[kept], sides)
    lp.col_upper_ = np.ones(len(kept))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(kept)
    solver = _solver()
    solver.passModel(lp)
    begin = highspy.HighsSolution()
    begin.col_value = np.isin(kept, best).astype(np.float64).tolist()
    solver.setSolution(begin)
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        x = np.array(solver.getSolution().col_value)
        found = kept[x > 0.5]
        if _is_whole(x) and cost[found].sum() < cost[best].sum():
            best = found
    lower = float(info.mip_dual_bound)
    if np.isfinite(lower):
        bound = max(bound, int(np.ceil(lower - max(_WHOLE, _ROUNDING * abs(lower)))))
    return best, bound


def _program(wide: csr_array, cost: Ints, sides: Floats) -> highspy.HighsLp:
    """Return the program without wholeness; rows of the matrix of groups are its columns."""
    count = wide.shape[0]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, len(sides)
    lp.col_cost_ = cost.astype(np.float64)
    # no upper bound: the rows imply it, and no reduced cost is that of a group at its bound
    lp.col_lower_, lp.col_upper_ = np.zeros(count), np.full(count, highspy.kHighsInf)
    lp.row_lower_, lp.row_upper_ = sides, sides
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = wide.indptr.astype(np.int32)
    lp.a_matrix_.index_ = wide.indices.astype(np.int32)
    lp.a_matrix_.value_ = wide.data.astype(np.float64)
    return lp


def _solver() -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.99),
        ("mip_max_nodes", MOST_NODES),
        ("simplex_iteration_limit", MOST_STEPS),
    ):
        solver.setOptionValue(option, value)
    return solver
