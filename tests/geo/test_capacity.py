"""Assignment with capacities against brute force, a linear program, and its own certificate."""

from itertools import product

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.reach.line import StraightLine
from geo.reach.matrix import Reach
from geo.service.capacity import UNLIMITED, Reason, assign, first_fit


def reach_of(costs, limit=np.inf):
    """Return the reach of a dense table of costs, NaN where there is no way."""
    costs = np.asarray(costs, float)
    rows, columns = np.nonzero(~np.isnan(costs))
    return Reach.of_pairs(rows, columns, costs[rows, columns], shape=costs.shape, limit=limit)


def check(found, weights, capacity):
    """Check what every assignment has to keep."""
    reach, weights = found.reach, np.asarray(weights)
    places = np.where(np.isnan(capacity) | (np.asarray(capacity) < 0), np.inf, capacity)
    assert (found.people >= 0).all()
    assert (found.overflow >= 0).all()
    given_out = np.bincount(reach.households, found.people, len(weights))
    np.testing.assert_array_equal(given_out + found.overflow, weights)
    load = np.bincount(reach.centers, found.people, reach.center_count)
    np.testing.assert_array_equal(found.load, load)
    assert (load <= places).all()
    assert found.cost == pytest.approx(found.people @ reach.costs, abs=1e-3 * weights.sum() + 1e-9)
    np.testing.assert_array_equal(found.reason > 0, found.overflow > 0)
    parts = np.bincount(reach.households[found.people > 0], minlength=len(weights))
    parts += found.overflow > 0
    assert found.split == (parts > 1).sum()
    for home, main in enumerate(found.main_center.tolist()):
        pairs = slice(reach.starts[home], reach.starts[home + 1])
        most = found.people[pairs].max(initial=0)
        assert (main == -1) == (most == 0)
        if most:
            of_main = np.flatnonzero(reach.centers[pairs] == main)[0]
            assert found.people[pairs][of_main] == most
            assert found.main_cost[home] == reach.costs[pairs][of_main]


def check_dual(found, weights, capacity):
    """Check by the worth of a place alone that nothing costs less: in thousandths, exactly."""
    reach, worth = found.reach, found.worth
    costs = np.rint(reach.costs * 1000).astype(object)
    left_out = 2 * int(max(costs, default=0)) * reach.center_count + 1
    price = np.array(
        [
            int(more) * left_out - round(1000 * change)
            for more, change in zip(worth.more_people, worth.more_cost, strict=True)
        ],
        dtype=object,
    )
    assert all(p >= 0 for p in price)
    bound = 0
    for home, weight in enumerate(np.asarray(weights).tolist()):
        pairs = slice(reach.starts[home], reach.starts[home + 1])
        options = [left_out, *(costs[pairs] + price[reach.centers[pairs]])]
        bound += weight * min(options)
    for k, places in enumerate(np.asarray(capacity, float)):
        if np.isnan(places) or places < 0:
            assert price[k] == 0
        else:
            bound -= price[k] * int(places)
    cost = int((found.people.astype(object) * costs).sum()) if len(costs) else 0
    assert bound == cost + left_out * int(found.overflow.sum())
    assert worth.proved
    assert worth.bound == found.cost == cost / 1000


def by_highs(reach, weights, capacity):
    """Return (people left out, least person-cost) of a linear program, in two stages."""
    pairs, homes = len(reach.costs), reach.household_count
    left = None
    for stage in (0, 1):
        h = highspy.Highs()
        h.silent()
        inf = highspy.kHighsInf
        costs = (
            np.concatenate([reach.costs, np.zeros(homes)])
            if stage
            else np.repeat([0.0, 1.0], [pairs, homes])
        )
        h.addVars(pairs + homes, np.zeros(pairs + homes), np.full(pairs + homes, inf))
        h.changeColsCost(pairs + homes, np.arange(pairs + homes, dtype=np.int32), costs)
        for home, weight in enumerate(weights):
            columns = [*range(reach.starts[home], reach.starts[home + 1]), pairs + home]
            h.addRow(weight, weight, len(columns), np.array(columns), np.ones(len(columns)))
        for k, places in enumerate(capacity):
            columns = np.flatnonzero(reach.centers == k)
            top = inf if np.isnan(places) or places < 0 else places
            h.addRow(-inf, top, len(columns), columns, np.ones(len(columns)))
        if stage:
            columns = np.arange(pairs, pairs + homes)
            h.addRow(left, left, homes, columns, np.ones(homes))
        h.run()
        assert h.getModelStatus() == highspy.HighsModelStatus.kOptimal
        value = h.getInfo().objective_function_value
        if not stage:
            left = round(value)
    return left, value


def county(seed, homes, sites, limit):
    rng = np.random.default_rng(seed)
    hamlets = rng.uniform(0, 20_000, (8, 2))
    places = hamlets[rng.integers(0, 8, homes)] + rng.normal(0, 600, (homes, 2))
    reach = StraightLine().within(places, rng.uniform(0, 20_000, (sites, 2)), "distance", limit)
    return reach, rng.integers(0, 7, homes)


