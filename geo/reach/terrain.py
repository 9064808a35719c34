"""Walking over terrain, from the household to the center, by Tobler's function."""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree

from geo.errors import GeoError
from geo.problems import Problem
from geo.reach.footing import UNLOCATED, Footing
from geo.reach.ground import lay_ground
from geo.reach.heights import Cells, Heights
from geo.reach.matrix import (
    Costs,
    Measure,
    Mode,
    Nearest,
    Pairs,
    Places,
    Positions,
    Reach,
    State,
    Way,
)
from geo.reach.moves import BEST_PACE, ROAD
from geo.reach.outline import outline
from geo.reach.search import NOBODY, STEEPEST_ANY, UNLISTED, Search, Window
from geo.travel import Travel

FLAT_PACE = BEST_PACE * math.exp(3.5 * 0.05)  # seconds a metre on the level


@dataclass(frozen=True, eq=False)
class Terrain:
    """Land people walk over (:class:`geo.reach.matrix.Ways`); made by :meth:`build`.

    Speed is 6 exp(−3.5 |s + 0.05|) km/h, s = rise over run in the direction of walking (Tobler
    1993, Three Presentations on Geographical Analysis and Modeling, NCGIA 93-1): 5.04 km/h on the
    level, 6 km/h 5 % downhill; away from roads it is multiplied by ``travel.off_path``. Tobler
    does not say which metres; here they are those of the surface, which is never faster than
    those of the map (4 % slower on a slope of 30 %). "distance" is least metres of the surface.

    Ways run between the middles of cells, in sixteen directions: over open level land at most
    2.8 % too long. Within one cell the straight line is taken, as on level ground.

    Parameters
    ----------
    footing
        Cells, open moves and barriers.
    travel
        ``off_path`` and ``steepest``; what is steeper is walked on roads only, and there as
        ``steepest``, for a road is gentler than the cells it runs through.
    """

    footing: Footing
    travel: Travel

    @classmethod
    def build(
        cls,
        heights: Heights,
        *,
        travel: Travel,
        roads: geopandas.GeoDataFrame | None = None,
        barriers: geopandas.GeoDataFrame | None = None,
    ) -> Terrain:
        """Lay roads and barriers, both in the metric zone of ``heights``, over the heights.

        Raises
        ------
        FrameError
            ``terrain_too_large``.
        CrsError
            ``crs_differs``.
        GeoError
            ``parameter_value`` for a speed or a slope nobody can walk with.
        """
        allowed = {"off_path": (0.01, 1.0), "steepest": (0.0, math.inf)}
        for name, (least, most) in allowed.items():
            value = getattr(travel, name)
            if not (least <= value <= most and value > 0):
                details = {"name": name, "value": value, "allowed": f"{least:g} … {most:g}"}
                raise GeoError(Problem("parameter_value", details, field=name))
        steepest = min(travel.steepest, STEEPEST_ANY)
        return cls(lay_ground(heights, steepest=steepest, roads=roads, barriers=barriers), travel)

    @property
    def mode(self) -> Mode:
        """``terrain``."""
        return "terrain"

    @property
    def heights(self) -> Heights:
        """The heights it was built on."""
        return self.footing.heights

    def nearest(
        self, households: Places, centers: Places, measure: Measure, limit: float = np.inf
    ) -> Nearest:
        """Find each household's nearest center (:meth:`geo.reach.matrix.Ways.nearest`).

        ``UNLOCATED`` is also who lives outside the heights, or where none is known.
        """
        homes, sites = self.footing.anchors(households), self.footing.anchors(centers)
        state = np.where(homes == UNLOCATED, State.UNLOCATED, State.UNREACHABLE).astype(np.int8)
        center = np.full(len(homes), -1, np.int32)
        cost = np.full(len(homes), np.nan)
        if not np.isfinite(centers).all(axis=1).any():
            state[homes != UNLOCATED] = State.NO_CENTER
            return Nearest(center, cost, state)
        standing = np.flatnonzero(homes >= 0)
        least, first = self._least(homes[standing], sites, measure, limit)
        reached = np.isfinite(least)
        found = standing[reached]
        cost[found], center[found] = least[reached], first[reached]
        beside = found[cost[found] == 0]  # in the cell of a center: the straight line decides
        if len(beside):
            center[beside], cost[beside] = self._nearest_beside(
                households[beside], homes[beside], centers, sites, measure
            )
        out = ~(cost <= limit)
        center[out], cost[out] = -1, np.nan
        state[~out] = State.REACHED
        return Nearest(center, cost, state)

    def within(self, households: Places, centers: Places, measure: Measure, limit: float) -> Reach:
        """Find all pairs up to a limit (:meth:`geo.reach.matrix.Ways.within`)."""
        homes, sites = self.footing.anchors(households), self.footing.anchors(centers)
        return self._within(households, homes, centers, sites, measure, limit)

    def between(
        self,
        households: Places,
        centers: Places,
        pairs: Pairs,
        measure: Measure,
        limit: float,
    ) -> Costs:
        """Measure some pairs (:meth:`geo.reach.matrix.Ways.between`).

        Each center's search ends with the last household asked for.
        """
        homes, sites = self.footing.anchors(households), self.footing.anchors(centers)
        costs = np.full(len(pairs.center), np.nan)
        placed = np.flatnonzero((homes[pairs.household] >= 0) & (sites[pairs.center] >= 0))
        if not len(placed):
            return costs
        window = self._window(np.unique(sites[pairs.center[placed]]), measure, limit)
        search, reached = self._search(measure, window), np.empty(window.size, np.int64)
        placed = placed[np.argsort(pairs.center[placed], kind="stable")]
        for some in np.split(placed, np.flatnonzero(np.diff(pairs.center[placed])) + 1):
            asked = some[window.place_of(homes[pairs.household[some]]) >= 0]
            row, center = pairs.household[asked], pairs.center[some[:1]]
            goals = window.place_of(homes[row])
            if not len(goals):
                continue
            start = window.place_of(sites[center])
            done = search.spread(start, limit, targets=goals, reached=reached)
            found = search.costs[goals]
            beside = homes[row] == sites[center]
            found[beside] = self._straight(
                households[row[beside]],
                centers[center],
                ends_in=homes[row[beside]],
                measure=measure,
            )
            costs[asked] = np.where(np.isfinite(found) & (found <= limit), found, np.nan)
            search.forget(reached[:done])
        return costs

    def way(self, household: Places, center: Places, measure: Measure) -> Way | None:
        """Trace the way over the middles of cells (:meth:`geo.reach.matrix.Ways.way`)."""
        ends = np.stack([household, center])
        home, site = self.footing.anchors(ends)
        if home < 0 or site < 0:
            return None
        if home == site:
            straight = self._straight(ends[:1], ends[1:], ends_in=np.array([site]), measure=measure)
            return Way(shapely.linestrings(ends), float(straight[0]))
        search = self._search(measure)
        search.spread(np.array([site]), np.inf, targets=np.array([home]))
        cost = float(search.costs[home])
        if not math.isfinite(cost):
            return None
        cells = search.path(int(home))
        line = np.concatenate([ends[:1], self.heights.centre_of(cells), ends[1:]])
        return Way(shapely.linestrings(line), cost)

    def land(self, centers: Places, measure: Measure, limit: float) -> shapely.Geometry:
        """Draw the cells in reach (:meth:`geo.reach.matrix.Ways.land`)."""
        sites = self.footing.anchors(centers)
        if not limit > 0:
            return shapely.Polygon()
        search = self._search(measure)
        search.spread(sites[sites >= 0], limit)
        return outline(self.heights, np.flatnonzero(np.isfinite(search.costs)))

    def areas(self, centers: Places, measure: Measure, limits: ArrayLike) -> NDArray[np.object_]:
        """Draw the cells in reach of each (:meth:`geo.reach.matrix.Ways.areas`)."""
        sites = self.footing.anchors(centers)
        upto = np.broadcast_to(np.asarray(limits, np.float64), (len(sites),))
        drawn = np.full(len(sites), shapely.Polygon(), dtype=object)
        search, reached = self._search(measure), np.empty(self._size, np.int64)
        for i in np.flatnonzero((sites >= 0) & (upto > 0)):
            count = search.spread(sites[i : i + 1], upto[i], reached=reached)
            drawn[i] = outline(self.heights, reached[:count])
            search.forget(reached[:count])
        return drawn

    def _least(
        self, homes: Cells, sites: Cells, measure: Measure, limit: float
    ) -> tuple[Costs, Positions]:
        """Search from all centers at once; return the cost at each cell asked for, and whose."""
        columns = np.flatnonzero(sites >= 0).astype(np.int32)
        search, owner = self._search(measure), np.full(self._size, -1, np.int32)
        search.spread(sites[columns], limit, owner=owner)
        least, first = search.costs[homes], owner[homes]
        return least, np.where(first >= 0, np.append(columns, -1)[first], -1)

    def _within(
        self,
        households: Places,
        homes: Cells,
        centers: Places,
        sites: Cells,
        measure: Measure,
        limit: float,
    ) -> Reach:
        """Search from one center after another; only cells with households count."""
        standing = np.flatnonzero(homes >= 0)
        standing = standing[np.argsort(homes[standing], kind="stable")]
        settled, first, count = np.unique(homes[standing], return_index=True, return_counts=True)
        place = np.full(self._size, -1, np.int32)
        place[settled] = np.arange(len(settled), dtype=np.int32)
        search, reached = self._search(measure), np.empty(self._size, np.int64)
        field = search.costs
        rows, columns, costs = [UNLISTED], [NOBODY], [np.empty(0)]
        for i in np.flatnonzero(sites >= 0):
            done = search.spread(sites[i : i + 1], limit, reached=reached)
            found = reached[:done]
            at = place[found]
            at = at[at >= 0]
            many = count[at]
            nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
            row = standing[np.repeat(first[at], many) + nth]
            cost = field[homes[row]]
            beside = homes[row] == sites[i]
            cost[beside] = self._straight(
                households[row[beside]],
                centers[i : i + 1],
                ends_in=sites[i : i + 1],
                measure=measure,
            )
            rows.append(row)
            columns.append(np.full(len(row), i, np.int32))
            costs.append(cost)
            search.forget(found)
        shape = (len(households), len(centers))
        joined = (np.concatenate(rows), np.concatenate(columns), np.concatenate(costs))
        return Reach.of_pairs(*joined, shape=shape, limit=limit)

    def _nearest_beside(
        self, households: Places, homes: Cells, centers: Places, sites: Cells, measure: Measure
    ) -> tuple[Positions, Costs]:
        """Weigh the centers of a household's own cell against those around it."""
        # The most a line within the cell costs; an anchor may lie a cell off.
        limit = 3 * math.sqrt(2) * self.heights.cell_m
        if measure == "time":
            limit *= FLAT_PACE / self.travel.off_path
        off = np.full(len(sites), np.inf)
        there = np.flatnonzero(sites >= 0)
        middles = self.heights.centre_of(np.unique(homes))
        off[there] = KDTree(middles).query(self.heights.centre_of(sites[there]))[0]
        metres = limit if measure == "distance" else limit / BEST_PACE
        near = np.where(off <= metres, sites, UNLOCATED)
        reach = self._within(households, homes, centers, near, measure, limit)
        return reach.nearest()

    def _straight(
        self, households: Places, centers: Places, *, ends_in: Cells, measure: Measure
    ) -> Costs:
        """Return the cost of the straight lines within one cell, as on the level."""
        metres = np.hypot(*(households - centers).T)
        on_road = self.footing.ground[ends_in] & ROAD > 0
        return np.asarray(
            metres
            if measure == "distance"
            else metres * FLAT_PACE * np.where(on_road, 1.0, 1.0 / self.travel.off_path)
        )

    def _search(self, measure: Measure, window: Window | None = None) -> Search:
        return Search(self.footing, self.travel, measure, window)

    def _window(self, sites: Cells, measure: Measure, limit: float) -> Window:
        """Return what no way up to a limit to any of the sites leaves."""
        heights = self.heights
        # no move is cheaper than on the level map at the best pace; knights' moves look two ahead
        cells = limit / heights.cell_m / (1.0 if measure == "distance" else BEST_PACE)
        wide = int(min(math.ceil(min(cells, self._size)) + 3, self._size))
        row, column = np.divmod(sites, heights.columns)
        top, left = max(0, int(row.min()) - wide), max(0, int(column.min()) - wide)
        return Window(
            top,
            left,
            min(heights.rows, int(row.max()) + wide + 1) - top,
            min(heights.columns, int(column.max()) + wide + 1) - left,
            heights.columns,
        )

    @property
    def _size(self) -> int:
        return self.heights.rows * self.heights.columns
