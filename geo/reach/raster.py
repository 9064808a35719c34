"""Lines over cells: which cells they touch, which moves they cut (numba).

Everything here is in units of cells, (column, row), whole numbers at the middle of cells; a
segment is (x, y, x, y).
"""

from __future__ import annotations

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from geo.reach.moves import COLUMNS_BY, ROWS_BY

Segments = NDArray[np.float64]
SLACK = 1e-9  # of a cell: what touches, cuts


def segments_of(lines: NDArray[np.object_]) -> tuple[Segments, NDArray[np.int64]]:
    """Return the straight pieces of lines and outlines, and the position of the line of each.

    Pieces without length and those with coordinates that are no numbers are left out.
    """
    parts, line = shapely.get_parts(lines, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    strings = shapely.get_dimensions(parts) == 1
    shapes = np.concatenate([parts[strings], rings])
    owners = np.concatenate([line[strings], line[part]])
    xy, shape = shapely.get_coordinates(shapes, return_index=True)
    pieces = np.column_stack([xy[:-1], xy[1:]])
    real = (shape[:-1] == shape[1:]) & np.isfinite(pieces).all(axis=1)
    real &= (pieces[:, :2] != pieces[:, 2:]).any(axis=1)
    return pieces[real], owners[shape[:-1][real]]


@njit(cache=True, nogil=True)
def _across(
    x0: float, y0: float, x1: float, y1: float, top: float, bottom: float
) -> tuple[float, float]:
    """Return how far west and east a segment lies between two rows; west > east: not at all."""
    if y0 > y1:
        x0, y0, x1, y1 = x1, y1, x0, y0
    if y1 < top or y0 > bottom:
        return 1.0, 0.0
    a, b = x0, x1
    if y1 > y0:
        if y0 < top:
            a = x0 + (x1 - x0) * ((top - y0) / (y1 - y0))
        if y1 > bottom:
            b = x0 + (x1 - x0) * ((bottom - y0) / (y1 - y0))
    return min(a, b), max(a, b)


@njit(cache=True, nogil=True)
def mark_cells(
    ground: NDArray[np.uint8], rows: int, columns: int, segments: Segments, bit: int
) -> None:
    """Set a bit in every cell a segment touches; along a line they hang together by sides."""
    for i in range(len(segments)):
        x0, y0, x1, y1 = segments[i]
        first = max(np.ceil(min(y0, y1) - 0.5 - SLACK), 0.0)
        last = min(np.floor(max(y0, y1) + 0.5 + SLACK), rows - 1.0)
        for row in range(int(first), int(last) + 1):
            west, east = _across(x0, y0, x1, y1, row - 0.5 - SLACK, row + 0.5 + SLACK)
            if west > east:
                continue
            start = max(np.ceil(west - 0.5 - SLACK), 0.0)
            end = min(np.floor(east + 0.5 + SLACK), columns - 1.0)
            for column in range(int(start), int(end) + 1):
                ground[row * columns + column] |= np.uint8(bit)


@njit(cache=True, nogil=True)
def cut_moves(masks: NDArray[np.uint16], rows: int, columns: int, segments: Segments) -> None:
    """Close every move whose straight line meets a segment, its ends included."""
    for i in range(len(segments)):
        x0, y0, x1, y1 = segments[i]
        first = max(np.ceil(min(y0, y1) - 2.0 - SLACK), 0.0)
        last = min(np.floor(max(y0, y1) + SLACK), rows - 1.0)
        for row in range(int(first), int(last) + 1):
            west, east = _across(x0, y0, x1, y1, row - SLACK, row + 2.0 + SLACK)
            if west > east:
                continue
            start = max(np.ceil(west - 2.0 - SLACK), 0.0)
            end = min(np.floor(east + 2.0 + SLACK), columns - 1.0)
            for column in range(int(start), int(end) + 1):
                here = row * columns + column
                for m in range(8):
                    if not (masks[here] >> m) & 1:
                        continue
                    dx, dy = float(COLUMNS_BY[m]), float(ROWS_BY[m])
                    if _meet(x0 - column, y0 - row, x1 - column, y1 - row, dx, dy):
                        there = here + ROWS_BY[m] * columns + COLUMNS_BY[m]
                        masks[here] &= np.uint16(~(1 << m) & 0xFFFF)
                        masks[there] &= np.uint16(~(1 << (m + 8)) & 0xFFFF)


@njit(cache=True, nogil=True)
def _meet(x0: float, y0: float, x1: float, y1: float, dx: float, dy: float) -> bool:
    """Tell whether a segment meets the one from (0, 0) to (dx, dy)."""
    if min(x0, x1) > max(dx, 0.0) + SLACK or max(x0, x1) < min(dx, 0.0) - SLACK:
        return False
    if min(y0, y1) > max(dy, 0.0) + SLACK or max(y0, y1) < min(dy, 0.0) - SLACK:
        return False
    # on which side of the move the ends of the segment lie, and the other way round
    a, b = dx * y0 - dy * x0, dx * y1 - dy * x1
    if (a > SLACK and b > SLACK) or (a < -SLACK and b < -SLACK):
        return False
    ex, ey = x1 - x0, y1 - y0
    slack = SLACK * (abs(ex) + abs(ey))
    c, d = ey * x0 - ex * y0, ex * (dy - y0) - ey * (dx - x0)
    return not ((c > slack and d > slack) or (c < -slack and d < -slack))
