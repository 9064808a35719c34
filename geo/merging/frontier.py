"""Growing a connected group one unit at a time, each connected set once (numba).

Wernicke 2006, IEEE/ACM TCBB 3(4), "ESU": a set is grown from its lowest unit, and a unit may come
next only when it borders the set and was no neighbour of it before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.merging.helper import helper
from geo.merging.movable import Movable

Ints = NDArray[np.int64]
Small = NDArray[np.int32]


class Frontier(NamedTuple):
    """Who may come next, by the depth of the group: its number of units less one.

    Parameters
    ----------
    known
        Which units are in the group or have been a neighbour of it.
    waiting, waits
        Units that may come next, and how many.
    added, adds
        Units that became known at this depth, and how many.
    """

    known: NDArray[np.int8]
    waiting: Small
    waits: Ints
    added: Small
    adds: Ints


@njit(cache=True, nogil=True)
def make_frontier(units: int, max_units: int) -> Frontier:
    """Return one with nothing in it."""
    return Frontier(
        np.zeros(units, np.int8),
        np.empty((max_units, units), np.int32),
        np.zeros(max_units, np.int64),
        np.empty((max_units, units), np.int32),
        np.zeros(max_units, np.int64),
    )


@helper
def take_first(frontier: Frontier, units: Movable, unit: int, after: int) -> None:
    """Begin with a unit; only units after a place come into groups."""
    frontier.known[unit] = 1
    frontier.waits[0] = frontier.adds[0] = 0
    _open(frontier, units, unit, 0, after)


@helper
def take_next(frontier: Frontier, units: Movable, unit: int, depth: int, after: int) -> None:
    """Go down to a depth with a unit that was waiting above it."""
    waits = frontier.waits[depth - 1]
    frontier.waits[depth] = waits
    for k in range(waits):
        frontier.waiting[depth, k] = frontier.waiting[depth - 1, k]
    frontier.adds[depth] = 0
    _open(frontier, units, unit, depth, after)


@helper
def next_waiting(frontier: Frontier, depth: int) -> int:
    """Take a waiting unit out; -1 where none is left."""
    if frontier.waits[depth] == 0:
        return -1
    frontier.waits[depth] -= 1
    return int(frontier.waiting[depth, frontier.waits[depth]])


@helper
def go_back(frontier: Frontier, depth: int) -> None:
    """Forget what became known at a depth."""
    for k in range(frontier.adds[depth]):
        frontier.known[frontier.added[depth, k]] = 0


@helper
def _open(frontier: Frontier, units: Movable, unit: int, depth: int, after: int) -> None:
    """Let the neighbours of a unit wait that were not known."""
    known, waits, adds = frontier.known, frontier.waits, frontier.adds
    for k in range(units.starts[unit], units.starts[unit + 1]):
        other = units.neighbours[k]
        if other > after and known[other] == 0:
            known[other] = 1
            frontier.waiting[depth, waits[depth]] = other
            waits[depth] += 1
            frontier.added[depth, adds[depth]] = other
            adds[depth] += 1
