"""Numbers per grid on drawings, and against brute force."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.crs import to_store
from geo.errors import CrsError, FrameError
from geo.indicators import measure_grids
from geo.profiles import parse_profile
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
    )
)
CENTERS = to_store(points((0.9, 0.5), (9, 9), code=["k1", "k2"], level=["village", "county"]))


def test_a_drawing():
    table = measure_grids(GRIDS, HOUSEHOLDS, CENTERS, PROFILE, {"v": "mountain", "u": "urban"})
    square = np.pi / 4  # Polsby–Popper of a square
    assert_frame_equal(
        table.drop(columns=["area_m2", "compactness", "center_median_m", "center_max_m"]),
        pd.DataFrame(
            {
                "households": [3, 1, 0],
                "residents": [6, 4, 0],
                "registered": [5, 4, 0],
                "children": [0, 0, 0],
                "elderly": [2, 2, 0],
                "profile_status": pd.Series(["within", "below", "empty"], dtype=object),
            }
        ),
    )
    np.testing.assert_allclose(table["area_m2"], 10_000, rtol=1e-5)
    np.testing.assert_allclose(table["compactness"], square, rtol=1e-6)
    np.testing.assert_allclose(table["center_median_m"], [np.hypot(10, 50), 100, np.nan], atol=1e-3)
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
    with pytest.raises(CrsError, match="differ"):
        measure_grids(GRIDS, HOUSEHOLDS.to_crs(4545), CENTERS, PROFILE, {})


@settings(deadline=None, max_examples=15)
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
    assert (
        table.households.sum()
        == geopandas.GeoSeries(households.geometry)
        .covered_by(shapely.union_all(grids.geometry.array))
        .sum()
    )
