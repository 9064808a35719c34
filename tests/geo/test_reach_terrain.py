"""Walking over terrain against a graph of all moves; uphill is not downhill; limits count."""

import math

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.reach.matrix import State
from geo.travel import Travel
from tests.geo.slopes import CELL_M, at, dem, flat, graph, line, middles, pace, terrain

SIDE = 6
MEASURES = ("distance", "time")
quarters = st.integers(0, SIDE * 4).map(lambda n: n * CELL_M / 4)
spots = st.tuples(quarters, quarters)
lines = st.lists(spots, min_size=2, max_size=4, unique=True).map(lambda xy: line(*xy))
lakes = st.lists(spots, min_size=3, max_size=4, unique=True).map(
    lambda xy: shapely.MultiPoint(xy).convex_hull
)
lands = st.lists(
    st.one_of(st.integers(0, 12), st.integers(0, 12), st.just(math.nan)),
    min_size=SIDE * SIDE,
    max_size=SIDE * SIDE,
).map(lambda z: dem(np.reshape(z, (SIDE, SIDE))))
cells = st.integers(0, SIDE * SIDE - 1)


@settings(max_examples=60)
@given(
    lands,
    st.lists(lines, max_size=2),
    st.lists(st.one_of(lines, lakes), max_size=2),
    st.lists(cells, min_size=1, max_size=4),
    st.sampled_from(MEASURES),
    st.sampled_from([0.6, 1.0]),
    st.sampled_from([0.7, 1.0]),
)
def test_against_a_graph_of_all_moves(land, road, barrier, sites, measure, off_path, steepest):
    walls = shapely.union_all(barrier)
    assume(not shapely.intersects(shapely.union_all(road), walls))
    travel = {"off_path": off_path, "steepest": steepest}
    places = middles(land)
    walked = graph(land, road=road, barrier=barrier, **travel)
    # on a line or in the water a place moves to another cell: another test
    usual = ~shapely.intersects(shapely.points(places), walls)
    for cell in range(len(places)):
        usual[cell] &= divmod(cell, SIDE) in walked
    sites = [cell for cell in sites if usual[cell]]
    assume(sites)
    whole = terrain(land, road=road, barrier=barrier, **travel)
    nearest = whole.nearest(places, places[sites], measure)
    reach = whole.within(places, places[sites], measure, np.inf)
    back = walked.reverse()
    costs = np.full((len(places), len(sites)), np.inf)
    for j, cell in enumerate(sites):
        found = nx.single_source_dijkstra_path_length(back, divmod(cell, SIDE), weight=measure)
        for (r, c), cost in found.items():
            costs[r * SIDE + c, j] = cost
    least = costs.min(axis=1)
    reached = usual & np.isfinite(least)
    np.testing.assert_allclose(nearest.cost[reached], least[reached], rtol=1e-12)
    assert (nearest.state[reached] == State.REACHED).all()
    assert (nearest.state[usual & ~reached] == State.UNREACHABLE).all()
    assert (nearest.state[~np.isfinite(land.values.ravel())] == State.UNLOCATED).all()
    for i in np.flatnonzero(reached):
        assert costs[i, nearest.center[i]] == pytest.approx(least[i], rel=1e-12)
        pairs = slice(reach.starts[i], reach.starts[i + 1])
        np.testing.assert_allclose(reach.costs[pairs], np.sort(costs[i][np.isfinite(costs[i])]))
        assert reach.centers[pairs][0] == nearest.center[i]
        assert reach.costs[pairs][0] == nearest.cost[i]  # to the last bit
        way = whole.way(places[i], places[sites[nearest.center[i]]], measure)
        assert way.cost == nearest.cost[i]
    for i in np.flatnonzero(usual & ~reached)[:3]:
        assert whole.way(places[i], places[sites[0]], measure) is None


