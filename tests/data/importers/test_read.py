"""Columns, coordinate systems and shapes: every fault has its row, all at once."""

import json

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importers.read import read_file
from geo.crs import shift


def write_csv(folder, text, name="rows.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def write_geojson(folder, shapes, codes=None):
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": shape}
        for code, shape in zip(codes or range(1, len(shapes) + 1), shapes, strict=True)
    ]
    path = folder / "layer.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def polygon(*ring):
    return {"type": "Polygon", "coordinates": [list(ring)]}


def told(result):
    return [(p.key, p.row) for p in result.problems]


# --- columns -----------------------------------------------------------------------------


def test_columns_are_found_by_english_chinese_and_usual_names(tmp_path):
    path = write_csv(
        tmp_path,
        "户编号,地址,czrk,所属村编码,经度,纬度,其他\n1,土城1号,3,500229001001,108.6,31.9,x\n",
    )
    result = read_file(path, "households", crs="4490")
    assert result.mapping == {
        "code": "户编号",
        "address": "地址",
        "village_code": "所属村编码",
        "residents": "czrk",
        "lon": "经度",
        "lat": "纬度",
    }
    assert result.unused_columns == ("其他",)
    assert not result.problems


def test_the_users_word_goes_before_names(tmp_path):
    path = write_csv(tmp_path, "code,ID,lon,lat\na,b,108,31\n")
    result = read_file(path, "households", crs="4490", mapping={"code": "id"})
    assert result.frame["code"].tolist() == ["b"]
    assert result.unused_columns == ("code",)


def test_words_that_name_nothing_are_told(tmp_path):
    path = write_csv(tmp_path, "code,lon,lat\na,108,31\n")
    mapping = {"colour": "x", "residents": "people"}
    result = read_file(path, "households", crs="4490", mapping=mapping)
    assert told(result) == [("field_unknown", None), ("column_not_found", None)]
    assert result.frame.empty


def test_two_columns_for_one_field_are_told(tmp_path):
    path = write_csv(tmp_path, "code,POP,Population,lon,lat\na,1,2,108,31\n")
    result = read_file(path, "households", crs="4490")
    assert told(result) == [("ambiguous_column", None)]
    assert result.frame["residents"].tolist() == [1]


def test_a_required_column_must_be_there(tmp_path):
    result = read_file(write_csv(tmp_path, "lon,lat\n108,31\n"), "households", crs="4490")
    assert told(result) == [("field_without_column", None)]
    assert "户编号" in result.problems[0].sentence("zh")


def test_a_village_code_in_five_parts_is_composed(tmp_path):
    path = write_csv(tmp_path, "code,SHENG,SHI,XIAN,XIANG,CUN,lon,lat\na,50,2,29,1,3,108,31\n")
    result = read_file(path, "households", crs="4490")
    assert result.frame["village_code"].tolist() == ["500229001003"]
    assert result.mapping["village_code"] == "SHENG+SHI+XIAN+XIANG+CUN"
    assert result.unused_columns == ()


def test_what_a_code_says_is_filled_in(tmp_path):
    path = write_csv(tmp_path, "code,name\n500229,城口县\n500229001,葛城街道\nx,未知\n")
    result = read_file(path, "divisions")
    assert result.frame["level"].tolist() == ["county", "township"]
    assert told(result) == [("missing_value", 3)]
    assert result.frame.geometry.isna().all()


def test_repeated_codes_are_errors_wherever_they_stand(tmp_path):
    path = write_csv(tmp_path, "code,lon,lat\na,108,31\nb,108,31\na,109,31\nc,108,31\n")
    result = read_file(path, "households", crs="4490")
    assert told(result) == [("duplicate_code", 1), ("duplicate_code", 3)]
    assert result.problems[0].details == {"code": "a", "rows": [1, 3]}
    assert result.frame["code"].tolist() == ["b", "c"]
    assert result.frame["row"].tolist() == [2, 4]


def test_a_row_without_a_code_is_an_error(tmp_path):
    path = write_csv(tmp_path, "code,lon,lat\n,108,31\nb,108,31\n")
    assert told(read_file(path, "households", crs="4490")) == [("missing_value", 1)]


