"""The report of accessibility: how much service there is within reach, per person."""

from __future__ import annotations

from bisect import bisect_left

import geopandas as gpd

from maps import styles
from maps.reports import Cell, Column, Key, MapLayer, Report, Table
from maps.service_report import Facts, Json, compose, count_text, name_of

GRIDS_SHOWN = 40


def make_access_report(facts: Facts, result: Json, grids: gpd.GeoDataFrame) -> Report:
    """Compose the report.

    Parameters
    ----------
    result
        As the run keeps it.
    grids
        Grids with ``code``, any CRS; those without a score are drawn grey.
    """
    words = facts.words
    scores = {unit["code"]: unit for unit in result["grid"]}
    drawn = grids.assign(
        tip=[_tip(facts, scores.get(code), code) for code in grids["code"]],
        fill=[_fill(result, scores.get(code)) for code in grids["code"]],
    )
    figures = [
        (words["people"], count_text(result["people"])),
        (words["mean_score"], _number(result["mean"])),
        (words["without"], count_text(result["without"])),
    ]
    ordered = sorted(
        (unit for unit in result["grid"] if unit["score"] is not None),
        key=lambda unit: (unit["score"], -unit["people"], unit["code"]),
    )
    more = [
        (words["method"], str(result["method"]).upper()),
        (words["supply"], words.get(f"supply_{result['supply']}", result["supply"])),
    ]
    return compose(
        facts,
        result,
        heading="access_heading",
        figures=figures,
        tables=[
            _table(facts, words["township_scores"], result["township"], words["score_note"]),
            _table(facts, words["lowest_grids"], ordered[:GRIDS_SHOWN]),
        ],
        layers=[MapLayer(words["grids"], drawn, styles.VILLAGE_LINE, opacity=0.7)],
        legend=_legend(facts, result),
        more=more,
    )


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.3g}"


def _fill(result: Json, unit: Json | None) -> str:
    if unit is None or unit["score"] is None:
        return styles.NO_SCORE
    return styles.SCORES[bisect_left(result["breaks"], unit["score"])]


def _tip(facts: Facts, unit: Json | None, code: str) -> str:
    if unit is None:
        return code
    words = facts.words
    score = words["nobody"] if unit["score"] is None else f"{words['score']} {unit['score']:.3g}"
    return f"{name_of(unit)}\n{score}\n{words['people']} {count_text(unit['people'])}"


def _legend(facts: Facts, result: Json) -> list[Key]:
    words, breaks = facts.words, result["breaks"]
    keys = [Key(styles.SCORES[i], f"≤ {limit:.3g}") for i, limit in enumerate(breaks)]
    if breaks:
        keys.append(Key(styles.SCORES[len(breaks)], f"> {breaks[-1]:.3g}"))
    return [*keys, Key(styles.NO_SCORE, words["nobody"])]


def _table(facts: Facts, title: str, units: list[Json], note: str = "") -> Table:
    words = facts.words
    rows: list[tuple[Cell, ...]] = [
        (name_of(unit), unit["households"], unit["people"], _number(unit["score"]))
        for unit in units
    ]
    columns = [
        Column(words["unit"]),
        Column(words["households"], "count"),
        Column(words["people"], "count"),
        Column(words["score"], "decimal"),
    ]
    return Table(title, columns, rows, note=note)
