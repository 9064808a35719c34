"""What an edit makes of the frame of grids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas
import numpy as np
import pandas as pd
import shapely

from geo.edits.faces import Change
from geo.edits.ground import Partition
from geo.edits.naming import next_codes
from geo.edits.unions import JointVillage
from geo.edits.values import Edit
from geo.problems import Problem

_NAMED = ("code", "name", "kind", "parent_code", "locked")


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
        Those of a joint village, too.
    joint_villages
        What has become of those of the partition; None where the edit is about none.
    """

    problem: Problem | None
    grids: geopandas.GeoDataFrame
    villages: geopandas.GeoDataFrame
    fix: Edit | None = None
    changed: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    joint_villages: tuple[JointVillage, ...] | None = None


def compare_names(
    partition: Partition,
    grids: geopandas.GeoDataFrame,
    villages: geopandas.GeoDataFrame | None = None,
) -> Outcome:
    """Return the outcome of an edit that left the lines, and the rows, where they were."""
    before = partition.grids
    same = np.ones(len(before), dtype=bool)
    for name in _NAMED:
        pairs = zip(before[name], grids[name], strict=True)
        same &= [a == b or (pd.isna(a) and pd.isna(b)) for a, b in pairs]
    after = [str(code) for code in grids["code"]]
    return Outcome(
        problem=None,
        grids=grids,
        villages=partition.villages if villages is None else villages,
        changed=tuple(sorted(code for code, kept in zip(after, same, strict=True) if not kept)),
        created=tuple(sorted(code for code in after if code not in partition.rows)),
        removed=tuple(sorted(code for code in partition.rows if code not in set(after))),
    )


def draw_changes(partition: Partition, changes: Sequence[Change]) -> Outcome:
    """Return the outcome of an edit that changed lines."""
    codes = list(partition.rows)
    shapes = partition.shapes.copy()
    changed: list[str] = []
    removed: list[int] = []
    parents: list[int] = []
    made: list[shapely.Geometry] = []
    keeper: str | None = None
    for change in changes:
        if change.keeper is not None:
            keeper = change.ground.codes[change.keeper]
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
    index = partition.grids.index
    grids = partition.grids.set_geometry(
        geopandas.GeoSeries(shapes, index=index, crs=partition.grids.crs)
    )
    gone = tuple(sorted(codes[row] for row in removed))
    small = [row for code in gone for row in partition.children.get(code, ())]
    if small:  # big grids were merged: the one that stays takes in the smaller ones
        grids.loc[index[small], "parent_code"] = keeper
        changed += [codes[row] for row in small]
    created: tuple[str, ...] = ()
    if parents:
        rows_made, created = _make_rows(partition, parents, made)
        grids = pd.concat([grids, rows_made])
    if removed:
        grids = grids.drop(index=index[removed])
    listed = tuple(sorted({*changed, *created} - set(gone)))
    return Outcome(None, grids, partition.villages, None, listed, created, gone)


def _make_rows(
    partition: Partition, parents: Sequence[int], shapes: Sequence[shapely.Geometry]
) -> tuple[geopandas.GeoDataFrame, tuple[str, ...]]:
    """Return the rows of new grids: everything as in the grid each comes from, but its code."""
    made = partition.grids.iloc[list(parents)].copy()
    taken = {*partition.rows, *partition.taken}
    codes: list[str] = []
    names: list[str] = []
    for number, parent in enumerate(parents):
        [code] = next_codes(partition.villages_of[parent], 1, taken)
        taken.add(code)
        codes.append(code)
        name = str(partition.grids["name"].iloc[parent] or "")
        # the piece that keeps the grid is the first of its name
        names.append(f"{name}-{list(parents[:number]).count(parent) + 2}" if name else "")
    made["code"], made["name"], made["locked"] = codes, names, False
    # a new grid continues no version: no row of the store is its own
    made = made.drop(columns=[name for name in ("id", "base_id") if name in made])
    start = int(np.max(partition.grids.index.to_numpy(), initial=-1)) + 1
    made.index = pd.RangeIndex(start, start + len(made))
    made = made.set_geometry(geopandas.GeoSeries(list(shapes), index=made.index, crs=made.crs))
    return made, tuple(codes)
