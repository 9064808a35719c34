"""Merge adjacent grids into one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geo.edits.faces import Change, lay_faces, settle
from geo.edits.ground import Ground, Partition
from geo.edits.joined import group_faces
from geo.edits.match import match_nodes
from geo.edits.refusal import refuse


def merge(ground: Ground, positions: list[int], keep: int) -> Change:
    """Return the change that gives the land of all ``positions`` to ``keep``.

    Raises
    ------
    Refusal
        ``not_adjacent`` when the grids do not hang together by borders.
    """
    faces = lay_faces(ground, positions)
    owned = [i for i, owners in enumerate(faces.owners) if owners]
    groups = group_faces(faces, owned)
    parts = [
        sorted({ground.codes[owner] for face in group for owner in faces.owners[face]})
        for group in groups
    ]
    # an exclave does not hang together with anything, and needs not
    for code in (ground.codes[position] for position in positions):
        if not any(code in names and len(names) > 1 for names in parts):
            raise refuse("not_adjacent", *(ground.codes[p] for p in positions))
    if len({tuple(names) for names in parts if len(names) > 1}) > 1:
        linked = _linked([set(names) for names in parts if len(names) > 1])
        if len(linked) > 1:
            raise refuse("not_adjacent", *(ground.codes[p] for p in positions))
    change = settle(faces, [(keep,) if owners else () for owners in faces.owners])
    return replace(change, keeper=keep)


def merge_within(partition: Partition, change: Change, keep: int) -> Change:
    """Return the change that lets the smaller grids of merged big ones tile one whole.

    Each big grid's were a ground of their own: a node that one side put on the border between two
    big grids is none of the other side's yet.
    """
    ground = change.ground
    codes = [ground.codes[position] for position in sorted({keep, *change.removed})]
    rows = [row for code in codes for row in partition.children[code]]
    outline = ground.zone.to_store(np.array([change.shapes[keep]], dtype=object))[0]
    return match_nodes(partition.ground_of(ground.codes[keep], rows, outline))


def _linked(groups: list[set[str]]) -> list[set[str]]:
    """Join groups that have a grid in common."""
    joined: list[set[str]] = []
    for group in groups:
        meeting = [other for other in joined if other & group]
        joined = [other for other in joined if not other & group]
        joined.append(set(group).union(*meeting))
    return joined
