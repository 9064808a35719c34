"""The metric zone of a village, and the lattice seen from it.

Nodes of the store lie on a lattice of 1e-9 degree. Their metric coordinates are computed from it,
and go back to exactly the same numbers; a node that an edit makes is put on the lattice at once. So
every coordinate here is a lattice node, and equal nodes are equal to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.crs import LATTICE, STORE_CRS, metric_crs, to_lattice

Coordinates = NDArray[np.float64]
Shapes = NDArray[np.object_]

_STEPS = round(1 / LATTICE)


@dataclass(frozen=True)
class Zone:
    """Way from lon/lat to metres and back.

    Parameters
    ----------
    epsg
        Metric zone (:func:`geo.crs.metric_crs`).
    """

    epsg: int

    @classmethod
    def of(cls, bounds: Coordinates) -> Zone:
        """Return the zone of the middle of west, south, east, north (degrees)."""
        west, south, east, north = map(float, bounds)
        return cls(metric_crs((west + east) / 2, (south + north) / 2).to_epsg() or 0)

    def to_metric(self, shapes: Shapes) -> Shapes:
        """Return lon/lat geometries in metres."""
        forward = _transformer(STORE_CRS, f"EPSG:{self.epsg}")
        return np.asarray(shapely.transform(shapes, forward.transform, interleaved=False))

    def to_lonlat(self, shapes: Shapes) -> Shapes:
        """Return metric geometries in lon/lat, not rounded: places to show."""
        back = _transformer(f"EPSG:{self.epsg}", STORE_CRS)
        return np.asarray(shapely.transform(shapes, back.transform, interleaved=False))

    def to_store(self, shapes: Shapes) -> Shapes:
        """Return metric geometries in lon/lat on the lattice, rings oriented as in the store."""
        back = _transformer(f"EPSG:{self.epsg}", STORE_CRS)
        return to_lattice(shapely.transform(shapes, back.transform, interleaved=False))

    def snap(self, xy: Coordinates) -> Coordinates:
        """Return the lattice nodes nearest to metric places, shape (n, 2), in metres."""
        if not len(xy):
            return xy
        back = _transformer(f"EPSG:{self.epsg}", STORE_CRS)
        forward = _transformer(STORE_CRS, f"EPSG:{self.epsg}")
        lonlat = np.column_stack(back.transform(xy[:, 0], xy[:, 1]))
        lonlat = np.rint(lonlat * _STEPS) / _STEPS
        return np.column_stack(forward.transform(lonlat[:, 0], lonlat[:, 1]))


@lru_cache(maxsize=128)
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)
