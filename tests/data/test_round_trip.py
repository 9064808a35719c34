"""What is exported and imported again is equal: rows, shapes, to the last bit."""

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from data import stores
from data.exporters import stream
from data.importers.read import read_file
from data.versions import StoreCounts
from geo.frames import LAYERS
from tests.data.frames import LATER, NOW, make_divisions, make_frame

SQUARE = shapely.box(108.123456789, 31, 108.2, 31.1)
HOLED = shapely.Polygon(SQUARE.exterior, [shapely.box(108.15, 31.04, 108.16, 31.05).exterior])
PARTS = shapely.MultiPolygon([SQUARE, shapely.box(109, 31, 109.1, 31.1)])
POINT = shapely.Point(108.987654321, 31.000000001)

FRAMES = {
    "divisions": make_divisions(),
    "natural_villages": make_frame(
        "natural_villages",
        [
            {"code": "n1", "name": "江家山, 上", "village_code": "500229001001", "households": 3},
            {"code": "n2", "name": '"引号"\n换行', "residents": 0, "registered": 12},
        ],
        [HOLED, PARTS],
    ),
    "grids": make_frame(
        "grids",
        [
            {"code": "500229001001001", "village_code": "500229001001", "kind": "dedicated"},
            {"code": "G-2", "name": "=SUM(A1)", "village_code": "500229001001", "kind": "basic"},
        ],
        [HOLED, PARTS],
    ),
    "households": make_frame(
        "households",
        [
            {"code": "h1", "address": "-1号", "residents": 3, "needs": '{"低保": 2, "残疾": 1}'},
            {"code": "h2", "address": "土城社区1号", "residents": 0, "elderly": 0, "children": 1},
        ],
        [POINT, shapely.Point(108, 31)],
    ),
    "centers": make_frame(
        "centers",
        [
            {"code": "c1", "level": "village", "services": "社保;医保", "floor_area_m2": 512.25},
            {"code": "c2", "level": "county", "name": "县中心", "capacity": 3000},
        ],
        [POINT, shapely.Point(108, 31)],
    ),
    "roads": make_frame(
        "roads",
        [
            {"code": "r1", "road_class": "trunk_link", "oneway": "backward", "bridge": True},
            {"code": "r2", "name": "=村道", "road_class": "path", "speed_kmh": 48.3},
        ],
        [shapely.LineString([(108.123456789, 31), (108.2, 31.1), (108.15, 31)]), SQUARE.exterior],
    ),
    "barriers": make_frame(
        "barriers",
        [{"code": "b1", "kind": "river", "name": "任河"}, {"code": "b2", "kind": "water"}],
        [shapely.LineString([(108.123456789, 31), (108.2, 31.1)]), HOLED],
    ),
}


def export(connection, layer, kind, folder):
    path = folder / f"{layer}.{kind}"
    path.write_bytes(b"".join(stream(connection, layer, kind)))
    return path


def assert_same(layer, found, expected):
    """Compare by code; text that is empty is missing in a file."""
    names = [field.name for field in LAYERS[layer].fields if field.name != "valid_from"]
    tables = [
        frame[names].replace({"": np.nan, "{}": np.nan}).set_index("code").sort_index()
        for frame in (found, expected)
    ]
    assert_frame_equal(*tables, check_dtype=False)
    shapes = [
        frame.set_index("code").sort_index().geometry.normalize() for frame in (found, expected)
    ]
    assert shapes[0].geom_equals_exact(shapes[1], 0).all()


@pytest.mark.parametrize("kind", ["geojson", "geojsonl", "csv"])
@pytest.mark.parametrize("layer", FRAMES)
def test_a_layer_comes_back_equal(connection, tmp_path, layer, kind):
    stores.store_frame(connection, layer, FRAMES[layer], now=NOW)
    path = export(connection, layer, kind, tmp_path)
    result = read_file(path, layer, crs="EPSG:4490")
    assert not [p for p in result.problems if p.severity == "error"]
    stored = stores.REPOSITORIES[layer].fetch_frame(connection)
    assert_same(layer, result.frame, stored)
    again = stores.store_frame(connection, layer, result.frame, mode="replace", now=LATER)
    assert again == StoreCounts(unchanged=len(stored))


texts = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=10
).map(str.strip)
degrees = st.tuples(
    st.integers(73_000_000_000, 135_000_000_000), st.integers(3_000_000_000, 53_000_000_000)
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    homes=st.lists(st.tuples(texts, degrees, st.integers(0, 2**31 - 1)), min_size=1, max_size=5),
    kind=st.sampled_from(["geojson", "csv"]),
)
def test_any_household_comes_back_equal(connection, tmp_path_factory, homes, kind):
    rows = [
        {"code": f"h{i}", "address": address, "residents": residents}
        for i, (address, _, residents) in enumerate(homes)
    ]
    points = [shapely.Point(lon / 1e9, lat / 1e9) for _, (lon, lat), _ in homes]
    with connection.begin_nested() as savepoint:
        stores.store_frame(
            connection, "households", make_frame("households", rows, points), now=NOW
        )
        path = export(connection, "households", kind, tmp_path_factory.mktemp("trip"))
        result = read_file(path, "households", crs="EPSG:4490")
        if not result.problems.totals["personal_value_removed"]:
            stored = stores.REPOSITORIES["households"].fetch_frame(connection)
            assert_same("households", result.frame, stored)
        savepoint.rollback()
