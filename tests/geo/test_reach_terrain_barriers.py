"""Rivers, lakes, cliffs and roads over them: nothing leaks through, roads lead across."""

import math

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from geo.errors import CrsError, FrameError, GeoError
from geo.reach.heights import Heights
from geo.reach.matrix import State
from geo.reach.terrain import Terrain
from geo.travel import Travel
from tests.geo.slopes import ZONE, at, barriers, dem, flat, line, middles, roads, terrain

SIDE = 12  # cells of 10 m
HIGH = SIDE * 10.0
heights_of_river = st.lists(st.integers(4, 44).map(lambda n: n * 2.5), min_size=4, max_size=7)
thin = st.sampled_from([0.0, 0.5, 4.0])


def river_through(ys, width):
    """A river from edge to edge, a line or a ribbon; the land south of it."""
    course = [(-5 + (HIGH + 10) * i / (len(ys) - 1), y) for i, y in enumerate(ys)]
    south = shapely.Polygon([(-5, -5), *course, (HIGH + 5, -5)])
    shape = line(*course)
    return (shapely.buffer(shape, width / 2) if width else shape), south


def reached_from(whole, site):
    homes = middles(whole.heights)
    return whole.nearest(homes, at(site), "distance").state == State.REACHED


@settings(max_examples=60)
@given(heights_of_river, thin, st.integers(0, SIDE * SIDE - 1))
@example([0.0, 120.0], 0.0, 0)  # from corner to corner, through the middles of cells
@example([5.0, 125.0], 0.0, 0)  # along their corners
@example([60.0, 60.0], 0.0, 0)  # along their sides
@example([65.0, 65.0], 0.0, 0)  # along their middles
def test_no_river_leaks(ys, width, cell):
    river, south = river_through(ys, width)
    land = flat(SIDE, SIDE)
    places = middles(land)
    points = shapely.points(places)
    assume(not shapely.intersects(points[cell], river))
    # a road on the bank, within the cells of the river all the way
    side = 1 if shapely.contains(south, points[cell]) else -1
    course = shapely.boundary(river) if width else river
    bank = shapely.offset_curve(river if not width else course, -2.0 * side)
    bank = [part for part in shapely.get_parts([bank]) if part.length]
    bank = [] if shapely.intersects(shapely.union_all(bank), river) else bank
    whole = terrain(land, road=bank, barrier=[river])
    dry = ~shapely.intersects(points, river)
    here = shapely.contains(south, points) == shapely.contains(south, points[cell])
    reached = reached_from(whole, places[cell])
    assert reached[cell]
    assert not (reached & dry & ~here).any()


@settings(max_examples=60)
@given(heights_of_river, thin, st.integers(2, 44).map(lambda n: n * 2.5 + 1), st.integers(-30, 30))
def test_a_road_leads_across(ys, width, x, lean):
    river, south = river_through(ys, width)
    road = line((x, -5), (min(max(x + lean, 1), HIGH - 1), HIGH + 5))
    land = flat(SIDE, SIDE)
    whole = terrain(land, road=[road], barrier=[river])
    points = shapely.points(middles(land))
    dry = ~shapely.intersects(points, river)
    southern = shapely.contains(south, points)
    ends = [np.flatnonzero(dry & southern), np.flatnonzero(dry & ~southern)]
    assume(all(map(len, ends)))
    # the ends of the road at the southern and the northern edge
    start = middles(land)[min(ends[0], key=lambda i: math.dist((x, 0), middles(land)[i]))]
    reached = reached_from(whole, start)
    assert reached[ends[0]].any()
    assert reached[ends[1]].mean() > 0.5
    # the same crossing elsewhere is no crossing here
    without = reached_from(terrain(land, barrier=[river]), start)
    assert not without[ends[1]].any()


def test_a_road_beside_a_river_crosses_only_its_brook():
    """
    ::

        ------------------ river, y 60
        =======:========== road, y 54
               :           brook, joins the river at x 65
    """
    river, brook = line((-1, 60), (121, 60)), line((65, -1), (65, 60))
    road = line((0, 54), (120, 54))
    whole = terrain(flat(SIDE, SIDE), road=[road], barrier=[river, brook])
    reached = reached_from(whole, (5, 5))
    north = middles(whole.heights)[:, 1] > 60
    assert reached[~north].all()
    assert not reached[north].any()
    # without the road the brook is one too many; middles it runs through lie on one bank of it
    apart = reached_from(terrain(flat(SIDE, SIDE), barrier=[river, brook]), (5, 5))
    east = middles(whole.heights)[:, 0]
    assert apart[~north & (east < 65)].all()
    assert not apart[north | (east > 65)].any()


