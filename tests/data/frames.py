"""Small layer frames with whole numbers, as the readers make them."""

from datetime import UTC, datetime

import geopandas
import numpy as np
import pandas as pd
import shapely

from data.importers.read import empty_frame
from geo.crs import to_lattice
from geo.frames import LAYERS

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LATER = datetime(2026, 12, 1, tzinfo=UTC)
VILLAGE = "500229001001"


def make_frame(layer: str, rows: list[dict], shapes: list) -> geopandas.GeoDataFrame:
    """Return a layer frame; what a row does not name is missing."""
    empty = empty_frame(layer)
    columns = {
        field.name: pd.Series([row.get(field.name) for row in rows]).astype(empty[field.name].dtype)
        for field in LAYERS[layer].fields
    }
    numbers = pd.Series(range(1, len(rows) + 1))
    placed = to_lattice(np.array(shapes, dtype=object))
    return geopandas.GeoDataFrame(columns | {"row": numbers}, geometry=placed, crs="EPSG:4490")


def make_grids(*codes: str, village: str = VILLAGE, **values) -> geopandas.GeoDataFrame:
    """Return grids of 0.01° side by side from 108 E, 31 N::

    +---+---+---+
    | 0 | 1 | 2 |
    +---+---+---+
    """
    rows = [{"code": code, "village_code": village, "kind": "basic"} | values for code in codes]
    boxes = [shapely.box(108 + i / 100, 31, 108 + (i + 1) / 100, 31.01) for i in range(len(codes))]
    return make_frame("grids", rows, boxes)


def make_households(places: list[tuple[float, float]], **values) -> geopandas.GeoDataFrame:
    """Return households H0, H1 … with residents 1, 2 …"""
    rows = [
        {"code": f"H{i}", "residents": i + 1, "village_code": VILLAGE} | values
        for i in range(len(places))
    ]
    return make_frame("households", rows, shapely.points(places).tolist())


def make_divisions() -> geopandas.GeoDataFrame:
    """Return a county of one township with two villages, side by side::

    108    108.03    108.06
    +--------+--------+ 31.01
    |  001   |  002   |
    +--------+--------+ 31
    """
    # with the nodes of the grids: a straight line in degrees is none in metres
    west, east, whole = shapely.segmentize(
        [
            shapely.box(108, 31, 108.03, 31.01),
            shapely.box(108.03, 31, 108.06, 31.01),
            shapely.box(108, 31, 108.06, 31.01),
        ],
        0.0101,
    )
    rows = [
        {"code": "500229", "name": "城口县", "level": "county"},
        {"code": "500229001", "name": "葛城街道", "level": "township"},
        {
            "code": "500229001001",
            "name": "土城社区",
            "level": "village",
            "urban_rural_class": "121",
        },
        {"code": "500229001002", "name": "凤凰社区", "level": "village"},
    ]
    return make_frame("divisions", rows, [whole, whole, west, east])
