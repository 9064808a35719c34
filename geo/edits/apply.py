"""Try an edit on a partition: the new lines, or the reason why not."""

from __future__ import annotations

import geopandas
import shapely

from geo.edits import joint, mend, naming, values
from geo.edits.assign import find_cells
from geo.edits.check import check_change
from geo.edits.desk import Desk
from geo.edits.faces import Change
from geo.edits.ground import Partition
from geo.edits.match import match_borders
from geo.edits.merge import merge, merge_within
from geo.edits.outcome import Outcome, compare_names, draw_changes
from geo.edits.refusal import Refusal, refuse
from geo.edits.reshape import reshape
from geo.edits.split import split
from geo.edits.transfer import transfer
from geo.edits.values import Edit
from geo.edits.vertex import find_node, move_vertex
from geo.errors import EditError
from geo.problems import Problem

_MENDING = (
    values.FillGap,
    values.ResolveOverlap,
    values.ClipToVillage,
    values.MatchBorders,
)


def why_not(partition: Partition, edit: Edit) -> Problem | None:
    """Return why an edit is refused, None if it is not."""
    return attempt(partition, edit).problem


def apply_edit(partition: Partition, edit: Edit) -> geopandas.GeoDataFrame:
    """Return the grids after an edit; the partition is not touched.

    Returns
    -------
    GeoDataFrame
        EPSG:4490 on the lattice, columns of ``partition.grids``. Rows that the edit does not
        concern are equal to the last bit.

    Raises
    ------
    EditError
        With the problem :func:`why_not` tells.
    """
    outcome = attempt(partition, edit)
    if outcome.problem is not None:
        raise EditError(outcome.problem)
    return outcome.grids


def attempt(partition: Partition, edit: Edit) -> Outcome:
    """Try an edit; every refusal is an answer, never an exception.

    Raises
    ------
    ValueError
        For a suggestion whose run nobody has asked yet.
    """
    if isinstance(edit, values.ApplySuggestion):
        if edit.edit is None:
            raise ValueError(f"what does group {edit.group} of run {edit.run} suggest?")
        return attempt(partition, edit.edit)
    try:
        return _perform(partition, edit)
    except Refusal as refusal:
        problem, fix = refusal.problem, refusal.fix
    except shapely.GEOSException:  # faces of borders that are too far from matching
        problem, fix = Problem("borders_unmatched"), None
    if fix is not None:
        try:
            _perform(partition, fix)
        except (Refusal, shapely.GEOSException):
            fix = None
    return Outcome(problem, partition.grids, partition.villages, fix)


def _perform(partition: Partition, edit: Edit) -> Outcome:
    desk = Desk(partition)
    match edit:
        case values.JoinVillages():
            desk.require_villages(edit.villages)
            return joint.join_villages(partition, edit)
        case values.LeaveJointVillage():
            desk.require_villages([edit.village])
            return joint.leave_joint_village(partition, edit)
        case values.SetAttributes() if joint.is_joint(partition, edit.grid):
            return joint.rename(partition, edit)
        case values.SetAttributes():
            desk.require([edit.grid])
            desk.refuse_locked([edit.grid])
            return compare_names(partition, naming.set_attributes(partition, edit))
        case values.Renumber():
            desk.require_villages([edit.village])
            of_village = zip(desk.codes, partition.villages_of, strict=True)
            # by code, so that the refusal does not depend on the order of the rows
            desk.refuse_locked(sorted(code for code, v in of_village if v == edit.village))
            return compare_names(partition, naming.renumber(partition, edit))
        case values.Lock() | values.Unlock():
            desk.require(edit.grids)
            desk.require_villages(edit.villages)
            grids, villages = naming.set_locks(partition, edit)
            return compare_names(partition, grids, villages)
    changes = _changes(desk, edit)
    mending = isinstance(edit, _MENDING)
    merged = edit.grids if isinstance(edit, values.Merge) else ()
    for change in changes:
        fixed = desk.fixed(change.ground, merged)
        if isinstance(edit, values.MatchBorders):  # what big grids are made of goes along
            fixed = {i: r for i, r in fixed.items() if r.problem.key != "grid_has_children"}
        check_change(change, fixed, may_disconnect=mending)
    if not any(change.shapes or change.pieces or change.removed for change in changes):
        raise refuse("no_change")
    return draw_changes(partition, changes)


