"""Reach: which centers each household gets to, at what cost. One structure, three ways to go.

Every question of service is an operation on :class:`Nearest` or :class:`Reach`; straight lines,
roads and terrain (:class:`Ways`) only differ in how they fill them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple, Protocol

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

Mode = Literal["straight", "road", "terrain"]
# What is least on the way: metres, or seconds.
Measure = Literal["distance", "time"]

Places = NDArray[np.float64]  # shape (n, 2), metres in one metric CRS, NaN where there is no place
Costs = NDArray[np.float64]
Positions = NDArray[np.int32]


class State(IntEnum):
    """Why a household has a nearest center, or has none. Not being reached is never "far"."""

    REACHED = 0
    UNREACHABLE = 1  # no way leads to any center: another piece of road, a river, a cliff
    OFF_NETWORK = 2  # no road within the snap limit
    UNLOCATED = 3  # no place, or outside the terrain
    NO_CENTER = 4  # there is no center


@dataclass(frozen=True)
class Nearest:
    """The nearest center of each household.

    Parameters
    ----------
    center
        Position among the centers, shape (n,), -1 without one. Of several at the same cost the
        lowest position.
    cost
        Metres or seconds, NaN unless ``REACHED``.
    state
        :class:`State` of each.
    """

    center: Positions
    cost: Costs
    state: NDArray[np.int8]

    def within(self, limit: float | Costs) -> NDArray[np.bool_]:
        """Return who is served: at the limit is served, without a way is not."""
        return np.asarray(self.cost <= limit)  # NaN compares as false


@dataclass(frozen=True)
class Reach:
    """Every pair of household and center within a limit: a sparse matrix, households by rows.

    Parameters
    ----------
    starts
        Shape (households + 1,): the pairs of household ``i`` are ``starts[i]:starts[i + 1]``.
    centers
        Position of the center of each pair; within a household ascending by (cost, position).
    costs
        Metres or seconds of each pair, finite, at most ``limit``. Zero is a cost like any other.
    center_count
        Number of centers, with those nobody reaches.
    limit
        Inclusive; infinite means every pair that has a way.
    """

    starts: NDArray[np.int64]
    centers: Positions
    costs: Costs
    center_count: int
    limit: float

    @classmethod
    def of_pairs(
        cls,
        household: ArrayLike,
        center: ArrayLike,
        cost: ArrayLike,
        *,
        shape: tuple[int, int],
        limit: float,
    ) -> Reach:
        """Build from pairs in any order; those beyond the limit are left out.

        Examples
        --------
        >>> reach = Reach.of_pairs([1, 0, 1], [0, 1, 1], [5.0, 3.0, 2.0], shape=(2, 2), limit=5.0)
        >>> reach.starts, reach.centers, reach.costs
        (array([0, 1, 3]), array([1, 1, 0], dtype=int32), array([3., 2., 5.]))
        """
        rows, columns = np.asarray(household, np.int64), np.asarray(center, np.int32)
        costs = np.asarray(cost, np.float64)
        near = costs <= limit
        rows, columns, costs = rows[near], columns[near], costs[near]
        order = np.lexsort((columns, costs, rows))
        starts = np.zeros(shape[0] + 1, np.int64)
        np.cumsum(np.bincount(rows, minlength=shape[0]), out=starts[1:])
        return cls(starts, columns[order], costs[order], shape[1], limit)

    @property
    def household_count(self) -> int:
        """Number of households, with those that reach nothing."""
        return len(self.starts) - 1

    @property
    def households(self) -> Positions:
        """Position of the household of each pair."""
        counts = np.diff(self.starts)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    def nearest(self) -> tuple[Positions, Costs]:
        """Return each household's nearest center within the limit: position (-1) and cost (NaN)."""
        some = np.diff(self.starts) > 0
        first = self.starts[:-1][some]
        center = np.full(self.household_count, -1, np.int32)
        cost = np.full(self.household_count, np.nan)
        center[some], cost[some] = self.centers[first], self.costs[first]
        return center, cost

    def within(self, limit: float | Costs) -> Reach:
        """Return the pairs up to a limit, one for all or one a household."""
        limits = np.broadcast_to(np.asarray(limit, np.float64), (self.household_count,))
        near = self.costs <= limits[self.households]
        starts = np.concatenate([[0], np.cumsum(near)])[self.starts]
        most = float(limits.max(initial=0.0))
        return Reach(
            starts, self.centers[near], self.costs[near], self.center_count, min(self.limit, most)
        )

    def matrix(self, values: Costs | None = None) -> csr_array:
        """Return a matrix (households, centers) of the costs, or of other values a pair.

        Zeros are stored; count by ``indptr``, not by values.
        """
        data = self.costs if values is None else values
        return csr_array(
            (data, self.centers, self.starts), shape=(self.household_count, self.center_count)
        )


class Way(NamedTuple):
    """One way from a household to a center: its line in the metric CRS, its cost."""

    line: shapely.LineString
    cost: float


class Pairs(NamedTuple):
    """Households and centers by position, one pair after another."""

    household: NDArray[np.int64]
    center: NDArray[np.int64]


class Ways(Protocol):
    """How people get from a household to a center.

    Households and centers are :data:`Places` in the metric CRS the ways were built in. Centers
    come in the order of their codes, so that of equal costs the lowest code wins. The way is
    always *from* the household *to* the center. Limits are inclusive. Nothing is raised for
    places that are NaN or nowhere: the answer says so by :class:`State`, or holds no pair.
    """

    @property
    def mode(self) -> Mode:
        """Straight line, road or terrain."""

    def nearest(
        self, households: Places, centers: Places, measure: Measure, limit: float = np.inf
    ) -> Nearest:
        """Find each household's nearest center.

        Beyond ``limit`` it may be reported ``UNREACHABLE`` although a longer way exists; the
        search stops there to save time.
        """

    def within(self, households: Places, centers: Places, measure: Measure, limit: float) -> Reach:
        """Find all pairs up to a limit."""

    def between(
        self, households: Places, centers: Places, pairs: Pairs, measure: Measure, limit: float
    ) -> Costs:
        """Measure some pairs only, NaN where no way leads or it is longer than the limit."""

    def way(self, household: Places, center: Places, measure: Measure) -> Way | None:
        """Trace the way of one household (shape (2,)) to one center, None without one."""

    def land(self, centers: Places, measure: Measure, limit: float) -> shapely.Geometry:
        """Draw the land from which any of the centers is within the limit.

        For drawing only: who is served is decided by cost, never by this polygon.
        """

    def areas(self, centers: Places, measure: Measure, limits: ArrayLike) -> NDArray[np.object_]:
        """Draw the service area of each center by itself, each up to its own limit.

        (Multi)polygons, empty where the limit is NaN; land that cannot be reached is left out.
        """
