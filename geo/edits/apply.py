"""Try an edit on a partition: the new lines, or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas
import numpy as np
import pandas as pd
import shapely

from geo.edits import mend, naming, values
from geo.edits.assign import find_cells
from geo.edits.check import check_change
from geo.edits.faces import Change
from geo.edits.ground import Ground, Partition
from geo.edits.merge import merge
from geo.edits.refusal import Refusal, refuse
from geo.edits.reshape import reshape
from geo.edits.split import split
from geo.edits.transfer import transfer
from geo.edits.values import Edit
from geo.edits.vertex import find_node, move_vertex
from geo.errors import EditError
from geo.problems import Problem


@dataclass(frozen=True)
class Outcome:
    """What an edit does, or why it does nothing.

    Parameters
    ----------
    problem
        Why the edit is refused; its geometry is in EPSG:4490. None when it is accepted.
    fix
        An edit that is accepted and does what was wanted, if there is one.
    grids
        The new frame: kept rows in their order with their index, new rows after them. The same
        object as before when the edit is refused.
    villages
        The villages; locks may have changed.
    changed
        Codes of the rows that are new or differ, also by a mere node on a border.
    created, removed
        Codes that were not there before, those of a split from west to east; codes that are gone.
    """

    problem: Problem | None
    grids: geopandas.GeoDataFrame
    villages: geopandas.GeoDataFrame
    fix: Edit | None = None
    changed: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


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
    """Try an edit; every refusal is an answer, never an exception."""
    try:
        return _perform(partition, edit)
    except Refusal as refusal:
        problem, fix = refusal.problem, refusal.fix
    if fix is not None:
        try:
            _perform(partition, fix)
        except Refusal:
            fix = None
    return Outcome(problem, partition.grids, partition.villages, fix)


def _perform(partition: Partition, edit: Edit) -> Outcome:
    desk = _Desk(partition)
    match edit:
        case values.SetAttributes():
            desk.require([edit.grid])
            desk.refuse_locked([edit.grid])
            return desk.named(naming.set_attributes(partition, edit))
        case values.Renumber():
            desk.require_villages([edit.village])
            codes = [
                c
                for c, v in zip(desk.codes, partition.villages_of, strict=True)
                if v == edit.village
            ]
            desk.refuse_locked(codes)
            return desk.named(naming.renumber(partition, edit))
        case values.Lock() | values.Unlock():
            desk.require(edit.grids)
            desk.require_villages(edit.villages)
            grids, villages = naming.set_locks(partition, edit)
            return desk.named(grids, villages)
    return desk.drawn(_changes(desk, edit), edit)


def _changes(desk: _Desk, edit: Edit) -> list[Change]:
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
            keep = edit.keep if edit.keep is not None else min(edit.grids)
            return [merge(ground, positions, ground.codes.index(keep))]
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
        case values.ClipToVillage():
            ground = desk.shared_ground([edit.grid])
            desk.refuse_fixed([edit.grid])
            return [mend.clip_to_village(ground, ground.codes.index(edit.grid), edit)]
    raise TypeError(edit)


def _move(desk: _Desk, edit: values.MoveVertex) -> list[Change]:
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


class _Desk:
    """A partition while one edit looks at it."""

    def __init__(self, partition: Partition) -> None:
        self.partition = partition
        self.codes = [str(code) for code in partition.grids["code"]]
        self._grounds: dict[str, Ground] = {}

    def require(self, codes: Sequence[str]) -> Sequence[str]:
        """Return codes that are all there."""
        for code in codes:
            if code not in self.partition.rows:
                raise refuse("grid_not_found", code)
            if not self.whole(code):
                raise refuse("grid_without_village", code)
        return codes

    def require_villages(self, codes: Sequence[str]) -> None:
        known = set(self.partition.villages["code"].astype(str))
        for code in codes:
            if code not in known:
                raise refuse("village_not_found", village=code)

    def whole(self, code: str) -> str:
        return self.partition.wholes_of[self.partition.rows[code]]

    def ground(self, whole: str) -> Ground:
        if whole not in self._grounds:
            self._grounds[whole] = self.partition.ground(whole)
        return self._grounds[whole]

    def shared_ground(self, codes: Sequence[str]) -> Ground:
        """Return the ground all grids are in."""
        wholes = {self.whole(code) for code in self.require(codes)}
        if len(wholes) > 1:
            raise refuse("different_villages", *codes)
        return self.ground(wholes.pop())

    def grounds_at(self, point: shapely.Point) -> list[Ground]:
        """Return the grounds that have a grid at a lon/lat place, or right beside it."""
        near = shapely.dwithin(self.partition.shapes, point, 1e-6)
        wholes = {self.partition.wholes_of[row] for row in np.flatnonzero(near)}
        return [self.ground(whole) for whole in sorted(wholes - {""})]

    def ground_of_gap(self, edit: values.FillGap) -> tuple[Ground, shapely.Geometry]:
        """Return the ground with a gap at a place, and the place in metres."""
        if edit.to is not None:
            wholes = {self.whole(code) for code in self.require([edit.to])}
        else:
            wholes = set(self.partition.wholes_of) - {""}
        for whole in sorted(wholes):
            ground = self.ground(whole)
            place = ground.to_metric(shapely.Point(edit.at))
            if edit.to is not None or mend.find_gap(ground, place) is not None:
                return ground, place
        raise refuse("no_gap_here")

    def refusal_of(self, code: str) -> Refusal | None:
        """Return why a grid's line must stay, None if it may change."""
        row = self.partition.rows[code]
        place = self.partition.shapes[row]
        village = self.partition.villages_of[row]
        details = {"grids": code, "code": code}
        if village in self.partition.locked_villages:
            problem = Problem("village_locked", {"village": village}, grids=(code,), geometry=place)
            return Refusal(problem)
        if self.partition.locked[row]:
            return Refusal(Problem("grid_locked", details, grids=(code,), geometry=place))
        if code in self.partition.children:
            count = len(self.partition.children[code])
            named = {**details, "count": count}
            return Refusal(Problem("grid_has_children", named, grids=(code,), geometry=place))
        return None

    def refuse_fixed(self, codes: Sequence[str]) -> None:
        for code in codes:
            refusal = self.refusal_of(code)
            if refusal is not None:
                raise refusal

    def refuse_locked(self, codes: Sequence[str]) -> None:
        """Refuse locked grids; big grids may be."""
        for code in codes:
            refusal = self.refusal_of(code)
            if refusal is not None and refusal.problem.key != "grid_has_children":
                raise refusal

    def fixed(self, ground: Ground) -> Mapping[int, Refusal]:
        """Return why grids of a ground must stay as they are, by position."""
        found = ((i, self.refusal_of(code)) for i, code in enumerate(ground.codes))
        return {i: refusal for i, refusal in found if refusal is not None}

    def named(
        self, grids: geopandas.GeoDataFrame, villages: geopandas.GeoDataFrame | None = None
    ) -> Outcome:
        """Return the outcome of an edit that leaves the lines alone."""
        before = self.partition.grids
        villages = self.partition.villages if villages is None else villages
        same = np.ones(len(before), dtype=bool)
        for name in ("code", "name", "kind", "parent_code", "locked"):
            same &= [
                a == b or (pd.isna(a) and pd.isna(b))
                for a, b in zip(before[name], grids[name], strict=True)
            ]
        after = [str(code) for code in grids["code"]]
        changed = tuple(code for code, kept in zip(after, same, strict=True) if not kept)
        created = tuple(code for code in after if code not in self.partition.rows)
        removed = tuple(code for code in self.codes if code not in set(after))
        return Outcome(None, grids, villages, None, changed, created, removed)

    def drawn(self, changes: Sequence[Change], edit: Edit) -> Outcome:
        """Check changes and return what they make of the frame."""
        mending = isinstance(edit, (values.FillGap, values.ResolveOverlap, values.ClipToVillage))
        for change in changes:
            fixed = dict(self.fixed(change.ground))
            if isinstance(edit, values.Merge):
                merged = {change.ground.codes.index(code) for code in edit.grids}
                fixed = {i: r for i, r in fixed.items() if i not in merged}
            check_change(change, fixed, may_disconnect=mending)
        if not any(change.shapes or change.pieces or change.removed for change in changes):
            raise refuse("no_change")
        return self._compose(changes, edit)

    def _compose(self, changes: Sequence[Change], edit: Edit) -> Outcome:
        partition = self.partition
        shapes = partition.shapes.copy()
        changed: list[str] = []
        removed: list[int] = []
        parents: list[int] = []
        made: list[shapely.Geometry] = []
        for change in changes:
            zone, rows = change.ground.zone, change.ground.rows
            positions = sorted(change.shapes)
            new = np.array([change.shapes[i] for i in positions], dtype=object)
            for i, shape in zip(positions, zone.to_store(new), strict=True):
                shapes[rows[i]] = shape
                changed.append(change.ground.codes[i])
            removed += [int(rows[i]) for i in change.removed]
            pieces = np.array([shape for _, shape in change.pieces], dtype=object)
            parents += [int(rows[parent]) for parent, _ in change.pieces]
            made += list(zone.to_store(pieces))
        grids = partition.grids.set_geometry(
            geopandas.GeoSeries(shapes, index=partition.grids.index, crs=partition.grids.crs)
        )
        if isinstance(edit, values.Merge):
            grids = self._adopt(grids, removed, changed)
        created: tuple[str, ...] = ()
        if parents:
            rows_made, created = self._make_rows(grids, parents, made)
            grids = pd.concat([grids, rows_made])
        if removed:
            grids = grids.drop(index=partition.grids.index[removed])
        gone = tuple(self.codes[row] for row in sorted(removed))
        listed = tuple(sorted({*changed, *created} - set(gone)))
        return Outcome(None, grids, partition.villages, None, listed, created, gone)

    def _adopt(
        self, grids: geopandas.GeoDataFrame, removed: Sequence[int], changed: list[str]
    ) -> geopandas.GeoDataFrame:
        """Put the smaller grids of merged big grids into the one that stays."""
        gone = {self.codes[row] for row in removed}
        small = [row for code in sorted(gone) for row in self.partition.children.get(code, ())]
        if not small:
            return grids
        keep = next(code for code in changed if code not in gone)
        grids = grids.copy()
        grids.loc[grids.index[small], "parent_code"] = keep
        changed += [self.codes[row] for row in small]
        return grids

    def _make_rows(
        self, grids: geopandas.GeoDataFrame, parents: Sequence[int], shapes: Sequence[object]
    ) -> tuple[geopandas.GeoDataFrame, tuple[str, ...]]:
        """Return the rows of new grids: everything as in the grid each comes from, but its code."""
        made = grids.iloc[list(parents)].copy()
        taken = {*self.codes, *self.partition.taken}
        codes: list[str] = []
        numbers: dict[int, int] = {}
        names: list[str] = []
        for parent in parents:
            [code] = naming.next_codes(self.partition.villages_of[parent], 1, taken)
            taken.add(code)
            codes.append(code)
            numbers[parent] = numbers.get(parent, 1) + 1
            name = str(self.partition.grids["name"].iloc[parent] or "")
            names.append(f"{name}-{numbers[parent]}" if name else "")
        made["code"], made["name"], made["locked"] = codes, names, False
        # a new grid continues no version: no row of the store is its own
        made = made.drop(columns=[name for name in ("id", "base_id") if name in made])
        start = int(np.max(grids.index.to_numpy(), initial=-1)) + 1
        made.index = pd.RangeIndex(start, start + len(made))
        made = made.set_geometry(geopandas.GeoSeries(list(shapes), index=made.index, crs=grids.crs))
        return made, tuple(codes)
