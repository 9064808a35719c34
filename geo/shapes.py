"""Is each polygon in order by itself? Faults with the place and the reason, zh and en."""

from __future__ import annotations

import re
from collections.abc import Sequence

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.problems import Problem

# What GEOS calls each fault (shapely.is_valid_reason), and the same in Chinese.
REASONS_ZH: dict[str, str] = {
    "Self-intersection": "边界自相交",
    "Ring Self-intersection": "边界在一点与自己相接",
    "Hole lies outside shell": "洞在外边界之外",
    "Holes are nested": "洞套着洞",
    "Interior is disconnected": "内部被断开",
    "Nested shells": "部分互相嵌套",
    "Duplicate Rings": "有重复的环",
    "Too few points in geometry component": "节点太少",
    "Invalid Coordinate": "坐标不是数字",
    "Ring is not closed": "边界没有闭合",
}
_PLACE = re.compile(r"^(?P<reason>[^\[]+?)\s*\[(?P<x>\S+) (?P<y>[^\]\s]+)[^\]]*\]$")


def find_invalid(frame: geopandas.GeoDataFrame) -> list[Problem]:
    """Find polygons that are missing, of another type, invalid or in several parts.

    Parameters
    ----------
    frame
        Any CRS; column ``code`` if there is one names the rows, else their 1-based position.

    Returns
    -------
    list of Problem
        In row order, ``row`` = 1-based position: ``not_a_polygon``, ``invalid_shape`` with the
        place of the fault as its geometry, ``multipart_grid`` (warning; only valid shapes).

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> [problem] = find_invalid(geopandas.GeoDataFrame({"code": ["7"]}, geometry=[bow_tie]))
    >>> problem.sentence("en"), problem.geometry.wkt
    ('The shape of 7 is invalid: Self-intersection.', 'POINT (1 1)')
    """
    shapes = np.asarray(frame.geometry.array)
    codes = codes_of(frame)
    polygonal = are_polygons(shapes)
    valid = shapely.is_valid(shapes)
    several = polygonal & valid & (shapely.get_num_geometries(shapes) > 1)
    problems = []
    for position in map(int, np.flatnonzero(~polygonal | ~valid | several)):
        code, shape, row = codes[position], shapes[position], position + 1
        if not polygonal[position]:
            found = "—" if shape is None else ("empty" if shape.is_empty else shape.geom_type)
            details: dict[str, object] = {"code": code, "found": found}
            problems.append(Problem("not_a_polygon", details, row=row, grids=(code,)))
        elif not valid[position]:
            problems.append(_invalid_shape(code, shape, row))
        else:
            details = {"code": code, "parts": int(shapely.get_num_geometries(shape))}
            problems.append(
                Problem("multipart_grid", details, row=row, grids=(code,), geometry=shape)
            )
    return problems


def are_polygons(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which shapes are non-empty polygons or multipolygons (valid or not)."""
    kinds = shapely.get_type_id(shapes)
    return np.asarray(((kinds == 3) | (kinds == 6)) & ~shapely.is_empty(shapes), dtype=np.bool_)


def repair(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return polygons fit for computation, so that one bad shape does not hide other faults.

    Valid polygons come back as they are; invalid ones as what lies inside their outline
    (``make_valid``, structure method); everything else, and what holds a coordinate that is not
    a number, as an empty polygon. For checking only: nothing is stored from it.
    """
    fit = np.where(are_polygons(shapes), shapes, shapely.Polygon())
    bad = np.flatnonzero(~shapely.is_valid(fit))
    for position in bad:
        shape = fit[position]
        if not np.isfinite(shapely.get_coordinates(shape)).all():
            fit[position] = shapely.Polygon()
            continue
        whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        parts = shapely.get_parts(shapely.get_parts(whole))
        fit[position] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
        if not are_polygons(fit[position : position + 1])[0]:
            fit[position] = shapely.Polygon()
    return fit


def places_of(points: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return coordinates, shape (n, 2); NaN where a point is missing, empty or no point."""
    shapes = np.asarray(points, dtype=object)
    rows = np.flatnonzero(shapely.get_type_id(shapes) == 0)
    xy = np.full((len(shapes), 2), np.nan)
    found, of_row = shapely.get_coordinates(shapes[rows], return_index=True)
    xy[rows[of_row]] = found
    return xy


def codes_of(frame: geopandas.GeoDataFrame) -> Sequence[str]:
    """Return the rows' codes as text, missing ones as ``""``; positions if there is no column."""
    if "code" not in frame:
        return [str(row) for row in range(1, len(frame) + 1)]
    return ["" if pd.isna(code) else str(code) for code in frame["code"]]


def reason_of(shape: shapely.Geometry) -> tuple[str, shapely.Geometry]:
    """Return why a shape is invalid, in GEOS's words, and where: a point if it has a place."""
    text = str(shapely.is_valid_reason(shape))
    match = _PLACE.match(text)
    if match is None:
        return text, shape
    xy = (float(match["x"]), float(match["y"]))
    return match["reason"], shapely.Point(xy) if np.isfinite(xy).all() else shape


def _invalid_shape(code: str, shape: shapely.Geometry, row: int) -> Problem:
    reason, place = reason_of(shape)
    details = {"code": code, "reason": reason, "reason_zh": REASONS_ZH.get(reason, reason)}
    return Problem("invalid_shape", details, row=row, grids=(code,), geometry=place)
