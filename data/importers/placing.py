"""In which coordinate system points lie where their rows say: found, told, never assumed.

A register often does not say its coordinate system, and WGS 84, GCJ-02 and BD-09 look alike. Where
rows name their village and the store knows where the villages lie, the right one is the one that
puts the points into their villages; if none does so clearly, somebody has to say it.
"""

from __future__ import annotations

from typing import NamedTuple

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Datum, unshift
from geo.problems import Problem

PLAIN = "EPSG:4490"
# Fewer points with a known village decide nothing.
_FEWEST = 50
_SAMPLE = 20_000
# The best must put so many into their village, and leave out at most half as many as the next.
_SHARE = 0.9
_AHEAD = 0.5
_LEAD = 0.01


class Placed(NamedTuple):
    """The coordinate system found, and what is to be told about it."""

    crs: str
    problem: Problem


def find_crs(points: geopandas.GeoDataFrame, areas: geopandas.GeoDataFrame) -> Placed | None:
    """Return the coordinate system of points in degrees, or None if it cannot be told.

    Parameters
    ----------
    points
        Read as if they were in EPSG:4490; column ``village_code``.
    areas
        EPSG:4490 polygons, column ``village_code``; several rows a village.
    """
    known = points[points["village_code"].isin(areas["village_code"]) & points.geometry.notna()]
    if len(known) < _FEWEST:
        return None
    known = known.iloc[:: max(1, len(known) // _SAMPLE)]
    own = known["village_code"].to_numpy(dtype=object)
    x, y = known.geometry.x.to_numpy(), known.geometry.y.to_numpy()
    tree = shapely.STRtree(areas.geometry.to_numpy())
    codes = areas["village_code"].to_numpy(dtype=object)
    shares = {PLAIN: _share_at_home(shapely.points(x, y), own, tree, codes)}
    for datum in Datum:
        moved = shapely.points(*unshift(x, y, datum))
        shares[datum.value.upper()] = _share_at_home(moved, own, tree, codes)
    (best, share), (other, next_share) = sorted(shares.items(), key=lambda item: -item[1])[:2]
    clear = share - next_share >= _LEAD and 1 - share <= _AHEAD * (1 - next_share)
    if share < _SHARE or not clear:
        return None
    details = {
        "crs": best,
        "share": round(100 * share, 1),
        "other": other,
        "other_share": round(100 * next_share, 1),
    }
    return Placed(best, Problem("crs_found", details))


def _share_at_home(
    points: NDArray[np.object_],
    own: NDArray[np.object_],
    tree: shapely.STRtree,
    codes: NDArray[np.object_],
) -> float:
    """Return the share of points that lie in an area of their own village."""
    point, area = tree.query(points, predicate="intersects")
    at_home = np.unique(point[own[point] == codes[area]])
    return len(at_home) / len(points)
