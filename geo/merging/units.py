"""The units of a question: the caller's frame checked, sorted by code, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import require_metric
from geo.errors import FrameError
from geo.merging.rules import MEASURES_ZH, MergeRules, Size
from geo.problems import Problem
from geo.shapes import REASONS_ZH, are_polygons, reason_of, repair

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]

WITHIN_ZH = {"township": "乡镇", "village": "村", "county": "县"}
COUNTY = "county"  # name of the only zone where there are no others
_TOLD = 100  # problems of one kind that are told one by one
_MOST_PEOPLE = 10**9  # a sum of them stays far below the largest integer


@dataclass(frozen=True)
class Units:
    """Units in the order of their codes; everything is spoken of by position in it.

    Parameters
    ----------
    frame
        The caller's.
    rows
        Position of each unit in the frame.
    codes
        Texts.
    shapes
        Repaired polygons, empty where there is none.
    places
        Where people are, shape (n, 2).
    people
        Whole numbers of every measure a rule names, 0 where faulty.
    zone, zones
        Position of each unit's township or village in ``zones`` (ascending), -1 where unknown.
    fault
        Why a unit cannot take part: a reason key, ``""`` for none.
    locked, seat
        As given.
    under, above
        Less than the minimum, more than the maximum, by itself.
    """

    frame: geopandas.GeoDataFrame
    rows: Ints
    codes: NDArray[np.object_]
    shapes: Shapes
    places: NDArray[np.float64]
    people: dict[str, Ints]
    zone: Ints
    zones: tuple[str, ...]
    fault: NDArray[np.object_]
    locked: Flags
    seat: Flags
    under: Flags
    above: Flags

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def usable(self) -> Flags:
        """Units without a fault."""
        return np.asarray(self.fault == "")

    def position(self) -> dict[str, int]:
        """Return the position by code, of codes used once."""
        known = {code: i for i, code in enumerate(self.codes)}
        for code in self.codes[self.fault == "duplicate_code"]:
            known.pop(code, None)
        return known


def read_units(frame: geopandas.GeoDataFrame, rules: MergeRules) -> tuple[Units, list[Problem]]:
    """Check a frame and put it in order; a unit with a fault stays in it and takes no part.

    Raises
    ------
    CrsError
        ``missing_crs``, ``metric_crs_needed``.
    FrameError
        ``column_missing`` for numbers of people that a rule names.
    """
    require_metric(frame)
    missing = [name for name in rules.measures if name not in frame]
    if missing:
        raise FrameError(Problem("column_missing", {"columns": ", ".join(missing)}))
    names = np.array([str(code) for code in frame.index], dtype=object)
    rows = np.argsort(names.astype(np.str_), kind="stable") if len(names) else np.zeros(0, int)
    sorted_frame = frame.iloc[rows]
    codes = names[rows]
    fault = np.full(len(codes), "", dtype=object)
    problems: list[Problem] = []
    _check_codes(codes, rows, fault, problems)
    shapes = _check_shapes(sorted_frame, codes, rows, fault, problems)
    people = {
        measure: _check_people(sorted_frame, measure, codes, rows, fault, problems)
        for measure in rules.measures
    }
    zone, zones = _check_zones(sorted_frame, rules, codes, rows, fault, problems)
    return Units(
        frame=frame,
        rows=np.asarray(rows, np.int64),
        codes=codes,
        shapes=shapes,
        places=_places(sorted_frame, shapes),
        people=people,
        zone=zone,
        zones=zones,
        fault=fault,
        locked=_flags(sorted_frame, "locked"),
        seat=_flags(sorted_frame, "seat"),
        under=is_below(people, rules.minimum, len(codes)),
        above=is_above(people, rules.maximum, len(codes)),
    ), problems


def is_below(people: dict[str, Ints], size: Size, count: int) -> Flags:
    """Return which rows have less of any number that is asked."""
    below = np.zeros(count, bool)
    for measure, limit in size.asked.items():
        below |= people[measure] < limit
    return below


def is_above(people: dict[str, Ints], size: Size, count: int) -> Flags:
    """Return which rows have more of any number that is asked."""
    above = np.zeros(count, bool)
    for measure, limit in size.asked.items():
        above |= people[measure] > limit
    return above


def whole_numbers(values: pd.Series) -> tuple[Ints, Flags]:
    """Return the values as whole numbers, 0 where they are none, and which are none."""
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    with np.errstate(invalid="ignore"):
        fit = (numbers >= 0) & (numbers <= _MOST_PEOPLE) & (numbers == np.floor(numbers))
    return np.where(fit, numbers, 0).astype(np.int64), ~fit


def texts_of(values: pd.Series) -> list[str]:
    """Return codes as text, ``""`` where missing; 12.0, as a spreadsheet reads 12, is ``12``."""
    return [
        ""
        if pd.isna(value)
        else str(int(value))
        if isinstance(value, float) and value.is_integer()
        else str(value).strip()
        for value in values
    ]


def _check_codes(
    codes: NDArray[np.object_], rows: Ints, fault: NDArray[np.object_], problems: list[Problem]
) -> None:
    known, first, counts = np.unique(codes.astype(np.str_), return_index=True, return_counts=True)
    for code, at, count in zip(known, first, counts, strict=True):
        if count > 1:
            fault[at : at + count] = "duplicate_code"
            details = {"unit": str(code), "count": int(count)}
            row = int(rows[at : at + count].max()) + 1
            problems.append(Problem("merge_code_duplicate", details, row=row, grids=(str(code),)))


def _check_shapes(
    frame: geopandas.GeoDataFrame,
    codes: NDArray[np.object_],
    rows: Ints,
    fault: NDArray[np.object_],
    problems: list[Problem],
) -> Shapes:
    given = np.asarray(frame.geometry.array, dtype=object)
    shapes = repair(given)
    invalid = are_polygons(given) & ~shapely.is_valid(given)
    nothing = shapely.is_empty(shapes)
    fault[nothing & (fault == "")] = "no_shape"
    for i in np.flatnonzero(nothing | invalid).tolist():
        code, row = str(codes[i]), int(rows[i]) + 1
        if nothing[i]:
            problems.append(Problem("merge_shape_missing", {"unit": code}, row=row, grids=(code,)))
            continue
        reason, place = reason_of(given[i])
        details = {"unit": code, "reason": reason, "reason_zh": REASONS_ZH.get(reason, reason)}
        problems.append(
            Problem("merge_shape_repaired", details, row=row, grids=(code,), geometry=place)
        )
    # what was computed from must not depend on where a ring starts
    return shapes


def _check_people(
    frame: geopandas.GeoDataFrame,
    measure: str,
    codes: NDArray[np.object_],
    rows: Ints,
    fault: NDArray[np.object_],
    problems: list[Problem],
) -> Ints:
    numbers, bad = whole_numbers(frame[measure])
    fault[bad & (fault == "")] = "people_unknown"
    values = frame[measure].to_numpy(dtype=object)
    for i in np.flatnonzero(bad).tolist():
        value = "—" if pd.isna(values[i]) else str(values[i])
        details = {"unit": str(codes[i]), "value": value, "measure": measure,
                   "measure_zh": MEASURES_ZH[measure]}  # fmt: skip
        problems.append(
            Problem("merge_people_faulty", details, row=int(rows[i]) + 1, field=measure,
                    grids=(str(codes[i]),))
        )  # fmt: skip
    return numbers


def _check_zones(
    frame: geopandas.GeoDataFrame,
    rules: MergeRules,
    codes: NDArray[np.object_],
    rows: Ints,
    fault: NDArray[np.object_],
    problems: list[Problem],
) -> tuple[Ints, tuple[str, ...]]:
    within = rules.within
    words = {"within": within, "within_zh": WITHIN_ZH.get(within, within)}
    if within == "county" or within not in frame:
        if within != "county":
            problems.append(
                Problem("merge_zone_column_missing", {"column": within, **words}, field=within)
            )
        return np.zeros(len(codes), np.int64), (COUNTY,)
    names = np.array(texts_of(frame[within]), dtype=np.str_)
    zones = np.unique(names[names != ""])
    zone = np.where(names == "", -1, np.searchsorted(zones, names))
    unknown = zone < 0
    fault[unknown & (fault == "")] = "zone_unknown"
    for i in np.flatnonzero(unknown).tolist():
        details = {"unit": str(codes[i]), **words}
        problems.append(
            Problem("merge_zone_missing", details, row=int(rows[i]) + 1, field=within,
                    grids=(str(codes[i]),))
        )  # fmt: skip
    return zone.astype(np.int64), tuple(zones.tolist())


def _places(frame: geopandas.GeoDataFrame, shapes: Shapes) -> NDArray[np.float64]:
    """Return where people are: columns ``x`` and ``y``, else a point inside the shape."""
    xy = np.full((len(shapes), 2), np.nan)
    if {"x", "y"} <= set(frame.columns):
        for column, name in enumerate(("x", "y")):
            values = pd.to_numeric(frame[name], errors="coerce")
            xy[:, column] = values.to_numpy(np.float64, na_value=np.nan)
        xy[~np.isfinite(xy).all(axis=1)] = np.nan
    lost = np.isnan(xy[:, 0]) & ~shapely.is_empty(shapes)
    inside = shapely.point_on_surface(shapes[lost])
    xy[lost] = np.column_stack([shapely.get_x(inside), shapely.get_y(inside)])
    return xy


def _flags(frame: geopandas.GeoDataFrame, name: str) -> Flags:
    if name not in frame:
        return np.zeros(len(frame), bool)
    return np.asarray(frame[name].astype("boolean").fillna(False).to_numpy(bool))
