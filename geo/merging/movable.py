"""The units of one zone that can be moved, as numba kernels see them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.merging.helper import helper
from geo.merging.pairs import find_entry

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Movable(NamedTuple):
    """Units by place, those that need a group first, both parts in the order of codes.

    Parameters
    ----------
    starts, neighbours
        Who borders whom, rows of a sparse matrix.
    pair_starts, pair_units, pair_allowed, pair_cost
        Pairs few enough neighbours apart, whether they may be in a group, and the way *from* the
        row's unit *to* the column's, in whole metres or seconds.
    people, minimum, maximum, target
        Shape (units, measures), (measures,); a target below 0 is none.
    weight
        Of each unit's travel.
    rank
        Place of each unit in the order of codes.
    under
        Which units are under the minimum by themselves.
    partner_starts, partners
        Units each must be together with.
    roots
        Units that need a group are 0 to roots - 1: under the minimum, or decided to be together
        with another.
    most_groups
        Whether plans are judged by groups that reach the minimum, or by healthy units touched.
    """

    starts: Ints
    neighbours: Small
    pair_starts: Ints
    pair_units: Small
    pair_allowed: Flags
    pair_cost: Ints
    people: Ints
    minimum: Ints
    maximum: Ints
    target: Ints
    weight: Ints
    rank: Ints
    under: Flags
    partner_starts: Ints
    partners: Small
    roots: int
    most_groups: bool


@helper
def way_between(units: Movable, one: int, other: int) -> int:
    """Return the way from one unit to another, -1 where they may not be in a group."""
    at = find_entry(units.pair_starts, units.pair_units, one, other)
    return int(units.pair_cost[at]) if at >= 0 and units.pair_allowed[at] else -1


@helper
def fill_ways(units: Movable, group: Small, size: int, ways: Ints) -> bool:
    """Write the ways from and to the last unit of a group; whether it may meet all the others."""
    last = size - 1
    for k in range(last):
        there = way_between(units, group[k], group[last])
        if there < 0:
            return False
        ways[k, last] = there
        ways[last, k] = way_between(units, group[last], group[k])
    return True


@helper
def touches(units: Movable, group: Small, touch: Ints) -> None:
    """Write which others of a group (bits) each of its units borders."""
    for k in range(len(group)):
        touch[k] = 0
        for p in range(units.starts[group[k]], units.starts[group[k] + 1]):
            for other in range(len(group)):
                if group[other] == units.neighbours[p]:
                    touch[k] |= 1 << other
