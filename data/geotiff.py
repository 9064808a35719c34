"""Heights as a GeoTIFF and back: what the database holds and what people take away."""

from __future__ import annotations

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from geo.reach.heights import Heights

_TILE = 256
# In a file whole metres take a third of the room that fractions do; this value means "unknown".
_UNKNOWN = -32768
# Surveys are good to decimetres at best. Sixteenths of a metre leave no noise to be compressed.
STEPS_A_METRE = 16


def write_geotiff(heights: Heights) -> bytes:
    """Return a tiled, compressed GeoTIFF in the metric zone; the same heights, the same bytes."""
    values = heights.values
    known = values[np.isfinite(values)]
    whole = bool((known == np.rint(known)).all()) and bool((np.abs(known) < -_UNKNOWN).all())
    stored: NDArray[np.float32] | NDArray[np.int16] = values
    if whole:
        stored = np.where(np.isfinite(values), values, _UNKNOWN).astype(np.int16)
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            count=1,
            dtype=stored.dtype,
            height=heights.rows,
            width=heights.columns,
            crs=rasterio.CRS.from_epsg(heights.zone),
            transform=Affine(heights.cell_m, 0, heights.x0, 0, -heights.cell_m, heights.y0),
            nodata=_UNKNOWN if whole else np.nan,
            tiled=True,
            blockxsize=_TILE,
            blockysize=_TILE,
            compress="deflate",
            predictor=2 if whole else 3,
        ) as file:
            file.write(stored, 1)
            file.units = ("metre",)
        return bytes(memory.read())


def read_geotiff(content: bytes) -> Heights:
    """Return the heights of a file of :func:`write_geotiff`."""
    with MemoryFile(content) as memory, memory.open(driver="GTiff") as file:
        values = file.read(1).astype(np.float32)
        if file.nodata is not None and np.isfinite(file.nodata):
            values[values == file.nodata] = np.nan
        transform = file.transform
        return Heights(
            values, float(transform.c), float(transform.f), float(transform.a), file.crs.to_epsg()
        )
