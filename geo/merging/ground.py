"""What explanations look things up in: who lies around, and which rule keeps whom out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from geo.merging.contacts import CONTACT_TOLERANCE_M, Contacts
from geo.merging.decided import Decided
from geo.merging.measure import people_reason, span_reason
from geo.merging.network import Network
from geo.merging.result import Reason
from geo.merging.rules import MergeRules
from geo.merging.spans import Spans
from geo.merging.units import WITHIN_ZH, Units

NEIGHBOURS_TOLD = 12


@dataclass
class Ground:
    """What explanations look things up in."""

    units: Units
    rules: MergeRules
    contacts: Contacts
    decided: Decided
    spans: Spans
    _around: dict[int, list[tuple[int, float, float]]] = field(default_factory=dict)
    _pinned: dict[int, int] = field(default_factory=dict)
    _tree: shapely.STRtree | None = None

    def __post_init__(self) -> None:
        found = zip(
            self.contacts.first.tolist(), self.contacts.second.tolist(),
            self.contacts.length.tolist(), self.contacts.open.tolist(), strict=True,
        )  # fmt: skip
        for a, b, length, open_m in found:
            self._around.setdefault(a, []).append((b, length, open_m))
            self._around.setdefault(b, []).append((a, length, open_m))
        for k, group in enumerate(self.decided.pinned):
            self._pinned.update(dict.fromkeys(group, k))

    def touching(self, unit: int) -> list[int]:
        """Return all units that touch one, if only at a corner."""
        if self._tree is None:
            self._tree = shapely.STRtree(self.units.shapes)
        near = self._tree.query(
            self.units.shapes[unit], predicate="dwithin", distance=CONTACT_TOLERANCE_M
        )
        return sorted(int(i) for i in near if i != unit)

    def neighbours(self, group: Sequence[int]) -> dict[int, tuple[float, float]]:
        """Return all units that border a group: metres of border, and those that can be crossed."""
        found: dict[int, tuple[float, float]] = {}
        for unit in group:
            for other, length, open_m in self._around.get(unit, ()):
                if other not in group:
                    best = found.get(other, (0.0, 0.0))
                    found[other] = (max(best[0], length), max(best[1], open_m))
        return dict(sorted(found.items()))

    def why_not(
        self, group: Sequence[int], other: int, metres: tuple[float, float]
    ) -> Reason | None:
        """Return the first rule that keeps a neighbour out of a group."""
        reason = self._why_not_near(group, other, metres)
        if reason is not None:
            return reason
        far = span_reason_to(group, other, self.units, self.spans) if self.has_spans else None
        if far is None and len(group) + 1 > self.rules.max_units:
            name, most = str(self.units.codes[other]), self.rules.max_units
            return Reason("max_units", {"unit": name, "value": most, "limit": most})
        return far

    @property
    def has_spans(self) -> bool:
        """Whether two units may be too far apart, or have no way."""
        return self.rules.max_span is not None or self.spans.ways is not None

    def measure_ahead(self, groups: Iterable[tuple[int, ...]], network: Network) -> None:
        """Search the ways that reasons of groups and their neighbours will name all at once."""
        if self.spans.at_once:
            return
        one, two = network.pairs
        found = np.isfinite(network.pair_way)
        self.spans.remember(one[found], two[found], network.pair_way[found])
        first: list[int] = []
        second: list[int] = []
        for group in groups:
            for other, metres in list(self.neighbours(group).items())[:NEIGHBOURS_TOLD]:
                if self._why_not_near(group, other, metres) is None:
                    first += [*group, *[other] * len(group)]
                    second += [*[other] * len(group), *group]
        self.spans.prepare(np.array(first, np.int64), np.array(second, np.int64))

    def _why_not_near(
        self, group: Sequence[int], other: int, metres: tuple[float, float]
    ) -> Reason | None:
        """Return the first rule, of those that ask for no way and no number of units."""
        units, rules = self.units, self.rules
        name = {"unit": str(units.codes[other])}
        within = {"within": rules.within, "within_zh": WITHIN_ZH.get(rules.within, rules.within)}
        if units.fault[other]:
            return Reason(str(units.fault[other]), {**name, **within})
        if units.zone[other] != units.zone[group[0]]:
            return Reason("zone", {**name, **within})
        least = rules.min_shared_border_m
        if metres[1] < least:
            key, value = ("corner", metres[0]) if metres[0] < least else ("barrier", metres[1])
            return Reason(key, {**name, "value": value, "limit": least})
        if other in self._pinned:
            return Reason("pinned_around", name)
        if self.decided.locked[other]:
            return Reason("locked_around", name)
        for unit in group:
            if (min(unit, other), max(unit, other)) in self.decided.apart:
                return Reason("apart", {**name, "one": str(units.codes[unit])})
        return people_reason("cap", (*group, other), units, rules)


def span_reason_to(group: Sequence[int], other: int, units: Units, spans: Spans) -> Reason | None:
    """Return why one more unit is too far from a group, if it is."""
    members = np.asarray(group, np.int64)
    there = spans.measure(members, np.full(len(members), other))
    back = spans.measure(np.full(len(members), other), members)
    costs = np.maximum(there, back)
    if (costs <= spans.limit).all():
        return None
    worst = int(np.argmax(np.where(np.isnan(costs), np.inf, costs)))
    return span_reason((group[worst], other), units, spans)
