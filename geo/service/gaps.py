"""Service gaps: the households beyond the standard of every center, and where they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from geo.codes import ancestors
from geo.crs import STORE_CRS, metric_crs, metric_crs_of, require_crs, to_lattice
from geo.errors import FrameError, GeoError
from geo.indicators import counts_of
from geo.locate import GridIndex
from geo.problems import Problem
from geo.profiles import CENTER_LEVELS, AreaType, CenterLevel, Profile
from geo.reach.straight import nearest_center
from geo.service.areas import Land, find_areas
from geo.shapes import are_polygons, places_of, repair


@dataclass(frozen=True)
class ServiceGaps:
    """Who is left out, by household, by area and by division.

    Parameters
    ----------
    level
        Centers of this level or higher counted.
    standards
        Metres by area type, of the area types that occur.
    households, residents
        Totals over all households, served or not.
    unserved
        The unserved households: the caller's rows with their index, plus ``nearest_center`` (code,
        missing without centers), ``distance_m``, ``standard_m``, ``area_rank``.
    areas
        One row an area, ``rank`` from 1: ``households``, ``residents``, ``elderly`` unserved
        there, ``area_m2``, ``nearest_center`` (code) and ``nearest_distance_m`` of the household
        that is nearest to any center, ``farthest_household_m`` of the one that is farthest from
        its own nearest, ``villages`` (sorted codes of the households' villages), ``geometry``.
    shares
        ``by`` (township, village, area_type), ``code``, ``households``, ``served``, ``share``
        (0–1), ``residents``, ``residents_served``; sorted; ``code`` is ``""`` where unknown.
    """

    level: CenterLevel
    standards: Mapping[AreaType, float]
    households: int
    residents: int
    unserved: geopandas.GeoDataFrame
    areas: geopandas.GeoDataFrame
    shares: pd.DataFrame

    @property
    def served(self) -> int:
        """Households within the standard of a center."""
        return self.households - len(self.unserved)


def measure_service(
    households: geopandas.GeoDataFrame,
    centers: geopandas.GeoDataFrame,
    land: geopandas.GeoDataFrame | None,
    *,
    profile: Profile,
    area_types: Mapping[str, AreaType],
    level: CenterLevel = "village",
    standard_m: float | None = None,
    split_large: bool = True,
    include_empty: bool = False,
) -> ServiceGaps:
    """Find the households no center serves, and the land they are on.

    A household is served when its nearest center of ``level`` *or higher* (county, township,
    village, station) is not farther than the standard of the household's village; exactly at the
    standard is served. Served or not is decided by distance alone, never by the drawn circles.

    Parameters
    ----------
    households
        EPSG:4490 (any CRS), points; ``village_code`` gives the area type, where it is missing the
        village of the land does; ``residents``, ``elderly`` are summed, missing values as 0.
    centers
        Any CRS, points, columns ``code``, ``level``.
    land
        Any CRS, polygons that tile the county (natural villages, else grids), column
        ``village_code``; ``None`` or empty draws each gap around its households alone.
    profile
        Gives the standards, ``profile.standards[level][area type].distance_m``.
    area_types
        Area type by village code; others have the profile's rural default.
    level
        Lowest level of center that counts.
    standard_m
        Metres for every area type, instead of the profile's.
    split_large
        Cut an area along village borders if its households do not fit into one circle of the
        standard, so that no single new center could serve them all. Without it mountain
        counties come out as one area.
    include_empty
        Also return areas without an unserved household.

    Returns
    -------
    ServiceGaps
        Frames in the CRS of ``households`` (``unserved``) and EPSG:4490 on the lattice
        (``areas``). An area is a connected piece of land minus the circles of reach. Circles are
        drawn as inscribed polygons (128 corners), so no unserved household falls into one; the
        land just outside a circle comes out at most 0.03 % of the radius too wide. Around an
        unserved household that is on no such land (outside all land, or of a village with another
        standard) a circle of 50 m is drawn. Every unserved household is in exactly one area. Ranked
        by residents, households, area. The order of the rows given does not matter.

    Raises
    ------
    CrsError
        ``missing_crs``.
    FrameError
        ``column_missing``; ``bad_coordinate`` for a household or center without a place.
    ProfileError
        ``missing_rule`` for an area type that occurs.
    GeoError
        ``parameter_value`` for a standard that is not a positive number, or an unknown level.
    """
    _check_parameters(level, standard_m)
    _check_frames(households, centers, land)
    zone = _zone(households, centers, land)
    homes, sites = households.to_crs(zone), _eligible(centers, level).to_crs(zone)
    units = _land(land, zone, area_types, profile)
    villages = _villages_of(homes, units)
    kinds = np.array([area_types.get(v, profile.rural_default) for v in villages], dtype=np.str_)

    def standard(kind: AreaType) -> float:
        return profile.standard_m(level, kind) if standard_m is None else float(standard_m)

    standards = {kind: standard(kind) for kind in get_args(AreaType) if kind in kinds}
    limits = np.array([standards[kind] for kind in kinds.tolist()], dtype=np.float64)
    near = nearest_center(homes, sites)
    distance = near["distance_m"].to_numpy()
    served = distance <= limits
    out = ~served
    xy = places_of(homes.geometry.array)[out]
    radii = {kind: standard(kind) for kind in get_args(AreaType) if kind in units.area_types}
    shapes, member = find_areas(
        units,
        places_of(sites.geometry.array),
        radii,
        xy,
        limits[out],
        split=split_large,
        include_empty=include_empty,
    )
    unserved = households[out].assign(
        nearest_center=near["center"][out].map(centers["code"].astype(object), na_action="ignore"),
        distance_m=distance[out],
        standard_m=limits[out],
    )
    areas, ranks = _rank(unserved, villages[out], shapes, member, zone)
    people = counts_of(households, "residents")
    return ServiceGaps(
        level=level,
        standards=standards,
        households=len(households),
        residents=int(people.sum()),
        unserved=unserved.assign(area_rank=ranks[member]),
        areas=areas,
        shares=_shares(villages, kinds, served, people),
    )


def _check_parameters(level: str, standard_m: float | None) -> None:
    if level not in CENTER_LEVELS:
        details = {"name": "level", "value": level, "allowed": ", ".join(CENTER_LEVELS)}
        raise GeoError(Problem("parameter_value", details, field="level"))
    if standard_m is not None and not 0 < standard_m < np.inf:
        details = {"name": "standard_m", "value": str(standard_m), "allowed": "> 0"}
        raise GeoError(Problem("parameter_value", details, field="standard_m"))


def _check_frames(
    households: geopandas.GeoDataFrame,
    centers: geopandas.GeoDataFrame,
    land: geopandas.GeoDataFrame | None,
) -> None:
    for frame in (households, centers, land):
        if frame is not None:
            require_crs(frame)
    missing = sorted({"code", "level"} - set(centers.columns))
    if land is not None and "village_code" not in land:
        missing.append("village_code")
    if missing:
        raise FrameError(Problem("column_missing", {"columns": ", ".join(missing)}))
    for frame in (households, centers):
        xy = places_of(frame.geometry.array)
        lost = np.flatnonzero(~np.isfinite(xy).all(axis=1))
        if len(lost):
            raise FrameError(
                [
                    Problem("bad_coordinate", {"x": xy[i, 0], "y": xy[i, 1]}, row=int(i) + 1)
                    for i in lost
                ]
            )


def _zone(*frames: geopandas.GeoDataFrame | None) -> pyproj.CRS:
    """Return the metric zone of the first frame that has rows; with no row at all any will do."""
    for frame in frames:
        if frame is not None and len(frame):
            return metric_crs_of(frame)
    return metric_crs(108.0, 34.0)


def _eligible(centers: geopandas.GeoDataFrame, level: CenterLevel) -> geopandas.GeoDataFrame:
    enough = CENTER_LEVELS[: CENTER_LEVELS.index(level) + 1]
    return centers[centers["level"].isin(enough)]


def _land(
    land: geopandas.GeoDataFrame | None,
    zone: pyproj.CRS,
    area_types: Mapping[str, AreaType],
    profile: Profile,
) -> Land:
    if land is None or land.empty:
        nothing = np.array([], dtype=np.str_)
        return Land(np.array([], dtype=object), nothing, nothing)
    shapes = np.asarray(land.geometry.to_crs(zone).array)
    standing = are_polygons(shapes)
    villages = _texts(land["village_code"])[standing]
    kinds = np.array([area_types.get(v, profile.rural_default) for v in villages], dtype=np.str_)
    return Land(repair(shapes[standing]), villages, kinds)


def _texts(column: pd.Series) -> NDArray[np.str_]:
    return np.asarray(column.astype("string").fillna(""), dtype=np.str_)


def _villages_of(homes: geopandas.GeoDataFrame, land: Land) -> NDArray[np.str_]:
    """Return each household's village: as registered, else of the land it is on, else ``""``."""
    villages = np.full(len(homes), "", dtype=object)
    if "village_code" in homes:
        villages[:] = _texts(homes["village_code"])
    unknown = np.flatnonzero(villages == "")
    if len(unknown) and len(land.shapes):
        index = GridIndex(land.villages.tolist(), land.shapes)
        position = index.locate(*places_of(homes.geometry.array)[unknown].T)
        villages[unknown[position >= 0]] = land.villages[position[position >= 0]]
    return villages.astype(np.str_)


def _rank(
    unserved: geopandas.GeoDataFrame,
    villages: NDArray[np.str_],
    shapes: NDArray[np.object_],
    member: NDArray[np.int64],
    zone: pyproj.CRS,
) -> tuple[geopandas.GeoDataFrame, NDArray[np.int64]]:
    """Return the ranked areas, and the rank of each shape."""
    count = len(shapes)
    table = pd.DataFrame(
        {
            "households": np.bincount(member, minlength=count),
            "residents": _sums(counts_of(unserved, "residents"), member, count),
            "elderly": _sums(counts_of(unserved, "elderly"), member, count),
            "area_m2": shapely.area(shapes),
        }
    )
    ways = pd.DataFrame(
        {
            "piece": member,
            "center": unserved["nearest_center"].to_numpy(dtype=object),
            "distance_m": unserved["distance_m"].to_numpy(),
            "village": villages,
        }
    )
    first = (
        ways.dropna(subset=["center"])
        .sort_values(["distance_m", "center"], kind="stable")
        .drop_duplicates("piece")
        .set_index("piece")
    )
    table["nearest_center"] = first["center"].reindex(table.index).astype(object)
    table["nearest_distance_m"] = first["distance_m"].reindex(table.index)
    table["farthest_household_m"] = ways.groupby("piece")["distance_m"].max().reindex(table.index)
    named = ways[ways["village"] != ""].groupby("piece")["village"].unique()
    table["villages"] = [tuple(sorted(named.get(piece, ()))) for piece in table.index]
    # pieces come in a fixed order, so equal ones keep it
    order = table.sort_values(
        ["residents", "households", "area_m2"], ascending=False, kind="stable"
    ).index.to_numpy()
    ranks = np.empty(count, dtype=np.int64)
    ranks[order] = np.arange(1, count + 1)
    stored = geopandas.GeoSeries(shapes, crs=zone).to_crs(STORE_CRS)
    # a needle between reach and border may cross itself once its nodes are rounded
    drawn = repair(to_lattice(np.asarray(stored.array)))
    areas = geopandas.GeoDataFrame(table, geometry=drawn, crs=STORE_CRS)
    areas = areas.iloc[order].reset_index(drop=True)
    areas.insert(0, "rank", np.arange(1, count + 1))
    return areas, ranks


def _sums(values: NDArray[np.float64], member: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return np.bincount(member, weights=values, minlength=count).astype(np.int64)


def _shares(
    villages: NDArray[np.str_],
    kinds: NDArray[np.str_],
    served: NDArray[np.bool_],
    people: NDArray[np.float64],
) -> pd.DataFrame:
    names, of_village = np.unique(villages, return_inverse=True)
    towns = np.array([next(iter(ancestors(name)), "") for name in names], dtype=object)
    table = pd.DataFrame(
        {
            "township": towns[of_village] if len(names) else of_village.astype(object),
            "village": villages,
            "area_type": kinds,
            "households": 1,
            "served": served.astype(np.int64),
            "residents": people.astype(np.int64),
            "residents_served": (people * served).astype(np.int64),
        }
    )
    numbers = ["households", "served", "residents", "residents_served"]
    parts = []
    for by in ("township", "village", "area_type"):
        part = table.groupby(by)[numbers].sum().rename_axis("code").reset_index()
        part.insert(0, "by", by)
        parts.append(part)
    shares = pd.concat(parts, ignore_index=True)
    shares.insert(4, "share", shares["served"] / shares["households"])
    return shares
