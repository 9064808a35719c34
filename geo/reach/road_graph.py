"""The road network as arcs and whole costs: what the searches work on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.reach.matrix import Measure
from geo.reach.road_kernels import FAR, Arcs, Groups, Micro, Sides, Stops
from geo.reach.snapping import PER_UNIT, Snapped, micro


@dataclass(frozen=True, eq=False)
class Graph:
    """Pieces of road with directions and costs.

    Parameters
    ----------
    nodes
        How many.
    sides
        Ends and directions of the pieces.
    metres, seconds
        Of each piece.
    walk_kmh
        On the legs between door and road.
    """

    nodes: int
    sides: Sides
    metres: NDArray[np.float64]
    seconds: NDArray[np.float64]
    walk_kmh: float

    def arcs(self, measure: Measure) -> Arcs:
        """Return the ways into each node."""
        return Arcs(*self._into, self.costs(measure))

    def costs(self, measure: Measure) -> Micro:
        """Return the cost of each piece, in millionths of a metre or second."""
        return self._um if measure == "distance" else self._us

    def stops(self, snapped: Snapped, measure: Measure) -> Stops:
        """Return places on the network as costs of a measure."""
        if not len(self.metres):
            count = len(snapped.known)
            nothing, no = np.zeros((3, count), np.int64), np.zeros((4, count), np.bool_)
            return Stops(snapped.segment, *nothing, *no)
        segment = np.maximum(snapped.segment, 0)  # off the network: never looked at
        whole, length = self.costs(measure)[segment], self._um[segment]
        along, leg = snapped.offset_um, snapped.leg_um
        if measure == "time":
            along = np.rint(along * (whole / np.maximum(length, 1))).astype(np.int64)
            leg = np.rint(leg * 3.6 / self.walk_kmh).astype(np.int64)
        # at a node one is free to take any of its roads
        first, last = snapped.offset_um == 0, snapped.offset_um == length
        forward, backward = self.sides.forward[segment], self.sides.backward[segment]
        return Stops(
            segment=snapped.segment,
            along=along,
            rest=whole - along,
            leg=leg,
            at_tail=backward | first,
            at_head=forward | last,
            from_tail=forward | first,
            from_head=backward | last,
        )

    @cached_property
    def _um(self) -> Micro:
        return micro(self.metres)

    @cached_property
    def _us(self) -> Micro:
        return micro(self.seconds)

    @cached_property
    def _into(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Ways into each node: starts, node one comes from, segment."""
        along, against = np.flatnonzero(self.sides.forward), np.flatnonzero(self.sides.backward)
        end = np.concatenate([self.sides.head[along], self.sides.tail[against]])
        origin = np.concatenate([self.sides.tail[along], self.sides.head[against]])
        by_end = groups(end, self.nodes)
        return by_end.starts, origin[by_end.order], np.concatenate([along, against])[by_end.order]


def cutoff(limit: float) -> np.int64:
    """Return where a search may stop: a unit beyond the limit, which is compared in the end."""
    return budget(limit) + 1 if budget(limit) < FAR - 1 else FAR - 1


def budget(limit: float) -> np.int64:
    """Return a limit in millionths; without limit all that can be reached."""
    return np.int64(round(limit * PER_UNIT)) if limit * PER_UNIT < FAR / 2 else FAR - 1


def groups(keys: NDArray[np.int64], count: int) -> Groups:
    """Return positions by key, those below 0 left out."""
    order = np.argsort(keys, kind="stable")
    order = order[np.searchsorted(keys[order], 0) :]
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(keys[order], minlength=count), out=starts[1:])
    return Groups(starts, order)
