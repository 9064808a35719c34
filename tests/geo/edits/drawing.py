"""Villages drawn by letters, and lines on them in metres: for tests one can look at.

A letter is a grid, its code ends in the letter's number (a = 001). Places are in units of the
drawing from its lower left corner; one unit is 100 m.
"""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely

from geo.crs import STORE_CRS, to_store
from geo.edits import Partition
from tests.geo.cells import CRS, ORIGIN, drawn
from tests.geo.edits.villages import WEST, Case

SIZE = 100.0
_BACK = pyproj.Transformer.from_crs(CRS, STORE_CRS, always_xy=True)


def code(letter: str) -> str:
    return f"{WEST}{ord(letter) - ord('a') + 1:03d}"


def village(
    picture: str, *, locked: str = "", households=(), outline: bool = True, size: float = SIZE
) -> Case:
    """Return the case of a drawing, households at the given places."""
    frame = to_store(drawn(picture, size=size))
    letters = frame["code"]
    shapes = np.asarray(frame.geometry)
    grids = geopandas.GeoDataFrame(
        {
            "code": [code(letter) for letter in letters],
            "name": letters.tolist(),
            "village_code": WEST,
            "kind": "basic",
            "parent_code": pd.Series([None] * len(frame), dtype=object),
            "locked": [letter in locked for letter in letters],
        },
        geometry=shapes,
        crs=STORE_CRS,
    )
    whole = shapely.coverage_union_all(shapes) if outline else None
    villages = geopandas.GeoDataFrame(
        {"code": [WEST], "locked": [False]}, geometry=[whole], crs=STORE_CRS
    )
    natural = geopandas.GeoDataFrame(
        {
            "id": range(1, len(frame) + 1),
            "code": [f"nv-{x}" for x in letters],
            "village_code": WEST,
        },
        geometry=shapes,
        crs=STORE_CRS,
    )
    points = lonlat(*households) if len(households) else []
    people = geopandas.GeoDataFrame(
        {"code": [f"h{i}" for i in range(len(points))]},
        geometry=[shapely.Point(xy) for xy in points],
        crs=STORE_CRS,
    )
    partition = Partition(grids, villages, natural, frozenset(grids["code"]))
    return Case(partition, people, pyproj.CRS(CRS), f"village({picture!r})")


def lonlat(*places, size: float = SIZE) -> list[list[float]]:
    """Return places of the drawing as lon/lat."""
    xy = np.asarray(places, dtype=float).reshape(-1, 2) * size + ORIGIN
    return np.column_stack(_BACK.transform(*xy.T)).tolist()


def line(*places, size: float = SIZE) -> dict:
    return {"type": "LineString", "coordinates": lonlat(*places, size=size)}


def area(*rings, size: float = SIZE) -> dict:
    """Return a polygon; each ring is a list of places, closed or not."""
    closed = [ring if tuple(ring[0]) == tuple(ring[-1]) else [*ring, ring[0]] for ring in rings]
    return {"type": "Polygon", "coordinates": [lonlat(*ring, size=size) for ring in closed]}


def place(x: float, y: float) -> list[float]:
    return lonlat((x, y))[0]


def shape(case: Case, letter: str) -> shapely.Geometry:
    """Return a grid in units of the drawing."""
    grids = case.partition.grids.to_crs(CRS)
    found = grids.set_index("code").geometry[code(letter)]
    return shapely.transform(found, lambda xy: (xy - ORIGIN) / SIZE)
