"""Tables as CSV and XLSX, frames as GeoPackage: what is read back, byte for byte."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from data import spreadsheet
from data.geopackage import write_geopackage
from data.spreadsheet import Sheet, write_csv, write_workbook


def read(content, path, layer=None):
    path.write_bytes(content)
    options = {"HEADERS": "FORCE"} if path.suffix == ".xlsx" else {}
    return gpd.read_file(path, layer=layer, **options)


def test_csv_is_guarded_and_marked():
    frame = pd.DataFrame(
        {
            "id": ["=1+1", "@x", "007"],
            "served": [True, False, True],
            "count": pd.array([1, None, 3], dtype="Int64"),
            "cost": [0.5, np.nan, 1e-9],
            "name": ["张,三", None, '"'],
        }
    )
    assert write_csv(frame).decode("utf-8-sig").split("\r\n") == [
        "id,served,count,cost,name",
        '\'=1+1,true,1,0.5,"张,三"',
        "'@x,false,,,",
        '007,true,3,1e-09,""""',
        "",
    ]
    assert write_csv(frame).startswith(b"\xef\xbb\xbf")


def test_a_workbook_keeps_codes_and_numbers(tmp_path):
    rows = [("007", 1, 0.5, 0.25, True), ("=1+1", None, np.nan, float("inf"), False)]
    kinds = ("text", "whole", "number", "share", "flag")
    book = write_workbook([Sheet("表", ("编码", "n", "m", "%", "是"), kinds, rows)])
    assert book == write_workbook([Sheet("表", ("编码", "n", "m", "%", "是"), kinds, rows)])
    back = read(book, tmp_path / "book.xlsx")
    assert back["编码"].tolist() == ["007", "=1+1"]
    assert back["n"].tolist()[0] == 1
    assert np.isnan(back["n"][1])
    assert back["m"].tolist()[0] == 0.5
    assert back["%"].tolist() == ["0.25", "∞"]


def test_what_does_not_fit_into_a_sheet_goes_into_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 4)
    for count, sheets in ((1, 1), (3, 1), (4, 2), (7, 3)):
        book = write_workbook([Sheet("n", ("n",), ("whole",), [(i,) for i in range(count)])])
        (tmp_path / "book.xlsx").write_bytes(book)
        names = [name for name, _ in pyogrio.list_layers(tmp_path / "book.xlsx")]
        assert len(names) == sheets
        found = [read(book, tmp_path / "book.xlsx", name)["n"] for name in names]
        assert [n for column in found for n in column] == list(range(count))


@pytest.mark.parametrize("long", ["名" * 40, "x" * 40])
def test_a_long_title_is_cut(long, tmp_path):
    book = write_workbook([Sheet(long, ("n",), ("whole",), [(1,)])])
    (tmp_path / "book.xlsx").write_bytes(book)
    ((name, _),) = pyogrio.list_layers(tmp_path / "book.xlsx")
    assert long.startswith(name)


def test_a_geopackage_knows_no_clock(tmp_path):
    points = gpd.GeoDataFrame(
        {"id": ["1", "2"], "n": [1, 2]}, geometry=[shapely.Point(108, 31), None], crs=4490
    )
    boxes = [shapely.box(0, 0, 1, 1), shapely.multipolygons([shapely.box(2, 2, 3, 3)])]
    areas = gpd.GeoDataFrame({"rank": [1, 2]}, geometry=boxes, crs=4490)
    layers = {"households": points, "areas": areas, "none": areas.iloc[:0]}
    content = write_geopackage(layers)
    assert content == write_geopackage(layers)
    back = read(content, tmp_path / "out.gpkg", "households")
    assert back["id"].tolist() == ["1", "2"]
    assert back.geometry[0].equals(points.geometry[0])
    assert back.geometry[1] is None
    assert back.crs.to_epsg() == 4490
    assert len(read(content, tmp_path / "out.gpkg", "areas")) == 2
    assert len(read(content, tmp_path / "out.gpkg", "none")) == 0
    assert b"2000-01-01T00:00:00.000Z" in content
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_no_row_of_a_stream_is_lost(tmp_path):
    """The first rows are looked at for their widths, and written all the same."""
    path = tmp_path / "t.xlsx"
    rows = ((number,) for number in range(450))
    path.write_bytes(write_workbook([Sheet("t", ("n",), ("whole",), rows)]))
    assert pd.read_excel(path, engine="calamine")["n"].tolist() == list(range(450))
