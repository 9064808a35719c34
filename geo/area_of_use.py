"""Numbers that cannot be places: too far from where their coordinate system is meant for."""

from __future__ import annotations

import numpy as np
import pyproj
from numpy.typing import NDArray

from geo.crs import STORE_CRS

# A projection is usable some degrees beyond its zone; farther off the zone is the wrong one.
_MARGIN_DEGREES = 6.0


def find_misplaced(crs: pyproj.CRS, bounds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which shapes cannot be where ``crs`` is meant for.

    Far from its zone a projection still gives places, and those are wrong: EPSG:4525 takes a
    northing of 1e12 for 31° N.

    Parameters
    ----------
    bounds
        (n, 4) bounds in the units of ``crs``, x first; NaN (no shape) is not misplaced.

    Returns
    -------
    ndarray of bool, (n,)
        Geographic: beyond ±180, ±90. Projected: beyond the area of use and six degrees around
        it; without such an area, what does not come back from lon/lat as the same numbers.

    Examples
    --------
    >>> zone = pyproj.CRS.from_epsg(4525)
    >>> numbers = [[37_354_027, 3_535_000], [37_354_027, 1e12], [354_027, 3_535_000]]
    >>> find_misplaced(zone, np.tile(numbers, 2)).tolist()
    [False, True, True]
    """
    if crs.is_geographic:
        box: tuple[float, ...] | None = (-180.0, -90.0, 180.0, 90.0)
    else:
        box = _usable_box(crs)
    if box is None:
        return _find_unreturned(crs, bounds)
    west, south, east, north = bounds.T
    out = (west < box[0]) | (south < box[1]) | (east > box[2]) | (north > box[3])
    return np.asarray(out, dtype=bool)


def _usable_box(crs: pyproj.CRS) -> tuple[float, ...] | None:
    """Return the extent of where ``crs`` is usable, in its own units; None if nobody says."""
    area = crs.area_of_use
    if area is None or area.west > area.east:
        return None
    from_lonlat = pyproj.Transformer.from_crs(STORE_CRS, crs, always_xy=True)
    for margin in (_MARGIN_DEGREES, 0.0):  # Mercator has no poles
        west, east = max(area.west - margin, -180), min(area.east + margin, 180)
        south, north = max(area.south - margin, -90), min(area.north + margin, 90)
        box = from_lonlat.transform_bounds(west, south, east, north)
        if np.isfinite(box).all():
            return tuple(box)
    return None


def _find_unreturned(crs: pyproj.CRS, bounds: NDArray[np.float64]) -> NDArray[np.bool_]:
    to_lonlat = pyproj.Transformer.from_crs(crs, STORE_CRS, always_xy=True)
    out = np.zeros(len(bounds), dtype=bool)
    for x, y in (bounds[:, :2].T, bounds[:, 2:].T):
        lon, lat = to_lonlat.transform(x, y)
        back = to_lonlat.transform(lon, lat, direction="INVERSE")
        near = np.hypot(back[0] - x, back[1] - y) < 1.0  # infinite is not
        placed = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
        out |= ~(near & placed) & ~np.isnan(x)
    return out
