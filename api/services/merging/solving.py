"""The engine, asked once for each area type with rules of its own; one answer of it all."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.services.merging.rules import ALL, Applied
from geo.merging import Decisions, Left, Merges, Suggestion, suggest_merges
from geo.problems import Problem
from geo.reach.matrix import Ways

# Levels add up over zones; one that is not known anywhere is not known in all.
_LEVEL_COLUMNS = ("zone", "level", "value", "bound", "proved", "gap")


@dataclass(frozen=True)
class Barriers:
    """What parts units, and the roads that lead across it; metric CRS of the units."""

    stops: gpd.GeoDataFrame | None = None
    crossings: gpd.GeoDataFrame | None = None

    @property
    def count(self) -> int:
        """Number of barriers."""
        return 0 if self.stops is None else len(self.stops)


@dataclass(frozen=True)
class Solved:
    """Suggested merges of all units (:class:`geo.merging.Merges` has what each part means).

    Parameters
    ----------
    candidates
        Groups that keep every rule, by zone.
    """

    applied: Mapping[str, Applied]
    units: pd.DataFrame
    groups: gpd.GeoDataFrame
    suggestions: tuple[Suggestion, ...]
    left: tuple[Left, ...]
    levels: pd.DataFrame
    candidates: Mapping[str, int]
    problems: tuple[Problem, ...]

    @property
    def proved(self) -> bool:
        """Whether every level is proved to be the best."""
        return bool(self.levels["proved"].all())


def solve(
    frame: gpd.GeoDataFrame,
    applied: Mapping[str, Applied],
    decisions: Decisions,
    *,
    barriers: Barriers,
    ways: Ways | None = None,
    memory: MutableMapping[str, Merges] | None = None,
) -> Solved:
    """Suggest merges of units, each under the rules of its own area type.

    Groups never hold units of two area types: they lie in one village, which has one.

    Parameters
    ----------
    frame
        As the engine asks for, and ``kind`` if there are several sets of rules.
    memory
        Answers to earlier questions by area type, renewed: of zones that have not changed since
        nothing is solved again.
    """
    memory = {} if memory is None else memory
    kinds = _kinds_of(frame, applied)
    answers: dict[str, Merges] = {}
    for kind, one in applied.items():
        own = kinds == kind
        zones = None if kind == ALL else sorted(set(frame.loc[own, one.rules.within]) - {""})
        previous = memory.get(kind) or next(iter(answers.values()), None)
        answers[kind] = memory[kind] = suggest_merges(
            frame,
            one.rules,
            decisions=_decisions_of(decisions, frame, kinds, kind, tuple(applied)),
            barriers=barriers.stops,
            bridges=barriers.crossings,
            ways=ways,
            only=zones,
            previous=previous,
        )
    return _join(applied, answers, frame, kinds)


def _kinds_of(frame: pd.DataFrame, applied: Mapping[str, Applied]) -> NDArray[np.object_]:
    if ALL in applied:
        return np.full(len(frame), ALL, dtype=object)
    return frame["kind"].to_numpy(object)


def _decisions_of(
    decisions: Decisions,
    frame: pd.DataFrame,
    kinds: NDArray[np.object_],
    kind: str,
    all_kinds: tuple[str, ...],
) -> Decisions:
    """Return those decisions that are about units of an area type; of unknown ones the first's."""
    if kind == ALL:
        return decisions
    of = dict(zip(map(str, frame.index), kinds.tolist(), strict=True))

    def mine(codes: tuple[str, ...]) -> bool:
        return next((of[code] for code in codes if code in of), all_kinds[0]) == kind

    return Decisions(
        together=[pair for pair in decisions.together if mine(pair)],
        apart=[pair for pair in decisions.apart if mine(pair)],
        pinned=[group for group in decisions.pinned if mine(group)],
        locked=[code for code in decisions.locked if mine((code,))],
    )


def _join(
    applied: Mapping[str, Applied],
    answers: Mapping[str, Merges],
    frame: gpd.GeoDataFrame,
    kinds: NDArray[np.object_],
) -> Solved:
    units, groups, levels = [], [], []
    suggestions: list[Suggestion] = []
    left: list[Left] = []
    problems: dict[str, Problem] = {}
    candidates: dict[str, int] = {}
    for kind, merges in answers.items():
        own = kinds == kind
        codes = set(map(str, frame.index[own]))
        units.append(merges.units[own])
        groups.append(merges.groups[[members[0] in codes for members in merges.groups["members"]]])
        suggestions += [one for one in merges.suggestions if one.members[0] in codes]
        left += [one for one in merges.left if one.unit in codes]
        zones = set(merges.units.loc[own, "zone"]) - {""}
        levels.append(merges.levels[merges.levels["zone"].isin(zones)])
        found = merges.memory.zones if merges.memory is not None else {}
        candidates |= {name: found[name].candidates for name in zones if name in found}
        for problem in merges.problems:
            about = (problem.key, sorted(problem.details.items(), key=str), problem.grids)
            problems.setdefault(repr(about), problem)
    order = frame.index if frame.index.is_unique else None
    table = pd.concat(units)
    if order is not None:
        table = table.loc[order]
    drawn = gpd.GeoDataFrame(pd.concat(groups), crs=frame.crs)
    drawn = drawn.iloc[np.lexsort((drawn.index.astype(str), drawn["zone"].astype(str)))]
    ordered = {code: position for position, code in enumerate(drawn.index)}
    by_zone = pd.concat(levels, ignore_index=True)
    return Solved(
        applied,
        table,
        drawn,
        tuple(sorted(suggestions, key=lambda one: ordered[one.group])),
        tuple(sorted(left, key=lambda one: one.unit)),
        pd.concat([by_zone, total_levels(by_zone)], ignore_index=True),
        candidates,
        tuple(problems.values()),
    )


def total_levels(by_zone: pd.DataFrame) -> pd.DataFrame:
    """Add up levels over their rows: a bound is known if all are, proved if all are proved."""
    rows = []
    for level, part in by_zone.groupby("level", sort=False):
        value = int(part["value"].sum())
        bound = None if part["bound"].isna().any() else int(part["bound"].sum())
        gap = None if bound is None else abs(value - bound) / max(1, abs(value))
        rows.append(("", level, value, bound, bool(part["proved"].all()), gap))
    table = pd.DataFrame(rows, columns=list(_LEVEL_COLUMNS))
    return table.astype({"value": "int64", "bound": "Int64", "proved": "bool", "gap": "Float64"})
