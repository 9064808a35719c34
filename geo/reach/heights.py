"""The terrain as a grid of heights: north-up square cells in a metric zone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.reach.matrix import Places

Cells = NDArray[np.int64]  # row * columns + column, counted from the north-west; -1: no cell


@dataclass(frozen=True)
class Heights:
    """Heights of square cells, the first row in the north, the first column in the west.

    Parameters
    ----------
    values
        Metres above any one datum, shape (rows, columns), float32; NaN where nothing is known.
    x0, y0
        Outer (north-west) corner of the first cell, metres in the zone.
    cell_m
        Side of a cell, metres.
    zone
        EPSG code of the metric zone (:func:`geo.crs.metric_zone`).

    Examples
    --------
    >>> dem = Heights(np.zeros((2, 3), np.float32), x0=0.0, y0=60.0, cell_m=30.0, zone=4545)
    >>> dem.cell_of(np.array([[31.0, 59.0], [0.0, 0.0], [-1.0, 5.0]]))
    array([ 1,  3, -1])
    >>> dem.centre_of(np.array([1, 3]))
    array([[45., 45.], [15., 15.]])
    """

    values: NDArray[np.float32]
    x0: float
    y0: float
    cell_m: float
    zone: int

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.values.shape[0])

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.values.shape[1])

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north: the outer edges, metres."""
        return (
            self.x0,
            self.y0 - self.rows * self.cell_m,
            self.x0 + self.columns * self.cell_m,
            self.y0,
        )

    def cell_of(self, places: Places) -> Cells:
        """Return the cell of each place, -1 outside and for NaN; the outer edge is inside.

        A place on the side between two cells belongs to the eastern, the southern one.
        """
        grid = self.grid_of(places) + 0.5
        size = np.array([self.columns, self.rows])
        inside = ((grid >= 0) & (grid <= size)).all(axis=1)  # NaN compares as false
        cells = np.full(len(places), -1, np.int64)
        column, row = np.minimum(np.floor(grid[inside]), size - 1).astype(np.int64).T
        cells[inside] = row * self.columns + column
        return cells

    def centre_of(self, cells: Cells) -> Places:
        """Return the middle of each cell, shape (n, 2), NaN for -1."""
        row, column = np.divmod(cells, self.columns)
        centres = np.column_stack(
            [self.x0 + (column + 0.5) * self.cell_m, self.y0 - (row + 0.5) * self.cell_m]
        )
        centres[cells < 0] = np.nan
        return centres

    def grid_of(self, places: Places) -> Places:
        """Return places in units of cells: (column, row), whole numbers at the middle of cells."""
        return np.column_stack(
            [
                (places[:, 0] - self.x0) / self.cell_m - 0.5,
                (self.y0 - places[:, 1]) / self.cell_m - 0.5,
            ]
        )