def hills(seed, side=40, rough=6.0):
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    z = 40 * np.sin(x / 7 + seed) * np.cos(y / 9) + rng.normal(0, rough / 3, (side, side))
    return dem(z), rng


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("seed", [1, 2])
def test_many_centers_are_the_least_of_single_ones(seed, measure):
    land, rng = hills(seed)
    whole = terrain(land, road=[line((0, 120), (390, 210))])
    homes, sites = rng.uniform(0, 400, (300, 2)), rng.uniform(0, 400, (12, 2))
    homes[:40] = sites[rng.integers(0, 12, 40)] + rng.uniform(-3, 3, (40, 2))  # next door
    sites[7] = sites[3] + 0.5  # in one cell, or two side by side
    single = np.column_stack(
        [whole.nearest(homes, sites[j : j + 1], measure).cost for j in range(12)]
    )
    together = whole.nearest(homes, sites, measure)
    np.testing.assert_array_equal(together.cost, single.min(axis=1))
    np.testing.assert_array_equal(together.center, single.argmin(axis=1))
    limit = float(np.median(together.cost))
    reach = whole.within(homes, sites, measure, limit)
    assert len(reach.costs) == (single <= limit).sum()
    np.testing.assert_array_equal(reach.costs, single[reach.households, reach.centers])
    center, cost = reach.nearest()
    served = together.within(limit)
    np.testing.assert_array_equal(center[served], together.center[served])
    np.testing.assert_array_equal(cost[served], together.cost[served])
    assert (center[~served] == -1).all()
    capped = whole.nearest(homes, sites, measure, limit)
    np.testing.assert_array_equal(capped.cost[served], together.cost[served])
    assert (capped.state[~served] == State.UNREACHABLE).all()
    # order, more centers, a higher limit
    order = rng.permutation(len(homes))
    np.testing.assert_array_equal(
        whole.nearest(homes[order], sites[::-1], measure).cost, together.cost[order]
    )
    fewer = whole.nearest(homes, sites[:6], measure).cost
    assert (together.cost <= fewer).all()
    assert (together.cost < fewer).any()
    further = whole.nearest(homes, sites, measure, 1.5 * limit)
    assert (further.within(1.5 * limit) >= served).all()


def test_uphill_is_not_downhill():
    slope = 0.25  # rises to the east
    land = dem(np.tile(np.arange(21) * CELL_M * slope, (3, 1)))
    ends = middles(land)[21:42][[0, 20]]
    whole = terrain(land, off_path=1.0)
    run = 200 * math.hypot(1, slope)
    up = whole.nearest(ends[:1], ends[1:], "time").cost[0]
    down = whole.nearest(ends[1:], ends[:1], "time").cost[0]
    assert up == pytest.approx(run * pace(slope))
    assert down == pytest.approx(run * pace(-slope))
    assert up > 1.3 * down
    assert whole.way(ends[0], ends[1], "time").cost == up
    assert whole.way(ends[1], ends[0], "time").cost == down
    for way in (ends, ends[::-1]):
        metres = whole.nearest(way[:1], way[1:], "distance").cost[0]
        assert metres == pytest.approx(run)


def test_speed_on_the_level():
    whole = terrain(flat(1, 31), road=[line((0, 5), (150, 5))], off_path=0.6)
    ends = middles(whole.heights)
    road = whole.nearest(ends[:1], ends[14:15], "time").cost[0]
    off = whole.nearest(ends[16:17], ends[30:31], "time").cost[0]
    assert road == pytest.approx(140 / (5.0366 / 3.6), rel=1e-4)  # 5.04 km/h
    assert off == pytest.approx(road / 0.6)


def test_exactly_at_the_limit_is_served():
    whole = terrain(flat(1, 121, cell_m=30.0))
    ends = middles(whole.heights)
    # 120 cells of 30 m: 3,600 m, with no rounding
    for home, site in ((ends[:1], ends[120:]), (ends[120:], ends[:1])):
        assert whole.nearest(home, site, "distance", 3600.0).cost[0] == 3600.0
        assert len(whole.within(home, site, "distance", 3600.0).costs) == 1
        assert len(whole.within(home, site, "distance", 3599.9).costs) == 0
    # whatever 60 minutes are in floats
    seconds = whole.nearest(ends[:1], ends[120:], "time").cost[0]
    exact = terrain(flat(1, 121, cell_m=30.0 * 3600 / seconds))
    ends = middles(exact.heights)
    hour = exact.nearest(ends[:1], ends[120:], "time").cost[0]
    assert hour == pytest.approx(3600, rel=1e-12)
    for limit, state in ((hour, State.REACHED), (np.nextafter(hour, 0), State.UNREACHABLE)):
        assert exact.nearest(ends[:1], ends[120:], "time", limit).state[0] == state
        reach = exact.within(ends[:1], ends[120:], "time", limit)
        assert len(reach.costs) == (state == State.REACHED)


