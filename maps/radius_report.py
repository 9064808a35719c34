"""The report of service radii: how far each center reaches, and whether its places suffice."""

from __future__ import annotations

import geopandas as gpd

from maps import styles
from maps.reports import Cell, Column, Key, MapLayer, Report, Table
from maps.service_report import Facts, Json, compose, cost, count_text, name_of, share_text


def make_radius_report(facts: Facts, result: Json, areas: gpd.GeoDataFrame) -> Report:
    """Compose the report.

    Parameters
    ----------
    result
        As the run keeps it.
    areas
        Service areas with ``code``, any CRS.
    """
    words, uniform = facts.words, result["uniform"]
    share = share_text(result["share"])
    radius_for = words["radius_for"].format(share=share)
    figures = [
        (words["people"], count_text(result["people"])),
        (f"{words['uniform']} · {share}", cost(uniform["radius"], facts, result)),
        (words["attainable"], share_text(uniform["attainable"])),
    ]
    if result["capacity"] is not None:
        figures += [
            (
                f"{words['uniform']} · {words['with_capacity']}",
                cost(uniform["with_capacity"], facts, result),
            ),
            (words["overflow"], count_text(result["capacity"]["overflow"])),
        ]
    centers = {center["code"]: center for center in result["centers"]}
    drawn = areas.assign(
        tip=[_tip(facts, result, centers[code], radius_for) for code in areas["code"]],
        fill=[_fill(centers[code]["load"]) for code in areas["code"]],
    )
    counted = facts.centers[facts.centers["code"].isin(list(centers))]
    counted = counted.assign(
        tip=[_tip(facts, result, centers[code], radius_for) for code in counted["code"]],
        fill=[_fill(centers[code]["load"]) for code in counted["code"]],
    )
    tables = [_uniform(facts, result), _centers(facts, result, radius_for)]
    if result["capacity"] is not None:
        tables.insert(1, _assignment(facts, result))
    tables.append(_histogram(facts, result))
    return compose(
        facts,
        result,
        heading="radius_heading",
        figures=figures,
        tables=tables,
        layers=[MapLayer(words["service_areas"], drawn, styles.VILLAGE_LINE, opacity=0.25)],
        legend=[
            Key(colour, words[f"load_{name}"], round=True) for name, colour in styles.LOADS.items()
        ],
        more=[(words["covers"], share)],
        centers=counted,
    )


def _fill(load: float | None) -> str:
    if load is None:
        return styles.LOADS["unknown"]
    name = "low" if load <= 0.8 else "high" if load <= 1 else "over"
    return styles.LOADS[name]


def _tip(facts: Facts, result: Json, center: Json, radius_for: str) -> str:
    words = facts.words
    return (
        f"{name_of(center)}\n{radius_for} {cost(center['radius'], facts, result)}\n"
        f"{words['people']} {count_text(center['people'])} · {words['load']} "
        f"{share_text(center['load'])}"
    )


def _uniform(facts: Facts, result: Json) -> Table:
    words = facts.words
    rows: list[tuple[Cell, ...]] = [
        (share_text(float(share)), cost(value, facts, result))
        for share, value in result["uniform"]["percentiles"].items()
    ]
    columns = [Column(words["covers"]), Column(words["radius"], "decimal")]
    return Table(words["uniform"], columns, rows, note=words["uniform_note"])


def _centers(facts: Facts, result: Json, radius_for: str) -> Table:
    words = facts.words
    ordered = sorted(result["centers"], key=lambda center: (-center["people"], center["code"]))
    rows: list[tuple[Cell, ...]] = [
        (
            name_of(center),
            words[f"level_{center['level']}"],
            center["people"],
            cost(center["radius_50"], facts, result),
            cost(center["radius"], facts, result),
            cost(center["radius_100"], facts, result),
            cost(center["mean_cost"], facts, result),
            center["within"],
            center["only_here"],
            center["capacity"],
            center["load"],
        )
        for center in ordered
    ]
    columns = [
        Column(words["centers"]),
        Column(words["level"]),
        Column(words["people"], "count"),
        Column("50 %", "decimal"),
        Column(radius_for, "decimal"),
        Column("100 %", "decimal"),
        Column(words["mean"], "decimal"),
        Column(words["within"], "count"),
        Column(words["only_here"], "count"),
        Column(words["capacity"], "count"),
        Column(words["load"], "share"),
    ]
    return Table(words["per_center"], columns, rows)


def _assignment(facts: Facts, result: Json) -> Table:
    words, limited = facts.words, result["capacity"]
    rows: list[tuple[Cell, ...]] = [
        (words["assigned"], count_text(limited["assigned"])),
        (words["overflow"], count_text(limited["overflow"])),
        *(
            (words[f"reason_{reason}"], count_text(people))
            for reason, people in limited["reasons"].items()
            if people
        ),
        (words["mean"], cost(limited["mean_cost"], facts, result)),
        (words["limit"], cost(limited["limit"], facts, result)),
        (words["split"], count_text(limited["split"])),
        (words["load_unknown"], count_text(limited["without_capacity"])),
        (words["proved"], words["yes" if limited["proved"] else "no"]),
    ]
    columns = [Column(""), Column("", "decimal")]
    return Table(words["assignment"], columns, rows, note=words["assignment_note"])


def _histogram(facts: Facts, result: Json) -> Table:
    words, bars = facts.words, result["uniform"]["histogram"]
    most = max((bar["people"] for bar in bars), default=0) or 1
    rows: list[tuple[Cell, ...]] = [
        (
            f"{bar['from']:,.0f} – {cost(bar['to'], facts, result)}",
            bar["people"],
            bar["share"],
            bar["people"] / most,
        )
        for bar in bars
    ]
    columns = [
        Column(words["from_to"]),
        Column(words["people"], "count"),
        Column(words["cumulated"], "share"),
        Column("", "bar"),
    ]
    return Table(words["histogram"], columns, rows)
