"""How far it is from one unit to another: by straight line, or by any ways."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.merging.rules import MergeRules
from geo.reach.line import StraightLine
from geo.reach.matrix import Pairs, Ways

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Ways are told up to so many times the longest allowed, so that a refusal can name them.
_BEYOND = 3.0


@dataclass(frozen=True)
class Spans:
    """Ways between places, one way.

    Searching ways of roads and terrain takes most of the time of a question, and the more the
    farther: groups are made of pairs up to the limit (:meth:`allowed`), and only for the pairs that
    reasons name it is asked how far it is beyond (:meth:`measure`), many at once
    (:meth:`prepare`).

    Parameters
    ----------
    places
        Of the units, shape (n, 2), in the CRS of the ways.
    rules
        ``max_span`` and ``span_measure``.
    ways
        Straight lines where None.
    """

    places: Floats
    rules: MergeRules
    ways: Ways | None = None
    _known: dict[int, float] = field(default_factory=dict, repr=False, compare=False)

    @property
    def limit(self) -> float:
        """Longest way allowed, infinite for any."""
        return float("inf") if self.rules.max_span is None else self.rules.max_span

    @property
    def at_once(self) -> bool:
        """Whether nothing is searched: the ways are straight lines."""
        return self.ways is None or isinstance(self.ways, StraightLine)

    def allowed(self, first: Ints, second: Ints) -> Floats:
        """Return the cost of the way from each first to its second unit, NaN beyond the limit."""
        return self._search(first, second, self.limit)

    def measure(self, first: Ints, second: Ints) -> Floats:
        """Return the cost of the way from each first to its second unit.

        Metres or seconds; NaN where no way leads, or none of up to three times the limit.
        """
        if self.at_once:
            return self._search(first, second, np.inf)
        self.prepare(first, second)
        known = self._known
        return np.array([known[key] for key in self._keys(first, second).tolist()], np.float64)

    def prepare(self, first: Ints, second: Ints) -> None:
        """Search many pairs at once, for :meth:`measure` afterwards."""
        if self.at_once:
            return
        keys = self._keys(first, second).tolist()
        new = np.array(sorted({key for key in keys if key not in self._known}), np.int64)
        if len(new):
            one, other = np.divmod(new, len(self.places))
            self.remember(one, other, self._search(one, other, self.limit * _BEYOND))

    def remember(self, first: Ints, second: Ints, costs: Floats) -> None:
        """Keep costs that are known, so that they are not searched again."""
        self._known.update(zip(self._keys(first, second).tolist(), costs.tolist(), strict=True))

    def _keys(self, first: Ints, second: Ints) -> Ints:
        return np.asarray(first * len(self.places) + second, np.int64)

    def _search(self, first: Ints, second: Ints, limit: float) -> Floats:
        ways, measure = self.ways or StraightLine(), self.rules.span_measure
        if self.at_once:
            return ways.between(self.places, self.places, Pairs(first, second), measure, limit)
        here, row = np.unique(first, return_inverse=True)
        there, column = np.unique(second, return_inverse=True)
        pairs = Pairs(row.astype(np.int64), column.astype(np.int64))
        return ways.between(self.places[here], self.places[there], pairs, measure, limit)


def whole(costs: Floats) -> Ints:
    """Return whole metres or seconds, a huge number where there is no way."""
    return np.where(np.isfinite(costs), np.rint(np.nan_to_num(costs)), 2**31).astype(np.int64)