def test_the_guard_of_our_own_csv_export_is_undone(tmp_path):
    path = write_csv(tmp_path, "code,address,lon,lat\na,'=1+1,108,31\nb,'quoted,108,31\n")
    addresses = read_file(path, "households", crs="4490").frame["address"].tolist()
    assert addresses == ["=1+1", "'quoted"]


# --- coordinate systems ------------------------------------------------------------------


def test_a_table_without_a_coordinate_system_is_refused_with_a_hint(tmp_path):
    path = write_csv(tmp_path, "code,lon,lat\na,108.6,31.9\n")
    problem = read_file(path, "households").problems[0]
    assert problem.key == "crs_missing"
    assert "lon/lat" in problem.details["hint_en"]


@pytest.mark.parametrize(
    ("x", "y", "hint"),
    [
        (37354027, 3091787, "EPSG:4525"),
        (484000, 3537000, "metres"),
        (108.6, 31.9, "GCJ02"),
    ],
)
def test_the_hint_names_what_the_numbers_look_like(tmp_path, x, y, hint):
    path = write_csv(tmp_path, f"code,x,y\na,{x},{y}\n")
    assert hint in read_file(path, "households").problems[0].details["hint_en"]


@pytest.mark.parametrize(
    ("crs", "x", "y"),
    [
        ("EPSG:4490", 484000, 3537000),  # metres said to be degrees
        ("EPSG:4545", 108.6, 31.9),  # degrees said to be metres
        ("EPSG:4545", 37354027, 3091787),  # an easting with its zone in a system without
        ("EPSG:4524", 484000, 3537000),  # and the other way about
    ],
)
def test_numbers_that_contradict_the_coordinate_system_are_refused(tmp_path, crs, x, y):
    path = write_csv(tmp_path, f"code,x,y\na,{x},{y}\nb,{x},{y}\n")
    result = read_file(path, "households", crs=crs)
    assert told(result) == [("crs_contradicts_coordinates", None)]
    assert result.frame.empty


def test_an_unknown_coordinate_system_is_refused(tmp_path):
    path = write_csv(tmp_path, "code,lon,lat\na,108.6,31.9\n")
    assert told(read_file(path, "households", crs="EPSG:1")) == [("unknown_crs", None)]


def test_metres_become_degrees(tmp_path):
    path = write_csv(tmp_path, "code,x,y\na,500000,3540000\n")
    point = read_file(path, "households", crs="4545").frame.geometry[0]
    assert point.x == pytest.approx(108, abs=1e-9)
    assert 31.9 < point.y < 32.1


@pytest.mark.parametrize("datum", ["gcj02", "BD09"])
def test_shifted_coordinates_are_moved_back(tmp_path, datum):
    lon, lat = shift(108.66, 31.95, datum.lower())
    path = write_csv(tmp_path, f"code,lon,lat\na,{float(lon)!r},{float(lat)!r}\n")
    result = read_file(path, "households", crs=datum)
    point = result.frame.geometry[0]
    assert (point.x, point.y) == pytest.approx((108.66, 31.95), abs=2e-9)
    assert result.crs == datum.upper()


def test_the_users_coordinate_system_goes_before_the_files_and_it_is_told(tmp_path):
    shapes = [{"type": "Point", "coordinates": [108.66, 31.95]}]
    result = read_file(write_geojson(tmp_path, shapes), "households", crs="gcj02")
    assert told(result) == [("crs_overridden", None)]
    assert result.frame.geometry[0].x != 108.66
    assert len(result.frame) == 1


