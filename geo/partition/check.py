"""The whole check: of one village, and of every village of a county."""

from __future__ import annotations

from dataclasses import replace

import geopandas
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.crs import metric_crs_of, require_metric
from geo.errors import CrsError, FrameError
from geo.partition.areas import (
    THICKNESS_M,
    HouseholdCounter,
    find_gaps,
    find_outside,
    find_overlaps,
)
from geo.partition.edges import find_mismatched_edges, is_edge_matched
from geo.problems import Problem
from geo.shapes import are_polygons, codes_of, find_invalid, repair


def check_partition(
    grids: geopandas.GeoDataFrame,
    *,
    boundary: shapely.Geometry | None = None,
    households: geopandas.GeoDataFrame | HouseholdCounter | None = None,
    village: str = "",
) -> list[Problem]:
    """Tell everything that keeps the grids of one village from being a partition of it.

    Parameters
    ----------
    grids
        Metric CRS, columns ``code``, ``geometry``: the grids of one village, one network and
        one level (big grids and the small ones in them are two partitions).
    boundary
        The village's polygon in the same CRS. Without it only gaps closed in by grids are seen:
        land missing at the edge, and grids reaching too far, are not.
    households
        Points in the same CRS, counted into each problem's details.
    village
        Code or name for the sentences.

    Returns
    -------
    list of Problem
        Empty for a partition. Each fault on its own, with geometry, and ``area_m2`` and
        ``households`` in its details: ``duplicate_code``, ``not_a_polygon``,
        ``invalid_shape``, ``multipart_grid`` (warning), ``gap_in_village``, ``outside_village``,
        ``overlap``, ``edge_mismatch``, ``area_mismatch``. In this order; within a key by grid
        codes, then from the largest.

    Raises
    ------
    CrsError
        ``missing_crs``, ``metric_crs_needed``, ``crs_differs``.
    FrameError
        ``column_missing`` without ``code``.

    Examples
    --------
    >>> west, east = shapely.box([0, 5], 0, [4, 9], 3)
    >>> grids = geopandas.GeoDataFrame({"code": ["a", "b"]}, geometry=[west, east], crs=4545)
    >>> [p.key for p in check_partition(grids, boundary=shapely.box(0, 0, 9, 3))]
    ['gap_in_village']
    """
    crs = require_metric(grids)
    if "code" not in grids:
        raise FrameError(Problem("column_missing", {"columns": "code"}))
    if isinstance(households, geopandas.GeoDataFrame) and households.crs != crs:
        other = households.crs.name if households.crs else "—"
        raise CrsError(Problem("crs_differs", {"crs": crs.name, "other": other}))
    counter = HouseholdCounter.of(households)
    return find_duplicates(grids) + _check(grids, boundary, counter, village)


def check_partitions(
    grids: geopandas.GeoDataFrame,
    villages: geopandas.GeoDataFrame,
    households: geopandas.GeoDataFrame | None = None,
) -> list[Problem]:
    """Check every village of a county by itself (:func:`check_partition`).

    Parameters
    ----------
    grids
        EPSG:4490 (any CRS), columns ``code``, ``village_code``, and ``parent_code`` if there is
        one: grids whose parent is among the grids tile the parent, all others their village.
        One network only.
    villages
        Any CRS, column ``code``; of ``level`` village if there is such a column. Every
        village with a shape is checked, also one without grids. A village without a shape has its
        holes checked, and its grids against those of other villages.
    households
        Points in any CRS.

    Returns
    -------
    list of Problem
        Duplicate codes over the whole frame first, ``grid_without_village`` next, then by
        village code. ``row`` counts the rows of ``grids``; geometries are in the CRS of ``grids``,
        areas and lengths in the metric zone.

    Raises
    ------
    CrsError
        ``missing_crs``.
    FrameError
        ``column_missing``.
    """
    missing = sorted({"code", "village_code"} - set(grids.columns))
    if missing or "code" not in villages:
        raise FrameError(Problem("column_missing", {"columns": ", ".join(missing) or "code"}))
    if "level" in villages:
        villages = villages[villages["level"] == "village"]
    placed = villages[are_polygons(np.asarray(villages.geometry.array))]
    if grids.empty and placed.empty:
        return []
    zone = metric_crs_of(placed if grids.empty else grids)
    metric = grids[["code", grids.geometry.name]].to_crs(zone)
    shapes = placed.geometry.to_crs(zone)
    boundaries = dict(zip(codes_of(placed), shapes.array, strict=True))
    counter = HouseholdCounter(None if households is None else households.to_crs(zone))

    wholes, parents = _wholes(grids)
    known = {code: i for i, code in enumerate(codes_of(grids))}
    boundaries |= {code: metric.geometry.iloc[known[code]] for code in parents}
    problems = find_duplicates(metric)
    homeless = np.flatnonzero(wholes == "")
    for row in map(int, homeless):
        code, place = codes_of(grids)[row], metric.geometry.iloc[row]
        details = {"code": code}
        problems.append(
            Problem("grid_without_village", details, row=row + 1, grids=(code,), geometry=place)
        )
    for whole in sorted({*wholes, *boundaries} - {""}):
        rows = np.flatnonzero(wholes == whole)
        found = _check(metric.iloc[rows], boundaries.get(whole), counter, whole)
        problems += [
            p if p.row is None else replace(p, row=int(rows[p.row - 1]) + 1) for p in found
        ]
    open_ended = ~np.isin(wholes, list(boundaries)) & ~np.isin(wholes, list(parents))
    problems += _overlaps_between(metric, wholes, open_ended, counter)
    return _in_crs(problems, zone, grids.crs)