def _changes(desk: Desk, edit: Edit) -> list[Change]:
    """Return what a drawing edit does, one change a ground."""
    match edit:
        case values.Split():
            by_whole: dict[str, list[str]] = {}
            for code in desk.require(edit.grids):
                by_whole.setdefault(desk.whole(code), []).append(code)
            desk.refuse_fixed(edit.grids)
            grounds = [(desk.ground(whole), codes) for whole, codes in by_whole.items()]
            return [split(g, [g.codes.index(c) for c in codes], edit) for g, codes in grounds]
        case values.Merge():
            ground = desk.shared_ground(edit.grids)
            with_parts = [code for code in edit.grids if code in desk.partition.children]
            if with_parts and len(with_parts) < len(edit.grids):
                desk.refuse_fixed(edit.grids)
            desk.refuse_locked(edit.grids)
            positions = [ground.codes.index(code) for code in edit.grids]
            keep = ground.codes.index(edit.keep if edit.keep is not None else min(edit.grids))
            merged = merge(ground, positions, keep)
            if not with_parts:
                return [merged]
            return [merged, merge_within(desk.partition, merged, keep)]
        case values.Reshape():
            ground = desk.shared_ground(edit.grids)
            desk.refuse_fixed(edit.grids)
            first, second = (ground.codes.index(code) for code in edit.grids)
            return [reshape(ground, first, second, edit)]
        case values.Transfer() | values.Assign():
            desk.require([edit.to, *edit.sources])
            ground = desk.shared_ground([edit.to, *edit.sources])
            desk.refuse_fixed([edit.to])
            taker = ground.codes.index(edit.to)
            if isinstance(edit, values.Assign):
                area = find_cells(desk.partition, ground, edit)
            else:
                area = ground.to_metric(edit.area)
            return [transfer(ground, taker, area, edit, desk.fixed(ground))]
        case values.MoveVertex():
            return _move(desk, edit)
        case values.FillGap():
            ground, place = desk.ground_of_gap(edit)
            taker_or_none = None
            if edit.to is not None:
                desk.refuse_fixed([edit.to])
                taker_or_none = ground.codes.index(edit.to)
            return [mend.fill_gap(ground, place, taker_or_none, edit)]
        case values.ResolveOverlap():
            ground = desk.shared_ground(edit.grids)
            loser = next(code for code in edit.grids if code != edit.winner)
            desk.refuse_fixed([loser])
            winner, other = (ground.codes.index(code) for code in (edit.winner, loser))
            return [mend.resolve_overlap(ground, winner, other, edit)]
        case values.MatchBorders():
            desk.require_villages([edit.village])
            return match_borders(desk.partition, desk.wholes_in(edit.village))
        case values.ClipToVillage():
            ground = desk.shared_ground([edit.grid])
            desk.refuse_fixed([edit.grid])
            return [mend.clip_to_village(ground, ground.codes.index(edit.grid), edit)]
    raise TypeError(edit)


def _move(desk: Desk, edit: values.MoveVertex) -> list[Change]:
    changes: list[Change] = []
    outline: Refusal | None = None
    for ground in desk.grounds_at(shapely.Point(edit.start)):
        node = find_node(ground, ground.to_metric(shapely.Point(edit.start)))
        if node is None:
            continue
        try:
            changes.append(move_vertex(ground, node, edit))
        except Refusal as refusal:
            outline = outline or refusal
    # a node of two villages is on the outline of both: it moves in neither
    if outline is not None and not changes:
        raise outline
    if not changes:
        raise refuse("vertex_not_found", x=edit.start[0], y=edit.start[1])
    return changes
