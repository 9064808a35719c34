"""Where in a text a name is meant, though it is not written exactly so."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

# Cost of a sign that sounds the same, sounds nearly the same, is another, is missing or too much.
HOMOPHONE = 0.25
NEAR_HOMOPHONE = 0.4
OTHER = 0.6
# Of a sign where the name has its opposite: 一村 is never meant by 二村, 东孟 never by 西孟.
OPPOSITE = 2.0

_MOST = 64

Ints = NDArray[np.int32]


@numba.njit(cache=True, nogil=True)
def align(
    names: Ints,
    starts: Ints,
    asked: Ints,
    text: Ints,
    limits: NDArray[np.float64],
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:  # pragma: no cover - compiled
    """Find stretches of a text that are nearly a name.

    Semi-global alignment (Sellers 1980, J. Algorithms 1:359): the whole name against any stretch;
    two neighbouring signs may have changed places.

    Parameters
    ----------
    names
        Signs of all names one after another, shape (n, 4): sign, syllable, near syllable, set of
        opposites; 0 for none.
    starts
        Position of each name's first sign, shape (m + 1,).
    asked
        Names to look for, shape (k,).
    text
        Signs of the text as ``names``, shape (t, 4); a sign of -1 is a border no name crosses.
    limits
        Highest cost for each name asked, shape (k,).

    Returns
    -------
    spans, costs
        shape (s, 3): position in ``asked``, start, end; shape (s,).
    """
    length = len(text)
    spans = np.empty((len(asked) * 8 + 64, 3), dtype=np.int32)
    costs = np.empty(len(asked) * 8 + 64, dtype=np.float64)
    count = 0
    cost = np.empty(_MOST)
    begin = np.empty(_MOST, dtype=np.int32)
    # two columns back, for two signs that changed places
    earlier = np.empty((2, _MOST))
    earlier_begin = np.empty((2, _MOST), dtype=np.int32)
    ends = np.empty(length + 1)
    begins = np.empty(length + 1, dtype=np.int32)
    for k in range(len(asked)):
        first, stop = starts[asked[k]], starts[asked[k] + 1]
        size = min(stop - first, _MOST - 1)
        for i in range(size + 1):
            cost[i] = i * OTHER
            begin[i] = 0
            earlier[0, i] = earlier[1, i] = np.inf
        ends[0] = np.inf
        for j in range(1, length + 1):
            if text[j - 1, 0] == -1:
                for i in range(size + 1):
                    cost[i] = i * OTHER
                    begin[i] = j
                    earlier[0, i] = earlier[1, i] = np.inf
                ends[j] = np.inf
                continue
            for i in range(size + 1):
                earlier[1, i], earlier_begin[1, i] = earlier[0, i], earlier_begin[0, i]
                earlier[0, i], earlier_begin[0, i] = cost[i], begin[i]
            corner, corner_begin = cost[0], begin[0]
            cost[0] = 0.0
            begin[0] = j
            for i in range(1, size + 1):
                at = first + i - 1
                if names[at, 0] == text[j - 1, 0]:
                    step = 0.0
                elif names[at, 3] != 0 and names[at, 3] == text[j - 1, 3]:
                    step = OPPOSITE
                elif names[at, 1] != 0 and names[at, 1] == text[j - 1, 1]:
                    step = HOMOPHONE
                elif names[at, 2] != 0 and names[at, 2] == text[j - 1, 2]:
                    step = NEAR_HOMOPHONE
                else:
                    step = OTHER
                best, best_begin = corner + step, corner_begin
                # of equally cheap stretches the longer: 迎红红村 is one name with a sign too much
                other = cost[i] + OTHER
                if other < best or (other == best and begin[i] < best_begin):
                    best, best_begin = other, begin[i]
                other = cost[i - 1] + OTHER
                if other < best or (other == best and begin[i - 1] < best_begin):
                    best, best_begin = other, begin[i - 1]
                if (
                    i > 1
                    and j > 1
                    and names[at, 0] == text[j - 2, 0]
                    and names[at - 1, 0] == text[j - 1, 0]
                ):
                    other = earlier[1, i - 2] + OTHER
                    if other < best or (other == best and earlier_begin[1, i - 2] < best_begin):
                        best, best_begin = other, earlier_begin[1, i - 2]
                corner, corner_begin = cost[i], begin[i]
                cost[i], begin[i] = best, best_begin
            ends[j], begins[j] = cost[size], begin[size]
        for j in range(1, length + 1):
            if ends[j] > limits[k] or begins[j] >= j:
                continue
            # a first sign that is another may as well be missing: the stretch begins behind it
            for start in range(begins[j], min(begins[j] + 2, j)):
                if start > begins[j] and (
                    names[first, 0] == text[start - 1, 0] or ends[j] < OTHER - 1e-9
                ):
                    continue
                if count == len(spans):
                    return spans[:count], costs[:count]
                spans[count, 0], spans[count, 1], spans[count, 2] = k, start, j
                costs[count] = ends[j]
                count += 1
    return spans[:count], costs[:count]
