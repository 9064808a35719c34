"""Files of which less is asked: codes, levels, classes filled; places kept; zones known."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data.errors import ImportFileError
from data.importers import loose

XY = [(500_000.0, 3_530_000.0), (501_000.0, 3_530_000.0)]


def write(path, crs=4545, geometry=None, **columns):
    shapes = gpd.points_from_xy(*zip(*XY, strict=True)) if geometry is None else geometry
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=4545)
    frame.to_crs(crs).to_file(path)
    return path


def keys(error):
    return [(problem.key, problem.row) for problem in error.value.problems]


def test_households_without_a_code_are_called_by_their_row(tmp_path):
    read = loose.read_households(write(tmp_path / "h.gpkg"))
    assert read.frame["code"].tolist() == ["1", "2"]
    assert "elderly" not in read.frame, "what is not counted is not 0"


def test_centers_without_a_code_are_called_by_their_name_if_it_tells_them_apart(tmp_path):
    named = write(tmp_path / "c.gpkg", name=["东", "西"])
    assert loose.read_centers(named, level="village").frame["code"].tolist() == ["东", "西"]
    same = write(tmp_path / "d.gpkg", name=["东", "东"])
    assert loose.read_centers(same, level="village").frame["code"].tolist() == ["1", "2"]
    coded = loose.read_centers(write(tmp_path / "e.gpkg", code=["a", "b"]), level="village")
    assert coded.frame["name"].tolist() == ["a", "b"]


def test_centers_without_a_level_are_of_the_one_asked_for(tmp_path):
    read = loose.read_centers(write(tmp_path / "c.gpkg"), level="township")
    assert read.frame["level"].tolist() == ["township"] * 2
    some = write(tmp_path / "d.gpkg", level=["village", None])
    with pytest.raises(ImportFileError) as refused:
        loose.read_centers(some, level="village")
    assert keys(refused) == [("missing_value", 2)]


def test_the_weight_by_the_name_of_a_field_or_a_column(tmp_path):
    path = write(tmp_path / "h.gpkg", CZRK=[3, 4], households=[7, 8], w=[1, 2])
    weights = {
        name: loose.read_households(path, weight=name).frame[loose.WEIGHT].tolist()
        for name in ("residents", "CZRK", "households", "w", "W")
    }
    assert weights == {
        "residents": [3, 4],
        "CZRK": [3, 4],
        "households": [7, 8],
        "w": [1, 2],
        "W": [1, 2],
    }
    plain = write(tmp_path / "plain.gpkg")
    assert loose.WEIGHT not in loose.read_households(plain, weight="households").frame
    with pytest.raises(ImportFileError) as refused:
        loose.read_households(plain, weight="elderly")
    assert keys(refused) == [("column_not_found", None)]


@pytest.mark.parametrize(
    ("crs", "zone"), [(4545, 4545), (32649, 32649), (4326, None), (3857, None)]
)
def test_the_zone_of_a_file(tmp_path, crs, zone):
    assert loose.read_households(write(tmp_path / "h.gpkg", crs)).zone == zone


def test_land_without_villages_is_its_own(tmp_path):
    boxes = [shapely.box(x, y, x + 900, y + 900) for x, y in XY]
    path = write(tmp_path / "l.gpkg", geometry=boxes, code=["a", "b"])
    assert loose.read_land(path).frame["village_code"].tolist() == ["a", "b"]
    other = write(tmp_path / "m.gpkg", geometry=boxes, code=["a", "b"], village_code=["v", "v"])
    assert loose.read_land(other).frame["village_code"].tolist() == ["v", "v"]


def test_roads_without_a_class(tmp_path):
    lines = [shapely.LineString([XY[0], XY[1]]), shapely.LineString([XY[0], (500_000, 3_531_000)])]
    path = write(tmp_path / "r.gpkg", geometry=lines, highway=["primary", None])
    read = loose.read_roads(path)
    assert read.frame["road_class"].tolist() == ["primary", "unclassified"]
    assert [problem.key for problem in read.problems] == ["classes_assumed"]
    assert read.frame["oneway"].tolist() == ["both", "both"]


def test_what_a_file_says_of_its_system_is_believed(tmp_path):
    path = write(tmp_path / "h.gpkg")
    said = loose.read_households(path, crs="EPSG:4326").frame
    assert said.geometry.equals(loose.read_households(path).frame.geometry)


def test_a_place_within_each_polygon(tmp_path):
    ring = shapely.Point(XY[0]).buffer(300).difference(shapely.Point(XY[0]).buffer(200))
    path = write(tmp_path / "h.gpkg", geometry=[ring, shapely.box(*XY[1], 502_000, 3_531_000)])
    read = loose.read_households(path)
    assert [problem.key for problem in read.problems] == ["polygons_as_points"]
    points = read.frame.to_crs(4545).geometry
    away = points[0].distance(shapely.Point(XY[0]))
    assert 200 < away < 300
    assert not np.isnan(points[1].x)
