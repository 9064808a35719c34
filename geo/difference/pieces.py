"""The land two sets of grids have in common, pair by pair."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.partition import THICKNESS_M
from geo.zones import project_shapes

_THINNEST_M2 = np.pi * (THICKNESS_M / 2) ** 2  # a disc of that diameter

Positions = NDArray[np.int64]


class Pieces(NamedTuple):
    """Land in a grid before and in a grid after, one entry a pair of grids.

    ``before`` and ``after`` are positions, ``area_m2`` is everything they have in common and
    ``planar`` the same in square degrees, where pieces of a whole add up to it to the last digits;
    ``thick_m2`` and ``shape`` are what of it is thicker than 1 mm (None where nothing is).
    """

    before: Positions
    after: Positions
    area_m2: NDArray[np.float64]
    planar: NDArray[np.float64]
    thick_m2: NDArray[np.float64]
    shape: NDArray[np.object_]


def find_pieces(
    before: NDArray[np.object_], after: NDArray[np.object_], zones: NDArray[np.int64]
) -> Pieces:
    """Find what each shape before has in common with each shape after.

    Parameters
    ----------
    before, after
        Valid polygons in EPSG:4490. Corners of pieces that are corners of the shapes have their
        coordinates to the last bit.
    zones
        Metric zone of each shape before: what it loses is measured there.

    Returns
    -------
    Pieces
        Ordered by position before, then after.
    """
    second, first = shapely.STRtree(before).query(after)
    order = np.lexsort([second, first])
    first, second = first[order], second[order]
    shapely.prepare(before)
    shapely.prepare(after)
    # a third of the time: most neighbours only touch, and of a split or a merge nothing is cut
    inner = shapely.covers(before[first], after[second])
    outer = shapely.covers(after[second], before[first])
    cut = np.flatnonzero(~(inner | outer))
    cut = cut[shapely.relate_pattern(before[first[cut]], after[second[cut]], "2********")]
    common = np.full(len(first), None, dtype=object)
    common[inner] = after[second[inner]]
    common[outer] = before[first[outer]]
    common[cut] = shapely.intersection(before[first[cut]], after[second[cut]])
    some = ~shapely.is_missing(common)
    first, second, common = first[some], second[some], common[some]
    area, thick, shape = measure_pieces(common, zones[first])
    return Pieces(first, second, area, shapely.area(common), thick, shape)


def measure_pieces(
    shapes: NDArray[np.object_], zones: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.object_]]:
    """Return the area of each shape in its zone; area and shape of its parts thicker than 1 mm.

    Parameters
    ----------
    shapes
        EPSG:4490, what an overlay gave: lines and points among the polygons are left out. A shape
        without a thick part gives None.
    """
    collected, of_shape = shapely.get_parts(shapes, return_index=True)
    parts, within = shapely.get_parts(collected, return_index=True)
    owner = of_shape[within]
    polygons = shapely.get_dimensions(parts) == 2
    parts, owner = parts[polygons], owner[polygons]
    metric = project_shapes(parts, zones[owner])
    area, length = shapely.area(metric), shapely.length(metric)
    # land nowhere thicker than t has an area below its outline × t: what has more need not be tried
    thick = area > length * THICKNESS_M
    doubtful = np.flatnonzero(~thick & (area > _THINNEST_M2))
    shrunk = shapely.buffer(metric[doubtful], -THICKNESS_M / 2, quad_segs=4)
    thick[doubtful] = ~shapely.is_empty(shrunk)
    total, thick_m2 = np.zeros((2, len(shapes)))
    np.add.at(total, owner, area)
    np.add.at(thick_m2, owner[thick], area[thick])
    kept = np.full(len(shapes), None, dtype=object)
    one = np.bincount(owner[thick], minlength=len(shapes)) == 1
    alone = thick & one[owner]
    kept[owner[alone]] = parts[alone]
    several = np.flatnonzero(thick & ~one[owner])
    if len(several):
        wholes, place = np.unique(owner[several], return_inverse=True)
        kept[wholes] = shapely.multipolygons(parts[several], indices=place)
    return total, thick_m2, kept
