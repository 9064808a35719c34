"""From a door to the road: the nearest piece of road within the snap limit, and where on it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.reach.matrix import Places, State
from geo.reach.noding import Segments
from geo.reach.snapping_kernels import Cells, nearest_segments

# Costs are whole micrometres and microseconds: sums are exact in any order, so that equal is
# equal and "at the limit" has one meaning; what the rounding of an edge loses nobody can measure.
PER_UNIT = 1_000_000
Micro = NDArray[np.int64]
_FARTHEST_M = 1e6  # where no snap limit is set
_MOST_CELLS_ACROSS = 2000


class Snapped(NamedTuple):
    """Where places meet the road.

    Parameters
    ----------
    segment
        Position of the piece of road, -1 off the network and where there is no place.
    offset_um
        Micrometres from its tail.
    leg_um
        Micrometres from the place to there.
    known
        False where there is no place.
    """

    segment: NDArray[np.int64]
    offset_um: Micro
    leg_um: Micro
    known: NDArray[np.bool_]

    def at(self, position: int) -> Snapped:
        """Return one of them by itself."""
        one = slice(position, position + 1)
        return Snapped(self.segment[one], self.offset_um[one], self.leg_um[one], self.known[one])

    @property
    def states(self) -> NDArray[np.int8]:
        """:class:`State` of each place: on the network (``REACHED``), off it, unlocated."""
        on = np.where(self.segment >= 0, State.REACHED, State.OFF_NETWORK)
        return np.where(self.known, on, State.UNLOCATED).astype(np.int8)


class Snapper:
    """Finds the nearest road of places; of several the first, which has the lowest code."""

    def __init__(self, segments: Segments, limit_m: float) -> None:
        limit_m = min(limit_m, _FARTHEST_M)
        self._limit_um = np.int64(micro(limit_m))
        self._tail, self._head = segments.nodes[segments.tail], segments.nodes[segments.head]
        self._length_um = micro(segments.metres)
        if len(self._length_um):
            self._cells = _cells(segments, limit_m)

    def snap(self, places: Places) -> Snapped:
        """Snap places, shape (n, 2) in the metric CRS of the roads; the limit is inclusive."""
        known = np.asarray(np.isfinite(places).all(axis=1))
        segment = np.full(len(places), -1, np.int64)
        offset_um, leg_um = np.zeros((2, len(places)), np.int64)
        if len(self._length_um):
            on, along, leg_um[known] = nearest_segments(
                self._cells, self._tail, self._head, places[known], self._limit_um
            )
            segment[known] = on
            offset_um[known] = np.rint(along * self._length_um[on])
        return Snapped(segment, offset_um, leg_um, known)


def _cells(segments: Segments, limit_m: float) -> Cells:
    """Sort segments into cells, long ones in steps no longer than a cell."""
    tail, head = segments.nodes[segments.tail], segments.nodes[segments.head]
    south_west = segments.nodes.min(axis=0)
    extent = segments.nodes.max(axis=0) - south_west
    # about two entries a segment, at most some millions of cells
    size = float(max(limit_m / 4, segments.metres.mean(), extent.max() / _MOST_CELLS_ACROSS))
    columns, rows = (int(n) for n in np.floor(extent / size) + 1)
    steps = np.ceil(segments.metres / size).astype(np.int64)
    segment = np.repeat(np.arange(len(steps)), steps)
    place = np.arange(len(segment)) - np.repeat(np.cumsum(steps) - steps, steps)
    ends = [
        tail[segment] + (at / steps[segment])[:, None] * (head - tail)[segment]
        for at in (place, place + 1)
    ]
    low = np.floor((np.minimum(*ends) - south_west) / size).astype(np.int64)
    high = np.floor((np.maximum(*ends) - south_west) / size).astype(np.int64)
    found = []
    for right, up in ((0, 0), (1, 0), (0, 1), (1, 1)):  # a step meets two by two cells at most
        there = low + np.array([right, up])
        meets = (there <= high).all(axis=1) & (there >= 0).all(axis=1)
        meets &= (there < (columns, rows)).all(axis=1)
        found.append((there[meets, 1] * columns + there[meets, 0], segment[meets]))
    cell, entry = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((entry, cell))
    starts = np.zeros(columns * rows + 1, np.int64)
    np.cumsum(np.bincount(cell, minlength=columns * rows), out=starts[1:])
    west, south = map(float, south_west)
    return Cells(west, south, size, columns, rows, starts, entry[order])


def micro(value: float | NDArray[np.float64]) -> Micro:
    """Return metres or seconds as whole millionths."""
    return np.asarray(np.rint(np.asarray(value) * PER_UNIT), dtype=np.int64)
