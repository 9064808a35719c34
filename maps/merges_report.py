"""The report of suggested merges: before and after, each group with its reasons, who is left."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd

from maps import styles
from maps.merge_wording import WORDS
from maps.reports import Cell, Column, Key, MapLayer, Report, Table
from maps.service_report import Facts, Json, count_text, name_of, way_of

# More than that nobody reads on paper; all of them are in the spreadsheet.
GROUPS_SHOWN = 300
LEFT_SHOWN = 300
TOWNSHIPS_SHOWN = 300


def make_merges_report(
    facts: Facts, result: Json, units: gpd.GeoDataFrame, groups: gpd.GeoDataFrame
) -> Report:
    """Compose the report.

    Parameters
    ----------
    result
        As the run keeps it.
    units, groups
        Its layers, any CRS; units with ``code``, ``below``, ``state``, groups with ``id``.
    """
    words = WORDS[facts.language]
    said = "message_zh" if facts.language == "zh" else "message"
    counts, after = result["counts"], result["counts_after"]
    healthy = {row["name"]: row["value"] for row in result["levels"]}.get("healthy_touched")
    kind = result["unit"] or "grid"
    heading = "merges_heading" if kind == "grid" else f"merges_heading_{kind}"
    return Report(
        heading=words[heading],
        title=facts.title,
        made_at=facts.made_at,
        data_version=facts.data_version,
        mark=facts.mark,
        synthetic=facts.synthetic,
        parameters=_parameters(facts, result),
        figures=[
            (words["units"], count_text(result["units"])),
            (words["below"], count_text(counts["below"])),
            (words["below_after"], count_text(after["below"])),
            (words["empty"], f"{count_text(counts['empty'])} → {count_text(after['empty'])}"),
            (words["above_maximum"], count_text(counts["above"])),
            (words["suggested"], count_text(len(result["groups"]))),
            (words["healthy_touched"], count_text(healthy)),
            (facts.words["proved"], facts.words["yes" if result["proved"] else "no"]),
        ],
        tables=[
            _groups(facts, result),
            _left(facts, result),
            _above(facts, result),
            _sizes(facts, result),
            _levels(facts, result),
            _townships(facts, result),
        ],
        layers=_layers(facts, result, units, groups),
        legend=[
            Key(styles.MERGES[state], words[word])
            for state, word in (
                ("below", "below"),
                ("merged", "merged"),
                ("left", "left_below"),
                ("above", "above_maximum"),
                ("locked", "locked"),
                ("within", "unchanged"),
            )
        ],
        villages=facts.villages,
        townships=facts.townships,
        centers=facts.centers,
        warnings=[problem[said] for problem in result["problems"]],
        language=facts.language,
        note=words["merges_note"],
    )


def _layers(
    facts: Facts, result: Json, units: gpd.GeoDataFrame, groups: gpd.GeoDataFrame
) -> list[MapLayer]:
    """Return the map: sizes before, what becomes of each unit, the outlines of the groups."""
    words, sentences = WORDS[facts.language], _sentences(facts, result)
    people = [_people(facts, row) for row in units.to_dict("records")]
    names = [name or code for name, code in zip(units["name"], units["code"], strict=True)]
    tips = [
        "\n".join(part for part in (name, number, sentences.get(code, "")) if part)
        for name, number, code in zip(names, people, units["code"], strict=True)
    ]
    above = {unit["code"] for unit in result["above"]}
    before = [
        "below" if below else "above" if code in above else "within"
        for below, code in zip(units["below"], units["code"], strict=True)
    ]
    by_id = {group["id"]: group for group in result["groups"]}
    told = [
        "\n".join((by_id[id]["name"], _people(facts, by_id[id]), by_id[id]["why"][facts.language]))
        for id in groups.get("id", [])
    ]
    coloured = [
        (words["size_before"], before),
        (words["size_after"], units["state"].tolist()),
    ]
    layers = [
        MapLayer(
            name,
            units.assign(tip=tips, fill=[styles.MERGES[state] for state in states]),
            styles.VILLAGE_LINE,
            opacity=0.55,
        )
        for name, states in coloured
    ]
    drawn = groups.assign(tip=told, fill=styles.MERGES["merged"])
    return [*layers, MapLayer(words["group_outlines"], drawn, styles.GROUP_LINE, opacity=0.1)]


def _sentences(facts: Facts, result: Json) -> dict[str, str]:
    """Return unit → why it is merged, or left over."""
    found = {unit["code"]: unit["reason"][facts.language] for unit in result["left"]}
    for group in result["groups"]:
        for member in group["members"]:
            found[member["code"]] = group["why"][facts.language]
    return found


def _people(facts: Facts, unit: Json) -> str:
    words = WORDS[facts.language]
    parts = [
        words[f"of_{name}"].format(value=count_text(unit[name]))
        for name in ("households", "residents")
        if unit.get(name) is not None and unit[name] == unit[name]
    ]
    return " · ".join(parts)


def _groups(facts: Facts, result: Json) -> Table:
    words, language = WORDS[facts.language], facts.language
    rows: list[tuple[Cell, ...]] = []
    for number, group in enumerate(result["groups"][:GROUPS_SHOWN], start=1):
        up = group["runner_up"]
        why = " ".join(reason[language] for reason in group["whys"])
        if group["seat"]:
            why = f"{why} {words['seat_mark']}"
        rows.append(
            (
                number,
                "、".join(name_of(member) for member in group["members"]),
                _place(group),
                group["households"],
                group["residents"],
                _span(group["span"], facts, result),
                group["shared_border_m"],
                why,
                None if up is None else up[language],
            )
        )
    columns = [
        Column(facts.words["rank"], "count"),
        Column(words["members"]),
        Column(words["township"]),
        Column(facts.words["households"], "count"),
        Column(facts.words["residents"], "count"),
        Column(words["span"], "decimal"),
        Column(words["border"], "count"),
        Column(words["reason"]),
        Column(words["otherwise"]),
    ]
    return Table(
        words["group_list"],
        columns,
        rows,
        note=words["group_list_note"],
        empty=words["no_groups"],
    )


def _place(unit: Json) -> str:
    parts = [name_of(unit[name]) for name in ("township", "village") if unit[name] is not None]
    return " ".join(parts)


def _left(facts: Facts, result: Json) -> Table:
    words = WORDS[facts.language]
    rows: list[tuple[Cell, ...]] = [
        (name_of(unit), _place(unit), unit["households"], unit["residents"],
         unit["reason"][facts.language])
        for unit in result["left"][:LEFT_SHOWN]
    ]  # fmt: skip
    columns = [
        Column(facts.words["unit"]),
        Column(words["township"]),
        Column(facts.words["households"], "count"),
        Column(facts.words["residents"], "count"),
        Column(words["reason"]),
    ]
    return Table(words["left_list"], columns, rows, empty=words["no_left"])


def _above(facts: Facts, result: Json) -> Table:
    words = WORDS[facts.language]
    rows: list[tuple[Cell, ...]] = []
    for unit in result["above"][:LEFT_SHOWN]:
        parts = "；".join(
            f"{'、'.join(part['names'])} ({_people(facts, part)})" for part in unit["parts"] or []
        )
        reason = unit["reason"] and unit["reason"][facts.language]
        rows.append(
            (name_of(unit), _place(unit), unit["households"], unit["residents"], parts, reason)
        )
    columns = [
        Column(facts.words["unit"]),
        Column(words["township"]),
        Column(facts.words["households"], "count"),
        Column(facts.words["residents"], "count"),
        Column(words["parts"]),
        Column(words["reason"]),
    ]
    return Table(words["above_list"], columns, rows, empty=words["no_above"])


def _sizes(facts: Facts, result: Json) -> Table:
    words, bars = WORDS[facts.language], result["histogram"]
    most = max((*bars["before"], *bars["after"]), default=0) or 1
    rows: list[tuple[Cell, ...]] = [
        (f"{low:,} – {high - 1:,}", before, before / most, after, after / most)
        for low, high, before, after in zip(
            bars["edges"], bars["edges"][1:], bars["before"], bars["after"], strict=False
        )
    ]
    columns = [
        Column(f"{words['size']} ({facts.words[bars['measure']]})"),
        Column(words["size_before"], "count"),
        Column("", "bar"),
        Column(words["size_after"], "count"),
        Column("", "bar"),
    ]
    return Table(words["sizes"], columns, rows)


def _levels(facts: Facts, result: Json) -> Table:
    words = WORDS[facts.language]
    rows: list[tuple[Cell, ...]] = [
        (
            words[f"term_{level['name']}"],
            level["value"],
            level["bound"],
            level["gap"],
            facts.words["yes" if level["proved"] else "no"],
        )
        for level in result["levels"]
    ]
    columns = [
        Column(words["term"]),
        Column(words["value"], "count"),
        Column(words["bound"], "count"),
        Column(words["gap"], "share"),
        Column(facts.words["proved"]),
    ]
    return Table(words["levels"], columns, rows, note=words["levels_note"])


def _townships(facts: Facts, result: Json) -> Table:
    words = WORDS[facts.language]
    rows: list[tuple[Cell, ...]] = [
        (
            name_of(row),
            row["units"],
            row["below"],
            row["left"],
            row["groups"],
            facts.words["yes" if row["proved"] else "no"],
            row["gap"],
            row["candidates"],
        )
        for row in result["townships"][:TOWNSHIPS_SHOWN]
    ]
    columns = [
        Column(words["township"]),
        *(Column(words[name], "count") for name in ("units", "below", "left_below")),
        Column(words["groups_count"], "count"),
        Column(facts.words["proved"]),
        Column(words["gap"], "share"),
        Column(words["candidates"], "count"),
    ]
    return Table(words["by_township"], columns, rows)


def _parameters(facts: Facts, result: Json) -> list[tuple[str, str]]:
    words, limits, asked = WORDS[facts.language], result["limits"], facts.parameters
    lines = []
    if result["unit"] is not None:
        lines.append((words["units"], words[f"unit_{result['unit']}"]))
    for kind, sizes in result["rules"].items():
        of_kind = f" · {facts.words[kind]}" if kind in facts.words and kind != "all" else ""
        for name in ("minimum", "target", "maximum"):
            lines.append((words[name] + of_kind, _size(words, sizes[name])))
    span = _span(limits["max_span"], facts, result)
    lines += [
        (words["max_units"], str(limits["max_units"])),
        (words["max_span"], words["no_limit"] if limits["max_span"] is None else span),
        (facts.words["way"], facts.words[way_of(limits["mode"], limits["means"])]),
        (words["within"], words[f"within_{result['within']}"]),
        (words["least_border"], f"{limits['min_shared_border_m']:g} {facts.words['m']}"),
        (
            words["barriers"],
            words["barriers_count"].format(count=result["barriers"])
            if result["barriers"]
            else words["barriers_none"],
        ),
        (words["objective"], words[f"objective_{result['objective']}"]),
    ]
    decided = {name: len(asked.get(name) or ()) for name in _DECISIONS}
    if any(decided.values()):
        lines.append((words["decisions"], words["decisions_text"].format(**decided)))
    lines.append((facts.words["scope"], facts.scope or facts.words["all"]))
    if facts.plan is not None:
        lines.append((facts.words["plan"], facts.plan))
    if any(sizes["from_profile"] for sizes in result["rules"].values()):
        lines += [(facts.words["profile"], facts.profile), (facts.words["source"], facts.source)]
    if limits["mode"] != "straight" or result["unit_of_span"] == "min":
        lines.append((facts.words["travel"], facts.travel_source))
    return lines


_DECISIONS: Sequence[str] = ("together", "apart", "pinned", "locked")


def _size(words: Json, size: Json) -> str:
    parts = [
        words[f"of_{name}"].format(value=count_text(value))
        for name, value in size.items()
        if value is not None
    ]
    return " · ".join(parts) or str(words["no_limit"])


def _span(value: float | None, facts: Facts, result: Json) -> str:
    if value is None:
        return "—"
    unit = facts.words[result["unit_of_span"]]
    return f"{value:,.0f} {unit}" if result["unit_of_span"] == "m" else f"{value:,.1f} {unit}"
