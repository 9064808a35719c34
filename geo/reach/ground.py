"""Roads, water and lines nobody crosses, laid over heights."""

from __future__ import annotations

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import Affine

from geo.errors import CrsError, FrameError
from geo.problems import Problem
from geo.reach.footing import Footing
from geo.reach.heights import Heights
from geo.reach.moves import BANK, CLOSED, ROAD, find_open_moves
from geo.reach.passages import open_passages
from geo.reach.raster import cut_moves, mark_cells, segments_of
from geo.travel import NO_WALKING

# 27 bytes a cell: heights 4, ground 1, moves 2, and in a search a record of 16 and the owner, 4.
# A county in cells of 10 m, 33 million, takes 0.9 GB; this many 2.7 GB.
CELLS_MOST = 100_000_000
# Roads and barriers are moved by so much of a cell, a hundredth of a millimetre: a river drawn
# exactly through the middles of cells would cut them off from both of its banks.
NUDGE = np.array([3.1e-7, 5.3e-7])


def lay_ground(
    heights: Heights,
    *,
    steepest: float,
    roads: geopandas.GeoDataFrame | None,
    barriers: geopandas.GeoDataFrame | None,
) -> Footing:
    """Lay roads and barriers over heights, all in one metric zone.

    A barrier is not a row of cells but a line: it closes every move that meets it, so nothing
    leaks through diagonally, and its banks stay land one lives and walks on. A polygon closes
    the cells whose middle lies in it as well, but for those under a road.

    Raises
    ------
    FrameError
        ``terrain_too_large``.
    CrsError
        ``crs_differs`` for a frame in another system than the heights.
    """
    rows, columns = heights.rows, heights.columns
    if rows * columns > CELLS_MOST:
        wider = float(np.ceil(heights.cell_m * np.sqrt(rows * columns / CELLS_MOST)))
        details: dict[str, float] = {"cells": rows * columns, "limit": CELLS_MOST}
        details |= {"cell_m": heights.cell_m, "wider_m": wider}
        raise FrameError(Problem("terrain_too_large", details))
    if roads is not None:
        roads = roads[~roads["road_class"].isin(NO_WALKING)]
    ways, walls = _shapes(heights, roads), _shapes(heights, barriers)
    pieces, _ = segments_of(walls)
    ground = np.zeros(rows * columns, np.uint8)
    mark_cells(ground, rows, columns, segments_of(ways)[0], ROAD)
    mark_cells(ground, rows, columns, pieces, BANK)
    values = heights.values.ravel()
    wet = _water(walls, rows, columns) & (ground & ROAD == 0)
    ground[wet | ~np.isfinite(values)] |= CLOSED
    masks = find_open_moves(values, ground, rows, columns, heights.cell_m, steepest)
    cut_moves(masks, rows, columns, pieces)
    banks = shapely.STRtree(shapely.linestrings(pieces.reshape(-1, 2, 2)))
    footing = Footing(heights, ground, masks, banks)
    open_passages(ways, footing)
    return footing


def _shapes(heights: Heights, frame: geopandas.GeoDataFrame | None) -> NDArray[np.object_]:
    """Return the shapes of a frame that are there, in units of cells."""
    if frame is None:
        return np.empty(0, dtype=object)
    if frame.crs is None or frame.crs.to_epsg() != heights.zone:
        name = "—" if frame.crs is None else frame.crs.name
        raise CrsError(Problem("crs_differs", {"crs": name, "other": f"EPSG:{heights.zone}"}))
    shapes = np.asarray(frame.geometry.array, dtype=object)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    moved = shapely.transform(shapes[there], lambda xy: heights.grid_of(xy) + NUDGE)
    return np.asarray(moved, dtype=object)


def _water(walls: NDArray[np.object_], rows: int, columns: int) -> NDArray[np.bool_]:
    """Return the cells whose middle lies in a polygon."""
    lakes = walls[shapely.get_dimensions(walls) == 2]
    if not len(lakes):
        return np.zeros(rows * columns, bool)
    burned = rasterize(
        lakes.tolist(),
        out_shape=(rows, columns),
        transform=Affine(1.0, 0.0, -0.5, 0.0, 1.0, -0.5),
        dtype="uint8",
    )
    return np.asarray(burned.ravel() > 0)
