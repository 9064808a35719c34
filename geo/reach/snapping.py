"""From a door to the road: the nearest piece of road within the snap limit, and where on it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reach.matrix import Places
from geo.reach.noding import Segments, project

# Costs are whole micrometres and microseconds: sums are exact in any order, so that equal is
# equal and "at the limit" has one meaning; what the rounding of an edge loses nobody can measure.
PER_UNIT = 1_000_000
Micro = NDArray[np.int64]


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


class Snapper:
    """Finds the nearest road of places; of several the first, which has the lowest code."""

    def __init__(self, segments: Segments, limit_m: float) -> None:
        self._segments = segments
        self._limit_um = micro(limit_m)
        self._tree = shapely.STRtree(segments.lines)
        self._length_um = micro(segments.metres)

    def snap(self, places: Places) -> Snapped:
        """Snap places, shape (n, 2) in the metric CRS of the roads; the limit is inclusive."""
        known = np.asarray(np.isfinite(places).all(axis=1))
        segment = np.full(len(places), -1, np.int64)
        offset_um, leg_um = np.zeros((2, len(places)), np.int64)
        snapped = Snapped(segment, offset_um, leg_um, known)
        rows = np.flatnonzero(known)
        if not len(rows) or not len(self._length_um):
            return snapped
        # several places of one building, several households of one place: look once
        unique, of_row = np.unique(places[rows], axis=0, return_inverse=True)
        pair, found = self._tree.query_nearest(
            shapely.points(unique), max_distance=(self._limit_um + 1) / PER_UNIT, all_matches=True
        )
        first = np.full(len(unique), len(self._length_um), np.int64)
        np.minimum.at(first, pair, found)
        near = np.flatnonzero(first < len(self._length_um))
        along, gap_m = project(self._segments, first[near], unique[near])
        leg = micro(gap_m)
        inside = leg <= self._limit_um
        near, along, leg = near[inside], along[inside], leg[inside]
        on, at, gap = np.full(len(unique), -1, np.int64), *np.zeros((2, len(unique)), np.int64)
        on[near], gap[near] = first[near], leg
        at[near] = np.rint(along * self._length_um[first[near]])
        segment[rows], offset_um[rows], leg_um[rows] = on[of_row], at[of_row], gap[of_row]
        return snapped


def micro(value: float | NDArray[np.float64]) -> Micro:
    """Return metres or seconds as whole millionths."""
    return np.asarray(np.rint(np.asarray(value) * PER_UNIT), dtype=np.int64)
