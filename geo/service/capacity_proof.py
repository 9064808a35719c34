"""Prices of places, and the bound they give: the proof that no assignment costs less."""

from __future__ import annotations

import numpy as np
from numba import njit

from geo.service.capacity_state import Places, Problem, in_integers
from geo.service.heaps import DISTANCE, DONE, HEAP, Ints, put, take


@njit(cache=True, nogil=True)
def lower_prices(problem: Problem, places: Places, queue: Ints) -> None:
    """Bring the prices down to the least that prove the same: what one more place is worth.

    A price can fall until it is zero, or until people of a center (or those left out) would gain
    by coming. How far is a shortest way again, now into each center.
    """
    costs, scale = problem.costs, problem.scale
    count = len(places.load)
    members = np.zeros(count + 1, np.int64)
    for k in range(count):
        if problem.capacity[k] > 0:
            put(queue, k, places.price[k])
    for row in range(len(problem.first)):
        for pair in range(problem.first[row], problem.last[row]):
            k = problem.center[pair]
            if places.people[pair] > 0:
                members[k + 1] += 1
            if places.out[row] > 0 and problem.capacity[k] > 0:
                slack = in_integers(costs[pair], scale) + places.price[k] - problem.left_out
                if slack < queue[k, DISTANCE]:
                    put(queue, k, slack)
    members = np.cumsum(members)
    filled = members[:-1].copy()
    rows, pairs = np.empty(members[-1], np.int64), np.empty(members[-1], np.int64)
    for row in range(len(problem.first)):
        for pair in range(problem.first[row], problem.last[row]):
            if places.people[pair] > 0:
                k = problem.center[pair]
                rows[filled[k]], pairs[filled[k]] = row, pair
                filled[k] += 1
    while queue[-1, HEAP] > 0:
        j = take(queue)
        queue[j, DONE] = 1
        for i in range(members[j], members[j + 1]):
            row = rows[i]
            base = queue[j, DISTANCE] - in_integers(costs[pairs[i]], scale) - places.price[j]
            for pair in range(problem.first[row], problem.last[row]):
                k = problem.center[pair]
                moved = base + in_integers(costs[pair], scale)
                if moved >= 0:  # farther ones can ask for nothing
                    break
                near = moved + places.price[k]
                if problem.capacity[k] > 0 and queue[k, DONE] == 0 and near < queue[k, DISTANCE]:
                    put(queue, k, near)
    for k in range(count):
        if problem.capacity[k] > 0:
            places.price[k] -= queue[k, DISTANCE]


@njit(cache=True, nogil=True)
def price_out(problem: Problem, price: Ints) -> tuple[int, int]:
    """Price every pair: the sum of what each person pays at the prices, in two parts.

    The sum is ``high * 2**31 + low``. Whatever the prices (zero or more), this less
    price x capacity is at most the cost of any assignment. Prices of closed centers, which take
    no part in it, are set to what a place there would save.
    """
    costs, scale = problem.costs, problem.scale
    high, low = np.int64(0), np.int64(0)
    mask = np.int64(2**31 - 1)
    for row in range(len(problem.first)):
        least = problem.left_out
        for pair in range(problem.first[row], problem.last[row]):
            cost = in_integers(costs[pair], scale)
            if cost >= least:
                break
            k = problem.center[pair]
            if problem.capacity[k] > 0:
                least = min(least, cost + price[k])
        for pair in range(problem.first[row], problem.last[row]):
            cost = in_integers(costs[pair], scale)
            if cost >= least:
                break
            k = problem.center[pair]
            if problem.capacity[k] == 0:
                price[k] = max(price[k], least - cost)
        high += (least >> 31) * problem.weight[row]
        low += (least & mask) * problem.weight[row]
    return int(high), int(low)


@njit(cache=True, nogil=True)
def total_cost(problem: Problem, people: Ints) -> int:
    """Return person-cost, in the integers the proof is in."""
    costs, scale = problem.costs, problem.scale
    total = np.int64(0)
    for row in range(len(problem.first)):
        for pair in range(problem.first[row], problem.last[row]):
            if people[pair] > 0:
                total += people[pair] * in_integers(costs[pair], scale)
    return int(total)
