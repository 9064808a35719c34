"""The shape of a grid in numbers: area, compactness, span."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray


def measure_outlines(shapes: NDArray[np.object_]) -> dict[str, NDArray[np.float64]]:
    """Measure polygons.

    Parameters
    ----------
    shapes
        Metric CRS, shape (n,); ``None`` and empty allowed.

    Returns
    -------
    dict of ndarray, shape (n,)
        ``area_m2`` (0 for what is no polygon); ``compactness``, Polsby–Popper 4π·area/perimeter²
        (Polsby & Popper 1991); ``reock``, area / area of the minimum bounding circle (Reock 1961);
        ``span_m``, the greatest distance between two points. The last three are NaN where
        there is no length.
    """
    area = np.nan_to_num(np.asarray(shapely.area(shapes), dtype=np.float64))
    perimeter = np.nan_to_num(np.asarray(shapely.length(shapes), dtype=np.float64))
    compactness, reock, span = np.full((3, len(shapes)), np.nan)
    there = perimeter > 0
    compactness[there] = 4 * np.pi * area[there] / perimeter[there] ** 2
    # the circle and the two points farthest apart are those of the hull, which has few corners
    hulls = shapely.convex_hull(shapes[there])
    reock[there] = area[there] / (np.pi * shapely.minimum_bounding_radius(hulls) ** 2)
    span[there] = [measure_span(shapely.get_coordinates(hull)) for hull in hulls]
    return {"area_m2": area, "compactness": compactness, "reock": reock, "span_m": span}


def measure_span(ring: NDArray[np.float64]) -> float:
    """Return the greatest distance between two corners of a convex outline.

    Parameters
    ----------
    ring
        Corners in order, either way round, closed; or the two ends of a line. Shape (n, 2).

    Notes
    -----
    Two corners farthest apart lie on parallel lines that leave the outline between them. Turned
    until one line lies on an edge, the other still touches the corner farthest from that edge
    (Shamos 1978), so each edge's ends against that corner are all pairs there are to look at. A
    corner more on either side makes up for rounding.

    Examples
    --------
    >>> measure_span(np.array([[0, 0], [4, 0], [4, 3], [0, 3], [0, 0.0]]))
    5.0
    """
    corners = ring[:-1]
    edges = np.diff(ring, axis=0)
    turned = np.unwrap(np.arctan2(edges[:, 1], edges[:, 0]))
    turned = np.maximum.accumulate(np.abs(turned - turned[0]))
    twice = np.concatenate([turned, turned + 2 * np.pi])
    opposite = np.searchsorted(twice, turned + np.pi)
    count = len(corners)
    far = corners[(opposite[:, None] + (-1, 0, 1)) % count]
    ends = np.stack([corners, ring[1:]], axis=1)
    steps = ends[:, :, None, :] - far[:, None, :, :]
    return float(np.sqrt((steps * steps).sum(axis=-1).max()))
