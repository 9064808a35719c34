"""Heights: whatever GeoTIFF comes in, square cells in the metric zone come out, or a reason."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from data import stores, terrain
from data.geotiff import read_geotiff, write_geotiff
from data.importers import terrain as reader
from data.importers.check import Context
from data.importers.terrain import check_terrain, read_terrain
from data.versions import StoreCounts
from geo.crs import zone_transformer
from geo.reach.heights import Heights
from tests.data.frames import LATER, NOW, make_households

ZONE = 4545
# about 10 × 11 km around 108 E, 31 N
COUNTY = geopandas.GeoDataFrame(
    {"code": ["500229"]}, geometry=[shapely.box(108.0, 31.0, 108.1, 31.1)], crs="EPSG:4490"
)


def slope(x, y):
    """Rise to the north-east, in metres of the zone, so that any cell can be checked."""
    return 800 + (x - 500_000) * 0.02 + (y - 3_430_000) * 0.03


def write_tif(path: Path, values: np.ndarray, transform: Affine, crs: str | None, **more) -> Path:
    bands = values if values.ndim == 3 else values[None]
    units, scales = more.pop("units", None), more.pop("scales", None)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=len(bands),
        height=bands.shape[1],
        width=bands.shape[2],
        dtype=bands.dtype,
        crs=crs,
        transform=transform,
        **more,
    ) as file:
        file.write(bands)
        if units:
            file.units = (units,)
        if scales:
            file.scales = scales
    return path


def lonlat_tif(path: Path, step: float = 1 / 3600, box=(107.95, 30.95, 108.15, 31.15), **more):
    """The slope over lon/lat cells."""
    west, south, east, north = box
    columns, rows = round((east - west) / step), round((north - south) / step)
    lon, lat = np.meshgrid(
        west + (np.arange(columns) + 0.5) * step, north - (np.arange(rows) + 0.5) * step
    )
    x, y = zone_transformer(ZONE).transform(lon, lat)
    values = (slope(x, y) * more.pop("factor", 1)).astype(more.pop("dtype", np.float32))
    hole = more.pop("hole", None)
    if hole is not None:
        values[: rows // 2, : columns // 2] = hole
    transform = Affine(step, 0, west, 0, -step, north)
    return write_tif(path, values, transform, more.pop("crs", "EPSG:4326"), **more)


def metric_tif(path: Path, cell: float = 30.0, count: int = 100, crs: str | None = "EPSG:4545"):
    x = 500_000 + (np.arange(count) + 0.5) * cell
    y = 3_432_000 - (np.arange(count) + 0.5) * cell
    values = slope(*np.meshgrid(x, y)).astype(np.float32)
    return write_tif(path, values, Affine(cell, 0, 500_000, 0, -cell, 3_432_000), crs)


def heights_of(result) -> Heights:
    return read_geotiff(result.frame["content"].iloc[0])


def worst_error(heights: Heights) -> float:
    rows, columns = np.nonzero(np.isfinite(heights.values))
    places = heights.centre_of(rows * heights.columns + columns)
    return float(np.abs(heights.values[rows, columns] - slope(*places.T)).max())


def keys(result) -> dict[str, int]:
    return dict(result.problems.totals)


def test_degrees_become_square_cells_of_the_zone(tmp_path):
    result = read_terrain(lonlat_tif(tmp_path / "dem.tif"), counties=COUNTY)
    assert keys(result) == {}
    row = result.frame.iloc[0]
    heights = heights_of(result)
    assert (row["code"], row["zone"], heights.zone) == ("500229", ZONE, ZONE)
    assert heights.values.dtype == np.float32
    assert 25 < heights.cell_m < 32
    assert (heights.columns, heights.rows) == (row["columns"], row["rows"])
    assert worst_error(heights) < 0.1
    # the county and 2 km around it; the rest of the sheet is cut off
    x, y = zone_transformer(ZONE).transform([108.0, 108.1], [31.0, 31.1])
    west, south, east, north = heights.bounds
    for found, wanted in zip((west, south), (x[0] - 2000, y[0] - 2000), strict=True):
        assert wanted - 2 * heights.cell_m < found <= wanted + 50
    assert east == pytest.approx(x[1] + 2000, abs=100)
    assert north == pytest.approx(y[1] + 2000, abs=100)
    assert row["geometry"].contains(COUNTY.geometry[0])
    assert row["nodata_share"] == 0
    assert row["source"] == "dem.tif, EPSG:4326"


def test_cells_as_large_as_asked(tmp_path):
    path = lonlat_tif(tmp_path / "dem.tif")
    heights = heights_of(read_terrain(path, counties=COUNTY, cell_m=100))
    assert heights.cell_m == 100
    assert heights.x0 % 100 == heights.y0 % 100 == 0
    assert worst_error(heights) < 0.2


def test_cells_of_the_zone_come_in_as_they_are(tmp_path):
    path = metric_tif(tmp_path / "dem.tif")
    heights = heights_of(read_terrain(path))
    with rasterio.open(path) as file:
        expected = np.rint(file.read(1) * 16) / 16
    assert np.array_equal(heights.values, expected)
    assert (heights.x0, heights.y0, heights.cell_m) == (500_000, 3_432_000, 30)


def test_what_went_out_comes_back_equal(tmp_path, connection):
    first = read_terrain(
        lonlat_tif(tmp_path / "dem.tif", hole=-9999, nodata=-9999), counties=COUNTY
    )
    assert stores.store_frame(connection, "terrain", first.frame, now=NOW) == StoreCounts(added=1)
    out = tmp_path / "dem.tif"
    out.write_bytes(terrain.fetch_content(connection))
    again = read_terrain(out, counties=COUNTY)
    assert again.frame["content"][0] == first.frame["content"][0]
    one, other = heights_of(first), terrain.fetch_heights(connection)
    assert np.array_equal(one.values, other.values, equal_nan=True)
    assert (one.x0, one.y0, one.cell_m, one.zone) == (
        *(other.x0, other.y0, other.cell_m, other.zone),
    )


def test_the_store_keeps_one_raster_a_county(tmp_path, connection):
    coarse = read_terrain(lonlat_tif(tmp_path / "a.tif"), counties=COUNTY, cell_m=200).frame
    finer = read_terrain(lonlat_tif(tmp_path / "a.tif"), counties=COUNTY, cell_m=100).frame
    store = lambda frame, **how: stores.store_frame(  # noqa: E731
        connection, "terrain", frame, now=LATER, **how
    )
    assert terrain.fetch_heights(connection) is None
    assert store(coarse) == StoreCounts(added=1)
    assert store(coarse) == StoreCounts(unchanged=1)
    assert store(finer) == StoreCounts(changed=1)
    assert terrain.fetch_heights(connection).cell_m == 100
    assert store(coarse.assign(code="500230")) == StoreCounts(added=1)
    assert terrain.fetch_heights(connection, county="500230").cell_m == 200
    assert terrain.fetch_heights(connection, county="999999") is None
    assert store(finer, mode="replace") == StoreCounts(unchanged=1, closed=1)
    frame = terrain.fetch_frame(connection)
    assert frame["code"].tolist() == ["500229"]
    assert frame.geometry[0].equals(finer.geometry[0])


def test_missing_heights_stay_missing_and_spoil_no_neighbour(tmp_path):
    path = lonlat_tif(tmp_path / "dem.tif", hole=-9999, nodata=-9999)
    result = read_terrain(path, counties=COUNTY)
    assert keys(result) == {}
    assert 0.2 < result.frame["nodata_share"][0] < 0.3
    assert worst_error(heights_of(result)) < 15  # the edge of the hole leans on what is known
    assert result.frame["lowest_m"][0] > 600


def test_a_value_for_nothing_that_the_file_does_not_name(tmp_path):
    result = read_terrain(lonlat_tif(tmp_path / "dem.tif", hole=-32768), counties=COUNTY)
    assert keys(result) == {"nodata_found": 1}
    assert 0.2 < result.frame["nodata_share"][0] < 0.3
    assert result.frame["lowest_m"][0] > 600


def test_heights_nobody_has_stood_on(tmp_path):
    path = metric_tif(tmp_path / "dem.tif")
    with rasterio.open(path, "r+") as file:
        values = file.read(1)
        values[0, :3] = 12_000, 20_000, -700
        file.write(values, 1)
    result = read_terrain(path)
    assert keys(result) == {"heights_implausible": 1}
    assert result.problems[0].details["count"] == 3
    assert np.isnan(heights_of(result).values[0, :3]).all()


def test_whole_metres_take_less_room_and_come_back(tmp_path):
    path = lonlat_tif(tmp_path / "dem.tif", dtype=np.int16, hole=-32768, nodata=-32768)
    heights = heights_of(read_terrain(path, counties=COUNTY, cell_m=50))
    whole = Heights(np.rint(heights.values), heights.x0, heights.y0, 50, ZONE)
    content = write_geotiff(whole)
    with rasterio.MemoryFile(content) as memory, memory.open() as file:
        assert file.dtypes == ("int16",)
        assert file.block_shapes == [(256, 256)]
    assert np.array_equal(read_geotiff(content).values, whole.values, equal_nan=True)
    assert len(content) < len(write_geotiff(heights)) < heights.values.nbytes


def test_feet_and_scales(tmp_path):
    feet = read_terrain(
        lonlat_tif(tmp_path / "ft.tif", factor=1 / 0.3048, units="ft"), counties=COUNTY
    )
    assert keys(feet) == {"terrain_in_feet": 1}
    assert worst_error(heights_of(feet)) < 0.1
    tenths = lonlat_tif(tmp_path / "dm.tif", factor=10, dtype=np.int16, scales=(0.1,))
    result = read_terrain(tenths, counties=COUNTY)
    assert keys(result) == {}
    assert worst_error(heights_of(result)) < 0.2


def test_a_raster_upside_down(tmp_path):
    path = tmp_path / "up.tif"
    y = 3_429_000 + (np.arange(100) + 0.5) * 30
    values = slope(*np.meshgrid(500_000 + (np.arange(100) + 0.5) * 30, y)).astype(np.float32)
    write_tif(path, values, Affine(30, 0, 500_000, 0, 30, 3_429_000), "EPSG:4545")
    heights = heights_of(read_terrain(path))
    assert worst_error(heights) < 0.3  # half a cell at the edges, where nothing lies beyond
    assert np.isfinite(heights.values).sum() >= 99 * 99
    corner = heights.values[np.isfinite(heights.values)]
    assert corner.min() == pytest.approx(values.min(), abs=1)


def test_too_many_cells_names_a_coarser_one(tmp_path, monkeypatch):
    path = lonlat_tif(tmp_path / "dem.tif")
    monkeypatch.setattr(reader, "MOST_CELLS", 50_000)
    result = read_terrain(path, counties=COUNTY, cell_m=10)
    assert keys(result) == {"terrain_too_fine": 1}
    assert result.problems.fatal
    coarser = result.problems[0].details["coarser_m"]
    assert f"{coarser}" in result.problems[0].sentence("zh")
    fitting = read_terrain(path, counties=COUNTY, cell_m=coarser)
    assert keys(fitting) == {}
    assert read_terrain(path, counties=COUNTY, cell_m=coarser - 6).problems.fatal


def test_ten_metres_for_a_county_of_china_are_too_many(tmp_path):
    path = lonlat_tif(tmp_path / "dem.tif", step=0.01, box=(108.0, 31.3, 109.4, 32.4))
    result = read_terrain(path, cell_m=10)
    assert result.problems[0].key == "terrain_too_fine"
    assert result.problems[0].details["coarser_m"] == 25


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("text", "not_a_raster"),
        ("cut", "file_unreadable"),
        ("nocrs", "crs_missing"),
        ("wrongcrs", "crs_contradicts_coordinates"),
        ("nowhere", "raster_without_place"),
        ("rotated", "raster_rotated"),
        ("picture", "raster_is_picture"),
        ("empty", "terrain_empty"),
        ("elsewhere", "terrain_elsewhere"),
        ("missing", "file_missing"),
    ],
)
def test_files_without_usable_heights(tmp_path, name, key):
    path = tmp_path / f"{name}.tif"
    cells = np.full((40, 40), 500, np.float32)
    place = Affine(0.01, 0, 107.9, 0, -0.01, 31.2)
    if name == "text":
        path.write_text("height,1\n")
    elif name == "cut":
        lonlat_tif(path)
        path.write_bytes(path.read_bytes()[:20_000])
    elif name == "nocrs":
        write_tif(path, cells, place, None)
    elif name == "wrongcrs":
        write_tif(path, cells, Affine(30, 0, 500_000, 0, -30, 3_432_000), "EPSG:4326")
    elif name == "nowhere":
        with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
            write_tif(path, cells, Affine.identity(), "EPSG:4326")
    elif name == "rotated":
        write_tif(path, cells, place @ Affine.rotation(20), "EPSG:4326")
    elif name == "picture":
        write_tif(path, np.zeros((3, 40, 40), np.uint8), place, "EPSG:4326", photometric="RGB")
    elif name == "empty":
        write_tif(path, np.full((40, 40), np.nan, np.float32), place, "EPSG:4326", nodata=np.nan)
    elif name == "elsewhere":
        write_tif(path, cells, Affine(0.01, 0, 100, 0, -0.01, 31.2), "EPSG:4326")
    result = read_terrain(path, counties=COUNTY)
    assert [problem.key for problem in result.problems] == [key]
    assert result.problems.fatal
    assert result.frame.empty
    for language in ("zh", "en"):
        assert "—" not in result.problems[0].sentence(language)


def test_a_crs_told_by_hand(tmp_path):
    path = metric_tif(tmp_path / "dem.tif", crs=None)
    assert worst_error(heights_of(read_terrain(path, crs="EPSG:4545"))) < 0.1
    wrong = metric_tif(tmp_path / "wrong.tif", crs="EPSG:4546")
    result = read_terrain(wrong, crs="4545")
    assert keys(result) == {"crs_overridden": 1}
    assert worst_error(heights_of(result)) < 0.1
    # resampled, still where the user says it is
    result = read_terrain(wrong, crs="4545", cell_m=50)
    assert worst_error(heights_of(result)) < 1
    assert read_terrain(path, crs="gcj02").problems[0].key == "unknown_crs"


def test_bands(tmp_path):
    values = np.stack([np.full((40, 40), 500.0), np.zeros((40, 40))]).astype(np.float32)
    path = write_tif(
        tmp_path / "two.tif", values, Affine(0.01, 0, 107.9, 0, -0.01, 31.2), "EPSG:4326"
    )
    result = read_terrain(path, counties=COUNTY)
    assert keys(result) == {"raster_bands": 1}
    assert np.nanmax(np.abs(heights_of(result).values - 500)) == 0


def test_who_is_left_without_heights(tmp_path):
    path = lonlat_tif(tmp_path / "dem.tif", box=(107.95, 30.95, 108.05, 31.15))
    frame = read_terrain(path, counties=COUNTY).frame
    homes = make_households([(108.01, 31.05), (108.02, 31.05), (108.03, 31.05), (108.09, 31.05)])
    problems = check_terrain(frame, Context(NOW, county=COUNTY.geometry[0], households=homes))
    assert problems[0].key == "terrain_incomplete"
    assert problems[0].details["percent"] == pytest.approx(25)
    problems = check_terrain(frame, Context(NOW, county=COUNTY.geometry[0]))
    assert problems[0].details["percent"] == pytest.approx(50, abs=2)
    near = check_terrain(frame, Context(NOW, households=homes.iloc[:3]))
    assert not near
