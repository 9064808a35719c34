"""Files made to do harm, or broken in ways no program writes: each gets its key, none an error."""

import json
import socket
import sqlite3
import threading
import zipfile

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from data.errors import ImportFileError
from data.importers import guard, ogr, vectors
from data.importers.guard import Limits
from data.importers.read import read_file

POINT = {"type": "Point", "coordinates": [108.5, 31.5]}


@pytest.fixture
def listener():
    """Return the address of a server on this machine and what was asked of it."""
    asked = []
    server = socket.create_server(("127.0.0.1", 0))

    def answer():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                asked.append(connection.recv(100))

    thread = threading.Thread(target=answer)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/x.geojson", asked
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def feature(geometry=None, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry or POINT}


def center(number, **properties):
    return feature(code=f"c{number}", name=f"中心{number}", level="village", **properties)


def write_document(folder, *features, **members):
    path = folder / "layer.geojson"
    document = {"type": "FeatureCollection", **members, "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def told(result):
    return [(p.key, p.row) for p in result.problems]


def zipped(folder, **parts):
    path = folder / "layer.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(f"layer.{name}", content)
    return path


def shapefile_parts(folder):
    frame = geopandas.GeoDataFrame(
        {"code": ["c1"]}, geometry=[shapely.Point(108, 31)], crs="EPSG:4490"
    )
    pyogrio.write_dataframe(frame, folder / "layer.shp", encoding="utf-8")
    return {part.suffix[1:]: part.read_bytes() for part in folder.glob("layer.???")}


# nothing is fetched and nothing else is opened


def test_a_shapefile_that_is_a_virtual_layer_is_not_opened(tmp_path, listener):
    address, asked = listener
    virtual = (
        '<OGRVRTDataSource><OGRVRTLayer name="layer"><SrcDataSource>/vsicurl/'
        f"{address}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    path = zipped(tmp_path, **{**shapefile_parts(tmp_path), "shp": virtual.encode()})
    assert told(read_file(path, "centers")) == [("not_a_layer_file", None)]
    assert not asked


@pytest.mark.parametrize("proxy", ["", "*"])
@pytest.mark.parametrize("kind", ["link", "LINK", "url"])
@pytest.mark.parametrize("place", ["document", "geometry", "part", "line"])
def test_a_coordinate_system_is_never_fetched(tmp_path, monkeypatch, listener, kind, place, proxy):
    monkeypatch.setenv("NO_PROXY", proxy)
    address, asked = listener
    crs = {"type": kind, "properties": {"href": address, "url": address, "type": "ogcwkt"}}
    inside = {**POINT, "crs": crs}
    if place == "document":
        path = write_document(tmp_path, center(1), crs=crs)
    elif place == "geometry":
        path = write_document(tmp_path, feature(inside))
    elif place == "part":
        parts = {"type": "GeometryCollection", "geometries": [inside]}
        path = write_document(tmp_path, feature(parts))
    else:
        path = tmp_path / "layer.geojsonl"
        path.write_text(json.dumps(feature(inside)))
    assert told(read_file(path, "centers")) == [("unknown_crs", None)]
    assert not asked


def test_gdal_has_no_network(listener):
    address, asked = listener
    with ogr.quiet(), pytest.raises(pyogrio.errors.DataSourceError):
        pyogrio.read_info(f"/vsicurl/{address}")
    assert not asked


def test_a_database_that_is_no_geopackage_is_not_opened(tmp_path):
    path = tmp_path / "layer.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE t (code TEXT)")
    database.close()
    assert told(read_file(path, "centers")) == [("not_a_layer_file", None)]


# GeoJSON: what GDAL corrects or drops in silence


def test_an_impossible_date_is_not_corrected(tmp_path):
    rows = [center(1, valid_from="2024-02-30"), center(2, valid_from="2024-01-02")]
    source = vectors.read_geojson(write_document(tmp_path, *rows))
    assert source.columns["valid_from"].to_pylist() == ["2024-02-30", "2024-01-02"]


@pytest.mark.parametrize(("name", "column"), [("层.gpkg", '日 "期'), ("layer.shp", "日期")])
def test_an_impossible_date_of_a_date_column_is_not_corrected(tmp_path, name, column):
    path = tmp_path / name
    days = np.array(["2024-01-02", "2024-01-03", "NaT"], dtype="datetime64[D]")
    places = np.array([shapely.to_wkb(shapely.Point(108, 31))] * 3, dtype=object)
    shape = {"geometry_type": "Point", "crs": "EPSG:4490", "encoding": "utf-8"}
    pyogrio.raw.write(path, places, [days], [column], **shape)
    for part in tmp_path.iterdir():
        content = part.read_bytes().replace(b"2024-01-03", b"2024-02-30")
        part.write_bytes(content.replace(b"20240103", b"20240230"))
    if name.endswith("shp"):
        source = vectors.read_shapefile(path, name=name, encoding=None)
    else:
        source = vectors.read_ogr_file(path, None)
    assert source.columns[column].to_pylist() == ["2024-01-02", "2024-02-30", None]


@pytest.mark.parametrize(
    "crs",
    [
        None,
        "nonsense",
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}},
        {"type": "name", "properties": {"name": "nonsense"}},
        {"type": "name"},
        {"type": "EPSG", "properties": {"code": "x"}},
    ],
)
def test_a_broken_crs_member_is_no_crs(tmp_path, crs):
    path = write_document(tmp_path, center(1), crs=crs)
    assert told(read_file(path, "centers")) == [("crs_missing", None)]
    assert told(read_file(path, "centers", crs="EPSG:4490")) == []


