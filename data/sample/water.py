"""Rivers and heights of the sample, as a survey would bring them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from scipy import ndimage

from data.sample.frame import METRIC_CRS, STORE_CRS, CountyFrame, FloatArray, to_lattice_degrees
from data.sample.terrain import STEP_M, Terrain
from geo.reach.heights import Heights

CELL_M = 50.0
_STEPS_A_METRE = 16  # finer than any survey, and a file half the size


def draw_rivers(frame: CountyFrame, terrain: Terrain, seats: FloatArray) -> gpd.GeoDataFrame:
    """Return the large rivers as layer ``barriers``, each called after the seat it begins at."""
    starts = np.array([river[0] for river in terrain.rivers])
    away = np.hypot(*(starts[:, None] - seats).transpose(2, 0, 1))
    names = frame.townships["name"].str.replace(r"(街道|镇|乡|土家族|苗族)+$", "", regex=True)
    shapes = [shapely.LineString(to_lattice_degrees(*river.T)) for river in terrain.rivers]
    table = {
        "code": [f"W{number:02d}" for number in range(1, len(shapes) + 1)],
        "name": [f"{names.iloc[seat]}河" for seat in away.argmin(axis=1)],
        "kind": "river",
    }
    return gpd.GeoDataFrame(table, geometry=shapes, crs=STORE_CRS)


def survey_heights(terrain: Terrain) -> Heights:
    """Return the heights on square cells of :data:`CELL_M`, north up."""
    rows, columns = terrain.heights_m.shape
    factor = STEP_M / CELL_M
    east = np.arange(int((columns - 1) * factor)) / factor + 0.5 / factor
    north = np.arange(int((rows - 1) * factor)) / factor + 0.5 / factor
    at = np.stack(np.meshgrid(north[::-1], east, indexing="ij"))
    values = ndimage.map_coordinates(terrain.heights_m, at, order=3, mode="nearest")
    values = (np.rint(values * _STEPS_A_METRE) / _STEPS_A_METRE).astype(np.float32)
    top = terrain.y0 + len(north) * CELL_M
    zone = int(METRIC_CRS.removeprefix("EPSG:"))
    return Heights(values, terrain.x0, top, CELL_M, zone)
