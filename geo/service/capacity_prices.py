"""Prices an assignment with capacities starts from: nearly those it ends with.

From prices of zero, one person in three has to move on where places are scarce, along longer and
longer chains. At good prices the cheapest center of each is nearly the right one, and a few moves
are left. The dual of the problem, smoothed, gives them: each row spreads over centers that cost
about the same (a logit choice), which makes loads smooth functions of the prices, and Newton's
method finds the prices at which they are the places there are. The smoothing is halved from step to
step. (Semi-discrete optimal transport: Cominetti & San Martín 1994; Kitagawa, Mérigot & Thibert
2019.)

It is a guess made in floating point and needs no more than one property: a center with a price has
no place left. :func:`first_prices` makes sure of that; then the exact method goes on from there,
and its proof is that of the prices it ends with.
"""

from __future__ import annotations

from math import exp, log

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csc_array
from scipy.sparse.linalg import spsolve

from geo.service.capacity_state import Problem, cheapest, in_integers, lowest_price
from geo.service.heaps import Ints

Floats = NDArray[np.float64]

SCARCE = 1.1  # with more places a person, ways are short and the plain start is faster
MOST_CENTERS = 1000  # the matrix has the square of it
ROWS = 50  # a center, at least: with fewer, loads are no smooth functions of anything
# More people than places are asked for, so that hardly any center with a price ends with one left.
_MORE = 0.01
_CLOSE = 0.01  # people at wrong centers, a person
_HALVINGS = 13
_REACH = 12  # spreads over centers that cost up to so many widths more
_BINS = 256
_TRIES, _IN_TURN = 30, 8


def first_prices(problem: Problem) -> Ints:
    """Return prices at which no center with a price has a place left; zero where nothing is gained.

    At them everybody goes to the cheapest center, price included, by :func:`load_at`.
    """
    nothing = np.zeros(len(problem.capacity), np.int64)
    people, places = int(problem.weight.sum()), int(problem.capacity.sum())
    if not people or not places or places > SCARCE * people or len(nothing) > MOST_CENTERS:
        return nothing
    if len(problem.first) < ROWS * len(nothing):
        return nothing
    if (load_at(problem, nothing) <= problem.capacity).all():
        return nothing
    return _fill(problem, *_approach(problem, _lowest(problem)))


def _lowest(problem: Problem) -> Floats:
    """Return prices at which everybody goes to the nearest center: high where some are left out."""
    farthest = float(np.rint(problem.costs.max() * problem.scale))
    # a row whose nearest center is closed counts to no piece that matters: this is a guess
    some = problem.last > problem.first
    piece = problem.piece[problem.center[problem.first[some]]]
    count = len(problem.capacity)
    people = np.bincount(piece, problem.weight[some], count)
    places = np.bincount(problem.piece, problem.capacity, count)
    return np.where((people > places)[problem.piece], problem.left_out - farthest, 0.0)


