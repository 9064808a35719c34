"""The units of a question about merges: from the store or a draft, with where their people are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa
from numpy.typing import NDArray

from api.refusals import Conflict
from api.schemas_merge_runs import Unit
from api.services.county import area_types_of
from data import centers, divisions, grids, natural_villages, profiles
from data import households as household_store
from data.lines import Lines
from data.plan_locks import Locks, fetch_locks
from geo.crs import metric_crs_of, zone_transformer
from geo.indicators import COUNTS, People, members_of
from geo.locate import GridIndex
from geo.profiles import AreaType, Profile

LAYERS: Mapping[Unit, str] = {
    "grid": "grids",
    "natural_village": "natural_villages",
    "village": "villages",
}
# Urban–rural classes (statistics bureau) of a town's own centre and of a township's seat.
SEAT_CLASSES = ("121", "210")
_MEASURES = ("households", "residents", "registered")
_MARGIN = 1e-4  # degrees: nobody on an outline is missed


@dataclass(frozen=True)
class StoredUnits:
    """Units with all that the engine and the answer need.

    Parameters
    ----------
    unit
        What they are.
    frame
        Metric CRS, index: codes. ``name``, ``households``, ``residents``, ``registered``,
        ``township``, ``village_code``, ``village`` (what a group stays in: the village, of a grid
        in a big grid that one), ``kind`` (area type), ``locked``, ``seat``, ``x``, ``y``,
        and for natural villages ``grid``, the grid each lies in.
    names
        Division code → name.
    profile
        The rule set in force.
    """

    unit: Unit
    frame: gpd.GeoDataFrame
    names: Mapping[str, str]
    profile: Profile


def fetch_units(
    connection: sa.Connection,
    unit: Unit,
    *,
    scope: str | None,
    plan: UUID | None,
    zone: int | None = None,
) -> StoredUnits:
    """Read the units of a scope: grids of the lines in force or of a draft, or settlements.

    Parameters
    ----------
    zone
        Metric zone to bring them to (EPSG code); None for the one of their middle.

    Raises
    ------
    Conflict
        ``layer_empty``.
    """
    rows = _fetch_rows(connection, unit, scope, plan)
    if rows.empty:
        raise Conflict("layer_empty", layer=LAYERS[unit])
    profile = profiles.fetch_default(connection)
    land = divisions.fetch_frame(connection)
    kinds = area_types_of(land, profile)
    people = _fetch_people(connection, rows)
    member = members_of(rows, people)
    if unit != "grid" and len(people):
        rows = _count(rows, people, member)
    locks = fetch_locks(connection, plan)
    rows["kind"] = _kinds_of(rows, kinds, profile)
    rows["seat"] = rows["village_code"].isin(_seats(connection, land)).to_numpy(bool)
    if unit == "natural_village":
        rows["grid"] = _grids_of(connection, rows, scope, plan)
    rows["locked"] = rows["locked"].to_numpy(bool) | _locked(rows, unit, locks)
    crs = metric_crs_of(rows) if zone is None else zone
    frame = rows.set_index(pd.Index(rows["code"].astype(str), name="code")).to_crs(crs)
    frame["x"], frame["y"] = _places(people, member, len(rows), int(frame.crs.to_epsg())).T
    names = dict(zip(land["code"], land["name"].fillna(""), strict=True))
    return StoredUnits(unit, frame.drop(columns="code"), names, profile)


def fetch_sizes(
    connection: sa.Connection, unit: Unit, *, scope: str | None, plan: UUID | None
) -> tuple[pd.DataFrame, Profile]:
    """Read how many live in each unit, and its area type: what counting needs.

    Returns
    -------
    tuple
        Index: codes; columns ``households``, ``residents``, ``kind``; and the rule set in force.
    """
    rows = _fetch_rows(connection, unit, scope, plan)
    profile = profiles.fetch_default(connection)
    kinds = area_types_of(divisions.fetch_frame(connection), profile)
    if unit != "grid" and not rows.empty:
        people = _fetch_people(connection, rows)
        if len(people):
            rows = _count(rows, people, members_of(rows, people))
    sizes = pd.DataFrame(rows[["households", "residents"]])
    sizes = sizes.assign(kind=_kinds_of(rows, kinds, profile))
    return sizes.set_axis(rows["code"].astype(str), axis=0), profile


def _fetch_rows(
    connection: sa.Connection, unit: Unit, scope: str | None, plan: UUID | None
) -> gpd.GeoDataFrame:
    """Return ``code``, ``name``, ``township``, ``village``, ``locked``, counts and shapes."""
    if unit == "grid":
        found = grids.fetch_lines(connection, Lines(plan=plan), scope=scope)
        found = _smallest(found)
        village = found["village_code"].fillna("")
        # those of a big grid stay in it
        whole = found["parent_code"].where(found["nested"], village).astype(str)
        # made for one park, school or market: not for joining with what lies around
        locked = (found["kind"] == "dedicated").to_numpy(bool)
    elif unit == "natural_village":
        found = natural_villages.fetch_frame(connection, scope=scope)
        village, locked = found["village_code"].fillna(""), np.zeros(len(found), bool)
    else:
        found = _villages(connection, scope, plan)
        village, locked = found["code"], np.zeros(len(found), bool)
    if unit != "grid":
        whole = village.astype(str)
    table = pd.DataFrame(
        {
            "code": found["code"].astype(str),
            "name": found["name"].fillna("").astype(str),
            "township": [code[:9] if len(code) >= 9 else "" for code in village],
            "village": whole,
            "village_code": village.astype(str),
            "locked": locked,
            **{name: _column(found, name) for name in _MEASURES},
        }
    )
    return gpd.GeoDataFrame(table, geometry=found.geometry, crs=found.crs).reset_index(drop=True)


def _villages(connection: sa.Connection, scope: str | None, plan: UUID | None) -> gpd.GeoDataFrame:
    """Return the villages; one without an outline is as large as its grids together."""
    found = divisions.fetch_frame(connection, scope=scope)
    found = found[found["level"] == "village"]
    bare = found.geometry.isna().to_numpy()
    if bare.any():
        lines = grids.fetch_lines(connection, Lines(plan=plan), scope=scope)
        shapes = pd.Series(np.asarray(lines.geometry.array, dtype=object), lines.index)
        wholes = shapes.groupby(lines["village_code"]).agg(
            lambda parts: shapely.union_all(parts.to_numpy())
        )
        drawn = np.asarray(found.geometry.array, dtype=object)
        drawn[bare] = found["code"][bare].map(wholes).replace({np.nan: None}).to_numpy(dtype=object)
        found = found.set_geometry(drawn, crs=found.crs)
    # none has a place: there is nothing to look at
    return found if found.geometry.notna().any() else found.iloc[:0]


def _smallest(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the grids that have no others inside; ``nested`` tells which are in a big grid."""
    codes = set(found["code"])
    nested = found["parent_code"].isin(codes)
    big = set(found.loc[nested, "parent_code"])
    return gpd.GeoDataFrame(found.assign(nested=nested)[~found["code"].isin(big)])


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        return pd.Series(pd.array([pd.NA] * len(frame), dtype="Int64"), index=frame.index)
    return frame[name].astype("Int64")