@pytest.mark.parametrize("width", [3.0, 14.0, 60.0])
def test_the_way_over_a_bridge(width):
    water = shapely.box(60 - width / 2, -1, 60 + width / 2, HIGH + 1)
    bridge = line((1, 13), (119, 13))
    whole = terrain(flat(SIDE, SIDE), road=[bridge], barrier=[water])
    home, site = at((5, 105), (115, 105))
    way = whole.way(home, site, "time")
    assert way.line.coords[0] == tuple(home)
    assert way.line.coords[-1] == tuple(site)
    over = way.line.intersection(water)
    assert over.length >= width
    assert over.bounds[3] < 36  # at the bridge, not elsewhere
    assert way.cost == whole.nearest(home[None], site[None], "time").cost[0]
    assert terrain(flat(SIDE, SIDE), barrier=[water]).way(home, site, "time") is None
    motorway = roads(bridge, road_class="motorway")
    whole = Terrain.build(
        flat(SIDE, SIDE), travel=Travel(), roads=motorway, barriers=barriers(water)
    )
    assert whole.way(home, site, "time") is None


def test_both_tracks_and_the_river_at_once():
    walls = [line((x, -1), (x, HIGH + 1)) for x in (58, 60.5, 62, 64)]
    reached = reached_from(
        terrain(flat(SIDE, SIDE), road=[line((0, 30), (120, 31))], barrier=walls), (5, 5)
    )
    assert reached.all()


def test_a_road_that_is_cut_at_the_ford_still_crosses():
    ford = [line((0, 30), (60, 30)), line((60, 30), (120, 30))]
    river = line((60, -1), (60, HIGH + 1))
    reached = reached_from(terrain(flat(SIDE, SIDE), road=ford, barrier=[river]), (5, 5))
    assert reached.all()
    dead_end = reached_from(terrain(flat(SIDE, SIDE), road=ford[:1], barrier=[river]), (5, 5))
    np.testing.assert_array_equal(dead_end, middles(flat(SIDE, SIDE))[:, 0] < 60)


def test_who_lives_at_the_river():
    river = line((-1, 56), (121, 56))  # just above the middles of a row
    whole = terrain(flat(SIDE, SIDE), barrier=[river])
    homes = at((33, 57), (33, 55.5), (33, 56), (38, 59))
    south, north = at((5, 5)), at((5, 115))
    # in one cell, on two banks; who is on the line itself goes to the nearest middle
    assert whole.nearest(homes, south, "distance").state.tolist() == [1, 0, 0, 1]
    assert whole.nearest(homes, north, "distance").state.tolist() == [0, 1, 1, 0]
    lake = shapely.box(30, 30, 90, 90)
    whole = terrain(flat(SIDE, SIDE), barrier=[lake])
    wet = at((32, 60), (60, 60), (29, 60))
    assert whole.nearest(wet, south, "distance").state.tolist() == [0, 1, 0]
    assert whole.within(wet, south, "distance", 1e9).households.tolist() == [0, 2]
    # a center in the water is found from its bank
    assert whole.nearest(south, wet[:1], "distance").state[0] == State.REACHED
    assert whole.nearest(south, wet[1:2], "distance").state[0] == State.UNREACHABLE
    yard = shapely.box(41, 41, 44, 44).exterior  # no middle inside
    whole = terrain(flat(SIDE, SIDE), barrier=[yard])
    assert whole.nearest(at((42, 42)), south, "distance").state[0] == State.UNREACHABLE


def test_cliffs_are_walked_on_roads_only():
    z = np.zeros((5, 9))
    z[:, 4:] = 60.0  # 80° between cells of 10 m
    site, homes = at((5, 25)), at((85, 25), (35, 25))
    bare = terrain(dem(z))
    assert bare.nearest(homes, site, "time").state.tolist() == [1, 0]
    assert bare.nearest(site, homes[:1], "time").state.tolist() == [1]  # nor down
    road = terrain(dem(z), road=[line((0, 25), (90, 25))])
    cost = road.nearest(homes, site, "distance").cost
    assert cost[0] == pytest.approx(70 + 10 * math.sqrt(2))  # as steep as 45°
    assert terrain(dem(z), steepest=3.0).nearest(homes, site, "time").state.tolist() == [1, 0]
    z[:, 4:] = 19.0
    assert terrain(dem(z), steepest=3.0).nearest(homes, site, "time").state.tolist() == [0, 0]