@pytest.mark.parametrize(
    ("name", "epsg"),
    [("urn:ogc:def:crs:EPSG::4547", 4547), ("EPSG:4490", 4490), ("urn:ogc:def:crs:OGC::CRS84", 0)],
)
def test_a_sound_crs_member_is_kept(tmp_path, name, epsg):
    crs = {"type": "name", "properties": {"name": name}}
    found = vectors.read_geojson(write_document(tmp_path, center(1), crs=crs)).crs
    assert found.to_epsg() == epsg if epsg else found.is_geographic


def test_what_is_no_feature_is_told_by_its_place(tmp_path):
    items = [center(1), 5, None, "x", [1], {"type": "Point"}, center(2)]
    result = read_file(write_document(tmp_path, *items), "centers")
    assert told(result) == [("broken_feature", row) for row in (2, 3, 4, 5, 6)]
    assert result.frame["row"].tolist() == [1, 7]
    assert result.row_count == 7


def test_gbk_geojson_is_read_and_flagged(tmp_path):
    path = write_document(tmp_path, center(1))
    path.write_bytes(path.read_text("utf-8").encode("gb18030"))
    result = read_file(path, "centers")
    assert told(result) == [("encoding_contradicts_label", None)]
    assert result.frame["name"].tolist() == ["中心1"]


def test_geojson_in_no_encoding_is_refused(tmp_path):
    path = write_document(tmp_path, center(1))
    path.write_bytes(path.read_bytes().replace(b"c1", b"\xff\xfe"))
    assert told(read_file(path, "centers")) == [("encoding_unknown", None)]


@pytest.mark.parametrize(
    "content",
    [
        b'{"a":' * 20_000,
        b'{"type":"FeatureCollection","features":' + b"[" * 20_000,
        b'{"type":{}}\n{"type":"FeatureCollection"}',
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":{"b":'
        + b"[" * 20_000,
    ],
)
@pytest.mark.parametrize("name", ["layer.geojson", "layer.geojsonl"])
def test_json_that_breaks_a_parser_is_refused(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    [problem] = read_file(path, "centers").problems
    assert problem.key in ("broken_json", "truncated_json", "not_geojson")


def test_a_number_of_6000_digits_is_refused_and_not_quoted(tmp_path):
    path = write_document(tmp_path, center(1, residents=1), center(2))
    path.write_bytes(path.read_bytes().replace(b'"residents": 1', b'"residents": ' + b"9" * 6000))
    [problem] = read_file(path, "centers").problems
    assert problem.key == "file_unreadable"
    assert "9999999" not in problem.details["reason"]


# shapes, archives and metadata


@pytest.mark.parametrize("driver", ["GPKG", "FlatGeobuf"])
def test_a_curve_costs_its_own_row_only(tmp_path, driver):
    arc = (
        bytes.fromhex("010800000003000000")
        + np.array([108, 31, 108.1, 31.1, 108.2, 31.0]).tobytes()
    )
    path = tmp_path / "layer.gpkg"
    codes = np.array(["c1", "c2"], dtype=object)
    shapes = np.array([arc, shapely.to_wkb(shapely.Point(108, 31))], dtype=object)
    pyogrio.raw.write(
        path, shapes, [codes], ["code"], geometry_type="Unknown", crs="EPSG:4490", driver=driver
    )
    source = vectors.read_ogr_file(path, None)
    rows = dict(zip(source.columns["code"].to_pylist(), source.unreadable.tolist(), strict=True))
    assert rows == {"c1": True, "c2": False}


def damage(content):
    """Return archives of ``content`` that are encrypted, of a wrong sum, and not to be unpacked."""
    flagged = bytearray(content)
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := flagged.find(magic, start)) >= 0:
            flagged[start + at] |= 1
            start += 4
    summed = bytearray(content)
    start = summed.find(b"PK\x01\x02")
    while start >= 0:
        summed[start + 16 : start + 20] = b"\x01\x02\x03\x04"
        start = summed.find(b"PK\x01\x02", start + 4)
    deflated = bytearray(content)
    deflated[40:60] = b"\xff" * 20
    return {"encrypted": flagged, "sum": summed, "deflate": deflated}


@pytest.mark.parametrize("kind", ["encrypted", "sum", "deflate"])
def test_a_damaged_archive_is_unreadable(tmp_path, kind):
    path = zipped(tmp_path, **shapefile_parts(tmp_path))
    path.write_bytes(damage(path.read_bytes())[kind])
    assert told(read_file(path, "centers")) == [("file_unreadable", None)]


