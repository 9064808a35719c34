"""The land of natural villages, as an area to transfer: whole cells, never a part of one."""

from __future__ import annotations

import numpy as np
import shapely

from geo.edits.ground import Ground, Partition
from geo.edits.refusal import refuse
from geo.edits.values import Assign


def find_cells(partition: Partition, ground: Ground, edit: Assign) -> shapely.Geometry:
    """Return the union of the natural villages an edit names, in the ground's metric zone.

    Raises
    ------
    Refusal
        ``natural_village_not_found``: unknown, or of another village.
    """
    cells = partition.natural_villages
    by_name: dict[str | int, int] = {}
    if cells is not None:
        by_name = {str(code): row for row, code in enumerate(cells["code"])}
        if "id" in cells:
            by_name |= {int(number): row for row, number in enumerate(cells["id"])}
    village = partition.villages_of[partition.rows[edit.to]]
    rows = []
    for name in edit.natural_villages:
        row = by_name.get(name)
        if cells is None or row is None or cells["village_code"].iloc[row] != village:
            raise refuse("natural_village_not_found", edit.to, code=str(name))
        rows.append(row)
    shapes = np.asarray(partition.natural_villages.geometry.array)[rows]  # type: ignore[union-attr]
    return shapely.union_all(ground.zone.to_metric(shapes))
