"""Edits that leave the lines alone: names and kinds, numbers, locks; and codes for new grids."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas
import numpy as np
import pandas as pd

from geo.codes import number_grids
from geo.edits.ground import Partition
from geo.edits.refusal import Refusal, refuse
from geo.edits.values import Lock, Renumber, SetAttributes, Unlock
from geo.errors import FrameError

_MAX = 999


def set_attributes(partition: Partition, edit: SetAttributes) -> geopandas.GeoDataFrame:
    """Return the grids with the attributes of one changed.

    Raises
    ------
    Refusal
        ``no_change``.
    """
    grids = partition.grids.copy()
    row = grids.index[partition.rows[edit.grid]]
    if all(grids.at[row, name] == value for name, value in edit.attributes.items()):
        raise refuse("no_change", edit.grid)
    for name, value in edit.attributes.items():
        grids.at[row, name] = value
    return grids


def renumber(partition: Partition, edit: Renumber) -> geopandas.GeoDataFrame:
    """Return the grids with those of a village numbered anew (:func:`geo.codes.number_grids`).

    Smaller grids within big ones are numbered after these.

    Raises
    ------
    Refusal
        ``no_change``, ``too_many_grids``.
    """
    grids = partition.grids.copy()
    wholes = np.array(partition.wholes_of, dtype=object)
    villages = np.array(partition.villages_of, dtype=object)
    of_village = np.flatnonzero(villages == edit.village)
    top = [row for row in of_village if wholes[row] == edit.village]
    small = [row for row in of_village if wholes[row] != edit.village]
    if len(of_village) > _MAX:
        count = len(of_village)
        raise refuse("too_many_grids", village=edit.village, count=count)
    codes: dict[str, str] = {}
    first = 0
    for rows in (top, small):
        if not rows:
            continue
        try:
            suffixes = number_grids(grids.iloc[rows])
        except FrameError as error:
            raise Refusal(error.problems[0]) from error
        for row, suffix in zip(rows, suffixes, strict=True):
            old = str(grids["code"].iloc[row])
            codes[old] = f"{edit.village}{first + int(suffix):03d}"
        first += len(rows)
    if all(old == new for old, new in codes.items()):
        raise refuse("no_change", *sorted(codes))
    for name in ("code", "parent_code"):
        renamed = [codes.get(code, code) for code in grids[name]]
        grids[name] = pd.Series(renamed, index=grids.index, dtype=grids[name].dtype)
    return grids


def set_locks(
    partition: Partition, edit: Lock | Unlock
) -> tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame]:
    """Return grids and villages with the locks set or opened.

    Raises
    ------
    Refusal
        ``no_change``.
    """
    lock = isinstance(edit, Lock)
    grids, villages = partition.grids.copy(), partition.villages.copy()
    named = grids["code"].isin(edit.grids) & (grids["locked"].astype(bool) != lock)
    of_villages = villages["code"].isin(edit.villages) & (villages["locked"].astype(bool) != lock)
    if not (named.any() or of_villages.any()):
        raise refuse("no_change", *edit.grids)
    grids["locked"] = np.where(named, lock, grids["locked"].astype(bool))
    villages["locked"] = np.where(of_villages, lock, villages["locked"].astype(bool))
    return grids, villages


def next_codes(village: str, count: int, taken: Iterable[str]) -> list[str]:
    """Return codes for new grids of a village: after the highest number ever given.

    Beyond 999 the gaps are used.

    Raises
    ------
    Refusal
        ``too_many_grids``.

    Examples
    --------
    >>> next_codes("500229001001", 2, ["500229001001001", "500229001001007"])
    ['500229001001008', '500229001001009']
    """
    used = {
        int(code[len(village) :])
        for code in taken
        if code.startswith(village) and len(code) == len(village) + 3 and code[-3:].isdecimal()
    }
    highest = max(used, default=0)
    free = [*range(highest + 1, _MAX + 1)]
    free += [number for number in range(1, highest) if number not in used]
    if len(free) < count:
        raise refuse("too_many_grids", village=village, count=len(used) + count)
    return [f"{village}{number:03d}" for number in free[:count]]
