"""The way from a place to its center, as a run measures it: for the map, one at a time."""

from __future__ import annotations

import uuid

import geopandas as gpd
import numpy as np
import shapely
import sqlalchemy as sa

from api.refusals import NotFound
from api.services import analyses, runs
from api.services.asking import UNITS, in_unit
from api.services.caller import Caller
from api.services.geojson import geometry_json
from api.services.ground import Ground
from api.services.shapes import Json
from api.services.shelf import Shelf
from data import centers, profiles
from geo.crs import STORE_CRS, metric_zone, zone_transformer
from geo.profiles import CENTER_LEVELS
from geo.reach.line import StraightLine
from geo.reach.matrix import State


def trace_way(
    connection: sa.Connection,
    shelf: Shelf,
    run: uuid.UUID,
    place: tuple[float, float],
    *,
    center: str | None,
    caller: Caller,
) -> Json:
    """Trace the way from a place to its nearest center, or to a center that is named.

    Parameters
    ----------
    place
        Longitude, latitude.

    Raises
    ------
    NotFound
        When there is no such run or center.
    """
    shown = runs.show(connection, run, caller)
    parameters = shown["parameters"]
    plan = None if shown["plan"] is None else uuid.UUID(shown["plan"])
    ground = Ground(connection, analyses.fetch_input_versions(connection, plan), shelf, plan)
    sites = _eligible(connection, parameters["level"], center)
    zone = ground.zone() or metric_zone(*place)
    travel = profiles.fetch_default(connection).travel
    ways = ground.ways(parameters["mode"], parameters["means"], travel, zone)
    measure = parameters["measure"]
    turn = zone_transformer(zone)
    home = np.array([turn.transform(*place)])
    places = np.column_stack(turn.transform(sites.geometry.x, sites.geometry.y))
    near = ways.nearest(home, places, measure)
    found = int(near.center[0])
    way = None if found < 0 else ways.way(home[0], places[found], measure)
    beside = places if found < 0 else places[[found]]
    straight = StraightLine(travel).nearest(home, beside, "distance")
    chosen = None if found < 0 else sites.iloc[found]
    return {
        "state": State(int(near.state[0])).name.lower(),
        "unit": UNITS[measure],
        "cost": None if way is None else in_unit(way.cost, measure),
        "center": None if chosen is None else {"code": chosen["code"], "name": chosen["name"]},
        "straight_m": in_unit(straight.cost[0], "distance"),
        "line": None if way is None else _line(way.line, zone),
    }


def _eligible(connection: sa.Connection, level: str, code: str | None) -> gpd.GeoDataFrame:
    """Return the centers of a level or higher in code order, or the one that is named."""
    frame = centers.fetch_frame(connection)
    enough = CENTER_LEVELS[: CENTER_LEVELS.index(level) + 1]
    frame = frame[frame["level"].isin(enough) if code is None else frame["code"] == code]
    if code is not None and frame.empty:
        raise NotFound("not_found", what="center", id=code)
    return frame.sort_values("code", kind="stable")


def _line(line: shapely.LineString, zone: int) -> Json:
    drawn: Json = geometry_json(gpd.GeoSeries([line], crs=zone).to_crs(STORE_CRS).iloc[0])
    return drawn
