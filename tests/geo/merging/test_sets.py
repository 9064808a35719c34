"""The search by sets of covered units, against every plan there is."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from geo.merging import program, states, suggest_merges
from geo.merging.rules import MergeRules, Size
from tests.geo.merging.counties import county


def question(seed, units=9, several=40):
    """Return groups (each unit alone among them) and two levels of whole costs."""
    rng = np.random.default_rng(seed)
    groups = {1 << unit for unit in range(units)}
    while len(groups) < units + several:
        groups.add(sum(1 << int(unit) for unit in rng.choice(units, rng.integers(2, 5), False)))
    masks = sorted(groups)
    matrix = csr_array([[float(mask >> unit & 1) for unit in range(units)] for mask in masks])
    return masks, matrix, np.column_stack([rng.integers(0, 3, len(masks)),
                                           rng.integers(0, 50, len(masks))])  # fmt: skip


def plans(masks, units, covered=0):
    if covered == (1 << units) - 1:
        yield ()
        return
    first = next(unit for unit in range(units) if not covered >> unit & 1)
    for k, mask in enumerate(masks):
        if mask >> first & 1 and not mask & covered:
            for more in plans(masks, units, covered | mask):
                yield (k, *more)


@pytest.mark.parametrize("seed", range(12))
def test_best_of_all_plans_with_and_without_a_row_held(seed):
    masks, matrix, costs = question(seed)
    every = [costs[list(plan)].sum(axis=0).tolist() for plan in plans(masks, 9)]
    for columns in ([0], [1], [0, 1]):
        levels = costs[:, columns]
        best = min(tuple(plan[column] for column in columns) for plan in every)
        rest = states.Rest(np.zeros(9), np.zeros(len(best) - 1), np.array(best[:-1], np.int64))
        picked, told, _ = states.search_sets(matrix, levels, rest, best[-1] + 7, 1e-6)
        assert told
        assert tuple(levels[picked].sum(axis=0)) == best
        assert matrix[picked].sum(axis=0).tolist() == [1.0] * 9
        # nothing is better than the best
        assert states.search_sets(matrix, levels, rest, best[-1], 1e-6)[:2] == (None, True)


def test_too_many_sets_are_not_called_searched(monkeypatch):
    _, matrix, costs = question(1)
    rest = states.Rest(np.zeros(9), np.zeros(0), np.zeros(0, np.int64))
    monkeypatch.setattr(states, "_ROOM", (4,))
    assert states.search_sets(matrix, costs[:, 1:], rest, 400, 1e-6)[:2] == (None, False)
    monkeypatch.setattr(states, "_ROOM", (1 << 12,))
    monkeypatch.setattr(states, "MOST_TRIED", 20)
    assert states.search_sets(matrix, costs[:, 1:], rest, 400, 1e-6)[:2] == (None, False)


def test_branch_and_bound_says_the_same(monkeypatch):
    frame = county(160, 4, seed=3, median=30)
    rules = MergeRules(Size(60), Size(80), Size(150))
    by_sets = suggest_merges(frame, rules)
    monkeypatch.setattr(program, "MOST_UNITS", 0)
    by_program = suggest_merges(frame, rules)
    assert by_sets.proved
    assert by_program.proved
    assert by_sets.levels["value"].tolist() == by_program.levels["value"].tolist()
