"""Put the answers of all zones into the tables of one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import geopandas
import numpy as np
import pandas as pd

from geo.merging.costs import BALANCE, BROKEN, LEFT, MAIN, TRAVEL
from geo.merging.decided import refuse_together
from geo.merging.ground import Ground
from geo.merging.measure import people_reason, span_reason
from geo.merging.memory import ZoneMemory
from geo.merging.result import Left, Merges, Reason
from geo.merging.rules import Decisions, MergeRules
from geo.merging.tables import draw_groups, measure_groups
from geo.merging.units import COUNTY
from geo.merging.words import LEVEL_ZH
from geo.problems import Problem

_TOLD = 100
STATES = ("healthy", "merged", "left", "locked", "above", "faulty")


def assemble(
    ground: Ground, decisions: Decisions, zones: Mapping[str, ZoneMemory], otherwise: str
) -> Merges:
    """Join the zones solved with all that was not moved.

    Parameters
    ----------
    ground
        Units, rules and decisions.
    decisions
        As asked.
    zones
        Answers by name of the zone.
    otherwise
        Reason of the units left in all other zones.
    """
    units = ground.units
    known = units.position()
    groups = [
        tuple(known[code] for code in group) for answer in zones.values() for group in answer.groups
    ]
    if not zones or otherwise == "not_asked":
        unsolved = {name for name in units.zones if name not in zones}
        groups += [
            group
            for group in ground.decided.pinned
            if units.zones[units.zone[group[0]]] in unsolved and otherwise != "rules"
        ]
    grouped = {unit for group in groups for unit in group}
    groups += [(i,) for i in range(len(units)) if i not in grouped]
    groups.sort(key=lambda group: (int(units.zone[group[0]]), group[0]))
    table = measure_groups(groups, units, ground.rules, ground.contacts, ground.spans)
    pinned = set(ground.decided.pinned)
    table["pinned"] = [group in pinned for group in groups]
    table.index = pd.Index([row[0] for row in table["members"]], dtype=object, name="group")
    lefts = _lefts(ground, zones, groups, otherwise)
    levels = _levels(ground, table, zones, groups)
    problems = _problems(ground, table, zones, groups, levels)
    suggestions = [one for answer in zones.values() for one in answer.suggestions]
    by_group = {group[0]: k for k, group in enumerate(groups) if len(group) > 1}
    terms = _terms(ground.rules)
    named = []
    for one in suggestions:
        row = table.iloc[by_group[known[one.group]]]
        named.append(replace(one, terms={term: int(row[_COLUMN[term]]) for term in terms}))
    frame = geopandas.GeoDataFrame(
        table.drop(columns="reaching"), geometry=draw_groups(groups, units), crs=units.frame.crs
    )
    described = _describe(ground, groups, lefts)
    counts = {state: int((described["state"] == state).sum()) for state in STATES}
    counts["groups"] = len(groups)
    counts["merged_groups"] = sum(len(group) > 1 for group in groups)
    counts["candidates"] = sum(answer.candidates for answer in zones.values())
    return Merges(
        ground.rules, decisions, described, frame, tuple(named), lefts, levels, problems, counts
    )


def _describe(
    ground: Ground, groups: list[tuple[int, ...]], lefts: tuple[Left, ...]
) -> pd.DataFrame:
    """Return the table of units in the caller's order."""
    units = ground.units
    state = np.full(len(units), "healthy", dtype=object)
    reason = np.full(len(units), "", dtype=object)
    state[units.fault != ""] = "faulty"
    reason[:] = units.fault
    usable = units.usable
    state[usable & units.under] = "left"
    state[usable & units.above] = "above"
    state[usable & ground.decided.locked] = "locked"
    reason[usable & ground.decided.locked] = "locked"
    group_of = np.empty(len(units), dtype=object)
    for group in groups:
        for unit in group:
            group_of[unit] = str(units.codes[group[0]])
            if len(group) > 1:
                state[unit], reason[unit] = "merged", ""
    why = {left.unit: left.reason.key for left in lefts}
    for i in np.flatnonzero(state == "left"):
        reason[i] = why.get(str(units.codes[i]), "")
    zone = [units.zones[k] if k >= 0 else "" for k in units.zone]
    table = pd.DataFrame(
        {"group": group_of, "state": state, "reason": reason, "under": units.under, "zone": zone}
    )
    order = np.empty(len(units), np.int64)
    order[units.rows] = np.arange(len(units))
    table = table.iloc[order]
    table.index = units.frame.index
    return table


def _lefts(
    ground: Ground,
    zones: Mapping[str, ZoneMemory],
    groups: list[tuple[int, ...]],
    otherwise: str,
) -> tuple[Left, ...]:
    """Return all units left, with those of zones that were not solved."""
    units = ground.units
    found = [left for answer in zones.values() for left in answer.left]
    solved = np.array([name in zones for name in units.zones] + [False])
    rest = ~solved[units.zone] & units.under & (units.fault != "people_unknown")
    for group in groups:
        if len(group) > 1:
            rest[list(group)] = False
    for i in np.flatnonzero(rest).tolist():
        code = str(units.codes[i])
        key = str(units.fault[i]) or ("locked" if ground.decided.locked[i] else otherwise)
        within = {"within": ground.rules.within, "unit": code}
        found.append(Left(code, Reason(key, within)))
    return tuple(sorted(found, key=lambda left: left.unit))


