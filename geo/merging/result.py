"""Merges: the answer to "which units should share a grid?", with its reasons and its proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas
import pandas as pd

from geo.merging.rules import Decisions, MergeRules
from geo.merging.words import Language, say
from geo.problems import Problem

# Levels of the objective, first to last; which of them count depends on the rules.
LEVELS = ("together_broken", "left", "groups", "healthy_touched", "touched", "travel", "balance")


@dataclass(frozen=True)
class Reason:
    """Why, as a key and its values; :func:`geo.merging.words.say` has the sentences."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, language: Language) -> str:
        """Return the sentence for people."""
        return say(self.key, self.values, language)

    def to_mapping(self) -> dict[str, Any]:
        """Return plain values."""
        return {"key": self.key, "values": dict(self.values)}


@dataclass(frozen=True)
class RunnerUp:
    """The best that could be had without this group.

    Parameters
    ----------
    members
        Group that the first unit under the minimum would come into; itself alone if left over.
    reason
        Why it lost: the first level at which it is worse.
    price
        By level how much worse the plan becomes (less than 0 where better), in the order of
        :data:`LEVELS`.
    exact
        False where only the units around were rearranged: then nothing worse than this is needed,
        maybe something better is possible.
    """

    members: tuple[str, ...]
    reason: Reason
    price: Mapping[str, int]
    exact: bool


@dataclass(frozen=True)
class Suggestion:
    """One group of several units, and why.

    Parameters
    ----------
    group
        Its id.
    members
        Codes, ascending.
    triggers
        What made it necessary: one reason a unit under the minimum (key ``under``), a decision
        (``together``, ``pinned``).
    terms
        What the group adds to each level.
    others
        Neighbours that are not in the group and the rule that keeps each out, where one does.
    runner_up
        None for a pinned group.
    """

    group: str
    members: tuple[str, ...]
    triggers: tuple[Reason, ...]
    terms: Mapping[str, int]
    others: tuple[Reason, ...] = ()
    runner_up: RunnerUp | None = None

    def to_mapping(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        up = self.runner_up
        return {
            "group": self.group,
            "members": list(self.members),
            "triggers": [reason.to_mapping() for reason in self.triggers],
            "terms": dict(self.terms),
            "others": [reason.to_mapping() for reason in self.others],
            "runner_up": up
            and {
                "members": list(up.members),
                "reason": up.reason.to_mapping(),
                "price": dict(up.price),
                "exact": up.exact,
            },
        }


@dataclass(frozen=True)
class Left:
    """A unit that stays under the minimum, and why.

    Parameters
    ----------
    unit
        Its code.
    reason
        ``isolated``, ``corner``, ``barrier``, ``zone``, ``zone_unknown``, ``no_shape``,
        ``people_unknown``, ``duplicate_code``, ``locked``, ``locked_around``, ``apart``, ``span``,
        ``cap``, ``max_units``, ``too_few``, ``taken``, ``rules``, ``not_asked``, ``search_limit``.
    neighbours
        One reason a neighbour, why it cannot join the unit (``fits`` if the two by themselves
        could).
    """

    unit: str
    reason: Reason
    neighbours: tuple[Reason, ...] = ()

    def to_mapping(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "unit": self.unit,
            "reason": self.reason.to_mapping(),
            "neighbours": [reason.to_mapping() for reason in self.neighbours],
        }


@dataclass(frozen=True)
class Merges:
    """Suggested merges, by :func:`geo.merging.suggest_merges`.

    Parameters
    ----------
    rules, decisions
        As asked.
    units
        Index of the caller's frame, in its order: ``group`` (id), ``state`` (``healthy``,
        ``merged``, ``left``, ``locked``, ``above`` the maximum, ``faulty``: its numbers, shape or
        code cannot be used), ``reason`` (key, ``""`` for none), ``under`` (bool: the unit by
        itself is under the minimum), ``zone`` (code of township or village, ``""``).
    groups
        A partition of the units, in the order of ``zone`` and id; index: lowest code of its
        members. ``members`` (tuple of codes), ``unit_count``, ``households``, ``residents``,
        ``registered`` (NA without the column), ``zone``, ``hub`` (member to which the ways of all
        add up to least), ``span`` (longest way between two members, metres or seconds),
        ``shared_border_m`` (inside it), ``left``, ``healthy_touched``, ``touched``, ``travel``,
        ``balance`` (its terms of the objective), ``seat``, ``pinned`` (bool), ``geometry``.
    suggestions
        One for each group of several units, in the order of ``groups``.
    left
        Every unit left under the minimum, in the order of codes.
    levels
        One row a zone and level (columns ``zone``, ``level``, ``value``, ``bound`` (NA: none),
        ``proved``, ``gap`` (NA without bound)), then the whole with zone ``""``. A value is
        optimal where ``proved``, given those before it.
    problems
        What is wrong with data, rules and decisions.
    counts
        Units by state, ``groups``, ``merged_groups``, ``candidates``.
    """

    rules: MergeRules
    decisions: Decisions
    units: pd.DataFrame
    groups: geopandas.GeoDataFrame
    suggestions: tuple[Suggestion, ...]
    left: tuple[Left, ...]
    levels: pd.DataFrame
    problems: tuple[Problem, ...]
    counts: Mapping[str, int]
    # what a later question may start from; no part of the answer
    memory: Any = field(default=None, repr=False, compare=False)

    @property
    def proved(self) -> bool:
        """Whether every level is proved to be the best."""
        return bool(self.levels["proved"].all())

    def total(self, level: str) -> int:
        """Return the value of a level over all zones."""
        rows = self.levels[(self.levels["zone"] == "") & (self.levels["level"] == level)]
        return int(rows["value"].iloc[0])

    def to_mapping(self) -> dict[str, Any]:
        """Return rules, decisions, suggestions, units left, levels and counts, for JSON."""
        levels = self.levels.astype(object).where(self.levels.notna(), None)
        return {
            "rules": self.rules.to_mapping(),
            "decisions": self.decisions.to_mapping(),
            "counts": dict(self.counts),
            "levels": levels.to_dict("records"),
            "suggestions": [suggestion.to_mapping() for suggestion in self.suggestions],
            "left": [left.to_mapping() for left in self.left],
        }
