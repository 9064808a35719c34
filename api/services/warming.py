"""Compiling before a planner waits for it: once after installation, then only loading."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.compiled import drop_stale
from geo.address.gazetteer import make_gazetteer
from geo.address.mentions import make_text
from geo.address.near import find_near
from geo.merging import MergeRules, Size, suggest_merges
from geo.reach.heights import Heights
from geo.reach.line import StraightLine
from geo.reach.matrix import Ways
from geo.reach.roads import RoadNetwork
from geo.reach.terrain import Terrain
from geo.service.capacity import assign
from geo.service.hints import find_best_places
from geo.service.uniform import uniform_radius
from geo.travel import Travel

ZONE = 4545


def warm() -> None:
    """Run every compiled loop on three places."""
    homes = np.array([[10.0, 10.0], [50.0, 20.0], [80.0, 10.0]])
    sites = np.array([[20.0, 10.0], [70.0, 20.0]])
    people = np.array([1, 2, 3])
    travel = Travel()
    row = {"code": "1", "road_class": "residential", "oneway": "both"}
    line = shapely.linestrings([[0.0, 0.0], [50.0, 0.0], [100.0, 0.0]])
    roads = gpd.GeoDataFrame([{**row, "speed_kmh": np.nan, "bridge": False}], geometry=[line])
    roads = roads.set_crs(ZONE)
    heights = Heights(np.zeros((5, 5), np.float32), x0=0.0, y0=100.0, cell_m=20.0, zone=ZONE)
    all_ways: tuple[Ways, ...] = (
        StraightLine(travel),
        RoadNetwork.build(roads, "walk", travel),
        Terrain.build(heights, travel=travel, roads=roads),
    )
    for ways in all_ways:
        ways.nearest(homes, sites, "distance")
        reach = ways.within(homes, sites, "distance", 1000.0)
        ways.land(sites, "distance", 100.0)
    capacity = np.array([2.0, np.nan])
    assign(reach, people, capacity)
    uniform_radius(reach, people, capacity, 0.9)
    find_best_places(homes, np.full(3, 50.0), people, np.zeros(3, np.int64))
    boxes = shapely.box([0.0, 100.0, 200.0], 0.0, [100.0, 200.0, 300.0], 100.0)
    units = gpd.GeoDataFrame({"households": people, "township": "T"}, geometry=boxes, crs=ZONE)
    named = pd.DataFrame({"code": ["1"], "name": ["一二村"], "level": ["village"]})
    nearby = named.iloc[:0].assign(village_code="")
    find_near(make_text("一三", latin=False), make_gazetteer(named, nearby), [])
    suggest_merges(units, MergeRules(Size(2), target=Size(3), maximum=Size(9), max_span=1000.0))


if __name__ == "__main__":
    drop_stale()
    warm()
