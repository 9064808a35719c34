"""The report of service gaps: who is left out, where, and by which way of going."""

from __future__ import annotations

import geopandas as gpd

from maps import styles
from maps.reports import Cell, Column, Key, MapLayer, Report, Table
from maps.service_report import Facts, Json, compose, cost, count_text, name_of, share_text, way_of

# More villages than anybody reads are in the spreadsheet.
VILLAGES_SHOWN = 60


def make_gaps_report(
    facts: Facts, result: Json, areas: gpd.GeoDataFrame, reach: gpd.GeoDataFrame
) -> Report:
    """Compose the report.

    Parameters
    ----------
    result
        As the run keeps it.
    areas, reach
        Its layers, any CRS; the areas with ``rank``.
    """
    words = facts.words
    figures = [
        (words["households"], count_text(result["households"])),
        (words["share"], share_text(result["share"])),
        (words["unserved_households"], count_text(result["unserved_households"])),
        (words["unserved_residents"], count_text(result["unserved_residents"])),
        (words["unserved_elderly"], count_text(result["unserved_elderly"])),
    ]
    by_rank = {area["rank"]: area for area in result["areas"]}
    tips = [
        f"{words['rank']} {rank} {_villages(by_rank[rank])}\n{words['households']} "
        f"{by_rank[rank]['households']:,} · {words['residents']} {by_rank[rank]['residents']:,}"
        for rank in areas.get("rank", [])
    ]
    layers = [
        MapLayer(
            words["reach"],
            reach.assign(tip=words["reach"], fill=styles.REACH),
            styles.REACH,
            opacity=0.18,
        ),
        MapLayer(
            words["gaps"],
            areas.assign(tip=tips, fill=styles.GAP_FILL),
            styles.GAP_LINE,
            dashed=True,
        ),
    ]
    legend = [
        Key(styles.GAP_FILL, words["gaps"]),
        Key(styles.REACH, words["reach"]),
        Key(styles.CENTER, words["centers"], round=True),
    ]
    tables = [_modes(facts, result), _gaps(facts, result), _flattered(facts, result)]
    tables += [
        _shares(facts, result, "township", words["shares"]),
        _shares(facts, result, "village", words["village_shares"]),
    ]
    return compose(
        facts,
        result,
        heading="gaps_heading",
        figures=figures,
        tables=tables,
        layers=layers,
        legend=legend,
    )


def _villages(area: Json) -> str:
    return "、".join(name_of(village) for village in area["villages"])


def _modes(facts: Facts, result: Json) -> Table:
    words, compared = facts.words, result["comparison"]
    base = next(m for m in compared["modes"] if m["mode"] == compared["based_on"])
    rows: list[tuple[Cell, ...]] = []
    for mode in compared["modes"]:
        claimed = sum(v["straight_only"] for v in compared["villages"])
        rows.append(
            (
                words[way_of(mode["mode"], result["means"])],
                mode["served"],
                mode["residents_served"],
                mode["share"],
                claimed if mode["mode"] == "straight" and base is not mode else None,
            )
        )
    columns = [
        Column(words["way"]),
        Column(words["served"], "count"),
        Column(words["residents"], "count"),
        Column(words["share"], "share"),
        Column(words["straight_only"], "count"),
    ]
    return Table(words["modes"], columns, rows, note=words["modes_note"])


def _gaps(facts: Facts, result: Json) -> Table:
    words = facts.words
    rows: list[tuple[Cell, ...]] = [
        (
            area["rank"],
            _villages(area),
            area["households"],
            area["residents"],
            area["elderly"],
            area["area_m2"] / 1e6,
            name_of(area["nearest_center"]),
            cost(area["nearest_cost"], facts, result),
            cost(area["farthest_cost"], facts, result),
            cost(area["extension_90"], facts, result),
        )
        for area in result["areas"]
    ]
    columns = [
        Column(words["rank"], "count"),
        Column(words["villages"]),
        *(Column(words[name], "count") for name in ("households", "residents", "elderly")),
        Column(words["area"], "decimal"),
        Column(words["nearest_center"]),
        *(Column(words[name], "decimal") for name in ("nearest", "farthest", "extension")),
    ]
    return Table(words["gaps"], columns, rows, note=words["gaps_note"], empty=words["no_gaps"])


def _flattered(facts: Facts, result: Json) -> Table:
    """Return the villages of whose households only the straight line says that they are served."""
    words = facts.words
    found = [v for v in result["comparison"]["villages"] if v["straight_only"]]
    found.sort(key=lambda v: (-v["straight_only_residents"], v["code"]))
    rows: list[tuple[Cell, ...]] = [
        (
            name_of(village),
            village["households"],
            village["straight_only"],
            village["straight_only_residents"],
            words[f"verdict_{village['verdict']}"],
        )
        for village in found[:VILLAGES_SHOWN]
    ]
    columns = [
        Column(words["villages"]),
        Column(words["households"], "count"),
        Column(words["straight_only"], "count"),
        Column(words["residents"], "count"),
        Column(words["verdict"]),
    ]
    return Table(words["only_villages"], columns, rows, empty=words["no_only_villages"])


def _shares(facts: Facts, result: Json, by: str, title: str) -> Table:
    words = facts.words
    rows: list[tuple[Cell, ...]] = [
        (name_of(unit), unit["households"], unit["served"], unit["share"], unit["share"])
        for unit in result["shares"][by]
    ]
    columns = [
        Column(words["unit"]),
        Column(words["households"], "count"),
        Column(words["served"], "count"),
        Column(words["share"], "share"),
        Column("", "bar"),
    ]
    return Table(title, columns, rows)
