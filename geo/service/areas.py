"""The land behind service gaps: where unserved households are, as polygons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.locate import GridIndex
from geo.profiles import AreaType
from geo.shapes import repair

Polygons = NDArray[np.object_]

QUARTER_SEGMENTS = 32  # a circle of 2 km is then drawn at most 0.6 m too small
ALONE_M = 50.0  # drawn around an unserved household that lies on no land outside the circles
# Overlays snap to 1 mm: no slivers where units meet a circle, valid after the lattice too.
_SNAP_M = 1e-3
_INSIDE_M = 2e-3  # keeps snapped circle corners inside the true circle


class Land(NamedTuple):
    """Land units in a metric zone: polygons, the code of each one's village, its area type."""

    shapes: Polygons
    villages: NDArray[np.str_]
    area_types: NDArray[np.str_]


def find_areas(
    land: Land,
    sites: NDArray[np.float64],
    radii_m: Mapping[AreaType, float],
    unserved: NDArray[np.float64],
    limits_m: NDArray[np.float64],
    *,
    split: bool,
    include_empty: bool,
) -> tuple[Polygons, NDArray[np.int64]]:
    """Find the connected pieces of land out of reach, and the piece of each unserved household.

    Parameters
    ----------
    land
        Units; their order does not matter.
    sites
        Centers, shape (n, 2), metres.
    radii_m
        Reach by area type of the land.
    unserved, limits_m
        Unserved households, shape (m, 2), and the standard of each, shape (m,).
    split
        Cut a piece along village borders where no single center could serve its households.
    include_empty
        Keep pieces without an unserved household.

    Returns
    -------
    tuple of ndarray
        Polygons in the metric zone, and the position of each household's polygon.
    """
    units = _sorted(land)
    matched = bool(shapely.coverage_is_valid(units.shapes))
    circles = {kind: _circles(sites, radius) for kind, radius in radii_m.items()}
    outlines = {
        kind: _union(units.shapes[units.area_types == kind], matched) for kind in sorted(circles)
    }
    free = [_difference(outline, circles[kind]) for kind, outline in outlines.items()]
    points = shapely.points(unserved)
    # Off the land, or of a village with another standard than the land it lies on.
    alone = points[_pieces_of(points, _polygons(free)) < 0]
    if len(alone):
        free.append(shapely.union_all(shapely.buffer(_sorted_points(alone), ALONE_M)))
    whole = free[0] if len(free) == 1 else shapely.union_all(free, grid_size=_SNAP_M)
    pieces = _polygons([whole])
    if split:
        beyond = _difference(whole, shapely.union_all([*outlines.values()])) if len(alone) else None
        pieces = _split(pieces, points, limits_m, _villages(units, matched), beyond)
    pieces = pieces[np.argsort(shapely.to_wkb(pieces), kind="stable")]
    return _with_households(pieces, points, include_empty=include_empty)


def _sorted(land: Land) -> Land:
    order = np.argsort(shapely.to_wkb(shapely.normalize(land.shapes)), kind="stable")
    return Land(repair(land.shapes[order]), land.villages[order], land.area_types[order])


def _sorted_points(points: Polygons) -> Polygons:
    ordered: Polygons = points[np.argsort(shapely.to_wkb(points), kind="stable")]
    return ordered


def _circles(sites: NDArray[np.float64], radius_m: float) -> shapely.Geometry:
    """Return the reach as inscribed polygons: what lies outside of a circle lies outside of it."""
    centers = shapely.points(np.unique(sites, axis=0))
    drawn = shapely.buffer(centers, max(radius_m - _INSIDE_M, 0.0), quad_segs=QUARTER_SEGMENTS)
    return shapely.union_all(drawn)


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


def _pieces_of(points: Polygons, pieces: Polygons) -> NDArray[np.int64]:
    index = GridIndex([f"{i:07d}" for i in range(len(pieces))], pieces)
    return index.locate(shapely.get_x(points), shapely.get_y(points))


def _nearest_pieces_of(points: Polygons, pieces: Polygons) -> NDArray[np.int64]:
    """Return the piece of each point; snapping may leave it 1 mm outside, then the nearest."""
    member = _pieces_of(points, pieces)
    for row in np.flatnonzero(member < 0):
        member[row] = int(np.argmin(shapely.distance(pieces, points[row])))
    return member


def _villages(units: Land, matched: bool) -> Polygons:
    names = np.unique(units.villages)
    return np.array(
        [_union(units.shapes[units.villages == name], matched) for name in names], dtype=object
    )


def _split(
    pieces: Polygons,
    points: Polygons,
    limits_m: NDArray[np.float64],
    villages: Polygons,
    beyond: shapely.Geometry | None,
) -> Polygons:
    """Cut pieces whose households no single center could reach along village borders.

    ``beyond`` is what of the pieces lies on the land of no village.
    """
    member = _nearest_pieces_of(points, pieces)
    large = np.zeros(len(pieces), dtype=bool)
    for piece in np.unique(member):
        own = member == piece
        spread = shapely.minimum_bounding_radius(shapely.multipoints(points[own]))
        large[piece] = spread > limits_m[own].max()
    if not large.any():
        return pieces
    whole = shapely.multipolygons(pieces[large])
    shapely.prepare(whole)
    cutters = villages[shapely.intersects(whole, villages)]
    cut = shapely.intersection(whole, cutters, grid_size=_SNAP_M)
    rest = [] if beyond is None else [shapely.intersection(whole, beyond, grid_size=_SNAP_M)]
    return np.concatenate([pieces[~large], _polygons(cut), _polygons(rest)])


def _with_households(
    pieces: Polygons, points: Polygons, *, include_empty: bool
) -> tuple[Polygons, NDArray[np.int64]]:
    member = _nearest_pieces_of(points, pieces)
    kept = np.arange(len(pieces)) if include_empty else np.unique(member)
    return pieces[kept], np.searchsorted(kept, member).astype(np.int64)
