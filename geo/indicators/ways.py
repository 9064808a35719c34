"""How far the people of a grid have to a center."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SHARES = {"center_median_m": 0.5, "center_p90_m": 0.9, "center_max_m": 1.0}


def measure_ways(
    distance: NDArray[np.float64], member: NDArray[np.int64], count: int
) -> dict[str, NDArray[np.float64]]:
    """Return percentiles by grid.

    Parameters
    ----------
    distance
        Metres of each household, NaN for unknown: left out.
    member
        Position of each household's grid, -1 for none.
    count
        How many grids there are.

    Returns
    -------
    dict of ndarray, shape (count,)
        ``center_median_m``, ``center_p90_m``, ``center_max_m``, NaN for a grid without a known
        distance. Of n distances in order the share p is the one at position 1 + p·(n − 1), linear
        between two (Hyndman & Fan 1996, type 7; numpy's and most spreadsheets' own).

    Examples
    --------
    >>> ways = measure_ways(np.array([10.0, 30, 20, 5]), np.array([0, 0, 0, 2]), 3)
    >>> {name: values.tolist() for name, values in ways.items()}
    {'center_median_m': [20.0, nan, 5.0], 'center_p90_m': [28.0, nan, 5.0],
     'center_max_m': [30.0, nan, 5.0]}
    """
    known = np.flatnonzero((member >= 0) & ~np.isnan(distance))
    order = known[np.lexsort([distance[known], member[known]])]
    ways, sizes = distance[order], np.bincount(member[order], minlength=count)
    some = np.flatnonzero(sizes)
    last = sizes[some] - 1
    first = (np.cumsum(sizes) - sizes)[some]
    found = {}
    for name, share in SHARES.items():
        place = share * last
        low = np.floor(place).astype(np.int64)
        below, above = ways[first + low], ways[first + np.minimum(low + 1, last)]
        values = np.full(count, np.nan)
        values[some] = below + (place - low) * (above - below)
        found[name] = values
    return found
