"""Coordinate systems, at one place: parse, shift, project, and the lattice of the store.

The store is lon/lat EPSG:4490 (CGCS2000) on a lattice of 1e-9 degree; computation happens in
a metric zone. GCJ-02 and BD-09 are no coordinate systems but encryptions of WGS84: they exist
only at the import and the base-map edge, as a :class:`Datum`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import geopandas
import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj.exceptions import CRSError, ProjError

from geo.datum import Datum, shift, unshift
from geo.errors import CrsError, FrameError
from geo.problems import Problem

__all__ = [
    "LATTICE",
    "STORE_CRS",
    "Datum",
    "check_crs",
    "find_lattice_faults",
    "guess_zone",
    "metric_crs",
    "metric_crs_of",
    "metric_zone",
    "parse_crs",
    "require_crs",
    "require_metric",
    "require_placeable",
    "shift",
    "to_lattice",
    "to_metric",
    "to_store",
    "unshift",
    "zone_transformer",
]

STORE_CRS = "EPSG:4490"
LATTICE = 1e-9
_STEPS = 1e9  # lattice steps a degree; dividing by it is exact to the last bit, multiplying not

_NAMES: dict[str, str | Datum] = {
    "WGS84": "EPSG:4326",
    "CRS84": "EPSG:4326",
    "OGCCRS84": "EPSG:4326",
    "CGCS2000": STORE_CRS,
    "2000国家大地坐标系": STORE_CRS,
    "GCJ02": Datum.GCJ02,
    "火星坐标": Datum.GCJ02,
    "BD09": Datum.BD09,
    "百度坐标": Datum.BD09,
}
# Within decimetres of CGCS2000 (or, far from China, used with UTM): no parameters are needed.
_NEAR_DATUMS = re.compile(
    r"WGS|World Geodetic|China (Geodetic|2000)|NAD83|North American|ITRF|ETRS"
)


def parse_crs(text: str) -> pyproj.CRS | Datum:
    """Return the coordinate system a person or a file names.

    Parameters
    ----------
    text
        ``EPSG:4547``, ``4547``, ``WGS84``, ``CGCS2000``, ``GCJ02``, ``BD09``, WKT or a PROJ string.

    Returns
    -------
    pyproj.CRS or Datum
        A :class:`Datum` for GCJ-02 and BD-09: undo it by :func:`unshift`, the result is WGS84.

    Raises
    ------
    CrsError
        ``unknown_crs`` if the text names none, or one that does not place points on the map.

    Examples
    --------
    >>> parse_crs("4547").name
    'CGCS2000 / 3-degree Gauss-Kruger CM 114E'
    >>> parse_crs("gcj-02")
    <Datum.GCJ02: 'gcj02'>
    """
    plain = re.sub(r"[\s_:/-]", "", text).upper()
    known = _NAMES.get(plain, text.strip())
    if isinstance(known, Datum):
        return known
    try:
        crs = pyproj.CRS.from_user_input(int(known) if known.isdecimal() else known)
    except (CRSError, OverflowError, ValueError) as error:
        raise CrsError(Problem("unknown_crs", {"crs": text[:200]})) from error
    return require_placeable(crs, text)


def require_placeable(crs: pyproj.CRS, text: str | None = None) -> pyproj.CRS:
    """Return ``crs`` if its coordinates can be brought to lon/lat on Earth.

    Parameters
    ----------
    text
        How the system was named, for the report; its own name if not given.

    Raises
    ------
    CrsError
        ``unknown_crs`` for heights, local grids and other planets.
    """
    problem = Problem("unknown_crs", {"crs": (text or crs.name)[:200]})
    if not (crs.is_geographic or crs.is_projected):
        raise CrsError(problem)
    try:
        pyproj.Transformer.from_crs(crs, STORE_CRS, always_xy=True)
    except ProjError as error:
        raise CrsError(problem) from error
    return crs


def check_crs(crs: pyproj.CRS | Datum) -> Problem | None:
    """Flag a datum that is known to lie off CGCS2000 by an unknown amount.

    Beijing 1954 and Xi'an 1980 have no public parameters; PROJ then keeps the degrees, which
    puts places 50–150 m off without a word. Everything near WGS84 passes.
    """
    if isinstance(crs, Datum) or crs.datum is None or _NEAR_DATUMS.search(crs.datum.name):
        return None
    return Problem("datum_offset_unknown", {"crs": crs.name})


def guess_zone(x: ArrayLike) -> int | None:
    """Return the EPSG code that eight-digit eastings name, as a *hint* for people.

    Parameters
    ----------
    x
        Eastings in metres. Zone numbers 25–45 are 3-degree zones (4513–4533), 13–23 six-degree
        zones (4491–4501).

    Returns
    -------
    int or None
        ``None`` unless every easting names the same zone. Never apply it without asking.

    Examples
    --------
    >>> guess_zone([37_354_027.0, 37_360_500.5])
    4525
    >>> guess_zone([354_027.0]) is None
    True
    """
    eastings = np.asarray(x, dtype=np.float64).ravel()
    eastings = eastings[np.isfinite(eastings)]
    zones = np.unique(eastings // 1_000_000)
    if len(zones) != 1:
        return None
    zone = int(zones[0])
    if 25 <= zone <= 45:
        return 4513 + zone - 25
    return 4491 + zone - 13 if 13 <= zone <= 23 else None


def metric_crs(lon: float, lat: float) -> pyproj.CRS:
    """Return the metric zone of a place.

    Parameters
    ----------
    lon, lat
        Degrees, any datum near WGS84.

    Returns
    -------
    pyproj.CRS
        CGCS2000 3-degree Gauss–Kruger, central-meridian form (EPSG:4534–4554), between 72 and
        138 E, 3 and 54 N; the WGS84 UTM zone elsewhere.
        Lengths are true to 0.04 % within a 3-degree zone.

    Raises
    ------
    CrsError
        ``bad_coordinate`` if the place is not on the globe.

    Examples
    --------
    >>> metric_crs(108.66, 31.95).to_epsg()
    4545
    >>> metric_crs(-99.3, 38.9).to_epsg()
    32614
    """
    return pyproj.CRS.from_epsg(metric_zone(lon, lat))


def metric_zone(lon: float, lat: float) -> int:
    """Return the EPSG code of :func:`metric_crs`, at once.

    Raises
    ------
    CrsError
        ``bad_coordinate`` if the place is not on the globe.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise CrsError(Problem("bad_coordinate", {"x": lon, "y": lat}))
    if 72 <= lon <= 138 and 3 <= lat <= 54:
        meridian = min(max(3 * int((lon + 1.5) // 3), 75), 135)
        return 4534 + (meridian - 75) // 3
    zone = min(int((lon + 180) // 6) + 1, 60)
    return (32600 if lat >= 0 else 32700) + zone


@lru_cache(maxsize=192)  # more zones than that do not exist
def zone_transformer(zone: int) -> pyproj.Transformer:
    """Return the way from lon/lat (EPSG:4490) to a metric zone by EPSG code; threads share it."""
    return pyproj.Transformer.from_crs(STORE_CRS, zone, always_xy=True)


def metric_crs_of(frame: geopandas.GeoDataFrame) -> pyproj.CRS:
    """Return the metric zone of the middle of ``frame``'s extent.

    Raises
    ------
    CrsError
        ``missing_crs`` without a CRS, ``bad_coordinate`` if the frame is empty or not on the globe.
    """
    crs = require_crs(frame)
    west, south, east, north = frame.total_bounds
    x, y = (west + east) / 2, (south + north) / 2
    if not crs.equals(STORE_CRS):
        x, y = pyproj.Transformer.from_crs(crs, STORE_CRS, always_xy=True).transform(x, y)
    return metric_crs(float(x), float(y))


def to_metric(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return a copy of ``frame`` in its metric zone (:func:`metric_crs_of`), same index."""
    return frame.to_crs(metric_crs_of(frame))


def to_store(
    frame: geopandas.GeoDataFrame, *, problems: list[Problem] | None = None
) -> geopandas.GeoDataFrame:
    """Return a copy of ``frame`` in EPSG:4490 on the lattice, same index and rows.

    Every vertex is transformed and rounded by itself, so polygons that share a border keep
    sharing it to the last bit, and what came out of the store comes back unchanged.

    Parameters
    ----------
    frame
        Any CRS; z values are dropped.
    problems
        Takes what :func:`find_lattice_faults` finds, with ``row`` = 1-based position.

    Raises
    ------
    CrsError
        ``missing_crs``.
    FrameError
        The faults, if ``problems`` is not given: rounding never breaks a shape silently.
    """
    require_crs(frame)
    moved = frame.to_crs(STORE_CRS)
    before = np.asarray(moved.geometry.array)
    after = to_lattice(before)
    faults = find_lattice_faults(before, after)
    if problems is not None:
        problems.extend(faults)
    elif faults:
        raise FrameError(faults)
    return moved.set_geometry(
        geopandas.GeoSeries(after, index=frame.index, crs=STORE_CRS, name=frame.geometry.name)
    )


def to_lattice(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Round lon/lat geometries to the lattice.

    Parameters
    ----------
    geometries
        Array of lon/lat geometries, ``None`` allowed.

    Returns
    -------
    ndarray of the same shape
        Coordinates are the doubles nearest to nine decimals; repeated points are dropped, outer
        rings counter-clockwise and holes clockwise (RFC 7946), z dropped. Rings that collapse
        are left out, so a tiny polygon may come back empty, and a needle may become invalid:
        :func:`find_lattice_faults` tells.

    Examples
    --------
    >>> to_lattice(shapely.points([[108.1234567894, 31.0]]))[0].x
    108.123456789
    """
    rounded = shapely.transform(
        np.asarray(geometries, dtype=object), lambda xy: np.rint(xy * _STEPS) / _STEPS
    )
    try:
        clean = shapely.remove_repeated_points(rounded, 0.0)
    except shapely.GEOSException:  # it refuses rings of fewer than three different points
        clean = np.asarray([_drop_collapsed(g) for g in rounded.ravel()], dtype=object).reshape(
            rounded.shape
        )
        clean = shapely.remove_repeated_points(clean, 0.0)
    return np.asarray(shapely.orient_polygons(clean, exterior_cw=False), dtype=object)


def find_lattice_faults(before: NDArray[np.object_], after: NDArray[np.object_]) -> list[Problem]:
    """Tell what rounding did to each geometry that was in order before.

    Parameters
    ----------
    before, after
        Lon/lat geometries, and the same from :func:`to_lattice`.

    Returns
    -------
    list of Problem
        ``bad_coordinate`` for coordinates that are not numbers or not on the globe,
        ``broken_by_rounding`` for shapes that collapsed, lost a part or became invalid. ``row`` is
        the 1-based position.
    """
    present = ~(shapely.is_missing(before) | shapely.is_empty(before))
    bounds = shapely.bounds(before)
    with np.errstate(invalid="ignore"):
        placed = (np.abs(bounds) <= (180, 90, 180, 90)).all(axis=1)
    # bounds skip NaN vertices: a polygon with one is caught by is_valid, a line or point here
    xy, owner = shapely.get_coordinates(before, return_index=True)
    placed[owner[~np.isfinite(xy).all(axis=1)]] = False
    polygonal = shapely.get_dimensions(before) == 2
    valid = shapely.is_valid(before)
    broken = valid & ~shapely.is_valid(after)
    lost = valid & (shapely.get_num_geometries(after) < shapely.get_num_geometries(before))
    lost |= valid & shapely.is_empty(after)
    problems = []
    for position in np.flatnonzero(present & (~placed | (polygonal & (broken | lost)))):
        row = int(position) + 1
        if not placed[position]:
            first = xy[owner == position][0]
            details: dict[str, Any] = {"x": float(first[0]), "y": float(first[1])}
            problems.append(Problem("bad_coordinate", details, row=row))
            continue
        reason, reason_zh = "it collapses", "缩成一点或一线"
        if broken[position]:
            reason, reason_zh = "its outline touches or crosses itself", "边界与自己相接或相交"
        details = {"reason": reason, "reason_zh": reason_zh}
        problems.append(Problem("broken_by_rounding", details, row=row, geometry=before[position]))
    return problems


def require_metric(frame: geopandas.GeoDataFrame) -> pyproj.CRS:
    """Return the CRS of ``frame`` if its unit is the metre.

    Raises
    ------
    CrsError
        ``missing_crs`` or ``metric_crs_needed``: degrees never reach a computation.
    """
    crs = require_crs(frame)
    if not crs.is_projected or crs.axis_info[0].unit_name not in ("metre", "meter"):
        raise CrsError(Problem("metric_crs_needed", {"crs": crs.name}))
    return crs


def require_crs(frame: geopandas.GeoDataFrame) -> pyproj.CRS:
    """Return the CRS of ``frame``; ``CrsError`` (``missing_crs``) if it has none."""
    if frame.crs is None:
        raise CrsError(Problem("missing_crs"))
    crs: pyproj.CRS = frame.crs
    return crs


def _drop_collapsed(geometry: shapely.Geometry | None) -> shapely.Geometry | None:
    """Rebuild a geometry from the rings that still have three different points."""

    def stands(ring: shapely.LinearRing) -> bool:
        return len(np.unique(shapely.get_coordinates(ring), axis=0)) >= 3

    if isinstance(geometry, (shapely.MultiPolygon, shapely.GeometryCollection)):
        parts = [_drop_collapsed(part) for part in geometry.geoms]
        return type(geometry)([p for p in parts if p is not None and not p.is_empty])
    if isinstance(geometry, shapely.LinearRing) and not stands(geometry):
        return shapely.LinearRing()
    if not isinstance(geometry, shapely.Polygon):
        return geometry
    if geometry.is_empty or not stands(geometry.exterior):
        return shapely.Polygon()
    return shapely.Polygon(geometry.exterior, [r for r in geometry.interiors if stands(r)])
