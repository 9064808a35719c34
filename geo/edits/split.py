"""Split grids by a drawn line."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import shapely

from geo.edits.check import is_sliver, refuse_sliver
from geo.edits.faces import Change, Faces, Piece, lay_faces, settle
from geo.edits.ground import Ground
from geo.edits.joined import group_faces, longest_neighbour
from geo.edits.noding import SNAP_M
from geo.edits.refusal import Refusal, refuse
from geo.edits.values import Split

MAX_PIECES = 999
MAX_FACES = 1_500  # beyond it, there are too many pieces or the line is a scribble
_OVERSHOOT_M = 1.0


def split(ground: Ground, positions: list[int], edit: Split) -> Change:
    """Return the change that cuts grids along a line.

    The largest piece keeps the grid (ties: the western one), the others become new grids from west
    to east. Parts of a grid that the line leaves alone stay with the piece that keeps it.

    Raises
    ------
    Refusal
        ``line_misses``, ``line_along_border``, ``line_does_not_cross`` with the extended line as
        its fix, ``would_leave_sliver`` with ``tidy`` as its fix.
    """
    line = ground.to_metric(edit.line)
    faces = lay_faces(ground, positions, [line])
    owners: list[tuple[Hashable, ...]] = list(faces.owners)
    if len(faces.shapes) > MAX_FACES:
        village, count = ground.whole, len(faces.shapes)
        raise refuse("too_many_grids", *edit.grids, village=village, count=count)
    for position in positions:
        pieces = _pieces(faces, position, tidy=edit.tidy)
        if len(pieces) > MAX_PIECES:
            village, count = ground.whole, len(pieces)
            raise refuse("too_many_grids", ground.codes[position], village=village, count=count)
        if len(pieces) < 2:
            raise _explain(ground, position, line, edit)
        for number, piece in enumerate(pieces):
            if number and is_sliver(shapely.union_all(faces.shapes[piece])):
                fix = None if edit.tidy else Split(edit.grids, edit.line, tidy=True)
                place = shapely.union_all(faces.shapes[piece])
                raise refuse_sliver(ground, position, place, fix)
            key: Hashable = position if number == 0 else Piece(position, number)
            for face in piece:
                rest = tuple(owner for owner in owners[face] if owner != position)
                owners[face] = (*rest, key)
    return settle(faces, owners)


def _pieces(faces: Faces, position: int, *, tidy: bool) -> list[list[int]]:
    """Return the faces of each piece of a grid, the piece that keeps it first."""
    own = [i for i, owners in enumerate(faces.owners) if position in owners]
    groups = group_faces(faces, own, apart=faces.noded.drawn)
    if tidy:
        groups = _without_slivers(faces, groups)
    # parts of the grid that the line leaves alone are no pieces of their own
    parts = shapely.get_parts(faces.ground.shapes[position])
    whole = [group for group in groups if any(_fills(faces, group, part) for part in parts)]
    cut = sorted((group for group in groups if group not in whole), key=lambda g: _west(faces, g))
    if len(cut) < 2:
        return [own]
    kept = max(cut, key=lambda group: float(shapely.area(faces.shapes[group]).sum()))
    first = kept + [face for group in whole for face in group]
    return [first, *(group for group in cut if group is not kept)]


def _without_slivers(faces: Faces, groups: list[list[int]]) -> list[list[int]]:
    """Join every sliver with the piece it shares its longest border with."""
    groups = [list(group) for group in groups]
    while len(groups) > 1:
        shapes = [shapely.union_all(faces.shapes[group]) for group in groups]
        thin = next((g for g, s in zip(groups, shapes, strict=True) if is_sliver(s)), None)
        if thin is None:
            break
        others = [group for group in groups if group is not thin]
        home = longest_neighbour(faces, thin, others)
        if home is None:
            break
        home += thin
        groups = others
    return groups


def _west(faces: Faces, group: list[int]) -> tuple[float, float]:
    xy = shapely.get_coordinates(faces.points[group])
    return float(xy[:, 0].min()), float(xy[:, 1].min())


def _fills(faces: Faces, group: list[int], part: shapely.Geometry) -> bool:
    """Return whether a piece is a whole part of the grid."""
    if not shapely.intersects(part, faces.points[group[0]]):
        return False
    return abs(float(shapely.area(faces.shapes[group]).sum()) - float(part.area)) < 1e-4


def _explain(ground: Ground, position: int, line: shapely.Geometry, edit: Split) -> Refusal:
    """Return why a line does not cut a grid."""
    shape, code = ground.shapes[position], ground.codes[position]
    inside = shapely.intersection(line, shapely.buffer(shape, SNAP_M))
    if shapely.length(inside) <= 4 * SNAP_M:  # a corner at most
        return refuse("line_misses", code, ground=ground, at=line)
    if shapely.covers(shapely.buffer(shape.boundary, 2 * SNAP_M), inside):
        return refuse("line_along_border", code, ground=ground, at=line)
    longer = _extend(line, shape)
    fix = None
    if longer is not None:
        fix = Split(edit.grids, ground.to_lonlat(longer), edit.tidy)
    return refuse("line_does_not_cross", code, ground=ground, at=line, fix=fix)


def _extend(line: shapely.Geometry, shape: shapely.Geometry) -> shapely.LineString | None:
    """Return a line drawn out straight at its ends until it has left the grid."""
    if line.geom_type != "LineString":
        return None
    xy = shapely.get_coordinates(line)
    west, south, east, north = shape.bounds
    reach = 2 * float(np.hypot(east - west, north - south)) + _OVERSHOOT_M
    ends = []
    for end, inner in ((xy[0], xy[1]), (xy[-1], xy[-2])):
        heading = end - inner
        heading = heading / max(float(np.hypot(*heading)), 1e-9)
        ray = shapely.LineString([end, end + heading * reach])
        if not shapely.intersects(shape, shapely.Point(end)):
            ends.append(end)
            continue
        out = shapely.get_coordinates(shapely.intersection(ray, shape.boundary))
        far = np.hypot(*(out - end).T).min() if len(out) else 0.0
        ends.append(end + heading * (far + _OVERSHOOT_M))
    return shapely.LineString([ends[0], *xy, ends[1]])
