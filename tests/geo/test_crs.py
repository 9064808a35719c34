"""Round trips to the last bit, zones, names, and what rounding may break."""

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geo.crs import (
    STORE_CRS,
    Datum,
    check_crs,
    guess_zone,
    metric_crs,
    metric_crs_of,
    parse_crs,
    require_metric,
    to_lattice,
    to_metric,
    to_store,
)
from geo.errors import CrsError, FrameError


def frame_of(*geometries, crs=STORE_CRS):
    return geopandas.GeoDataFrame(geometry=list(geometries), crs=crs)


@pytest.mark.parametrize(
    ("text", "epsg"),
    [
        ("EPSG:4547", 4547),
        ("4547", 4547),
        (" epsg:4490 ", 4490),
        ("WGS84", 4326),
        ("wgs 84", 4326),
        ("OGC:CRS84", 4326),
        ("CGCS2000", 4490),
    ],
)
def test_names_of_coordinate_systems(text, epsg):
    assert parse_crs(text).to_epsg() == epsg


@pytest.mark.parametrize("text", ["GCJ02", "gcj-02", "GCJ 02", "BD09", "bd-09"])
def test_shifted_coordinates_are_no_crs(text):
    assert isinstance(parse_crs(text), Datum)


# vertical, geocentric, nonsense, empty, a number far too large
@pytest.mark.parametrize("text", ["EPSG:5773", "EPSG:4978", "城口", "", "9" * 30, "EPSG:-1"])
def test_unknown_crs_is_refused(text):
    with pytest.raises(CrsError) as error:
        parse_crs(text)
    assert [p.key for p in error.value.problems] == ["unknown_crs"]


def test_datums_without_parameters_are_flagged():
    assert check_crs(parse_crs("EPSG:4214")).key == "datum_offset_unknown"  # Beijing 1954
    assert check_crs(parse_crs("EPSG:2384")).key == "datum_offset_unknown"  # Xi'an 1980 zone
    for near in ("4326", "4490", "4547", "26914", "32649", "GCJ02"):
        assert check_crs(parse_crs(near)) is None


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (108.66, 31.95, 4545),
        (109.49999, 31.0, 4545),
        (109.5, 31.0, 4546),
        (72.0, 40.0, 4534),
        (138.0, 45.0, 4554),
        (-99.3, 38.9, 32614),
        (180.0, -20.0, 32760),
        (110.0, 1.0, 32649),
    ],
)
def test_zone_of_a_place(lon, lat, epsg):
    assert metric_crs(lon, lat).to_epsg() == epsg


@pytest.mark.parametrize("place", [(np.nan, 30), (108, 91), (500_000, 3_500_000)])
def test_zone_of_no_place(place):
    with pytest.raises(CrsError):
        metric_crs(*place)


def test_zone_hints():
    assert guess_zone([36_500_000, 36_499_000]) == 4524
    assert guess_zone([18_500_000]) == 4496
    assert guess_zone([36_500_000, 37_500_000]) is None
    assert guess_zone([np.nan]) is None
    assert guess_zone([]) is None


def test_degrees_never_reach_a_computation():
    with pytest.raises(CrsError, match="metres"):
        require_metric(frame_of(shapely.Point(108, 31)))
    with pytest.raises(CrsError, match="no coordinate system"):
        require_metric(frame_of(shapely.Point(108, 31), crs=None))
    with pytest.raises(CrsError, match="no coordinate system"):
        to_store(frame_of(shapely.Point(108, 31), crs=None))
    assert require_metric(to_metric(frame_of(shapely.Point(108, 31)))).to_epsg() == 4545


@settings(max_examples=25)
@given(
    west=st.floats(73, 135),
    south=st.floats(4, 53),
    xy=hnp.arrays(np.float64, (400, 2), elements=st.floats(0, 1, width=32)),
)
def test_store_to_zone_to_store_is_bit_identical(west, south, xy):
    lattice = np.rint((xy * 0.9 + (west, south)) * 1e9) / 1e9
    stored = frame_of(*shapely.points(lattice))
    again = to_store(to_metric(stored))
    np.testing.assert_array_equal(shapely.get_coordinates(again.geometry.array), lattice)


@settings(max_examples=50)
@given(hnp.arrays(np.float64, (200,), elements=st.floats(-180, 180)))
def test_the_lattice_is_what_nine_decimals_say(values):
    once = np.array([shapely.LineString(np.column_stack([values, values / 2]))])
    rounded = shapely.get_coordinates(to_lattice(once))
    np.testing.assert_array_equal(rounded, [[float(f"{v:.9f}") for v in p] for p in rounded])
    np.testing.assert_array_equal(rounded, shapely.get_coordinates(to_lattice(to_lattice(once))))


