"""Straight-line reach against brute force; limits are inclusive; ties go to the first center."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.reach.line import StraightLine
from geo.reach.matrix import Reach, State
from geo.travel import Travel

LINE = StraightLine()
lattice = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=40)


def at(*places):
    return np.array(places, dtype=float).reshape(-1, 2)


@settings(max_examples=80)
@given(lattice, lattice, st.integers(0, 9), st.sampled_from(["distance", "time"]))
def test_against_brute_force(homes, sites, limit, measure):
    homes, sites = at(*homes), at(*sites)
    costs = np.sqrt(((homes[:, None] - sites[None]) ** 2).sum(axis=2))  # 3.6 km/h: a metre a second
    nearest = LINE.nearest(homes, sites, measure)
    np.testing.assert_array_equal(nearest.center, costs.argmin(axis=1))
    np.testing.assert_array_equal(nearest.cost, costs.min(axis=1))
    assert (nearest.state == State.REACHED).all()
    reach = LINE.within(homes, sites, measure, limit)
    rows = [
        sorted((costs[i, j], j) for j in np.flatnonzero(costs[i] <= limit))
        for i in range(len(homes))
    ]
    assert np.diff(reach.starts).tolist() == [len(row) for row in rows]
    assert reach.centers.tolist() == [j for row in rows for _, j in row]
    assert reach.costs.tolist() == [cost for row in rows for cost, _ in row]
    center, cost = reach.nearest()
    served = nearest.within(limit)
    assert (center[served] == nearest.center[served]).all()
    assert (center[~served] == -1).all()
    assert np.isnan(cost[~served]).all()


def test_no_place_and_no_center_are_not_far():
    homes = at((0, 0), (np.nan, 1))
    nearest = LINE.nearest(homes, at((3, 4), (np.nan, np.nan)), "distance")
    assert nearest.state.tolist() == [State.REACHED, State.UNLOCATED]
    assert nearest.within(np.inf).tolist() == [True, False]
    assert LINE.nearest(homes, at(), "distance").state.tolist() == [
        State.NO_CENTER,
        State.UNLOCATED,
    ]
    assert LINE.nearest(homes, at((3, 4)), "distance", 4.9).state[0] == State.UNREACHABLE
    assert LINE.within(homes, at(), "distance", 5).household_count == 2
    assert LINE.way(homes[1], homes[0], "distance") is None


def test_narrower_limits_keep_the_order():
    reach = Reach.of_pairs([0, 0, 1], [1, 0, 1], [2.0, 0.0, 3.0], shape=(3, 2), limit=9.0)
    less = reach.within(np.array([0.0, 3.0, 5.0]))
    assert less.starts.tolist() == [0, 1, 2, 2]
    assert less.centers.tolist() == [0, 1]
    assert less.matrix().nnz == 2, "a cost of zero is stored"


def test_circles_are_drawn_inside():
    slow = StraightLine(Travel(straight_walk_kmh=1.8))
    (area,) = slow.areas(at((0, 0)), "time", [200.0])
    reach = shapely.length(
        shapely.linestrings([[(0, 0), c] for c in shapely.get_coordinates(area)])
    )
    assert reach.max() < 100
    assert reach.max() == pytest.approx(100, abs=0.01)
    empty = slow.areas(at((0, 0), (np.nan, 0)), "time", [np.nan, 5.0])
    assert shapely.is_empty(empty).all()
    assert slow.way(at((0, 0))[0], at((0, 9))[0], "time").cost == pytest.approx(18)


@pytest.mark.parametrize("measure", ["distance", "time"])
@pytest.mark.parametrize("limit", [0.0, 300.0, 2_000.0, 40_000.0, np.inf])
def test_pairs_and_nearest_agree_to_the_last_bit(measure, limit):
    rng = np.random.default_rng(2)
    homes, sites = rng.uniform(-2e4, 2e4, (300, 2)), rng.uniform(-5e3, 5e3, (90, 2))
    homes[:40] = sites[rng.integers(0, 90, 40)]
    homes[40:45, 0], sites[3] = np.nan, np.nan
    sites[20:30] = sites[10]
    homes[45:55] = homes[55] + 1e9
    line = StraightLine(Travel(straight_walk_kmh=3.7))
    reach = line.within(homes, sites, measure, limit)
    step = homes[:, None] - sites[None]
    costs = np.sqrt((step * step).sum(axis=2)) / (1.0 if measure == "distance" else 3.7 / 3.6)
    rows, columns = np.nonzero(costs <= limit)
    dense = Reach.of_pairs(rows, columns, costs[rows, columns], shape=costs.shape, limit=limit)
    np.testing.assert_array_equal(reach.starts, dense.starts)
    np.testing.assert_array_equal(reach.centers, dense.centers)
    np.testing.assert_array_equal(reach.costs, dense.costs)
    near = line.nearest(homes, sites, measure, limit)
    np.testing.assert_array_equal(reach.nearest()[0], near.center)
    np.testing.assert_array_equal(reach.nearest()[1], near.cost)
