"""One search over a terrain: its scratch memory, and the kernels with their arguments in order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.reach.footing import Footing
from geo.reach.heights import Cells
from geo.reach.matrix import Costs, Measure, Positions
from geo.reach.moves import CELL
from geo.reach.spread import Land, descend, spread
from geo.travel import Travel

STEEPEST_ANY = 2.0  # 63°, where Tobler's walker makes five metres in an hour
NOBODY, UNLISTED = np.empty(0, np.int32), np.empty(0, np.int64)


@dataclass(frozen=True)
class Window:
    """A rectangle of the cells of a terrain, which are counted by themselves in it.

    Parameters
    ----------
    top, left
        Its first row and column.
    rows, columns
        How many it has.
    across
        Columns of the terrain.
    """

    top: int
    left: int
    rows: int
    columns: int
    across: int

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.rows * self.columns

    def place_of(self, cells: Cells) -> Cells:
        """Return cells of the terrain as they are counted in the window, -1 outside."""
        row, column = np.divmod(cells, self.across)
        row, column = row - self.top, column - self.left
        inside = (row >= 0) & (row < self.rows) & (column >= 0) & (column < self.columns)
        return np.where(inside, row * self.columns + column, -1)

    def cut(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return its part of values a cell, flat."""
        part = values.reshape(-1, self.across)[self.top :, self.left :]
        return part[: self.rows, : self.columns].ravel()


class Search:
    """Least costs from centers over the moves of a terrain; at first no cell has one.

    Parameters
    ----------
    footing
        Cells and open moves.
    travel
        ``off_path`` and ``steepest``.
    measure
        Metres or seconds.
    window
        Rows and columns it is limited to; cells are counted inside it. Nothing may be searched so
        far that a move leads out of it. All of them if None.
    """

    def __init__(
        self, footing: Footing, travel: Travel, measure: Measure, window: Window | None = None
    ) -> None:
        heights = footing.heights
        whole = window or Window(0, 0, heights.rows, heights.columns, heights.columns)
        cells = np.empty(whole.size, CELL)
        cells["cost"] = np.inf
        cells["height"] = whole.cut(heights.values)
        cells["open"] = whole.cut(footing.masks)
        cells["ground"] = whole.cut(footing.ground)
        steepest = min(travel.steepest, STEEPEST_ANY)
        slow, by_time = 1.0 / travel.off_path, measure == "time"
        self._land = Land(cells, whole.columns, heights.cell_m, steepest, slow, by_time)
        widths = math.sqrt(5) * math.sqrt(1 + steepest**2)  # of a bucket, in the dearest move
        if by_time:
            widths *= math.exp(3.5 * (steepest + 0.05)) * slow
        self._slots = 1 << math.ceil(math.log2(widths + 3))

    @property
    def costs(self) -> Costs:
        """Metres or seconds of each cell, infinite where no center was found."""
        return np.asarray(self._land.cells["cost"])

    def spread(
        self,
        sources: Cells,
        limit: float,
        *,
        owner: Positions = NOBODY,
        reached: Cells = UNLISTED,
        targets: Cells = UNLISTED,
    ) -> int:
        """Run :func:`geo.reach.spread.spread`."""
        return int(spread(self._land, self._slots, sources, limit, targets, owner, reached))

    def forget(self, cells: Cells) -> None:
        """Take the costs of cells back, for the next center."""
        self._land.cells["cost"][cells] = np.inf

    def path(self, start: int) -> Cells:
        """Return the cells of the least way from ``start``, which has a cost."""
        return np.asarray(descend(self._land, start))
