"""Measures of a group, and the limit it breaks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.merging.contacts import Contacts
from geo.merging.result import Reason
from geo.merging.rules import MEASURES_ZH, MergeRules
from geo.merging.spans import Spans
from geo.merging.units import Units

Ints = NDArray[np.int64]

UNITS_OF_SPAN = {
    "distance": {"unit_of_span": "m", "unit_of_span_zh": "米"},
    "time": {"unit_of_span": "s", "unit_of_span_zh": "秒"},
}


def people_reason(key: str, group: Sequence[int], units: Units, rules: MergeRules) -> Reason | None:
    """Return ``cap`` or ``too_few`` (``under``) with the first number that is above, or below."""
    size = rules.maximum if key == "cap" else rules.minimum
    for measure, limit in size.asked.items():
        total = int(units.people[measure][list(group)].sum())
        if total > limit if key == "cap" else total < limit:
            return Reason(
                key,
                {"unit": str(units.codes[group[-1]]), "value": total, "limit": limit,
                 "measure": measure, "measure_zh": MEASURES_ZH[measure]},
            )  # fmt: skip
    return None


def span_reason(group: Sequence[int], units: Units, spans: Spans) -> Reason | None:
    """Return ``span`` for the pair that is farthest apart beyond the limit, ``no_way`` without."""
    first, second, costs = all_ways(group, spans)
    if not len(costs):
        return None
    lost = np.flatnonzero(np.isnan(costs))
    if len(lost):
        return Reason("no_way", {"unit": str(units.codes[second[lost[0]]]),
                                 "one": str(units.codes[first[lost[0]]])})  # fmt: skip
    far = int(np.argmax(costs))
    if costs[far] <= spans.limit:
        return None
    return Reason(
        "span",
        {"unit": str(units.codes[second[far]]), "one": str(units.codes[first[far]]),
         "value": float(costs[far]), "limit": spans.limit,
         **UNITS_OF_SPAN[spans.rules.span_measure]},
    )  # fmt: skip


def all_ways(group: Sequence[int], spans: Spans) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Return every ordered pair of a group and its way."""
    members = np.asarray(group, np.int64)
    first, second = np.repeat(members, len(members)), np.tile(members, len(members))
    other = first != second
    first, second = first[other], second[other]
    return first, second, spans.measure(first, second)


def hangs_together(group: Sequence[int], contacts: Contacts, least_m: float) -> bool:
    """Whether the units are connected by borders of at least so many metres."""
    members = np.asarray(group, np.int64)
    inside = np.isin(contacts.first, members) & np.isin(contacts.second, members)
    inside &= contacts.open >= least_m
    place = np.searchsorted(np.sort(members), [contacts.first[inside], contacts.second[inside]])
    links = coo_array((np.ones(place.shape[1]), tuple(place)), shape=(len(members),) * 2)
    return bool(connected_components(links, directed=False)[0] == 1)
