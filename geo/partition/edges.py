"""Borders whose two sides differ: nodes that one grid has and its neighbour lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.partition.areas import THICKNESS_M
from geo.problems import Problem
from geo.shapes import codes_of, repair


def is_edge_matched(grids: geopandas.GeoDataFrame) -> bool:
    """Return whether the grids (metric CRS) share all their borders node by node.

    Then none overlaps another either: an overlap has edges inside another grid.
    """
    return _is_matched(repair(np.asarray(grids.geometry.array)))


def _is_matched(shapes: NDArray[np.object_]) -> bool:
    return bool(shapely.coverage_is_valid(shapes, gap_width=THICKNESS_M))


def find_mismatched_edges(
    grids: geopandas.GeoDataFrame, *, overlaps: Sequence[Problem] = ()
) -> list[Problem]:
    """Find borders whose two sides do not have the same nodes: ``edge_mismatch``.

    Parameters
    ----------
    grids
        Metric CRS, column ``code``.
    overlaps
        What :func:`geo.partition.find_overlaps` found: borders that bound an overlap mismatch
        too, and are left out, for the overlap tells of them already.

    Returns
    -------
    list of Problem
        One for each set of grids that meet there: the border segments that lie along each other
        within 1 mm without being equal, as lines, and their ``length_m``.
    """
    shapes = repair(np.asarray(grids.geometry.array))
    codes = codes_of(grids)
    if _is_matched(shapes):
        return []
    lines = shapely.coverage_invalid_edges(shapes, gap_width=THICKNESS_M)
    segments, owners = _segments(lines)
    by_grids: dict[tuple[str, ...], list[NDArray[np.int64]]] = {}
    known = shapely.STRtree([o.geometry.buffer(2 * THICKNESS_M) for o in overlaps if o.geometry])
    for run in _runs_along(segments, owners):
        if _bounds_any(segments[run], known):
            continue
        by_grids.setdefault(tuple(sorted({codes[o] for o in owners[run]})), []).append(run)
    problems = []
    for names, runs in by_grids.items():
        members = np.concatenate(runs)
        border = shapely.normalize(shapely.line_merge(shapely.union_all(segments[members])))
        # both sides are in the run: the longest side is the border's length
        sides = np.bincount(owners[members], weights=shapely.length(segments[members]))
        details = {"grids": ", ".join(names), "length_m": float(sides.max())}
        problems.append(Problem("edge_mismatch", details, grids=names, geometry=border))
    return sorted(problems, key=lambda p: p.grids)


def _segments(
    lines: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cut lines into their segments; return them with the position of the line each is from."""
    parts, owners = shapely.get_parts(lines, return_index=True)
    xy, of_part = shapely.get_coordinates(parts, return_index=True)
    within = of_part[:-1] == of_part[1:]
    segments = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)[within])
    return segments, owners[of_part[:-1][within]]


def _runs_along(
    segments: NDArray[np.object_], owners: NDArray[np.int64]
) -> Iterator[NDArray[np.int64]]:
    """Group segments of different grids that lie along each other; yield positions by group."""
    one, other = shapely.STRtree(segments).query(
        segments, predicate="dwithin", distance=THICKNESS_M
    )
    foreign = owners[one] != owners[other]
    one, other = one[foreign], other[foreign]
    band = shapely.buffer(segments[other], 2 * THICKNESS_M, cap_style="flat")
    along = shapely.length(shapely.intersection(segments[one], band)) > 5 * THICKNESS_M
    links = coo_array(
        (np.ones(along.sum()), (one[along], other[along])), shape=(len(segments), len(segments))
    )
    count, label = connected_components(links, directed=False)
    return (np.flatnonzero(label == group) for group in range(count))


def _bounds_any(segments: NDArray[np.object_], areas: shapely.STRtree) -> bool:
    """Whether a segment runs along one of the areas, not merely into it."""
    one, area = areas.query(segments)
    within = shapely.intersection(segments[one], areas.geometries.take(area))
    return bool((shapely.length(within) > 10 * THICKNESS_M).any())