def test_the_level_is_overstated_by_at_most_3_percent():
    whole = terrain(flat(101, 101))
    homes = middles(whole.heights)
    center = at((505, 505))
    cost = whole.nearest(homes, center, "distance").cost
    metres = np.hypot(*(homes - center).T)
    far = metres > 0
    ratio = cost[far] / metres[far]
    assert ratio.min() >= 1 - 1e-12
    assert ratio.max() == pytest.approx(1.0275, abs=5e-4)
    time = whole.nearest(homes, center, "time").cost
    np.testing.assert_allclose(time, cost * pace(0) / 0.6)


def test_ties_go_to_the_first_center():
    whole = terrain(flat(9, 9))
    homes = middles(whole.heights)
    sites = at((85, 5), (5, 5), (85, 85), (5, 85))
    nearest = whole.nearest(homes, sites, "distance")
    far = np.column_stack([whole.nearest(homes, s[None], "distance").cost for s in sites])
    np.testing.assert_array_equal(nearest.center, far.argmin(axis=1))
    assert ((far == far.min(axis=1)[:, None]).sum(axis=1) > 1).sum() > 8
    twice = whole.nearest(homes, np.concatenate([sites, sites]), "distance")
    np.testing.assert_array_equal(twice.center, nearest.center)


def test_in_the_cell_of_a_center_the_straight_line_decides():
    whole = terrain(flat(3, 3), off_path=0.5)
    sites = at((19.5, 15), (10.5, 15), (25, 15))
    homes = at((10.5, 18), (19, 15), (15, 15), (25, 15))
    nearest = whole.nearest(homes, sites, "distance")
    np.testing.assert_allclose(nearest.cost, [3, 0.5, 4.5, 0])
    assert nearest.center.tolist() == [1, 0, 0, 2]
    time = whole.nearest(homes, sites, "time")
    np.testing.assert_allclose(time.cost, nearest.cost * pace(0) / 0.5)
    assert whole.way(homes[0], sites[1], "distance").cost == 3
    assert whole.nearest(homes, sites, "distance", 2.9).state.tolist() == [1, 0, 1, 0]
    # a center at the far end of the cell is farther than the one in the next cell
    corner = whole.nearest(at((19.9, 19.9)), at((10.1, 10.1), (25, 15)), "distance")
    assert (corner.center[0], corner.cost[0]) == (1, 10)


def test_nobody_is_far_who_has_no_place():
    z = np.zeros((4, 4))
    z[0, 0] = np.nan
    whole = terrain(dem(z))
    homes = at((5, 5), (5, 35), (-1, 5), (np.nan, 5), (40, 0), (5, np.inf))
    lost = State.UNLOCATED
    nearest = whole.nearest(homes, at((35, 35)), "time")
    assert nearest.state.tolist() == [State.REACHED, lost, lost, lost, State.REACHED, lost]
    assert np.isfinite(nearest.cost[[0, 4]]).all()
    none = whole.nearest(homes, at((np.nan, 0)), "time")
    assert none.state.tolist() == [State.NO_CENTER, lost, lost, lost, State.NO_CENTER, lost]
    away = whole.nearest(homes, at((900, 900), (5, 35)), "time")
    assert away.state.tolist() == [State.UNREACHABLE, lost, lost, lost, State.UNREACHABLE, lost]
    assert whole.within(homes, at(), "time", 60).household_count == 6
    assert whole.within(at(), homes, "time", 60).center_count == 6
    assert len(whole.nearest(at(), homes, "time").cost) == 0
    assert whole.way(homes[1], homes[0], "time") is None
    assert whole.way(homes[0], np.array([900.0, 900.0]), "time") is None
    assert Travel().off_path == 0.6
