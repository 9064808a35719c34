"""The land behind service gaps: where unserved households are, as polygons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.locate import GridIndex
from geo.profiles import AreaType
from geo.reach.matrix import Costs, Places

Polygons = NDArray[np.object_]

ALONE_M = 50.0  # drawn around an unserved household that lies on no land outside of reach
# Overlays snap to 1 mm: no slivers where units meet a border of reach, valid after the lattice too.
_SNAP_M = 1e-3


class Land(NamedTuple):
    """Land units in a metric zone: polygons, the code of each one's village, its area type."""

    shapes: Polygons
    villages: NDArray[np.str_]
    area_types: NDArray[np.str_]


def find_areas(
    land: Land,
    reached: Mapping[AreaType, shapely.Geometry],
    unserved: Places,
    straight_m: Costs,
    *,
    split: bool,
) -> tuple[Polygons, NDArray[np.int64]]:
    """Find the connected pieces of land out of reach, and the piece of each unserved household.

    Parameters
    ----------
    land
        Valid units; their order does not matter.
    reached
        Land within reach, by area type of the land (:meth:`geo.reach.matrix.Ways.land`).
    unserved, straight_m
        Unserved households, shape (m, 2), and for each the metres by straight line at which a
        center beside it could stand, shape (m,).
    split
        Cut a piece along village borders where no single center could serve its households.

    Returns
    -------
    tuple of ndarray
        Polygons in the metric zone, only those with a household, and the position of each
        household's polygon.
    """
    if not len(unserved):
        return np.array([], dtype=object), np.array([], dtype=np.int64)
    units = _sorted(land)
    matched = bool(shapely.coverage_is_valid(units.shapes))
    outlines = {
        kind: _union(units.shapes[units.area_types == kind], matched)
        for kind in sorted(reached)
        if (units.area_types == kind).any()
    }
    free = [_difference(outline, reached[kind]) for kind, outline in outlines.items()]
    points = shapely.points(unserved)
    # Off the land, on land drawn as reached, or of a village with another standard than the land.
    alone = points[_pieces_of(unserved, _polygons(free)) < 0]
    if len(alone):
        free.append(shapely.union_all(shapely.buffer(_sorted_points(alone), ALONE_M)))
    whole = free[0] if len(free) == 1 else shapely.union_all(free, grid_size=_SNAP_M)
    pieces = _polygons([whole])
    if split:
        beyond = _difference(whole, shapely.union_all([*outlines.values()])) if len(alone) else None
        pieces = _split(pieces, unserved, straight_m, _villages(units, matched), beyond)
    pieces = pieces[np.argsort(shapely.to_wkb(pieces), kind="stable")]
    member = _nearest_pieces_of(unserved, pieces)
    kept = np.unique(member)
    return pieces[kept], np.searchsorted(kept, member).astype(np.int64)


def _sorted(land: Land) -> Land:
    order = np.argsort(shapely.to_wkb(shapely.normalize(land.shapes)), kind="stable")
    return Land(land.shapes[order], land.villages[order], land.area_types[order])


def _sorted_points(points: Polygons) -> Polygons:
    ordered: Polygons = points[np.argsort(shapely.to_wkb(points), kind="stable")]
    return ordered


def _union(shapes: Polygons, matched: bool) -> shapely.Geometry:
    # sixteen times faster, but wrong without a word unless the edges match
    return shapely.coverage_union_all(shapes) if matched else shapely.union_all(shapes)


def _difference(land: shapely.Geometry, taken: shapely.Geometry) -> shapely.Geometry:
    return shapely.difference(land, taken, grid_size=_SNAP_M)


def _polygons(geometries: list[shapely.Geometry] | Polygons) -> Polygons:
    """Return the polygons among the parts, normalised: the same land, the same bytes."""
    parts = shapely.get_parts(shapely.get_parts(geometries))
    parts = parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]
    return np.asarray(shapely.normalize(parts), dtype=object)


def _pieces_of(places: Places, pieces: Polygons) -> NDArray[np.int64]:
    return GridIndex([f"{i:07d}" for i in range(len(pieces))], pieces).locate(*places.T)


def _nearest_pieces_of(places: Places, pieces: Polygons) -> NDArray[np.int64]:
    """Return the piece of each place; snapping may leave it 1 mm outside, then the nearest."""
    member = _pieces_of(places, pieces)
    outside = np.flatnonzero(member < 0)
    if len(outside):
        found = shapely.STRtree(pieces).query_nearest(shapely.points(places[outside]))
        row, piece = found[:, np.lexsort(found[::-1])]
        first = np.unique(row, return_index=True)[1]  # of several the first
        member[outside[row[first]]] = piece[first]
    return member


def _villages(units: Land, matched: bool) -> Polygons:
    names, of_unit = np.unique(units.villages, return_inverse=True)
    order = np.argsort(of_unit, kind="stable")
    own = np.split(units.shapes[order], np.cumsum(np.bincount(of_unit))[:-1])
    return np.array([_union(shapes, matched) for shapes in own[: len(names)]], dtype=object)


def _split(
    pieces: Polygons,
    unserved: Places,
    straight_m: Costs,
    villages: Polygons,
    beyond: shapely.Geometry | None,
) -> Polygons:
    """Cut pieces whose households no single center could reach along village borders.

    ``beyond`` is what of the pieces lies on the land of no village.
    """
    member = _nearest_pieces_of(unserved, pieces)
    order = np.argsort(member, kind="stable")
    settled = np.unique(member)
    together = shapely.multipoints(
        shapely.points(unserved[order]), indices=np.searchsorted(settled, member[order])
    )
    most = np.zeros(len(pieces))
    np.maximum.at(most, member, straight_m)
    large = settled[shapely.minimum_bounding_radius(together) > most[settled]]
    if not len(large):
        return pieces
    whole = shapely.multipolygons(pieces[large])
    shapely.prepare(whole)
    cutters = villages[shapely.intersects(whole, villages)]
    cut = shapely.intersection(whole, cutters, grid_size=_SNAP_M)
    rest = [] if beyond is None else [shapely.intersection(whole, beyond, grid_size=_SNAP_M)]
    return np.concatenate([np.delete(pieces, large), _polygons(cut), _polygons(rest)])
