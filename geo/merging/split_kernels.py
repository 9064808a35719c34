"""Dividing the cells of one unit into connected parts (numba)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_DIRECTIONS = 16
_COSTS = 5  # parts above the maximum, parts, parts below the minimum, squares, new border


@njit(cache=True, nogil=True)
def divide_exactly(border: Ints, people: Ints, low: Ints, high: Ints) -> Ints:
    """Return the part of each of a few cells, of all divisions into connected parts the best.

    Dynamic programming over sets of cells (bits): the best division of a set is a connected part
    that holds its first cell and the best division of the rest. Costs are compared level by level:
    parts above, parts, parts below, sum of squares of people, border between parts (counted from
    both sides). Connected pieces are divided each by themselves by this very rule.
    """
    count = len(people)
    size = 1 << count
    touch = np.zeros(count, np.int64)
    for i in range(count):
        for j in range(count):
            if border[i, j] > 0:
                touch[i] |= 1 << j
    linked = np.zeros(size, np.bool_)
    cost = np.zeros((size, _COSTS), np.int64)
    for part in range(1, size):
        lowest = 0
        while part >> lowest & 1 == 0:
            lowest += 1
        reached = 1 << lowest
        while True:
            wider = reached
            for k in range(count):
                if reached >> k & 1:
                    wider |= touch[k] & part
            if wider == reached:
                break
            reached = wider
        linked[part] = reached == part
        if linked[part]:
            _cost_of(part, border, people, low, high, cost[part])
    best = np.zeros((size, _COSTS), np.int64)
    choice = np.zeros(size, np.int64)
    for whole in range(1, size):
        lowest = 1
        while whole & lowest == 0:
            lowest <<= 1
        rest = whole ^ lowest
        more = rest
        while True:
            part = more | lowest
            if linked[part]:
                other = whole ^ part
                better = choice[whole] == 0
                if not better:
                    for level in range(_COSTS):
                        value = cost[part, level] + best[other, level]
                        if value != best[whole, level]:
                            better = value < best[whole, level]
                            break
                if better:
                    choice[whole] = part
                    for level in range(_COSTS):
                        best[whole, level] = cost[part, level] + best[other, level]
            if more == 0:
                break
            more = (more - 1) & rest
    label = np.zeros(count, np.int64)
    whole, number = size - 1, 0
    while whole:
        for k in range(count):
            if choice[whole] >> k & 1:
                label[k] = number
        whole ^= choice[whole]
        number += 1
    return label


@njit(cache=True, nogil=True)
def _cost_of(part: int, border: Ints, people: Ints, low: Ints, high: Ints, cost: Ints) -> None:
    above, below = False, False
    for m in range(people.shape[1]):
        total = 0
        for k in range(len(people)):
            if part >> k & 1:
                total += people[k, m]
        above = above or total > high[m]
        below = below or total < low[m]
        if m == 0:
            cost[3] = total * total
    edge = 0
    for i in range(len(people)):
        if part >> i & 1:
            for j in range(len(people)):
                if part >> j & 1 == 0:
                    edge += border[i, j]
    cost[0], cost[1], cost[2], cost[4] = int(above), 1, int(below), edge


@njit(cache=True, nogil=True)
def _is_linked(inside: NDArray[np.bool_], wanted: bool, border: Ints) -> bool:
    """Whether the cells of one side are connected, and some."""
    count = len(inside)
    seen = np.zeros(count, np.bool_)
    queue = np.empty(count, np.int64)
    begin, end, total = 0, 0, 0
    for k in range(count):
        if inside[k] == wanted:
            total += 1
            if end == 0:
                queue[0], end, seen[k] = k, 1, True
    while begin < end:
        one = queue[begin]
        begin += 1
        for other in range(count):
            if border[one, other] > 0 and inside[other] == wanted and not seen[other]:
                seen[other] = True
                queue[end] = other
                end += 1
    return bool(total > 0 and end == total)


@njit(cache=True, nogil=True)
def cut_in_two(
    border: Ints, people: Ints, low: Ints, high: Ints, middle: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return one side of the best cut that leaves both sides connected; nothing if there is none.

    Cells are lined up along each of some directions and cut after each; best is the cut after which
    least parts more than a multiple of the maximum are needed, then none below the minimum, then
    in the middle as near as can be, then with the least border.
    """
    count, measures = people.shape
    best = np.zeros(count, np.bool_)
    worth = np.zeros(4, np.float64)
    found = False
    total = people.sum(axis=0)
    for direction in range(_DIRECTIONS):
        angle = np.pi * direction / _DIRECTIONS
        along = np.round(middle[:, 0] * np.cos(angle) + middle[:, 1] * np.sin(angle), 3)
        order = np.argsort(along, kind="mergesort")
        side = np.zeros(count, np.bool_)
        sums = np.zeros(measures, np.int64)
        for at in range(count - 1):
            side[order[at]] = True
            for m in range(measures):
                sums[m] += people[order[at], m]
            needed_one, needed_other, below = 1, 1, 0
            for m in range(measures):
                other = total[m] - sums[m]
                needed_one = max(needed_one, -(-sums[m] // high[m]))
                needed_other = max(needed_other, -(-other // high[m]))
                if sums[m] < low[m] or other < low[m]:
                    below = 1
            needed = needed_one + needed_other
            share = needed_one / needed
            off = abs(sums[0] - share * total[0])
            value = (float(needed), float(below), off)
            if found and value > (worth[0], worth[1], worth[2]):
                continue
            edge = 0.0
            for i in range(count):
                if side[i]:
                    for j in range(count):
                        if not side[j]:
                            edge += border[i, j]
            if found and value == (worth[0], worth[1], worth[2]) and edge >= worth[3]:
                continue
            if _is_linked(side, True, border) and _is_linked(side, False, border):
                found = True
                best[:] = side
                worth[0], worth[1], worth[2], worth[3] = value[0], value[1], value[2], edge
    return best
