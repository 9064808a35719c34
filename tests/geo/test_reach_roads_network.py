"""What joins, what does not, and what the report of a network tells."""

import numpy as np
import pytest
import shapely

from geo.errors import CrsError, FrameError
from geo.reach.matrix import State
from geo.reach.roads import RoadNetwork
from geo.reach.snapping import Snapper
from geo.travel import Travel
from tests.geo.streets import at, streets

TRAVEL = Travel(walk_kmh=3.6, snap_limit_m=5)


def build(*rows, means="walk", **options):
    return RoadNetwork.build(streets(*rows), means, TRAVEL, **options)


def metres(network, home, center):
    """Return the metres from one place to another, None without a way."""
    cost = network.nearest(at(home), at(center), "distance").cost[0]
    return None if np.isnan(cost) else float(cost)


def keys(network):
    return [problem.key for problem in network.report.problems]


#        (50,50)
#  a ───────┼─────── (100,0) at y = 0; b from south to north
def test_lines_that_cross_do_not_join():
    a, b = ("a", [(0, 0), (100, 0)]), ("b", [(50, -50), (50, 50)])
    network = build(a, b)
    assert metres(network, (0, 0), (50, 50)) is None
    assert len(network.report.pieces) == 2
    assert (network.report.crossings, network.report.bridge_crossings) == (1, 0)
    assert keys(network) == ["roads_in_pieces", "roads_cross_without_node"]
    bridge = build(a, (*b, {"bridge": True}))
    assert (bridge.report.crossings, bridge.report.bridge_crossings) == (0, 1)
    assert keys(bridge) == ["roads_in_pieces"]
    # a vertex of one alone makes no junction, a vertex of both does
    assert len(build(a, ("b", [(50, -50), (50, 0), (50, 50)])).report.pieces) == 2
    junction = build(("a", [(0, 0), (50, 0), (100, 0)]), ("b", [(50, -50), (50, 0), (50, 50)]))
    assert metres(junction, (0, 0), (50, 50)) == 100
    assert (junction.report.crossings, keys(junction)) == (0, [])


@pytest.mark.parametrize("gap", [0, 0.0099, 0.3, 0.5])
def test_an_end_joins_the_road_it_all_but_touches(gap):
    rows = ("a", [(0, 0), (100, 0)]), ("b", [(30, gap), (30, 50)])
    apart, joined = build(*rows), build(*rows, join_m=0.5)
    assert len(apart.report.pieces) == (1 if gap <= 0.01 else 2)
    assert len(joined.report.pieces) == 1
    assert metres(joined, (0, 0), (30, 50)) == pytest.approx(80, abs=2 * gap)
    (found,) = joined.report.joined
    assert found == ("b", "a", 30, gap, gap)
    assert len(apart.report.joined) == (gap <= 0.01)
    assert len(build(*rows, join_m=np.nextafter(gap, 0)).report.pieces) == 2 - (gap == 0)


def test_ends_join_the_nearest_vertex_first_and_each_pair_once():
    # c is 0.4 m from the end of a and 0.1 m from the middle of b
    rows = (
        ("a", [(0, 0), (99.6, 0)]),
        ("b", [(50, 0.1), (150, 0.1)]),
        ("c", [(100, 0), (100, -50)]),
    )
    network = build(*rows, join_m=0.45)
    assert [(j.code, j.other) for j in network.report.joined] == [("b", "a"), ("a", "c")]
    assert metres(network, (0, 0), (100, -50)) == pytest.approx(150, abs=1)
    assert metres(network, (150, 0.1), (100, -50)) is not None
    # several ends at one piece of road
    combs = [(f"c{k}", [(10 * k, 0.2), (10 * k, 30)]) for k in range(1, 10)]
    comb = build(("a", [(0, 0), (100, 0)]), *combs, join_m=0.25)
    assert len(comb.report.joined) == 9
    assert metres(comb, (10, 30), (90, 30)) == pytest.approx(80 + 59.6)
    # a road that turns back on itself is not joined to itself; nor one that shares the vertex
    hook = [(0, 0), (0.2, 0), (0.2, 0.2), (0, 0.2)]
    assert build(("a", hook), join_m=0.5).report.joined == ()
    assert build(("a", [(0, 0), (9, 0)]), ("b", [(9, 0), (9, 9)]), join_m=5).report.joined == ()


