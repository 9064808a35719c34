"""Who lives in a grid: households as arrays, the grid each belongs to, sums by grid."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.locate import GridIndex
from geo.shapes import places_of

COUNTS = ("residents", "registered", "children", "elderly", "aged_80")


@dataclass(frozen=True)
class People:
    """Households as arrays: as much of them as indicators need.

    Parameters
    ----------
    xy
        Shape (n, 2): lon, lat in EPSG:4490; NaN where a household has no place.
    counts
        Shape (n, 5), int64: the columns of :data:`COUNTS`, unknown as 0.
    """

    xy: NDArray[np.float64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, households: geopandas.GeoDataFrame | People) -> People:
        """Return ``households`` if they are arrays already, else the arrays of a frame.

        Of the columns of :data:`COUNTS` those that are there are read.
        """
        if isinstance(households, People):
            return households
        counts = np.zeros((len(households), len(COUNTS)), dtype=np.int64)
        for position, name in enumerate(COUNTS):
            counts[:, position] = counts_of(households, name)
        return cls(places_of(households.geometry.array), counts)

    def __len__(self) -> int:
        return len(self.xy)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> People:
        """Return the households at positions, or where a mask is true."""
        return People(self.xy[rows], self.counts[rows])


def members_of(
    grids: geopandas.GeoDataFrame, households: geopandas.GeoDataFrame | People
) -> NDArray[np.int64]:
    """Return the position in ``grids`` of each household's grid, -1 for none (one CRS)."""
    index = GridIndex(grids["code"].astype(str).tolist(), np.asarray(grids.geometry.array))
    places = (
        households.xy if isinstance(households, People) else places_of(households.geometry.array)
    )
    return index.locate(*places.T)


def counts_of(households: geopandas.GeoDataFrame, name: str) -> NDArray[np.float64]:
    """Return a column of counts, missing values and a missing column as 0."""
    if name not in households:
        return np.zeros(len(households))
    values = pd.to_numeric(households[name]).astype("Float64").fillna(0)
    return np.asarray(values, dtype=np.float64)


def sum_people(people: People, member: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the sums of each grid.

    Parameters
    ----------
    member
        Position of each household's grid, -1 for none.
    count
        How many grids there are.

    Returns
    -------
    ndarray of int64, shape (count, 6)
        Households, then :data:`COUNTS`.
    """
    inside = np.flatnonzero(member >= 0)
    home = member[inside]
    sums = np.empty((count, 1 + len(COUNTS)), dtype=np.int64)
    sums[:, 0] = np.bincount(home, minlength=count)
    for position in range(len(COUNTS)):
        weights = people.counts[inside, position]
        sums[:, position + 1] = np.bincount(home, weights=weights, minlength=count)
    return sums
