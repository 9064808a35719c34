"""Some pairs only, measured: what all pairs within a limit would say of them."""

import numpy as np
import pytest
import shapely

from geo.reach.line import StraightLine
from geo.reach.matrix import Pairs
from geo.reach.roads import RoadNetwork
from geo.travel import Travel
from tests.geo.slopes import CELL_M, dem, terrain
from tests.geo.streets import streets

LIMITS = {"distance": (0.0, 90.0, 400.0, np.inf), "time": (0.0, 60.0, 300.0, np.inf)}


def hills(rng):
    heights = np.cumsum(rng.normal(0, 2, (40, 50)), axis=1)
    heights[rng.random(heights.shape) < 0.02] = np.nan
    span = np.array([50, 40]) * CELL_M
    road = [shapely.LineString(rng.random((3, 2)) * span) for _ in range(2)]
    wall = [shapely.LineString(rng.random((3, 2)) * span * 0.5 + 1.3) for _ in range(2)]
    return terrain(dem(heights), road=road, barrier=wall), span


def blocks(rng):
    rows = []
    for k in range(300):
        x, y = rng.integers(0, 9, 2) * 50.0
        step = ((50.0, 0.0), (0.0, 50.0))[k % 2]
        oneway = ("both", "both", "forward", "backward")[int(rng.integers(0, 4))]
        rows.append((f"r{k:03d}", [(x, y), (x + step[0], y + step[1])], {"oneway": oneway}))
    travel = Travel(snap_limit_m=40.0)
    return RoadNetwork.build(streets(*rows), "drive", travel), np.array([450.0, 450.0])


def line(rng):
    return StraightLine(), np.array([500.0, 500.0])


@pytest.mark.parametrize("make", [hills, blocks, line])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pairs_cost_what_they_do_among_all(make, seed):
    rng = np.random.default_rng(seed)
    ways, span = make(rng)
    homes, sites = rng.random((40, 2)) * span, rng.random((25, 2)) * span
    homes[3], sites[5] = np.nan, homes[7]
    homes[8] = homes[7] + 1.0  # in the cell, or on the road, of a center
    pairs = Pairs(rng.integers(0, 40, 300), rng.integers(0, 25, 300))
    pairs.household[:3], pairs.center[:3] = (7, 8, 3), 5
    for measure, limits in LIMITS.items():
        for limit in limits:
            reach = ways.within(homes, sites, measure, limit)
            table = np.full((40, 25), np.nan)
            table[reach.households, reach.centers] = reach.costs
            found = ways.between(homes, sites, pairs, measure, limit)
            np.testing.assert_array_equal(found, table[pairs.household, pairs.center])
        assert np.isfinite(found).sum() > 100


@pytest.mark.parametrize("make", [hills, blocks, line])
def test_no_pairs(make):
    ways, span = make(np.random.default_rng(1))
    nobody = np.zeros(0, np.int64)
    places = np.ones((2, 2)) * span / 2
    assert ways.between(places, places, Pairs(nobody, nobody), "time", 60.0).shape == (0,)
