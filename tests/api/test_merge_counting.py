"""Bars of a histogram of sizes: round, few, and not pressed together by one large unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from api.services.merging.counting import BARS, choose_edges, count_bars


@pytest.mark.parametrize(
    ("most", "step"),
    [(0, 1), (9, 1), (23, 1), (24, 2), (60, 5), (190, 10), (480, 20), (1_900, 100)],
)
def test_the_width_is_round_and_there_are_few_bars(most, step):
    values = pd.Series(np.linspace(0, most, 400).round())
    edges = choose_edges([values])
    assert edges[1] - edges[0] == step
    assert len(edges) - 1 <= BARS + 1
    assert sum(count_bars(values, edges)) == len(values)


def test_the_few_largest_share_the_last_bar():
    values = pd.Series([*range(40)] * 10 + [1_000, 5_000])
    edges = choose_edges([values])
    assert edges[:2] == [0, 2]
    assert edges[-1] == 5_001
    bars = count_bars(values, edges)
    assert bars == [20] * 20 + [2]


def test_bars_hold_both_sizes_before_and_after_and_nothing_has_bars_too():
    before, after = pd.Series([3, 4]), pd.Series([7])
    edges = choose_edges([before, after])
    assert sum(count_bars(after, edges)) == 1
    assert choose_edges([]) == [0, 1]
    assert choose_edges([pd.Series([None, -1])]) == [0, 1]
