"""A question about service: frames in, arrays out, once for gaps, radii and accessibility alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from geo import frames
from geo.crs import STORE_CRS, metric_zone, require_crs
from geo.errors import FrameError, GeoError
from geo.indicators import counts_of
from geo.problems import Problem
from geo.profiles import CENTER_LEVELS, AreaType, CenterLevel, Profile
from geo.reach.matrix import Costs, Measure, Places
from geo.service.columns import grids_of, recode, villages_of
from geo.service.land import Land
from geo.shapes import places_of
from geo.travel import Means, Travel

Weight = Literal["households", "residents", "elderly"]

_ROWS_TOLD = 100  # of rows with the same fault the first are named


@dataclass(frozen=True)
class Question:
    """Who is to be served, by which centers, how far at most; build it by :func:`pose_question`.

    Households and centers are spoken of by position; costs are metres, or seconds.

    Parameters
    ----------
    households
        The caller's frame.
    centers
        Those of ``level`` or higher, in the order of their codes.
    level, measure, means, weight
        As asked.
    zone
        EPSG code of the metric CRS of all places below.
    homes, sites
        Places of households (NaN where unknown) and of centers.
    land
        Land units to draw gaps in, maybe none.
    standards
        By area type, of the area types that occur.
    limits
        Standard of each household.
    straight_m
        Metres by straight line that the standard stands for, by area type. A hint, for drawing and
        for looking where a center might stand; nobody is called served by it.
    people
        Weight of each household, int64.
    villages, area_types, grids
        Of each household, ``""`` where unknown.
    problems
        Warnings: ``level_without_center``, ``places_unknown``, ``weights_unknown``.
    """

    households: geopandas.GeoDataFrame
    centers: geopandas.GeoDataFrame
    level: CenterLevel
    measure: Measure
    means: Means
    weight: Weight
    zone: int
    homes: Places
    sites: Places
    land: Land
    standards: Mapping[AreaType, float]
    limits: Costs
    straight_m: Mapping[AreaType, float]
    people: NDArray[np.int64]
    villages: pd.Categorical
    area_types: pd.Categorical
    grids: pd.Categorical
    problems: tuple[Problem, ...]

    def of_area_type(self, values: Mapping[AreaType, float]) -> Costs:
        """Return the value of each household's area type."""
        by_type = np.array([values[kind] for kind in self.area_types.categories], np.float64)
        return np.asarray(by_type[self.area_types.codes])


def pose_question(
    households: geopandas.GeoDataFrame,
    centers: geopandas.GeoDataFrame,
    land: geopandas.GeoDataFrame | Land | None = None,
    *,
    profile: Profile,
    area_types: Mapping[str, AreaType],
    level: CenterLevel = "village",
    measure: Measure = "distance",
    means: Means = "walk",
    standard: float | None = None,
    weight: Weight = "households",
    grids: geopandas.GeoDataFrame | pd.Categorical | None = None,
    zone: int | None = None,
    travel: Travel | None = None,
) -> Question:
    """Check the frames and bring them into one metric CRS.

    Parameters
    ----------
    households
        Any CRS, points; those without a place are kept and counted apart. ``village_code`` gives
        the area type, where it is missing the village of the land does. ``residents``,
        ``elderly``, ``children``, ``grid_code`` are used where they are there.
    centers
        Any CRS, points, columns ``code``, ``level``. Centers of ``level`` *or higher* (county,
        township, village, station) count.
    land
        Any CRS, polygons that tile the county (natural villages, else grids), column
        ``village_code``; or made already, of the same area types.
    profile
        Gives the standards, unless ``standard`` does.
    area_types
        Area type by village code; others have the profile's rural default.
    level
        Lowest level of center that counts.
    measure, means
        Metres, or time on foot or by car.
    standard
        Metres or *seconds* for every area type, instead of the profile's.
    weight
        What a household counts: 1, its residents, its elderly; unknown counts as 0.
    grids
        Any CRS, polygons, column ``code``: the grid of each household, where the frame has no
        column ``grid_code``; or the grids of the households, if they are known already.
    zone
        EPSG code of the metric CRS that roads or terrain are in; where most households are if not
        given.
    travel
        Speeds that turn a standard in time into metres by straight line.

    Raises
    ------
    CrsError
        ``missing_crs``; ``bad_coordinate`` for a place that is not on the globe.
    FrameError
        ``column_missing``; ``bad_coordinate`` for a center without a place; ``count_negative``,
        ``count_not_whole`` for a weight, each with its row (the first hundred).
    ProfileError
        ``missing_rule`` for an area type that occurs.
    GeoError
        ``parameter_value`` for a standard that is not a positive number, or an unknown word.
    """
    _check_words(level=(level, CENTER_LEVELS), measure=(measure, get_args(Measure)),
                 means=(means, get_args(Means)), weight=(weight, get_args(Weight)))  # fmt: skip
    if standard is not None and not 0 < standard < np.inf:
        _refuse("standard", standard, "> 0")
    given = None if isinstance(land, Land) else land
    drawn = None if isinstance(grids, pd.Categorical) else grids
    _check_frames(households, centers, given, drawn, weight)
    problems: list[Problem] = []
    if isinstance(land, Land):
        zone = land.zone
    elif zone is None:
        zone = zone_of(households, centers, land)
    _check_places(centers, zone)
    chosen = _eligible(centers, level)
    if chosen.empty:
        details = {"level": level, "level_zh": frames.CENTER_LEVELS[level][0]}
        problems.append(Problem("level_without_center", details, field="level"))
    homes = project(households, zone)
    lost = int((~np.isfinite(homes[:, 0])).sum())
    if lost:
        problems.append(Problem("places_unknown", {"count": lost}))
    units = land
    if not isinstance(units, Land):
        units = Land.of(units, zone, area_types, profile.rural_default)
    villages = villages_of(households, homes, units)
    kinds = recode(villages, lambda code: area_types.get(code, profile.rural_default))
    occurring = {*kinds.categories, *units.area_types.tolist()}
    standards = {
        kind: profile.standard(level, kind, measure, means) if standard is None else float(standard)
        for kind in get_args(AreaType)
        if kind in occurring
    }
    pace = 1.0 if measure == "distance" else _straight_m_per_s(means, travel or Travel())
    by_type = np.array([standards[kind] for kind in kinds.categories], dtype=np.float64)
    return Question(
        households=households,
        centers=chosen,
        level=level,
        measure=measure,
        means=means,
        weight=weight,
        zone=zone,
        homes=homes,
        sites=project(chosen, zone),
        land=units,
        standards=standards,
        limits=by_type[kinds.codes],
        straight_m={kind: value * pace for kind, value in standards.items()},
        people=_weights(households, weight, problems),
        villages=villages,
        area_types=kinds,
        grids=grids_of(households, homes, grids, zone),
        problems=tuple(problems),
    )


