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
MOST_NODES = 400
MOST_STEPS = 2_000_000
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
    model = _Model(groups[active], cost[active], rows)
    relaxed = model.relax()
    if relaxed is None:
        return None
    lower, reduced, x = relaxed
    slack = max(_WHOLE, _ROUNDING * max(abs(lower), float(np.abs(cost[active]).max(initial=0))))
    bound = int(np.ceil(lower - slack))
    value = int(cost[best].sum())
    if _is_whole(x):
        best = active[x > 0.5]
    elif bound < value:
        keep = reduced <= value - lower + slack
        keep[np.searchsorted(active, best)] = True
        best, bound = _branch(model, keep, active, best, cost, bound)
    value = int(cost[best].sum())
    keep = reduced <= value - lower + slack
    keep[np.searchsorted(active, best)] = True
    return _Found(best, min(bound, value), active[keep], value - lower > slack)


def _is_whole(x: Floats) -> bool:
    return bool((np.minimum(x, 1 - x) < _WHOLE).all())


def _branch(
    model: _Model, keep: Flags, active: Ints, best: Ints, cost: Ints, bound: int
) -> tuple[Ints, int]:
    """Search whole plans among the groups that can be in a better one."""
    x, lower = model.search(keep, np.isin(active, best))
    if x is not None and _is_whole(x[keep]):
        found = active[keep][x[keep] > 0.5]
        if cost[found].sum() < cost[best].sum():
            best = found
    if lower is not None:
        slack = max(_WHOLE, _ROUNDING * abs(lower))
        bound = max(bound, int(np.ceil(lower - slack)))
    return best, bound


class _Model:
    """One level as HiGHS has it."""

    def __init__(self, groups: csr_array, cost: Ints, held: list[tuple[Ints, int]]) -> None:
        count, units = groups.shape
        # rows of the matrix of groups are columns of the program
        wide = groups
        if held:
            more = csr_array(np.column_stack([row for row, _ in held]).astype(np.float64))
            wide = csr_array(hstack([groups, more]))
        sides = np.concatenate([np.ones(units), [float(rhs) for _, rhs in held]])
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
        self._lp = lp
        self._solver = _solver()

    def relax(self) -> tuple[float, Floats, Floats] | None:
        """Solve without wholeness; return the value, reduced costs and solution."""
        solver = self._solver
        solver.passModel(self._lp)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = solver.getSolution()
        return (
            float(solver.getInfo().objective_function_value),
            np.array(solution.col_dual),
            np.array(solution.col_value),
        )

    def search(self, keep: Flags, start: Flags) -> tuple[Floats | None, float | None]:
        """Branch and bound; return the best solution found and the bound."""
        lp, solver = self._lp, self._solver
        lp.col_upper_ = keep.astype(np.float64)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(keep)
        solver.clearSolver()
        solver.passModel(lp)
        begin = highspy.HighsSolution()
        begin.col_value = start.astype(np.float64).tolist()
        solver.setSolution(begin)
        solver.run()
        info = solver.getInfo()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        x = np.array(solver.getSolution().col_value) if found else None
        lower = float(info.mip_dual_bound)
        return x, lower if np.isfinite(lower) else None


def _solver() -> highspy.Highs:
    solver = highspy.Highs()
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
