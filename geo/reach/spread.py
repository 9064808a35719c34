"""Least costs from many centers at once over the moves of a terrain (numba).

Dijkstra's search with buckets as wide as the cheapest move: whatever lies in the first bucket
that is not empty can no longer become cheaper, in whatever order it is taken out (Denardo and Fox
1979, Operations Research 27(1), "buckets of the shortest arc"). Costs stay exact floats. It runs
from the centers outwards over moves turned round, for people walk *to* the center.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.reach.moves import (
    AWAITED,
    BEST_PACE,
    COLUMNS_BY,
    FIRST_KNIGHT,
    ROAD,
    ROWS_BY,
    RUNS,
    Records,
    move_cost,
)

Numbers = NDArray[np.int64]


class Land(NamedTuple):
    """What is walked on, how, and at what cost: ``cells`` of :data:`geo.reach.moves.CELL`."""

    cells: Records
    columns: int
    cell_m: float
    steepest: float
    off_pace: float  # times as long as on a road
    by_time: bool


@njit(cache=True, nogil=True)
def spread(
    land: Land,
    slots: int,
    sources: Numbers,
    limit: float,
    targets: Numbers,
    owner: NDArray[np.int32],
    reached: Numbers,
) -> int:
    """Fill in the costs (infinite before) up to ``limit``; return how many cells were done.

    Parameters
    ----------
    slots
        A power of two, more than the dearest move has widths of a bucket.
    sources
        Cells of the centers; of those at equal cost the first owns a cell.
    targets
        The search ends once all of these cells are done; of length 0: at the limit. Cells that are
        not done then have no cost.
    owner
        Takes the position in ``sources`` that is nearest; of length 0 it is left out.
    reached
        Takes the cells in the order in which they are done; of length 0 it is left out.
    """
    cells, columns, cell_m, steepest, off_pace, by_time = land
    width = cell_m * (BEST_PACE if by_time else 1.0) * (1.0 - 1e-6)
    per_width, fastest = 1.0 / width, cell_m * BEST_PACE * (1.0 - 1e-6)
    owned, listed, around = owner.size > 0, reached.size > 0, slots - 1
    head = np.full(slots, -1, np.int32)
    # The queue is a pool of linked entries, as large as the front, not as the land.
    entry, behind = np.empty(1024, np.int32), np.empty(1024, np.int32)
    spare, used, waiting, done = np.int32(-1), 0, 0, 0
    awaited = 0
    for target in targets:
        if not cells[target]["ground"] & AWAITED:
            cells[target]["ground"] |= AWAITED
            awaited += 1
    for i in range(len(sources)):
        here = sources[i]
        if cells[here]["cost"] == 0.0:
            continue
        cells[here]["cost"] = 0.0
        if owned:
            owner[here] = i
        if used == len(entry):
            entry, behind = _larger(entry), _larger(behind)
        entry[used], behind[used] = here, head[0]
        head[0] = used
        used += 1
        waiting += 1
    bucket = 0
    while waiting > 0:
        slot = bucket & around
        while head[slot] >= 0:
            at = head[slot]
            here = int(entry[at])
            head[slot], behind[at] = behind[at], spare
            spare = at
            waiting -= 1
            base = cells[here]["cost"]
            if np.int64(base * per_width) != bucket:
                continue  # it became cheaper and was done before
            if listed:
                reached[done] = here
            done += 1
            if cells[here]["ground"] & AWAITED:
                cells[here]["ground"] ^= AWAITED
                awaited -= 1
                if awaited == 0:
                    _forget_waiting(cells, head, entry, behind, per_width)
                    return done
            mine = owner[here] if owned else np.int32(0)
            mask = cells[here]["open"]
            pace = 1.0 if cells[here]["ground"] & ROAD else off_pace
            near_least, far_least = 0.5 * (pace + 1.0) * fastest, 0.25 * (pace + 3.0) * fastest
            if not by_time:
                near_least = far_least = width
            for m in range(16):
                if not (mask >> m) & 1:
                    continue
                there = here + ROWS_BY[m] * columns + COLUMNS_BY[m]
                before = cells[there]["cost"]
                # No slope makes the move cheaper than this: most neighbours are passed over here.
                if before < base + RUNS[m] * (near_least if m & 7 < FIRST_KNIGHT else far_least):
                    continue
                now = base + move_cost(cells, columns, cell_m, steepest, off_pace, by_time, here, m)
                if now > limit or now > before:
                    continue
                if now == before:
                    if owned and mine < owner[there]:
                        owner[there] = mine
                    continue
                cells[there]["cost"] = now
                if owned:
                    owner[there] = mine
                into = np.int64(now * per_width)
                if before < np.inf and into == np.int64(before * per_width):
                    continue  # it waits in that bucket already
                if spare >= 0:
                    at = spare
                    spare = behind[at]
                else:
                    if used == len(entry):
                        entry, behind = _larger(entry), _larger(behind)
                    at = np.int32(used)
                    used += 1
                entry[at], behind[at] = there, head[into & around]
                head[into & around] = at
                waiting += 1
        bucket += 1
    for target in targets:
        cells[target]["ground"] &= ~AWAITED
    return done


@njit(cache=True, nogil=True)
def _forget_waiting(
    cells: Records,
    head: NDArray[np.int32],
    entry: NDArray[np.int32],
    behind: NDArray[np.int32],
    per_width: float,
) -> None:
    """Take the costs of all cells back that wait: they might have become cheaper."""
    around = len(head) - 1
    for slot in range(len(head)):
        at = head[slot]
        while at >= 0:
            cost = cells[entry[at]]["cost"]
            # else it was done in an earlier bucket, or waits in another
            if cost < np.inf and np.int64(cost * per_width) & around == slot:
                cells[entry[at]]["cost"] = np.inf
            at = behind[at]


@njit(cache=True, nogil=True)
def _larger(array: NDArray[np.int32]) -> NDArray[np.int32]:
    grown = np.empty(2 * len(array), np.int32)
    grown[: len(array)] = array
    return grown


@njit(cache=True, nogil=True)
def descend(
    land: Land,
    start: int,
) -> Numbers:
    """Return the cells of the least way from ``start`` to where the cost is zero."""
    cells, columns, cell_m, steepest, off_pace, by_time = land
    path = np.empty(256, np.int64)
    path[0] = start
    count, here = 1, start
    while cells[here]["cost"] > 0.0:
        for m in range(16):
            if not (cells[here]["open"] >> m) & 1:
                continue
            there = here + ROWS_BY[m] * columns + COLUMNS_BY[m]
            # The very sum that was stored: the way is the one the cost was found on.
            if cells[there]["cost"] < cells[here]["cost"] and cells[here]["cost"] == cells[there][
                "cost"
            ] + move_cost(cells, columns, cell_m, steepest, off_pace, by_time, there, (m + 8) & 15):
                break
        else:
            raise ValueError("this cell has no cost")
        here = there
        if count == len(path):
            grown = np.empty(2 * count, np.int64)
            grown[:count] = path
            path = grown
        path[count] = here
        count += 1
    return path[:count]
