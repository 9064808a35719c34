"""Regions grown on the mesh: townships, villages, natural villages, each inside its parent.

A region grows from a seed; crests, and streams a little, slow it down, so neighbours meet along
them. Growth is a shortest-path tree, hence every region is connected.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from data.sample.frame import FloatArray, IntArray
from data.sample.mesh import Mesh
from data.sample.terrain import Terrain

_ROUNDS = 5
_FEWEST_ELEMENTS, _LEAST_ELEMENTS = 5, 3


class Land:
    """The mesh as a graph: how hard it is to step from an element to its neighbour."""

    def __init__(self, mesh: Mesh, terrain: Terrain) -> None:
        self.mesh = mesh
        self.left, self.right = mesh.sides[:, 0], mesh.sides[:, 1]
        steps = mesh.points[self.left] - mesh.points[self.right]
        self.length_m = np.hypot(*steps.T)
        middle = (mesh.points[self.left] + mesh.points[self.right]) / 2
        ridge = terrain.ridge(middle[:, 0], middle[:, 1])
        self.resistance = (
            1.0 + 5.0 * np.clip(ridge, 0.0, 1.0) ** 2 + 1.6 * np.clip(-ridge - 0.55, 0.0, 1.0)
        )
        spacing = (mesh.spacing_m[self.left] + mesh.spacing_m[self.right]) / 2
        self.hops = self.length_m / spacing * self.resistance
        self.metres = self.length_m * self.resistance
        self.area_m2 = mesh.spacing_m**2 * np.sqrt(0.75)

    def grow(
        self,
        seeds: IntArray,
        *,
        costs: FloatArray,
        delays: FloatArray | None = None,
        within: IntArray | None = None,
    ) -> tuple[IntArray, FloatArray]:
        """Let every seed grow over the elements it reaches first.

        Parameters
        ----------
        seeds
            Element where each region starts.
        costs
            Per side: ``self.hops`` or ``self.metres``.
        delays
            Head start lost, per seed, in the unit of the costs.
        within
            Region of the parent level per element; growth stays inside it.

        Returns
        -------
        region per element (position in ``seeds``, -1 where none arrived), cost at arrival.
        """
        count = len(self.mesh.points)
        open_ = (
            np.ones(len(costs), bool)
            if within is None
            else (within[self.left] == within[self.right])
        )
        left, right, cost = self.left[open_], self.right[open_], costs[open_]
        start = np.ones(len(seeds)) if delays is None else delays - delays.min() + 1.0
        for _ in range(4):
            arrival, came_from = self._paths(left, right, cost, seeds, start)
            swallowed = came_from[seeds] != count
            if not swallowed.any():
                break
            start = np.where(swallowed, arrival[seeds] - 0.5, start)
            start += max(0.0, 1.0 - float(start.min()))
        region = np.full(count + 1, -1)
        parent = np.where(came_from < 0, np.arange(count + 1), came_from)
        parent[seeds[came_from[seeds] == count]] = seeds[came_from[seeds] == count]
        while not np.array_equal(parent, further := parent[parent]):
            parent = further
        region[seeds] = np.arange(len(seeds))
        return region[parent][:count], arrival[:count] - 1.0

    def _paths(
        self, left: IntArray, right: IntArray, cost: FloatArray, seeds: IntArray, start: FloatArray
    ) -> tuple[FloatArray, IntArray]:
        """Shortest ways from one node beyond all elements, which leads to every seed."""
        count = len(self.mesh.points)
        graph = csr_matrix(
            (
                np.concatenate([cost, cost, start]),
                (
                    np.concatenate([left, right, np.full(len(seeds), count)]),
                    np.concatenate([right, left, seeds]),
                ),
            ),
            shape=(count + 1, count + 1),
        )
        arrival, came_from = dijkstra(graph, indices=count, return_predecessors=True)
        return arrival, came_from.astype(np.int64)

    def centers(
        self, region: IntArray, count: int, *, allowed: FloatArray | None = None
    ) -> IntArray:
        """Element nearest to the middle of each region (among the ``allowed``, if any is)."""
        size = np.maximum(np.bincount(region, minlength=count), 1)
        points = self.mesh.points
        middle = np.column_stack(
            [np.bincount(region, points[:, k], minlength=count) / size for k in (0, 1)]
        )
        away = np.hypot(*(points - middle[region]).T)
        if allowed is not None:
            away = away + np.where(allowed, 0.0, 1e7)
        order = np.lexsort((away, region))
        first = np.minimum(np.searchsorted(region[order], np.arange(count)), len(order) - 1)
        nearest: IntArray = order[first]
        return nearest


def grow_townships(land: Land, seats: FloatArray, weights: FloatArray) -> IntArray:
    """Township per element: around the seats, with areas drawn towards the weights."""
    _, seeds = cKDTree(land.mesh.points).query(seats)
    seeds = np.asarray(seeds, dtype=np.int64)
    wanted = weights / weights.sum() * land.area_m2.sum()
    apart = np.hypot(*(seats[:, None] - seats[None, :]).transpose(2, 0, 1))
    delays = np.zeros(len(seats))
    for step in (2600.0, 2200.0, 1800.0, 1400.0, 1000.0, 800.0, 600.0, 0.0):
        region, _ = land.grow(seeds, costs=land.metres, delays=delays)
        area = np.bincount(region, land.area_m2, minlength=len(seats))
        if step:
            delays = delays + step * np.log(area / wanted)
            # no seat may be swallowed by a neighbour before it starts
            delays = np.minimum(
                delays, (delays[None, :] + 0.6 * apart + 1e9 * np.eye(len(seats))).min(axis=1)
            )
    return region


def grow_villages(
    land: Land,
    township: IntArray,
    parents: IntArray,
    fixed: IntArray,
    urban: IntArray,
    seats: IntArray,
    rng: np.random.Generator,
) -> IntArray:
    """Village per element.

    Parameters
    ----------
    township
        Township per element.
    parents
        Township of each village.
    fixed
        Element of each village whose place is known, else -1.
    urban
        Per village 2 for a town centre, 1 for its fringe, 0 for the country.
    seats
        Element of each township's seat.
    """
    points = land.mesh.points
    to_seat = np.hypot(*(points - points[seats[township]]).T)
    pools = (
        np.ones(len(points), bool),
        (to_seat < 2600.0) & (to_seat > 500.0),
        (land.mesh.spacing_m < 84.0) & (to_seat < 1500.0),
    )
    seeds = np.where(township[np.maximum(fixed, 0)] == parents, fixed, -1)
    seeds[_repeated(seeds)] = -1
    known = seeds >= 0
    for village in np.lexsort((np.arange(len(parents)), -urban, parents)):
        if seeds[village] >= 0:
            continue
        here = (township == parents[village]) & pools[urban[village]]
        taken = seeds[(parents == parents[village]) & (seeds >= 0)]
        if not len(taken):
            seeds[village] = seats[parents[village]]
            continue
        away = np.full(len(points), -1.0)
        inside = township == parents[village]
        _, arrival = land.grow(taken, costs=land.hops, within=np.where(inside, 0, -1))
        away[here & inside] = arrival[here & inside]
        seeds[village] = int(np.argmax(away))
    count = len(parents)
    size = np.array([1.0, 0.6, 0.6])[urban] * np.exp(rng.normal(0.0, 0.3, count))
    elements = np.bincount(township)
    wanted = size / np.bincount(parents, size)[parents] * elements[parents]
    delays = np.zeros(count)
    allowed = pools[1] | pools[2]
    for step in (2.5, 2.5, 2.0, 2.0, 1.5, 1.5, 1.0, 0.0):
        region, arrival = land.grow(seeds, costs=land.hops, delays=delays, within=township)
        if step:
            moved = land.centers(region, count, allowed=allowed | (urban[region] == 0))
            seeds = np.where(known, seeds, moved)
            grown = np.maximum(np.bincount(region, minlength=count), 1)
            delays += step * np.clip(np.log(grown / wanted), -0.7, 0.7)
            delays -= (np.bincount(parents, delays) / np.bincount(parents))[parents]
            delays = np.where(urban > 0, np.clip(delays, -3.0, 0.5), delays)
    return region


def _repeated(seeds: IntArray) -> IntArray:
    """Positions of seeds that stand earlier in the list already."""
    _, first = np.unique(seeds, return_index=True)
    again = np.ones(len(seeds), bool)
    again[first] = False
    return np.flatnonzero(again & (seeds >= 0))


def grow_natural_villages(
    land: Land, village: IntArray, counts: IntArray, rng: np.random.Generator
) -> IntArray:
    """Natural village per element, ``counts`` of them in each village (fewer where one is tiny)."""
    order = np.lexsort((rng.random(len(village)), village))
    first = np.searchsorted(village[order], np.arange(len(counts)))
    seeds = np.concatenate(
        [order[start : start + count] for start, count in zip(first, counts, strict=True)]
    )
    homes = np.repeat(np.arange(len(counts)), counts)
    region, arrival = land.grow(seeds, costs=land.hops, within=village)
    for _ in range(_ROUNDS):
        seeds = land.centers(region, len(seeds))
        seeds = _replant_small(land, seeds, homes, region, arrival)
        region, arrival = land.grow(seeds, costs=land.hops, within=village)
    return _absorb_small(land, region, village)


def _absorb_small(land: Land, region: IntArray, parent: IntArray) -> IntArray:
    """Give regions of one or two elements to the neighbour they share most sides with."""
    count = int(region.max()) + 1
    size = np.bincount(region, minlength=count)
    absorbed = np.arange(count)
    same = parent[land.left] == parent[land.right]
    a, b = region[land.left[same]], region[land.right[same]]
    for small in np.flatnonzero((size > 0) & (size < _LEAST_ELEMENTS)):
        beside = np.concatenate([b[(a == small) & (b != small)], a[(b == small) & (a != small)]])
        beside = beside[size[beside] >= _LEAST_ELEMENTS]
        if len(beside):
            absorbed[small] = np.bincount(beside).argmax()
    _, renumbered = np.unique(absorbed[region], return_inverse=True)
    return renumbered.astype(np.int64)


def _replant_small(
    land: Land, seeds: IntArray, homes: IntArray, region: IntArray, arrival: FloatArray
) -> IntArray:
    """Move the seed of a region that stayed tiny to a place of its village reached late."""
    seeds, arrival = seeds.copy(), arrival.copy()
    points = land.mesh.points
    village = homes[region]
    for small in np.flatnonzero(np.bincount(region, minlength=len(seeds)) < _FEWEST_ELEMENTS):
        members = np.flatnonzero(village == homes[small])
        planted = members[np.argmax(arrival[members])]
        seeds[small] = planted
        near = np.hypot(*(points[members] - points[planted]).T) < 4 * land.mesh.spacing_m[planted]
        arrival[members[near]] = -1.0
    return seeds
