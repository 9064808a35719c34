"""Transfer an area to a grid: a drawn one, or whole natural villages."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

import shapely

from geo.edits.check import is_sliver, refuse_sliver
from geo.edits.faces import Change, Faces, lay_faces, settle, split_parts
from geo.edits.ground import Ground
from geo.edits.joined import group_faces
from geo.edits.refusal import Refusal, refuse
from geo.edits.values import Assign, Merge, Transfer
from geo.partition import thick_parts


def transfer(
    ground: Ground,
    taker: int,
    area: shapely.Geometry,
    edit: Transfer | Assign,
    fixed: Mapping[int, Refusal],
) -> Change:
    """Return the change that gives what grids have in an area to the taker.

    Parameters
    ----------
    area
        In the metric zone. What lies outside the village does not count.
    edit
        Says from whom land may be taken, and whether cut-off pieces go along.
    fixed
        Why a grid cannot give land, by position.

    Raises
    ------
    Refusal
        ``area_misses``, one of ``fixed``, ``would_empty`` with a merge as its fix,
        ``would_disconnect`` and ``would_leave_sliver`` with ``tidy`` as theirs, ``not_adjacent``.
    """
    givers = _find_givers(ground, taker, area, edit.sources)
    for giver in givers:
        if giver in fixed:
            raise fixed[giver]
    if not givers:
        raise refuse("area_misses", ground.codes[taker], ground=ground, at=area)
    faces = lay_faces(ground, [taker, *givers], [area.boundary])
    taken = {
        face
        for face, inside in enumerate(faces.within(area))
        if inside and set(faces.owners[face]) & set(givers)
    }
    if not taken:
        raise refuse("area_misses", ground.codes[taker], ground=ground, at=area)
    for giver in givers:
        left = _left(faces, giver, taken)
        if not left:
            # a merge does what was drawn only if nobody else was to give land
            fix = Merge((edit.to, ground.codes[giver]), keep=edit.to) if len(givers) == 1 else None
            place = ground.shapes[giver]
            raise refuse("would_empty", ground.codes[giver], ground=ground, at=place, fix=fix)
        taken |= _check_left(faces, giver, left, edit)
    owners: list[tuple[Hashable, ...]] = [
        tuple({*own, taker} - set(givers)) if face in taken else own
        for face, own in enumerate(faces.owners)
    ]
    change = settle(faces, owners)
    if taker in change.shapes:
        before, after = ground.shapes[taker], change.shapes[taker]
        if len(split_parts(after)) > len(split_parts(before)):
            names = (edit.to, *(ground.codes[giver] for giver in givers))
            raise refuse("not_adjacent", *names, ground=ground, at=area)
    return change


def _find_givers(
    ground: Ground, taker: int, area: shapely.Geometry, sources: Sequence[str]
) -> list[int]:
    """Return positions of the grids that have land in the area and may give it."""
    givers = []
    for position in ground.around([area]):
        code = ground.codes[position]
        if position == taker or (sources and code not in sources):
            continue
        if len(thick_parts(shapely.intersection(ground.shapes[position], area))):
            givers.append(position)
    return givers


def _left(faces: Faces, giver: int, taken: set[int]) -> list[int]:
    return [i for i, own in enumerate(faces.owners) if giver in own and i not in taken]


def _check_left(faces: Faces, giver: int, left: list[int], edit: Transfer | Assign) -> set[int]:
    """Return the faces that go along; refuse if some should and the edit does not say so."""
    ground, code = faces.ground, faces.ground.codes[giver]
    groups = sorted(
        group_faces(faces, left), key=lambda g: -float(shapely.area(faces.shapes[g]).sum())
    )
    parts = split_parts(ground.shapes[giver])
    shapes = [shapely.union_all(faces.shapes[group]) for group in groups]
    thin = [i for i, shape in enumerate(shapes) if is_sliver(shape)]
    # parts the grid had before, and the edit leaves alone, stay
    old = {i for i, s in enumerate(shapes) if any(_same(s, part) for part in parts)}
    # of each part that is cut, the largest piece stays (pieces come largest first)
    of_part = [
        next((n for n, part in enumerate(parts) if part.intersects(faces.points[group[0]])), -1)
        for group in groups
    ]
    loose = [i for i, part in enumerate(of_part) if part in of_part[:i] and i not in old]
    thin = [i for i in thin if i not in old]
    if not thin and len(groups) <= len(parts):
        return set()
    if not edit.tidy:
        fix = replace(edit, tidy=True)
        if thin:
            place = shapely.union_all([shapes[i] for i in thin])
            raise refuse_sliver(ground, giver, place, fix)
        place = shapely.union_all([shapes[i] for i in loose])
        raise refuse("would_disconnect", code, ground=ground, at=place, fix=fix, parts=len(groups))
    go = {*loose, *thin}
    if len(go) == len(groups):
        raise refuse(
            "would_empty",
            code,
            ground=ground,
            at=ground.shapes[giver],
            fix=Merge((edit.to, code), keep=edit.to),
        )
    return {face for i in go for face in groups[i]}


def _same(a: shapely.Geometry, b: shapely.Geometry) -> bool:
    return bool(shapely.intersects(b, a.representative_point())) and abs(a.area - b.area) < 1e-4
