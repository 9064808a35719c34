"""Partitions drawn by letters, and lines and areas given in squares of the drawing."""

import geopandas
import numpy as np
import shapely

from geo.crs import to_store
from geo.edits import Partition, attempt, parse_edit
from tests.geo.cells import CRS, ORIGIN, drawn, outline

VILLAGE = "500229001001"
SIZE = 100.0


def partition(picture, *, boundary=None, locked="", villages=None, natural=None, hide=""):
    """Return the partition of a drawing: grid ``a`` has the code VILLAGE + 001, and so on.

    Parameters
    ----------
    boundary
        The village's outline as a drawing of its own (one letter); else the union of the grids.
    locked
        Letters of locked grids.
    villages
        Letter → village code of grids of other villages.
    natural
        Drawing of the natural villages; their codes are its letters.
    hide
        Letters whose land is left out: gaps.
    """
    cells = drawn(picture, size=SIZE)
    shape = {VILLAGE: outline(cells)}
    if villages:
        by_village = {}
        for letter, cell in zip(cells["code"], cells.geometry, strict=True):
            by_village.setdefault(villages.get(letter, VILLAGE), []).append(cell)
        shape = {v: shapely.coverage_union_all(shapes) for v, shapes in by_village.items()}
    if boundary is not None:
        shape[VILLAGE] = outline(drawn(boundary, size=SIZE))
    cells = cells[~cells["code"].isin(list(hide))].reset_index(drop=True)
    letters = cells["code"]
    of = [(villages or {}).get(letter, VILLAGE) for letter in letters]
    cells["village_code"] = of
    cells["code"] = [village + number(letter) for village, letter in zip(of, letters, strict=True)]
    cells["name"] = [f"网格{letter}" for letter in letters]
    cells["kind"] = "basic"
    cells["parent_code"] = None
    cells["locked"] = [letter in locked for letter in letters]
    units = geopandas.GeoDataFrame(
        {"code": list(shape), "locked": False}, geometry=list(shape.values()), crs=CRS
    )
    settlements = None
    if natural is not None:
        settlements = drawn(natural, size=SIZE)
        settlements["village_code"] = VILLAGE
        settlements["id"] = range(1, len(settlements) + 1)
        settlements = to_store(settlements)
    taken = frozenset(cells["code"])
    return Partition(to_store(cells), to_store(units), settlements, taken)


def number(letter):
    return f"{ord(letter) - ord('a') + 1:03d}"


def code(letter):
    return VILLAGE + number(letter)


def lonlat(*places):
    """Return positions [lon, lat] of places given in squares of the drawing."""
    xy = np.asarray(places, dtype=float).reshape(-1, 2) * SIZE + ORIGIN
    points = geopandas.GeoSeries(shapely.points(xy), crs=CRS).to_crs(4490)
    return [[p.x, p.y] for p in points]


def line(*places):
    return {"type": "LineString", "coordinates": lonlat(*places)}


def area(*places):
    ring = lonlat(*places)
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def perform(partition, **edit):
    """Try an edit given as JSON."""
    return attempt(partition, parse_edit(edit))


def sizes(grids):
    """Return code suffix → area in squares of the drawing, rounded to a thousandth."""
    metric = grids.to_crs(CRS)
    squares = (metric.area / SIZE**2).round(3)
    return dict(zip(grids["code"].str[-3:], squares, strict=True))


def nodes_of(grids, wanted):
    shape = grids.geometry[grids["code"] == wanted].iloc[0]
    return {(x, y) for x, y in shapely.get_coordinates(shape).tolist()}
