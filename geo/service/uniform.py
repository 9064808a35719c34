"""One radius for the whole county: the smallest within which a share of the people has a place."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from geo.reach.matrix import Reach
from geo.service.capacity import capacity_of, people_of
from geo.service.heaps import Ints
from geo.service.quantiles import check_share
from geo.service.uniform_kernels import most_served, pairs_within, serve


@dataclass(frozen=True)
class UniformRadius:
    """The smallest radius, and the proof that no smaller one does.

    Parameters
    ----------
    radius
        Metres or seconds, one of the observed costs; NaN if even the whole reach does not give the
        share, or nobody lives there.
    served
        Most people with a place within the radius (within the reach, if that is NaN).
    people
        Everybody.
    needed
        People of the share asked for, rounded up.
    below
        Next smaller observed cost, NaN without one.
    served_below
        Most people with a place within that: fewer than ``needed``.
    proved
        Both numbers are what a cut allows at most.
    """

    radius: float
    served: int
    people: int
    needed: int
    below: float
    served_below: int
    proved: bool

    @property
    def share(self) -> float:
        """Share of the people served, NaN of nobody."""
        return self.served / self.people if self.people else np.nan


def uniform_radius(
    reach: Reach, weights: ArrayLike, capacity: ArrayLike | None, share: float
) -> UniformRadius:
    """Find the smallest radius within which a share of all people has a place.

    Bisection over the observed costs; each is tested by a maximum flow (who goes where may be
    chosen freely, nobody goes farther than the radius). Parameters are those of
    :func:`geo.service.capacity.assign`.

    Parameters
    ----------
    share
        Above 0, at most 1; taken as the decimal number it is written as.

    Raises
    ------
    GeoError
        As :func:`geo.service.capacity.assign`; ``parameter_value`` for a share that is none.

    Examples
    --------
    >>> reach = Reach.of_pairs([0, 0, 1], [0, 1, 0], [1.0, 9.0, 2.0], shape=(2, 2), limit=10.0)
    >>> [uniform_radius(reach, [1, 1], places, 1.0).radius for places in (None, [1, 1], [1, 0])]
    [2.0, 9.0, nan]
    """
    check_share(share)
    people, places = people_of(reach, weights), capacity_of(reach, capacity)
    total = int(people.sum())
    flow = _Flow(reach, people, np.where(places < 0, total, places))
    needed = ceil(Fraction(repr(float(share))) * total)
    observed = flow.observed()
    served, cut = flow.most(reach.limit)
    if served < needed:
        return UniformRadius(np.nan, served, total, needed, np.nan, 0, served == cut)
    if needed == 0:  # nobody lives here
        return UniformRadius(np.nan, 0, total, 0, np.nan, 0, True)
    radius = flow.smallest(observed, needed)
    served, cut = flow.most(radius)
    smaller = observed[observed < radius]
    if not len(smaller):
        return UniformRadius(radius, served, total, needed, np.nan, 0, served == cut)
    below = float(smaller.max())
    fewer, cut_below = flow.most(below)
    proved = served == cut and fewer == cut_below < needed <= served
    return UniformRadius(radius, served, total, needed, below, fewer, proved)


class _Flow:
    """People with places within a limit, over one reach."""

    def __init__(self, reach: Reach, people: Ints, capacity: Ints) -> None:
        self.reach, self.people, self.capacity = reach, people, capacity
        self.total = int(people.sum())

    def observed(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return the costs at which anything changes: of people, to centers that take anybody."""
        homes = np.repeat(self.people > 0, np.diff(self.reach.starts))
        return np.asarray(self.reach.costs[homes & (self.capacity[self.reach.centers] > 0)])

    def most(self, limit: float) -> tuple[int, int]:
        """Return how many can be served within a limit, and a bound of it from above."""
        spare, left, used = self._nobody()
        reach = self.reach
        ends = pairs_within(reach.starts, reach.costs, limit)
        level = serve(reach.starts, ends, reach.centers, spare, left, used, -1)
        bound = most_served(reach.starts, ends, reach.centers, self.capacity, self.people, level)
        return self.total - int(left.sum()), int(bound)

    def smallest(
        self, observed: np.ndarray[tuple[int], np.dtype[np.float64]], needed: int
    ) -> float:
        """Return the smallest cost that serves as many; the largest one does."""
        reach, enough = self.reach, self.total - needed
        flow = self._nobody()  # within the largest limit known to be too small
        best = float(observed.max())
        candidates = observed[observed < best]
        while len(candidates):
            middle = (len(candidates) - 1) // 2
            limit = float(np.partition(candidates, middle)[middle])
            spare, left, used = (array.copy() for array in flow)
            ends = pairs_within(reach.starts, reach.costs, limit)
            serve(reach.starts, ends, reach.centers, spare, left, used, enough)
            if left.sum() <= enough:
                best, candidates = limit, candidates[candidates < limit]
            else:
                flow, candidates = (spare, left, used), candidates[candidates > limit]
        return best

    def _nobody(self) -> tuple[Ints, Ints, Ints]:
        return self.capacity.copy(), self.people.copy(), np.zeros(len(self.reach.costs), np.int64)
