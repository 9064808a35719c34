"""All pairs of places within a distance: centers in square cells, household after household."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.reach.matrix import Costs, Places, Positions

CELLS = 256  # a side, at most
FEW = 24  # so many are sorted by insertion faster than otherwise


@njit(cache=True, nogil=True)
def pairs_within(
    households: Places, centers: Places, unit: float, limit: float, wide: float
) -> tuple[NDArray[np.int64], Positions, Costs]:
    """Return starts, centers and costs of all pairs up to the limit, as ``Reach`` has them.

    Parameters
    ----------
    households, centers
        NaN where there is no place.
    unit
        Metres per unit of cost.
    limit
        In units of cost.
    wide
        Metres beyond which no pair is within the limit.
    """
    known = np.isfinite(centers[:, 0]) & np.isfinite(centers[:, 1])
    sites = np.flatnonzero(known)
    starts = np.zeros(len(households) + 1, np.int64)
    if len(sites) == 0:
        return starts, np.empty(0, np.int32), np.empty(0)
    x, y = centers[sites, 0], centers[sites, 1]
    west, south = x.min(), y.min()
    side = max(wide, (x.max() - west) / CELLS, (y.max() - south) / CELLS, 1e-6)
    columns = int((x.max() - west) / side) + 1
    rows = int((y.max() - south) / side) + 1
    cell = np.empty(len(sites), np.int64)
    for n in range(len(sites)):
        cell[n] = int((y[n] - south) / side) * columns + int((x[n] - west) / side)
    order = np.argsort(cell, kind="mergesort")
    first = np.zeros(columns * rows + 1, np.int64)
    for n in range(len(sites)):
        first[cell[n] + 1] += 1
    first = np.cumsum(first)
    x, y, sites = x[order], y[order], sites[order]
    found = np.empty(0, np.int32)
    costs = np.empty(0)
    for writing in (False, True):  # counted first, then written in place
        for home in range(len(households)):
            px, py = households[home, 0], households[home, 1]
            count = starts[home] if writing else np.int64(0)
            if np.isfinite(px) and np.isfinite(py):
                column = int(min(max(np.floor((px - west) / side), -2.0), columns + 1.0))
                row = int(min(max(np.floor((py - south) / side), -2.0), rows + 1.0))
                left, right = max(column - 1, 0), min(column + 1, columns - 1)
                for at in range(max(row - 1, 0), min(row + 1, rows - 1) + 1):
                    if left > right:
                        continue
                    for n in range(first[at * columns + left], first[at * columns + right + 1]):
                        dx, dy = px - x[n], py - y[n]
                        cost = np.sqrt(dx * dx + dy * dy) / unit
                        if cost <= limit:
                            if writing:
                                found[count], costs[count] = sites[n], cost
                            count += 1
            if writing:
                _sort(found[starts[home] : count], costs[starts[home] : count])
            else:
                starts[home + 1] = starts[home] + count
        if not writing:
            found = np.empty(starts[-1], np.int32)
            costs = np.empty(starts[-1])
    return starts, found, costs


@njit(cache=True, nogil=True)
def _sort(centers: Positions, costs: Costs) -> None:
    """Sort by (cost, position)."""
    if len(costs) > FEW:
        order = np.argsort(costs)
        centers[:], costs[:] = centers[order], costs[order]
    for n in range(1, len(costs)):
        cost, center, at = costs[n], centers[n], n
        while at > 0 and (
            costs[at - 1] > cost or (costs[at - 1] == cost and centers[at - 1] > center)
        ):
            costs[at], centers[at] = costs[at - 1], centers[at - 1]
            at -= 1
        costs[at], centers[at] = cost, center