def _fetch_people(connection: sa.Connection, rows: gpd.GeoDataFrame) -> People:
    """Return the households around: those of a scope only, if there is one."""
    west, south, east, north = rows.total_bounds.tolist()
    if not np.isfinite([west, south, east, north]).all():
        return People(np.zeros((0, 2)), np.zeros((0, len(COUNTS)), np.int64))
    box = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    return household_store.fetch_people(connection, boxes=[box])


def _count(rows: gpd.GeoDataFrame, people: People, member: NDArray[np.int64]) -> gpd.GeoDataFrame:
    """Count the households that stand in each unit, as those of grids are counted."""
    inside = member >= 0
    home = member[inside]
    counts = {"households": np.bincount(home, minlength=len(rows))}
    for name in ("residents", "registered"):
        weights = people.counts[inside, COUNTS.index(name)]
        counts[name] = np.bincount(home, weights=weights, minlength=len(rows))
    return rows.assign(
        **{name: pd.array(values.astype(np.int64), "Int64") for name, values in counts.items()}
    )


def _kinds_of(
    rows: pd.DataFrame, kinds: Mapping[str, AreaType], profile: Profile
) -> NDArray[np.object_]:
    return np.array(
        [kinds.get(village, profile.rural_default) for village in rows["village_code"]],
        dtype=object,
    )


def _seats(connection: sa.Connection, land: gpd.GeoDataFrame) -> set[str]:
    """Return the villages that are a township's seat: by their class, else by its center."""
    villages = land[land["level"] == "village"]
    classes = villages["urban_rural_class"]
    if classes.notna().any():
        return set(villages.loc[classes.isin(SEAT_CLASSES), "code"])
    points = centers.fetch_frame(connection)
    return set(points.loc[points["level"] == "township", "village_code"].dropna())


def _grids_of(
    connection: sa.Connection, rows: gpd.GeoDataFrame, scope: str | None, plan: UUID | None
) -> NDArray[np.object_]:
    """Return the code of the grid that a point inside each natural village lies in, ``""``."""
    lines = grids.fetch_lines(connection, Lines(plan=plan), scope=scope)
    lines = _smallest(lines)
    index = GridIndex(lines["code"].tolist(), np.asarray(lines.geometry.array))
    points = shapely.point_on_surface(np.asarray(rows.geometry.array))
    found = index.locate(shapely.get_x(points), shapely.get_y(points))
    codes = np.array([*lines["code"], ""], dtype=object)
    return np.asarray(codes[found])


def _locked(rows: pd.DataFrame, unit: Unit, locks: Locks) -> NDArray[np.bool_]:
    by_village = rows["village_code"].isin(locks.villages).to_numpy(bool)
    if unit == "village":
        return by_village
    grid = rows["code" if unit == "grid" else "grid"]
    return np.asarray(by_village | grid.isin(locks.grids).to_numpy(bool))


def _places(
    people: People, member: NDArray[np.int64], count: int, zone: int
) -> NDArray[np.float64]:
    """Return where the people of each unit are: the household nearest to the middle of them all.

    A household's own place, because the middle may lie in a river or on a cliff; NaN where nobody
    lives.
    """
    inside = np.flatnonzero(member >= 0)
    home = member[inside]
    xy = np.column_stack(zone_transformer(zone).transform(*people.xy[inside].T)).reshape(-1, 2)
    number = np.bincount(home, minlength=count)
    with np.errstate(invalid="ignore"):
        middle = np.column_stack(
            [np.bincount(home, weights=xy[:, k], minlength=count) / number for k in (0, 1)]
        )
    away = np.round(((xy - middle[home]) ** 2).sum(axis=1), 3)
    order = np.lexsort((xy[:, 1], xy[:, 0], away, home))
    first = order[np.flatnonzero(np.diff(home[order], prepend=-1))]
    places = np.full((count, 2), np.nan)
    places[home[first]] = xy[first]
    return places
