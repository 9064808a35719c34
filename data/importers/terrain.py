"""A file of heights in: any georeferenced GeoTIFF, brought to square cells in the metric zone."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from rasterio.warp import transform_bounds

from data.errors import ImportFileError
from data.geotiff import STEPS_A_METRE, read_geotiff, write_geotiff
from data.importers.check import Context
from data.importers.crs import Told, find_contradiction, settle_crs
from data.importers.formats import TIFF_MAGIC, check_size
from data.importers.guard import guard
from data.importers.log import ProblemLog
from data.importers.opening import DEFAULT_MAX_BYTES
from data.importers.raster_grid import Box, Grid, lay_grid, outline, read_heights
from data.importers.read import ReadResult
from geo.crs import STORE_CRS, metric_zone, to_lattice, zone_transformer
from geo.problems import Problem
from geo.reach.heights import Heights

# Walking is computed cell by cell: more than these take minutes and gigabytes.
MOST_CELLS = 40_000_000
# A way may lead over the border and back.
MARGIN_M = 2000.0
# The shore of the Dead Sea and the summit of Mount Everest lie between.
LOWEST_M, HIGHEST_M = -500.0, 9000.0
_FEET = {"ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us survey foot": 1200 / 3937}
_SAMPLE = 512  # cells a side: enough to see which value stands for "nothing"
_ALONE = "terrain"  # code of a raster in a store without counties
_WORTH_TELLING = 0.001


def read_terrain(
    path: Path,
    *,
    crs: str | None = None,
    cell_m: float | None = None,
    counties: geopandas.GeoDataFrame | None = None,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> ReadResult:
    """Read a GeoTIFF of heights.

    Parameters
    ----------
    crs
        Coordinate system, if the file does not say it or says it wrongly.
    cell_m
        Side of the cells to make, metres; None for about those of the file.
    counties
        ``code`` and geometry, EPSG:4490. The one the raster covers most of is the raster's; what
        lies farther than :data:`MARGIN_M` from it is cut off. None, or none: all of the raster.

    Returns
    -------
    ReadResult
        One row: the columns of :data:`data.terrain.COLUMNS`, the file for the store as
        ``content``, the extent as geometry. No row, and ``problems.fatal``, for a file without
        usable heights.
    """
    problems = ProblemLog()
    frame, name = empty_terrain(), None
    try:
        check_size(path, max_bytes)
        _check_magic(path)
        with (
            guard(path),
            _quiet(),
            rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"),
            rasterio.open(path, driver="GTiff") as file,
        ):
            told = _settle(file, path.name, crs, problems)
            if told is not None:
                name = told.name
                frame = _read(file, path.name, told, cell_m, counties, problems)
    except ImportFileError as error:
        problems.add(error.problems[0])
    return ReadResult(frame, problems, crs=name, row_count=max(len(frame), 1))


def empty_terrain() -> geopandas.GeoDataFrame:
    """Return a terrain frame of no rows."""
    return geopandas.GeoDataFrame({"code": [], "row": []}, geometry=[], crs=STORE_CRS)


def check_terrain(frame: geopandas.GeoDataFrame, context: Context) -> ProblemLog:
    """Tell whom a raster leaves without heights: households, or land where there are none yet."""
    problems = ProblemLog()
    if frame.empty:
        return problems
    heights = read_geotiff(frame["content"].iloc[0])
    if context.households is not None and len(context.households):
        places, what = shapely.get_coordinates(context.households.geometry), ("住户", "households")
    elif context.county is not None:
        places, what = _inside(context.county), ("县域面积", "the county's land")
    else:
        return problems
    share = _uncovered(heights, places)
    if share >= _WORTH_TELLING:
        details = {"percent": 100 * share, "what_zh": what[0], "what_en": what[1]}
        problems.add(Problem("terrain_incomplete", details, row=1))
    return problems


def _check_magic(path: Path) -> None:
    with path.open("rb") as file:
        if not file.read(4).startswith(TIFF_MAGIC):
            raise ImportFileError(Problem("not_a_raster", {"file": path.name}))


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # it is reported as a problem
        # rasterio 1.4 multiplies affine 3's transforms by the old sign
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        yield


def _settle(
    file: rasterio.DatasetReader, name: str, crs: str | None, problems: ProblemLog
) -> Told | None:
    """Return the coordinate system of a raster that can be read, else None and why not."""
    transform = file.transform
    if transform.is_identity:
        problems.add(Problem("raster_without_place", {"file": name}))
        return None
    if transform.b or transform.d:
        problems.add(Problem("raster_rotated", {"file": name}))
        return None
    colours = {ColorInterp.red, ColorInterp.palette} & set(file.colorinterp)
    if colours or np.issubdtype(file.dtypes[0], np.complexfloating):
        problems.add(Problem("raster_is_picture", {"file": name}))
        return None
    if file.count > 1:
        problems.add(Problem("raster_bands", {"file": name, "count": file.count}))
    bounds = np.array([outline(file)], dtype=np.float64)
    in_file = pyproj.CRS.from_wkt(file.crs.to_wkt()) if file.crs else None
    told = settle_crs(crs, in_file, bounds, problems)
    if told is None:
        return None
    if told.datum is not None:  # shifted by hundreds of metres, unevenly: no survey is
        problems.add(Problem("unknown_crs", {"crs": told.name}))
        return None
    contradiction = find_contradiction(told, bounds)
    if contradiction is not None:
        problems.add(contradiction)
        return None
    return told


def _read(
    file: rasterio.DatasetReader,
    name: str,
    told: Told,
    cell_m: float | None,
    counties: geopandas.GeoDataFrame | None,
    problems: ProblemLog,
) -> geopandas.GeoDataFrame:
    crs = rasterio.CRS.from_wkt(told.crs.to_wkt())
    code, zone, land = _choose_county(file, crs, counties)
    grid = None if code is None else lay_grid(file, crs, zone, land, cell_m)
    if code is None or grid is None or not grid.count:
        problems.add(Problem("terrain_elsewhere", {"file": name}))
        return empty_terrain()
    if grid.count > MOST_CELLS:
        problems.add(Problem("terrain_too_fine", _coarser(grid)))
        return empty_terrain()
    values = _heights_of(file, crs, grid, problems)
    known = np.isfinite(values)
    if not known.any():
        problems.add(Problem("terrain_empty", {"file": name}))
        return empty_terrain()
    heights = Heights(values, grid.x0, grid.y0, grid.cell_m, zone)
    row = {
        "code": code,
        "source": f"{name}, {told.name}",
        "zone": zone,
        "cell_m": grid.cell_m,
        "columns": grid.columns,
        "rows": grid.rows,
        "lowest_m": float(values[known].min()),
        "highest_m": float(values[known].max()),
        "nodata_share": float(1 - known.mean()),
        "content": write_geotiff(heights),
        "row": 1,
    }
    extent = _extent(heights)
    return geopandas.GeoDataFrame([row], geometry=[extent], crs=STORE_CRS)


def _choose_county(
    file: rasterio.DatasetReader,
    crs: rasterio.CRS,
    counties: geopandas.GeoDataFrame | None,
) -> tuple[str | None, int, Box | None]:
    """Return the county a raster is of, its metric zone, and the land wanted in that zone."""
    box = shapely.box(
        *transform_bounds(crs, rasterio.CRS.from_user_input(STORE_CRS), *outline(file))
    )
    if counties is None or not len(counties):
        middle = box.centroid
        return _ALONE, metric_zone(middle.x, middle.y), None
    common = shapely.area(shapely.intersection(counties.geometry.to_numpy(), box))
    best = int(np.argmax(common))
    if not common[best] > 0:
        return None, 0, None
    county = counties.geometry.iloc[best]
    west, south, east, north = county.bounds
    zone = metric_zone((west + east) / 2, (south + north) / 2)
    xy = np.column_stack(zone_transformer(zone).transform(*shapely.get_coordinates(county).T))
    low, high = xy.min(axis=0) - MARGIN_M, xy.max(axis=0) + MARGIN_M
    return str(counties["code"].iloc[best]), zone, (*low.tolist(), *high.tolist())


def _coarser(grid: Grid) -> dict[str, Any]:
    """Return the details of ``terrain_too_fine``: a cell with which it would do."""
    needed = grid.cell_m * math.sqrt(grid.count / MOST_CELLS)
    step = 5 if needed > 10 else 1
    return {
        "cell_m": grid.cell_m,
        "cells": grid.count,
        "limit": MOST_CELLS,
        "coarser_m": math.ceil(needed * 1.001 / step) * step,
    }


def _heights_of(
    file: rasterio.DatasetReader,
    crs: rasterio.CRS,
    grid: Grid,
    problems: ProblemLog,
) -> NDArray[np.float32]:
    """Return metres on the cells of a grid, implausible heights taken out and told."""
    unit = (file.units[0] or "").strip().lower()
    metres = _FEET.get(unit, 1.0)
    if unit in _FEET:
        problems.add(Problem("terrain_in_feet"))
    scale, offset = file.scales[0] * metres, file.offsets[0] * metres
    nothing = None if file.nodata is not None else _find_nodata(file, scale, offset)
    if nothing is not None:
        problems.add(Problem("nodata_found", {"value": nothing}))
    values = read_heights(file, crs, grid, nothing)
    if (scale, offset) != (1.0, 0.0):
        values = (values.astype(np.float64) * scale + offset).astype(np.float32)
    wrong = (values < LOWEST_M) | (values > HIGHEST_M)
    if wrong.any():
        values[wrong] = np.nan
        details = {"count": int(wrong.sum()), "lowest": LOWEST_M, "highest": HIGHEST_M}
        problems.add(Problem("heights_implausible", details))
    return np.asarray(np.rint(values * STEPS_A_METRE) / STEPS_A_METRE, np.float32)


def _find_nodata(file: rasterio.DatasetReader, scale: float, offset: float) -> float | None:
    """Return the one value no height has, such as -9999, of a file that does not name it.

    It must be known before heights are interpolated, or it would be mixed into its neighbours.
    """
    shape = (min(file.height, _SAMPLE), min(file.width, _SAMPLE))
    sample = file.read(1, out_shape=shape).astype(np.float64)
    heights = sample * scale + offset
    strange = np.unique(sample[(heights < LOWEST_M) | (heights > HIGHEST_M)])
    return float(strange[0]) if len(strange) == 1 else None


def _extent(heights: Heights) -> shapely.Polygon:
    ring = shapely.get_coordinates(shapely.box(*heights.bounds))
    to_lonlat = zone_transformer(heights.zone).transform
    back = to_lonlat(ring[:, 0], ring[:, 1], direction="INVERSE")
    drawn = np.array([shapely.Polygon(np.column_stack(back))], dtype=object)
    return shapely.Polygon(to_lattice(drawn)[0])


def _inside(county: shapely.Geometry) -> NDArray[np.float64]:
    """Return places all over a county."""
    west, south, east, north = county.bounds
    x, y = np.meshgrid(np.linspace(west, east, 101)[1:-1], np.linspace(south, north, 101)[1:-1])
    shapely.prepare(county)
    inside = shapely.contains_xy(county, x.ravel(), y.ravel())
    return np.column_stack([x.ravel()[inside], y.ravel()[inside]])


def _uncovered(heights: Heights, places: NDArray[np.float64]) -> float:
    """Return the share of places (lon, lat) without a height."""
    xy = np.column_stack(zone_transformer(heights.zone).transform(*places.T))
    cells = heights.cell_of(xy)
    known = np.isfinite(heights.values.ravel()[np.maximum(cells, 0)]) & (cells >= 0)
    return float(1 - known.mean()) if len(known) else 0.0
