"""Borders of regions: smoothed without ever crossing, then traced into polygons.

All levels share the corners of the finest one, so a village is bit for bit the union of its
natural villages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

from data.sample.frame import FloatArray, IntArray, to_lattice_degrees
from data.sample.mesh import Mesh, folded_sides

_ROUNDS = 4
_PULL = 5.0


@dataclass(frozen=True)
class Coverage:
    """Polygons of any grouping of the finest regions.

    ``degrees`` holds lon, lat on the lattice of every corner, then of every element's point
    (only those on the outline are ever part of a border); ``finest`` is the finest region of
    each element.
    """

    mesh: Mesh
    finest: IntArray
    degrees: FloatArray
    _starts: IntArray
    _ends: IntArray
    _owners: IntArray
    _others: IntArray

    def polygons(self, group: IntArray, count: int) -> NDArray[np.object_]:
        """Trace the polygons (lon, lat) of groups of finest regions.

        Parameters
        ----------
        group
            Group of each finest region, 0 … count - 1; every group must be connected.
        """
        return trace(
            group[self._owners],
            np.where(self._others < 0, -1, group[self._others]),
            self._starts,
            self._ends,
            self.degrees,
            count,
        )


def make_coverage(mesh: Mesh, finest: IntArray, outline_degrees: FloatArray) -> Coverage:
    """Collect the directed border edges of the finest regions and place their corners.

    ``mesh`` must be smoothed (:func:`smooth`) for these regions.
    """
    left, right, start, end = mesh.sides.T
    differ = finest[left] != finest[right]
    owners = np.concatenate([finest[left][differ], finest[right][differ]])
    others = np.concatenate([finest[right][differ], finest[left][differ]])
    starts = np.concatenate([start[differ], end[differ]])
    ends = np.concatenate([end[differ], start[differ]])

    corners = len(mesh.corners) + mesh.outline_count
    rim_nodes, rim_owner = _rim(mesh, finest)
    owners = np.concatenate([owners, rim_owner])
    others = np.concatenate([others, np.full(len(rim_owner), -1)])
    starts = np.concatenate([starts, rim_nodes])
    ends = np.concatenate([ends, np.roll(rim_nodes, -1)])

    x, y = np.vstack([mesh.corners, mesh.edge_middles, mesh.points]).T
    degrees = to_lattice_degrees(x, y)
    real = np.flatnonzero(mesh.original >= 0)
    degrees[corners + real] = outline_degrees[mesh.original[real]]
    degrees[len(mesh.corners) : corners] = _middles_in_degrees(mesh, outline_degrees)
    return Coverage(mesh, finest, degrees, starts, ends, owners, others)


def _rim(mesh: Mesh, finest: IntArray) -> tuple[IntArray, IntArray]:
    """Nodes around the county, and the finest region that owns the edge after each.

    Points that were only put in to keep the mesh fine are left out again, unless regions meet.
    """
    count, corners = mesh.outline_count, len(mesh.corners)
    element = np.arange(count)
    meets = finest[:count] != finest[(element + 1) % count]
    nodes = np.column_stack([corners + count + element, corners + element]).ravel()
    kept = np.column_stack([mesh.original >= 0, meets]).ravel()
    # after its own point an element owns the edge; after the middle the next one does
    owner = np.column_stack([finest[:count], np.roll(finest[:count], -1)]).ravel()
    return nodes[kept], owner[kept]


def _middles_in_degrees(mesh: Mesh, outline_degrees: FloatArray) -> FloatArray:
    """Middles of the outline's edges, on the straight line in degrees between its vertices.

    A line straight in metres leaves it by some millimetres: the county would not be tiled.
    """
    count, original = mesh.outline_count, mesh.original
    ring = mesh.points[:count]
    edge = np.arange(count)
    real = np.flatnonzero(original >= 0)
    start = real[np.searchsorted(real, edge, side="right") - 1]
    end = real[np.searchsorted(real, edge, side="right") % len(real)]
    whole = np.hypot(*(ring[end] - ring[start]).T)
    share = (np.hypot(*(mesh.edge_middles - ring[start]).T) / whole)[:, None]
    first, last = outline_degrees[original[start]], outline_degrees[original[end]]
    middles: FloatArray = np.round(first + share * (last - first), 9)
    return middles


def trace(
    owners: IntArray,
    others: IntArray,
    starts: IntArray,
    ends: IntArray,
    degrees: FloatArray,
    count: int,
) -> NDArray[np.object_]:
    """Chain directed edges (owner on the left) into one polygon per owner, holes included."""
    border = owners != others
    owners, starts, ends = owners[border], starts[border], ends[border]
    size = len(degrees)
    order = np.argsort(owners * size + starts, kind="stable")
    owners, starts, ends = owners[order], starts[order], ends[order]
    following = np.searchsorted(owners * size + starts, owners * size + ends).tolist()
    rings: list[list[FloatArray]] = [[] for _ in range(count)]
    seen = bytearray(len(starts))
    owner_of = owners.tolist()
    for first in range(len(seen)):
        if seen[first]:
            continue
        chain, at = [], first
        while not seen[at]:
            seen[at] = 1
            chain.append(at)
            at = following[at]
        rings[owner_of[first]].append(degrees[starts[chain]])
    return np.array([_assemble(found) for found in rings], dtype=object)


def _assemble(rings: list[FloatArray]) -> Polygon:
    shells = [ring for ring in rings if _signed_area(ring) > 0]
    if len(shells) != 1:
        raise AssertionError(f"a region has {len(shells)} pieces")
    holes = [ring for ring in rings if _signed_area(ring) <= 0]
    return Polygon(_from_lowest(shells[0]), [_from_lowest(ring) for ring in holes])


def _signed_area(ring: FloatArray) -> float:
    x, y = (ring - ring[0]).T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2


def _from_lowest(ring: FloatArray) -> FloatArray:
    """Start a ring at its lowest, leftmost vertex: the same ring always reads the same."""
    return np.roll(ring, -int(np.lexsort((ring[:, 0], ring[:, 1]))[0]), axis=0)


def smooth(mesh: Mesh, levels: Sequence[IntArray]) -> Mesh:
    """Round the borders off; corners on the outline stay.

    ``levels`` are regions per element, the finest first. Where borders of several levels meet
    the higher one keeps its course and the lower one follows.

    Each element is a fan of triangles around its point. A corner moves only while every triangle
    around it keeps its orientation, so the mesh, without folds at first, stays a proper tiling.
    """
    left, right, start, end = mesh.sides.T
    fixed, outline = len(mesh.corners), mesh.outline_count
    corners = np.vstack([mesh.corners, mesh.edge_middles])
    points = mesh.points.copy()
    weight = np.zeros(len(left))
    for level, region in enumerate(levels):
        weight[region[left] != region[right]] = _PULL**level
    border = weight > 0
    on_border = np.zeros(len(corners), bool)
    on_border[start[border]] = on_border[end[border]] = True
    pulls = border | ~(on_border[start] | on_border[end])
    weight = np.where(border, weight, 1.0)[pulls]
    for _ in range(_ROUNDS):
        target = _neighbour_mean(corners, start[pulls], end[pulls], weight)
        target[fixed:] = corners[fixed:]
        corners = _move(corners, 0.5 * corners + 0.5 * target, points, mesh.sides)
        middles = _element_means(corners, mesh)
        middles[:outline] = points[:outline]
        points = _move_points(points, middles, corners, mesh.sides)
    return replace(mesh, corners=corners[:fixed], points=points)


def _neighbour_mean(
    corners: FloatArray, start: IntArray, end: IntArray, weight: FloatArray
) -> FloatArray:
    count = len(corners)
    total = np.bincount(start, weight, count) + np.bincount(end, weight, count)
    lone = np.bincount(start, minlength=count) + np.bincount(end, minlength=count) < 2
    mean = corners.copy()
    for k in (0, 1):
        pulled = np.bincount(start, weight * corners[end, k], count) + np.bincount(
            end, weight * corners[start, k], count
        )
        mean[:, k] = np.where(lone, corners[:, k], pulled / np.where(lone, 1.0, total))
    return mean


def _element_means(corners: FloatArray, mesh: Mesh) -> FloatArray:
    left, right, start, end = mesh.sides.T
    element = np.concatenate([left, right, left, right])
    corner = np.concatenate([start, start, end, end])
    degree = np.bincount(element)
    return np.column_stack([np.bincount(element, corners[corner, k]) / degree for k in (0, 1)])


def _move(
    corners: FloatArray, wanted: FloatArray, points: FloatArray, sides: IntArray
) -> FloatArray:
    """Corners where they are wanted, except those that would fold a triangle over."""
    moved = wanted.copy()
    while len(bad := folded_sides(points, moved, sides)):
        held = np.unique(sides[bad, 2:])
        moved[held] = corners[held]
    return moved


def _move_points(
    points: FloatArray, wanted: FloatArray, corners: FloatArray, sides: IntArray
) -> FloatArray:
    """Points of elements where they are wanted, except those that would fold a triangle over."""
    moved = wanted.copy()
    while len(bad := folded_sides(moved, corners, sides)):
        held = np.unique(sides[bad, :2])
        moved[held] = points[held]
    return moved
