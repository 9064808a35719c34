"""Where a place stands in the cells: in which middle a way from it begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reach.heights import Cells, Heights
from geo.reach.matrix import Places
from geo.reach.moves import BANK, CLOSED, Bytes, Masks

UNLOCATED, CUT_OFF = -1, -2
ON_LINE = 1e-5  # of a cell
_AROUND = np.array([(x, y) for y in (-1, 0, 1) for x in (-1, 0, 1)])


@dataclass(frozen=True, eq=False)
class Footing:
    """Cells, their open moves, and the lines nobody crosses.

    Parameters
    ----------
    heights
        The terrain.
    ground, masks
        What the cells are and the moves from them (:mod:`geo.reach.moves`), flat.
    banks
        Straight pieces of barriers, in units of cells (:meth:`geo.reach.heights.Heights.grid_of`).
    """

    heights: Heights
    ground: Bytes
    masks: Masks
    banks: shapely.STRtree

    def anchors(self, places: Places) -> Cells:
        """Return the cell each place starts from or ends at.

        Its own cell. Where a barrier lies between it and the middle of that, or nobody walks
        there, the nearest of the nine cells around it to which no barrier is in the way. A place
        in the water or on the very line goes to the nearest of the nine that leads anywhere.

        Returns
        -------
        ndarray of int64
            ``UNLOCATED`` without a place, outside the terrain or where no height is known,
            ``CUT_OFF`` where none of the nine cells will do.
        """
        anchors = self.heights.cell_of(places)
        values = self.heights.values.ravel()
        anchors[(anchors >= 0) & ~np.isfinite(values[anchors])] = UNLOCATED
        placed = np.flatnonzero(anchors >= 0)
        own = anchors[placed]
        unsure = self.ground[own] & (CLOSED | BANK) > 0
        rows, own = placed[unsure], own[unsure]
        grid = self.heights.grid_of(places[rows])
        anchors[rows] = _nearest(*self.around(grid))
        afloat = (self.ground[own] & CLOSED > 0) & (anchors[rows] == CUT_OFF)
        on_line = self.banks.query(shapely.points(grid), predicate="dwithin", distance=ON_LINE)
        afloat[on_line[0]] = True
        anchors[rows[afloat]] = _nearest(*self.around(grid[afloat], afloat=True))
        return anchors

    def around(self, grid: Places, *, afloat: bool = False) -> tuple[Cells, NDArray[np.float64]]:
        """Return the nine cells around places, and how far their middles are.

        Parameters
        ----------
        grid
            Places in units of cells, shape (n, 2).
        afloat
            Barriers on the way to the middle do not count, but the cell must have an open move.
            Otherwise no barrier may lie between.

        Returns
        -------
        cells, distances
            Shape (n, 9) each; distances in cells, infinite where the cell will not do.
        """
        middles = np.rint(grid)[:, None, :] + _AROUND
        column, row = middles[..., 0].astype(np.int64), middles[..., 1].astype(np.int64)
        rows, columns = self.heights.rows, self.heights.columns
        fit = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        cells = np.where(fit, row * columns + column, 0)
        fit &= self.ground[cells] & CLOSED == 0
        if afloat:
            fit &= self.masks[cells] != 0
        else:
            who, which = np.nonzero(fit)
            lines = shapely.linestrings(np.stack([grid[who], middles[who, which]], axis=1))
            cut = np.unique(self.banks.query(lines, predicate="intersects")[0])
            fit[who[cut], which[cut]] = False
        step = middles - grid[:, None, :]
        return cells, np.where(fit, np.hypot(step[..., 0], step[..., 1]), np.inf)


def _nearest(cells: Cells, distances: NDArray[np.float64]) -> Cells:
    every = np.arange(len(cells))
    best = distances.argmin(axis=1)
    return np.where(np.isfinite(distances[every, best]), cells[every, best], CUT_OFF)