@settings(max_examples=50)
@given(
    points=st.lists(
        st.tuples(
            st.integers(-180_000_000_000, 180_000_000_000),
            st.integers(-90_000_000_000, 90_000_000_000),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_lattice_coordinates_come_in_unchanged(tmp_path_factory, points):
    folder = tmp_path_factory.mktemp("lattice")
    numbers = [(lon / 1e9, lat / 1e9) for lon, lat in points]
    rows = "".join(f"{i},{lon:.9f},{lat:.9f}\n" for i, (lon, lat) in enumerate(numbers))
    result = read_file(write_csv(folder, "code,lon,lat\n" + rows), "households", crs="4490")
    assert shapely.get_coordinates(result.frame.geometry.array).tolist() == [
        list(n) for n in numbers
    ]


# --- shapes ------------------------------------------------------------------------------

SQUARE = polygon([108, 31], [108.1, 31], [108.1, 31.1], [108, 31.1], [108, 31])
BOW_TIE = polygon([108, 31], [108.1, 31.1], [108.1, 31], [108, 31.1], [108, 31])
OPEN_RING = polygon([108, 31], [108.1, 31], [108.1, 31.1], [108, 31.1])


def test_every_wrong_shape_is_named_with_its_row_and_the_others_are_read(tmp_path):
    shapes = [
        SQUARE,
        BOW_TIE,
        OPEN_RING,
        {"type": "Point", "coordinates": [108, 31]},
        None,
        {"type": "Polygon", "coordinates": []},
        {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]]},
        {"type": "GeometryCollection", "geometries": []},
    ]
    result = read_file(write_geojson(tmp_path, shapes), "grids")
    assert sorted(told(result), key=lambda p: p[1]) == [
        ("self_intersection", 2),
        ("unreadable_geometry", 3),
        ("wrong_geometry_type", 4),
        ("empty_geometry", 5),
        ("empty_geometry", 6),
        ("empty_geometry", 8),
    ]
    assert result.frame["row"].tolist() == [1, 7]
    assert result.frame.geom_type.tolist() == ["Polygon", "Polygon"]  # one part is no multi-part


def test_a_self_intersection_says_where(tmp_path):
    problem = read_file(write_geojson(tmp_path, [BOW_TIE]), "grids").problems[0]
    assert problem.geometry.equals_exact(shapely.Point(108.05, 31.05), 1e-6)
    assert (problem.details["x"], problem.details["y"]) == (108.05, 31.05)
    assert problem.details["reason"] == "Self-intersection"


def test_heights_are_dropped_and_it_is_told_once(tmp_path):
    shapes = [{"type": "Point", "coordinates": [108, 31, 800]}] * 2
    result = read_file(write_geojson(tmp_path, shapes), "households")
    assert told(result) == [("z_dropped", None)]
    assert not result.frame.has_z.any()


def test_coordinates_that_cannot_be_are_named(tmp_path):
    path = write_csv(
        tmp_path,
        "code,lon,lat\n"
        "a,108,31\nb,nan,31\nc,inf,31\nd,x,31\ne,,\nf,108,\ng,31,108\nh,400,31\ni,108,32\nj,109,31\n",
    )
    result = read_file(path, "households", crs="4490")
    assert sorted(told(result), key=lambda p: p[1]) == [
        ("coordinates_not_finite", 2),
        ("coordinates_not_finite", 3),
        ("coordinates_not_numbers", 4),
        ("empty_geometry", 5),
        ("coordinates_not_numbers", 6),
        ("swapped_coordinates", 7),
        ("coordinates_out_of_range", 8),
    ]
    assert result.frame["code"].tolist() == ["a", "i", "j"]


def test_a_file_with_lon_and_lat_swapped_throughout_says_so(tmp_path):
    path = write_csv(tmp_path, "code,lon,lat\na,31,108\nb,32,109\n")
    result = read_file(path, "households", crs="4490")
    assert told(result) == [("swapped_coordinates", 1), ("swapped_coordinates", 2)]


def test_nan_inside_a_polygon_is_found(tmp_path):
    text = 'code,wkt\na,"POLYGON ((108 31, 108.1 31, nan 31.1, 108 31))"\nb,nonsense\n'
    result = read_file(write_csv(tmp_path, text), "grids", crs="4490")
    assert told(result) == [("unreadable_geometry", 2), ("coordinates_not_finite", 1)]


def test_all_problems_come_at_once(tmp_path):
    path = write_csv(
        tmp_path, "code,residents,lon,lat\na,x,108,31\nb,-1,108,31\nc,1,nope,31\nd\n,1,108,31\n"
    )
    result = read_file(path, "households", crs="4490")
    assert sorted(told(result), key=lambda p: p[1]) == [
        ("count_not_number", 1),
        ("count_negative", 2),
        ("coordinates_not_numbers", 3),
        ("broken_row", 4),
        ("missing_value", 5),
    ]
    assert result.frame.empty
    assert not result.problems.fatal


def test_every_sentence_is_complete_in_both_languages(tmp_path):
    shapes = [SQUARE, BOW_TIE, OPEN_RING, {"type": "Point", "coordinates": [108, 31, 5]}, None]
    problems = [*read_file(write_geojson(tmp_path, shapes), "grids").problems]
    path = write_csv(tmp_path, "code,residents,lon,lat\na,x,y,31\na,-1,400,31\n5E11,1.5,31,108\n")
    problems += read_file(path, "households", crs="4490").problems
    problems += read_file(path, "households").problems
    assert len({p.key for p in problems}) > 8
    for problem in problems:
        for language in ("zh", "en"):
            assert "—" not in problem.sentence(language)


def test_shared_borders_stay_shared_whatever_the_coordinate_system(tmp_path):
    # two grids with an oblique border, in metres
    left = shapely.Polygon([(500000, 3540000), (500100.123, 3540000), (500077.7, 3540099.9)])
    right = shapely.Polygon([(500100.123, 3540000), (500200, 3540050), (500077.7, 3540099.9)])
    frame = geopandas.GeoDataFrame({"code": ["a", "b"]}, geometry=[left, right], crs=4545)
    frame.to_file(tmp_path / "two.gpkg")
    shapes = read_file(tmp_path / "two.gpkg", "grids").frame.geometry
    border = shapely.intersection(shapes[0], shapes[1])
    assert border.geom_type == "LineString"
    common = [set(map(tuple, shapely.get_coordinates(s))) for s in shapes]
    assert len(common[0] & common[1]) == 2
    numbers = shapely.get_coordinates(shapes.array)
    assert np.array_equal(numbers, np.rint(numbers * 1e9) / 1e9)


# --- numbers that are no place -----------------------------------------------------------


@pytest.mark.parametrize("wrong", ["37354027,1e12", "37354027,1e300", "354027,3535000"])
def test_projected_numbers_far_from_their_zone_are_refused_as_written(tmp_path, wrong):
    sound = [f"{i},3735{i}27,3535{i}0" for i in range(10, 14)]
    path = write_csv(tmp_path, "\n".join(["code,x,y", f"0,{wrong}", *sound, ""]))
    result = read_file(path, "households", crs="EPSG:4525")
    assert told(result) == [("coordinates_out_of_range", 1)]
    details = result.problems[0].details
    assert [float(details[name]) for name in "xy"] == [float(n) for n in wrong.split(",")]
    assert len(result.frame) == 4


def test_a_system_of_the_moon_is_refused(tmp_path):
    path = write_csv(tmp_path, "code,lon,lat\na,108,31\n")
    assert told(read_file(path, "households", crs="IAU_2015:30100")) == [("unknown_crs", None)]
    frame = geopandas.GeoDataFrame({"code": ["a"]}, geometry=[shapely.Point(1, 2)])
    frame.set_crs("IAU_2015:30100").to_parquet(tmp_path / "moon.parquet")
    moon = read_file(tmp_path / "moon.parquet", "households")
    assert told(moon) == [("unknown_crs", None)]


@pytest.mark.parametrize(
    "wkt",
    [
        "CIRCULARSTRING (108 31, 108.1 31.1, 108.2 31)",
        "curvepolygon (compoundcurve ((108 31, 109 31), (109 31, 108 32, 108 31)))",
        "MULTISURFACE (((108 31, 109 31, 109 32, 108 31)))",
        "GEOMETRYCOLLECTION (" * 200_000,
        "TIN (((0 0, 1 0, 0 1, 0 0)))",
        "POINT",
        "SRID=4490;POINT (108 31)",
        "MULTIPOLYGON " + "(" * 200_000,
    ],
    ids=lambda wkt: wkt[:20],
)
def test_a_shape_that_cannot_be_held_takes_only_its_own_row(tmp_path, wkt):
    path = write_csv(tmp_path, f'code,wkt\na,POINT (108 31)\nb,"{wkt}"\nc,POINT (108 32)\n')
    result = read_file(path, "households", crs="EPSG:4490")
    assert told(result) == [("unreadable_geometry", 2)]
    assert result.frame["code"].tolist() == ["a", "c"]


def test_a_collection_of_one_shape_is_that_shape(tmp_path):
    path = write_csv(tmp_path, 'code,wkt\na,"GEOMETRYCOLLECTION (POINT (108 31))"\n')
    result = read_file(path, "households", crs="EPSG:4490")
    assert not result.problems
    assert result.frame.geometry.iloc[0].equals(shapely.Point(108, 31))
