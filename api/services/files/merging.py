"""Merges of the units of a file: the same engine, the same reasons, nothing stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from api.services import workspace
from api.services.asking import PROBLEMS_KEPT
from api.services.files.source import read_profile
from api.services.ground import Tell
from api.services.merging.answer import draw_groups, draw_units, shape_result
from api.services.merging.rules import ALL, Applied
from api.services.merging.shaping import Story, shape_unit
from api.services.merging.solving import Barriers, solve
from api.services.merging.tables import TABLES
from api.services.shapes import Json, shape_problem
from api.services.tables import Language
from api.settings import COUNTY_TIME, load_settings
from data.errors import ImportFileError
from data.importers.loose import is_named
from data.importers.units import FileUnits, read_units
from geo.crs import STORE_CRS
from geo.frames import LAYERS
from geo.merging import Decisions, MergeRules, Size
from geo.problems import Problem

if TYPE_CHECKING:
    from maps.service_report import Facts

_VERSION_DIGITS = 12
# What the answer adds to the columns of the file; a column that has such a name already is renamed.
ADDED = ("group", "state", "reason", "reason_zh", "reason_en")


@dataclass(frozen=True)
class Asked:
    """A file and what is asked of it.

    Parameters
    ----------
    units
        The file.
    population, township, id, lock
        Its columns; None: found by their usual names.
    minimum, target, maximum
        Of the number of people in ``population``.
    max_units, max_span_m, min_shared_border_m
        Limits of a group.
    crs
        Coordinate system of a file that does not say it.
    """

    units: Path
    minimum: int
    population: str | None = None
    township: str | None = None
    id: str | None = None
    lock: str | None = None
    target: int | None = None
    maximum: int | None = None
    max_units: int = 5
    max_span_m: float | None = None
    min_shared_border_m: float = 10.0
    crs: str | None = None


@dataclass(frozen=True)
class Merged:
    """What came of it.

    Parameters
    ----------
    result
        As of a run (:class:`api.schemas_merging.MergeResult`), and ``assignment``: unit → group.
    units, groups
        Layers in the system of the file: units with ``group`` and reasons, outlines of groups.
    tables
        Further tables, by name.
    contradicted
        Whether the rules contradict each other, so that nothing was tried.
    write_page
        Writes the report, in a language.
    """

    result: Json
    units: gpd.GeoDataFrame
    groups: gpd.GeoDataFrame
    tables: Mapping[str, pd.DataFrame]
    contradicted: bool
    write_page: Callable[[Language], bytes]


def answer_merges(asked: Asked, tell: Tell) -> Merged:
    """Suggest merges of the units of a file.

    Raises
    ------
    ImportFileError
        When the file cannot be read, or has no numbers of people.
    """
    tell(0.05, "reading")
    read = read_units(
        asked.units,
        crs=asked.crs,
        code=asked.id,
        people=asked.population,
        township=asked.township,
        lock=asked.lock,
    )
    measure = _measure(read, asked)
    frame = read.frame
    if "people" in frame:
        frame = frame.drop(columns=measure, errors="ignore").rename(columns={"people": measure})
    by_township = "township" in read.columns
    if not by_township:
        frame = gpd.GeoDataFrame(frame.drop(columns="township"))
    rules = MergeRules(
        minimum=Size(**{measure: asked.minimum}),
        target=Size(**{measure: asked.target}),
        maximum=Size(**{measure: asked.maximum}),
        max_units=asked.max_units,
        max_span=asked.max_span_m,
        within="township" if by_township else "county",
        min_shared_border_m=asked.min_shared_border_m,
    )
    tell(0.2, "solving")
    applied = {ALL: Applied(rules, False)}
    solved = solve(frame, applied, Decisions(), barriers=Barriers())
    tell(0.8, "drawing")
    story = Story(None, frame, solved, {}, "distance")
    told = [*read.problems]
    if not by_township:
        told.append(Problem("merge_without_townships", field="township"))
    result = shape_result(story, {"mode": "straight", "means": "walk"})
    above = solved.units.index[(solved.units["state"] == "above").to_numpy(bool)]
    result |= {
        "above": [
            {**shape_unit(story, str(code)), "parts": None, "reason": None, "edits": []}
            for code in sorted(map(str, above))
        ],
        "problems": [*map(shape_problem, told), *result["problems"]][:PROBLEMS_KEPT],
        "assignment": dict(zip(map(str, frame.index), solved.units["group"], strict=True)),
    }
    layers = {"units": draw_units(frame, solved), "groups": draw_groups(story)}
    tables = {name: make(result, layers.__getitem__) for name, make in TABLES.items()}
    return Merged(
        result,
        _written(read, story),
        _outlines(story, result, read),
        {name: table for name, table in tables.items() if name not in ("units", "groups")},
        bool(rules.problems()),
        lambda language: _write_page(asked, result, layers, language),
    )


def _measure(read: FileUnits, asked: Asked) -> Literal["households", "residents"]:
    """Return what is counted: residents if the column is called so, else households."""
    if asked.population is not None:
        residents = LAYERS["natural_villages"].field("residents")
        return "residents" if is_named(residents, read.columns["people"]) else "households"
    if "households" in read.columns:
        return "households"
    if "residents" in read.columns:
        return "residents"
    columns = ", ".join(map(str, read.rows.columns.drop(read.rows.geometry.name)))
    details = {"column": "--population", "columns": columns, "field_zh": "人数"}
    raise ImportFileError(Problem("column_not_found", {**details, "field_en": "people"}))


def _written(read: FileUnits, story: Story) -> gpd.GeoDataFrame:
    """Return the rows of the file as they are, with what becomes of each."""
    units = story.solved.units
    why = {unit["code"]: unit["reason"] for unit in _reasons(story)}
    codes = list(map(str, story.frame.index))
    rows = read.rows.rename(columns={name: f"{name}_in_file" for name in ADDED})
    told = [why.get(code) for code in codes]
    added = pd.DataFrame(
        {
            "group": units["group"].to_numpy(object),
            "state": units["state"].replace({"healthy": "within"}).to_numpy(object),
            "reason": [one["key"] if one else None for one in told],
            "reason_zh": [one["zh"] if one else None for one in told],
            "reason_en": [one["en"] if one else None for one in told],
        },
        index=rows.index,
    )
    shapes = rows.geometry.name
    columns = [name for name in rows.columns if name != shapes]
    joined = pd.concat([pd.DataFrame(rows[columns]), added], axis=1)
    return gpd.GeoDataFrame(joined, geometry=rows.geometry.to_numpy(), crs=rows.crs)


def _reasons(story: Story) -> list[Json]:
    """Return unit and reason: of the group it is in, or why it is left over."""
    found = []
    for one in story.solved.suggestions:
        reason = story.tell(one.triggers[0]) if one.triggers else None
        found += [{"code": code, "reason": reason} for code in one.members if reason]
    found += [{"code": one.unit, "reason": story.tell(one.reason)} for one in story.solved.left]
    return found


def _outlines(story: Story, result: Json, read: FileUnits) -> gpd.GeoDataFrame:
    """Return every group, those of one unit too, in the system of the file."""
    groups = story.solved.groups
    why = {group["id"]: group["why"] for group in result["groups"]}
    codes = list(map(str, groups.index))
    table = pd.DataFrame(
        {
            "group": codes,
            "units": groups["unit_count"].to_numpy(),
            "members": [";".join(members) for members in groups["members"]],
            "households": groups["households"].to_numpy(object),
            "residents": groups["residents"].to_numpy(object),
            "span_m": np.round(groups["span"].to_numpy(np.float64), 3),
            "shared_border_m": np.round(groups["shared_border_m"].to_numpy(np.float64), 3),
            "healthy_touched": groups["healthy_touched"].to_numpy(),
            "left": groups["left"].to_numpy(),
            "reason_zh": [why[code]["zh"] if code in why else None for code in codes],
            "reason_en": [why[code]["en"] if code in why else None for code in codes],
        }
    )
    for name in ("households", "residents"):
        table[name] = table[name].astype("Int64")
        if table[name].isna().all():
            table = table.drop(columns=name)
    drawn = gpd.GeoDataFrame(table, geometry=groups.geometry.to_numpy(), crs=groups.crs)
    crs = read.rows.crs
    return drawn if crs is None or crs.equals(drawn.crs) else drawn.to_crs(crs)


def _write_page(
    asked: Asked, result: Json, layers: Mapping[str, gpd.GeoDataFrame], language: Language
) -> bytes:
    # Imported late: only a report pays for folium at start.
    from maps.merges_report import make_merges_report
    from maps.reports import write_report

    facts = _facts(asked, language)
    report = make_merges_report(facts, result, layers["units"], layers["groups"])
    return write_report(report).encode()


def _facts(asked: Asked, language: Language) -> Facts:
    """Return what the report says beside its result; it is of the time of the file."""
    from maps.service_report import Facts

    nothing = gpd.GeoDataFrame({"code": [], "name": [], "level": []}, geometry=[], crs=STORE_CRS)
    profile = read_profile()
    return Facts(
        title=asked.units.name,
        made_at=datetime.fromtimestamp(int(asked.units.stat().st_mtime), COUNTY_TIME),
        data_version=hashlib.sha256(asked.units.read_bytes()).hexdigest()[:_VERSION_DIGITS],
        mark=workspace.map_mark(load_settings())[language],
        synthetic=False,
        villages=nothing,
        townships=nothing,
        centers=nothing,
        language=language,
        parameters={},
        scope=None,
        plan=None,
        profile=profile.title_zh if language == "zh" else profile.title_en,
        source=profile.source,
        travel_source=profile.travel.source,
    )
