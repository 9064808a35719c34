"""Units above the maximum, and how each could be split along its natural villages."""

from __future__ import annotations

import geopandas as gpd
import sqlalchemy as sa

from api.services.merging.shaping import Story, shape_unit
from api.services.shapes import Json


def shape_above(
    story: Story, cells: gpd.GeoDataFrame | None, connection: sa.Connection | None
) -> list[Json]:
    """Return the units above the maximum (:class:`api.schemas_merging.AboveOut`)."""
    units = story.solved.units
    codes = map(str, units.index[(units["state"] == "above").to_numpy(bool)])
    return [
        {**shape_unit(story, code), "parts": None, "reason": None, "edits": []}
        for code in sorted(codes)
    ]
