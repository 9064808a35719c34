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
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from geo.merging.states import MOST_UNITS, Rest, search_sets

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Never a clock: the same question has the same answer on a busy machine.
MOST_NODES = 400
MOST_STEPS = 60_000
# What a zone may cost, in rows x columns of the programs each time the solver looks up, and in rows
# a simplex step: so much, and so much a unit. About a second for 25 million.
MOST_WORK = (50_000_000, 150_000)
# Groups among which whole plans are searched, fewer where there are many units
MOST_BRANCHED = 4_000
MOST_ENTRIES = 600_000
MANY = 4_000  # groups taken in at once
MOST_ROUNDS = 60
_TRIED_A_STEP = 2  # groups tried in a search by sets
_FEWEST_STEPS = 2_000  # simplex steps that are always allowed, for a bound
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


@dataclass
class Effort:
    """What is left of the work allowed for a zone.

    Parameters
    ----------
    units
        Of the zone.
    """

    units: int

    def __post_init__(self) -> None:
        self.left = MOST_WORK[0] + MOST_WORK[1] * self.units


def solve_levels(
    groups: csr_array, levels: list[Ints], start: Ints, effort: Effort
) -> list[Solved]:
    """Choose groups that cover each unit once, least at the first level, then the next, and so on.

    Parameters
    ----------
    groups
        Matrix (groups, units) of ones.
    levels
        Whole costs of the groups.
    start
        Positions of the groups of any plan.
    effort
        Of the zone; what is used is taken off.

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
        found = _solve_level(groups, levels, cost, active, best, held, values, effort)
        if found is not None and _keeps(found.best, levels, values):
            pass
        elif found is not None:
            # rounding let a group in that an earlier level excludes: hold all of them by rows
            held = list(range(level))
            found = _solve_level(groups, levels, cost, active, best, held, values, effort)
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
        if found.bound < values[-1]:
            # not proved: nothing after it can be, and holding it makes the rest hard
            break
    for cost in levels[len(values) :]:
        bounds.append(None)
        values.append(int(cost[best].sum()))
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
    effort: Effort,
) -> _Found | None:
    rows = [(levels[k][active], values[k]) for k in held]
    at_hand = np.searchsorted(active, best)
    relaxed = _relax(groups[active], cost[active], rows, at_hand, effort)
    if relaxed is None:
        return None
    lower, reduced, x, rest = relaxed
    slack = max(_WHOLE, _ROUNDING * max(abs(lower), float(np.abs(cost[active]).max(initial=0))))
    bound = int(np.ceil(lower - slack))
    value = int(cost[best].sum())
    if x is not None and _is_whole(x):
        best = active[x > 0.5]
    elif bound < value:
        best, bound = _branch(
            _Level(groups, cost, active, rows, reduced, lower, slack, rest), best, bound, effort
        )
    value = int(cost[best].sum())
    keep = reduced <= value - lower + slack
    keep[np.searchsorted(active, best)] = True
    return _Found(best, min(bound, value), active[keep], value - lower > slack)


def _relax(
    groups: csr_array, cost: Ints, held: list[tuple[Ints, int]], plan: Ints, effort: Effort
) -> tuple[float, Floats, Floats | None, Rest] | None:
    """Solve without wholeness; return a bound, reduced costs, a solution, and what the rest costs.

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
    solver.passModel(_program(wide[work], cost[work], sides, units))
    for _ in range(MOST_ROUNDS):
        steps = max(_FEWEST_STEPS, min(MOST_STEPS, effort.left // len(sides)))
        solver.setOptionValue("simplex_iteration_limit", steps)
        solver.run()
        effort.left -= max(0, solver.getInfo().simplex_iteration_count) * len(sides)
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
    held_values = np.array([value for _, value in held], np.int64)
    rest = Rest(prices[:units] + least, prices[units:], held_values)
    return lower, reduced - least[first], None if wanted.any() else x, rest


def _is_whole(x: Floats) -> bool:
    return bool((np.minimum(x, 1 - x) < _WHOLE).all())


@dataclass(frozen=True)
class _Level:
    """A level whose relaxation is solved: what a search for whole plans starts from."""

    groups: csr_array
    cost: Ints
    active: Ints
    held: list[tuple[Ints, int]]
    reduced: Floats
    lower: float
    slack: float
    rest: Rest


def _branch(level: _Level, best: Ints, bound: int, effort: Effort) -> tuple[Ints, int]:
    """Search whole plans; return the best plan and a bound.

    First among the groups of least reduced cost. A plan with any other group costs at least the
    relaxation and the reduced cost of the first that was left out, so the lesser of that and the
    bound of the search bounds all plans. Then, where the better plan now leaves few enough that can
    be in a still better one, among all of those.
    """
    units = level.groups.shape[1]
    if units <= MOST_UNITS:
        found = _search_all(level, best, effort)
        if found is not None:
            return found, int(level.cost[found].sum())
    most = max(MOST_BRANCHED // 4, min(MOST_BRANCHED, MOST_ENTRIES // units))
    order = np.lexsort((np.arange(len(level.active)), level.reduced))
    for _ in range(2):
        value = int(level.cost[best].sum())
        if bound >= value or effort.left <= 0:
            break
        fit = int((level.reduced <= value - level.lower + level.slack).sum())
        count = min(fit, most)
        outside = np.inf if count >= fit else float(level.reduced[order[count]])
        keep = np.zeros(len(level.active), bool)
        keep[order[:count]] = True
        keep[np.searchsorted(level.active, best)] = True
        best, lower = _search(level, keep, best, effort)
        lower = min(lower, level.lower + outside)
        if np.isfinite(lower):
            bound = max(bound, int(np.ceil(lower - level.slack)))
        if outside == np.inf:
            break
    return best, bound


def _search_all(level: _Level, best: Ints, effort: Effort) -> Ints | None:
    """Return the best plan there is, None where it cannot be told."""
    value = int(level.cost[best].sum())
    kept = level.active[level.reduced <= value - level.lower + level.slack]
    rows = [row[level.reduced <= value - level.lower + level.slack] for row, _ in level.held]
    costs = np.column_stack([*rows, level.cost[kept]])
    picked, told, tried = search_sets(level.groups[kept], costs, level.rest, value, level.slack)
    effort.left -= tried // _TRIED_A_STEP
    if picked is None:
        return best if told else None
    return kept[picked]


def _search(level: _Level, keep: Flags, best: Ints, effort: Effort) -> tuple[Ints, float]:
    """Branch and bound among some groups; return the best plan and the bound among them."""
    kept = level.active[keep]
    wide = level.groups[kept]
    if level.held:
        more = csr_array(np.column_stack([row[keep] for row, _ in level.held]).astype(np.float64))
        wide = csr_array(hstack([wide, more]))
    sides = np.concatenate([np.ones(level.groups.shape[1]), [float(rhs) for _, rhs in level.held]])
    lp = _program(wide, level.cost[kept], sides, level.groups.shape[1])
    lp.col_upper_ = np.ones(len(kept))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(kept)
    solver = _solver()
    solver.passModel(lp)
    begin = highspy.HighsSolution()
    begin.col_value = np.isin(kept, best).astype(np.float64).tolist()
    solver.setSolution(begin)
    once = len(sides) * len(kept)

    def look(event: Any) -> None:  # noqa: ANN401
        """Stop it when the effort is used up."""
        effort.left -= once
        if effort.left <= 0:
            event.interrupt()

    # It looks up at places that depend on the program alone: once a separation, dive or node.
    solver.cbMipInterrupt.subscribe(look)
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        x = np.array(solver.getSolution().col_value)
        found = kept[x > 0.5]
        if _is_whole(x) and level.cost[found].sum() < level.cost[best].sum():
            best = found
    return best, float(info.mip_dual_bound)


def _program(wide: csr_array, cost: Ints, sides: Floats, units: int) -> highspy.HighsLp:
    """Return the program without wholeness; rows of the matrix of groups are its columns."""
    count = wide.shape[0]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, len(sides)
    lp.col_cost_ = cost.astype(np.float64)
    # no upper bound: the rows imply it, and no reduced cost is that of a group at its bound
    lp.col_lower_, lp.col_upper_ = np.zeros(count), np.full(count, highspy.kHighsInf)
    # a level that is held is at its least: "no more" says the same and is the easier row
    low = sides.copy()
    low[units:] = -highspy.kHighsInf
    lp.row_lower_, lp.row_upper_ = low, sides
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
