"""The difference by grid and by piece of land."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.difference.ground import Ground, Side
from geo.difference.match import NONE
from geo.difference.moves import Moves, What, codes_at
from geo.difference.pieces import measure_pieces

_NOISE = 1e-15  # square degrees, some 3 × 3 mm: up to that sums of areas are rounding
_ATTRIBUTES = ("name", "village_code", "kind", "parent_code", "attributes")
_COUNTED: tuple[What, ...] = ("households", "residents")


def tell_grids(ground: Ground, moves: Moves) -> geopandas.GeoDataFrame:
    """Return one row a grid that differs (see :class:`geo.difference.Difference`)."""
    old, new, origin = ground.before, ground.after, ground.origin
    gone = np.flatnonzero(ground.partner == NONE)
    # every grid after, then those that are gone; -1 is no grid
    after = np.concatenate([np.arange(len(new)), np.full(len(gone), NONE)])
    before = np.concatenate([origin, gone])
    same = np.append(ground.same, False)[before] & (before != NONE)
    common = np.append(ground.common_m2, 0.0)[before]
    area, new_area = np.append(old.area_m2, 0.0)[before], np.append(new.area_m2, 0.0)[after]
    columns: dict[str, Any] = {
        "code": _first(codes_at(new.frame, after), codes_at(old.frame, before)),
        "change": "",
        "previous_code": None,
        **{name: _described(ground, name, before, after) for name in ("name", "village_code")},
        "area_before_m2": area,
        "area_after_m2": new_area,
        "area_in_m2": np.where(same, 0.0, np.maximum(new_area - common, 0.0)),
        "area_out_m2": np.where(same, 0.0, np.maximum(area - common, 0.0)),
    }
    for what in _COUNTED:
        for word, grids, rows, number, moved in (
            ("before", moves.old, before, len(old), False),
            ("after", moves.new, after, len(new), False),
            ("in", moves.new, after, len(new), True),
            ("out", moves.old, before, len(old), True),
        ):
            counts = moves.count(what, grids, number + 1, moved=moved)
            columns[f"{what}_{word}"] = counts.iloc[rows].reset_index(drop=True)
    shapes = np.concatenate([new.shapes, old.shapes[gone]])
    table = geopandas.GeoDataFrame(columns, geometry=shapes, crs=new.frame.crs)
    _tell_changes(ground, table, before, after, same)
    table = table[table["change"] != ""]
    # of two rows with one code the one that is there comes first
    return table.sort_values("code", kind="stable", ignore_index=True)


def tell_land(ground: Ground, moves: Moves) -> geopandas.GeoDataFrame:
    """Return one row a pair of grids between which land went."""
    pieces, old, new = ground.pieces, ground.before, ground.after
    went = (ground.partner[pieces.before] != pieces.after) & ~shapely.is_missing(pieces.shape)
    gained = _lone_land(new, _rows_not_same(ground, new), pieces.after, pieces.planar, old)
    lost = _lone_land(old, _rows_not_same(ground, old), pieces.before, pieces.planar, new)
    before = np.concatenate([pieces.before[went], np.full(len(gained[0]), NONE), lost[0]])
    after = np.concatenate([pieces.after[went], gained[0], np.full(len(lost[0]), NONE)])
    area = np.concatenate([pieces.thick_m2[went], gained[1], lost[1]])
    shapes = np.concatenate([pieces.shape[went], gained[2], lost[2]])
    pairs = list(zip(before.tolist(), after.tolist(), strict=True))
    table = pd.DataFrame(
        {
            "old_grid": codes_at(old.frame, before),
            "new_grid": codes_at(new.frame, after),
            "area_m2": area,
        }
    ).astype({"old_grid": "str", "new_grid": "str"})
    for what in _COUNTED:
        if moves.households is None:
            table[what] = pd.Series(pd.NA, index=table.index, dtype="Int64")
        else:
            counts = moves.by_pair(what)
            table[what] = pd.array([counts.get(pair, 0) for pair in pairs], dtype="Int64")
    frame = geopandas.GeoDataFrame(table, geometry=shapes, crs=new.frame.crs)
    return frame.sort_values(["old_grid", "new_grid"], kind="stable", ignore_index=True)


def _tell_changes(
    ground: Ground,
    table: geopandas.GeoDataFrame,
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    same: NDArray[np.bool_],
) -> None:
    """Fill in what kind of change each row is, ``""`` for none."""
    codes = pd.Series(codes_at(ground.before.frame, before), dtype="str")
    kept = (before != NONE) & (after != NONE)
    other_code = kept & (codes != table["code"]).to_numpy()
    other_people = np.zeros(len(table), dtype=bool)
    for word in ("in", "out"):
        other_people |= (table[f"households_{word}"].fillna(0) > 0).to_numpy()
    kinds = [
        (before == NONE, "added"),
        (after == NONE, "removed"),
        (kept & (~same | other_people), "changed"),
        (other_code, "renumbered"),
        (kept & _other_attributes(ground, before, after), "attributes"),
    ]
    table["change"] = np.select([where for where, _ in kinds], [kind for _, kind in kinds], "")
    table["previous_code"] = codes.where(pd.Series(other_code)).astype("str")


def _other_attributes(
    ground: Ground, before: NDArray[np.int64], after: NDArray[np.int64]
) -> NDArray[np.bool_]:
    differ = np.zeros(len(before), dtype=bool)
    for name in _ATTRIBUTES:
        if name in ground.before.frame and name in ground.after.frame:
            values = _texts(ground.before, name)[before], _texts(ground.after, name)[after]
            differ |= values[0] != values[1]
    return differ


def _texts(side: Side, name: str) -> NDArray[np.object_]:
    """Return a column as texts, missing ones as ``""``, and one more for position -1."""
    values = side.frame[name]
    return np.append(values.astype("str").where(values.notna(), "").to_numpy(dtype=object), "")


def _described(
    ground: Ground, name: str, before: NDArray[np.int64], after: NDArray[np.int64]
) -> pd.Series:
    found = [
        _texts(side, name)[rows] if name in side.frame else np.full(len(rows), "", dtype=object)
        for side, rows in ((ground.before, before), (ground.after, after))
    ]
    return pd.Series(np.where(after == NONE, *found), dtype="str")


def _first(codes: list[str | None], others: list[str | None]) -> pd.Series:
    pairs = zip(codes, others, strict=True)
    return pd.Series([other if code is None else code for code, other in pairs], dtype="str")


def _rows_not_same(ground: Ground, side: Side) -> NDArray[np.int64]:
    if side is ground.before:
        return np.flatnonzero(~ground.same)
    return np.setdiff1d(np.arange(len(side)), ground.partner[ground.same])


def _lone_land(
    side: Side,
    rows: NDArray[np.int64],
    of_piece: NDArray[np.int64],
    planar: NDArray[np.float64],
    other: Side,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.object_]]:
    """Return the grids of a side with land in no grid of the other, its area and the land."""
    shared = np.bincount(of_piece, weights=planar, minlength=len(side))[rows]
    # more or less: where the other side overlaps itself, its pieces say nothing
    suspects = rows[np.abs(shapely.area(side.shapes[rows]) - shared) > _NOISE]
    tree = shapely.STRtree(other.shapes)
    left = [
        shapely.difference(shape, shapely.union_all(other.shapes[tree.query(shape)]))
        for shape in side.shapes[suspects]
    ]
    shapes = np.array(left, dtype=object)
    _, area, thick = measure_pieces(shapes, side.zones[suspects])
    some = ~shapely.is_missing(thick)
    return suspects[some], area[some], thick[some]