def _approach(problem: Problem, price: Floats) -> tuple[Floats, float]:
    """Return prices at which the loads are about the places, and the width of the last step."""
    count = len(price)
    few = problem.weight.mean()
    target = np.where(problem.capacity > 0, problem.capacity * (1 + _MORE) + 2 * few, 0.0)
    width = problem.costs.max() * problem.scale / 3
    ease = 1e-3
    for step in range(_HALVINGS):
        # where everything is smooth, some of the rows tell as much as all
        stride = max(1, min(64 >> step, len(problem.first) // 2000))
        paid, load, slope = _spread(problem, price, width, stride)
        value = paid - float(target @ price)
        for _ in range(8):
            over = load[:count] - target
            moving = np.flatnonzero((problem.capacity > 0) & ((price > 0) | (over > 0)))
            enough = _CLOSE / 2 if stride == 1 else 4 * _CLOSE
            if np.abs(over[moving]).sum() <= enough * target.sum():
                break
            ease, found = ease / 10, False
            for _ in range(6):
                ease *= 10
                new = _step(slope, over, moving, price, ease * target / width, 20 * width)
                trial = _spread(problem, new, width, stride)
                found = trial[0] - float(target @ new) >= value
                if found:
                    break
            if not found:
                break
            price, ease = new, max(ease / 10, 1e-6)
            value, load, slope = trial[0] - float(target @ new), *trial[1:]
        if stride == 1:
            there = load_at(problem, np.rint(price).astype(np.int64))
            wrong = np.where(price > 0, np.abs(there - target), np.maximum(there - target, 0))
            if wrong[problem.capacity > 0].sum() <= _CLOSE * target.sum():
                break
        width /= 2
    return price, width


def _step(
    slope: Floats, over: Floats, moving: Ints, price: Floats, ease: Floats, most: float
) -> Floats:
    """Return the prices of a Newton step; ``ease`` is added to the slopes (Levenberg's)."""
    system = slope[np.ix_(moving, moving)].copy()
    system[np.diag_indices(len(moving))] += ease[moving]
    new = price.copy()
    # a sparse solver, in one thread: the matrix is mostly zeros, and the same on every machine
    new[moving] += np.clip(spsolve(csc_array(system), over[moving]), -most, most)
    return np.maximum(new, 0.0)


def _fill(problem: Problem, guess: Floats, width: float) -> Ints:
    """Lower prices until no center with a price has a place left; to zero if that takes long."""
    grain = max(1, int(problem.scale))  # coarse, so that no rounding of another machine is seen
    price = np.rint(guess / grain).astype(np.int64) * grain
    window = np.full(len(price), max(int(width), _BINS), np.int64)
    row = int(np.ceil(problem.weight.mean()))
    for attempt in range(_TRIES):
        load = load_at(problem, price)
        missing = np.where(price > 0, np.maximum(problem.capacity - load, 0), 0)
        if not missing.any():
            return price
        # Some will be called away again. In the end two centers may call the same few in turn.
        wanted = missing * 3 // 2 + max(0, attempt - _IN_TURN) * row
        _lower(problem, price, missing, window, wanted)
    return np.zeros_like(price)


@njit(cache=True, nogil=True)
def _lower(problem: Problem, price: Ints, missing: Ints, window: Ints, wanted: Ints) -> None:
    """Lower the price of each center that misses people until ``wanted`` more find it cheapest.

    At most by its window, which is doubled then.
    """
    offers = np.zeros((len(price), _BINS), np.int64)
    floor = lowest_price(problem, price)
    most = np.where(missing > 0, window, 0).max()
    for row in range(len(problem.first)):
        at = cheapest(problem, price, row, floor)
        least, here = np.int64(problem.left_out), -1
        if at >= 0:
            here = problem.center[at]
            least = in_integers(problem.costs[at], problem.scale) + price[here]
        for pair in range(problem.first[row], problem.last[row]):
            cost = in_integers(problem.costs[pair], problem.scale)
            if cost + floor > least + most:
                break
            k = problem.center[pair]
            if missing[k] > 0 and k != here and cost + price[k] - least < window[k]:
                more = cost + price[k] - least
                offers[k, more * _BINS // window[k]] += problem.weight[row]
    for k in range(len(price)):
        if missing[k] > 0:
            come, n = np.int64(0), 0
            while n < _BINS and come < wanted[k]:
                come += offers[k, n]
                n += 1
            price[k] = max(0, price[k] - (n * window[k] // _BINS + 1))
            if come < missing[k]:
                window[k] *= 2


@njit(cache=True, nogil=True)
def load_at(problem: Problem, price: Ints) -> Ints:
    """Return the people at each center when everybody goes to the cheapest, price included."""
    load = np.zeros(len(price), np.int64)
    floor = lowest_price(problem, price)
    for row in range(len(problem.first)):
        pair = cheapest(problem, price, row, floor)
        if pair >= 0:
            load[problem.center[pair]] += problem.weight[row]
    return load


@njit(cache=True, nogil=True)
def _spread(
    problem: Problem, price: Floats, width: float, stride: int
) -> tuple[float, Floats, Floats]:
    """Return the smoothed dual without its places, loads (nobody last), and their slopes.

    Only each ``stride``-th row is looked at, and counts for all.
    """
    center, costs, scale, capacity = problem.center, problem.costs, problem.scale, problem.capacity
    left_out = float(problem.left_out)
    nobody = len(price)
    load, slope = np.zeros(nobody + 1), np.zeros((nobody + 1, nobody + 1))
    option, part = np.empty(nobody + 1, np.int64), np.empty(nobody + 1)
    floor = np.inf
    for k in range(nobody):
        if capacity[k] > 0:
            floor = min(floor, price[k])
    value = 0.0
    for row in range(0, len(problem.first), stride):
        least, count = left_out, 0
        for pair in range(problem.first[row], problem.last[row]):
            cost = in_integers(costs[pair], scale)
            if cost + floor >= least + _REACH * width:
                break
            k = center[pair]
            if capacity[k] > 0 and cost + price[k] < least + _REACH * width:
                option[count], part[count] = k, cost + price[k]
                least = min(least, part[count])
                count += 1
        if left_out < least + _REACH * width:
            option[count], part[count] = nobody, left_out
            count += 1
        total = 0.0
        for i in range(count):
            part[i] = exp((least - part[i]) / width)
            total += part[i]
        weight = float(problem.weight[row] * stride)
        value += weight * (least - width * log(total))
        for i in range(count):
            part[i] /= total
            if part[i] > 1e-4:
                k = option[i]
                load[k] += weight * part[i]
                steep = weight * part[i] / width
                slope[k, k] += steep * (1 - part[i])
                for n in range(i):
                    if part[n] <= 1e-4:
                        continue
                    slope[k, option[n]] -= steep * part[n]
                    slope[option[n], k] -= steep * part[n]
    return value, load, slope
