"""Numbers per grid on drawings, and against brute force."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.spatial.distance import pdist

from geo.crs import STORE_CRS, to_store
from geo.errors import CrsError, FrameError
from geo.indicators import COUNTS, INDICATORS, People, measure_grids, members_of
from geo.indicators.outlines import measure_outlines
from geo.indicators.ways import measure_ways
from geo.profiles import parse_profile
from geo.reach.straight import CenterIndex
from tests.geo.cells import drawn, points, tiled

PROFILE = parse_profile(
    {
        "name": "test",
        "sizes": {
            "grid": {
                "mountain": {"households": {"minimum": 2, "target": 2, "maximum": 3}},
                "urban": {"households": {"minimum": 5, "target": 6, "maximum": 7}},
            }
        },
    }
)

#  ┌─────┬─────┬─────┐
#  │a   ×│b    │c    │   × center at (0.9, 0.5)
#  │· ·  │    ·│     │
#  └─────·─────┴─────┘
GRIDS = to_store(drawn("abc").assign(village_code=["v", "v", "u"]))
HOUSEHOLDS = to_store(
    points(
        (0.1, 0.5),
        (0.5, 0.5),
        (1.0, 0.0),  # on the border of a and b: counts in a
        (1.9, 0.5),
        (5.0, 5.0),  # in no grid
        residents=[1, 2, 3, 4, 50],
        registered=[2, None, 3, 4, 50],
        elderly=[1, 0, 1, 2, 9],
        aged_80=[1, 0, 0, 2, 9],
    )
)
CENTERS = to_store(points((0.9, 0.5), (9, 9), code=["k1", "k2"], level=["village", "county"]))


def test_a_drawing():
    table = measure_grids(GRIDS, HOUSEHOLDS, CENTERS, PROFILE, {"v": "mountain", "u": "urban"})
    assert table.columns.tolist() == list(INDICATORS)
    assert_frame_equal(
        table[["households", *COUNTS, "profile_status"]],
        pd.DataFrame(
            {
                "households": [3, 1, 0],
                "residents": [6, 4, 0],
                "registered": [5, 4, 0],
                "children": [0, 0, 0],
                "elderly": [2, 2, 0],
                "aged_80": [1, 2, 0],
                "profile_status": pd.Series(["within", "below", "empty"], dtype=object),
            }
        ),
    )
    np.testing.assert_allclose(table["area_m2"], 10_000, rtol=1e-5)
    np.testing.assert_allclose(table["compactness"], np.pi / 4, rtol=1e-6)
    np.testing.assert_allclose(table["reock"], 2 / np.pi, rtol=1e-6)
    np.testing.assert_allclose(table["span_m"], 100 * np.sqrt(2), rtol=1e-5)
    # ways in a: 40, 51 and 80 m
    middle = np.hypot(10, 50)
    np.testing.assert_allclose(table["center_median_m"], [middle, 100, np.nan], atol=1e-3)
    p90 = middle + 0.8 * (80 - middle)
    np.testing.assert_allclose(table["center_p90_m"], [p90, 100, np.nan], atol=1e-3)
    np.testing.assert_allclose(table["center_max_m"], [80, 100, np.nan], atol=1e-3)


def test_no_households_no_centers_no_grids():
    empty = measure_grids(GRIDS, HOUSEHOLDS.iloc[:0], CENTERS, PROFILE, {})
    assert empty.households.tolist() == [0, 0, 0]
    assert empty.profile_status.tolist() == ["empty"] * 3
    assert empty.center_max_m.isna().all()
    alone = measure_grids(GRIDS, HOUSEHOLDS, CENTERS.iloc[:0], PROFILE, {})
    assert alone.households.tolist() == [3, 1, 0]
    assert alone.center_max_m.isna().all()
    nothing = measure_grids(GRIDS.iloc[:0], HOUSEHOLDS, CENTERS, PROFILE, {})
    assert list(nothing.columns) == list(empty.columns)
    assert nothing.empty


def test_an_area_type_without_a_rule_has_no_status():
    table = measure_grids(GRIDS, HOUSEHOLDS, CENTERS, PROFILE, {"v": "rural_plain"})
    assert table.profile_status.tolist() == [None, None, "empty"]


def test_index_and_caller_stay():
    grids = GRIDS.set_axis(["x", "y", "z"])
    before = grids.copy()
    table = measure_grids(grids, HOUSEHOLDS, CENTERS, PROFILE, {})
    assert table.index.tolist() == ["x", "y", "z"]
    assert grids.equals(before)


def test_bad_frames():
    with pytest.raises(FrameError, match="village_code"):
        measure_grids(GRIDS.drop(columns="village_code"), HOUSEHOLDS, CENTERS, PROFILE, {})
    for households, centers in (
        (HOUSEHOLDS.to_crs(4545), CENTERS),
        (HOUSEHOLDS, CENTERS.to_crs(4545)),
    ):
        with pytest.raises(CrsError, match="differ"):
            measure_grids(GRIDS, households, centers, PROFILE, {})
    with pytest.raises(CrsError, match="differ"):
        CenterIndex(CENTERS.to_crs(4545))


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_against_brute_force(seed):
    rng = np.random.default_rng(seed)
    metric, _ = tiled(rng, 12)
    grids = to_store(metric.assign(village_code="v"))
    spots = rng.uniform(0, 30, (300, 2))
    households = to_store(points(*spots, residents=rng.integers(0, 7, 300)))
    centers = to_store(points(*rng.uniform(0, 30, (4, 2))))
    table = measure_grids(grids, households, centers, PROFILE, {})
    far = np.min([households.to_crs(4545).distance(c) for c in centers.to_crs(4545).geometry], 0)
    for row, shape in enumerate(grids.geometry):
        inside = np.array([shapely.covers(shape, p) for p in households.geometry])
        assert table.households[row] == inside.sum()
        assert table.residents[row] == households.residents[inside].sum()
        if inside.any():
            assert table.center_max_m[row] == pytest.approx(far[inside].max(), abs=1e-6)
            assert table.center_median_m[row] == pytest.approx(np.median(far[inside]), abs=1e-6)
            p90 = np.quantile(far[inside], 0.9)
            assert table.center_p90_m[row] == pytest.approx(p90, abs=1e-6)
        outline = shapely.get_coordinates(metric.geometry[row])
        assert table.area_m2[row] == pytest.approx(metric.geometry[row].area, rel=1e-6)
        assert table.span_m[row] == pytest.approx(pdist(outline).max(), abs=1e-3)
        circle = shapely.minimum_bounding_circle(metric.geometry[row]).exterior.length / 2
        # the circle is drawn with 32 corners, so it is a trifle short
        assert table.reock[row] == pytest.approx(
            metric.geometry[row].area * np.pi / circle**2, rel=0.01
        )
    assert (
        table.households.sum()
        == geopandas.GeoSeries(households.geometry)
        .covered_by(shapely.union_all(grids.geometry.array))
        .sum()
    )


def spans(*shapes):
    return measure_outlines(np.array(shapes, dtype=object))["span_m"].tolist()


def test_shapes_with_and_without_a_span():
    strip = shapely.Polygon([(0, 0), (1000, 0.001), (1000, 0)])
    bent = shapely.Polygon([(0, 0), (6, 0), (6, 6), (5, 6), (5, 1), (0, 1)])
    apart = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(9, 0, 10, 1)])
    found = spans(strip, bent, apart, shapely.Polygon(), None)
    assert found[:3] == pytest.approx([np.hypot(1000, 0.001), np.hypot(6, 6), np.hypot(10, 1)])
    assert np.isnan(found[3:]).all()
    numbers = measure_outlines(np.array([None, shapely.Polygon()], dtype=object))
    assert numbers["area_m2"].tolist() == [0, 0]
    assert np.isnan(numbers["reock"]).all()
    assert np.isnan(numbers["compactness"]).all()


def test_a_circle_of_many_corners():
    circle = shapely.Point(5e5, 3.5e6).buffer(1000, quad_segs=5000)
    numbers = measure_outlines(np.array([circle], dtype=object))
    assert numbers["span_m"][0] == pytest.approx(2000, abs=1e-6)
    assert numbers["reock"][0] == pytest.approx(1, abs=1e-6)
    assert numbers["compactness"][0] == pytest.approx(1, abs=1e-6)


@settings(max_examples=300)
@given(st.integers(0, 2**32 - 1), st.integers(3, 40), st.sampled_from([1.0, 1e-3, 1e-6]))
def test_span_against_every_pair(seed, count, flatness):
    """Flat and lattice-like sets have many parallel edges and near ties."""
    rng = np.random.default_rng(seed)
    xy = rng.integers(0, 8, (count, 2)) if seed % 2 else rng.normal(0, 1, (count, 2))
    hull = shapely.convex_hull(shapely.multipoints(xy * (1.0, flatness)))
    if shapely.get_dimensions(hull) != 2:
        return
    assert spans(hull) == pytest.approx([pdist(shapely.get_coordinates(hull)).max()], rel=1e-12)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(-1, 3), st.floats(0, 1e5) | st.just(np.nan)), max_size=30))
def test_percentiles_against_numpy(pairs):
    member = np.array([m for m, _ in pairs], dtype=np.int64)
    distance = np.array([d for _, d in pairs], dtype=float)
    ways = measure_ways(distance, member, 4)
    for grid in range(4):
        own = distance[(member == grid) & ~np.isnan(distance)]
        for name, share in (("center_median_m", 0.5), ("center_p90_m", 0.9), ("center_max_m", 1)):
            expected = np.quantile(own, share) if len(own) else np.nan
            assert ways[name][grid] == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_the_numbers_of_a_grid_do_not_depend_on_the_others():
    """Two grids on either side of 109.5 E, where one metric zone ends and the next begins."""
    far = GRIDS.iloc[[0, 2]].assign(code=["x", "y"])
    far = far.set_geometry(far.translate(109.5 - GRIDS.geometry[0].bounds[2], 0).set_crs(STORE_CRS))
    assert far.total_bounds[0] < 109.5 < far.total_bounds[2]
    grids = pd.concat([GRIDS, far], ignore_index=True)
    together = measure_grids(grids, HOUSEHOLDS, CENTERS, PROFILE, {})
    for row in range(len(grids)):
        alone = measure_grids(grids.iloc[[row]], HOUSEHOLDS, CENTERS, PROFILE, {})
        if grids.code[row] == "b":  # alone it takes the household on a's border
            assert alone.households[row] == 2
            member = np.where(members_of(grids, HOUSEHOLDS) == row, 0, -1)
            alone = measure_grids(
                grids.iloc[[row]], HOUSEHOLDS, CENTERS, PROFILE, {}, member=member
            )
        assert_frame_equal(alone, together.iloc[[row]], check_exact=True)


def test_people_and_centers_made_ready_before():
    people, index = People.of(HOUSEHOLDS), CenterIndex(CENTERS)
    assert People.of(people) is people
    assert_frame_equal(
        measure_grids(GRIDS, people, index, PROFILE, {}),
        measure_grids(GRIDS, HOUSEHOLDS, CENTERS, PROFILE, {}),
        check_exact=True,
    )
