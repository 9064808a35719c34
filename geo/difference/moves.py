"""Which household is in which grid before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.difference.ground import Ground
from geo.difference.match import NONE
from geo.indicators import counts_of
from geo.locate import GridIndex
from geo.shapes import places_of

Positions = NDArray[np.int64]
What = Literal["households", "residents"]


@dataclass(frozen=True)
class Moves:
    """Positions of each household's grid before and after (-1 for none), and who moved.

    ``households`` is None where nobody knows them.
    """

    households: geopandas.GeoDataFrame | None
    old: Positions
    new: Positions
    moved: NDArray[np.bool_]
    residents: NDArray[np.int64]

    def count(self, what: What, grids: Positions, number: int, *, moved: bool) -> pd.Series:
        """Return how many are in each of ``number`` grids, of those that moved or of all.

        Parameters
        ----------
        grids
            :attr:`old` or :attr:`new`.

        Returns
        -------
        Series of Int64
            Missing where the households are not known.
        """
        if self.households is None:
            return pd.Series(pd.NA, index=range(number), dtype="Int64")
        some = (grids != NONE) & (self.moved if moved else True)
        weights = self.residents[some] if what == "residents" else None
        sums = np.bincount(grids[some], weights=weights, minlength=number)
        return pd.Series(sums.astype(np.int64), dtype="Int64")

    def by_pair(self, what: What) -> dict[tuple[int, int], int]:
        """Return how many went from one grid to another, by positions; none are not in it."""
        rows = np.flatnonzero(self.moved)
        ways = np.column_stack([self.old[rows], self.new[rows]])
        pairs, place = np.unique(ways, axis=0, return_inverse=True)
        weights = self.residents[rows] if what == "residents" else None
        sums = np.bincount(place, weights=weights, minlength=len(pairs)).astype(np.int64)
        return dict(zip(map(tuple, pairs.tolist()), sums.tolist(), strict=True))


def find_moves(ground: Ground, households: geopandas.GeoDataFrame | None) -> Moves:
    """Find each household's grid on both sides; on a border that of the lowest code."""
    if households is None:
        nobody = np.zeros(0, dtype=np.int64)
        return Moves(None, nobody, nobody, np.zeros(0, dtype=bool), nobody)
    places = np.asarray(households.geometry.array)
    inside = np.flatnonzero(_in_reach(ground, places_of(places)))
    old, new = (np.full(len(places), NONE, dtype=np.int64) for _ in range(2))
    for side, grids in ((ground.before, old), (ground.after, new)):
        index = GridIndex(side.frame["code"].tolist(), side.shapes)
        grids[inside] = index.locate_points(places[inside])
    # position -1 takes the last entry: no grid before is none after
    moved = np.append(ground.partner, NONE)[old] != new
    residents = counts_of(households, "residents").astype(np.int64)
    return Moves(households, old, new, moved, residents)


def tell_households(ground: Ground, moves: Moves) -> geopandas.GeoDataFrame:
    """Return the households that moved as a table."""
    rows = np.flatnonzero(moves.moved)
    names, places = (np.zeros(0, dtype=object) for _ in range(2))
    if moves.households is not None:
        names = moves.households["code"].to_numpy(dtype=object)[rows]
        places = np.asarray(moves.households.geometry.array)[rows]
    columns = {
        "household": pd.Series(names, dtype="str"),
        "old_grid": pd.Series(codes_at(ground.before.frame, moves.old[rows]), dtype="str"),
        "new_grid": pd.Series(codes_at(ground.after.frame, moves.new[rows]), dtype="str"),
        "residents": pd.Series(moves.residents[rows]),
    }
    return geopandas.GeoDataFrame(columns, geometry=places, crs=ground.after.frame.crs)


def codes_at(frame: geopandas.GeoDataFrame, rows: Positions) -> list[str | None]:
    """Return the codes at positions, None at -1."""
    codes = [*frame["code"].tolist(), None]
    return [codes[row] for row in rows.tolist()]


def _in_reach(ground: Ground, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return who may be in a grid at all: most callers bring a county for a village."""
    shapes = np.concatenate([ground.before.shapes, ground.after.shapes])
    if not len(shapes):
        return np.zeros(len(xy), dtype=bool)
    west, south, east, north = shapely.total_bounds(shapes)
    x, y = xy.T
    inside: NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return inside
