"""Files with shapes: every format, encodings, and files that are something else."""

import json
import shutil
import zipfile

import geopandas
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geoseries_equal

from data.importers.read import read_file

SQUARES = [shapely.box(i, 31, i + 0.5, 31.5) for i in (108, 109)]


@pytest.fixture
def squares():
    columns = {"code": ["500229001001", "500229001002"], "name": ["土城", "凤凰"], "pop": [3, 4]}
    return geopandas.GeoDataFrame(columns, geometry=SQUARES, crs="EPSG:4490")


def write(frame, folder, kind):
    path = folder / f"layer.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "shp.zip":
        pyogrio.write_dataframe(frame, folder / "layer.shp", encoding="utf-8")
        with zipfile.ZipFile(path, "w") as archive:
            for part in folder.glob("layer.???"):
                archive.write(part, f"村/{part.name}")
    elif kind == "csv":
        table = frame.assign(wkt=frame.geometry.to_wkt()).drop(columns="geometry")
        table.to_csv(path, index=False)
    else:
        drivers = {"geojsonl": "GeoJSONSeq", "fgb": "FlatGeobuf", "gpkg": "GPKG"}
        pyogrio.write_dataframe(frame, path, driver=drivers.get(kind))
    return path


@pytest.mark.parametrize(
    "kind", ["geojson", "geojsonl", "gpkg", "shp", "shp.zip", "fgb", "parquet", "csv"]
)
def test_every_format_gives_the_same_rows(squares, tmp_path, kind):
    path = write(squares, tmp_path, kind)
    crs = "EPSG:4490" if kind == "csv" else None
    result = read_file(path, "natural_villages", crs=crs)
    assert not result.problems
    found = result.frame.sort_values("code").reset_index(drop=True)
    assert found["name"].tolist() == ["土城", "凤凰"]
    assert found["residents"].tolist() == [3, 4]
    expected = geopandas.GeoSeries(SQUARES, crs="EPSG:4490")
    assert_geoseries_equal(found.geometry.normalize(), expected.normalize(), check_crs=False)
    assert found.crs.to_epsg() == 4490


def test_the_content_decides_not_the_name(squares, tmp_path):
    path = write(squares, tmp_path, "gpkg")
    renamed = tmp_path / "layer.geojson"
    shutil.move(path, renamed)
    assert len(read_file(renamed, "natural_villages").frame) == 2


def test_one_of_several_layers_must_be_named(squares, tmp_path):
    path = tmp_path / "two.gpkg"
    for name in ("north", "south"):
        pyogrio.write_dataframe(squares, path, layer=name)
    problem = read_file(path, "natural_villages").problems[0]
    assert (problem.key, problem.details["layers"]) == ("several_layers", "north, south")
    assert len(read_file(path, "natural_villages", source_layer="south").frame) == 2
    refused = read_file(path, "natural_villages", source_layer="west").problems[0]
    assert refused.key == "layer_not_in_file"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("label", [None, "right", "wrong"])
def test_shapefile_text_is_read_in_its_encoding(squares, tmp_path, encoding, label):
    path = write(squares, tmp_path, "shp")
    pyogrio.write_dataframe(squares, path, encoding=encoding)
    cpg = path.with_suffix(".cpg")
    cpg.unlink()
    if label:
        other = {"utf-8": "gbk", "gbk": "utf-8"}
        cpg.write_text(encoding if label == "right" else other[encoding])
    result = read_file(path, "natural_villages")
    assert result.frame["name"].tolist() == ["土城", "凤凰"]
    told = [p.key for p in result.problems]
    assert told == (["encoding_contradicts_label"] if label == "wrong" else [])


def test_a_broken_line_is_named_and_the_others_are_read(squares, tmp_path):
    path = write(squares, tmp_path, "geojsonl")
    first, second = path.read_text().splitlines()
    path.write_text(f'{first}\n{{"type": "Feature", "geo\n{second}\n')
    result = read_file(path, "natural_villages")
    assert result.frame["row"].tolist() == [1, 3]
    assert [(p.key, p.row) for p in result.problems] == [("broken_line", 2)]


@pytest.mark.parametrize(
    ("content", "key", "detail"),
    [
        (b"<!DOCTYPE html><html></html>", "not_a_layer_file", "a web page (HTML)"),
        (b"<kml></kml>", "not_a_layer_file", "an XML file"),
        (b'{"type": "Topology", "objects": {}}', "not_geojson", "TopoJSON"),
        (b'{"status": "ok"}', "not_geojson", "JSON object"),
        (b"[1, 2]", "not_geojson", "JSON array"),
        (b'{"type":"FeatureCollection","features":[{"type":"Fea', "truncated_json", 52),
        (b'{"type":"FeatureCollection","features":[}]}', "broken_json", 40),
        (b'{"type":"FeatureCollection","features":[]}', "no_rows", None),
        (b"%PDF-1.7", "not_a_layer_file", "a PDF document"),
        (b"PK\x03\x04broken", "not_a_layer_file", "a damaged zip archive"),
        (b"code,name", "not_a_layer_file", "plain text or a damaged file"),
        (b"SQLite format 3\x00 and no more", "file_unreadable", None),
        (b"PAR1 and no more", "file_unreadable", None),
        (b"", "file_empty", None),
        (b" \n ", "file_empty", None),
    ],
)
def test_a_file_that_is_something_else_says_what(tmp_path, content, key, detail):
    path = tmp_path / "layer.geojson"
    path.write_bytes(content)
    result = read_file(path, "grids")
    assert [p.key for p in result.problems] == [key]
    assert result.problems.fatal
    assert result.frame.empty
    assert list(result.frame.columns)[:2] == ["code", "name"]
    if detail is not None:
        assert detail in result.problems[0].details.values()
    for language in ("zh", "en"):
        assert "—" not in result.problems[0].sentence(language)


def test_a_spreadsheet_is_told_to_be_saved_as_csv(tmp_path):
    path = tmp_path / "register.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    problem = read_file(path, "households").problems[0]
    assert "CSV" in problem.sentence("zh")
    assert "CSV" in problem.sentence("en")


def test_a_file_over_the_limit_is_not_even_opened(tmp_path):
    path = tmp_path / "huge.geojson"
    with path.open("wb") as file:
        file.truncate(1_000_000_001)  # sparse: takes no room
    problem = read_file(path, "grids", max_bytes=1_000_000_000).problems[0]
    assert problem.key == "file_too_large"


def test_a_zip_that_unpacks_over_the_limit_is_refused(squares, tmp_path):
    path = write(squares, tmp_path, "shp.zip")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("村/bomb.shp", bytes(5_000_000))
    problem = read_file(path, "natural_villages", source_layer="bomb", max_bytes=1_000_000)
    assert problem.problems[0].key == "file_too_large"


def test_a_file_that_is_not_there(tmp_path):
    assert read_file(tmp_path / "none.csv", "grids").problems[0].key == "file_missing"


def test_a_layer_that_is_none(tmp_path):
    assert read_file(tmp_path / "none.csv", "castles").problems[0].key == "layer_unknown"


def test_a_truncated_file_names_the_byte_of_text_in_chinese(tmp_path):
    path = tmp_path / "layer.geojson"
    document = {"type": "FeatureCollection", "features": [{"type": "Feature", "name": "城口县"}]}
    path.write_bytes(json.dumps(document, ensure_ascii=False).encode()[:-4])
    problem = read_file(path, "grids").problems[0]
    assert problem.key == "truncated_json"
    assert problem.details["byte"] <= path.stat().st_size
