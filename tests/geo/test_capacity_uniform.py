"""The uniform radius with capacities against maximum flow by networkx at every cost."""

from fractions import Fraction
from math import ceil

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.reach.matrix import Reach
from geo.service.uniform import uniform_radius
from tests.geo.test_capacity import capacities, county, reach_of, tables


def most_within(reach, weights, capacity, limit):
    graph = nx.DiGraph()
    graph.add_nodes_from(["s", "t"])
    for home, weight in enumerate(weights):
        graph.add_edge("s", ("home", home), capacity=int(weight))
    for k, places in enumerate(capacity):
        room = {} if not places >= 0 else {"capacity": int(places)}
        graph.add_edge(("center", k), "t", **room)
    for home, k, cost in zip(reach.households, reach.centers, reach.costs, strict=True):
        if cost <= limit:
            graph.add_edge(("home", int(home)), ("center", int(k)))
    return int(nx.maximum_flow_value(graph, "s", "t"))


def check(reach, weights, capacity, share):
    found = uniform_radius(reach, weights, capacity, share)
    total = int(np.sum(weights))
    needed = ceil(Fraction(repr(share)) * total)
    assert (found.people, found.needed) == (total, needed)
    assert found.proved
    assert found.served == most_within(
        reach, weights, capacity, reach.limit if np.isnan(found.radius) else found.radius
    )
    if np.isnan(found.radius):
        assert found.served < needed or total == 0
    elif needed:
        assert found.served >= needed
        assert found.radius in reach.costs
        for cost in np.unique(reach.costs[reach.costs < found.radius]):
            assert most_within(reach, weights, capacity, cost) < needed
        if not np.isnan(found.below):
            assert found.served_below == most_within(reach, weights, capacity, found.below)
    return found


@settings(max_examples=150)
@given(tables, st.sampled_from([0.3, 0.5, 0.9, 1.0]), st.data())
def test_against_maximum_flow(costs, share, data):
    reach = reach_of(costs)
    count = reach.center_count
    weights = data.draw(st.lists(st.integers(0, 4), min_size=len(costs), max_size=len(costs)))
    capacity = data.draw(st.lists(capacities, min_size=count, max_size=count))
    check(reach, weights, capacity, share)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("factor", [0.9, 1.02, 1.5])
def test_a_small_county(seed, factor):
    reach, weights = county(seed, 70, 6, np.inf)
    capacity = np.full(6, int(weights.sum() * factor / 6))
    radii = [check(reach, weights, capacity, share).radius for share in (0.5, 0.85, 1.0)]
    assert radii[0] <= radii[1]
    assert np.isnan(radii[2]) == (factor < 1)


def test_without_capacity_it_is_a_quantile_of_the_nearest():
    reach, weights = county(5, 400, 9, np.inf)
    nearest = reach.nearest()[1]
    order = np.argsort(nearest)
    for share in (0.5, 0.95, 1.0):
        needed = ceil(Fraction(repr(share)) * int(weights.sum()))
        by_hand = nearest[order][np.searchsorted(np.cumsum(weights[order]), needed)]
        assert uniform_radius(reach, weights, None, share).radius == by_hand


def test_a_share_is_the_decimal_it_is_written_as():
    # 0.07 x 100 is 7.000000000000001 in floating point
    reach = Reach.of_pairs(range(100), [0] * 100, range(100), shape=(100, 1), limit=200.0)
    assert uniform_radius(reach, [1] * 100, None, 0.07).radius == 6.0


def test_nobody_and_nothing():
    reach = reach_of(np.full((2, 1), np.nan))
    assert np.isnan(uniform_radius(reach, [1, 1], None, 0.5).radius)
    assert np.isnan(uniform_radius(reach, [0, 0], None, 0.5).radius)
    assert np.isnan(uniform_radius(reach, [0, 0], None, 0.5).share)
    for share in (0, 95):
        with pytest.raises(GeoError, match="share"):
            uniform_radius(reach, [1, 1], None, share)
