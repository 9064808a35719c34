"""The groups worth considering in one zone, and the independent pieces they fall into.

Which groups can be left out without losing any best plan
---------------------------------------------------------
The cost of a plan is the sum over its groups of a vector: decisions broken, units left, healthy
units touched (or groups that reach the minimum, negative), travel, distance from the target, order
of codes; plans are compared by it lexicographically. Let a valid group C be the disjoint union of
A and B, each a valid group or a single unit, with cost(A) + cost(B) ≤ cost(C). A plan that holds C
stays a plan when A and B take its place, and costs no more; A and B have fewer units, so repeating
this ends. Hence leaving out all such C at once leaves a best plan in the pool.

This one rule says both:

- A healthy unit that can be taken out of C (the rest is connected and still enough; caps, spans and
  pairs kept apart hold for every part) makes C worse at the level of healthy units touched. It
  stays in where a decision keeps it together with one of C, for that comes first.
- C that falls into two valid groups touches the same units; whether it can go is decided by travel,
  which is *not* always less for the parts: three units round a fourth may be farther from each
  other than from it. So travel, and balance where the travel is equal, are computed for the parts
  and compared, never assumed.

It holds for the objective ``most_groups`` too, and with a target, for nothing is assumed of a term
but that it is added up over groups. Pinned groups are outside (their units are taken away first).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from geo.merging.contacts import Contacts
from geo.merging.costs import TERMS, cost_of
from geo.merging.decided import Decided
from geo.merging.enumeration import DONE, enumerate_groups
from geo.merging.pairs import pairs_by_steps
from geo.merging.rules import MergeRules
from geo.merging.spans import Spans, whole
from geo.merging.units import Units

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Flags = NDArray[np.bool_]

Tables = tuple[
    Ints, Small, Ints, Small, Flags, Ints, Ints, Ints, Ints, Ints, Ints, Ints, Flags, Ints, Small
]  # fmt: skip
# Steps of looking at sets of units in one zone, and groups kept: so many, and so many a unit.
# They depend on the zone alone, never on a clock, and bound its time to about a second and some
# milliseconds a unit.
MOST_STEPS = (20_000_000, 60_000)
MOST_KEPT = (50_000, 80)
MOST_PAIRS = 6_000_000  # of units that may meet, some hundred bytes each while they are measured
_NO_LIMIT = 2**60


@dataclass(frozen=True)
class Network:
    """Units of one zone that can be moved, and who may be in a group with whom.

    Units that need a group come first (``roots`` of them), both parts in the order of codes.

    Parameters
    ----------
    units
        Position of each among all units.
    roots
        How many need a group: under the minimum, or decided to be together with another.
    starts, neighbours
        Who borders whom.
    pair_starts, pair_units, pair_allowed, pair_cost
        Pairs few enough neighbours apart, whether they may meet, and the way between, whole.
    pair_way
        The same as it was measured, NaN beyond the limit.
    people, minimum, maximum, target, weight, rank, under
        For the kernels.
    partner_starts, partners
        Who must be together with whom.
    steps
        How many neighbours apart pairs are at most; less than groups may have units where there
        would be too many.
    """

    units: Ints
    roots: int
    starts: Ints
    neighbours: Small
    pair_starts: Ints
    pair_units: Small
    pair_allowed: Flags
    pair_cost: Ints
    pair_way: NDArray[np.float64]
    people: Ints
    minimum: Ints
    maximum: Ints
    target: Ints
    weight: Ints
    rank: Ints
    under: Flags
    partner_starts: Ints
    partners: Small
    steps: int

    def __len__(self) -> int:
        return len(self.units)

    @property
    def tables(self) -> Tables:
        """Return what all kernels are given, in their order."""
        return (
            self.starts, self.neighbours, self.pair_starts, self.pair_units, self.pair_allowed,
            self.pair_cost, self.people, self.minimum, self.maximum, self.target, self.weight,
            self.rank, self.under, self.partner_starts, self.partners,
        )  # fmt: skip

    @property
    def pairs(self) -> tuple[Ints, Ints]:
        """Return the pairs by position among all units."""
        one = np.repeat(np.arange(len(self)), np.diff(self.pair_starts))
        return self.units[one], self.units[self.pair_units]

    def around(self, unit: int) -> Small:
        """Return the neighbours of a unit."""
        return self.neighbours[self.starts[unit] : self.starts[unit + 1]]

    def ways(self, group: Small) -> Ints:
        """Return the whole ways between the units of a group, a square matrix."""
        square = np.zeros((len(group), len(group)), np.int64)
        for k, unit in enumerate(group):
            row = slice(self.pair_starts[unit], self.pair_starts[unit + 1])
            at = np.searchsorted(self.pair_units[row], group)
            for other in range(len(group)):
                if other != k:
                    square[k, other] = self.pair_cost[row][at[other]]
        return square


@dataclass(frozen=True)
class Pool:
    """Groups of a network to choose from, in one order whatever the order of the input.

    Parameters
    ----------
    members
        By place in the network, ascending by code, -1 behind the last; singles come first.
    costs
        Shape (groups, :data:`geo.merging.costs.TERMS`).
    hubs
        Member with the least travel.
    max_units
        Up to which size all groups were tried; less than asked where there were too many.
    chosen
        Rows of a plan, where one was made with the pool.
    """

    members: Small
    costs: Ints
    hubs: Small
    max_units: int
    chosen: Ints | None = None

    def __len__(self) -> int:
        return len(self.members)

    @property
    def sizes(self) -> Ints:
        """Units of each group."""
        return np.asarray((self.members >= 0).sum(axis=1))

    def incidence(self, count: int) -> csr_array:
        """Return a matrix (groups, units) of ones."""
        sizes = self.sizes
        starts = np.concatenate([[0], np.cumsum(sizes)])
        return csr_array(
            (np.ones(int(starts[-1])), self.members[self.members >= 0], starts),
            shape=(len(self), count),
        )

    def pick(self, rows: Ints) -> Pool:
        """Return some of the groups."""
        return replace(
            self, members=self.members[rows], costs=self.costs[rows], hubs=self.hubs[rows]
        )


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
    measures = rules.measures or ("",)

    def sizes(size: str, default: int) -> Ints:
        """Return a size of the rules by measure."""
        asked = getattr(rules, size).asked
        return np.array([asked.get(measure, default) for measure in measures], np.int64)

    people = np.column_stack([units.people[measure][inside] for measure in measures])
    return Network(
        units=inside,
        roots=int((free & needs).sum()),
        starts=starts,
        neighbours=neighbours,
        pair_starts=pair_starts,
        pair_units=pair_units,
        pair_allowed=allowed,
        pair_cost=whole(there),
        pair_way=there,
        people=np.ascontiguousarray(people, np.int64),
        minimum=sizes("minimum", 0),
        maximum=sizes("maximum", _NO_LIMIT),
        target=sizes("target", -1),
        weight=np.ascontiguousarray(people[:, 0], np.int64),
        rank=np.argsort(np.argsort(inside)).astype(np.int64),
        under=units.under[inside],
        partner_starts=partner_starts,
        partners=partner_units,
        steps=steps,
    )


def list_groups(network: Network, rules: MergeRules, *, reduce: bool = True) -> Pool:
    """List all single units and all groups worth considering.

    Where there are too many, those of fewer units only (``max_units`` of the pool).
    """
    count = len(network)
    most_steps, most_kept = (first + a_unit * count for first, a_unit in (MOST_STEPS, MOST_KEPT))

    def groups_of(width: int) -> tuple[Small, Ints, Small, int, int]:
        """Enumerate groups of up to so many units."""
        return enumerate_groups(
            *network.tables, network.roots, width, rules.objective == "most_groups", reduce,
            most_steps, most_kept,
        )  # fmt: skip

    width = min(rules.max_units, network.steps + 1)
    members, costs, hubs, _, state = groups_of(width)
    if state != DONE:
        most, width = width, 2
        members, costs, hubs, used, state = groups_of(width)
        while state == DONE and width + 1 < most and used < most_steps // 2:
            more = groups_of(width + 1)
            used, state = more[3:]
            if state == DONE:
                width += 1
                members, costs, hubs = more[:3]
    members = _by_rank(members, network.rank)
    order = np.lexsort(_ranks(members, network.rank).T[::-1])
    singles = np.full((len(network), members.shape[1]), -1, np.int32)
    singles[:, 0] = np.argsort(network.rank)
    single_costs = np.empty((len(network), TERMS), np.int64)
    for row, unit in enumerate(singles[:, 0]):
        single_costs[row], _ = price(network, np.array([unit], np.int32), rules)
    return Pool(
        np.vstack([singles, members[order]]),
        np.vstack([single_costs, costs[order]]),
        np.concatenate([singles[:, 0], hubs[order]]),
        width,
    )


def price(network: Network, group: Small, rules: MergeRules) -> tuple[Ints, int]:
    """Return the costs of one group (places in the network) and its hub."""
    cost, hub = cost_of(
        group, network.ways(group), network.people, network.minimum, network.target,
        network.weight, network.rank, network.under, network.partner_starts, network.partners,
        rules.objective == "most_groups",
    )  # fmt: skip
    return cost, int(group[hub])


def split_pool(pool: Pool, count: int) -> list[tuple[Ints, Ints]]:
    """Return the independent pieces: places of the units, rows of the groups, both ascending."""
    matrix = pool.incidence(count)
    rows = np.arange(len(pool))
    links = coo_array(
        (np.ones(matrix.nnz), (np.repeat(rows, pool.sizes), len(pool) * 0 + matrix.indices)),
        shape=(len(pool), count),
    ).tocsr()
    _, label = connected_components((links.T @ links).astype(bool), directed=False)
    of_group = label[pool.members[:, 0]]
    by_unit = np.argsort(label, kind="stable")
    by_group = np.argsort(of_group, kind="stable")
    pieces = int(label.max(initial=-1)) + 1
    unit_ends = np.searchsorted(label[by_unit], np.arange(pieces + 1))
    group_ends = np.searchsorted(of_group[by_group], np.arange(pieces + 1))
    return [
        (by_unit[unit_ends[k] : unit_ends[k + 1]], by_group[group_ends[k] : group_ends[k + 1]])
        for k in range(pieces)
    ]


def _rows(first: Ints, second: Ints, count: int) -> tuple[Ints, Small]:
    """Return pairs as rows of a sparse matrix, columns ascending."""
    order = np.lexsort((second, first))
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(first, minlength=count), out=starts[1:])
    return starts, second[order].astype(np.int32)


def _ranks(members: Small, rank: Ints) -> Ints:
    """Return the ranks of members, -1 behind the last."""
    return np.where(members >= 0, rank[members], -1) if len(rank) else members.astype(np.int64)


def _by_rank(members: Small, rank: Ints) -> Small:
    """Return the members of each group in the order of codes."""
    ranks = np.where(members >= 0, _ranks(members, rank), _NO_LIMIT)
    return np.take_along_axis(members, np.argsort(ranks, axis=1), axis=1)
