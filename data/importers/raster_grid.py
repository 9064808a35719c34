"""From the cells of a file to square cells in a metric zone: where they lie, and their heights."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT
from rasterio.warp import calculate_default_transform, transform_bounds
from rasterio.windows import Window

Box = tuple[float, float, float, float]

# How far beside its place a cell may be read, in cells of the file: GDAL's eighth shows in slopes.
_TOLERANCE = 0.01


@dataclass(frozen=True)
class Grid:
    """Square cells, the first one in the north-west.

    Parameters
    ----------
    x0, y0
        Outer corner of the first cell, metres in the zone.
    cell_m
        Side of a cell.
    columns, rows
        How many there are.
    zone
        EPSG code of the metric zone.
    source
        The cells of the file that these are, as they are; None if heights must be computed.
    """

    x0: float
    y0: float
    cell_m: float
    columns: int
    rows: int
    zone: int
    source: Window | None = None

    @property
    def count(self) -> int:
        """Number of cells."""
        return self.columns * self.rows


def outline(file: rasterio.DatasetReader) -> Box:
    """Return west, south, east, north of a raster, whichever way up it is."""
    left, bottom, right, top = file.bounds
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def lay_grid(
    file: rasterio.DatasetReader,
    crs: rasterio.CRS,
    zone: int,
    land: Box | None,
    cell_m: float | None,
) -> Grid:
    """Return the cells to make of a file.

    Parameters
    ----------
    file
        An open raster, north up or south up.
    crs
        Its coordinate system.
    land
        West, south, east, north that is wanted, metres in the zone; None for all of the file. The
        cells cover the part of it that the file has.
    cell_m
        Side of the cells; None for about those of the file.
    """
    target = rasterio.CRS.from_epsg(zone)
    bounds = outline(file)
    same = crs == target
    west, south, east, north = bounds if same else transform_bounds(crs, target, *bounds)
    if land is not None:
        west, south = max(west, land[0]), max(south, land[1])
        east, north = min(east, land[2]), min(north, land[3])
    own = _own_cell_m(file, crs, target)
    square = file.transform.a == -file.transform.e
    if same and square and cell_m in (None, own):
        return _window(file, own, zone, (west, south, east, north))
    side = own if cell_m is None else cell_m
    x0, y0 = math.floor(west / side) * side, math.ceil(north / side) * side
    columns, rows = math.ceil((east - x0) / side), math.ceil((y0 - south) / side)
    return Grid(x0, y0, side, max(columns, 0), max(rows, 0), zone)


def _window(file: rasterio.DatasetReader, cell_m: float, zone: int, box: Box) -> Grid:
    """Return the file's own cells that meet the box."""
    left, top = file.transform.c, file.transform.f
    first = (
        max(math.floor((box[0] - left) / cell_m), 0),
        max(math.floor((top - box[3]) / cell_m), 0),
    )
    last = math.ceil((box[2] - left) / cell_m), math.ceil((top - box[1]) / cell_m)
    columns = max(min(last[0], file.width) - first[0], 0)
    rows = max(min(last[1], file.height) - first[1], 0)
    window = Window(first[0], first[1], columns, rows)
    x0, y0 = left + first[0] * cell_m, top - first[1] * cell_m
    return Grid(x0, y0, cell_m, columns, rows, zone, window)


def _own_cell_m(file: rasterio.DatasetReader, crs: rasterio.CRS, target: rasterio.CRS) -> float:
    if crs == target and file.transform.a == -file.transform.e:
        return float(file.transform.a)
    size = file.width, file.height
    transform, _, _ = calculate_default_transform(crs, target, *size, *outline(file))
    return round(float(transform.a), 2)


def read_heights(
    file: rasterio.DatasetReader, crs: rasterio.CRS, grid: Grid, nodata: float | None
) -> NDArray[np.float32]:
    """Return the first band on the cells of a grid, float32, NaN where nothing is known.

    Where cells differ from the file's, heights are bilinear; of finer cells the mean.
    """
    if grid.source is not None:
        read = file.read(1, window=grid.source, masked=True)
        values = np.ma.filled(read.astype(np.float32), np.nan)
        if nodata is not None:
            values[values == np.float32(nodata)] = np.nan
        return np.asarray(values, np.float32)
    with WarpedVRT(
        file,
        src_crs=crs,
        src_nodata=file.nodata if nodata is None else nodata,
        crs=rasterio.CRS.from_epsg(grid.zone),
        transform=Affine(grid.cell_m, 0, grid.x0, 0, -grid.cell_m, grid.y0),
        width=grid.columns,
        height=grid.rows,
        nodata=np.nan,
        dtype="float32",
        resampling=Resampling.bilinear,
        tolerance=_TOLERANCE,
    ) as made:
        return np.asarray(made.read(1), np.float32)
