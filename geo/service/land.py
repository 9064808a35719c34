"""The land people live on, as units of one metric zone; what overlays need of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.profiles import AreaType
from geo.service.columns import texts
from geo.shapes import are_polygons, repair

Polygons = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Land:
    """Valid polygons in a metric zone, in an order of their own; build it by :meth:`of`.

    The same for every standard: who asks several questions of one county builds it once.

    Parameters
    ----------
    zone
        EPSG code of the metric CRS.
    shapes, villages, area_types
        Of each unit: polygon, code of its village, area type. Shape (n,).
    """

    zone: int
    shapes: Polygons
    villages: NDArray[np.str_]
    area_types: NDArray[np.str_]

    @classmethod
    def of(
        cls,
        frame: geopandas.GeoDataFrame | None,
        zone: int,
        area_types: Mapping[str, AreaType],
        default: AreaType,
    ) -> Land:
        """Bring a frame (any CRS, column ``village_code``) into a zone; no frame is no land.

        ``area_types`` by village code, ``default`` for others. What is no polygon is left out,
        invalid polygons are repaired. The order of the rows does not matter.
        """
        if frame is None or frame.empty:
            nothing = np.array([], dtype=np.str_)
            return cls(zone, np.array([], dtype=object), nothing, nothing)
        shapes = np.asarray(frame.geometry.to_crs(zone).array)
        standing = are_polygons(shapes)
        shapes = repair(shapes[standing])
        villages = np.asarray(texts(frame["village_code"]))[standing].astype(np.str_)
        kinds = np.array([area_types.get(v, default) for v in villages], dtype=np.str_)
        order = np.argsort(shapely.to_wkb(shapely.normalize(shapes)), kind="stable")
        return cls(zone, shapes[order], villages[order], kinds[order])

    @cached_property
    def matched(self) -> bool:
        """Whether the edges of the units match: then unions are sixteen times as fast."""
        return bool(shapely.coverage_is_valid(self.shapes))

    @cached_property
    def outlines(self) -> Mapping[str, shapely.Geometry]:
        """The union of the units of each area type that occurs."""
        kinds = np.unique(self.area_types).tolist()
        return {kind: self._union(self.shapes[self.area_types == kind]) for kind in kinds}

    @cached_property
    def of_villages(self) -> Polygons:
        """The union of each village's units, in the order of the codes."""
        return self._unions(self.shapes, np.unique(self.villages, return_inverse=True)[1])

    @cached_property
    def groups(self) -> tuple[NDArray[np.int64], Polygons]:
        """The group of each village, and the union of each group: about √n of √n neighbours."""
        group = _neighbours(self.of_villages)
        return group, self._unions(self.of_villages, group)

    def _union(self, shapes: Polygons) -> shapely.Geometry:
        # the fast one is wrong without a word unless the edges match
        return shapely.coverage_union_all(shapes) if self.matched else shapely.union_all(shapes)

    def _unions(self, shapes: Polygons, group: NDArray[np.int64]) -> Polygons:
        """Return the union of each group; every group has a shape."""
        order = np.argsort(group, kind="stable")
        parts = np.split(shapes[order], np.flatnonzero(np.diff(group[order])) + 1)
        unions = np.empty(len(parts) if len(shapes) else 0, dtype=object)
        unions[:] = [self._union(own) for own in parts[: len(unions)]]
        return unions


def _neighbours(villages: Polygons) -> NDArray[np.int64]:
    """Return the group of each village: about √n groups of √n, in strips from west to east."""
    count = len(villages)
    strips = int(np.ceil(count**0.25))
    groups = min(strips**2, count)
    west, south, east, north = shapely.bounds(villages).reshape(-1, 4).T
    strip = np.argsort(np.argsort(west + east, kind="stable")) * strips // max(count, 1)
    group = np.empty(count, dtype=np.int64)
    group[np.lexsort((south + north, strip))] = np.arange(count) * groups // max(count, 1)
    return group
