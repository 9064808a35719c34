"""Straight-line distance from households to centers: fast, exact, and a lower bound of any way."""

from __future__ import annotations

import hashlib

import geopandas
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from geo.crs import STORE_CRS, require_crs, require_metric, zone_transformer
from geo.errors import CrsError
from geo.problems import Problem
from geo.shapes import places_of


def nearest_center(
    households: geopandas.GeoDataFrame, centers: geopandas.GeoDataFrame
) -> pd.DataFrame:
    """Find each household's nearest center.

    Parameters
    ----------
    households, centers
        Points in one metric CRS. Of equally near centers the one with the lowest ``code`` is taken
        (the first row where there is no such column).

    Returns
    -------
    DataFrame
        Index of ``households``; ``center``, the index label in ``centers``; ``distance_m``. Both
        missing (NA, NaN) where there is no center at all or the household has no place: that is
        not the same as far away.

    Raises
    ------
    CrsError
        ``missing_crs``, ``metric_crs_needed``, ``crs_differs``.

    Examples
    --------
    >>> import shapely
    >>> at = lambda *xy: geopandas.GeoDataFrame(geometry=shapely.points(xy), crs=4545)
    >>> nearest_center(at((0, 0), (10, 0)), at((3, 4), (10, 1)))
      center  distance_m
    0      0         5.0
    1      1         1.0
    """
    _require_one_crs(households, centers)
    xy, known = _places(households)
    sites, order = _sites(centers)
    position = np.full(len(households), -1, dtype=np.int64)
    distance = np.full(len(households), np.nan)
    if len(order) and known.any():
        near, both = _nearest_two(KDTree(sites), xy[known])
        least = both.min(axis=1)
        chosen = near[np.arange(len(near)), both.argmin(axis=1)]
        # of several at the same distance the first in code order, maybe one not among the two
        for row in np.flatnonzero((both <= least[:, None]).sum(axis=1) > 1):
            chosen[row] = np.argmax(_lengths(xy[known][row], sites) <= least[row])
        position[known], distance[known] = order[chosen], least
    labels = np.asarray(centers.index, dtype=object)
    center = np.full(len(households), pd.NA, dtype=object)
    center[position >= 0] = labels[position[position >= 0]]
    return pd.DataFrame({"center": center, "distance_m": distance}, index=households.index)


class CenterIndex:
    """Centers indexed once for the way to the nearest one, whatever the metric zone.

    Threads may share it: a zone that two ask for at the same time is made twice, alike.

    Parameters
    ----------
    centers
        EPSG:4490, points of any level; rows without a place are left out.

    Attributes
    ----------
    digest : str
        SHA-256 (hex) of the places and of nothing else: equal when every way is.

    Raises
    ------
    CrsError
        ``missing_crs``, ``crs_differs`` if there are centers in another CRS.

    Examples
    --------
    >>> import shapely
    >>> places = shapely.points([[108.0, 31.0], [108.0, 31.001]])
    >>> index = CenterIndex(geopandas.GeoDataFrame(geometry=places, crs=4490))
    >>> home = zone_transformer(4545).transform([108.0], [31.0])
    >>> index.measure(np.column_stack(home), 4545)
    array([0.])
    """

    def __init__(self, centers: geopandas.GeoDataFrame) -> None:
        if len(centers) and not require_crs(centers).equals(STORE_CRS):
            details = {"crs": centers.crs.name, "other": STORE_CRS}
            raise CrsError(Problem("crs_differs", details))
        xy, known = _places(centers)
        self._places = np.unique(xy[known], axis=0)
        self._zones: dict[int, KDTree] = {}
        self.digest = hashlib.sha256(self._places.astype("<f8").tobytes()).hexdigest()

    def __len__(self) -> int:
        return len(self._places)

    def measure(self, xy: NDArray[np.float64], zone: int) -> NDArray[np.float64]:
        """Return the metres from each place to the nearest center.

        Parameters
        ----------
        xy
            Shape (n, 2), in the metric zone.
        zone
            EPSG code (:func:`geo.crs.metric_zone`).

        Returns
        -------
        ndarray of float64, shape (n,)
            NaN without centers, and where the place is not a number.
        """
        distance = np.full(len(xy), np.nan)
        known = np.isfinite(xy).all(axis=1)
        tree = self._in_zone(zone)
        if tree.n and known.any():
            distance[known] = _nearest_two(tree, xy[known])[1].min(axis=1)
        return distance

    def _in_zone(self, zone: int) -> KDTree:
        if zone not in self._zones:
            sites = np.column_stack(zone_transformer(zone).transform(*self._places.T))
            self._zones[zone] = KDTree(sites[np.isfinite(sites).all(axis=1)])
        return self._zones[zone]


def _require_one_crs(households: geopandas.GeoDataFrame, centers: geopandas.GeoDataFrame) -> None:
    crs, other = require_metric(households), require_metric(centers)
    if crs != other:
        raise CrsError(Problem("crs_differs", {"crs": crs.name, "other": other.name}))


def _places(frame: geopandas.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return coordinates (n, 2) and which of them are a place."""
    xy = places_of(frame.geometry.array)
    known: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(xy), axis=1)
    return xy, known


def _sites(
    centers: geopandas.GeoDataFrame,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the places of centers in code order, one for each place, and their positions."""
    xy, known = _places(centers)
    order = np.flatnonzero(known)
    if "code" in centers:
        codes = centers["code"].to_numpy()[order].astype(np.str_)
        order = order[np.argsort(codes, kind="stable")]
    _, first = np.unique(xy[order], axis=0, return_index=True)
    order = order[np.sort(first)]
    return xy[order], order


def _nearest_two(
    tree: KDTree, xy: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the two nearest sites of each place (one where there is but one) and the metres.

    Two, because of sites equally near up to rounding the tree returns any: the one formula of
    distance decides.
    """
    _, near = tree.query(xy, k=[*range(1, min(2, tree.n) + 1)])
    return near, _lengths(xy[:, None, :], tree.data[near])


def _lengths(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    step = a - b
    return np.asarray(np.sqrt((step * step).sum(axis=-1)))
