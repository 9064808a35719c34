"""What leaves is complete, valid for others, and equal to what came in."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import tracemalloc
from datetime import UTC, datetime
from shutil import which

import geopandas as gpd
import pytest
import shapely
from shapely import Polygon, box
from shapely.geometry import shape as to_shape
from sqlalchemy import text

from data import workspace
from data.exporters import SHAPES, stream

THEN = datetime(2020, 1, 1, tzinfo=UTC)
CHANGE = datetime(2024, 5, 1, tzinfo=UTC)
# Clockwise outside: as stored by somebody who does not care for RFC 7946.
LINES = Polygon(
    [(108.4, 31.7), (108.4, 31.800000001), (108.5, 31.8), (108.5, 31.7)],
    [[(108.41, 31.71), (108.42, 31.71), (108.42, 31.72)]],
)


def add_grid(connection, code, polygon, *, name="第一网格", valid_from=THEN, valid_to=None):
    connection.execute(
        text(
            "INSERT INTO grid (code, name, village_code, valid_from, valid_to, geom) VALUES "
            "(:code, :name, left(:code, 12), :a, :b, ST_GeomFromText(:wkt, 4490))"
        ),
        {"code": code, "name": name, "a": valid_from, "b": valid_to, "wkt": polygon.wkt},
    )


def add_household(connection, code, address, lon=108.45, lat=31.75):
    connection.execute(
        text(
            "INSERT INTO household (code, address, village_code, residents, geom) VALUES "
            "(:code, :address, '500229102203', 3, ST_SetSRID(ST_MakePoint(:lon, :lat), 4490))"
        ),
        {"code": code, "address": address, "lon": lon, "lat": lat},
    )


def read(connection, layer, file_format, **options) -> bytes:
    return b"".join(stream(connection, layer, file_format, **options))


@pytest.mark.parametrize("layer", SHAPES)
def test_an_empty_layer_is_an_empty_collection(connection, layer):
    collection = json.loads(read(connection, layer, "geojson"))
    assert collection == {"type": "FeatureCollection", "name": layer, "features": []}
    assert read(connection, layer, "geojsonl") == b""
    assert read(connection, layer, "csv").count(b"\r\n") == 1


def test_geojson_is_rfc_7946_and_exact_to_the_lattice(connection):
    add_grid(connection, "500229102203007", LINES)
    collection = json.loads(read(connection, "grids", "geojson"))
    (feature,) = collection["features"]
    assert "crs" not in collection
    assert "crs" not in feature["geometry"]
    outer, inner = feature["geometry"]["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(inner).is_ccw
    assert to_shape(feature["geometry"]).normalize() == LINES.normalize()
    assert feature["properties"]["code"] == "500229102203007"
    assert feature["properties"]["name"] == "第一网格"
    assert list(feature["properties"])[:3] == ["code", "name", "village_code"]


@pytest.mark.skipif(which("ogrinfo") is None, reason="GDAL's tools are not installed")
def test_gdal_reads_what_we_write(connection, tmp_path):
    for number in range(3):
        add_grid(connection, f"50022910220300{number}", box(108 + number, 31, 109 + number, 32))
    file = tmp_path / "grids.geojson"
    file.write_bytes(read(connection, "grids", "geojson"))
    told = subprocess.run(
        ["ogrinfo", "-so", "-al", str(file)], capture_output=True, text=True, check=True
    ).stdout
    assert "Feature Count: 3" in told
    assert gpd.read_file(file).geometry.is_valid.all()


def test_synthetic_data_says_so(connection):
    workspace.store_value(connection, "synthetic", True)
    collection = json.loads(read(connection, "centers", "geojson"))
    assert collection["synthetic"] is True
    assert "SYNTHETIC" in collection["notice"]
    assert "示例" in collection["notice"]


def test_lines_of_a_day_and_of_a_scope(connection):
    add_grid(connection, "500229102203001", LINES, name="旧", valid_to=CHANGE)
    add_grid(connection, "500229102203001", LINES, name="新", valid_from=CHANGE)
    add_grid(connection, "500229103201001", LINES, name="邻")

    def names(**options):
        rows = read(connection, "grids", "geojsonl", **options).splitlines()
        return [json.loads(row)["properties"]["name"] for row in rows]

    assert names() == ["新", "邻"]
    assert names(at=datetime(2023, 1, 1, tzinfo=UTC)) == ["旧", "邻"]
    assert names(at=CHANGE) == ["新", "邻"]
    assert names(at=datetime(2019, 1, 1, tzinfo=UTC)) == []
    assert names(scope="500229103") == ["邻"]
    assert names(scope="5002_9") == []


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(connection):
    add_household(connection, "h1", '=HYPERLINK("x")')
    add_household(connection, "h2", '修齐镇,河鱼村 "三组"\n12号')
    data = read(connection, "households", "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0]["address"] == '\'=HYPERLINK("x")'
    assert rows[1]["address"] == '修齐镇,河鱼村 "三组"\n12号'
    assert (rows[0]["lon"], rows[0]["lat"]) == ("108.450000000", "31.750000000")
    assert rows[0]["registered"] == ""


def test_polygons_in_csv_are_wkt(connection):
    add_grid(connection, "500229102203007", LINES)
    (row,) = csv.DictReader(io.StringIO(read(connection, "grids", "csv").decode("utf-8-sig")))
    assert shapely.from_wkt(row["wkt"]).normalize() == LINES.normalize()


def test_a_long_layer_is_streamed_not_held(connection):
    connection.execute(
        text(
            "INSERT INTO household (code, address, residents, geom) "
            "SELECT 'h' || n, repeat('址', 100), 2, ST_SetSRID(ST_MakePoint(108, 31), 4490) "
            "FROM generate_series(1, 60000) AS n"
        )
    )
    tracemalloc.start()
    size = sum(len(piece) for piece in stream(connection, "households", "geojson"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 30_000_000
    assert peak < 12_000_000


def test_a_reader_who_leaves_early_releases_the_cursor(connection):
    for number in range(3):
        add_household(connection, f"h{number}", "")
    pieces = stream(connection, "households", "geojsonl")
    next(pieces)
    pieces.close()
    assert connection.execute(text("SELECT count(*) FROM pg_cursors")).scalar() == 0


@pytest.mark.parametrize(("layer", "file_format"), [("people", "csv"), ("grids", "dwg")])
def test_unknown_layers_and_formats_are_refused_at_once(connection, layer, file_format):
    with pytest.raises(KeyError):
        stream(connection, layer, file_format)
