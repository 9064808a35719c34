"""Numbers per grid: measured when what they come from has changed, and not before.

A number is stored with a digest of all it was measured from (``content``,
:func:`geo.indicators.content_keys`). Finding the digests is cheap; only grids whose digest differs
from the stored one are measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa
from numpy.typing import NDArray

from api.services.county import area_type_of_unit
from api.services.held import Held, Recent
from data import centers, divisions, grids, profiles, workspace
from data import households as household_store
from data.households import Box
from data.lines import IN_FORCE, Lines
from geo.indicators import INDICATORS, People, content_keys, measure_grids, members_of
from geo.profiles import AreaType, Profile
from geo.reach.straight import CenterIndex

_HELD_VILLAGES = 8  # the households of more at once are not kept: an edit touches one or two
_BOX_STEP = 1e-3  # degrees: a village whose outline moves by millimetres keeps its box


@dataclass(frozen=True)
class Rules:
    """The rule set in force, and the area type of every village."""

    profile: Profile
    area_types: Mapping[str, AreaType]


class Memory:
    """What the process keeps between edits; numbers by content, all else by version.

    Numbers are those of their content wherever they are asked for, so one memory serves every
    database; versions begin with the epoch of theirs.

    Parameters
    ----------
    size
        Grids whose numbers are kept; those not asked for longest go first.
    """

    def __init__(self, size: int = 20_000) -> None:
        self.rules = Held[tuple[str, str], Rules](2)
        self.centers = Held[str, CenterIndex](2)
        self.people = Held[tuple[str, tuple[Box, ...]], People](32)
        self.numbers = Recent[str, tuple[Any, ...]](size)


_MEMORY = Memory()


def refresh(connection: sa.Connection) -> int:
    """Measure the grids in force whose content has changed, in the caller's transaction.

    Nothing is taken from memory: the caller may have written what no version tells yet.

    Returns
    -------
    int
        How many grids were measured.
    """
    lines = grids.fetch_frame(connection)
    if lines.empty:
        return 0
    rules, people = _fetch_rules(connection), household_store.fetch_people(connection)
    index = CenterIndex(centers.fetch_frame(connection))
    stored = grids.fetch_contents(connection)
    tables = []
    for _, own in lines.set_index("id").groupby("network"):
        member = members_of(own, people)
        contents = content_keys(own, people, member, index, rules.profile, rules.area_types)
        stale = np.flatnonzero(contents != stored.reindex(contents.index))
        measured = _measure(own, people, member, index, rules, stale)
        tables.append(measured.assign(content=contents.iloc[stale]))
    table = pd.concat(tables)
    if len(table):
        grids.store_indicators(connection, table)
    return len(table)


def measure(
    connection: sa.Connection,
    lines: gpd.GeoDataFrame,
    *,
    households: gpd.GeoDataFrame | People | Callable[[], gpd.GeoDataFrame | People] | None = None,
    among: Lines = IN_FORCE,
    memory: Memory = _MEMORY,
) -> pd.DataFrame:
    """Return the numbers of a few grids, measuring only those whose content is new.

    The transaction must not have written households, centers, divisions or profiles: what is kept
    of them belongs to their committed version.

    Parameters
    ----------
    lines
        EPSG:4490, columns ``code``, ``village_code``: *all* grids of each village among them, so
        that a household on a border goes to the lowest code.
    households
        EPSG:4490, at least those in the grids; or what gives them. By default they are read from
        the store, and kept in memory by the extent of their village.
    among
        Whose lines lie around: a household on the outline of a village belongs to a neighbour's
        grid if that has a lower code.

    Returns
    -------
    DataFrame
        Index of ``lines``, columns of table ``grid_indicator``: those of
        :func:`geo.indicators.measure_grids`, and ``content``.
    """
    marks = workspace.fetch_etags(connection)
    lines = lines[["code", "village_code", lines.geometry.name]]
    rules = recall_rules(connection, marks, memory=memory)
    index = memory.centers.get(
        marks[centers.LAYER], lambda: CenterIndex(centers.fetch_frame(connection))
    )
    if households is None:
        people = _recall_people(connection, lines, marks[household_store.LAYER], memory)
    else:
        people = People.of(households() if callable(households) else households)
    member = _leave_to_neighbours(connection, lines, people, members_of(lines, people), among)
    contents = content_keys(lines, people, member, index, rules.profile, rules.area_types).tolist()
    rows = memory.numbers.find(contents)
    unknown = np.array([row for row, numbers in enumerate(rows) if numbers is None], dtype=np.int64)
    if len(unknown):
        table = _measure(lines, people, member, index, rules, unknown)
        columns = [table[name].tolist() for name in INDICATORS]
        found = dict(zip(unknown.tolist(), zip(*columns, strict=True), strict=True))
        memory.numbers.keep({contents[row]: numbers for row, numbers in found.items()})
        rows = [found.get(row, numbers) for row, numbers in enumerate(rows)]
    return _as_frame(rows, contents, lines.index)


def _measure(
    lines: gpd.GeoDataFrame,
    people: People,
    member: NDArray[np.int64],
    index: CenterIndex,
    rules: Rules,
    rows: NDArray[np.int64],
) -> pd.DataFrame:
    """Measure the grids at positions ``rows``, whose people are those found among all."""
    place = np.full(len(lines) + 1, -1, dtype=np.int64)  # the last entry is that of member -1
    place[rows] = np.arange(len(rows))
    theirs = place[member]
    inside = theirs >= 0
    return measure_grids(
        lines.iloc[rows],
        people.take(inside),
        index,
        rules.profile,
        rules.area_types,
        member=theirs[inside],
    )


def _as_frame(
    rows: Sequence[tuple[Any, ...] | None], contents: Sequence[str], index: pd.Index
) -> pd.DataFrame:
    """Return numbers as :func:`geo.indicators.measure_grids` gives them."""
    columns = {
        name: pd.Series([row[position] for row in rows if row], index, dtype=_dtype_of(name))
        for position, name in enumerate(INDICATORS)
    }
    columns["content"] = pd.Series(contents, index, dtype=object)
    return pd.DataFrame(columns, index=index)


def _dtype_of(name: str) -> type:
    unit = INDICATORS[name].unit
    if unit == "status":
        return object
    return np.int64 if unit in ("households", "persons") else np.float64


def _leave_to_neighbours(
    connection: sa.Connection,
    lines: gpd.GeoDataFrame,
    people: People,
    member: NDArray[np.int64],
    among: Lines,
) -> NDArray[np.int64]:
    """Take away the households on a border that a grid of another village has, by a lower code."""
    inside = np.flatnonzero(member >= 0)
    shapes = np.asarray(lines.geometry.array)[member[inside]]
    on_border = inside[~shapely.contains_xy(shapes, *people.xy[inside].T)]
    if not len(on_border):
        return member
    villages = lines["village_code"].dropna().unique().tolist()
    others = grids.fetch_other_codes(
        connection, people.xy[on_border], villages=villages, lines=among
    )
    codes = lines["code"].to_numpy()[member[on_border]]
    theirs = [other is not None and other < code for other, code in zip(others, codes, strict=True)]
    member = member.copy()
    member[on_border[theirs]] = -1
    return member


def recall_rules(
    connection: sa.Connection, marks: Mapping[str, str] | None = None, *, memory: Memory = _MEMORY
) -> Rules:
    """Return the rules in force; ``marks`` are the layers' versions, read if not given."""
    if marks is None:
        marks = workspace.fetch_etags(connection)
    key = (marks[divisions.LAYER], marks["profiles"])
    return memory.rules.get(key, lambda: _fetch_rules(connection))


