"""Numbers per grid, measured again after the layers they come from have changed."""

from __future__ import annotations

import sqlalchemy as sa

from api.services.county import area_types_of
from data import centers, divisions, grids, households, profiles
from geo.indicators import measure_grids


def refresh(connection: sa.Connection) -> int:
    """Measure every grid in force and store the numbers, in the caller's transaction.

    Returns
    -------
    int
        How many grids were measured.
    """
    lines = grids.fetch_frame(connection)
    if lines.empty:
        return 0
    profile = profiles.fetch_default(connection)
    table = measure_grids(
        lines,
        households.fetch_frame(connection),
        centers.fetch_frame(connection),
        profile,
        area_types_of(divisions.fetch_frame(connection), profile),
    )
    grids.store_indicators(connection, table.set_axis(lines["id"]))
    return len(lines)
