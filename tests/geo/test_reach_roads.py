"""Ways by road against a search on the split graph; traps of others; what never may change."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.reach.matrix import State
from geo.reach.roads import RoadNetwork
from geo.travel import Travel
from tests.geo.streets import at, streets

# a metre a second on foot and by car: both measures can be reckoned in the head
TRAVEL = Travel(walk_kmh=3.6, drive_kmh={"residential": 3.6, "primary": 7.2}, snap_limit_m=2.0)
REACHED, UNREACHABLE, OFF = State.REACHED, State.UNREACHABLE, State.OFF_NETWORK
UNLOCATED, NO_CENTER = State.UNLOCATED, State.NO_CENTER


def build(rows, means="drive", travel=TRAVEL, **options):
    return RoadNetwork.build(streets(*rows), means, travel, **options)


def rows_of(lines, attributes):
    return [
        (f"r{i:02d}", line, {"oneway": oneway, "road_class": kind})
        for i, (line, (oneway, kind)) in enumerate(zip(lines, attributes, strict=False))
    ]


def oracle(rows, homes, sites, means, measure):
    """Return costs (households, centers) by networkx: inf without a way, NaN off the network."""
    pieces = [(a, b, r) for r, (_, line, _) in enumerate(rows) for a, b in pairwise(line) if a != b]
    stops = [{0.0: a, 1.0: b} for a, b, _ in pieces]
    vertices = [set(line) for _, line, _ in rows]
    for end in {end for _, line, _ in rows for end in (line[0], line[-1]) if len(set(line)) > 1}:
        for k, (a, b, r) in enumerate(pieces):
            along, gap = foot(a, b, end)
            if end not in vertices[r] and gap == 0:
                stops[k][along] = end
                break
    legs = []
    for name, place in [(("h", i), p) for i, p in enumerate(homes)] + [
        (("c", j), p) for j, p in enumerate(sites)
    ]:
        near = [(round(foot(a, b, place)[1], 6), k) for k, (a, b, _) in enumerate(pieces)]
        gap, k = min(near, default=(np.inf, -1))
        if gap <= TRAVEL.snap_limit_m:
            on = stops[k].setdefault(foot(*pieces[k][:2], place)[0], name)
            legs.append((name, on, round(gap, 6)))
    graph = nx.DiGraph()
    for (a, b, r), on in zip(pieces, stops, strict=True):
        metres, more = np.hypot(b[0] - a[0], b[1] - a[1]), rows[r][2]
        speed = 2 if (means, measure, more["road_class"]) == ("drive", "time", "primary") else 1
        for (t, start), (u, end) in pairwise(sorted(on.items())):
            cost = metres * (u - t) / speed
            if means == "walk" or more["oneway"] != "backward":
                add(graph, start, end, cost)
            if means == "walk" or more["oneway"] != "forward":
                add(graph, end, start, cost)
    for (kind, i), on, gap in legs:
        add(graph, *(("door", kind, i), on) if kind == "h" else (on, ("door", kind, i)), gap)
    costs = np.full((len(homes), len(sites)), np.nan)
    for (kind, i), _, _ in legs:
        if kind == "h":
            found = nx.single_source_dijkstra_path_length(graph, ("door", "h", i))
            costs[i] = [found.get(("door", "c", j), np.inf) for j in range(len(sites))]
    return np.round(costs, 6)  # sums of whole millionths


def add(graph, start, end, cost):
    if not graph.has_edge(start, end) or graph.edges[start, end]["weight"] > cost:
        graph.add_edge(start, end, weight=cost)


def foot(a, b, place):
    a, b, place = map(np.array, (a, b, place))
    along = float(np.clip((place - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1))
    return along, float(np.hypot(*(place - a - along * (b - a))))


small = st.integers(0, 6)
# right-angled roads on whole metres: ties are exact, ends touch the middle of others, roads cross
right_angled = st.tuples(small, small, st.integers(-4, 4), st.integers(-4, 4), st.booleans()).map(
    lambda t: [(t[0], t[1]), (t[0] + t[2], t[1])] + [(t[0] + t[2], t[1] + t[3])] * t[4]
)
# roads between shared places somewhere: nothing is equal, no place is within 5 cm of a road past it
SOMEWHERE = np.arange(4)[:, None, None] * [2.0, 0] + np.arange(4)[:, None] * [0, 2.0]
SOMEWHERE = np.round(SOMEWHERE + np.random.default_rng(19).uniform(-0.7, 0.7, SOMEWHERE.shape), 6)
crooked = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=4).map(
    lambda corners: [tuple(SOMEWHERE[c].tolist()) for c in corners]
)
attributes = st.tuples(
    st.sampled_from(["both", "both", "forward", "backward"]),
    st.sampled_from(["residential", "primary"]),
)
halves = st.integers(-3, 16).map(lambda n: n / 2)
anywhere = st.floats(-1, 8, allow_subnormal=False)
question = {
    "kinds": st.lists(attributes, min_size=12, max_size=12),
    "means": st.sampled_from(["walk", "drive"]),
    "measure": st.sampled_from(["distance", "time"]),
}


@settings(max_examples=150)
@given(
    lines=st.lists(right_angled, min_size=1, max_size=12),
    homes=st.lists(st.tuples(halves, halves), min_size=1, max_size=6),
    sites=st.lists(st.tuples(halves, halves), min_size=1, max_size=5),
    limit=st.integers(0, 24).map(lambda n: n / 2),
    **question,
)
def test_against_networkx_with_ties(lines, homes, sites, limit, kinds, means, measure):
    rows = rows_of(lines, kinds)
    network = build(rows, means)
    costs = oracle(rows, homes, sites, means, measure)
    homes, sites = at(*homes), at(*sites)
    nearest = network.nearest(homes, sites, measure)
    off = np.isnan(costs).all(axis=1)
    reached = np.isfinite(costs).any(axis=1)
    np.testing.assert_array_equal(
        nearest.state, np.where(off, OFF, np.where(reached, REACHED, UNREACHABLE))
    )
    np.testing.assert_array_equal(nearest.cost[reached], costs[reached].min(axis=1))
    np.testing.assert_array_equal(nearest.center[reached], costs[reached].argmin(axis=1))
    assert (nearest.center[~reached] == -1).all()
    assert np.isnan(nearest.cost[~reached]).all()

    reach = network.within(homes, sites, measure, limit)
    pairs = [
        sorted((cost, j) for j, cost in enumerate(row) if cost <= limit)  # exactly at it counts
        for row in costs
    ]
    assert np.diff(reach.starts).tolist() == [len(row) for row in pairs]
    assert reach.costs.tolist() == [cost for row in pairs for cost, _ in row]
    assert reach.centers.tolist() == [j for row in pairs for _, j in row]
    bounded = network.nearest(homes, sites, measure, limit)
    np.testing.assert_array_equal(bounded.center, reach.nearest()[0])
    np.testing.assert_array_equal(bounded.cost, reach.nearest()[1])


@settings(max_examples=60)
@given(
    lines=st.lists(crooked, min_size=1, max_size=12),
    homes=st.lists(st.tuples(anywhere, anywhere), min_size=1, max_size=6),
    sites=st.lists(st.tuples(anywhere, anywhere), min_size=1, max_size=5),
    **question,
)
def test_against_networkx_anywhere(lines, homes, sites, kinds, means, measure):
    rows = rows_of(lines, kinds)
    costs = oracle(rows, homes, sites, means, measure)
    homes, sites = at(*homes), at(*sites)
    network = build(rows, means)
    reach = network.within(homes, sites, measure, np.inf)
    found = np.full(costs.shape, np.inf)
    found[reach.households, reach.centers] = reach.costs
    # each edge, leg and offset is rounded to a millionth
    np.testing.assert_allclose(found, np.where(np.isnan(costs), np.inf, costs), rtol=0, atol=3e-5)
    for home, site, cost in zip(reach.households, reach.centers, reach.costs, strict=True):
        assert network.way(homes[home], sites[site], measure).cost == cost


def county(seed=3, roads=700, homes=300, sites=25):
    """A larger one, with pieces, one-ways, off-network places and several at one point."""
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 18, (roads, 2))
    steps = rng.integers(-1, 2, (roads, 2))
    lines = [[tuple(c), tuple(c + s)] for c, s in zip(corners.tolist(), steps, strict=True)]
    lines = [[tuple(map(int, p)) for p in line] for line in lines]
    kinds = list(
        zip(
            rng.choice(["both", "both", "forward", "backward"], roads),
            rng.choice(["residential", "primary"], roads),
            strict=True,
        )
    )
    homes = np.round(rng.uniform(-2, 20, (homes, 2)), 1)
    sites = np.round(rng.uniform(-2, 20, (sites, 2)), 1)
    homes[5:9], sites[7] = homes[4], sites[3]
    homes[11], sites[9] = np.nan, np.nan
    return [row for row in rows_of(lines, kinds) if row[1][0] != row[1][1]], homes, sites


@pytest.mark.parametrize("measure", ["distance", "time"])
@pytest.mark.parametrize("means", ["walk", "drive"])
def test_order_changes_nothing(means, measure):
    rows, homes, sites = county()
    rng = np.random.default_rng(1)
    network = build(rows, means)
    shuffled = build([rows[k] for k in rng.permutation(len(rows))], means)
    assert shuffled.report == network.report
    nearest = network.nearest(homes, sites, measure)
    assert len(set(nearest.state.tolist())) == 4, "the case has all of them"
    order = rng.permutation(len(homes))
    again = shuffled.nearest(homes[order], sites, measure)
    np.testing.assert_array_equal(again.center, nearest.center[order])
    np.testing.assert_array_equal(again.cost, nearest.cost[order])
    np.testing.assert_array_equal(again.state, nearest.state[order])
    moved = rng.permutation(len(sites))
    again = shuffled.nearest(homes, sites[moved], measure)
    np.testing.assert_array_equal(again.cost, nearest.cost)
    reach = network.within(homes, sites, measure, 7.0)
    again = shuffled.within(homes[order], sites[moved], measure, 7.0)
    dense = reach.matrix().toarray()[order][:, moved]
    np.testing.assert_array_equal(again.matrix().toarray(), dense)


@pytest.mark.parametrize("measure", ["distance", "time"])
def test_nearest_is_the_least_of_single_runs(measure):
    rows, homes, sites = county(seed=8)
    network = build(rows)
    each = [network.nearest(homes, sites[[j]], measure).cost for j in range(len(sites))]
    costs = np.column_stack(each)
    costs[np.isnan(costs)] = np.inf
    nearest = network.nearest(homes, sites, measure)
    reached = np.isfinite(costs).any(axis=1)
    np.testing.assert_array_equal(nearest.state == REACHED, reached)
    np.testing.assert_array_equal(nearest.cost[reached], costs[reached].min(axis=1))
    np.testing.assert_array_equal(nearest.center[reached], costs[reached].argmin(axis=1))
    reach = network.within(homes, sites, measure, np.inf)
    assert len(reach.costs) == np.isfinite(costs).sum()
    np.testing.assert_array_equal(reach.costs, costs[reach.households, reach.centers])


def test_a_center_more_never_costs_more():
    rows, homes, sites = county(seed=13)
    network = build(rows)
    before = np.full(len(homes), np.inf)
    for count in range(1, len(sites) + 1):
        now = network.nearest(homes, sites[:count], "time").cost
        now = np.where(np.isnan(now), np.inf, now)
        assert (now <= before).all()
        before = now
    assert np.isfinite(before).sum() > 100


# A --- B --- C      D --- E     two pieces; F is far from both
LEVEL = [("a", [(0, 0), (100, 0), (200, 0)]), ("b", [(0, 300), (100, 300)])]
WALK = Travel(walk_kmh=3.6, snap_limit_m=50)


@pytest.mark.parametrize("measure", ["distance", "time"])
def test_many_starts_one_disconnected_one_nowhere(measure):
    # pgRouting #552 lost nodes, #519 answered nothing, #1152 crashed
    network = build(LEVEL, "walk", WALK)
    homes = at((10, 0), (90, 0), (150, 5), (50, 300), (50, 150), (np.nan, 0))
    sites = at((50, 10000), (np.nan, np.nan), (0, 0), (200, 0))
    nearest = network.nearest(homes, sites, measure)
    assert nearest.center.tolist() == [2, 2, 3, -1, -1, -1]
    assert nearest.state.tolist() == [REACHED] * 3 + [UNREACHABLE, OFF, UNLOCATED]
    assert nearest.cost[:3].tolist() == [10, 90, 55]
    assert network.states(sites).tolist() == [OFF, UNLOCATED, REACHED, REACHED]
    many = np.repeat(at((200, 0)), 5000, axis=0)
    assert network.nearest(homes, many, measure).center.tolist() == [0, 0, 0, -1, -1, -1]
    reach = network.within(homes, np.concatenate([many, at((50, 300))]), measure, 110.0)
    assert np.diff(reach.starts).tolist() == [0, 5000, 5000, 1, 0, 0]


def test_nobody_to_reach():
    network = build(LEVEL, "walk", WALK)
    homes = at((10, 0), (50, 150), (np.nan, 0))
    for nothing in (at(), at((np.nan, 0))):
        nearest = network.nearest(homes, nothing, "time")
        assert nearest.state.tolist() == [NO_CENTER, NO_CENTER, UNLOCATED]
        assert len(network.within(homes, nothing, "time", 9).costs) == 0
    off = network.nearest(homes, at((0, 9000)), "time")
    assert off.state.tolist() == [UNREACHABLE, OFF, UNLOCATED]
    assert len(network.nearest(at(), at((0, 0)), "time").cost) == 0
    empty = build([("m", [(0, 0), (9, 0)], {"road_class": "motorway"})], "walk")
    assert empty.nearest(at((0, 0)), at((0, 0)), "time").state.tolist() == [OFF]
    assert empty.within(at((0, 0)), at((0, 0)), "distance", 9).household_count == 1
    assert empty.way(at((0, 0))[0], at((1, 0))[0], "time") is None
    assert empty.land(at((0, 0)), "time", 60).is_empty


def test_limits_are_inclusive():
    network = build(LEVEL, "walk", WALK)
    homes, center = at((0, 50), (0, 50.001), (0, 0), (0.001, 0)), at((200, 0))
    assert network.states(homes)[:2].tolist() == [REACHED, OFF]
    assert network.nearest(homes, center, "distance", 200.0).state.tolist() == [
        UNREACHABLE,
        OFF,
        REACHED,
        REACHED,
    ]
    assert network.within(homes, center, "distance", 200).households.tolist() == [2, 3]
    assert network.within(homes, center, "distance", 199.9995).households.tolist() == [3]
    # an hour on foot, in pieces of 72 s, and by car in pieces of 7.2 s, which no binary number is
    path = [(100.0 * k, 0) for k in range(501)]
    hour = build([("a", path[:51])], "walk", Travel(walk_kmh=5.0))
    assert hour.nearest(at((0, 0)), at((5000, 0)), "time", 3600.0).cost.tolist() == [3600.0]
    hour = build([("a", path)], "drive", Travel(drive_kmh={"residential": 50.0}))
    assert hour.nearest(at((0, 0)), at((50000, 0)), "time", 3600.0).cost.tolist() == [3600.0]


def test_on_a_one_way_road_one_only_goes_ahead():
    #   (0,100) <---------- (100,100)      a loop, driven anticlockwise
    #      |                    ^
    #      v                    |
    #   (0,0)  ----------> (100,0)
    ring = [("a", [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)], {"oneway": "forward"})]
    car, feet = build(ring), build(ring, "walk")
    places = at((30, 0), (70, 0))
    assert car.within(places, places, "distance", np.inf).matrix().toarray().tolist() == [
        [0, 40],
        [360, 0],
    ]
    assert feet.within(places, places, "distance", np.inf).matrix().toarray().tolist() == [
        [0, 40],
        [40, 0],
    ]
    # the other way round drawn, the same road
    back = [("a", ring[0][1][::-1], {"oneway": "backward"})]
    costs = build(back).within(places, places, "distance", np.inf).matrix().toarray()
    assert costs.tolist() == [[0, 40], [360, 0]]
    # a dead end into which one may drive: there is no way back, and none from its far end
    trap = [("a", [(0, 0), (100, 0)]), ("b", [(100, 0), (200, 0)], {"oneway": "forward"})]
    nearest = build(trap).nearest(at((150, 1), (50, 0)), at((20, 0)), "time")
    assert nearest.state.tolist() == [UNREACHABLE, REACHED]
    assert build(trap).nearest(at((20, 0)), at((150, 1)), "time").cost.tolist() == [131.0]


def test_the_nearest_road_is_the_one():
    # of two roads equally near the lowest code; a nearer one that leads nowhere is not left
    rows = [("b", [(0, 2), (100, 2)]), ("a", [(0, 0), (100, 0)]), ("c", [(100, 2), (100, 9)])]
    network = build(rows, "walk")
    assert network.nearest(at((50, 1)), at((0, 0)), "distance").cost.tolist() == [51.0]
    assert network.nearest(at((50, 1)), at((0, 2)), "distance").state.tolist() == [UNREACHABLE]
    assert network.nearest(at((50, 1.01)), at((0, 2)), "distance").cost.tolist() == [50.99]


def test_speeds_of_roads_and_of_legs():
    rows = [
        ("a", [(0, 0), (300, 0)], {"road_class": "primary"}),
        ("b", [(300, 0), (600, 0)], {"speed_kmh": 36.0}),
        ("c", [(600, 0), (700, 0)], {"road_class": "footway", "speed_kmh": 36.0}),
    ]
    travel = Travel(walk_kmh=3.6, drive_kmh={"primary": 72.0, "residential": 18.0})
    car = build(rows, "drive", travel)
    # 4 m on foot, 15 s at 20 m/s, 30 s at 10 m/s, 3 m on foot; nobody drives on a footway
    home, center = at((0, 4)), at((600, -3))
    assert car.nearest(home, center, "time").cost.tolist() == [4 + 15 + 30 + 3]
    assert car.nearest(home, center, "distance").cost.tolist() == [607]
    assert car.report.unused == {"footway": 1}
    feet = build(rows, "walk", travel)
    assert feet.nearest(home, at((700, 0)), "time").cost.tolist() == [704]
    # the fastest way is not the shortest
    detour = [
        ("a", [(0, 0), (100, 0)]),
        ("b", [(0, 0), (0, 50), (100, 50), (100, 0)], {"speed_kmh": 72.0}),
    ]
    car = build(detour, "drive", travel)
    assert car.nearest(at((0, 0)), at((100, 0)), "distance").cost.tolist() == [100]
    assert car.nearest(at((0, 0)), at((100, 0)), "time").cost.tolist() == [10]
