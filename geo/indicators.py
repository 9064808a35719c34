"""The numbers a planner sees for each grid: people, area, shape, way to the center, size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import metric_crs_of
from geo.errors import CrsError, FrameError
from geo.locate import GridIndex
from geo.problems import Problem
from geo.profiles import AreaType, Profile
from geo.reach.straight import nearest_center
from geo.shapes import places_of

COUNTS = ("residents", "registered", "children", "elderly")


def measure_grids(
    grids: geopandas.GeoDataFrame,
    households: geopandas.GeoDataFrame,
    centers: geopandas.GeoDataFrame,
    profile: Profile,
    area_types: Mapping[str, AreaType],
) -> pd.DataFrame:
    """Measure every grid.

    Parameters
    ----------
    grids
        Store CRS (EPSG:4490), columns ``code``, ``village_code``, polygons of one network.
    households
        Store CRS, points; of the columns residents, registered, children, elderly those that are
        there are summed, missing values as 0.
    centers
        Store CRS, points, any level.
    profile
        Gives the size rule of a grid by its village's area type.
    area_types
        Area type by village code; villages that are not in it have the profile's rural default.

    Returns
    -------
    DataFrame
        Index of ``grids``: ``households``, ``residents``, ``registered``, ``children``,
        ``elderly`` (int64); ``area_m2`` in the metric zone; ``compactness``, Polsby–Popper
        4π·area/perimeter² (1 for a circle; Polsby & Popper 1991); ``center_median_m`` and
        ``center_max_m``, straight line from the grid's households to their nearest center of any
        level (NaN without households or centers); ``profile_status`` within, below, above or empty
        by households (missing where the profile has no rule). A household belongs to the
        grid that holds it, on a border to the lowest code, once even where grids overlap.

    Raises
    ------
    CrsError
        ``missing_crs``, ``crs_differs`` if a frame is not in the CRS of the grids.
    FrameError
        ``column_missing``.
    """
    missing = sorted({"code", "village_code"} - set(grids.columns))
    if missing:
        raise FrameError(Problem("column_missing", {"columns": ", ".join(missing)}))
    for other in (households, centers):
        if len(other) and other.crs != grids.crs:
            names = [f.crs.name if f.crs else "—" for f in (grids, other)]
            raise CrsError(Problem("crs_differs", {"crs": names[0], "other": names[1]}))
    member = members_of(grids, households)
    table = pd.DataFrame(index=grids.index)
    inside = member >= 0
    table["households"] = np.bincount(member[inside], minlength=len(grids))
    for name in COUNTS:
        values = counts_of(households, name)
        table[name] = np.bincount(
            member[inside], weights=values[inside], minlength=len(grids)
        ).astype(np.int64)
    shapes = np.asarray(grids.geometry.array)
    ways = np.full((2, len(grids)), np.nan)
    if len(grids):
        zone = metric_crs_of(grids)
        shapes = np.asarray(grids.geometry.to_crs(zone).array)
        if inside.any() and len(centers):
            near = nearest_center(households.to_crs(zone), centers.to_crs(zone))["distance_m"]
            by_grid = near[inside].groupby(member[inside])
            positions = by_grid.max().index.to_numpy()
            ways[:, positions] = by_grid.median(), by_grid.max()
    table["area_m2"], table["compactness"] = _measure_shapes(shapes)
    table["center_median_m"], table["center_max_m"] = ways
    table["profile_status"] = _size_status(grids, table["households"], profile, area_types)
    return table


def members_of(
    grids: geopandas.GeoDataFrame, households: geopandas.GeoDataFrame
) -> NDArray[np.int64]:
    """Return the position in ``grids`` of each household's grid, -1 for none (one CRS)."""
    index = GridIndex(grids["code"].astype(str).tolist(), np.asarray(grids.geometry.array))
    return index.locate(*places_of(households.geometry.array).T)


def counts_of(households: geopandas.GeoDataFrame, name: str) -> NDArray[np.float64]:
    """Return a column of counts, missing values and a missing column as 0."""
    if name not in households:
        return np.zeros(len(households))
    values = pd.to_numeric(households[name]).astype("Float64").fillna(0)
    return np.asarray(values, dtype=np.float64)


def _measure_shapes(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return areas (0 for what is no polygon) and compactness (NaN for it)."""
    area = np.nan_to_num(np.asarray(shapely.area(shapes), dtype=np.float64))
    perimeter = np.nan_to_num(np.asarray(shapely.length(shapes), dtype=np.float64))
    compactness = np.full(len(shapes), np.nan)
    np.divide(4 * np.pi * area, perimeter**2, out=compactness, where=perimeter > 0)
    return area, compactness


def _size_status(
    grids: geopandas.GeoDataFrame,
    households: pd.Series,
    profile: Profile,
    area_types: Mapping[str, AreaType],
) -> pd.Series:
    rules = {kind: profile.size_rule(kind) for kind in get_args(AreaType)}
    status: list[str | None] = []
    for village, count in zip(grids["village_code"], households, strict=True):
        rule = rules[area_types.get(str(village), profile.rural_default)]
        status.append(rule.status(int(count)) if rule else None)
    return pd.Series(status, index=grids.index, dtype=object)