def _check(
    grids: geopandas.GeoDataFrame,
    boundary: shapely.Geometry | None,
    counter: HouseholdCounter,
    village: str,
) -> list[Problem]:
    gaps = find_gaps(grids, boundary=boundary, households=counter, village=village)
    outside: list[Problem] = []
    if boundary is not None:
        outside = find_outside(grids, boundary, households=counter, village=village)
    overlaps: list[Problem] = []
    edges: list[Problem] = []
    if not is_edge_matched(grids):
        overlaps = find_overlaps(grids, households=counter)
        edges = find_mismatched_edges(grids, overlaps=overlaps)
    problems = find_invalid(grids) + gaps + outside + overlaps + edges
    if all(problem.severity == "warning" for problem in problems):
        problems += _area_mismatch(grids, boundary, village)
    return problems


def _wholes(grids: geopandas.GeoDataFrame) -> tuple[NDArray[np.str_], set[str]]:
    """Return the code of what each grid is a part of (``""`` if unknown), and the parent grids."""
    wholes = grids["village_code"].astype("string").fillna("")
    parents: set[str] = set()
    if "parent_code" in grids:
        parent = grids["parent_code"].astype("string").fillna("")
        nested = (parent != "") & parent.isin(codes_of(grids))
        wholes = parent.where(nested, wholes)
        parents = set(parent[nested])
    return wholes.to_numpy(dtype=np.str_), parents


def _overlaps_between(
    grids: geopandas.GeoDataFrame,
    wholes: NDArray[np.str_],
    open_ended: NDArray[np.bool_],
    counter: HouseholdCounter,
) -> list[Problem]:
    """Find overlaps between villages where one has no outline to hold its grids against."""
    if not open_ended.any():
        return []
    shapes = np.asarray(grids.geometry.array)
    near = shapely.STRtree(shapes).query(shapes[open_ended], predicate="intersects")[1]
    rows = np.union1d(near, np.flatnonzero(open_ended))
    of_code = dict(zip(codes_of(grids.iloc[rows]), wholes[rows], strict=True))
    return [
        problem
        for problem in find_overlaps(grids.iloc[rows], households=counter)
        if len({of_code[code] for code in problem.grids}) > 1
        and not any(of_code[code] in problem.grids for code in problem.grids)  # a big grid's own
    ]


def _in_crs(problems: list[Problem], source: pyproj.CRS, target: pyproj.CRS) -> list[Problem]:
    """Return the problems with their geometries in another CRS, all transformed in one call."""
    places = np.array([problem.geometry for problem in problems], dtype=object)
    transform = pyproj.Transformer.from_crs(source, target, always_xy=True).transform
    moved = shapely.transform(places, lambda xy: np.column_stack(transform(*xy.T)))
    return [replace(p, geometry=g) for p, g in zip(problems, moved, strict=True)]


def find_duplicates(grids: geopandas.GeoDataFrame) -> list[Problem]:
    """Find codes used by more than one row: one ``duplicate_code`` a code, all its places."""
    codes = np.asarray(codes_of(grids), dtype=np.str_)
    unique, counts = np.unique(codes, return_counts=True)
    shapes = np.asarray(grids.geometry.array)
    problems = []
    for code in unique[(counts > 1) & (unique != "")]:
        rows = np.flatnonzero(codes == code)
        place = shapely.union_all(repair(shapes[rows]))
        details = {"code": str(code), "rows": [int(r) + 1 for r in rows]}
        problems.append(
            Problem(
                "duplicate_code", details, row=int(rows[1]) + 1, grids=(str(code),), geometry=place
            )
        )
    return problems


def _area_mismatch(
    grids: geopandas.GeoDataFrame, boundary: shapely.Geometry | None, village: str
) -> list[Problem]:
    """Compare the sum of areas with the whole, within 1 mm times the outline's length."""
    shapes = np.asarray(grids.geometry.array)
    whole = shapely.union_all(shapes) if boundary is None else boundary
    difference = abs(float(shapely.area(shapes).sum()) - shapely.area(whole))
    if difference <= THICKNESS_M * shapely.length(whole):
        return []
    details = {"village": village, "area_m2": difference, "households": 0}
    return [Problem("area_mismatch", details, grids=tuple(codes_of(grids)), geometry=whole)]
