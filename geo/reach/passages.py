"""Bridges and fords: where a road leads over a barrier, one move from bank to bank is opened.

Not the cells of the road: a road along a river shares cells with it and would lead across it
everywhere.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reach.footing import Footing
from geo.reach.moves import COLUMNS_BY, ROWS_BY
from geo.reach.raster import segments_of

# Lines met within so many cells are crossed at once too: both banks of a brook, two tracks.
AT_ONCE = 2.0
LINES_AT_ONCE = 4
# How far before the first and behind the last of them, in cells, one looks for a footing.
OFFSETS = (0.1, 0.4, 1.0)
APART = 1e-6  # of a cell: two crossings are not one


def open_passages(roads: NDArray[np.object_], footing: Footing) -> int:
    """Open, where a road meets a barrier, the move it makes possible; return how many.

    It leads from a cell whose middle is joined, with no barrier between, to the road before the
    crossing, to a cell beside it that is joined in the same manner to the road behind. Any road
    will do, also without a bridge in the data: fords and culverts are rarely recorded. A road
    that ends on a barrier leads nowhere.

    Parameters
    ----------
    roads
        Lines in units of cells.
    footing
        Its masks are changed in place.
    """
    lines = shapely.get_parts(
        shapely.line_merge(shapely.multilinestrings(shapely.get_parts(roads)))
    )
    line, place = _crossings(lines, footing.banks)
    same = np.append(line[1:] == line[:-1], False)
    apart = np.diff(place, append=np.inf)
    ahead = np.where(same, apart, shapely.length(lines)[line] - place)
    behind = np.where(np.roll(same, 1), np.roll(apart, 1), place)
    opened = 0
    for count in range(min(LINES_AT_ONCE, len(line))):
        first = np.arange(len(line) - count)
        last = first + count
        at_once = (line[first] == line[last]) & (place[last] - place[first] <= AT_ONCE)
        at_once &= (behind[first] > APART) & (ahead[last] > APART)
        first, last = first[at_once], last[at_once]
        road, ends = lines[line[first]], []
        for offset in OFFSETS:
            near = place[first] - np.minimum(offset, behind[first] / 2)
            far = place[last] + np.minimum(offset, ahead[last] / 2)
            ends.append((_points(road, near), _points(road, far)))
        opened += _join(ends, footing)
    return opened


def _crossings(
    lines: NDArray[np.object_], banks: shapely.STRtree
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return which line meets a barrier, and after how many cells of its length, ascending."""
    pieces, owner = segments_of(lines)
    lengths = np.hypot(*(pieces[:, 2:] - pieces[:, :2]).T)
    sums = np.cumsum(lengths) - lengths
    starts = sums - sums[np.searchsorted(owner, owner)]
    straight = shapely.linestrings(pieces.reshape(-1, 2, 2))
    piece, bank = banks.query(straight, predicate="intersects")
    met = shapely.intersection(straight[piece], banks.geometries[bank])
    xy, pair = shapely.get_coordinates(met, return_index=True)  # two where they run together
    piece = piece[pair]
    line, place = owner[piece], starts[piece] + np.hypot(*(xy - pieces[piece, :2]).T)
    order = np.lexsort((place, line))
    line, place = line[order], place[order]
    new = np.append(True, (np.diff(line) > 0) | (np.diff(place) > APART))[: len(line)]
    return line[new], place[new]


def _points(lines: NDArray[np.object_], places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(lines, places)))


def _join(ends: list[tuple[NDArray[np.float64], NDArray[np.float64]]], footing: Footing) -> int:
    """Open for each crossing the move between the two best footings; return for how many."""
    columns = footing.heights.columns
    count = len(ends[0][0])
    best = np.full(count, np.inf)
    chosen = np.zeros((2, count), np.int64)
    for near, far in ends:
        (a, from_a), (b, from_b) = footing.around(near), footing.around(far)
        down = a[:, :, None] // columns - b[:, None, :] // columns
        across = a[:, :, None] % columns - b[:, None, :] % columns
        beside = np.maximum(np.abs(down), np.abs(across)) == 1
        far_off = np.where(beside, from_a[:, :, None] + from_b[:, None, :], np.inf).reshape(-1, 81)
        pick = far_off.argmin(axis=1)
        least = far_off[np.arange(count), pick]
        nearer = np.flatnonzero(least < best)
        best[nearer] = least[nearer]
        chosen[0, nearer] = a[nearer, pick[nearer] // 9]
        chosen[1, nearer] = b[nearer, pick[nearer] % 9]
    here, there = chosen[:, np.isfinite(best)]
    step = there - here
    for m in np.flatnonzero(np.abs(ROWS_BY * COLUMNS_BY) <= 1):
        rows = here[step == ROWS_BY[m] * columns + COLUMNS_BY[m]]
        footing.masks[rows] |= np.uint16(1 << m)
        footing.masks[rows + ROWS_BY[m] * columns + COLUMNS_BY[m]] |= np.uint16(1 << (m + 8) % 16)
    return len(here)