def test_unknown_cells_that_touch_by_corners_are_tight():
    z = np.zeros((6, 6))
    z[range(6), range(6)] = np.nan
    reached = reached_from(terrain(dem(z)), (5, 5))
    rows, columns = np.divmod(np.arange(36), 6)
    np.testing.assert_array_equal(reached, rows > columns)


def test_a_knight_does_not_jump():
    """The move from the first cell of the upper row to the last of the lower passes two others."""
    ends = middles(flat(2, 3))[[0, 5]]
    ways = {(): 10 * math.sqrt(5), (1,): 10 + 10 * math.sqrt(2), (4,): 10 + 10 * math.sqrt(2)}
    for wet, metres in ways.items():
        ponds = [shapely.Point(middles(flat(2, 3))[cell]).buffer(1) for cell in wet]
        way = terrain(flat(2, 3), barrier=ponds).way(*ends, "distance")
        assert way.cost == pytest.approx(metres)


def test_drawn_land():
    lake = shapely.box(40, 40, 80, 80)
    whole = terrain(flat(SIDE, SIDE), barrier=[lake])
    sites = at((5, 5), (115, 115), (60, 60), (np.nan, 0), (5, 5))
    limits = [35.0, 1e9, 50.0, 50.0, 0.0]
    areas = whole.areas(sites, "distance", limits)
    assert shapely.is_valid(areas).all()
    assert areas[1].area == pytest.approx(HIGH**2 - 40**2)
    assert areas[1].intersection(lake).area == 0
    assert shapely.is_empty(areas[2:]).all()
    homes = middles(whole.heights)
    near = whole.nearest(homes, sites[:1], "distance", 35.0).state == State.REACHED
    near &= ~shapely.contains(lake, shapely.points(homes))
    np.testing.assert_array_equal(shapely.contains(areas[0], shapely.points(homes)), near)
    assert areas[0].area == near.sum() * 100
    both = whole.land(sites[:2], "distance", 35.0)
    assert both.area == pytest.approx(2 * areas[0].area)
    assert both.geom_type == "MultiPolygon"
    assert whole.land(sites, "distance", 0.0).is_empty
    assert whole.land(at(), "distance", 9.0).is_empty
    assert whole.areas(sites, "distance", np.nan)[0].is_empty


def test_what_cannot_be_walked_on_is_refused():
    huge = Heights(np.broadcast_to(np.float32(0), (20_000, 20_000)), 0.0, 0.0, 2.0, ZONE)
    with pytest.raises(FrameError) as refused:
        Terrain.build(huge, travel=Travel())
    assert refused.value.problems[0].key == "terrain_too_large"
    assert refused.value.problems[0].details["wider_m"] == 4.0
    degrees = geopandas.GeoDataFrame({"kind": ["river"]}, geometry=[line((0, 0), (1, 1))], crs=4490)
    for frame in (degrees, degrees.set_crs(None, allow_override=True)):
        with pytest.raises(CrsError) as refused:
            Terrain.build(flat(3, 3), travel=Travel(), barriers=frame)
        assert refused.value.problems[0].key == "crs_differs"
    for wrong in ({"off_path": 0.0}, {"off_path": math.nan}, {"steepest": 0.0}):
        with pytest.raises(GeoError) as refused:
            terrain(flat(3, 3), **wrong)
        assert refused.value.problems[0].key == "parameter_value"


def test_shapes_that_are_not_quite_there():
    odd = [None, shapely.LineString(), line((5, 5), (5, 5)), line((-900, 1e7), (9e6, 1e7))]
    bow = shapely.Polygon([(40, 40), (80, 80), (80, 40), (40, 80)])
    whole = terrain(flat(SIDE, SIDE), road=odd, barrier=[*odd, bow])
    walked = whole.land(at((5, 5)), "distance", 1e9).area
    assert HIGH**2 - 40**2 < walked < HIGH**2
