"""The compiled order of pairs is the order of lexsort."""

import numpy as np
import pytest

from geo.reach.pair_order import order_pairs


@pytest.mark.parametrize(("pairs", "households"), [(0, 5), (1, 1), (500, 90), (5000, 40)])
def test_it_is_the_order_of_lexsort(pairs, households):
    rng = np.random.default_rng(pairs)
    rows = rng.integers(0, households, pairs)
    columns = rng.permutation(pairs)
    costs = rng.integers(0, 12, pairs)  # many are equal
    starts, order = order_pairs(rows, columns, costs, (households, max(pairs, 1)))
    np.testing.assert_array_equal(order, np.lexsort((columns, costs, rows)))
    np.testing.assert_array_equal(np.diff(starts), np.bincount(rows, minlength=households))
