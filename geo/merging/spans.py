"""How far it is from one unit to another: by straight line, or by any ways."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.merging.rules import MergeRules
from geo.reach.line import StraightLine
from geo.reach.matrix import Ways

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_AT_ONCE = 1024  # units whose ways to others are looked for together
# Ways are looked for up to so many times the longest allowed, so that a refusal can name them.
_BEYOND = 3.0


@dataclass(frozen=True)
class Spans:
    """Ways between places, one way.

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

    @property
    def limit(self) -> float:
        """Longest way allowed, infinite for any."""
        return float("inf") if self.rules.max_span is None else self.rules.max_span

    def measure(self, first: Ints, second: Ints) -> Floats:
        """Return the cost of the way from each first to its second unit.

        Metres or seconds; NaN where no way leads, or none of up to three times the limit.
        """
        ways = self.ways or StraightLine()
        if isinstance(ways, StraightLine):
            step = self.places[first] - self.places[second]
            metres = np.sqrt((step * step).sum(axis=1))
            if self.rules.span_measure == "distance":
                return np.asarray(metres)
            return np.asarray(metres / (ways.travel.straight_walk_kmh / 3.6))
        return self._search(ways, first, second)

    def _search(self, ways: Ways, first: Ints, second: Ints) -> Floats:
        costs = np.full(len(first), np.nan)
        order = np.lexsort((second, first))
        sources, begin = np.unique(first[order], return_index=True)
        begin = np.append(begin, len(order))
        for at in range(0, len(sources), _AT_ONCE):
            rows = sources[at : at + _AT_ONCE]
            pairs = order[begin[at] : begin[min(at + _AT_ONCE, len(sources))]]
            columns = np.unique(second[pairs])
            reach = ways.within(
                self.places[rows],
                self.places[columns],
                self.rules.span_measure,
                self.limit * _BEYOND,
            )
            found = reach.households.astype(np.int64) * len(columns) + reach.centers
            by_key = np.argsort(found, kind="stable")
            wanted = np.searchsorted(rows, first[pairs]) * len(columns)
            wanted += np.searchsorted(columns, second[pairs])
            place = np.searchsorted(found[by_key], wanted)
            place[place == len(found)] = 0
            if len(found):
                hit = found[by_key[place]] == wanted
                costs[pairs[hit]] = reach.costs[by_key[place[hit]]]
        return costs


def whole(costs: Floats) -> Ints:
    """Return whole metres or seconds, a huge number where there is no way."""
    return np.where(np.isfinite(costs), np.rint(np.nan_to_num(costs)), 2**31).astype(np.int64)
