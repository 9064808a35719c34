"""Cells drawn as polygons."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import shapes
from rasterio.transform import Affine

from geo.reach.heights import Cells, Heights


def outline(heights: Heights, cells: Cells) -> shapely.Geometry:
    """Return the union of cells: exact squares, one polygon for each piece that hangs together.

    Parameters
    ----------
    cells
        In any order, each once or more.

    Examples
    --------
    >>> dem = Heights(np.zeros((2, 2), np.float32), x0=0.0, y0=20.0, cell_m=10.0, zone=4545)
    >>> outline(dem, np.array([0, 1])).wkt
    'POLYGON ((0 20, 0 10, 20 10, 20 20, 0 20))'
    """
    if not len(cells):
        return shapely.Polygon()
    row, column = np.divmod(cells, heights.columns)
    top, left = row.min(), column.min()
    # Only the window around them: an area is small, a county is not.
    window: NDArray[np.uint8] = np.zeros(
        (row.max() - top + 1, column.max() - left + 1), dtype=np.uint8
    )
    window[row - top, column - left] = 1
    place = Affine(1.0, 0.0, float(left), 0.0, 1.0, float(top))
    pieces = [
        shapely.Polygon(rings[0], rings[1:])
        for rings in (
            shape["coordinates"] for shape, _ in shapes(window, mask=window > 0, transform=place)
        )
    ]
    drawn = shapely.MultiPolygon(pieces) if len(pieces) > 1 else pieces[0]
    return shapely.transform(
        drawn,
        lambda xy: np.array([heights.x0, heights.y0]) + xy * [heights.cell_m, -heights.cell_m],
    )
