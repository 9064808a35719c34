"""What an analysis reads of the store: frames, names, area types and the rules in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from api.refusals import Conflict
from data import centers, divisions, grids, households, natural_villages, profiles
from data.lines import Lines
from geo.codes import area_type_of
from geo.profiles import AreaType, Profile
from geo.service.columns import grids_of
from geo.service.land import Land
from geo.service.question import project


@dataclass(frozen=True)
class County:
    """Households of the scope, every center, and the land the households live on.

    Parameters
    ----------
    households, centers, land
        Frames in the store's CRS.
    names
        Division code → name.
    area_types
        Village code → area type.
    profile
        The rule set in force.
    grids
        Grids of the scope: in force, or of a draft.
    """

    households: gpd.GeoDataFrame
    centers: gpd.GeoDataFrame
    land: gpd.GeoDataFrame | None
    names: Mapping[str, str]
    area_types: Mapping[str, AreaType]
    profile: Profile
    grids: gpd.GeoDataFrame | None = None

    def land_in(self, zone: int) -> Land:
        """Return the land in a metric zone (EPSG code)."""
        return Land.of(self.land, zone, self.area_types, self.profile.rural_default)

    def grids_of_homes(self, zone: int) -> pd.Categorical:
        """Return the grid of each household, by place in a metric zone."""
        return grids_of(self.households, project(self.households, zone), self.grids, zone)


def fetch_county(connection: sa.Connection, scope: str | None, plan: UUID | None = None) -> County:
    """Read what a service analysis needs; centers of neighbours serve too, so all of them.

    Parameters
    ----------
    plan
        The plan whose draft the grids are of; None for those in force.

    Raises
    ------
    Conflict
        ``layer_empty`` when there are no households or no centers.
    """
    people = households.fetch_frame(connection, scope=scope)
    points = centers.fetch_frame(connection)
    for layer, frame in (("households", people), ("centers", points)):
        if frame.empty:
            raise Conflict("layer_empty", layer=layer)
    drawn = grids.fetch_lines(connection, Lines(plan=plan), scope=scope)
    land = natural_villages.fetch_frame(connection, scope=scope)
    if land.empty:
        land = drawn
    profile = profiles.fetch_default(connection)
    units = divisions.fetch_frame(connection)
    return County(
        households=people,
        centers=points,
        land=land,
        names=dict(zip(units["code"], units["name"], strict=True)),
        area_types=area_types_of(units, profile),
        profile=profile,
        grids=drawn,
    )


def area_types_of(units: gpd.GeoDataFrame, profile: Profile) -> dict[str, AreaType]:
    """Return village code → area type: as given, else by the urban–rural class."""
    villages = units[units["level"] == "village"]
    rows = villages[["code", "area_type", "urban_rural_class"]].to_dict("records")
    return {row["code"]: area_type_of_unit(row, profile) for row in rows}


def area_type_of_unit(unit: Mapping[Any, Any] | None, profile: Profile) -> AreaType:
    """Return the area type of a village; of one that is unknown the profile's rural default."""
    given = (unit or {}).get("area_type")
    if isinstance(given, str) and given:
        return cast("AreaType", given)
    kind = (unit or {}).get("urban_rural_class")
    return area_type_of(
        kind if isinstance(kind, str) else None, rural_default=profile.rural_default
    )
