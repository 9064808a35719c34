"""Households that reach the same centers at the same costs are one row; one weight, their sum."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.reach.matrix import Costs, Positions, Reach
from geo.service.heaps import Ints

Hashes = NDArray[np.uint64]


class Rows(NamedTuple):
    """Rows in an order that does not depend on that of the households.

    ``members`` lists the households of row ``r`` in ``members[starts[r]:starts[r + 1]]``, in the
    order given. The first of them stands for all: its pairs are the row's.
    """

    members: Ints
    starts: Ints


def make_rows(reach: Reach, weights: Ints, scale: float) -> Rows:
    """Put the households with people into rows; costs are the same if they round the same."""
    living = np.flatnonzero(weights > 0)
    hashes = _hash_rows(reach.starts, reach.centers, reach.costs, scale, living)
    some = reach.starts[living] < reach.starts[living + 1]
    near = np.full(len(living), -1, np.int32)
    near[some] = reach.centers[reach.starts[living[some]]]
    order = np.lexsort((hashes, near))  # who starts at one center stands together: faster by far
    living = living[order]
    new = _differ(reach.starts, reach.centers, reach.costs, scale, living, hashes[order])
    return Rows(living, np.append(np.flatnonzero(new), len(living)))


@njit(cache=True, nogil=True)
def _hash_rows(
    starts: Ints, centers: Positions, costs: Costs, scale: float, living: Ints
) -> Hashes:
    hashes = np.empty(len(living), np.uint64)
    for i in range(len(living)):
        mixed = np.uint64(0x9E3779B97F4A7C15)
        for pair in range(starts[living[i]], starts[living[i] + 1]):
            for word in (np.int64(centers[pair]), np.int64(np.rint(costs[pair] * scale))):
                mixed = (mixed ^ np.uint64(word)) * np.uint64(0xBF58476D1CE4E5B9)
                mixed ^= mixed >> np.uint64(31)
        hashes[i] = mixed
    return hashes


@njit(cache=True, nogil=True)
def _differ(
    starts: Ints, centers: Positions, costs: Costs, scale: float, living: Ints, hashes: Hashes
) -> NDArray[np.bool_]:
    """Tell which household begins a row. Equal hashes of different pairs are seen through."""
    new = np.ones(len(living), np.bool_)
    for i in range(1, len(living)):
        if hashes[i] == hashes[i - 1]:
            a, b = starts[living[i - 1]], starts[living[i]]
            count = starts[living[i] + 1] - b
            same = starts[living[i - 1] + 1] - a == count
            for n in range(count if same else 0):
                if centers[a + n] != centers[b + n] or np.rint(costs[a + n] * scale) != np.rint(
                    costs[b + n] * scale
                ):
                    same = False
                    break
            new[i] = not same
    return new


@njit(cache=True, nogil=True)
def spread(
    rows: Rows,
    starts: Ints,
    weights: Ints,
    of_rows: Ints,
    out_of_rows: Ints,
    people: Ints,
    out: Ints,
) -> None:
    """Hand out the places of each row to its households, one after the other, nearest first.

    ``of_rows`` has the people of the rows at the pairs of the household that stands for each.
    """
    for row in range(len(rows.starts) - 1):
        stand = starts[rows.members[rows.starts[row]]]
        count = starts[rows.members[rows.starts[row]] + 1] - stand
        n, left = -1, np.int64(0)
        for i in range(rows.starts[row], rows.starts[row + 1]):
            home = rows.members[i]
            need = weights[home]
            while need > 0:
                while left == 0 and n < count:
                    n += 1
                    left = of_rows[stand + n] if n < count else out_of_rows[row]
                many = min(need, left)
                if n < count:
                    people[starts[home] + n] += many
                else:
                    out[home] += many
                need -= many
                left -= many


@njit(cache=True, nogil=True)
def find_pieces(first: Ints, last: Ints, centers: Positions, capacity: Ints) -> Positions:
    """Give centers the same number if anybody could choose between them."""
    piece = np.arange(len(capacity)).astype(np.int32)
    for row in range(len(first)):
        one = -1
        for pair in range(first[row], last[row]):
            k = centers[pair]
            if capacity[k] > 0:
                while piece[k] != k:
                    piece[k] = piece[piece[k]]
                    k = piece[k]
                if one < 0:
                    one = k
                elif one != k:
                    one, k = min(one, k), max(one, k)
                    piece[k] = one
    for k in range(len(capacity)):
        piece[k] = piece[piece[k]]
    return piece
