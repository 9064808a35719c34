"""A partition while one edit looks at it: what there is, and what may not be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from geo.edits import mend, values
from geo.edits.ground import Ground, Partition
from geo.edits.refusal import Refusal, refuse
from geo.partition import THICKNESS_M
from geo.problems import Problem


class Desk:
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
        """Refuse codes of villages that are not there."""
        known = set(self.partition.villages["code"].astype(str))
        for code in codes:
            if code not in known:
                raise refuse("village_not_found", village=code)

    def whole(self, code: str) -> str:
        """Return the code of what a grid is a part of, ``""`` for nothing."""
        return self.partition.wholes_of[self.partition.rows[code]]

    def wholes_in(self, village: str) -> list[str]:
        """Return what is tiled in a village: itself, and its grids made of smaller ones."""
        pairs = zip(self.partition.wholes_of, self.partition.villages_of, strict=True)
        found = {whole for whole, of in pairs if of == village}
        if not found:
            raise refuse("no_change")
        return sorted(found)

    def ground(self, whole: str) -> Ground:
        """Return the ground of a whole, made once."""
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
            # a hole in the grids of a village without an outline may be land of another village
            told = ground.outline is not None and shapely.dwithin(
                ground.outline, place, THICKNESS_M
            )
            if edit.to is not None or (told and mend.find_gap(ground, place) is not None):
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
        """Refuse grids whose line must stay."""
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

    def fixed(self, ground: Ground, without: Sequence[str] = ()) -> Mapping[int, Refusal]:
        """Return why grids of a ground must stay as they are, by position."""
        codes = ((i, code) for i, code in enumerate(ground.codes) if code not in without)
        found = ((i, self.refusal_of(code)) for i, code in codes)
        return {i: refusal for i, refusal in found if refusal is not None}
