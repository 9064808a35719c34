"""GCJ-02 and BD-09 against public points, and there and back."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from geo.crs import shift, unshift
from tests.shared import shared_data

ROWS = 200


def china(draw_west=72.1, draw_east=137.7):
    return st.tuples(
        hnp.arrays(np.float64, ROWS, elements=st.floats(draw_west, draw_east)),
        hnp.arrays(np.float64, ROWS, elements=st.floats(0.9, 55.7)),
    )


@pytest.mark.parametrize("county", ["chengkou", "fenghuang"])
def test_public_points(county):
    points = pd.read_csv(shared_data(f"{county}/divisions_2016_with_points.csv")).dropna(
        subset=["gcj_lon", "wgs_lon"]
    )
    assert len(points) > 50
    lon, lat = unshift(points.gcj_lon, points.gcj_lat, "gcj02")
    # the files carry six decimals
    np.testing.assert_allclose(lon, points.wgs_lon, rtol=0, atol=6e-7)
    np.testing.assert_allclose(lat, points.wgs_lat, rtol=0, atol=6e-7)
    lon, lat = shift(points.wgs_lon, points.wgs_lat, "gcj02")
    np.testing.assert_allclose(lon, points.gcj_lon, rtol=0, atol=2e-6)
    np.testing.assert_allclose(lat, points.gcj_lat, rtol=0, atol=2e-6)


def test_published_values():
    # Tiananmen, the example most ports of the formula carry
    lon, lat = shift(116.404, 39.915, "gcj02")
    assert (round(float(lon), 6), round(float(lat), 6)) == (116.410244, 39.916404)
    lon, lat = shift(*unshift(116.404, 39.915, "gcj02"), "bd09")
    assert (round(float(lon), 5), round(float(lat), 5)) == (116.41037, 39.92134)


@settings(max_examples=30)
@given(china(), st.sampled_from(["gcj02", "bd09"]))
def test_there_and_back(points, datum):
    lon, lat = points
    back = unshift(*shift(lon, lat, datum), datum)
    np.testing.assert_allclose(back[0], lon, rtol=0, atol=1e-9)
    np.testing.assert_allclose(back[1], lat, rtol=0, atol=1e-9)


@settings(max_examples=30)
@given(china(72.3, 137.5), st.sampled_from(["gcj02", "bd09"]))
def test_back_and_there(points, datum):
    lon, lat = points
    there = shift(*unshift(lon, lat, datum), datum)
    np.testing.assert_allclose(there[0], lon, rtol=0, atol=1e-11)
    np.testing.assert_allclose(there[1], lat, rtol=0, atol=1e-11)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_outside_the_box_nothing_moves(datum):
    lon, lat = np.array([-99.3, 10.0, 140.0, 0.0]), np.array([38.9, 50.0, 36.0, 0.0])
    for move in (shift, unshift):
        x, y = move(lon, lat, datum)
        np.testing.assert_array_equal(x, lon)
        np.testing.assert_array_equal(y, lat)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_not_a_number_stays_and_harms_nobody(datum):
    lon, lat = unshift([np.nan, 108.66, np.inf], [31.0, 31.9, 31.0], datum)
    assert np.isnan(lon[0])
    alone = unshift(108.66, 31.9, datum)
    assert (lon[1], lat[1]) == pytest.approx((float(alone[0]), float(alone[1])), abs=1e-12)
