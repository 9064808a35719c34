"""Registers that do not say their coordinate system, placed by the villages their rows name."""

import geopandas
import numpy as np
import pytest
import shapely

from data.importers.placing import find_crs
from geo.crs import STORE_CRS
from geo.datum import shift

SIDE = 0.02


def chequer():
    """Return 5 × 5 villages of about 2 km."""
    corners = [(108 + SIDE * i, 31 + SIDE * j) for i in range(5) for j in range(5)]
    shapes = [shapely.box(x, y, x + SIDE, y + SIDE) for x, y in corners]
    codes = [f"V{number:02}" for number in range(len(shapes))]
    return geopandas.GeoDataFrame({"village_code": codes}, geometry=shapes, crs=STORE_CRS)


def register(datum=None, *, per_village=40, wrong=0.0, seed=1):
    """Return points spread over their villages, as a file in ``datum`` has them."""
    random = np.random.default_rng(seed)
    areas = chequer()
    code = np.repeat(areas["village_code"].to_numpy(), per_village)
    west, south = np.repeat(areas.bounds[["minx", "miny"]].to_numpy(), per_village, axis=0).T
    x, y = (side + SIDE * random.random(len(code)) for side in (west, south))
    code = np.where(random.random(len(code)) < wrong, "V00", code)
    if datum is not None:
        x, y = shift(x, y, datum)
    points = shapely.points(x, y)
    return geopandas.GeoDataFrame({"village_code": code}, geometry=points, crs=STORE_CRS)


@pytest.mark.parametrize(
    ("datum", "crs"), [(None, "EPSG:4490"), ("gcj02", "GCJ02"), ("bd09", "BD09")]
)
def test_the_system_that_puts_points_into_their_villages_is_found(datum, crs):
    found = find_crs(register(datum), chequer())
    assert found is not None
    assert found.crs == crs
    assert found.problem.severity == "warning"
    assert found.problem.details["share"] > 99
    assert found.problem.details["other_share"] < 95


def test_a_few_wrong_villages_do_not_hide_it():
    found = find_crs(register("gcj02", wrong=0.03), chequer())
    assert found is not None
    assert found.crs == "GCJ02"


@pytest.mark.parametrize(
    "points",
    [
        register(per_village=1),  # too few
        register(wrong=0.5),  # most of them elsewhere
        register().assign(village_code="V99"),  # a village nobody knows
        # in the middle of their villages all systems fit
        register().set_geometry(
            np.repeat(chequer().to_crs(32649).centroid.to_crs(STORE_CRS).to_numpy(), 40),
            crs=STORE_CRS,
        ),
    ],
)
def test_what_is_not_clear_is_not_decided(points):
    assert find_crs(points, chequer()) is None
