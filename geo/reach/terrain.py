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
from geo.reach.matrix import Costs, Measure, Mode, Nearest, Places, Positions, Reach, State, Way
from geo.reach.moves import BEST_PACE, ROAD
from geo.reach.outline import outline
from geo.reach.spread import Land, descend, spread
from geo.travel import Travel

STEEPEST_ANY = 2.0  # 63°, where Tobler's walker makes five metres in an hour
FLAT_PACE = BEST_PACE * math.exp(3.5 * 0.05)  # seconds a metre on the level
_NOBODY, _UNLISTED = np.empty(0, np.int32), np.empty(0, np.int64)


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
        columns, standing = np.flatnonzero(sites >= 0), np.flatnonzero(homes >= 0)
        field, owner = self._unreached(), np.full(self._size, -1, np.int32)
        self._spread(sites[columns], measure, limit, field, owner=owner)
        found = standing[np.isfinite(field[homes[standing]])]
        cost[found], center[found] = field[homes[found]], columns[owner[homes[found]]]
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

    def way(self, household: Places, center: Places, measure: Measure) -> Way | None:
        """Trace the way over the middles of cells (:meth:`geo.reach.matrix.Ways.way`)."""
        ends = np.stack([household, center])
        home, site = self.footing.anchors(ends)
        if home < 0 or site < 0:
            return None
        if home == site:
            cost = self._straight(ends[:1], ends[1:], ends_in=np.array([site]), measure=measure)
            return Way(shapely.linestrings(ends), float(cost[0]))
        field = self._unreached()
        self._spread(np.array([site]), measure, np.inf, field, stop=int(home))
        if not np.isfinite(field[home]):
            return None
        cells = descend(self._land(measure), field, int(home))
        line = np.concatenate([ends[:1], self.heights.centre_of(cells), ends[1:]])
        return Way(shapely.linestrings(line), float(field[home]))

    def land(self, centers: Places, measure: Measure, limit: float) -> shapely.Geometry:
        """Draw the cells in reach (:meth:`geo.reach.matrix.Ways.land`)."""
        sites = self.footing.anchors(centers)
        if not limit > 0:
            return shapely.Polygon()
        field = self._unreached()
        self._spread(sites[sites >= 0], measure, limit, field)
        return outline(self.heights, np.flatnonzero(np.isfinite(field)))

    def areas(self, centers: Places, measure: Measure, limits: ArrayLike) -> NDArray[np.object_]:
        """Draw the cells in reach of each (:meth:`geo.reach.matrix.Ways.areas`)."""
        sites = self.footing.anchors(centers)
        upto = np.broadcast_to(np.asarray(limits, np.float64), (len(sites),))
        drawn = np.full(len(sites), shapely.Polygon(), dtype=object)
        field, reached = self._unreached(), np.empty(self._size, np.int64)
        for i in np.flatnonzero((sites >= 0) & (upto > 0)):
            count = self._spread(sites[i : i + 1], measure, upto[i], field, reached=reached)
            drawn[i] = outline(self.heights, reached[:count])
            field[reached[:count]] = np.inf
        return drawn

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
        field, reached = self._unreached(), np.empty(self._size, np.int64)
        rows, columns, costs = [_UNLISTED], [_NOBODY], [np.empty(0)]
        for i in np.flatnonzero(sites >= 0):
            found = reached[
                : self._spread(sites[i : i + 1], measure, limit, field, reached=reached)
            ]
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
            field[found] = np.inf
        shape = (len(households), len(centers))
        joined = (np.concatenate(rows), np.concatenate(columns), np.concatenate(costs))
        return Reach.of_pairs(*joined, shape=shape, limit=limit)

    def _nearest_beside(
        self, households: Places, homes: Cells, centers: Places, sites: Cells, measure: Measure
    ) -> tuple[Positions, Costs]:
        """Weigh the centers of a household's own cell against those around it."""
        diagonal = 3 * math.sqrt(2) * self.heights.cell_m  # an anchor may lie a cell off
        off = np.full(len(sites), np.inf)
        there = np.flatnonzero(sites >= 0)
        middles = self.heights.centre_of(np.unique(homes))
        off[there] = KDTree(middles).query(self.heights.centre_of(sites[there]))[0]
        limit = self._level(diagonal, measure)
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

    def _level(self, metres: float, measure: Measure) -> float:
        """Return the most that metres on the level cost."""
        return metres if measure == "distance" else metres * FLAT_PACE / self.travel.off_path

    @property
    def _size(self) -> int:
        return self.heights.rows * self.heights.columns

    def _unreached(self) -> Costs:
        return np.full(self._size, np.inf)

    def _land(self, measure: Measure) -> Land:
        heights, footing = self.heights, self.footing
        return Land(
            heights.values.ravel(),
            footing.ground,
            footing.masks,
            heights.columns,
            heights.cell_m,
            min(self.travel.steepest, STEEPEST_ANY),
            1.0 / self.travel.off_path,
            measure == "time",
        )

    def _spread(
        self,
        sources: Cells,
        measure: Measure,
        limit: float,
        field: Costs,
        *,
        owner: Positions = _NOBODY,
        reached: Cells = _UNLISTED,
        stop: int = -1,
    ) -> int:
        """Run :func:`geo.reach.spread.spread`."""
        steepest = min(self.travel.steepest, STEEPEST_ANY)
        widths = math.sqrt(5) * math.sqrt(1 + steepest**2)  # the dearest move
        if measure == "time":
            widths *= math.exp(3.5 * (steepest + 0.05)) / self.travel.off_path
        slots = 1 << math.ceil(math.log2(widths + 3))
        spent = spread(self._land(measure), slots, sources, limit, stop, field, owner, reached)
        return int(spent)
