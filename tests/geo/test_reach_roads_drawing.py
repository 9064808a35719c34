"""Ways and service areas by road: cut where the limit ends, islands out, holes kept."""

import numpy as np
import pytest
import shapely

from geo.reach.road_drawing import STEPS
from geo.reach.roads import RoadNetwork
from geo.travel import Travel
from tests.geo.streets import at, streets
from tests.geo.test_reach_roads import county

TRAVEL = Travel(walk_kmh=3.6, drive_kmh={"residential": 36.0}, snap_limit_m=100)
STEP = 100 / STEPS


def build(*rows, means="walk", travel=TRAVEL):
    return RoadNetwork.build(streets(*rows), means, travel)


def test_the_way_has_its_legs():
    network = build(("a", [(0, 0), (100, 0)]), ("b", [(100, 0), (100, 200)]))
    way = network.way(at((10, 5))[0], at((97, 150))[0], "distance")
    assert shapely.get_coordinates(way.line).tolist() == [
        [10, 5],
        [10, 0],
        [100, 0],
        [100, 150],
        [97, 150],
    ]
    assert way.cost == way.line.length == 5 + 90 + 150 + 3
    same = network.way(at((10, 5))[0], at((40, 0))[0], "time")
    assert shapely.get_coordinates(same.line).tolist() == [[10, 5], [10, 0], [40, 0]]
    stay = network.way(at((10, 0))[0], at((10, 0))[0], "time")
    assert (stay.cost, stay.line.length) == (0, 0)
    for nowhere in ((np.nan, 0), (0, 9000)):
        assert network.way(at((10, 5))[0], at(nowhere)[0], "time") is None
        assert network.way(at(nowhere)[0], at((10, 5))[0], "time") is None


def test_a_way_goes_round_a_one_way_street():
    ring = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    network = build(("a", ring, {"oneway": "forward"}), means="drive")
    way = network.way(at((70, 0))[0], at((30, 0))[0], "time")
    assert shapely.get_coordinates(way.line)[[0, 1, -2, -1]].tolist() == [
        [70, 0],
        [100, 0],
        [0, 0],
        [30, 0],
    ]
    assert (way.line.length, way.cost) == (360, 36)
    # in 15 s one drives 150 m, but walks the leg: the last step beside the road costs 12.5 s
    short, long = network.areas(at((30, 0), (30, 0)), "time", [15.0, 60.0])
    assert short.is_empty
    assert not long.is_empty


def test_every_way_is_as_long_as_it_says():
    rows, homes, sites = county(seed=4)
    network = build(*rows, means="drive", travel=Travel(snap_limit_m=2))
    reach = network.within(homes, sites, "distance", np.inf)
    assert len(reach.costs) > 100
    for home, site, cost in zip(reach.households, reach.centers, reach.costs, strict=True):
        way = network.way(homes[home], sites[site], "distance")
        assert way.cost == cost
        assert way.line.length == pytest.approx(cost, abs=1e-4)
        ends = shapely.get_coordinates(way.line)[[0, -1]]
        np.testing.assert_array_equal(ends, [homes[home], sites[site]])


def test_land_is_cut_where_the_limit_ends():
    network = build(("a", [(0, 0), (2000, 0)]), ("b", [(0, 400), (2000, 400)]))
    (area,) = network.areas(at((500, 0)), "distance", 300.0)
    holds = lambda x, y: bool(shapely.intersects_xy(area, x, y))  # noqa: E731
    # 100 m beside where 141 m are left, less and less towards the end
    assert holds(500, 99.9)
    assert not holds(500, 100.1)
    assert holds(655, 99)
    assert not holds(770, 50)
    assert area.bounds == pytest.approx(
        (500 - (300 - STEP * 2**0.5 + STEP), -100, 500 + (300 - STEP * 2**0.5 + STEP), 100), abs=0.1
    )
    # nobody in it costs more than the limit
    rng = np.random.default_rng(0)
    places = rng.uniform((100, -120), (900, 120), (4000, 2))
    inside = shapely.intersects_xy(area, *places.T)
    costs = network.nearest(places, at((500, 0)), "distance").cost
    assert inside.sum() > 1000
    assert costs[inside].max() <= 300
    # what is left out: land farther than 100 m, and a strip where the limit ends
    near = np.abs(places[:, 1]) < 99
    assert costs[near & ~inside].min() > 300 - 75
    # the other road is another piece: nobody gets there
    assert network.land(at((500, 0)), "distance", 5000).bounds[3] == pytest.approx(100)


def test_in_time_the_leg_is_walked():
    network = build(("a", [(0, 0), (9000, 0)]), means="drive")
    area = network.land(at((4000, 0)), "time", 200.0)
    # 36 km/h on the road, 3.6 on foot: by car, but for the last step and a corner
    along = 10 * (200 - STEP * 2**0.5) + STEP
    assert area.bounds == pytest.approx((4000 - along, -100, 4000 + along, 100), abs=0.1)
    near = build(("a", [(0, 0), (9000, 0)]), travel=Travel(snap_limit_m=40))
    assert near.land(at((4000, 0)), "distance", 200.0).bounds[3] == pytest.approx(40, abs=0.01)


def test_one_way_land_is_where_one_comes_from():
    network = build(("a", [(0, 0), (1000, 0), (2000, 0)], {"oneway": "forward"}), means="drive")
    west, _, east, _ = network.land(at((1500, 0)), "distance", 700.0).bounds
    assert west == pytest.approx(800 + STEP * 2**0.5 - STEP, abs=0.1)
    assert east == pytest.approx(1600, abs=0.1)


def test_holes_stay_and_nothing_is_empty():
    ring = [(0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0)]
    network = build(("a", ring), ("b", [(0, 1000), (0, 1800)]), ("c", [(0, 2500), (9, 2500)]))
    (area,) = network.areas(at((0, 500)), "distance", [5000.0])
    assert len(area.interiors) == 1
    assert area.area == pytest.approx(4800 * 200, rel=0.02)
    limits = [np.nan, 0.0, -1.0, 10.0, 5000.0, 5000.0]
    places = at((0, 500), (0, 500), (0, 500), (0, 500), (0, 9000), (np.nan, 0))
    assert shapely.is_empty(network.areas(places, "distance", limits)).all()
    assert network.land(places[4:], "distance", 5000.0).is_empty
    assert network.land(at(), "distance", 5000.0).is_empty
    everywhere = network.land(places, "distance", np.inf)
    assert shapely.area(shapely.symmetric_difference(everywhere, area)) < 1e-6
    assert shapely.is_valid(area)


def test_land_of_all_is_the_land_of_each():
    rows, _, sites = county(seed=6)
    network = build(*rows, means="drive", travel=Travel(snap_limit_m=0.2))
    for measure, limit in (("distance", 4.0), ("time", 3.0)):
        each = shapely.union_all(network.areas(sites, measure, limit))
        whole = network.land(sites, measure, limit)
        assert whole.area > 1
        assert shapely.area(shapely.symmetric_difference(each, whole)) < 1e-6