tables = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(
            st.one_of(st.integers(0, 6).map(float), st.just(np.nan)),
            min_size=columns,
            max_size=columns,
        ),
        min_size=1,
        max_size=5,
    )
)
capacities = st.one_of(st.integers(0, 5).map(float), st.just(-1.0), st.just(np.nan))


@settings(max_examples=150)
@given(tables, st.data())
def test_against_brute_force(costs, data):
    reach = reach_of(costs)
    count = reach.center_count
    weights = data.draw(st.lists(st.integers(0, 1), min_size=len(costs), max_size=len(costs)))
    capacity = data.draw(st.lists(capacities, min_size=count, max_size=count))
    places = [np.inf if not c >= 0 else c for c in capacity]
    best = (np.inf, np.inf)
    for lots in product(range(-1, count), repeat=len(costs)):
        lived = [(i, k) for i, k in enumerate(lots) if weights[i] and k >= 0]
        load = np.bincount([k for _, k in lived], minlength=count)
        value = sum(costs[i][k] for i, k in lived)
        if (load <= places).all() and not np.isnan(value):
            best = min(best, (sum(weights) - len(lived), value))
    found = assign(reach, weights, capacity)
    check(found, weights, capacity)
    check_dual(found, weights, capacity)
    assert (found.overflow.sum(), found.cost) == best


@settings(max_examples=60)
@given(tables, st.data())
def test_what_one_more_place_is_worth(costs, data):
    reach = reach_of(costs)
    count = reach.center_count
    weights = data.draw(st.lists(st.integers(0, 4), min_size=len(costs), max_size=len(costs)))
    capacity = data.draw(st.lists(capacities, min_size=count, max_size=count))
    found = assign(reach, weights, capacity)
    check_dual(found, weights, capacity)
    for k in range(count):
        more = list(capacity)
        more[k] += 1 if capacity[k] >= 0 else 0
        again = assign(reach, weights, more)
        assert found.overflow.sum() - again.overflow.sum() == found.worth.more_people[k]
        assert again.cost - found.cost == pytest.approx(found.worth.more_cost[k])
        # a place more never makes it worse
        assert (again.overflow.sum(), again.cost) <= (found.overflow.sum(), found.cost + 1e-9) or (
            again.overflow.sum() < found.overflow.sum()
        )


@pytest.mark.parametrize("limit", [4_000.0, np.inf])
@pytest.mark.parametrize("factor", [0.8, 1.0, 1.02, 1.25])
@pytest.mark.parametrize("seed", [1, 2])
def test_against_a_linear_program(seed, factor, limit):
    reach, weights = county(seed, 300, 12, limit)
    capacity = np.full(12, weights.sum() * factor / 12).astype(int).astype(float)
    capacity[:3] = 0, -1 if seed == 1 else 40, np.nan if factor > 1 else 10
    found = assign(reach, weights, capacity)
    check(found, weights, capacity)
    check_dual(found, weights, capacity)
    left, value = by_highs(reach, weights, capacity)
    assert found.overflow.sum() == left
    assert found.cost == pytest.approx(value, abs=1e-3 * weights.sum())
    assert found.split <= 12
    greedy = first_fit(reach, weights, capacity)
    check(greedy, weights, capacity)
    assert greedy.worth is None
    assert (greedy.overflow.sum(), greedy.cost) >= (left, value - 1e-3 * weights.sum())


def test_no_capacity_is_the_nearest_center():
    reach, weights = county(3, 200, 9, 9_000.0)
    found = assign(reach, weights, None)
    check(found, weights, np.full(9, -1))
    nearest = np.where(weights > 0, reach.nearest()[0], -1)
    np.testing.assert_array_equal(found.main_center, nearest)
    assert found.split == 0
    assert (found.worth.more_cost == 0).all()


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from([0.7, 1.0, 1.3]))
def test_the_order_of_households_changes_nothing(seed, factor):
    reach, weights = county(seed, 60, 6, np.inf)
    capacity = np.full(6, int(weights.sum() * factor / 6))
    found = assign(reach, weights, capacity)
    order = np.random.default_rng(seed).permutation(60)
    dense = reach.matrix().toarray()
    again = assign(reach_of(dense[order]), weights[order], capacity)
    np.testing.assert_array_equal(again.main_center, found.main_center[order])
    np.testing.assert_array_equal(again.overflow, found.overflow[order])
    assert again.worth.more_cost.tolist() == found.worth.more_cost.tolist()
    columns = np.random.default_rng(seed + 1).permutation(6)
    turned = assign(reach_of(dense[:, columns]), weights, capacity[columns])
    assert (turned.cost, turned.overflow.sum()) == (found.cost, found.overflow.sum())
    # the least prices are one and the same
    assert turned.worth.more_cost.tolist() == found.worth.more_cost[columns].tolist()


