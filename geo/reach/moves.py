"""From cell to cell: sixteen moves, which of them are open, what each costs (numba).

A walker goes from the middle of a cell to the middle of one of sixteen others: the eight around
it, and the eight a knight's move away. Ways over open land then come out at most 2.8 % too long,
with eight moves 8.2 %. Moves are numbered so that ``m + 8`` (mod 16) leads back; bit ``m`` of a
cell's ``open`` mask (uint16) says that the move may be walked, the same both ways.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

MOVES = 16
_FORTH = np.array([(0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (1, -2), (2, 1), (2, -1)])
# Rows southwards and columns eastwards of each move.
ROWS_BY = np.concatenate([_FORTH[:, 0], -_FORTH[:, 0]]).astype(np.int64)
COLUMNS_BY = np.concatenate([_FORTH[:, 1], -_FORTH[:, 1]]).astype(np.int64)
RUNS = np.hypot(ROWS_BY, COLUMNS_BY)
FIRST_KNIGHT = 4  # m & 7 from here on: a knight's move
# A knight's move passes between two cells, one beside its start and one beside its end.
NEAR_ROWS = np.where(np.abs(ROWS_BY) == 2, ROWS_BY // 2, 0)
NEAR_COLUMNS = np.where(np.abs(COLUMNS_BY) == 2, COLUMNS_BY // 2, 0)

ROAD, CLOSED, BANK = 1, 2, 4  # bits of a cell's ground (uint8): a road, not walked on, a barrier
AWAITED = 8  # in a search: it ends once all of these are done
BEST_PACE = 0.6  # seconds a metre at Tobler's 6 km/h, 5 % downhill

Bytes = NDArray[np.uint8]
Masks = NDArray[np.uint16]
Records = NDArray[np.void]  # of CELL

# What a search asks of a cell and notes in it, side by side in memory: a fifth less time than
# with one array each, for neighbours are looked up by the million.
CELL = np.dtype(
    [("cost", np.float64), ("height", np.float32), ("open", np.uint16), ("ground", np.uint8)],
    align=True,
)


@njit(cache=True, nogil=True)
def leg_cost(rise: float, run: float, steepest: float, pace: float, by_time: bool) -> float:
    """Return metres or seconds of one straight leg; on roads steeper than anything it is eased."""
    slope = min(max(rise / run, -steepest), steepest)
    metres = run * math.sqrt(1.0 + slope * slope)
    if by_time:
        return metres * pace * BEST_PACE * math.exp(3.5 * abs(slope + 0.05))
    return metres


@njit(cache=True, nogil=True)
def move_cost(
    cells: Records,
    columns: int,
    cell_m: float,
    steepest: float,
    off_pace: float,
    by_time: bool,
    end: int,
    m: int,
) -> float:
    """Return the cost of walking *to* ``end`` from the cell that ``m`` leads to from there.

    A move lies half in the one cell and half in the other; a knight's move is two legs, bending
    at the height between the two cells it passes.
    """
    start = end + ROWS_BY[m] * columns + COLUMNS_BY[m]
    pace_start = 1.0 if cells[start]["ground"] & ROAD else off_pace
    pace_end = 1.0 if cells[end]["ground"] & ROAD else off_pace
    low, high = np.float64(cells[end]["height"]), np.float64(cells[start]["height"])
    run = RUNS[m] * cell_m
    if m & 7 < FIRST_KNIGHT:
        pace = 0.5 * (pace_start + pace_end)
        return leg_cost(low - high, run, steepest, pace, by_time)
    near = end + NEAR_ROWS[m] * columns + NEAR_COLUMNS[m]
    far = start + end - near
    middle = 0.5 * (np.float64(cells[near]["height"]) + np.float64(cells[far]["height"]))
    pace_far = 0.5 * (pace_start + (1.0 if cells[far]["ground"] & ROAD else off_pace))
    pace_near = 0.5 * (pace_end + (1.0 if cells[near]["ground"] & ROAD else off_pace))
    return leg_cost(middle - high, 0.5 * run, steepest, pace_far, by_time) + leg_cost(
        low - middle, 0.5 * run, steepest, pace_near, by_time
    )


@njit(cache=True, nogil=True)
def find_open_moves(
    heights: NDArray[np.float32],
    ground: Bytes,
    rows: int,
    columns: int,
    cell_m: float,
    steepest: float,
) -> Masks:
    """Return the moves that stay on walked cells and climb or drop no more than ``steepest``.

    Between road cells any slope is walked: the road is gentler than the cells beside it. A
    diagonal needs one walked cell beside it, a knight's move both: a chain of closed cells is
    tight even where they touch by corners only.
    """
    masks = np.zeros(rows * columns, np.uint16)
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if ground[here] & CLOSED:
                continue
            for m in range(8):
                r, c = row + ROWS_BY[m], column + COLUMNS_BY[m]
                if r >= rows or c < 0 or c >= columns:
                    continue
                there = r * columns + c
                if ground[there] & CLOSED:
                    continue
                roads = ground[here] & ground[there] & ROAD
                run = RUNS[m] * cell_m
                climb = abs(np.float64(heights[there]) - np.float64(heights[here]))
                if m >= FIRST_KNIGHT:
                    near = here + NEAR_ROWS[m] * columns + NEAR_COLUMNS[m]
                    far = here + there - near
                    if (ground[near] | ground[far]) & CLOSED:
                        continue
                    roads &= ground[near] & ground[far]
                    middle = 0.5 * (np.float64(heights[near]) + np.float64(heights[far]))
                    climb = 2.0 * max(
                        abs(middle - np.float64(heights[here])),
                        abs(middle - np.float64(heights[there])),
                    )
                elif m >= 2:
                    beside = ground[row * columns + c] & ground[r * columns + column]
                    if beside & CLOSED:
                        continue
                if roads or climb <= steepest * run:
                    masks[here] |= np.uint16(1 << m)
                    masks[there] |= np.uint16(1 << (m + 8))
    return masks
