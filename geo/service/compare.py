"""The same question by straight line, road and terrain: what the straight line claims too much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import GeoError
from geo.problems import Problem
from geo.reach.matrix import Mode, Nearest, Ways
from geo.service.columns import categories
from geo.service.question import Question
from geo.service.shares import STATUSES, status_of

# From the one that promises most to the one that knows most of the ground.
HONESTY: tuple[Mode, ...] = ("straight", "road", "terrain")

Verdict = Literal["covered", "partly", "not_covered", "unknown"]


@dataclass(frozen=True)
class Comparison:
    """What each way of going says, and which one counts.

    Parameters
    ----------
    based_on
        The mode that counts: of those compared the one that knows most of the ground (straight
        line, road, terrain). What it does not call served is not, whatever the straight line
        says.
    homes
        One row a household, index of the caller's: ``served_…``, ``cost_…`` of each mode.
    villages
        One row a village: ``village``, ``households``, ``people``, ``served_…`` and
        ``people_served_…`` of each mode, ``straight_only`` and ``straight_only_people``: served by
        straight line and not by ``based_on``; ``verdict`` (covered: all of its households are
        served; partly; not_covered; unknown: none of them has a place) by ``based_on``.
    differences
        ``by`` (all, village, area_type), ``code``, ``mode`` (each but the straight line),
        ``households``, ``people``, and of both (``…_people``) those served by ``both``, by
        ``straight_only``, ``other_only``, ``neither``. No row where there is nothing to compare.
    """

    based_on: Mode
    homes: pd.DataFrame
    villages: pd.DataFrame
    differences: pd.DataFrame


def compare_modes(
    question: Question,
    ways: Sequence[Ways] = (),
    *,
    nears: Mapping[Mode, Nearest] | None = None,
) -> Comparison:
    """Ask each of the ways who is served.

    Parameters
    ----------
    question
        One measure and one standard for all.
    ways
        In the question's zone.
    nears
        Nearest centers that are known already, by mode.

    Raises
    ------
    GeoError
        ``parameter_value`` without any way to compare.
    """
    found = {**(nears or {})}
    for way in ways:
        if way.mode not in found:
            found[way.mode] = way.nearest(question.homes, question.sites, question.measure)
    modes = [mode for mode in HONESTY if mode in found]
    if not modes:
        details = {"name": "mode", "value": "—", "allowed": ", ".join(HONESTY)}
        raise GeoError(Problem("parameter_value", details, field="mode"))
    status = {mode: status_of(question, found[mode]) for mode in modes}
    served = {mode: status[mode] == STATUSES.index("served") for mode in modes}
    homes = {f"served_{mode}": served[mode] for mode in modes}
    homes |= {f"cost_{mode}": found[mode].cost for mode in modes}
    based_on = modes[-1]
    known = status[based_on] != STATUSES.index("unlocated")
    return Comparison(
        based_on=based_on,
        homes=pd.DataFrame(homes, index=question.households.index),
        villages=_judge(question, served, based_on, known),
        differences=_differ(question, served),
    )


def _judge(
    question: Question,
    served: Mapping[Mode, NDArray[np.bool_]],
    based_on: Mode,
    known: NDArray[np.bool_],
) -> pd.DataFrame:
    group, count = question.villages.codes, len(question.villages.categories)
    table: dict[str, NDArray[np.int64]] = {"households": _sum(1, group, count)}
    table["people"] = _sum(question.people, group, count)
    for mode, of_mode in served.items():
        table[f"served_{mode}"] = _sum(of_mode, group, count)
        table[f"people_served_{mode}"] = _sum(question.people * of_mode, group, count)
    base = served[based_on]
    claimed = served.get("straight", base) & ~base
    table["straight_only"] = _sum(claimed, group, count)
    table["straight_only_people"] = _sum(question.people * claimed, group, count)
    mine = table[f"served_{based_on}"]
    choices: list[Verdict] = ["unknown", "covered", "not_covered"]
    verdict = np.select(
        [_sum(known, group, count) == 0, mine == table["households"], mine == 0],
        choices,
        default="partly",
    )
    villages = pd.DataFrame(table).assign(verdict=verdict)
    villages.insert(0, "village", np.asarray(question.villages.categories, dtype=object))
    return villages


def _differ(question: Question, served: Mapping[Mode, NDArray[np.bool_]]) -> pd.DataFrame:
    everybody = categories([""], np.zeros(len(question.people), np.int8))
    parts = [pd.DataFrame({"by": [], "code": [], "mode": []}, dtype=object)]
    straight = served.get("straight")
    for mode, other in served.items():
        if straight is None or mode == "straight":
            continue
        cases = {
            "both": straight & other,
            "straight_only": straight & ~other,
            "other_only": ~straight & other,
            "neither": ~(straight | other),
        }
        for by, column in (
            ("all", everybody),
            ("village", question.villages),
            ("area_type", question.area_types),
        ):
            group, count = column.codes, len(column.categories)
            part: dict[str, object] = {
                "by": by,
                "code": np.asarray(column.categories, dtype=object),
                "mode": mode,
                "households": _sum(1, group, count),
                "people": _sum(question.people, group, count),
            }
            for name, mine in cases.items():
                part[name] = _sum(mine, group, count)
                part[f"{name}_people"] = _sum(question.people * mine, group, count)
            parts.append(pd.DataFrame(part))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _sum(
    values: NDArray[np.int64] | NDArray[np.bool_] | int, group: NDArray[np.int8], count: int
) -> NDArray[np.int64]:
    weights = np.broadcast_to(values, group.shape)
    return np.bincount(group, weights=weights, minlength=count).astype(np.int64)