def test_households_that_reach_the_same_are_equal_but_for_their_order():
    costs = np.tile([1.0, 2.0], (5, 1))
    found = assign(reach_of(costs), [2, 2, 2, 2, 2], [4, 4])
    assert found.main_center.tolist() == [0, 0, 1, 1, -1]
    assert found.overflow.tolist() == [0, 0, 0, 0, 2]
    assert found.split == 0


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_everybody_on_one_point(factor):
    homes, sites = 3_000, 40
    reach = StraightLine().within(
        np.zeros((homes, 2)), np.tile([3.0, 4.0], (sites, 1)), "distance", np.inf
    )
    weights = np.full(homes, 3)
    capacity = np.full(sites, int(weights.sum() * factor / sites))
    found = assign(reach, weights, capacity)
    check(found, weights, capacity)
    check_dual(found, weights, capacity)
    assert found.overflow.sum() == max(0, weights.sum() - capacity.sum())
    assert found.split <= sites


def test_equal_costs_galore():
    # on a lattice of few points, everything ties with something, and rows are not the same
    rng = np.random.default_rng(5)
    homes = rng.integers(0, 30, (2_000, 2)).astype(float)
    sites = rng.integers(0, 30, (50, 2)).astype(float)
    costs = np.abs(homes[:, None] - sites[None]).sum(axis=2)
    weights = rng.integers(1, 7, 2_000)
    for factor in (0.8, 1.0, 1.1):
        capacity = np.full(50, int(weights.sum() * factor / 50))
        found = assign(reach_of(costs), weights, capacity)
        check(found, weights, capacity)
        check_dual(found, weights, capacity)
        assert found.split <= 50


def test_why_people_are_left_out():
    nan = np.nan
    costs = [[1.0, 5.0, nan], [nan, 2.0, nan], [nan, nan, 3.0], [nan, nan, nan], [1.0, nan, nan]]
    found = assign(reach_of(costs), [2, 1, 1, 1, 0], [1, 1, 0])
    assert found.reason.tolist() == [
        Reason.FULL,
        Reason.ASSIGNED,
        Reason.CLOSED,
        Reason.NO_CENTER,
        Reason.ASSIGNED,
    ]
    assert found.overflow.tolist() == [1, 0, 1, 1, 0]
    near, far = found.why(0)
    # a place at the far center would take the person in, too
    assert near == (0, 1.0, 1, 1, 1, 1.0)
    assert far == (1, 5.0, 1, 1, 1, 5.0)
    assert found.why(2) == [(2, 3.0, 0, 0, 1, 3.0)]
    assert found.why(3) == []
    assert found.main_center.tolist() == [0, 1, -1, -1, -1]


def test_a_chain_of_moves():
    # each center is full but the last; the newcomer at the first pushes one person down the row
    costs = [[0.0, 10.0, 90.0], [0.0, 4.0, 90.0], [90.0, 0.0, 3.0]]
    found = assign(reach_of(costs), [1, 1, 1], [1, 1, 1])
    assert found.main_center.tolist() == [0, 1, 2]
    assert found.cost == 7.0
    assert found.worth.more_cost.tolist() == [-7.0, -3.0, 0.0]


@pytest.mark.parametrize(
    ("weights", "capacity"), [([], []), ([], [3.0]), ([1, 2], []), ([0, 0], [1.0])]
)
def test_nothing_to_assign(weights, capacity):
    reach = reach_of(np.full((len(weights), len(capacity)), np.nan))
    found = assign(reach, weights, capacity)
    check(found, weights, capacity)
    assert found.worth.proved
    assert found.overflow.sum() == sum(weights)


def test_all_full_of_nothing():
    found = assign(reach_of([[1.0, 2.0], [2.0, 1.0]]), [1, 1], [0, 0])
    assert found.overflow.tolist() == [1, 1]
    assert found.reason.tolist() == [Reason.CLOSED, Reason.CLOSED]
    assert found.worth.proved


def test_costs_no_county_has():
    costs = np.array([[1e12, 2e12], [1e12, 4e12]])
    found = assign(reach_of(costs), [1_000_000, 1_000_000], [1_000_000, UNLIMITED])
    assert found.main_center.tolist() == [1, 0]
    assert found.worth.proved
    assert found.cost == pytest.approx(3e18)


def test_wrong_numbers():
    reach = reach_of([[1.0]])
    for weight in (-1, 0.5, np.nan):
        with pytest.raises(GeoError, match="weight"):
            assign(reach, [weight], [1])
    with pytest.raises(ValueError, match="weight"):
        assign(reach, [1, 1], [1])
    with pytest.raises(ValueError, match="capacity"):
        assign(reach, [1], [1, 1])


def test_progress_and_giving_up():
    reach, weights = county(4, 6_000, 30, np.inf)
    # with places for many more the start is the plain one, and many steps are left
    capacity = np.full(30, int(weights.sum() * 1.11 / 30) + 1)
    told = []
    assign(reach, weights, capacity, progress=told.append)
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] <= 1

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assign(reach, weights, capacity, progress=stop)


def test_first_fit_is_another_answer():
    # nearest first: the two at the center take its places, though one of them could go elsewhere
    costs = [[1.0, 2.0], [3.0, 50.0]]
    greedy, least = (f(reach_of(costs), [1, 1], [1, 1]) for f in (first_fit, assign))
    assert greedy.main_center.tolist() == [0, 1]
    assert greedy.cost == 51.0
    assert least.main_center.tolist() == [1, 0]
    assert least.cost == 5.0
