"""Metric zones shape by shape: what lies far apart is not measured in one plane."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import metric_zone, zone_transformer


def zones_of(shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return the metric zone of the middle of each shape's extent.

    Parameters
    ----------
    shapes
        EPSG:4490, shape (n,); ``None`` and empty allowed.

    Returns
    -------
    ndarray of int64, shape (n,)
        EPSG codes (:func:`geo.crs.metric_zone`), 0 for a shape without a place.

    Raises
    ------
    CrsError
        ``bad_coordinate`` for a shape that is not on the globe.
    """
    return zones_of_boxes(shapely.bounds(shapes).reshape(-1, 4))


def zones_of_boxes(boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the same of boxes: west, south, east, north, shape (n, 4)."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    placed = np.isfinite(middles).all(axis=1)
    zones = np.zeros(len(boxes), dtype=np.int64)
    zones[placed] = [metric_zone(lon, lat) for lon, lat in middles[placed].tolist()]
    return zones


def project_shapes(shapes: NDArray[np.object_], zones: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return each shape in its zone, None for those without one."""
    projected = np.full(len(shapes), None, dtype=object)
    for zone in np.unique(zones[zones > 0]).tolist():
        rows, way = np.flatnonzero(zones == zone), zone_transformer(zone)
        projected[rows] = shapely.transform(
            shapes[rows], lambda xy, way=way: np.column_stack(way.transform(*xy.T))
        )
    return projected
