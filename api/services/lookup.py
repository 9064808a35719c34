"""Which grid is a place in: one place from the store, many from a snapshot in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from api.refusals import BadBody, TooLarge
from api.services.caller import Caller
from api.services.held import Held
from data import divisions, grids, joint_villages
from data.lines import IN_FORCE, Lines, fetch_version, qualify_version
from geo.locate import GridIndex

MAX_POINTS = 100_000
SNAPSHOTS = 4  # now, and a few days that somebody asks for again and again
DRAFTS = 4  # each edit makes one: kept apart, lest they push out the lines in force

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Snapshot:
    """The lines of one version, ready to be asked."""

    version: str
    codes: npt.NDArray[np.object_]
    names: npt.NDArray[np.object_]
    index: GridIndex

    def find_codes(self, points: Points, caller: Caller) -> list[str | None]:
        """Return the grid code of each point, None where there is none (or none to see)."""
        found = self.index.locate(points[:, 0], points[:, 1])
        # position -1 takes the last entry: no grid
        codes: list[str | None] = self.codes[found].tolist()
        if caller.scopes == ("",):
            return codes
        return [code if code is not None and caller.covers(code) else None for code in codes]


class LookupIndexes:
    """The process's snapshots. One never answers for another version, network or draft."""

    def __init__(self) -> None:
        self._held = Held[tuple[str, Lines], Snapshot](SNAPSHOTS)
        self._drafts = Held[tuple[str, Lines], Snapshot](DRAFTS)

    def find(self, connection: sa.Connection, lines: Lines, mark: str | None = None) -> Snapshot:
        """Return the snapshot that belongs to what ``connection`` sees; build it if need be.

        Parameters
        ----------
        mark
            Version of the layer of grids, if it has been read already.
        """
        if mark is None:
            version = fetch_version(connection, lines)
        else:
            version = qualify_version(connection, mark, lines)
        held = self._held if lines.plan is None else self._drafts
        return held.get((version, lines), lambda: _build(connection, version, lines))


def _build(connection: sa.Connection, version: str, lines: Lines) -> Snapshot:
    frame = grids.fetch_lines(connection, lines)
    codes = np.array([*frame["code"], None], dtype=object)
    index = GridIndex(frame["code"].tolist(), frame.geometry.to_numpy())
    names = np.array([*frame["name"].fillna(""), ""], dtype=object)
    return Snapshot(version, codes, names, index)


def check_points(points: Any) -> Points:  # noqa: ANN401
    """Return points as an array (n, 2) of lon, lat.

    Raises
    ------
    BadBody
        ``invalid_point`` with the index of the first point that is none.
    TooLarge
        ``too_many_points``.
    """
    if not isinstance(points, list):
        raise BadBody("invalid_body", place="points", reason="not a list", reason_zh="应为列表")
    if len(points) > MAX_POINTS:
        raise TooLarge("too_many_points", limit=MAX_POINTS)
    if not points:
        return np.empty((0, 2))
    try:
        array = np.asarray(points)
    except ValueError:  # ragged
        array = np.empty(0, dtype=object)
    numbers = array.dtype.kind in "iuf" and array.ndim == 2 and array.shape[1] == 2
    # an array would take true for 1
    if not numbers or bool in set(map(type, chain.from_iterable(points))):
        index = next(i for i, point in enumerate(points) if not _is_pair(point))
        raise BadBody("invalid_point", index=index, reason="[lon, lat]")
    array = array.astype(np.float64, copy=False)
    inside = (np.abs(array) <= (180.0, 90.0)).all(axis=1)  # false for NaN too
    if not inside.all():
        index = int(np.argmin(inside))
        raise BadBody("invalid_point", index=index, reason=str(points[index])[:80])
    return array


def _is_pair(point: Any) -> bool:  # noqa: ANN401
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in point)
    )


def find_grid(
    connection: sa.Connection,
    lon: float,
    lat: float,
    caller: Caller,
    lines: Lines = IN_FORCE,
) -> dict[str, Any]:
    """Return grid, village, township and joint village of a place, each None if there is none."""
    row = grids.fetch_grid_at(connection, lon, lat, lines)
    if row is None or not caller.covers(row["code"]):
        return {"grid": None, "village": None, "township": None, "joint_village": None}
    village = row["village_code"]
    names = divisions.fetch_names(connection, _chain(village), lines.at)
    return {
        "grid": {key: row[key] for key in ("code", "name", "kind", "network")},
        "village": _named(names.get(village or "")),
        "township": _named(names.get((village or "")[:9])),
        "joint_village": joint_villages.fetch_of_village(connection, village, lines),
    }


def _named(unit: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if unit is None else {"code": unit["code"], "name": unit["name"]}


def _chain(village: str | None) -> Sequence[str]:
    return [village, village[:9]] if village else []