def test_an_empty_archive_is_no_layer(tmp_path):
    assert told(read_file(zipped(tmp_path), "centers")) == [("not_a_layer_file", None)]


def test_a_missing_part_is_told_without_our_paths(tmp_path):
    parts = shapefile_parts(tmp_path)
    path = zipped(tmp_path, shp=parts["shp"], dbf=parts["dbf"])
    [problem] = read_file(path, "centers").problems
    assert problem.key == "file_unreadable"
    assert "wangge-" not in problem.details["reason"]
    assert "/" not in problem.details["reason"]


@pytest.mark.parametrize(
    "geo",
    [
        b"[]",
        b"5",
        b"not json",
        b'{"primary_column": 5, "columns": {}}',
        b'{"primary_column": "geometry", "columns": []}',
        b'{"primary_column": "geometry", "columns": {"geometry": []}}',
        b'{"primary_column": "geometry", "columns": {"geometry": {"crs": 5}}}',
        b'{"primary_column": "number", "columns": {"number": {"encoding": "WKB"}}}',
    ],
)
def test_geoparquet_metadata_of_a_wrong_shape(tmp_path, geo):
    path = tmp_path / "layer.parquet"
    table = pa.table({"geometry": [shapely.to_wkb(shapely.Point(108, 31))], "number": [7]})
    pq.write_table(table.replace_schema_metadata({b"geo": geo}), path)
    assert told(read_file(path, "centers")) == [("file_unreadable", None)]


@pytest.mark.parametrize("content", [b"fgb\x03fgb\x00", b"fgb\x03fgb\x00" + b"\xff" * 500])
def test_a_broken_flatgeobuf_names_no_layers(tmp_path, content):
    path = tmp_path / "layer.fgb"
    path.write_bytes(content)
    [problem] = read_file(path, "centers").problems
    assert problem.key in ("file_unreadable", "not_a_layer_file")


# limits


def parquet(folder, rows, text):
    """Write a small file that means much: the same values over and over."""
    path = folder / "layer.parquet"
    shape = shapely.to_wkb(shapely.Point(108, 31))
    columns = {"code": pa.array([text] * rows), "geometry": pa.array([shape] * rows)}
    meta = {b"geo": b'{"primary_column":"geometry","columns":{"geometry":{"encoding":"WKB"}}}'}
    pq.write_table(pa.table(columns).replace_schema_metadata(meta), path)
    return path


def test_too_many_rows_are_refused(tmp_path):
    limits = Limits(rows=2)
    rows = [center(i) for i in range(3)]
    document = write_document(tmp_path, *rows)
    lines = tmp_path / "layer.geojsonl"
    lines.write_text("\n".join(json.dumps(row) for row in rows))
    frame = geopandas.read_file(document)
    package = tmp_path / "layer.gpkg"
    frame.to_file(package)
    readers = [
        lambda: vectors.read_geojson(document, limits=limits),
        lambda: vectors.read_geojsonseq(lines, limits=limits),
        lambda: vectors.read_ogr_file(package, None, limits=limits),
        lambda: vectors.read_parquet(parquet(tmp_path, 3, "a"), limits=limits),
    ]
    for read in readers:
        with pytest.raises(ImportFileError) as refused:
            read()
        assert refused.value.problems[0].key == "too_many_rows"


def test_a_small_parquet_file_of_many_equal_rows_is_refused(tmp_path):
    path = parquet(tmp_path, guard.LIMITS.rows + 1, "a")
    assert path.stat().st_size < 1_000_000
    assert told(read_file(path, "centers")) == [("too_many_rows", None)]


def test_a_small_parquet_file_of_long_texts_is_refused_before_it_is_unfolded(tmp_path):
    path = parquet(tmp_path, 1000, "长" * 100_000)
    with pytest.raises(ImportFileError) as refused:
        vectors.read_parquet(path, limits=Limits(size_bytes=100_000_000))
    assert refused.value.problems[0].key == "file_too_large"


def test_too_many_columns_are_refused(tmp_path):
    path = write_document(tmp_path, feature(**{f"c{i}": i for i in range(3)}))
    with pytest.raises(ImportFileError) as refused:
        vectors.read_geojson(path, limits=Limits(columns=2))
    assert refused.value.problems[0].key == "too_many_columns"


def test_a_document_is_looked_through_by_windows(tmp_path, monkeypatch):
    monkeypatch.setattr("data.importers.jsontext._WINDOW_BYTES", 7)
    path = write_document(tmp_path, *(center(i, note='"\\{[城') for i in range(20)), name="x")
    result = read_file(path, "centers")
    assert told(result) == []
    assert len(result.frame) == 20
    content = path.read_bytes()
    for cut in range(60, len(content), 131):
        path.write_bytes(content[:cut])
        [problem] = read_file(path, "centers").problems
        assert problem.key in ("truncated_json", "encoding_unknown")
