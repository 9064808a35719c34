"""Walking over terrain: Tobler's function on a grid of heights, from the household to the center."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.reach.heights import Heights
from geo.reach.matrix import Measure, Mode, Nearest, Places, Reach, Way
from geo.travel import Travel


@dataclass(frozen=True)
class Terrain:
    """Land people walk over (:class:`geo.reach.matrix.Ways`); make one by :meth:`build`."""

    heights: Heights
    travel: Travel

    @classmethod
    def build(
        cls,
        heights: Heights,
        *,
        travel: Travel,
        roads: geopandas.GeoDataFrame | None = None,
        barriers: geopandas.GeoDataFrame | None = None,
    ) -> Terrain:
        """Lay roads and barriers, both in the metric zone of ``heights``, over the heights."""
        raise NotImplementedError

    @property
    def mode(self) -> Mode:
        """``terrain``."""
        return "terrain"

    def nearest(
        self, households: Places, centers: Places, measure: Measure, limit: float = np.inf
    ) -> Nearest:
        """Find each household's nearest center (:meth:`geo.reach.matrix.Ways.nearest`)."""
        raise NotImplementedError

    def within(self, households: Places, centers: Places, measure: Measure, limit: float) -> Reach:
        """Find all pairs up to a limit (:meth:`geo.reach.matrix.Ways.within`)."""
        raise NotImplementedError

    def way(self, household: Places, center: Places, measure: Measure) -> Way | None:
        """Trace the way (:meth:`geo.reach.matrix.Ways.way`)."""
        raise NotImplementedError

    def land(self, centers: Places, measure: Measure, limit: float) -> shapely.Geometry:
        """Draw the land in reach (:meth:`geo.reach.matrix.Ways.land`)."""
        raise NotImplementedError

    def areas(self, centers: Places, measure: Measure, limits: ArrayLike) -> NDArray[np.object_]:
        """Draw each center's area (:meth:`geo.reach.matrix.Ways.areas`)."""
        raise NotImplementedError
