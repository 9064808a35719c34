"""The numbers a planner sees for each grid: people, area, shape, way to the center, size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import geopandas
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import require_crs, zone_transformer
from geo.errors import CrsError, FrameError
from geo.indicators.outlines import measure_outlines
from geo.indicators.people import COUNTS, People, members_of, sum_people
from geo.indicators.registry import INDICATORS
from geo.indicators.ways import measure_ways
from geo.problems import Problem
from geo.profiles import AreaType, Profile
from geo.reach.straight import CenterIndex
from geo.zones import project_shapes, zones_of


def measure_grids(
    grids: geopandas.GeoDataFrame,
    households: geopandas.GeoDataFrame | People,
    centers: geopandas.GeoDataFrame | CenterIndex,
    profile: Profile,
    area_types: Mapping[str, AreaType],
    *,
    member: NDArray[np.int64] | None = None,
) -> pd.DataFrame:
    """Measure every grid.

    Parameters
    ----------
    grids
        Store CRS (EPSG:4490), columns ``code``, ``village_code``, polygons of one network.
    households
        Store CRS, points; of the columns :data:`~geo.indicators.people.COUNTS` those that are
        there are summed, missing values as 0.
    centers
        Store CRS, points, any level; or an index made of them before.
    profile
        Gives the size rule of a grid by its village's area type.
    area_types
        Area type by village code; villages that are not in it have the profile's rural default.
    member
        Position in ``grids`` of each household's grid, -1 for none. By default a household
        belongs to the grid that holds it, on a border to the lowest code, once even where grids
        overlap. Who measures a few grids of many finds the members among all of them before
        (:func:`geo.indicators.members_of`): a neighbour with a lower code takes its border.

    Returns
    -------
    DataFrame
        Index of ``grids``, one column for each of :data:`~geo.indicators.INDICATORS`, in that
        order: counts int64, lengths and ratios float64 (NaN where there is nothing to measure),
        ``profile_status`` object (None where the profile has no rule). Lengths and areas are those
        of the metric zone of each grid's own middle, so a grid's numbers do not depend on which
        others are measured.

    Raises
    ------
    CrsError
        ``missing_crs``, ``crs_differs`` if a frame is not in the CRS of the grids,
        ``bad_coordinate`` for a grid that is not on the globe.
    FrameError
        ``column_missing``.
    """
    _check_frames(grids, households, centers)
    people = People.of(households)
    index = centers if isinstance(centers, CenterIndex) else CenterIndex(centers)
    if member is None:
        member = members_of(grids, people)
    shapes = np.asarray(grids.geometry.array)
    zones = zones_of(shapes)
    count = len(grids)
    sums = sum_people(people, member, count)
    table: dict[str, NDArray[Any]] = {
        name: sums[:, position] for position, name in enumerate(("households", *COUNTS))
    }
    table |= measure_outlines(project_shapes(shapes, zones))
    table |= measure_ways(_measure_distances(people, member, zones, index), member, count)
    table["profile_status"] = _size_status(grids, sums[:, 0], profile, area_types)
    # a frame would turn an array of texts into a column that knows no None
    columns = {
        name: pd.Series(table[name], index=grids.index, dtype=table[name].dtype)
        for name in INDICATORS
    }
    return pd.DataFrame(columns, index=grids.index)


def _check_frames(
    grids: geopandas.GeoDataFrame,
    households: geopandas.GeoDataFrame | People,
    centers: geopandas.GeoDataFrame | CenterIndex,
) -> None:
    missing = sorted({"code", "village_code"} - set(grids.columns))
    if missing:
        raise FrameError(Problem("column_missing", {"columns": ", ".join(missing)}))
    for other in (households, centers):
        if isinstance(other, geopandas.GeoDataFrame) and len(other) and other.crs != grids.crs:
            names = [f.crs.name if f.crs else "—" for f in (grids, other)]
            raise CrsError(Problem("crs_differs", {"crs": names[0], "other": names[1]}))
    if len(grids):
        require_crs(grids)


def _measure_distances(
    people: People, member: NDArray[np.int64], zones: NDArray[np.int64], index: CenterIndex
) -> NDArray[np.float64]:
    """Return the metres from each household of a grid to its nearest center, in the grid's zone."""
    distance = np.full(len(people), np.nan)
    if not len(index):
        return distance
    inside = np.flatnonzero(member >= 0)
    of_household = zones[member[inside]]
    for zone in np.unique(of_household).tolist():
        rows = inside[of_household == zone]
        xy = np.column_stack(zone_transformer(zone).transform(*people.xy[rows].T))
        distance[rows] = index.measure(xy, zone)
    return distance


def _size_status(
    grids: geopandas.GeoDataFrame,
    households: NDArray[np.int64],
    profile: Profile,
    area_types: Mapping[str, AreaType],
) -> NDArray[np.object_]:
    rules = {kind: profile.size_rule(kind) for kind in get_args(AreaType)}
    status = np.full(len(grids), None, dtype=object)
    for row, village in enumerate(grids["village_code"]):
        rule = rules[area_types.get(str(village), profile.rural_default)]
        status[row] = rule.status(int(households[row])) if rule else None
    return status
