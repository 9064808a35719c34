"""Which units lie near each other, as rows of a sparse matrix (numba)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.merging.helper import helper

Ints = NDArray[np.int64]
Small = NDArray[np.int32]


@njit(cache=True, nogil=True)
def pairs_by_steps(starts: Ints, neighbours: Small, steps: int, most: int) -> tuple[Ints, Small]:
    """Return, as rows of a sparse matrix, which others lie at most so many neighbours away.

    Columns ascend. A unit itself is not among them. Where there are more than ``most`` pairs,
    nothing is returned: no rows.
    """
    count = len(starts) - 1
    seen = np.full(count, -1, np.int64)
    queue = np.empty(count, np.int32)
    found = np.empty(max(16, count * 8), np.int32)
    rows = np.zeros(count + 1, np.int64)
    used = 0
    for unit in range(count):
        seen[unit] = unit
        queue[0] = unit
        begin, end = 0, 1
        for _ in range(steps):
            until = end
            for at in range(begin, until):
                for k in range(starts[queue[at]], starts[queue[at] + 1]):
                    other = neighbours[k]
                    if seen[other] != unit:
                        seen[other] = unit
                        queue[end] = other
                        end += 1
            begin = until
        if used + end - 1 > most:
            return rows[:0], found[:0]
        if used + end - 1 > len(found):
            wider = np.empty(max(2 * len(found), used + end), np.int32)
            wider[:used] = found[:used]
            found = wider
        found[used : used + end - 1] = np.sort(queue[1:end])
        used += end - 1
        rows[unit + 1] = used
    return rows, found[:used].copy()


@helper
def find_entry(starts: Ints, columns: Small, row: int, column: int) -> int:
    """Return the position of an entry of a sparse matrix, -1 if there is none."""
    low, high = starts[row], starts[row + 1]
    while low < high:
        middle = (low + high) // 2
        if columns[middle] < column:
            low = middle + 1
        else:
            high = middle
    if low < starts[row + 1] and columns[low] == column:
        return int(low)
    return -1
