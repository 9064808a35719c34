"""Tiles show everything, once, where it is; decoded by a library that is not ours."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import mapbox_vector_tile
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.geometry import shape
from sqlalchemy import text

from data.tiles import BINS, EXTENT, TILE_LAYERS, fetch_tile, measure_bounds

THEN = datetime(2020, 1, 1, tzinfo=UTC)
WEST, SOUTH = 108.4, 31.7


def decode(tile: bytes) -> dict:
    return mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True}) if tile else {}


def features(tile: bytes, layer: str) -> list:
    return decode(tile).get(layer, {}).get("features", [])


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    n = 2**z
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n
    return int((lon + 180) / 360 * n), int(row)


def add_grid(connection, code, polygon, *, valid_from=THEN, valid_to=None):
    connection.execute(
        text(
            "INSERT INTO grid (code, name, village_code, valid_from, valid_to, geom) VALUES "
            "(:code, :code, left(:code, 12), :a, :b, ST_GeomFromText(:wkt, 4490))"
        ),
        {"code": code, "a": valid_from, "b": valid_to, "wkt": polygon.wkt},
    )


def add_households(connection, lons, lats, residents):
    connection.execute(
        text(
            "INSERT INTO household (code, residents, geom) SELECT 'h' || n, r, "
            "ST_SetSRID(ST_MakePoint(lon, lat), 4490) FROM unnest(CAST(:lon AS float8[]), "
            "CAST(:lat AS float8[]), CAST(:residents AS int[])) "
            "WITH ORDINALITY AS t(lon, lat, r, n)"
        ),
        {
            "lon": [float(v) for v in lons],
            "lat": [float(v) for v in lats],
            "residents": [int(r) for r in residents],
        },
    )


@pytest.mark.parametrize("layer", TILE_LAYERS)
def test_an_empty_layer_gives_an_empty_tile(connection, layer):
    assert fetch_tile(connection, layer, 0, 0, 0) == b""


def test_a_grid_stands_where_it_is_with_its_properties(connection):
    add_grid(connection, "500229102203007", box(WEST, SOUTH, WEST + 0.01, SOUTH + 0.01))
    z = 12
    x, y = tile_of(WEST + 0.005, SOUTH + 0.005, z)
    (feature,) = features(fetch_tile(connection, "grids", z, x, y), "grids")
    assert feature["properties"]["code"] == "500229102203007"
    assert feature["properties"]["village_code"] == "500229102203"
    assert feature["id"] > 0
    west, _, east, _ = measure_bounds(z, x, y)
    drawn = shape(feature["geometry"]).bounds
    assert drawn[0] == pytest.approx((WEST - west) / (east - west) * EXTENT, abs=8)
    assert drawn[2] == pytest.approx((WEST + 0.01 - west) / (east - west) * EXTENT, abs=8)


def test_neighbours_keep_their_shared_border_at_every_zoom(connection):
    # Two grids share a crooked border that simplifying each alone would tear.
    rng = np.random.default_rng(7)
    border = [(WEST + 0.01 + rng.normal(0, 4e-5), SOUTH + 0.02 * i / 200) for i in range(201)]
    add_grid(connection, "1" * 15, Polygon([(WEST, SOUTH), *border, (WEST, SOUTH + 0.02)]))
    add_grid(
        connection, "2" * 15, Polygon([(WEST + 0.02, SOUTH), *border, (WEST + 0.02, SOUTH + 0.02)])
    )
    for z in range(9, 13):
        x, y = tile_of(WEST + 0.01, SOUTH + 0.01, z)
        drawn = [
            shape(f["geometry"])
            for f in features(fetch_tile(connection, "grids", z, x, y), "grids")
        ]
        assert len(drawn) == 2
        assert drawn[0].intersection(drawn[1]).area == pytest.approx(0, abs=1e-9)
        together = drawn[0].union(drawn[1])
        assert together.area == pytest.approx(together.convex_hull.area, rel=0.02)


def test_a_grid_smaller_than_a_pixel_is_a_dot_not_a_hole(connection):
    add_grid(connection, "3" * 15, box(WEST, SOUTH, WEST + 1e-5, SOUTH + 1e-5))
    for z in range(0, 16):
        x, y = tile_of(WEST, SOUTH, z)
        (feature,) = features(fetch_tile(connection, "grids", z, x, y), "grids")
        assert shape(feature["geometry"]).area > 0


def test_tiles_of_a_day_show_the_lines_of_that_day(connection):
    change = datetime(2024, 5, 1, tzinfo=UTC)
    old, new = (
        box(WEST, SOUTH, WEST + 0.01, SOUTH + 0.01),
        box(WEST, SOUTH, WEST + 0.02, SOUTH + 0.01),
    )
    add_grid(connection, "4" * 15, old, valid_to=change)
    add_grid(connection, "4" * 15, new, valid_from=change)
    x, y = tile_of(WEST, SOUTH, 12)

    def width(at):
        (feature,) = features(fetch_tile(connection, "grids", 12, x, y, at=at), "grids")
        west, _, east, _ = shape(feature["geometry"]).bounds
        return east - west

    assert width(None) == pytest.approx(2 * width(datetime(2023, 1, 1, tzinfo=UTC)), rel=0.05)
    assert width(change) == width(None)
    assert fetch_tile(connection, "grids", 12, x, y, at=datetime(2019, 1, 1, tzinfo=UTC)) == b""


@pytest.mark.parametrize("z", [6, 10, 13, 14])
def test_every_household_is_counted_once_over_all_tiles_of_a_zoom(connection, z):
    rng = np.random.default_rng(z)
    lons, lats = rng.uniform(WEST, WEST + 0.3, 500), rng.uniform(SOUTH, SOUTH + 0.3, 500)
    # Some exactly on the border of two tiles and of four.
    x, y = tile_of(WEST + 0.15, SOUTH + 0.15, z)
    edge = measure_bounds(z, x, y)
    lons[:3], lats[:2] = edge.west, edge.south
    residents = rng.integers(0, 7, 500)
    add_households(connection, lons, lats, residents)
    xs, ys = zip(*(tile_of(lon, lat, z) for lon, lat in zip(lons, lats, strict=True)), strict=True)
    counted = 0
    people = 0
    for column in range(min(xs) - 1, max(xs) + 2):
        for row in range(min(ys) - 1, max(ys) + 2):
            for feature in features(
                fetch_tile(connection, "households", z, column, row), "households"
            ):
                assert feature["properties"]["aggregated"] == 1
                assert all(0 <= value < EXTENT for value in feature["geometry"]["coordinates"])
                counted += feature["properties"]["count"]
                people += feature["properties"]["residents"]
    assert (counted, people) == (500, residents.sum())


def test_households_close_up_are_themselves_and_carry_no_address(connection):
    add_households(connection, [WEST, WEST + 1e-4], [SOUTH, SOUTH], [2, 5])
    x, y = tile_of(WEST, SOUTH, 15)
    found = features(fetch_tile(connection, "households", 15, x, y), "households")
    assert sorted(f["properties"]["residents"] for f in found) == [2, 5]
    assert all(set(f["properties"]) == {"residents"} and f["id"] for f in found)


@settings(max_examples=60)
@given(st.integers(0, 20), st.floats(-179.9, 179.9), st.floats(-85, 85))
def test_bounds_hold_the_points_of_their_tile(z, lon, lat):
    x, y = tile_of(lon, lat, z)
    west, south, east, north = measure_bounds(z, x, y)
    assert west - 1e-9 <= lon <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9
    wider = measure_bounds(z, x, y, margin=1 / 16)
    assert wider.west <= west
    assert wider.east >= east
    assert -180 <= wider.west <= wider.east <= 180


def test_bins_divide_the_extent():
    assert EXTENT % BINS == 0
