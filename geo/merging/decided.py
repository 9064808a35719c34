"""Decisions of the planner held against units and rules: what is kept, what is refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.merging.contacts import Contacts
from geo.merging.measure import hangs_together, people_reason, span_reason
from geo.merging.result import Reason
from geo.merging.rules import Decisions, MergeRules
from geo.merging.spans import Spans
from geo.merging.units import WITHIN_ZH, Units
from geo.problems import Problem

Pair = tuple[int, int]


@dataclass(frozen=True)
class Decided:
    """Decisions that can be kept, by position of the units.

    Parameters
    ----------
    locked
        Units that stay by themselves.
    pinned
        Groups that stay, each ascending.
    apart, together
        Pairs, ascending.
    """

    locked: NDArray[np.bool_]
    pinned: tuple[tuple[int, ...], ...]
    apart: frozenset[Pair]
    together: tuple[Pair, ...]


def weigh_decisions(
    decisions: Decisions, units: Units, rules: MergeRules, contacts: Contacts, spans: Spans
) -> tuple[Decided, list[Problem]]:
    """Keep what can be kept; a decision that breaks a rule is refused, and told with that rule."""
    problems: list[Problem] = []
    known = units.position()

    def places(codes: Sequence[str]) -> tuple[int, ...] | None:
        """Return the positions of units; None, and a problem, where one is not known."""
        unknown = [code for code in codes if code not in known]
        for code in unknown:
            problems.append(Problem("merge_unit_unknown", {"unit": code}, grids=(code,)))
        return None if unknown else tuple(sorted(known[code] for code in codes))

    locked = units.locked.copy()
    for code in decisions.locked:
        found = places([code])
        if found:
            locked[found[0]] = True
    apart = {(p[0], p[1]) for pair in decisions.apart if (p := places(pair)) and len(p) == 2}
    pinned: list[tuple[int, ...]] = []
    taken: set[int] = set()
    for codes in decisions.pinned:
        group = places(codes)
        if not group:
            continue
        if len(group) == 1:
            locked[group[0]] = True
            continue
        reason = _why_not(group, units, rules, contacts, spans, locked, apart, taken)
        if reason is None:
            pinned.append(group)
            taken.update(group)
        else:
            problems.append(_refused("merge_pinned_refused", codes, reason))
    together: list[Pair] = []
    for codes in decisions.together:
        pair = places(codes)
        if not pair or len(pair) != 2 or any(set(pair) <= set(group) for group in pinned):
            continue
        if pair in apart:
            details = {"one": codes[0], "other": codes[1]}
            problems.append(Problem("merge_decisions_contradict", details, grids=tuple(codes)))
            continue
        reason = _why_not(pair, units, rules, None, spans, locked, apart, taken)
        if reason is None:
            together.append((pair[0], pair[1]))
        else:
            problems.append(refuse_together(codes, reason))
    return Decided(locked, tuple(pinned), frozenset(apart), tuple(sorted(together))), problems


def refuse_together(codes: Sequence[str], reason: Reason) -> Problem:
    """Return the problem of a pair that cannot be put together."""
    return _refused("merge_together_refused", codes, reason)


def _refused(key: str, codes: Sequence[str], reason: Reason) -> Problem:
    details = {"units": list(codes), "one": codes[0], "other": codes[-1], "rule": reason.key,
               "reason": reason.sentence("en"), "reason_zh": reason.sentence("zh")}  # fmt: skip
    return Problem(key, details, grids=tuple(codes))


def _why_not(
    group: tuple[int, ...],
    units: Units,
    rules: MergeRules,
    contacts: Contacts | None,
    spans: Spans,
    locked: NDArray[np.bool_],
    apart: set[Pair],
    taken: set[int],
) -> Reason | None:
    """Return the first rule the group breaks; without contacts, as part of a larger group."""
    for i in group:
        name = {"unit": str(units.codes[i])}
        within = {"within": rules.within, "within_zh": WITHIN_ZH.get(rules.within, rules.within)}
        if units.fault[i]:
            return Reason(str(units.fault[i]), {**name, **within})
        if i in taken:
            return Reason("pinned_around", name)
        if locked[i]:
            return Reason("locked_around", name)
        if units.zone[i] != units.zone[group[0]]:
            return Reason("zone", {**name, **within})
    for a in group:
        for b in group:
            if (a, b) in apart:
                return Reason("apart", {"one": units.codes[a], "unit": units.codes[b]})
    if len(group) > rules.max_units:
        return Reason("max_units", {"value": rules.max_units, "limit": rules.max_units})
    above = people_reason("cap", group, units, rules)
    if above:
        return above
    far = span_reason(group, units, spans)
    if far or contacts is None:
        return far
    below = people_reason("too_few", group, units, rules)
    if below:
        return below
    if not hangs_together(group, contacts, rules.min_shared_border_m):
        return Reason("corner", {"unit": units.codes[group[-1]], "value": 0.0,
                                 "limit": rules.min_shared_border_m})  # fmt: skip
    return None