def test_bad_rows_are_told_and_left_out():
    with np.errstate(invalid="ignore"):
        no_number = shapely.LineString([(0, 0), (np.nan, 5)])
    rows = [
        ("a", [(0, 0), (100, 0)], {"speed_kmh": -5.0}),
        ("b", None),
        ("c", shapely.LineString()),
        ("d", shapely.Point(1, 1)),
        ("e", [(5, 5), (5, 5), (5, 5)]),
        ("f", no_number),
        ("g", [(100, 0), (1e300, 5)]),
        ("h", [(100, 0), (100, 0), (200, 0)], {"oneway": "yes", "speed_kmh": np.inf}),
        ("i", shapely.MultiLineString([[(200, 0), (300, 0)], [(200, 0), (200, 90)]])),
        ("j", [(300, 0), (300, 10)], {"oneway": None, "speed_kmh": None, "road_class": None}),
        ("k", [(300, 0), (300, 20)], {"bridge": None}),
    ]
    network = build(*rows, means="drive")
    found = [(problem.row, problem.key) for problem in network.report.problems if problem.row]
    assert found == [
        (1, "road_speed"),
        (2, "road_not_a_line"),
        (3, "road_not_a_line"),
        (4, "road_not_a_line"),
        (5, "road_without_length"),
        (6, "bad_coordinate"),
        (7, "bad_coordinate"),
        (8, "road_oneway"),
        (8, "road_speed"),
    ]
    report = network.report
    assert (report.roads, report.edges, report.km) == (4, 5, pytest.approx(0.41))
    assert report.unused == {"": 1}
    assert metres(network, (0, 0), (200, 90)) == 290
    by_class = Travel().drive_kmh["residential"] / 3.6
    assert network.nearest(at((0, 0)), at((200, 0)), "time").cost[0] == pytest.approx(
        200 / by_class, abs=1e-5
    )
    assert [p.row for p in build(*rows).report.problems] == [2, 3, 4, 5, 6, 7]


def test_frames_it_cannot_take():
    frame = streets(("a", [(0, 0), (1, 0)]))
    with pytest.raises(CrsError):
        RoadNetwork.build(frame.set_crs(4490, allow_override=True), "walk", TRAVEL)
    with pytest.raises(FrameError) as refused:
        RoadNetwork.build(frame.drop(columns=["oneway", "bridge"]), "walk", TRAVEL)
    assert refused.value.problems[0].details == {"columns": ["oneway", "bridge"]}
    before = frame.copy()
    RoadNetwork.build(frame, "drive", TRAVEL)
    assert frame.equals(before)
    none = RoadNetwork.build(frame[:0], "walk", TRAVEL)
    assert keys(none) == ["roads_not_usable"]
    assert none.states(at((0, 0), (np.nan, 1))).tolist() == [State.OFF_NETWORK, State.UNLOCATED]


def test_one_way_traps_are_counted():
    #  s ──► o ═════ p ──► t ──► u        o and p both ways; a one-way ring hangs at o
    rows = [
        ("a", [(0, 0), (100, 0)]),
        ("b", [(100, 0), (200, 0), (300, 0)], {"oneway": "forward"}),
        ("c", [(0, 0), (-100, 0)], {"oneway": "backward"}),
        ("d", [(0, 0), (0, 100), (-50, 100), (0, 0)], {"oneway": "forward"}),
        ("e", [(0, 900), (0, 990)], {"oneway": "forward"}),
    ]
    report = build(*rows, means="drive").report
    assert [piece.edges for piece in report.pieces] == [7, 1]
    # of the far piece, nodes of equal standing, the first in order of place is the main part
    assert (report.traps, report.no_entry) == (2 + 1, 1)
    walk = build(*rows).report
    assert (walk.traps, walk.no_entry) == (0, 0)


def test_roads_that_cross_themselves_are_allowed():
    network = build(("a", [(0, 0), (100, 0), (100, 50), (50, 50), (50, -50)]))
    assert network.report.self_crossing == ("a",)
    assert network.report.crossings == 0
    assert metres(network, (0, 0), (50, -50)) == 300
    # a road drawn twice, and over itself, is one way all the same
    twice = build(("a", [(0, 0), (100, 0), (0, 0)]), ("b", [(0, 0), (100, 0)]))
    assert metres(twice, (30, 1), (70, -1)) == 42


@pytest.mark.parametrize("limit_m", [3.0, 80.0, 5000.0, np.inf])
def test_the_nearest_piece_is_shapelys(limit_m):
    rng = np.random.default_rng(17)
    starts = rng.uniform(0, 1000, (80, 2))
    long = np.where(np.arange(80) < 6, 900, 30)[:, None]  # a few cross many cells
    rows = [
        (f"{k:02d}", line)
        for k, line in enumerate(np.stack([starts, starts + rng.normal(0, long)], axis=1))
    ]
    travel = Travel(snap_limit_m=limit_m)
    segments = RoadNetwork.build(streets(*rows), "walk", travel).segments
    places = rng.uniform(-1500, 2500, (3000, 2))
    snapped = Snapper(segments, limit_m).snap(places)
    legs = shapely.distance(shapely.points(places)[:, None], segments.lines)
    near = legs.min(axis=1) <= limit_m
    np.testing.assert_array_equal(snapped.segment >= 0, near)
    assert 0 < near.sum() <= 3000
    np.testing.assert_array_equal(snapped.segment[near], legs.argmin(axis=1)[near])
    np.testing.assert_allclose(snapped.leg_um[near] / 1e6, legs.min(axis=1)[near], atol=1e-6)
