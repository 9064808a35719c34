"""What can be moved in one zone, and who may be in a group with whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.merging.contacts import Contacts
from geo.merging.decided import Decided
from geo.merging.movable import Movable
from geo.merging.pairs import pairs_by_steps
from geo.merging.rules import MergeRules, Size
from geo.merging.spans import Spans, whole
from geo.merging.units import Units

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

MOST_PAIRS = 6_000_000  # of units that may meet, some hundred bytes each while they are measured
_NO_LIMIT = 2**60


@dataclass(frozen=True)
class Network:
    """Units of one zone that can be moved, and who may be in a group with whom.

    Parameters
    ----------
    units
        Position of each among all units, in the order of ``tables``.
    tables
        What the kernels see.
    pair_way
        The ways of the pairs as they were measured, NaN beyond the limit.
    steps
        How many neighbours apart pairs are at most; less than groups may have units where there
        would be too many.
    """

    units: Ints
    tables: Movable
    pair_way: NDArray[np.float64]
    steps: int

    def __len__(self) -> int:
        return len(self.units)

    @property
    def pairs(self) -> tuple[Ints, Ints]:
        """Return the pairs by position among all units."""
        one = np.repeat(np.arange(len(self)), np.diff(self.tables.pair_starts))
        return self.units[one], self.units[self.tables.pair_units]

    def around(self, unit: int) -> Small:
        """Return the neighbours of a unit."""
        return self.tables.neighbours[self.tables.starts[unit] : self.tables.starts[unit + 1]]

    def by_code(self, group: Iterable[int]) -> Small:
        """Return units of a group in the order of codes."""
        return np.array(sorted(group, key=lambda unit: int(self.tables.rank[unit])), np.int32)

    def ways(self, group: Small) -> Ints:
        """Return the whole ways between the units of a group, a square matrix."""
        tables = self.tables
        square = np.zeros((len(group), len(group)), np.int64)
        for k, unit in enumerate(group):
            row = slice(tables.pair_starts[unit], tables.pair_starts[unit + 1])
            at = np.searchsorted(tables.pair_units[row], group)
            for other in range(len(group)):
                if other != k:
                    square[k, other] = tables.pair_cost[row][at[other]]
        return square


def build_network(
    zone: int, units: Units, rules: MergeRules, contacts: Contacts, decided: Decided, spans: Spans
) -> Network:
    """Gather what can be moved in a zone: neither faulty nor locked, pinned or above a maximum."""
    free = units.usable & ~decided.locked & ~units.above & (units.zone == zone)
    for group in decided.pinned:
        free[list(group)] = False
    needs = units.under.copy()
    together = [pair for pair in decided.together if free[pair[0]] and free[pair[1]]]
    for pair in together:
        needs[list(pair)] = True
    inside = np.concatenate([np.flatnonzero(free & needs), np.flatnonzero(free & ~needs)])
    count = len(inside)
    place = np.full(len(units), -1, np.int64)
    place[inside] = np.arange(count)
    joined = (contacts.open >= rules.min_shared_border_m) & free[contacts.first]
    joined &= free[contacts.second]
    a, b = place[contacts.first[joined]], place[contacts.second[joined]]
    starts, neighbours = _rows(np.concatenate([a, b]), np.concatenate([b, a]), count)
    steps = rules.max_units - 1
    pair_starts, pair_units = pairs_by_steps(starts, neighbours, steps, MOST_PAIRS)
    while len(pair_starts) <= count:  # too many: a group may not be as many steps across then
        steps -= 1
        most = MOST_PAIRS if steps > 1 else _NO_LIMIT
        pair_starts, pair_units = pairs_by_steps(starts, neighbours, steps, most)
    one = np.repeat(np.arange(count), np.diff(pair_starts))
    there = spans.allowed(inside[one], inside[pair_units])
    back = there[np.lexsort((one, pair_units))]  # each pair is there both ways round
    allowed = np.isfinite(there) & np.isfinite(back)
    if decided.apart:
        banned = np.array(sorted(decided.apart), np.int64)
        keys = np.concatenate([banned @ [len(units), 1], banned @ [1, len(units)]])
        allowed &= ~np.isin(inside[one] * len(units) + inside[pair_units], keys)
    partners = np.array(together, np.int64).reshape(-1, 2)
    x, y = place[partners[:, 0]], place[partners[:, 1]]
    partner_starts, partner_units = _rows(np.concatenate([x, y]), np.concatenate([y, x]), count)
    tables = Movable(
        starts=starts,
        neighbours=neighbours,
        pair_starts=pair_starts,
        pair_units=pair_units,
        pair_allowed=allowed,
        pair_cost=whole(there),
        **_sizes(units, inside, rules),
        rank=np.argsort(np.argsort(inside)).astype(np.int64),
        under=units.under[inside],
        partner_starts=partner_starts,
        partners=partner_units,
        roots=int((free & needs).sum()),
        most_groups=rules.objective == "most_groups",
    )
    return Network(units=inside, tables=tables, pair_way=there, steps=steps)


def _sizes(units: Units, inside: Ints, rules: MergeRules) -> dict[str, Ints]:
    """Return the people of units, what the rules ask of them by measure, and their weights."""
    measures = rules.measures or ("",)

    def asked(size: Size, default: int) -> Ints:
        return np.array([size.asked.get(measure, default) for measure in measures], np.int64)

    people = np.column_stack([units.people[measure][inside] for measure in measures])
    return {
        "people": np.ascontiguousarray(people, np.int64),
        "minimum": asked(rules.minimum, 0),
        "maximum": asked(rules.maximum, _NO_LIMIT),
        "target": asked(rules.target, -1),
        "weight": np.ascontiguousarray(people[:, 0], np.int64),
    }


def _rows(first: Ints, second: Ints, count: int) -> tuple[Ints, Small]:
    """Return pairs as rows of a sparse matrix, columns ascending."""
    order = np.lexsort((second, first))
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(first, minlength=count), out=starts[1:])
    return starts, second[order].astype(np.int32)
