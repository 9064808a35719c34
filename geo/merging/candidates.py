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

from geo.merging.costs import TERMS, write_cost
from geo.merging.enumeration import DONE, enumerate_groups
from geo.merging.network import Network
from geo.merging.rules import MergeRules

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

# Steps of looking at sets of units in one zone, and groups kept: so many, and so many a unit.
# They depend on the zone alone, never on a clock, and bound its time to about a second and some
# milliseconds a unit.
MOST_STEPS = (20_000_000, 60_000)
MOST_KEPT = (50_000, 80)
_NO_LIMIT = 2**60


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


def list_groups(network: Network, rules: MergeRules, *, reduce: bool = True) -> Pool:
    """List all single units and all groups worth considering.

    Where there are too many, those of fewer units only (``max_units`` of the pool).
    """
    count = len(network)
    most_steps, most_kept = (first + a_unit * count for first, a_unit in (MOST_STEPS, MOST_KEPT))

    def groups_of(width: int) -> tuple[Small, Ints, Small, int, int]:
        """Enumerate groups of up to so many units."""
        return enumerate_groups(network.tables, width, reduce, most_steps, most_kept)

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
    members = _by_rank(members, network.tables.rank)
    order = np.lexsort(_ranks(members, network.tables.rank).T[::-1])
    singles = np.full((len(network), members.shape[1]), -1, np.int32)
    singles[:, 0] = np.argsort(network.tables.rank)
    single_costs = np.empty((len(network), TERMS), np.int64)
    for row, unit in enumerate(singles[:, 0]):
        single_costs[row], _ = price(network, np.array([unit], np.int32))
    return Pool(
        np.vstack([singles, members[order]]),
        np.vstack([single_costs, costs[order]]),
        np.concatenate([singles[:, 0], hubs[order]]),
        width,
    )


def price(network: Network, group: Small) -> tuple[Ints, int]:
    """Return the costs of one group (places in the network) and its hub."""
    cost = np.empty(TERMS, np.int64)
    whole = (1 << len(group)) - 1
    hub = write_cost(network.tables, group, whole, network.ways(group), cost)
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


def _ranks(members: Small, rank: Ints) -> Ints:
    """Return the ranks of members, -1 behind the last."""
    return np.where(members >= 0, rank[members], -1) if len(rank) else members.astype(np.int64)


def _by_rank(members: Small, rank: Ints) -> Small:
    """Return the members of each group in the order of codes."""
    ranks = np.where(members >= 0, _ranks(members, rank), _NO_LIMIT)
    return np.take_along_axis(members, np.argsort(ranks, axis=1), axis=1)
