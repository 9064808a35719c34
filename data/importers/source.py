"""A file as it was written: columns under their own names, shapes, row numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyproj
from numpy.typing import NDArray

from data.importers.log import ProblemLog


@dataclass
class Source:
    """What a file holds, before any of it is understood.

    Attributes
    ----------
    columns
        Arrow arrays by the file's own column names, one value a row.
    rows
        1-based number in the file of each row that could be read.
    row_count
        Number of data rows of the file, broken ones included.
    geometry
        Shapes as in the file (None where there is none), or None for a plain table.
    unreadable
        True where the file has a shape that is not a geometry (a ring that is not closed …).
    crs
        What the file says of its coordinate system, or None.
    crs_assumed
        It says nothing, but its format has one that holds then: GeoJSON is in WGS 84.
    """

    columns: dict[str, pa.Array]
    rows: NDArray[np.int64]
    row_count: int
    problems: ProblemLog = field(default_factory=ProblemLog)
    geometry: NDArray[np.object_] | None = None
    unreadable: NDArray[np.bool_] | None = None
    crs: pyproj.CRS | None = None
    crs_assumed: bool = False
