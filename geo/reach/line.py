"""Straight-line reach: fast, exact, and a lower bound of any other way."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree

from geo.reach.line_kernels import pairs_within
from geo.reach.matrix import Costs, Measure, Mode, Nearest, Pairs, Places, Reach, State, Way
from geo.travel import Travel

QUARTER_SEGMENTS = 32  # a circle of 2 km is then drawn at most 0.6 m too small
# Snapped corners stay inside the true circle, so that no unserved household comes to lie in one.
INSIDE_M = 2e-3


@dataclass(frozen=True)
class StraightLine:
    """As the crow flies (:class:`geo.reach.matrix.Ways`).

    Parameters
    ----------
    travel
        ``straight_walk_kmh`` turns metres into seconds.

    Examples
    --------
    >>> line = StraightLine()
    >>> line.nearest(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]]), "distance").cost
    array([5.])
    """

    travel: Travel = field(default_factory=Travel)

    @property
    def mode(self) -> Mode:
        """``straight``."""
        return "straight"

    def nearest(
        self, households: Places, centers: Places, measure: Measure, limit: float = np.inf
    ) -> Nearest:
        """Find each household's nearest center (:meth:`geo.reach.matrix.Ways.nearest`)."""
        homes, sites = _known(households), _known(centers)
        state = np.where(homes, State.REACHED, State.UNLOCATED).astype(np.int8)
        center = np.full(len(households), -1, np.int32)
        cost = np.full(len(households), np.nan)
        if not sites.any():
            state[homes] = State.NO_CENTER
            return Nearest(center, cost, state)
        columns = np.flatnonzero(sites)
        near, metres = _nearest(households[homes], centers[columns])
        center[homes] = columns[near]
        cost[homes] = self._cost(metres, measure)
        beyond = cost > limit
        center[beyond], cost[beyond], state[beyond] = -1, np.nan, State.UNREACHABLE
        return Nearest(center, cost, state)

    def within(self, households: Places, centers: Places, measure: Measure, limit: float) -> Reach:
        """Find all pairs up to a limit (:meth:`geo.reach.matrix.Ways.within`)."""
        # A trifle wider; the cost itself decides, by the one formula of distance used everywhere
        # here, so that "exactly at the limit" has one meaning.
        unit = self._metres_per(measure)
        wide = np.nextafter(limit, np.inf) * unit * (1 + 1e-9) + 1e-6
        starts, sites, costs = pairs_within(households, centers, unit, float(limit), float(wide))
        return Reach(starts, sites, costs, len(centers), limit)

    def between(
        self, households: Places, centers: Places, pairs: Pairs, measure: Measure, limit: float
    ) -> Costs:
        """Measure some pairs (:meth:`geo.reach.matrix.Ways.between`)."""
        metres = _lengths(households[pairs.household], centers[pairs.center])
        costs = self._cost(metres, measure)
        return np.where(costs <= limit, costs, np.nan)

    def way(self, household: Places, center: Places, measure: Measure) -> Way | None:
        """Return the straight line (:meth:`geo.reach.matrix.Ways.way`)."""
        ends = np.stack([household, center])
        if not np.isfinite(ends).all():
            return None
        cost = self._cost(_lengths(ends[:1], ends[1:]), measure)
        return Way(shapely.linestrings(ends), float(cost[0]))

    def land(self, centers: Places, measure: Measure, limit: float) -> shapely.Geometry:
        """Draw the circles as one (:meth:`geo.reach.matrix.Ways.land`)."""
        sites = np.unique(centers[_known(centers)], axis=0)
        limits = np.full(len(sites), limit)
        return shapely.disjoint_subset_union_all(self.areas(sites, measure, limits))

    def areas(self, centers: Places, measure: Measure, limits: ArrayLike) -> NDArray[np.object_]:
        """Draw each circle, inscribed (:meth:`geo.reach.matrix.Ways.areas`)."""
        radii = np.broadcast_to(np.asarray(limits, np.float64), (len(centers),))
        radii = radii * self._metres_per(measure) - INSIDE_M
        drawn = np.full(len(centers), shapely.Polygon(), dtype=object)
        some = _known(centers) & (radii > 0)
        drawn[some] = shapely.buffer(
            shapely.points(centers[some]), radii[some], quad_segs=QUARTER_SEGMENTS
        )
        return drawn

    def _metres_per(self, measure: Measure) -> float:
        return 1.0 if measure == "distance" else self.travel.straight_walk_kmh / 3.6

    def _cost(self, metres: Costs, measure: Measure) -> Costs:
        return metres if measure == "distance" else metres / self._metres_per(measure)


def _known(places: Places) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(places).all(axis=1))


def _nearest(homes: Places, sites: Places) -> tuple[NDArray[np.int64], Costs]:
    """Return the nearest site, the first of several, and the metres."""
    places, first = np.unique(sites, axis=0, return_index=True)
    tree = KDTree(places)
    _, near = tree.query(homes, k=[*range(1, min(2, tree.n) + 1)])
    both = _lengths(homes[:, None, :], places[near])
    least = both.min(axis=1)
    chosen = first[near[np.arange(len(near)), both.argmin(axis=1)]]
    # of several at the same distance the first position, maybe one not among the two
    for row in np.flatnonzero((both <= least[:, None]).sum(axis=1) > 1):
        chosen[row] = np.argmax(_lengths(homes[row], sites) <= least[row])
    return chosen, least


def _lengths(a: Places, b: Places) -> Costs:
    step = a - b
    return np.asarray(np.sqrt((step * step).sum(axis=-1)))
