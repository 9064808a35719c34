"""Ways whose costs are written down: the logic of service without roads or mountains."""

import numpy as np
import shapely

from geo.reach.line import StraightLine
from geo.reach.matrix import Nearest, Reach, State


class MadeUp:
    """Every household has the costs it is given, whatever the places (``geo.reach.matrix.Ways``).

    ``table`` is shape (households, centers), NaN where there is no way; ``lost`` are households
    off the network; ``land`` is drawn as reached.
    """

    def __init__(self, table, mode="road", *, lost=(), land=None):
        self.table = np.asarray(table, float)
        self.mode = mode
        self.lost = list(lost)
        self.drawn = shapely.Polygon() if land is None else land

    def nearest(self, households, centers, measure, limit=np.inf):
        table = np.where(np.isnan(self.table) | (self.table > limit), np.inf, self.table)
        cost = table.min(axis=1, initial=np.inf)
        state = np.where(np.isfinite(cost), State.REACHED, State.UNREACHABLE)
        state[self.lost] = State.OFF_NETWORK
        state[~np.isfinite(households[:, 0])] = State.UNLOCATED
        if not len(centers):
            state[state == State.UNREACHABLE] = State.NO_CENTER
        reached = state == State.REACHED
        first = table.argmin(axis=1) if len(centers) else np.zeros(len(cost), int)
        center = np.where(reached, first, -1).astype(np.int32)
        return Nearest(center, np.where(reached, cost, np.nan), state.astype(np.int8))

    def within(self, households, centers, measure, limit):
        row, column = np.nonzero(self.table <= limit)
        return Reach.of_pairs(
            row, column, self.table[row, column], shape=self.table.shape, limit=limit
        )

    def way(self, household, center, measure):
        return StraightLine().way(household, center, measure)

    def land(self, centers, measure, limit):
        return self.drawn

    def areas(self, centers, measure, limits):
        return np.full(len(centers), self.drawn, dtype=object)
