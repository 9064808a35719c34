"""Mend a village: fill gaps, resolve overlaps, cut off what lies outside."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import shapely

from geo.edits.faces import Change, lay_faces, settle
from geo.edits.ground import Ground
from geo.edits.joined import group_faces
from geo.edits.refusal import refuse
from geo.edits.values import ClipToVillage, FillGap, Merge, ResolveOverlap
from geo.partition import THICKNESS_M, thick_difference, thick_parts

POINTING_M = 1.0  # how far beside a gap one may point and still mean it


def fill_gap(ground: Ground, place: shapely.Geometry, taker: int | None, edit: FillGap) -> Change:
    """Return the change that gives the gap around a metric place to a grid.

    Parameters
    ----------
    taker
        Position of the grid; None takes the one with the longest border to the gap. A grid that
        has no land in its village (drawn in the wrong place) may take any gap: cut at the outline
        of the village afterwards, it is where it belongs.

    Raises
    ------
    Refusal
        ``no_gap_here``, ``not_adjacent``, ``gap_without_neighbour``: it touches no grid (an exclave
        of the village), so only a named grid can take it.
    """
    gap = find_gap(ground, place)
    if gap is None:
        raise refuse("no_gap_here", ground=ground, at=place)
    beside = {
        position: float(shapely.length(_along(ground.shapes[position], gap)))
        for position in ground.around([gap])
    }
    if taker is None and not beside:
        raise refuse("gap_without_neighbour", ground=ground, at=gap)
    if taker is None:
        taker = max(sorted(beside), key=lambda position: beside[position])
    if beside and beside.get(taker, 0.0) <= THICKNESS_M and not _is_astray(ground, taker):
        raise refuse("not_adjacent", ground.codes[taker], ground=ground, at=gap)
    faces = lay_faces(ground, {*beside, taker}, [gap.boundary], snap_m=THICKNESS_M)
    owners: list[tuple[Hashable, ...]] = list(faces.owners)
    for face, inside in enumerate(faces.within(gap)):
        if inside and not owners[face]:
            owners[face] = (taker,)
    return settle(faces, owners)


def find_gap(ground: Ground, place: shapely.Geometry) -> shapely.Geometry | None:
    """Return the gap at a metric place, None if there is none."""
    union = shapely.union_all(ground.shapes)
    gaps = thick_difference(ground.whole_land, union)
    if not len(gaps):
        return None
    off = shapely.distance(gaps, place)
    nearest = int(np.argmin(off))
    return gaps[nearest] if off[nearest] <= POINTING_M else None


def resolve_overlap(ground: Ground, winner: int, loser: int, edit: ResolveOverlap) -> Change:
    """Return the change that gives the land two grids share to the winner.

    Pieces of the loser that the shared land cuts off go along.

    Raises
    ------
    Refusal
        ``no_overlap``, ``would_empty`` with a merge as its fix.
    """
    shared = shapely.intersection(ground.shapes[winner], ground.shapes[loser])
    if not len(thick_parts(shared)):
        raise refuse("no_overlap", *edit.grids, ground=ground)
    faces = lay_faces(ground, [winner, loser])
    owners: list[tuple[Hashable, ...]] = [
        (winner,) if winner in own else own for own in faces.owners
    ]
    left = [face for face, own in enumerate(owners) if own == (loser,)]
    if not left:
        fix = Merge((edit.winner, ground.codes[loser]), keep=edit.winner)
        raise refuse("would_empty", ground.codes[loser], ground=ground, at=shared, fix=fix)
    groups = sorted(group_faces(faces, left), key=lambda g: -shapely.area(faces.shapes[g]).sum())
    for group in groups[len(shapely.get_parts(ground.shapes[loser])) :]:
        for face in group:
            owners[face] = (winner,)
    return settle(faces, owners)


def clip_to_village(ground: Ground, position: int, edit: ClipToVillage) -> Change:
    """Return the change that cuts a grid at the outline of its village.

    Raises
    ------
    Refusal
        ``outline_unknown``, ``nothing_outside``, ``would_empty``.
    """
    code = ground.codes[position]
    if ground.outline is None:
        raise refuse("outline_unknown", code, village=ground.whole)
    if not len(thick_difference(ground.shapes[position], ground.outline)):
        raise refuse("nothing_outside", code, ground=ground)
    faces = lay_faces(ground, [position], [ground.outline.boundary], snap_m=THICKNESS_M)
    inside = faces.within(ground.outline)
    owners: list[tuple[Hashable, ...]] = [
        own if keep else () for own, keep in zip(faces.owners, inside, strict=True)
    ]
    if not any(owners):
        raise refuse("would_empty", code, ground=ground, at=ground.shapes[position])
    return settle(faces, owners)


def _is_astray(ground: Ground, position: int) -> bool:
    """Return whether a grid lies outside its village altogether."""
    if ground.outline is None:
        return False
    return not len(thick_parts(shapely.intersection(ground.shapes[position], ground.outline)))


def _along(shape: shapely.Geometry, gap: shapely.Geometry) -> shapely.Geometry:
    """Return the part of a gap's outline that runs along a grid."""
    return shapely.intersection(gap.boundary, shapely.buffer(shape, THICKNESS_M, quad_segs=2))