_COLUMN = {
    "left": "left",
    "groups": "reaching",
    "healthy_touched": "healthy_touched",
    "touched": "touched",
    "travel": "travel",
    "balance": "balance",
}


def _terms(rules: MergeRules) -> list[str]:
    """Return the levels that count, first to last."""
    middle = ["healthy_touched", "touched"] if rules.objective != "most_groups" else ["groups"]
    last = ["balance"] if rules.target.asked else []
    return ["left", *middle, "travel", *last]


def _levels(
    ground: Ground,
    table: pd.DataFrame,
    zones: Mapping[str, ZoneMemory],
    groups: list[tuple[int, ...]],
) -> pd.DataFrame:
    """Return value, bound and gap of each level, by zone and over all."""
    units = ground.units
    terms = _terms(ground.rules)
    if ground.decided.together:
        terms = ["together_broken", *terms]
    broken = _broken(ground, groups)
    values = {term: np.zeros(len(units.zones) + 1, np.int64) for term in terms}
    zone = np.array([units.zone[group[0]] for group in groups], np.int64)
    for term in terms:
        if term == "together_broken":
            for one, _ in broken:
                values[term][units.zone[one]] += 1
        else:
            np.add.at(values[term], zone, table[_COLUMN[term]].to_numpy(np.int64))
    rows = []
    totals: dict[str, int | None] = dict.fromkeys(terms, 0)
    for k, name in enumerate(units.zones):
        answer = zones.get(name)
        for term in terms:
            value = int(values[term][k])
            gap = _gap(answer, term, value, values["left"][k]) if answer else None
            total = totals[term]
            totals[term] = None if total is None or gap is None else total + gap
            rows.append(_row(name, term, value, gap))
    rows += [_row("", term, int(values[term].sum()), totals[term]) for term in terms]
    levels = pd.DataFrame(rows, columns=["zone", "level", "value", "bound", "proved", "gap"])
    return levels.astype({"value": "int64", "bound": "Int64", "proved": "bool", "gap": "Float64"})


def _gap(answer: ZoneMemory, term: str, value: int, left: int) -> int | None:
    """Return by how much a level might be better."""
    main = answer.gaps[MAIN]
    gap = {
        "together_broken": answer.gaps[BROKEN],
        "left": answer.gaps[LEFT],
        "groups": main,
        "healthy_touched": main,
        # given who is left and which healthy units are touched, so many are touched in all
        "touched": main if main == 0 else None,
        "travel": answer.gaps[TRAVEL],
        "balance": answer.gaps[BALANCE],
    }[term]
    if gap is None and value == 0 and term in ("together_broken", "left"):
        return 0  # it cannot be less
    return gap


def _row(
    zone: str, term: str, value: int, gap: int | None
) -> tuple[str, str, int, int | None, bool, float | None]:
    if gap is None:
        return zone, term, value, None, False, None
    # more groups are better, everything else less
    bound = value + gap if term == "groups" else value - gap
    return zone, term, value, bound, gap == 0, gap / max(1, abs(value))


def _zone(name: str) -> dict[str, str]:
    return {"zone": "the county", "zone_zh": "全县"} if name == COUNTY else {"zone": name}


def _broken(ground: Ground, groups: list[tuple[int, ...]]) -> list[tuple[int, int]]:
    label = {unit: k for k, group in enumerate(groups) for unit in group}
    return [pair for pair in ground.decided.together if label[pair[0]] != label[pair[1]]]


def _problems(
    ground: Ground,
    table: pd.DataFrame,
    zones: Mapping[str, ZoneMemory],
    groups: list[tuple[int, ...]],
    levels: pd.DataFrame,
) -> tuple[Problem, ...]:
    units = ground.units
    found = []
    for pair in _broken(ground, groups):
        if units.zones[units.zone[pair[0]]] not in zones:
            continue
        reason = (
            people_reason("cap", pair, units, ground.rules)
            or span_reason(pair, units, ground.spans)
            or Reason("limits", {})
        )
        found.append(refuse_together([str(code) for code in units.codes[list(pair)]], reason))
    if ground.rules.keep_seats:
        for group, members in zip(groups, table["members"], strict=True):
            seats = [str(units.codes[i]) for i in group if units.seat[i]]
            if len(group) > 1 and seats:
                named = {"units": list(members), "seat": ", ".join(seats)}
                found.append(Problem("merge_holds_seat", named, grids=members))
    for name, answer in zones.items():
        if answer.limited:
            width = {**_zone(name), "units": answer.limited}
            found.append(Problem("merge_search_limited", width))
    open_rows = levels[(levels["zone"] != "") & ~levels["proved"]]
    first_open = open_rows.drop_duplicates("zone")
    for name, row in zip(first_open["zone"].tolist(), first_open.to_dict("records"), strict=True):
        if name in zones and not zones[name].limited:
            gap = "—" if pd.isna(row["gap"]) else f"{float(row['gap']):.2%}"
            details = {**_zone(name), "level": row["level"].replace("_", " "),
                       "level_zh": LEVEL_ZH[row["level"]], "gap": gap}  # fmt: skip
            found.append(Problem("merge_not_proved", details))
    return tuple(found)
