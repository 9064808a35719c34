"""Gaps, overlaps and land outside the village: differences with an area."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.problems import Problem
from geo.shapes import codes_of, repair

THICKNESS_M = 1e-3
_THINNEST_M2 = np.pi * (THICKNESS_M / 2) ** 2  # a disc of that diameter


class HouseholdCounter:
    """Counts the households in a place; borders count as inside.

    Parameters
    ----------
    households
        Points in the CRS of the places to come; ``None`` counts as no household known.
    """

    def __init__(self, households: geopandas.GeoDataFrame | None) -> None:
        self._tree = shapely.STRtree([] if households is None else households.geometry.array)

    @classmethod
    def of(cls, households: geopandas.GeoDataFrame | HouseholdCounter | None) -> HouseholdCounter:
        """Return ``households`` if it counts already, else a counter of them."""
        return households if isinstance(households, HouseholdCounter) else cls(households)

    def count(self, place: shapely.Geometry) -> int:
        """Return how many households lie in ``place``."""
        return len(self._tree.query(place, predicate="intersects"))


def find_gaps(
    grids: geopandas.GeoDataFrame,
    *,
    boundary: shapely.Geometry | None = None,
    households: geopandas.GeoDataFrame | HouseholdCounter | None = None,
    village: str = "",
) -> list[Problem]:
    """Find land of the village in no grid: ``gap_in_village``, one for each connected piece.

    Without ``boundary``, the holes of the union. Parameters as in
    :func:`geo.partition.check_partition`.
    """
    counter = HouseholdCounter.of(households)
    shapes = repair(np.asarray(grids.geometry.array))
    union = shapely.union_all(shapes)
    if boundary is None:
        holes = [hole for part in shapely.get_parts(union) for hole in _holes(part)]
        # a hole may hold a grid that touches nothing
        left = thick_difference(shapely.union_all(holes), union)
    else:
        left = thick_difference(repair(np.array([boundary], dtype=object))[0], union)
    codes, tree = codes_of(grids), shapely.STRtree(shapes)
    problems = []
    for piece in left:
        around = tree.query(piece, predicate="dwithin", distance=THICKNESS_M)
        names = tuple(sorted({codes[i] for i in around}))
        problems.append(_place("gap_in_village", piece, counter, names, village))
    return _largest_first(problems)


def find_outside(
    grids: geopandas.GeoDataFrame,
    boundary: shapely.Geometry,
    *,
    households: geopandas.GeoDataFrame | HouseholdCounter | None = None,
    village: str = "",
) -> list[Problem]:
    """Find grid land beyond the village's outline: ``outside_village`` by grid and piece."""
    counter = HouseholdCounter.of(households)
    whole = repair(np.array([boundary], dtype=object))[0]
    shapes = repair(np.asarray(grids.geometry.array))
    shapely.prepare(whole)
    suspects = np.flatnonzero(~shapely.covers(whole, shapes) & ~shapely.is_empty(shapes))
    codes = codes_of(grids)
    problems = []
    for position in map(int, suspects):
        for piece in thick_difference(shapes[position], whole):
            names = (codes[position],)
            problems.append(_place("outside_village", piece, counter, names, village))
    return sorted(_largest_first(problems), key=lambda p: p.grids)


def find_overlaps(
    grids: geopandas.GeoDataFrame,
    *,
    households: geopandas.GeoDataFrame | HouseholdCounter | None = None,
) -> list[Problem]:
    """Find land in two grids: ``overlap`` by pair and piece, pairs in code order."""
    counter = HouseholdCounter.of(households)
    shapes = repair(np.asarray(grids.geometry.array))
    codes = codes_of(grids)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    shared = shapely.intersection(shapes[first], shapes[second])
    wide = np.flatnonzero(shapely.area(shared) > _THINNEST_M2)
    problems = []
    for pair in wide:
        names = tuple(sorted((codes[first[pair]], codes[second[pair]])))
        problems += [
            _place("overlap", piece, counter, names, "") for piece in thick_parts(shared[pair])
        ]
    return sorted(_largest_first(problems), key=lambda p: p.grids)


def thick_parts(geometry: shapely.Geometry) -> NDArray[np.object_]:
    """Return the polygons of ``geometry`` (metric CRS) a disc of 1 mm diameter fits in."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    parts = parts[shapely.area(parts) > _THINNEST_M2]
    kept: NDArray[np.object_] = parts[
        ~shapely.is_empty(shapely.buffer(parts, -THICKNESS_M / 2, quad_segs=4))
    ]
    return kept


def thick_difference(whole: shapely.Geometry, part: shapely.Geometry) -> NDArray[np.object_]:
    """Return the polygons of ``whole`` without ``part`` a disc of 1 mm diameter fits in.

    GEOS 3.14 now and then returns a piece that lies in both (once in about 10⁵ differences of
    polygons that are equal but for a node); such a piece is none.
    """
    pieces = thick_parts(shapely.difference(whole, part))
    if not len(pieces):
        return pieces
    inside = shapely.intersects(part, shapely.point_on_surface(pieces))
    left: NDArray[np.object_] = pieces[~inside]
    return left


def _place(
    key: str,
    piece: shapely.Geometry,
    counter: HouseholdCounter,
    grids: tuple[str, ...],
    village: str,
) -> Problem:
    details: dict[str, object] = {
        "area_m2": float(shapely.area(piece)),
        "households": counter.count(piece),
        "grids": ", ".join(grids),
    }
    if village:
        details["village"] = village
    return Problem(key, details, grids=grids, geometry=shapely.normalize(piece))


def _largest_first(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda p: (-p.details["area_m2"], str(p.geometry)))


def _holes(part: shapely.Polygon) -> Iterator[shapely.Polygon]:
    return (shapely.Polygon(ring) for ring in getattr(part, "interiors", ()))
