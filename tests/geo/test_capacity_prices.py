"""Prices an assignment starts from: valid whatever they are a guess of, and close to the end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.reach.line import StraightLine
from geo.reach.matrix import Reach
from geo.service import capacity as module
from geo.service.capacity import assign
from geo.service.capacity_prices import MOST_CENTERS, ROWS, first_prices, load_at
from geo.service.capacity_rows import make_rows


def problem_of(reach, weights, capacity):
    people = np.asarray(weights, np.int64)
    limits = np.asarray(capacity, np.int64)
    scale, left_out = module._scale(reach, people, limits)
    rows = make_rows(reach, people, scale)
    return module._problem(reach, people, limits, rows, scale, left_out)


def county(seed, homes, sites, limit=np.inf):
    rng = np.random.default_rng(seed)
    hamlets = rng.uniform(0, 20_000, (8, 2))
    places = hamlets[rng.integers(0, 8, homes)] + rng.normal(0, 600, (homes, 2))
    reach = StraightLine().within(places, rng.uniform(0, 20_000, (sites, 2)), "distance", limit)
    return reach, rng.integers(0, 7, homes)


def full_where_priced(problem, price):
    assert (price >= 0).all()
    load = load_at(problem, price)
    assert (load[price > 0] >= problem.capacity[price > 0]).all()
    return load


@settings(max_examples=40)
@given(
    st.integers(0, 10_000),
    st.sampled_from([0.5, 0.9, 1.0, 1.02, 1.09, 1.3]),
    st.sampled_from([3_000.0, 8_000.0, np.inf]),
)
def test_who_has_a_price_is_full(seed, factor, limit):
    rng = np.random.default_rng(seed)
    reach, weights = county(seed, 500, 7, limit)
    shares = rng.dirichlet(np.full(7, 2.0))
    problem = problem_of(reach, weights, (weights.sum() * factor * shares).astype(int))
    full_where_priced(problem, first_prices(problem))


@pytest.mark.parametrize("factor", [0.8, 0.95, 1.02])
def test_hardly_anybody_is_left_to_move(factor):
    reach, weights = county(4, 6_000, 30)
    problem = problem_of(reach, weights, np.full(30, int(weights.sum() * factor / 30)))
    price = first_prices(problem)
    load = full_where_priced(problem, price)
    surplus = np.maximum(load - problem.capacity, 0).sum()
    plain = np.maximum(load_at(problem, np.zeros_like(price)) - problem.capacity, 0).sum()
    assert surplus < 0.05 * weights.sum() < 0.3 * weights.sum() < plain
    # where somebody has to stay out, a place is worth that somebody
    assert (price > problem.left_out // 2).all() == (factor < 1)


def test_pieces_that_lack_places_and_pieces_that_do_not():
    one, weights = county(6, 1_000, 10)
    dense = np.full((2_000, 20), np.nan)
    dense[:1_000, :10] = dense[1_000:, 10:] = one.matrix().toarray()
    rows, columns = np.nonzero(~np.isnan(dense))
    reach = Reach.of_pairs(rows, columns, dense[rows, columns], shape=dense.shape, limit=np.inf)
    each = weights.sum() / 10
    capacity = np.repeat([int(0.8 * each), int(1.2 * each)], 10)
    problem = problem_of(reach, np.tile(weights, 2), capacity)
    price = first_prices(problem)
    full_where_priced(problem, price)
    assert (price[:10] > problem.left_out // 2).all()
    assert (price[10:] < problem.left_out // 2).all()
    found = assign(reach, np.tile(weights, 2), capacity)
    assert found.worth.proved
    assert found.overflow.sum() == weights.sum() - capacity[:10].sum()


def test_equal_costs_have_prices_too():
    rng = np.random.default_rng(5)
    homes = rng.integers(0, 40, (6_000, 2)).astype(float)
    sites = rng.integers(0, 40, (12, 2)).astype(float)
    costs = np.abs(homes[:, None] - sites[None]).sum(axis=2)
    rows, columns = np.indices(costs.shape).reshape(2, -1)
    reach = Reach.of_pairs(rows, columns, costs.ravel(), shape=costs.shape, limit=np.inf)
    weights = rng.integers(1, 7, 6_000)
    for factor in (0.7, 1.0, 1.05):
        problem = problem_of(reach, weights, np.full(12, int(weights.sum() * factor / 12)))
        assert len(problem.first) > ROWS * 12
        full_where_priced(problem, first_prices(problem))


def test_where_the_plain_start_is_as_good():
    reach, weights = county(3, 300, 12)
    plenty = problem_of(reach, weights, np.full(12, weights.sum()))
    loose = problem_of(reach, weights, np.full(12, int(weights.sum() * 1.2 / 12)))
    closed = problem_of(reach, weights, np.zeros(12))
    for problem in (plenty, loose, closed):
        assert not first_prices(problem).any()
    crowd = np.arange(MOST_CENTERS + 1.0)
    reach = Reach.of_pairs(
        np.zeros_like(crowd, int), crowd.astype(int), crowd, shape=(1, len(crowd)), limit=np.inf
    )
    assert not first_prices(problem_of(reach, [9], np.r_[1, np.zeros(MOST_CENTERS)])).any()


@pytest.mark.parametrize("factor", [0.85, 1.01])
def test_the_same_from_prices_of_zero(factor, monkeypatch):
    reach, weights = county(8, 2_000, 25, 9_000.0)
    capacity = np.full(25, int(weights.sum() * factor / 25))
    found = assign(reach, weights, capacity)
    monkeypatch.setattr(module, "first_prices", lambda problem: np.zeros(25, np.int64))
    plain = assign(reach, weights, capacity)
    assert found.worth.proved
    assert plain.worth.proved
    assert (found.cost, found.overflow.sum()) == (plain.cost, plain.overflow.sum())
    assert found.worth.more_people.tolist() == plain.worth.more_people.tolist()
    assert found.worth.more_cost.tolist() == plain.worth.more_cost.tolist()
    # no two costs are equal here, so the people are the same too
    np.testing.assert_array_equal(found.people, plain.people)
