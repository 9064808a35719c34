"""Which coordinate system a file is in: from the file or the user, checked against the numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyproj
from numpy.typing import NDArray

from data.importers.log import ProblemLog
from data.importers.quoting import quote
from geo.area_of_use import find_misplaced
from geo.crs import Datum, check_crs, guess_zone, parse_crs, require_placeable
from geo.errors import CrsError
from geo.problems import Problem

_WGS84 = pyproj.CRS.from_epsg(4326)


class Told(NamedTuple):
    """What the coordinates of a file are said to be; ``datum`` is undone before ``crs`` holds."""

    name: str
    crs: pyproj.CRS
    datum: Datum | None = None


def settle_crs(
    asked: str | None,
    in_file: pyproj.CRS | None,
    bounds: NDArray[np.float64],
    problems: ProblemLog,
) -> Told | None:
    """Return the coordinate system to read a file in; never a guess.

    Parameters
    ----------
    asked
        The user's word; it goes before the file's, and a difference is told.
    in_file
        What the file says.
    bounds
        (n, 4) bounds of the shapes as written, for the hint.
    problems
        Takes ``crs_missing`` (with a hint), ``unknown_crs``, ``crs_overridden``,
        ``datum_offset_unknown``.
    """
    if asked is None:
        if in_file is None:
            problems.add(Problem("crs_missing", hint(bounds)))
            return None
        try:
            told = Told(_name(in_file), require_placeable(in_file))
        except CrsError as error:
            problems.add(error.problems[0])
            return None
    else:
        try:
            parsed = parse_crs(asked)
        except CrsError as error:
            problems.add(error.problems[0])
            return None
        if isinstance(parsed, Datum):
            told = Told(parsed.value.upper(), _WGS84, parsed)
        else:
            told = Told(_name(parsed), parsed)
        if in_file is not None and (told.datum or not _same(told.crs, in_file)):
            problems.add(Problem("crs_overridden", {"file_crs": _name(in_file), "crs": told.name}))
    offset = check_crs(told.crs)
    if offset is not None:
        problems.add(offset)
    return told


def find_contradiction(told: Told, bounds: NDArray[np.float64]) -> Problem | None:
    """Return a problem if most of the numbers cannot be in the coordinate system they are said to.

    Parameters
    ----------
    bounds
        (n, 4) bounds of the shapes as written, in the units of ``told.crs``.
    """
    if not len(bounds):
        return None
    out = find_misplaced(told.crs, bounds)
    if told.crs.is_geographic:
        # swapped lon and lat is a fault with a name of its own, told by row
        contradicts = out.mean() > 0.5 and find_swapped(bounds[out]).mean() < 0.5
    else:
        degrees = (np.abs(bounds) <= 180).all(axis=1)
        contradicts = degrees.mean() > 0.5 or out.mean() > 0.5
    if not contradicts:
        return None
    west, south = bounds[np.flatnonzero(out)[0] if out.any() else 0, :2]
    example = f"{quote(f'{west:.10g}')}, {quote(f'{south:.10g}')}"
    return Problem(
        "crs_contradicts_coordinates", {"crs": told.name, "example": example, **hint(bounds)}
    )


def find_swapped(bounds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which bounds out of range would be in it with lon and lat exchanged."""
    west, south, east, north = bounds.T
    return np.asarray((west >= -90) & (east <= 90) & (south >= -180) & (north <= 180), dtype=bool)


def hint(bounds: NDArray[np.float64]) -> dict[str, str]:
    """Return what the numbers look like, for a person to decide."""
    finite = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(finite):
        return {"hint_zh": "", "hint_en": ""}
    zone = guess_zone(finite[:, 0])
    if zone is not None:
        return {
            "hint_zh": f"八位横坐标 {finite[0, 0]:.0f} 的带号对应 EPSG:{zone}。",
            "hint_en": f"The eight-digit easting {finite[0, 0]:.0f} names the zone EPSG:{zone}.",
        }
    if (np.abs(finite) <= (180, 90, 180, 90)).all(axis=1).mean() > 0.5:
        return {
            "hint_zh": "数值像经纬度：CGCS2000(EPSG:4490)、WGS84、GCJ02(高德、腾讯)或 BD09(百度)。",
            "hint_en": "The numbers look like lon/lat: CGCS2000 (EPSG:4490), WGS84, "
            "GCJ02 (AMap, Tencent) or BD09 (Baidu).",
        }
    return {
        "hint_zh": "数值像米制投影坐标：请给出投影带，例如 EPSG:4545(中央经线 108°E)。",
        "hint_en": "The numbers look like metres: name the zone, "
        "such as EPSG:4545 (central meridian 108°E).",
    }


def _name(crs: pyproj.CRS) -> str:
    epsg = crs.to_epsg()
    return f"EPSG:{epsg}" if epsg else str(crs.name)


def _same(one: pyproj.CRS, other: pyproj.CRS) -> bool:
    return bool(one.equals(other, ignore_axis_order=True)) or _name(one) == _name(other)