def test_shared_borders_stay_shared():
    # two cells in a metric zone with a border of odd coordinates
    border = [
        (431_000.1234567, 3_536_000.7654321),
        (431_013.3333, 3_536_517.1),
        (431_002.2, 3_537_000.9),
    ]
    left = shapely.Polygon([(430_000, 3_536_000), *border, (430_000, 3_537_000)])
    right = shapely.Polygon([*border[::-1], (432_000, 3_536_000), (432_000, 3_537_000)])
    stored = to_store(frame_of(left, right, crs="EPSG:4545"))
    vertices = [set(map(tuple, shapely.get_coordinates(g))) for g in stored.geometry]
    assert len(vertices[0] & vertices[1]) == 3


def test_rings_follow_rfc_7946_and_repeats_go():
    hole = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)]  # counter-clockwise, must turn
    polygon = shapely.Polygon([(0, 0), (0, 1), (0, 1 + 1e-11), (1, 1), (1, 0)], [hole])
    [clean] = to_lattice(np.array([polygon]))
    assert clean.exterior.is_ccw
    assert not clean.interiors[0].is_ccw
    assert len(clean.exterior.coords) == 5


def test_z_values_are_dropped_and_missing_shapes_kept():
    moved = to_store(frame_of(shapely.Point(108, 31, 500), None, shapely.Point()))
    assert not moved.geometry[0].has_z
    assert moved.geometry[1] is None
    assert moved.geometry[2].is_empty


def needle(width):
    return shapely.Polygon([(108, 31), (109, 31.3333), (108, 31 + width)])


def test_what_rounding_breaks_is_told():
    tiny = shapely.box(108, 31, 108 + 1e-11, 31 + 1e-11)
    fine = shapely.box(108, 31, 108.1, 31.1)
    two = shapely.MultiPolygon([fine, shapely.box(109, 31, 109 + 1e-11, 31 + 1e-11)])
    problems = []
    frame = frame_of(
        fine, tiny, two, shapely.Point(np.nan, 31), shapely.Point(108, 95), needle(1e-11)
    )
    stored = to_store(frame, problems=problems)
    assert [(p.row, p.key) for p in problems] == [
        (2, "broken_by_rounding"),
        (3, "broken_by_rounding"),
        (4, "bad_coordinate"),
        (5, "bad_coordinate"),
        (6, "broken_by_rounding"),
    ]
    assert stored.geometry[1].is_empty
    assert len(stored.geometry[2].geoms) == 1
    with pytest.raises(FrameError) as error:
        to_store(frame)
    assert len(error.value.problems) == 5


def test_other_shapes_collapse_without_a_crash():
    speck = shapely.box(0, 0, 1e-11, 1e-11)
    shapes = [
        shapely.GeometryCollection([speck, shapely.Point(1, 1)]),
        shapely.LinearRing(speck.exterior),
        shapely.LineString([(0, 0), (1e-11, 0)]),
        shapely.Polygon(shapely.box(0, 0, 1, 1).exterior, [speck.exterior]),
    ]
    clean = to_lattice(np.array(shapes, dtype=object))
    assert [g.geom_type for g in clean] == [g.geom_type for g in shapes]
    assert clean[3].equals(shapely.box(0, 0, 1, 1))


def test_a_spike_that_closes_is_told():
    # a slit 1e-10 degrees wide closes on the lattice: the ring then touches itself
    slit = shapely.Polygon(
        [(0, 0), (1, 0), (1, 1), (0.5 + 1e-10, 1), (0.5 + 1e-10, 0.5), (0.5, 0.5), (0.5, 1), (0, 1)]
    )
    assert slit.is_valid
    problems = []
    to_store(frame_of(slit), problems=problems)
    assert [p.key for p in problems] == ["broken_by_rounding"]


def test_coordinates_no_projection_can_place_are_told():
    problems = []
    to_store(frame_of(shapely.Point(1e9, 1e9), crs="EPSG:4545"), problems=problems)
    assert [p.key for p in problems] == ["bad_coordinate"]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_polygon_with_a_corner_nowhere_is_told(bad):
    with np.errstate(invalid="ignore"):
        polygon = shapely.Polygon([(108, 31), (109, 31), (109, bad), (108, 32)])
    problems = []
    stored = to_store(frame_of(polygon, shapely.box(108, 31, 109, 32)), problems=problems)
    assert [(p.key, p.row) for p in problems] == [("bad_coordinate", 1)]
    assert len(stored) == 2


def test_zone_of_a_frame():
    metric = frame_of(shapely.Point(36_500_000, 3_540_000), crs="EPSG:4524")
    assert metric_crs_of(metric).to_epsg() == 4545
    with pytest.raises(CrsError):
        metric_crs_of(frame_of())


@pytest.mark.parametrize("text", ["IAU_2015:30100", "EPSG:5773", "EPSG:4978"])
def test_the_moon_heights_and_geocentric_systems_are_no_map(text):
    with pytest.raises(CrsError) as caught:
        parse_crs(text)
    assert caught.value.problems[0].key == "unknown_crs"
