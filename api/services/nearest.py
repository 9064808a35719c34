"""Nearest service centers by straight line, in the metric zone of the place."""

from __future__ import annotations

from datetime import datetime

import geopandas as gpd
import sqlalchemy as sa

from api.services.shapes import Json
from data import centers, households
from geo.crs import STORE_CRS, metric_crs_of
from geo.reach.straight import nearest_center


def find_nearest_center(
    connection: sa.Connection, lon: float, lat: float, *, at: datetime | None = None
) -> Json | None:
    """Return the center closest to a place (now, or at an instant), None where there are none."""
    place = gpd.GeoDataFrame(geometry=gpd.points_from_xy([lon], [lat]), crs=STORE_CRS)
    points = centers.fetch_frame(connection, at=at)
    if points.empty:
        return None
    zone = metric_crs_of(place)
    found = nearest_center(place.to_crs(zone), points.to_crs(zone)).iloc[0]
    center = points.loc[found["center"]]
    return {
        "code": center["code"],
        "name": center["name"],
        "level": center["level"],
        "distance_m": round(float(found["distance_m"]), 1),
    }


def count_nearest_households(connection: sa.Connection, code: str) -> int:
    """Return how many households have the center ``code`` as their nearest of any level."""
    points = centers.fetch_frame(connection)
    people = households.fetch_frame(connection)
    if points.empty or people.empty:
        return 0
    zone = metric_crs_of(points)
    found = nearest_center(people.to_crs(zone), points.to_crs(zone))
    own = points.index[points["code"] == code]
    return int(found["center"].isin(own).sum())
