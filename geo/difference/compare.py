"""The difference as a planner asks for it: by grid, by piece of land, by household."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas

from geo.crs import STORE_CRS, require_crs
from geo.difference.ground import lay_over
from geo.difference.moves import find_moves, tell_households
from geo.difference.tables import tell_grids, tell_land
from geo.errors import CrsError, FrameError
from geo.problems import Problem


@dataclass(frozen=True)
class Difference:
    """What is different; empty frames where nothing is.

    Parameters
    ----------
    grids
        One row a grid that differs, by code: ``code``, ``change``, ``previous_code`` (of a grid
        that had another), ``name``, ``village_code``, ``area_before_m2``, ``area_after_m2``,
        ``area_in_m2``, ``area_out_m2``, ``households_before``, ``_after``, ``_in``, ``_out``, the
        same of residents, ``geometry`` (after; before for a removed grid). ``change`` is
        ``added`` or ``removed``; ``changed``, other land or other households; ``renumbered``, only
        another code; ``attributes``, only another name, kind, village, parent or other attribute.
    households
        Those that are in another grid than before: ``household`` (code), ``old_grid``,
        ``new_grid`` (missing for none), ``residents``, ``geometry``; in the order given. Who
        lives in a renumbered grid has not moved.
    land
        Land that is in another grid than before, thicker than 1 mm: ``old_grid``, ``new_grid``
        (missing for none), ``area_m2``, ``households`` and ``residents`` that went the same
        way, ``geometry``; one row a pair of grids, by codes.
    """

    grids: geopandas.GeoDataFrame
    households: geopandas.GeoDataFrame
    land: geopandas.GeoDataFrame


def compare(
    before: geopandas.GeoDataFrame,
    after: geopandas.GeoDataFrame,
    households: geopandas.GeoDataFrame | None = None,
) -> Difference:
    """Compare the lines of the same ground at two times.

    A grid is the same as before if it comes from the same version (``base_id``, else ``id``), else
    if it has the same shape, else if it has the same code. Nodes more or less on the same border
    are no change: shapes are the same when neither reaches more than 1 mm beyond the other.

    Parameters
    ----------
    before, after
        EPSG:4490, polygons, column ``code``; ``base_id`` or ``id``, ``name``, ``village_code``,
        ``kind``, ``parent_code``, ``attributes`` if there are such. All grids of the villages that
        are compared.
    households
        EPSG:4490, points, ``code``, ``residents``: all in the grids that differ and in those
        beside them. On a border a household is in the grid with the lowest code, before and
        after. None: their numbers are missing.

    Returns
    -------
    Difference
        Frames in EPSG:4490, RangeIndex; texts ``str``, counts ``Int64``, areas float64 in m², in
        the metric zone of each grid's village. Where both sides cover the same ground once, all
        areas in add up to those out (but for borders less than 1 mm apart), and the households
        likewise.

    Raises
    ------
    CrsError
        ``missing_crs``, ``crs_differs``.
    FrameError
        ``column_missing``.

    Examples
    --------
    >>> import shapely
    >>> def lines(*cells):
    ...     codes = ["01", "02"][: len(cells)]
    ...     shapes = [shapely.box(108 + w, 31, 108 + e, 31.01) for w, e in cells]
    ...     return geopandas.GeoDataFrame({"code": codes}, geometry=shapes, crs=4490)
    >>> found = compare(lines((0, 0.01), (0.01, 0.02)), lines((0, 0.02)))
    >>> found.grids[["code", "change"]].values.tolist()
    [['01', 'changed'], ['02', 'removed']]
    >>> found.land[["old_grid", "new_grid"]].values.tolist()
    [['02', '01']]
    """
    for frame in (before, after, *(() if households is None else (households,))):
        _check_frame(frame)
    ground = lay_over(_in_order(before), _in_order(after))
    moves = find_moves(ground, households)
    return Difference(
        tell_grids(ground, moves), tell_households(ground, moves), tell_land(ground, moves)
    )


def _in_order(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    return frame.assign(code=frame["code"].astype("str")).reset_index(drop=True)


def _check_frame(frame: geopandas.GeoDataFrame) -> None:
    if not require_crs(frame).equals(STORE_CRS):
        raise CrsError(Problem("crs_differs", {"crs": frame.crs.name, "other": STORE_CRS}))
    if "code" not in frame:
        raise FrameError(Problem("column_missing", {"columns": "code"}))
