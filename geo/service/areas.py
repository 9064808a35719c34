"""The land behind service gaps: where unserved households are, as polygons."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.locate import GridIndex
from geo.profiles import AreaType
from geo.reach.matrix import Costs, Places
from geo.service.land import Land, Polygons

ALONE_M = 50.0  # drawn around an unserved household that lies on no land outside of reach
# Overlays snap to 1 mm: no slivers where units meet a border of reach, valid after the lattice too.
_SNAP_M = 1e-3


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
        The units, in the zone of everything else.
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
    taken: dict[str, shapely.Geometry] = {kind: reached[kind] for kind in sorted(reached)}
    outlines = {kind: land.outlines[kind] for kind in taken if kind in land.outlines}
    pieces = _without(outlines, taken)
    points = shapely.points(unserved)
    # Off the land, on land drawn as reached, or of a village with another standard than the land.
    alone = points[_pieces_of(points, pieces) < 0]
    if len(alone):
        # a sixth of the time of union_all: most circles are far from most others
        circles = shapely.disjoint_subset_union_all(shapely.buffer(_sorted_points(alone), ALONE_M))
        # Added to the land and taken out of reach: adding them to what is left of it takes six
        # times as long.
        taken = {kind: shapely.difference(area, circles) for kind, area in taken.items()}
        some = next(iter(outlines), "")
        wider = shapely.union(outlines.get(some, shapely.Polygon()), circles)
        pieces = _without({**outlines, some: wider}, taken)
    if split:
        large = _too_large(pieces, points, straight_m)
        if len(large):
            cut = _cut(pieces[large], land)
            if len(alone):
                everywhere = shapely.union_all([*outlines.values()])
                outside = _polygons(_difference(pieces[large], everywhere))
                cut = np.concatenate([cut, outside])
            pieces = np.concatenate([np.delete(pieces, large), cut])
    pieces = pieces[np.argsort(shapely.to_wkb(pieces), kind="stable")]
    member = _nearest_pieces_of(points, pieces)
    kept = np.unique(member)
    return pieces[kept], np.searchsorted(kept, member).astype(np.int64)


def _without(
    outlines: Mapping[str, shapely.Geometry], taken: Mapping[str, shapely.Geometry]
) -> Polygons:
    """Return the pieces of land out of reach."""
    free = [
        _difference(outline, taken.get(kind, shapely.Polygon()))
        for kind, outline in outlines.items()
    ]
    return _polygons(free if len(free) < 2 else [shapely.union_all(free, grid_size=_SNAP_M)])


def _sorted_points(points: Polygons) -> Polygons:
    ordered: Polygons = points[np.argsort(shapely.to_wkb(points), kind="stable")]
    return ordered


def _difference(land: shapely.Geometry, taken: shapely.Geometry) -> shapely.Geometry:
    return shapely.difference(land, taken, grid_size=_SNAP_M)


def _polygons(geometries: list[shapely.Geometry] | Polygons) -> Polygons:
    """Return the polygons among the parts, normalised: the same land, the same bytes."""
    parts = shapely.get_parts(shapely.get_parts(geometries))
    parts = parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]
    return np.asarray(shapely.normalize(parts), dtype=object)


def _pieces_of(points: Polygons, pieces: Polygons) -> NDArray[np.int64]:
    return GridIndex([f"{i:07d}" for i in range(len(pieces))], pieces).locate_points(points)


def _nearest_pieces_of(points: Polygons, pieces: Polygons) -> NDArray[np.int64]:
    """Return the piece of each point; snapping may leave it 1 mm outside, then the nearest."""
    member = _pieces_of(points, pieces)
    outside = np.flatnonzero(member < 0)
    if len(outside):
        row, piece = shapely.STRtree(pieces).query_nearest(points[outside])
        order = np.lexsort((piece, row))
        found, first = np.unique(row[order], return_index=True)  # of several the first
        member[outside[found]] = piece[order][first]
    return member


def _too_large(pieces: Polygons, points: Polygons, straight_m: Costs) -> NDArray[np.int64]:
    """Return the pieces whose households no single center could reach."""
    member = _nearest_pieces_of(points, pieces)
    order = np.argsort(member, kind="stable")
    settled, of_piece = np.unique(member[order], return_inverse=True)
    together = shapely.multipoints(points[order], indices=of_piece)
    most = np.zeros(len(pieces))
    np.maximum.at(most, member, straight_m)
    return np.asarray(settled[shapely.minimum_bounding_radius(together) > most[settled]])


def _cut(pieces: Polygons, land: Land) -> Polygons:
    """Cut pieces along village borders.

    First along the borders of groups of villages, then each part along those of its own group: a
    piece may have a million corners, and each cut looks at all of them.
    """
    villages, (group, groups) = land.of_villages, land.groups
    of_piece, of_group = shapely.STRtree(groups).query(pieces, "intersects")
    # snapped with the next cut: here it would take three times as long as the cut itself
    halves = shapely.intersection(pieces[of_piece], groups[of_group])
    parts, of_half = shapely.get_parts(halves, return_index=True)
    flat = shapely.get_dimensions(parts) == 2  # where it only touches a group, there are lines
    parts, of_group = parts[flat], of_group[of_half[flat]]
    of_part, village = shapely.STRtree(villages).query(parts, "intersects")
    own = of_group[of_part] == group[village]
    cut = shapely.intersection(parts[of_part[own]], villages[village[own]], grid_size=_SNAP_M)
    return _polygons(cut)
