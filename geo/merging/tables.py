"""Measures of all groups of a plan at once, and their outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.merging.contacts import Contacts
from geo.merging.rules import MEASURES, MergeRules
from geo.merging.spans import Spans, whole
from geo.merging.units import Units, is_below, whole_numbers

Ints = NDArray[np.int64]
Groups = Sequence[tuple[int, ...]]


@dataclass(frozen=True)
class Membership:
    """Groups as arrays: the units one after the other, and the group of each."""

    units: Ints
    group: Ints
    count: int

    @classmethod
    def of(cls, groups: Groups) -> Membership:
        """Build from groups of positions."""
        sizes = [len(group) for group in groups]
        units = np.array([unit for group in groups for unit in group], np.int64)
        return cls(units, np.repeat(np.arange(len(groups)), sizes), len(groups))

    def sum(self, values: NDArray[np.int64] | NDArray[np.bool_]) -> Ints:
        """Add up values of all units by group."""
        weights = np.asarray(values)[self.units].astype(np.float64)
        return np.bincount(self.group, weights=weights, minlength=self.count).astype(np.int64)


def measure_groups(
    groups: Groups, units: Units, rules: MergeRules, contacts: Contacts, spans: Spans
) -> pd.DataFrame:
    """Measure groups; one row each, in their order."""
    of = Membership.of(groups)
    size = np.bincount(of.group, minlength=of.count)
    several = size > 1
    people = {measure: of.sum(values) for measure, values in units.people.items()}
    known = of.sum(units.fault == "people_unknown") == 0
    below = is_below(people, rules.minimum, of.count) & known
    balance = np.zeros(of.count, np.int64)
    for measure, target in rules.target.asked.items():
        balance += np.abs(people[measure] - target)
    hub, travel, span = _travel(of, units, rules, spans)
    table = pd.DataFrame({"members": [tuple(map(str, units.codes[list(g)])) for g in groups]})
    table["unit_count"] = size
    for name in (*MEASURES, "registered"):
        table[name] = _sums(of, units, name)
    zone = units.zone[[group[0] for group in groups]] if len(groups) else np.zeros(0, np.int64)
    table["zone"] = [units.zones[k] if k >= 0 else "" for k in zone]
    table["hub"] = [str(code) for code in units.codes[hub]]
    table["span"] = span
    table["shared_border_m"] = _borders(of, contacts, len(units))
    table["left"] = np.where(below, size, 0)
    table["healthy_touched"] = np.where(several, of.sum(~units.under), 0)
    table["touched"] = np.where(several, size, 0)
    table["reaching"] = (~below & known).astype(np.int64)
    table["travel"] = travel
    table["balance"] = np.where(known, balance, 0)
    table["seat"] = of.sum(units.seat) > 0
    return table


def draw_groups(groups: Groups, units: Units) -> NDArray[np.object_]:
    """Return the outline of each group, made on the nodes that its units have in common.

    Where borders differ (gaps, overlaps) the union of the shapes as they are.
    """
    given = np.asarray(units.frame.geometry.array, dtype=object)[units.rows]
    drawn = np.empty(len(groups), dtype=object)
    for k, group in enumerate(groups):
        if len(group) == 1:
            drawn[k] = given[group[0]]
            continue
        shapes = units.shapes[list(group)]
        area = float(shapely.area(shapes).sum())
        try:
            whole_shape = shapely.coverage_union_all(shapes)
        except shapely.errors.GEOSException:
            whole_shape = None
        if (
            whole_shape is None
            or not whole_shape.is_valid
            or abs(whole_shape.area - area) > 1e-9 * area
        ):
            whole_shape = shapely.union_all(shapes)
        drawn[k] = shapely.normalize(whole_shape)
    return drawn


def _sums(of: Membership, units: Units, name: str) -> pd.Series:
    """Add up a column of the caller's frame; NA where one of the numbers is missing or faulty."""
    if name not in units.frame:
        return pd.Series(pd.array([pd.NA] * of.count, dtype="Int64"))
    numbers, bad = whole_numbers(units.frame[name].iloc[units.rows])
    sums = pd.Series(pd.array(of.sum(numbers), dtype="Int64"))
    return sums.mask(of.sum(bad) > 0)


def _borders(of: Membership, contacts: Contacts, count: int) -> NDArray[np.float64]:
    label = np.full(count, -1, np.int64)
    label[of.units] = of.group
    inside = (label[contacts.first] == label[contacts.second]) & (label[contacts.first] >= 0)
    sums = np.bincount(
        label[contacts.first[inside]], weights=contacts.open[inside], minlength=of.count
    )
    return np.asarray(sums, np.float64)


def _travel(
    of: Membership, units: Units, rules: MergeRules, spans: Spans
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Return each group's hub (position), its travel, and its span."""
    size = np.bincount(of.group, minlength=of.count)
    starts = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    hub = of.units[starts[:-1]] if of.count else np.zeros(0, np.int64)
    travel, span = np.zeros(of.count, np.int64), np.zeros(of.count)
    several = np.flatnonzero(size > 1)
    if not len(several):
        return hub, travel, span
    first, second = [], []
    for k in several:
        members = of.units[starts[k] : starts[k + 1]]
        one, other = np.repeat(members, len(members)), np.tile(members, len(members))
        first.append(one[one != other])
        second.append(other[one != other])
    one, other = np.concatenate(first), np.concatenate(second)
    cost = spans.measure(one, other)
    weight = units.people[rules.measures[0]]
    to = np.zeros(len(units), np.int64)
    np.add.at(to, other, weight[one] * whole(cost))
    label = np.repeat(several, [len(part) for part in first])
    np.maximum.at(span, label, cost)
    for k in several:
        members = of.units[starts[k] : starts[k + 1]]
        best = int(np.argmin(to[members]))
        hub[k], travel[k] = members[best], to[members[best]]
    return hub, travel, span
