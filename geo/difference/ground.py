"""Both sides on one ground: which grid is which, and what land they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.difference.match import NONE, match_versions, outlines_of, pair_up
from geo.difference.pieces import Pieces, find_pieces, measure_pieces
from geo.partition import THICKNESS_M
from geo.shapes import repair
from geo.zones import project_shapes, zones_of_boxes

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """Grids before, or after: the frame, and by position zone, area and length of the outline."""

    frame: geopandas.GeoDataFrame
    shapes: NDArray[np.object_]
    zones: Positions
    area_m2: Floats
    length_m: Floats

    def __len__(self) -> int:
        return len(self.frame)


@dataclass(frozen=True)
class Ground:
    """What :func:`lay_over` found.

    Parameters
    ----------
    before, after
        The two sides.
    partner
        Position after of each grid before, -1 for one that is gone.
    same
        Whether grid and partner have the same shape.
    pieces
        Common land of the grids whose shape is not exactly the same.
    """

    before: Side
    after: Side
    partner: Positions
    same: NDArray[np.bool_]
    pieces: Pieces

    @property
    def origin(self) -> Positions:
        """Position before of each grid after, -1 for a new one."""
        found = np.full(len(self.after), NONE, dtype=np.int64)
        kept = np.flatnonzero(self.partner != NONE)
        found[self.partner[kept]] = kept
        return found

    @property
    def common_m2(self) -> Floats:
        """Area each grid before has in common with its partner; 0 without one."""
        return _common(self.before, self.partner, self.same, self.pieces)


def lay_over(before: geopandas.GeoDataFrame, after: geopandas.GeoDataFrame) -> Ground:
    """Lay two partitions over each other (see :func:`geo.difference.compare`)."""
    old, new = _make_sides(before, after)
    outlines = outlines_of(old.shapes), outlines_of(new.shapes)
    partner = match_versions(before, after, *outlines)
    same = _exactly_equal(*outlines, partner)
    rows = np.flatnonzero(~same)
    new_rows = np.setdiff1d(np.arange(len(new)), partner[same])
    found = find_pieces(old.shapes[rows], new.shapes[new_rows], old.zones[rows])
    pieces = found._replace(before=rows[found.before], after=new_rows[found.after])
    # alone so far: those of the same shape but for nodes, then those of the same code
    lone = (partner[pieces.before] == NONE) & ~np.isin(pieces.after, partner)
    pairs = pieces.before[lone], pieces.after[lone], pieces.area_m2[lone]
    equal = np.flatnonzero(_same_shapes(old, new, *pairs))
    keys: list[int | None] = [None] * len(old)
    others: list[int | None] = [None] * len(new)
    for number in equal.tolist():
        keys[pairs[0][number]] = others[pairs[1][number]] = number
    pair_up(partner, keys, others)
    pair_up(partner, old.frame["code"].tolist(), new.frame["code"].tolist())
    matched = np.flatnonzero((partner != NONE) & ~same)
    common = _common(old, partner, same, pieces)[matched]
    same[matched] = _same_shapes(old, new, matched, partner[matched], common)
    return Ground(old, new, partner, same, pieces)


def _make_sides(before: geopandas.GeoDataFrame, after: geopandas.GeoDataFrame) -> tuple[Side, Side]:
    """Measure both sides, all grids of a village in one zone."""
    shapes = [repair(np.asarray(frame.geometry.array)) for frame in (before, after)]
    villages = np.concatenate(
        [
            frame["village_code"].fillna("").to_numpy(dtype=np.str_)
            if "village_code" in frame
            else np.full(len(frame), "", dtype=np.str_)
            for frame in (before, after)
        ]
    )
    names, of_grid = np.unique(villages, return_inverse=True)
    bounds = shapely.bounds(np.concatenate(shapes)).reshape(-1, 4)
    boxes = np.full((len(names), 4), np.nan)
    np.fmin.at(boxes[:, :2], of_grid, bounds[:, :2])
    np.fmax.at(boxes[:, 2:], of_grid, bounds[:, 2:])
    zones = zones_of_boxes(boxes)[of_grid]
    sides = []
    for frame, own, zone in zip(
        (before, after), shapes, np.split(zones, [len(before)]), strict=True
    ):
        metric = project_shapes(own, zone)
        area, length = (np.nan_to_num(of(metric)) for of in (shapely.area, shapely.length))
        sides.append(Side(frame, own, zone, area, length))
    return sides[0], sides[1]


def _exactly_equal(
    outlines: Sequence[bytes], others: Sequence[bytes], partner: Positions
) -> NDArray[np.bool_]:
    equal = np.zeros(len(partner), dtype=bool)
    for row in np.flatnonzero(partner != NONE).tolist():
        equal[row] = outlines[row] == others[partner[row]]
    return equal


def _common(before: Side, partner: Positions, same: NDArray[np.bool_], pieces: Pieces) -> Floats:
    common = np.where(same, before.area_m2, 0.0)
    own = partner[pieces.before] == pieces.after
    np.add.at(common, pieces.before[own], pieces.area_m2[own])
    return common


def _same_shapes(
    before: Side, after: Side, rows: Positions, new_rows: Positions, common_m2: Floats
) -> NDArray[np.bool_]:
    """Return for pairs of grids whether neither reaches more than 1 mm beyond the other."""
    # land nowhere thicker than that has an area below its outline × 1 mm
    room = (before.length_m[rows] + after.length_m[new_rows]) * THICKNESS_M
    same = before.area_m2[rows] - common_m2 <= room
    same &= after.area_m2[new_rows] - common_m2 <= room
    doubtful = np.flatnonzero(same)
    first, second = before.shapes[rows[doubtful]], after.shapes[new_rows[doubtful]]
    zones = before.zones[rows[doubtful]]
    for one, other in ((first, second), (second, first)):
        _, _, beyond = measure_pieces(shapely.difference(one, other), zones)
        same[doubtful] &= shapely.is_missing(beyond)
    return same
