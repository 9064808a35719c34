"""Suggest merges: the recipe, from the caller's frame to the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import permutations
from typing import get_args

import geopandas
import numpy as np
import shapely

from geo.errors import CrsError
from geo.merging.assemble import assemble
from geo.merging.contacts import Contacts, find_contacts
from geo.merging.decided import weigh_decisions
from geo.merging.explain import explain_left, index_of, suggest
from geo.merging.ground import Ground
from geo.merging.memory import Memory, ZoneMemory
from geo.merging.result import Merges
from geo.merging.rules import Decisions, MergeRules, Within
from geo.merging.spans import Spans
from geo.merging.units import Units, read_units
from geo.merging.zones import digest_zone, solve_zone
from geo.problems import Problem
from geo.reach.matrix import Ways


def suggest_merges(
    units: geopandas.GeoDataFrame,
    rules: MergeRules,
    *,
    decisions: Decisions | None = None,
    barriers: geopandas.GeoDataFrame | None = None,
    bridges: geopandas.GeoDataFrame | None = None,
    ways: Ways | None = None,
    only: Collection[str] | None = None,
    previous: Merges | None = None,
) -> Merges:
    """Suggest which units to join so that as few as possible stay under the minimum.

    Candidates are all connected groups that keep the rules; of all plans that put each unit into
    one group, or leave it alone, one is chosen that is best at the first level of the objective,
    then the next, and so on (:class:`geo.merging.MergeRules`).

    Parameters
    ----------
    units
        Polygons in a metric CRS, index: codes. Columns ``households``, ``residents`` (those that a
        rule names), and if they are there ``registered``, ``township``, ``village``, ``name``,
        ``locked``, ``seat`` (bool), ``x``, ``y`` (where people are, same CRS; else a point
        inside).
    rules
        What is asked.
    decisions
        What is decided already.
    barriers
        Lines or polygons in the CRS of the units, such as rivers: border along them is none.
    bridges
        What leads across them, bridges or any roads.
    ways
        How spans and travel are measured, in the CRS of the units; straight lines if None.
    only
        Codes of the zones (townships, villages) asked about; the others are taken from
        ``previous``, or left as they are.
    previous
        An earlier answer: zones of which nothing has changed are not solved again.

    Returns
    -------
    Merges
        Also where data, rules and decisions are at fault: see its ``problems``.

    Raises
    ------
    CrsError
        ``missing_crs``, ``metric_crs_needed``, ``crs_differs`` for barriers and bridges.
    FrameError
        ``column_missing`` for numbers of people that a rule names.

    Examples
    --------
    >>> import shapely
    >>> from geo.merging import Size
    >>> boxes = shapely.box([0, 100, 200], 0, [100, 200, 300], 100)
    >>> frame = geopandas.GeoDataFrame(
    ...     {"households": [12, 50, 25], "township": "T"}, index=list("ABC"), geometry=boxes,
    ...     crs=4545)
    >>> found = suggest_merges(frame, MergeRules(Size(households=30), maximum=Size(70)))
    >>> found.groups["members"].tolist()
    [('A', 'B'), ('C',)]
    >>> found.left[0].reason.sentence("en")
    'With B there would be 75 households, more than the maximum of 70.'
    """
    decisions = decisions or Decisions()
    for other in (barriers, bridges):
        if other is not None and len(other) and units.crs != other.crs:
            details = {"crs": str(units.crs and units.crs.name),
                       "other": str(other.crs and other.crs.name)}  # fmt: skip
            raise CrsError(Problem("crs_differs", details))
    contradictions = rules.problems()
    ready = rules if rules.within in get_args(Within) else replace(rules, within="county")
    table, problems = read_units(units, ready)
    memory = previous.memory if previous is not None else None
    key, contacts, found = _contacts(table, barriers, bridges, memory)
    problems = [*contradictions, *problems, *found]
    spans = Spans(table.places, ready, ways)
    decided, refused = weigh_decisions(decisions, table, ready, contacts, spans)
    problems += refused
    ground = Ground(table, ready, contacts, decided, spans)
    known = memory.zones if memory is not None and memory.ways is ways else {}
    zones: dict[str, ZoneMemory] = {}
    place = table.position()
    for zone, name in enumerate(table.zones):
        asked = only is None or name in only
        if contradictions or not (asked or name in known):
            continue
        digest = digest_zone(zone, table, ready, contacts, decided)
        if name in known and known[name].digest == digest:
            zones[name] = known[name]
            _remember_ways(known[name], place, spans)
        elif asked:
            zones[name] = _answer(zone, digest, ground)
    answer = assemble(ground, decisions, zones, "rules" if contradictions else "not_asked")
    return replace(
        answer,
        rules=rules,
        problems=(*problems, *answer.problems),
        memory=Memory(key, contacts, tuple(found), ways, zones),
    )


def _contacts(
    units: Units,
    barriers: geopandas.GeoDataFrame | None,
    bridges: geopandas.GeoDataFrame | None,
    memory: Memory | None,
) -> tuple[str, Contacts, list[Problem]]:
    """Find who borders whom, unless the shapes are those of the question before."""
    found = hashlib.sha256(repr(units.codes.tolist()).encode())
    others = [
        np.asarray(frame.geometry.array) if frame is not None else np.zeros(0, object)
        for frame in (barriers, bridges)
    ]
    for shapes in (units.shapes, *others):
        found.update(b"".join(shape or b"-" for shape in shapely.to_wkb(shapes)))
        found.update(b";")
    key = found.hexdigest()
    if memory is not None and memory.ground == key:
        return key, memory.contacts, list(memory.contact_problems)
    contacts, problems = find_contacts(units.shapes, units.codes, barriers, bridges)
    return key, contacts, problems


def _answer(zone: int, digest: str, ground: Ground) -> ZoneMemory:
    """Solve one zone and explain it."""
    units = ground.units
    solved = solve_zone(zone, units, ground.rules, ground.contacts, ground.decided, ground.spans)
    at = index_of(solved)
    pinned = [group for group in ground.decided.pinned if units.zone[group[0]] == zone]
    several = sorted([*pinned, *(group for group in solved.groups if len(group) > 1)])
    grouped = {unit for group in several for unit in group}
    short = np.flatnonzero((units.zone == zone) & units.under & (units.fault != "people_unknown"))
    alone = [unit for unit in short.tolist() if unit not in grouped]
    ground.measure_ahead([*several, *((unit,) for unit in alone)], solved.network)
    suggestions = tuple(
        suggest(ground, group, None if group in pinned else at) for group in several
    )
    left = tuple(explain_left(ground, at, unit) for unit in alone)
    return ZoneMemory(
        digest,
        tuple(tuple(map(str, units.codes[list(group)])) for group in several),
        solved.gaps,
        solved.limited,
        len(solved.pool),
        suggestions,
        left,
        _ways_inside(several, ground),
    )


def _ways_inside(
    groups: list[tuple[int, ...]], ground: Ground
) -> tuple[tuple[str, str, float], ...]:
    """Return the ways between members of the same group, for the next question."""
    if ground.spans.at_once or not groups:
        return ()
    pairs = np.array([pair for group in groups for pair in permutations(group, 2)], np.int64)
    costs = ground.spans.measure(*pairs.T).tolist()
    ends = ground.units.codes[pairs].tolist()
    return tuple((one, other, cost) for (one, other), cost in zip(ends, costs, strict=True))


def _remember_ways(zone: ZoneMemory, place: Mapping[str, int], spans: Spans) -> None:
    if zone.ways:
        first = np.array([place[one] for one, _, _ in zone.ways], np.int64)
        second = np.array([place[other] for _, other, _ in zone.ways], np.int64)
        spans.remember(first, second, np.array([cost for _, _, cost in zone.ways]))
