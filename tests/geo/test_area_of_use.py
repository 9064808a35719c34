"""Numbers are places of a coordinate system only where it is meant for."""

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.area_of_use import find_misplaced
from geo.crs import STORE_CRS


@pytest.mark.parametrize(
    ("code", "sound", "wrong"),
    [
        (4525, (37_354_027, 3_535_000), [(37_354_027, 1e12), (354_027, 3_535_000)]),
        (4525, (37_354_027, 3_535_000), [(37_354_027, 1e300), (13_800_138_000, 3_535_000)]),
        (4545, (354_027, 3_535_000), [(3_535_000, 354_027), (354_027, -3_535_000)]),
        (32649, (400_000, 3_500_000), [(40_000_000, 3_500_000)]),
        (3857, (12_000_000, 3_700_000), [(37_354_027, 3_535_000), (12_000_000, 1e9)]),
        (4490, (108.6, 31.9), [(181, 31), (108, 91), (354_027, 3_535_000)]),
    ],
)
def test_numbers_outside_the_area_of_a_system_are_misplaced(code, sound, wrong):
    crs = pyproj.CRS.from_epsg(code)
    bounds = np.tile([sound, *wrong], 2).astype(float)
    assert find_misplaced(crs, bounds).tolist() == [False, *[True] * len(wrong)]
    assert not find_misplaced(crs, np.full((2, 4), np.nan)).any()


def test_a_system_without_an_area_takes_what_comes_back():
    crs = pyproj.CRS.from_proj4("+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +ellps=GRS80 +units=m")
    bounds = np.tile([(350_000.0, 3_500_000.0), (1e12, 3e6), (3.5e5, 1e300)], 2)
    bounds = np.vstack([bounds, np.full(4, np.nan)])
    assert find_misplaced(crs, bounds).tolist() == [False, True, True, False]


@settings(max_examples=60)
@given(zone=st.integers(4534, 4554), east=st.floats(-6, 6), north=st.floats(-6, 6))
def test_no_place_near_its_own_zone_is_misplaced(zone, east, north):
    crs = pyproj.CRS.from_epsg(zone)
    area = crs.area_of_use
    lon = (area.west if east < 0 else area.east) + east
    lat = (area.south if north < 0 else area.north) + north
    x, y = pyproj.Transformer.from_crs(STORE_CRS, crs, always_xy=True).transform(lon, lat)
    bounds = np.tile([(x, y), (x, y + 9e6)], 2)
    assert find_misplaced(crs, bounds).tolist() == [False, True]