def _fetch_rules(connection: sa.Connection) -> Rules:
    profile = profiles.fetch_default(connection)
    kinds = divisions.fetch_village_kinds(connection)
    return Rules(profile, {unit["code"]: area_type_of_unit(unit, profile) for unit in kinds})


def _recall_people(
    connection: sa.Connection, lines: gpd.GeoDataFrame, mark: str, memory: Memory
) -> People:
    """Return the households of the villages' surroundings."""
    bounds = shapely.bounds(np.asarray(lines.geometry.array))
    west_south = np.floor(bounds[:, :2] / _BOX_STEP) * _BOX_STEP
    east_north = np.ceil(bounds[:, 2:] / _BOX_STEP) * _BOX_STEP
    villages = lines["village_code"].fillna("").to_numpy(dtype=object)
    boxes: list[Box] = []
    for village in dict.fromkeys(villages.tolist()):
        own = villages == village
        west, south = west_south[own].min(axis=0).tolist()
        east, north = east_north[own].max(axis=0).tolist()
        boxes.append((west, south, east, north))
    if len(boxes) > _HELD_VILLAGES:
        return household_store.fetch_people(connection, boxes=boxes)
    key = (mark, tuple(boxes))
    return memory.people.get(key, lambda: household_store.fetch_people(connection, boxes=boxes))
