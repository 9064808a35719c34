"""How much of a piece of land is in each grid: natural villages among the grids of a draft.

What counts is what counts for an edit: land no thicker than 1 mm is none
(:data:`geo.partition.THICKNESS_M`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.difference.pieces import measure_pieces
from geo.zones import project_shapes, zones_of

Positions = NDArray[np.int64]


class Shares(NamedTuple):
    """For each pair asked: square metres of the land that are in the grid; whether all of it is."""

    area_m2: NDArray[np.float64]
    whole: NDArray[np.bool_]


def measure_shares(
    land: NDArray[np.object_], grids: NDArray[np.object_], pairs: tuple[Positions, Positions]
) -> Shares:
    """Measure how much of a piece of land is in a grid, pair by pair.

    Parameters
    ----------
    land, grids
        Valid polygons, EPSG:4490.
    pairs
        Positions in ``land`` and in ``grids``.

    Returns
    -------
    Shares
        0 and False for a pair that has nothing in common, or nothing thicker than 1 mm.
    """
    mine, theirs = land[pairs[0]], grids[pairs[1]]
    zones = zones_of(mine) if len(mine) else np.empty(0, dtype=np.int64)
    shapely.prepare(grids)
    whole = shapely.covers(theirs, mine)
    area = np.zeros(len(mine))
    area[whole] = shapely.area(project_shapes(mine[whole], zones[whole]))
    cut = np.flatnonzero(~whole)
    # most neighbours only touch
    cut = cut[shapely.relate_pattern(theirs[cut], mine[cut], "2********")]
    if len(cut):
        common = shapely.intersection(mine[cut], theirs[cut])
        area[cut] = measure_pieces(common, zones[cut])[1]
        # a grid that has less than half of the land has not all of it but for a hair
        total = shapely.area(project_shapes(mine[cut], zones[cut]))
        rest = cut[area[cut] >= total / 2]
        over = shapely.difference(mine[rest], theirs[rest])
        whole[rest] = measure_pieces(over, zones[rest])[1] == 0
    return Shares(area, whole)
