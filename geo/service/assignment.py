"""What an assignment of people to centers says, whichever way it was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.reach.matrix import Costs, Positions, Reach
from geo.service.heaps import Ints

Method = Literal["least_cost", "first_fit"]


class Reason(IntEnum):
    """Why people of a household are left out."""

    ASSIGNED = 0  # nobody is
    FULL = 1  # every center it reaches is full
    CLOSED = 2  # every center it reaches has capacity 0
    NO_CENTER = 3  # it reaches no center within the limit


@dataclass(frozen=True)
class Worth:
    """What one more place is worth at each center, and the proof of least cost.

    Parameters
    ----------
    more_people
        1 where one more place takes in one more person who is else left out, shape (centers,).
    more_cost
        By how much the total person-cost changes with it: what it saves is negative; a person
        who is taken in adds some way.
    bound
        No assignment that leaves out as few costs less.
    proved
        The cost equals the bound and nobody more can be taken in; in exact integers.
    """

    more_people: NDArray[np.int8]
    more_cost: Costs
    bound: float
    proved: bool


class Choice(NamedTuple):
    """A center a household reaches, and what one more place there would bring."""

    center: int
    cost: float
    capacity: int
    load: int
    more_people: int
    more_cost: float


@dataclass(frozen=True)
class Assignment:
    """Who goes where. People are counted one by one: a household may be split.

    Parameters
    ----------
    method
        ``least_cost``: fewest left out, then least person-cost. ``first_fit``: whoever is nearer
        comes first; not the same thing.
    reach
        What it is an assignment over.
    people
        People of the household who go to the center, of each pair of ``reach``.
    capacity
        -1 is unlimited.
    load
        People at each center.
    overflow
        People left out of each household.
    reason
        :class:`Reason` of each household.
    main_center
        Position of the center most of a household goes to (of equal ones the nearest, then the
        first), -1 if all of it is left out or nobody lives in it.
    main_cost
        Metres or seconds to it, NaN without one.
    split
        Households whose people do not all have the same lot.
    cost
        Person-metres or person-seconds; each pair's cost rounded to a thousandth.
    worth
        ``None`` for ``first_fit``.
    """

    method: Method
    reach: Reach
    people: Ints
    capacity: Ints
    load: Ints
    overflow: Ints
    reason: NDArray[np.int8]
    main_center: Positions
    main_cost: Costs
    split: int
    cost: float
    worth: Worth | None

    def why(self, household: int) -> list[Choice]:
        """Return the centers a household reaches, nearest first, with load and worth of a place."""
        pairs = slice(self.reach.starts[household], self.reach.starts[household + 1])
        return [
            Choice(
                k,
                cost,
                int(self.capacity[k]),
                int(self.load[k]),
                0 if self.worth is None else int(self.worth.more_people[k]),
                np.nan if self.worth is None else float(self.worth.more_cost[k]),
            )
            for k, cost in zip(
                self.reach.centers[pairs].tolist(), self.reach.costs[pairs].tolist(), strict=True
            )
        ]


@njit(cache=True, nogil=True)
def _describe(
    starts: Ints,
    centers: Positions,
    costs: Costs,
    weights: Ints,
    capacity: Ints,
    people: Ints,
    overflow: Ints,
    load: Ints,
    reason: NDArray[np.int8],
    main_center: Positions,
    main_cost: Costs,
) -> int:
    split = 0
    for home in range(len(weights)):
        most, lots, open_ones = np.int64(0), 1 if overflow[home] > 0 else 0, 0
        for pair in range(starts[home], starts[home + 1]):
            k = centers[pair]
            load[k] += people[pair]
            open_ones += 1 if capacity[k] != 0 else 0
            lots += 1 if people[pair] > 0 else 0
            if people[pair] > most:
                most = people[pair]
                main_center[home], main_cost[home] = k, costs[pair]
        split += 1 if lots > 1 else 0
        if overflow[home] > 0:
            if starts[home] == starts[home + 1]:
                reason[home] = 3
            else:
                reason[home] = 1 if open_ones > 0 else 2
    return split


def make_assignment(
    method: Method,
    reach: Reach,
    people: Ints,
    capacity: Ints,
    of_pairs: Ints,
    overflow: Ints,
    cost: float,
    worth: Worth | None,
) -> Assignment:
    """Return an assignment with everything that follows from who goes where."""
    load = np.zeros(reach.center_count, np.int64)
    reason = np.zeros(len(people), np.int8)
    main_center = np.full(len(people), -1, np.int32)
    main_cost = np.full(len(people), np.nan)
    split = _describe(
        reach.starts,
        reach.centers,
        reach.costs,
        people,
        capacity,
        of_pairs,
        overflow,
        load,
        reason,
        main_center,
        main_cost,
    )
    return Assignment(
        method,
        reach,
        of_pairs,
        capacity,
        load,
        overflow,
        reason,
        main_center,
        main_cost,
        int(split),
        cost,
        worth,
    )
