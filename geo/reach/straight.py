"""Straight-line distance from households to centers: fast, exact, and a lower bound of any way."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from geo.crs import require_metric
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
        # two neighbours, to see a tie; a third at the same distance is then looked for
        count = min(2, len(order))
        _, near = KDTree(sites).query(xy[known], k=[*range(1, count + 1)])
        both = _lengths(xy[known][:, None, :], sites[near])
        chosen, least = near[:, 0].copy(), both.min(axis=1)
        tied = np.flatnonzero((both <= least[:, None]).sum(axis=1) > 1)
        chosen = near[np.arange(len(near)), both.argmin(axis=1)]
        for row in tied:
            chosen[row] = np.argmax(_lengths(xy[known][row], sites) <= least[row])
        position[known], distance[known] = order[chosen], least
    labels = np.asarray(centers.index, dtype=object)
    center = np.full(len(households), pd.NA, dtype=object)
    center[position >= 0] = labels[position[position >= 0]]
    return pd.DataFrame({"center": center, "distance_m": distance}, index=households.index)


def centers_within(
    households: geopandas.GeoDataFrame, centers: geopandas.GeoDataFrame, limit_m: float
) -> csr_array:
    """Find every pair of household and center not farther apart than a limit.

    Parameters
    ----------
    households, centers
        Points in one metric CRS.
    limit_m
        Metres, inclusive: a center exactly at the limit counts.

    Returns
    -------
    csr_array of float64, shape (households, centers)
        Metres at row and column positions, columns ascending. A distance of zero is *stored*: count
        by ``indptr`` and ``indices``, not by values.

    Raises
    ------
    CrsError
        ``missing_crs``, ``metric_crs_needed``, ``crs_differs``.
    ValueError
        If the limit is negative or not a number.
    """
    _require_one_crs(households, centers)
    if not limit_m >= 0:
        raise ValueError(f"limit_m must not be negative: {limit_m}")
    shape = (len(households), len(centers))
    xy, known = _places(households)
    sites, place = _places(centers)
    rows, columns = np.flatnonzero(known), np.flatnonzero(place)
    if not (len(rows) and len(columns)):
        return csr_array(shape, dtype=np.float64)
    # A trifle wider, then filtered by the one formula of distance used everywhere here, so that
    # "exactly at the limit" has one meaning.
    wider = limit_m * (1 + 1e-9) + 1e-6
    pairs = KDTree(xy[rows]).sparse_distance_matrix(
        KDTree(sites[columns]), wider, output_type="ndarray"
    )
    row, column = rows[pairs["i"]], columns[pairs["j"]]
    distance = _lengths(xy[row], sites[column])
    near = distance <= limit_m
    row, column, distance = row[near], column[near], distance[near]
    order = np.lexsort([column, row])
    starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=shape[0]))])
    return csr_array(
        (distance[order], column[order].astype(np.int32), starts.astype(np.int32)), shape=shape
    )


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


def _lengths(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    step = a - b
    return np.asarray(np.sqrt((step * step).sum(axis=-1)))
