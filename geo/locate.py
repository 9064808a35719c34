"""Which grid is a point in? Exact, for one point or a hundred thousand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.shapes import places_of


class GridIndex:
    """Polygons indexed for point lookup; safe to share between threads once made.

    A point on a border belongs to it, and where several polygons hold a point the lowest code
    wins: string order by code point, as ``COLLATE "C"`` sorts. This is the one rule of household
    membership everywhere.

    Parameters
    ----------
    codes
        One code a polygon. Equal codes are allowed; then the first position wins.
    geometries
        Polygons in the CRS of the points to come, ``None`` and empty allowed (nothing is in
        them). An invalid polygon counts as what lies inside an odd number of its rings.

    Raises
    ------
    ValueError
        If there are not as many codes as geometries.

    Examples
    --------
    >>> cells = shapely.box([0, 1], 0, [1, 2], 1)
    >>> index = GridIndex(["b", "a"], cells)
    >>> index.locate([0.5, 1.0, 3.0], [0.5, 0.5, 0.5]).tolist()
    [0, 1, -1]
    """

    def __init__(self, codes: Sequence[str], geometries: NDArray[np.object_]) -> None:
        shapes = np.asarray(geometries, dtype=object)
        if len(codes) != len(shapes):
            raise ValueError(f"{len(codes)} codes for {len(shapes)} geometries")
        self._order = np.argsort(np.asarray(codes, dtype=np.str_), kind="stable").astype(np.int64)
        self._shapes = shapes[self._order]
        self._tree = shapely.STRtree(self._shapes)
        # GEOS builds tree and point locators at their first uses (a locator at the second) and
        # not thread-safely: use each here, amid its extent so that no shortcut skips it.
        shapely.prepare(self._shapes)
        west, south, east, north = shapely.bounds(self._shapes).reshape(-1, 4).T
        for _ in range(3):
            shapely.intersects_xy(self._shapes, (west + east) / 2, (south + north) / 2)
        self._tree.query(shapely.Point(0, 0))

    def __len__(self) -> int:
        return len(self._shapes)

    def locate(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """Find the polygon of each point.

        Parameters
        ----------
        lon, lat
            Coordinates (or x, y) in the polygons' CRS, arrays of shape (n,).

        Returns
        -------
        ndarray of int64, shape (n,)
            Position in ``codes``, -1 where no polygon holds the point or it is not a number.
        """
        x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
        y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        return self._locate(x, y, known, shapely.points(x[known], y[known]))

    def locate_points(self, points: NDArray[np.object_]) -> NDArray[np.int64]:
        """Find the polygon of each point, as :meth:`locate` does; spares making the points.

        Parameters
        ----------
        points
            Points, ``None`` and empty allowed, shape (n,).
        """
        xy = places_of(points)
        known = np.flatnonzero(np.isfinite(xy).all(axis=1))
        return self._locate(xy[:, 0], xy[:, 1], known, points[known])

    def _locate(
        self,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        known: NDArray[np.int64],
        points: NDArray[np.object_],
    ) -> NDArray[np.int64]:
        found = np.full(len(x), -1, dtype=np.int64)
        # extents first, then one exact test a pair: twice as fast as the tree's own predicate,
        # which prepares the points instead of the polygons
        row, rank = self._tree.query(points)
        # polygon by polygon, so that each stays in the processor's cache (half the time); from the
        # highest rank to the lowest, so that the lowest code is the one that stays
        turn = np.argsort(rank.astype(np.min_scalar_type(len(self._shapes))), kind="stable")[::-1]
        row, rank = known[row[turn]], rank[turn]
        holds = shapely.intersects_xy(self._shapes[rank], x[row], y[row])
        found[row[holds]] = self._order[rank[holds]]
        return found
