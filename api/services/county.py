"""What an analysis reads of the store: frames, names, area types and the rules in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import sqlalchemy as sa

from api.refusals import Conflict
from data import centers, divisions, grids, households, natural_villages, profiles
from geo.codes import area_type_of
from geo.profiles import Profile


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
    """

    households: gpd.GeoDataFrame
    centers: gpd.GeoDataFrame
    land: gpd.GeoDataFrame
    names: Mapping[str, str]
    area_types: Mapping[str, str]
    profile: Profile


def fetch_county(connection: sa.Connection, scope: str | None) -> County:
    """Read what a service analysis needs; centers of neighbours serve too, so all of them.

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
    land = natural_villages.fetch_frame(connection, scope=scope)
    if land.empty:
        land = grids.fetch_frame(connection, scope=scope)
    profile = profiles.fetch_default(connection)
    units = divisions.fetch_frame(connection)
    return County(
        households=people,
        centers=points,
        land=land,
        names=dict(zip(units["code"], units["name"], strict=True)),
        area_types=area_types_of(units, profile),
        profile=profile,
    )


def area_types_of(units: gpd.GeoDataFrame, profile: Profile) -> dict[str, str]:
    """Return village code → area type: as given, else by the urban–rural class."""
    villages = units[units["level"] == "village"]
    return {
        code: given
        if isinstance(given, str) and given
        else area_type_of(
            klass if isinstance(klass, str) else None, rural_default=profile.rural_default
        )
        for code, given, klass in zip(
            villages["code"], villages["area_type"], villages["urban_rural_class"], strict=True
        )
    }