def _refuse(name: str, value: object, allowed: str) -> None:
    details = {"name": name, "value": str(value), "allowed": allowed}
    raise GeoError(Problem("parameter_value", details, field=name))


def _check_words(**words: tuple[str, tuple[str, ...]]) -> None:
    for name, (value, allowed) in words.items():
        if value not in allowed:
            _refuse(name, value, ", ".join(allowed))


def _check_frames(
    households: geopandas.GeoDataFrame,
    centers: geopandas.GeoDataFrame,
    land: geopandas.GeoDataFrame | None,
    grids: geopandas.GeoDataFrame | None,
    weight: Weight,
) -> None:
    for frame in (households, centers, land, grids):
        if frame is not None:
            require_crs(frame)
    missing = sorted({"code", "level"} - set(centers.columns))
    if land is not None and "village_code" not in land:
        missing.append("village_code")
    if grids is not None and "code" not in grids:
        missing.append("code")
    if weight != "households" and weight not in households:
        missing.append(weight)
    if missing:
        raise FrameError(Problem("column_missing", {"columns": ", ".join(missing)}))


def _check_places(centers: geopandas.GeoDataFrame, zone: int) -> None:
    lost = np.flatnonzero(np.isnan(project(centers, zone)[:, 0]))[:_ROWS_TOLD].tolist()
    if lost:
        xy = places_of(centers.geometry.array)
        raise FrameError(
            [Problem("bad_coordinate", {"x": xy[i, 0], "y": xy[i, 1]}, row=i + 1) for i in lost]
        )


def zone_of(*given: geopandas.GeoDataFrame | None) -> int:
    """Return the zone of the first frame that has a place; with none at all any will do.

    The median, because one household at 0°, 0° must not move everybody into another zone.
    """
    for frame in given:
        if frame is None:
            continue
        middles = shapely.bounds(np.asarray(frame.geometry.array)).reshape(-1, 2, 2).mean(axis=1)
        middles = middles[np.isfinite(middles).all(axis=1)]
        if len(middles):
            turn = pyproj.Transformer.from_crs(frame.crs, STORE_CRS, always_xy=True)
            return metric_zone(*map(float, turn.transform(*np.median(middles, axis=0))))
    return metric_zone(108.0, 34.0)


def project(points: geopandas.GeoDataFrame, zone: int) -> Places:
    """Return the places of points (any CRS) in a metric zone, shape (n, 2); NaN is no place."""
    turn = pyproj.Transformer.from_crs(points.crs, zone, always_xy=True)
    xy = np.column_stack(turn.transform(*places_of(points.geometry.array).T))
    xy[~np.isfinite(xy).all(axis=1)] = np.nan
    return xy


def _eligible(centers: geopandas.GeoDataFrame, level: CenterLevel) -> geopandas.GeoDataFrame:
    enough = centers[centers["level"].isin(CENTER_LEVELS[: CENTER_LEVELS.index(level) + 1])]
    order = np.argsort(enough["code"].to_numpy().astype(np.str_), kind="stable")
    return enough.iloc[order].reset_index(drop=True)


def _weights(
    households: geopandas.GeoDataFrame, weight: Weight, problems: list[Problem]
) -> NDArray[np.int64]:
    if weight == "households":
        return np.ones(len(households), dtype=np.int64)
    field = frames.LAYERS["households"].field(weight)
    words = {"field_zh": field.zh, "field_en": field.en}
    unknown = int(households[weight].isna().sum())
    if unknown:
        details = {"count": unknown, **words}
        problems.append(Problem("weights_unknown", details, field=weight))
    values = counts_of(households, weight)
    faults = []
    for key, wrong in (
        ("count_negative", values < 0),
        ("count_not_whole", (values >= 0) & ~(values == np.floor(values)) | np.isposinf(values)),
    ):
        for row in np.flatnonzero(wrong)[:_ROWS_TOLD].tolist():
            details = {"value": float(values[row]), **words}
            faults.append(Problem(key, details, row=row + 1, field=weight))
    if faults:
        raise FrameError(faults)
    return values.astype(np.int64)


def _straight_m_per_s(means: Means, travel: Travel) -> float:
    """Return the pace by straight line; a car's is that of an unclassified road."""
    drive = travel.drive_kmh.get("unclassified", travel.straight_walk_kmh)
    return (travel.straight_walk_kmh if means == "walk" else drive) / 3.6
