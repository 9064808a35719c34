"""Rows checked against the store: county, villages, code rules, the partition of a village."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.importers.addresses import check_addresses
from data.importers.log import ProblemLog
from data.importers.quoting import quote
from geo.codes import check_code, level_of
from geo.crs import STORE_CRS, to_metric
from geo.frames import LAYERS
from geo.partition import check_partitions
from geo.problems import Problem, Severity

# Roads and rivers of the neighbours: ways lead over the border and back.
NEAR_COUNTY_M = 20_000
_CODES_SHOWN = 5


@dataclass(frozen=True)
class Context:
    """What the store knows that rows are checked against.

    Attributes
    ----------
    now
        The instant of the import.
    county
        Outline of the county or counties, None if there is none yet.
    villages
        Villages in force: code, level, geometry. Empty: villages are not checked.
    grids
        Grids in force that the file does not replace as a whole: code, village_code, parent_code.
    households
        Points, counted into gaps and overlaps.
    places
        Divisions in force (code, name, level) that addresses may name. None: not checked.
    """

    now: datetime
    county: shapely.Geometry | None = None
    villages: geopandas.GeoDataFrame | None = None
    grids: geopandas.GeoDataFrame | None = None
    households: geopandas.GeoDataFrame | None = None
    places: pd.DataFrame | None = None


@dataclass(frozen=True)
class Remark(Problem):
    """A problem of the partition met at import: told, but it refuses no row."""

    @property
    def severity(self) -> Severity:
        """Always ``warning``: raw lines may have gaps; publishing a plan is where they may not."""
        return "warning"


def check_rows(
    layer: str, frame: geopandas.GeoDataFrame, context: Context | None = None
) -> ProblemLog:
    """Check the rows of a layer frame against the store.

    Parameters
    ----------
    frame
        From :func:`data.importers.read.read_file`, with ``row``; without it rows count from 1.

    Returns
    -------
    ProblemLog
        Errors: ``date_in_future``. Warnings, which refuse nothing: ``irregular_code``,
        ``outside_county``, ``village_unknown``, and for grids what
        :func:`geo.partition.check_partitions` finds, each with its geometry, and for households
        addresses that cannot be read. Roads and barriers
        that are ``far_from_county`` are left out; nearer ones belong to it, inside or not.
    """
    problems = ProblemLog()
    if frame.empty:
        return problems
    rows = frame["row"].to_numpy() if "row" in frame else np.arange(1, len(frame) + 1)
    _check_codes(layer, frame, rows, problems)
    if context is None:
        return problems
    if "valid_from" in frame:
        _check_dates(layer, frame, rows, context.now, problems)
    if context.villages is not None and len(context.villages) and "village_code" in frame:
        named = frame["village_code"]
        unknown = (named.notna() & ~named.isin(context.villages["code"])).to_numpy()
        where = np.flatnonzero(unknown)
        problems.add_rows(
            "village_unknown",
            rows[where],
            lambda i: {"village_code": _quote_village(named.iloc[where[i]])},
            field="village_code",
        )
    if context.county is not None and layer in ("roads", "barriers"):
        _leave_out_far(frame, rows, context.county, problems)
    elif context.county is not None and layer != "divisions":
        _check_county(frame, rows, context.county, problems)
    if layer == "grids":
        _check_partition(frame, rows, context, problems)
    if layer == "households" and context.places is not None:
        problems.merge(check_addresses(frame.assign(row=rows), context.places))
    return problems


def find_irregular_codes(layer: str, frame: geopandas.GeoDataFrame) -> dict[int, Mapping[str, Any]]:
    """Return position → details of the rows whose code does not follow the rule of its level.

    Only divisions and grids have a rule; such codes are kept as given and flagged.
    """
    if layer == "grids":
        levels = pd.Series("grid", index=frame.index)
    elif layer == "divisions":
        levels = frame["level"].where(~frame["level"].isin(["province", "city"]))
    else:
        return {}
    digits = levels.map({"county": 6, "township": 9, "village": 12, "grid": 15})
    plain = frame["code"].str.fullmatch(r"\d+", na=False) & (frame["code"].str.len() == digits)
    # a code of the right digits can still be a padded one: it ends in 000
    odd = np.flatnonzero(levels.notna() & (~plain | frame["code"].str.endswith("000")))
    found: dict[int, Mapping[str, Any]] = {}
    pairs = zip(frame["code"].iloc[odd], cast("pd.Series[Any]", levels.iloc[odd]), strict=True)
    for position, (code, level) in zip(odd.tolist(), pairs, strict=True):
        problem = check_code(code, level)
        if problem is not None:
            found[position] = problem.details
    return found


def _quote_village(code: str) -> str:
    return code if level_of(code) == "village" else quote(code)


def _check_codes(
    layer: str, frame: geopandas.GeoDataFrame, rows: NDArray[np.int64], problems: ProblemLog
) -> None:
    found = find_irregular_codes(layer, frame)
    odd = list(found)
    problems.add_rows("irregular_code", rows[odd], lambda i: found[odd[i]], field="code")


def _check_dates(
    layer: str,
    frame: geopandas.GeoDataFrame,
    rows: NDArray[np.int64],
    now: datetime,
    problems: ProblemLog,
) -> None:
    field = LAYERS[layer].field("valid_from")
    later = np.flatnonzero((frame["valid_from"] > now).to_numpy())
    # a plain date of the file is a day in China: it is told as it was written
    days = frame["valid_from"].iloc[later].dt.tz_convert("Asia/Shanghai")
    problems.add_rows(
        "date_in_future",
        rows[later],
        lambda i: {
            "field_zh": field.zh,
            "field_en": field.en,
            "value": f"{days.iloc[i]:%Y-%m-%d}",
        },
        field="valid_from",
    )


def _check_county(
    frame: geopandas.GeoDataFrame,
    rows: NDArray[np.int64],
    county: shapely.Geometry,
    problems: ProblemLog,
) -> None:
    shapes = np.asarray(frame.geometry.array, dtype=object)
    if (shapely.get_type_id(shapes) > 0).any():
        shapes = shapely.point_on_surface(shapes)
    shapely.prepare(county)
    outside = ~shapely.is_missing(shapes) & ~shapely.covers(county, shapes)
    where = np.flatnonzero(outside)
    problems.add_rows("outside_county", rows[where], geometry=lambda i: shapes[where[i]])


def _leave_out_far(
    frame: geopandas.GeoDataFrame,
    rows: NDArray[np.int64],
    county: shapely.Geometry,
    problems: ProblemLog,
) -> None:
    """Leave out what is too far from the county to lie on anybody's way within it."""
    outline = to_metric(geopandas.GeoDataFrame(geometry=[county], crs=STORE_CRS))
    land = outline.simplify(100).buffer(NEAR_COUNTY_M).to_crs(STORE_CRS).iloc[0]
    shapely.prepare(land)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    where = np.flatnonzero(~shapely.intersects(land, shapes))
    details = {"limit_km": NEAR_COUNTY_M // 1000}
    problems.leave_out("far_from_county", rows[where], details, geometry=lambda i: shapes[where[i]])


def _check_partition(
    frame: geopandas.GeoDataFrame,
    rows: NDArray[np.int64],
    context: Context,
    problems: ProblemLog,
) -> None:
    """Check the villages the file touches, as they would be with the file's grids in force."""
    columns = ["code", "village_code", "parent_code", "geometry"]
    touched = frame["village_code"].dropna().unique()
    grids = frame[columns].assign(row=rows)
    if context.grids is not None:
        others = context.grids[
            context.grids["village_code"].isin(touched) & ~context.grids["code"].isin(frame["code"])
        ]
        if len(others):
            grids = pd.concat([grids, others[columns].assign(row=0)], ignore_index=True)
    villages = context.villages
    if villages is None:
        villages = geopandas.GeoDataFrame({"code": []}, geometry=[], crs=STORE_CRS)
    else:
        villages = villages[villages["code"].isin(touched)]
        _tell_outlines_missing(villages, problems)
    for problem in check_partitions(grids, villages, context.households):
        row = int(grids["row"].iloc[problem.row - 1]) if problem.row else None
        values = {name: getattr(problem, name) for name in problem.__dataclass_fields__}
        problems.note(Remark(**(values | {"row": row or None})))


def _tell_outlines_missing(villages: geopandas.GeoDataFrame, problems: ProblemLog) -> None:
    """Tell which villages nothing can be held against."""
    codes = sorted(villages.loc[villages.geometry.isna(), "code"])
    if codes:
        shown = [_quote_village(code) for code in codes[:_CODES_SHOWN]]
        listed = [*shown, "…"] if len(codes) > len(shown) else shown
        problems.note(Problem("village_without_outline", {"count": len(codes), "codes": listed}))
