"""One search over a terrain: its scratch memory, and the kernels with their arguments in order."""

from __future__ import annotations

import math

import numpy as np

from geo.reach.footing import Footing
from geo.reach.heights import Cells
from geo.reach.matrix import Costs, Measure, Positions
from geo.reach.moves import CELL
from geo.reach.spread import Land, descend, spread
from geo.travel import Travel

STEEPEST_ANY = 2.0  # 63°, where Tobler's walker makes five metres in an hour
NOBODY, UNLISTED = np.empty(0, np.int32), np.empty(0, np.int64)


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
    """

    def __init__(self, footing: Footing, travel: Travel, measure: Measure) -> None:
        heights = footing.heights
        cells = np.empty(len(footing.ground), CELL)
        cells["cost"] = np.inf
        cells["height"] = heights.values.ravel()
        cells["open"] = footing.masks
        cells["ground"] = footing.ground
        steepest = min(travel.steepest, STEEPEST_ANY)
        slow, by_time = 1.0 / travel.off_path, measure == "time"
        self._land = Land(cells, heights.columns, heights.cell_m, steepest, slow, by_time)
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
        stop: int = -1,
    ) -> int:
        """Run :func:`geo.reach.spread.spread`."""
        return int(spread(self._land, self._slots, sources, limit, stop, owner, reached))

    def forget(self, cells: Cells) -> None:
        """Take the costs of cells back, for the next center."""
        self._land.cells["cost"][cells] = np.inf

    def path(self, start: int) -> Cells:
        """Return the cells of the least way from ``start``, which has a cost."""
        return np.asarray(descend(self._land, start))
