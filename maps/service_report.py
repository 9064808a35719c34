"""What the reports of service gaps, radii and accessibility have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd

from geo.problems import Language
from maps.reports import Cell, Column, Key, MapLayer, Report, Table, write_cell
from maps.wording import WORDS

Json = Mapping[str, Any]
STATES = ("served", "far", "unreachable", "off_network", "unlocated", "no_center")


@dataclass(frozen=True)
class Facts:
    """What a report says beside its result.

    Parameters
    ----------
    title, made_at, data_version, mark, synthetic, villages, townships, centers, language
        As of :class:`maps.reports.Report`; centers with ``code``.
    parameters
        Of the run.
    scope, plan
        Names, None for everything and for the lines in force.
    profile, source, travel_source
        Title of the rule set and where its numbers are from.
    """

    title: str
    made_at: datetime
    data_version: str
    mark: str
    synthetic: bool
    villages: gpd.GeoDataFrame
    townships: gpd.GeoDataFrame
    centers: gpd.GeoDataFrame
    language: Language
    parameters: Json
    scope: str | None
    plan: str | None
    profile: str
    source: str
    travel_source: str

    @property
    def words(self) -> Mapping[str, str]:
        """The words of its language."""
        return WORDS[self.language]


def compose(
    facts: Facts,
    result: Json,
    *,
    heading: str,
    figures: Sequence[tuple[str, str]],
    tables: Sequence[Table],
    layers: Sequence[MapLayer],
    legend: Sequence[Key],
    more: Sequence[tuple[str, str]] = (),
    centers: gpd.GeoDataFrame | None = None,
) -> Report:
    """Return the report around its own part; ``more`` are further parameters."""
    said = "message_zh" if facts.language == "zh" else "message"
    return Report(
        heading=facts.words[heading],
        title=facts.title,
        made_at=facts.made_at,
        data_version=facts.data_version,
        mark=facts.mark,
        synthetic=facts.synthetic,
        parameters=[*_parameters(facts, result), *more, *_sources(facts, result)],
        figures=figures,
        tables=[*tables, _states(facts, result)],
        layers=layers,
        legend=legend,
        villages=facts.villages,
        townships=facts.townships,
        centers=facts.centers if centers is None else centers,
        warnings=[problem[said] for problem in result["problems"]],
        language=facts.language,
    )


def cost(value: float | None, facts: Facts, result: Json) -> str:
    """Return metres or minutes with their unit.

    Metres without decimals, minutes with one.
    """
    if value is None:
        return "—"
    unit = facts.words[result["unit"]]
    return f"{value:,.0f} {unit}" if result["unit"] == "m" else f"{value:,.1f} {unit}"


def name_of(unit: Json | None) -> str:
    """Return the name of a unit, its code where it has none."""
    return "—" if unit is None else str(unit["name"] or unit["code"])


def way_of(mode: str, means: str) -> str:
    """Return the key of the words for a way of going."""
    return f"road_{means}" if mode == "road" else mode


def _parameters(facts: Facts, result: Json) -> list[tuple[str, str]]:
    words = facts.words
    standards = " · ".join(
        f"{words.get(kind, kind)} {cost(value, facts, result)}"
        for kind, value in result["standards"].items()
    )
    lines = [
        (words["counted"], words[f"counted_{result['level']}"]),
        (words["way"], words[way_of(result["mode"], result["means"])]),
        (words["standard"], standards),
        (words["weight"], words.get(f"weight_{result['weight']}", result["weight"])),
        (words["scope"], facts.scope or words["all"]),
    ]
    if facts.plan is not None:
        lines.append((words["plan"], facts.plan))
    return lines


def _sources(facts: Facts, result: Json) -> list[tuple[str, str]]:
    words, lines = facts.words, []
    own = any(facts.parameters.get(name) is not None for name in ("standard_m", "standard_min"))
    if not own:
        lines = [(words["profile"], facts.profile), (words["source"], facts.source)]
    if result["mode"] != "straight" or result["measure"] == "time":
        lines.append((words["travel"], facts.travel_source))
    return lines


def _states(facts: Facts, result: Json) -> Table:
    words = facts.words
    rows: list[tuple[Cell, ...]] = [
        (words[f"state_{state}"], counts["households"], counts["residents"])
        for state in STATES
        if (counts := result["states"][state])["households"]
    ]
    columns = [
        Column(words["states"]),
        Column(words["households"], "count"),
        Column(words["residents"], "count"),
    ]
    return Table(words["states"], columns, rows)


def share_text(value: float | None) -> str:
    """Return a share as per cent."""
    return write_cell(value, "share")


def count_text(value: float | None) -> str:
    """Return a count with thousands apart."""
    return write_cell(value, "count")
