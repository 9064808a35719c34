"""Files of anybody for the service commands: a small plain in metres, read back as tables."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from affine import Affine

# Near 108°E 31.9°N; central meridian 108.
ZONE = 4545
X0, Y0 = 500_000.0, 3_530_000.0


def places(xy, **columns):
    """Return points, metres from the corner of the plain."""
    xy = np.asarray(xy, float)
    return gpd.GeoDataFrame(
        columns, geometry=gpd.points_from_xy(X0 + xy[:, 0], Y0 + xy[:, 1]), crs=ZONE
    )


def write(frame, path: Path, crs=ZONE, **options) -> Path:
    """Write a frame by the ending of the name; CSV with lon and lat."""
    if path.suffix == ".csv":
        lonlat = frame.to_crs(4326).geometry
        table = pd.DataFrame(frame.drop(columns="geometry"))
        table.assign(lon=lonlat.x, lat=lonlat.y).to_csv(path, index=False)
    else:
        frame.to_crs(crs).to_file(path, **options)
    return path


def write_heights(path: Path, values, cell_m=50.0) -> Path:
    """Write heights whose south-west corner is that of the plain."""
    values = np.asarray(values, np.float32)
    top = Y0 + values.shape[0] * cell_m
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=values.shape[0],
        width=values.shape[1],
        count=1,
        dtype="float32",
        crs=f"EPSG:{ZONE}",
        transform=Affine(cell_m, 0, X0, 0, -cell_m, top),
        nodata=-9999,
    ) as file:
        file.write(np.where(np.isnan(values), -9999, values), 1)
    return path


def rows(path: Path, layer=None) -> pd.DataFrame:
    """Return a table that was written, ids as text."""
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype={"id": str, "nearest_center": str, "center": str})
    return gpd.read_file(path, layer=layer)


def totals(text: str) -> dict:
    """Return what ``--json`` has printed: one document and nothing else."""
    return json.loads(text)
