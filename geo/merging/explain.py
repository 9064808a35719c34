"""Why each group was made, what came second, and why the units left over are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.merging.costs import BALANCE, BROKEN, LEFT, MAIN, TIE, TRAVEL
from geo.merging.cover import FEW, masks_of
from geo.merging.covering import best_cover
from geo.merging.ground import NEIGHBOURS_TOLD, Ground
from geo.merging.measure import UNITS_OF_SPAN, people_reason
from geo.merging.network import Network
from geo.merging.obstacles import grow_from
from geo.merging.result import LEVELS, Left, Reason, RunnerUp, Suggestion
from geo.merging.rules import MergeRules
from geo.merging.units import WITHIN_ZH
from geo.merging.zones import Piece, ZoneAnswer

Ints = NDArray[np.int64]

AROUND = 10  # units rearranged to find what comes second, in large pieces
_VISITS = 4_000
# Of several reasons the one that comes nearest to an answer.
_TELLING = ("cap", "span", "no_way", "apart", "locked_around", "pinned_around", "barrier", "corner",
            "zone")  # fmt: skip


def suggest(ground: Ground, group: tuple[int, ...], at: Index | None) -> Suggestion:
    """Explain one group of several units; without an index a pinned one.

    Its ``terms`` are filled in where all groups are measured.
    """
    units, rules = ground.units, ground.rules
    codes = tuple(str(units.codes[i]) for i in group)
    triggers = []
    for unit in group:
        if units.under[unit]:
            reason = people_reason("under", (unit,), units, rules)
            if reason:
                triggers.append(reason)
    inside = set(group)
    for one, other in ground.decided.together:
        if one in inside and other in inside:
            triggers.append(Reason("together", {"one": str(units.codes[one]),
                                                "other": str(units.codes[other])}))  # fmt: skip
    others = []
    for other, metres in list(ground.neighbours(group).items())[:NEIGHBOURS_TOLD]:
        reason = ground.why_not(group, other, metres)
        others.append(reason or Reason("not_needed", {"unit": str(units.codes[other])}))
    if at is None:
        triggers.append(Reason("pinned", {}))
        return Suggestion(codes[0], codes, tuple(triggers), {}, tuple(others))
    return Suggestion(
        codes[0], codes, tuple(triggers), {}, tuple(others), at.runner_up(group, ground)
    )


class Index:
    """Which groups of a pool hold each unit, and which was chosen."""

    def __init__(self, zone: ZoneAnswer) -> None:
        self.zone = zone
        pool = zone.pool
        self._sizes = pool.sizes
        self._by_unit = pool.incidence(len(zone.network)).T.tocsr()
        self._place = {int(unit): k for k, unit in enumerate(zone.network.units)}
        self._piece: dict[int, Piece] = {}
        self._chosen: dict[int, int] = {}
        for piece in zone.pieces:
            for unit in piece.units.tolist():
                self._piece[unit] = piece
            for row in piece.cover.chosen.tolist():
                for unit in pool.members[row]:
                    if unit >= 0:
                        self._chosen[int(unit)] = row

    def _rows_of(self, unit: int) -> Ints:
        matrix = self._by_unit
        return np.asarray(matrix.indices[matrix.indptr[unit] : matrix.indptr[unit + 1]], np.int64)

    def candidates(self, unit: int) -> Ints:
        """Return the groups of several units in the pool that hold a unit (among all units)."""
        place = self._place.get(unit)
        if place is None:
            return np.zeros(0, np.int64)
        rows = self._rows_of(place)
        return np.asarray(rows[self.zone.pool.members[rows, 1] >= 0])

    def _window(self, row: int, piece: Piece) -> Ints:
        """Return the units to rearrange: those of a chosen group and of the groups next to it."""
        if len(piece.units) <= FEW:
            return piece.units
        members = self.zone.pool.members
        own = [int(unit) for unit in members[row] if unit >= 0]
        weight: dict[int, int] = {}
        for unit in own:
            near = members[self._rows_of(unit)]
            for other, count in zip(*np.unique(near[near >= 0], return_counts=True), strict=True):
                chosen = self._chosen[int(other)]
                if chosen != row:
                    weight[chosen] = weight.get(chosen, 0) + int(count)
        found = list(own)
        for chosen in sorted(weight, key=lambda k: (-weight[k], k)):
            more = [int(unit) for unit in members[chosen] if unit >= 0]
            if len(found) + len(more) <= AROUND:
                found += more
        return np.array(sorted(found), np.int64)

    def runner_up(self, group: tuple[int, ...], ground: Ground) -> RunnerUp | None:
        """Rearrange the units around a group without it."""
        places = [self._place[i] for i in group]
        piece = self._piece[places[0]]
        row = self._chosen[places[0]]
        pool, rules = self.zone.pool, ground.rules
        window = self._window(row, piece)
        rows = np.unique(np.concatenate([self._rows_of(int(unit)) for unit in window]))
        members = pool.members[rows]
        inside = np.isin(members, window) | (members < 0)
        rows = rows[inside.all(axis=1) & (rows != row)]
        picked = best_cover(masks_of(pool, window, rows), pool.costs[rows], len(window))
        second = rows[picked]
        first = np.unique([self._chosen[int(unit)] for unit in window])
        change = pool.costs[second].sum(axis=0) - pool.costs[first].sum(axis=0)
        sizes = self._sizes
        touched = int(sizes[second][sizes[second] > 1].sum() - sizes[first][sizes[first] > 1].sum())
        price = price_of(change, touched, rules)
        trigger = next((p for i, p in zip(group, places, strict=True) if ground.units.under[i]),
                       places[0])  # fmt: skip
        with_it = next(k for k in second if trigger in pool.members[k])
        found = pool.members[with_it]
        names = sorted(
            str(ground.units.codes[self.zone.network.units[unit]]) for unit in found[found >= 0]
        )
        worse = next(((level, value) for level, value in price.items() if value), None)
        reason = Reason("lost_tie")
        if worse:
            reason = Reason(
                f"lost_{worse[0]}",
                {"value": worse[1], **UNITS_OF_SPAN[rules.span_measure]},
            )
        exact = len(window) == len(piece.units)
        return RunnerUp(tuple(names), reason, price, exact)

    def taken_by(self, unit: int) -> list[int]:
        """Return the units (among all) whose chosen groups stand in the way of a unit left."""
        members = self.zone.pool.members
        rows = members[self.candidates(unit)]
        near = np.unique(rows[rows >= 0])
        held = np.array([members[self._chosen[int(other)], 1] >= 0 for other in near], bool)
        return sorted(self.zone.network.units[near[held]].tolist())


def index_of(zone: ZoneAnswer) -> Index:
    """Return an index of a zone's groups."""
    return Index(zone)


def price_of(change: Ints, touched: int, rules: MergeRules) -> dict[str, int]:
    """Return a change of the terms by the names of the levels that count."""
    main = int(change[MAIN])
    least = rules.objective == "least_change"
    named = {
        "together_broken": int(change[BROKEN]),
        "left": int(change[LEFT]),
        "groups": None if least else main,
        "healthy_touched": main if least else None,
        "touched": touched if least else None,
        "travel": int(change[TRAVEL]),
        "balance": int(change[BALANCE]),
        "tie": int(change[TIE]) * 0,
    }
    return {name: value for name in LEVELS if (value := named[name]) is not None}


def explain_left(ground: Ground, at: Index | None, unit: int) -> Left:
    """Say why a unit stays under the minimum."""
    units, rules = ground.units, ground.rules
    code = str(units.codes[unit])
    around = ground.neighbours((unit,))
    reasons: list[Reason] = []
    for other, metres in list(around.items())[:NEIGHBOURS_TOLD]:
        reason = ground.why_not((unit,), other, metres)
        reasons.append(reason or Reason("fits", {"unit": str(units.codes[other])}))
    own = {"unit": code, "within": rules.within,
           "within_zh": WITHIN_ZH.get(rules.within, rules.within)}  # fmt: skip
    if units.fault[unit]:
        return Left(code, Reason(str(units.fault[unit]), own), tuple(reasons))
    if ground.decided.locked[unit]:
        return Left(code, Reason("locked", own), tuple(reasons))
    if units.above[unit]:
        above = people_reason("cap", (unit,), units, rules)
        return Left(code, above or Reason("cap", own), tuple(reasons))
    if not around:
        touching = ground.touching(unit)
        if not touching:
            return Left(code, Reason("isolated", own))
        limit = rules.min_shared_border_m
        reasons = [
            Reason("corner", {"unit": str(units.codes[i]), "value": 0.0, "limit": limit})
            for i in touching[:NEIGHBOURS_TOLD]
        ]
    if at is not None and len(at.candidates(unit)):
        taken = [str(units.codes[i]) for i in at.taken_by(unit)]
        return Left(code, Reason("taken", {**own, "units": taken}), tuple(reasons))
    if not any(reason.key == "fits" for reason in reasons):
        key = next((key for key in _TELLING if any(r.key == key for r in reasons)), None)
        main = next((r for r in reasons if r.key == key), reasons[0])
        return Left(code, main, tuple(reasons))
    return Left(code, _what_stops(ground, at, unit, reasons), tuple(reasons))


def _what_stops(ground: Ground, at: Index | None, unit: int, reasons: list[Reason]) -> Reason:
    """Say why a unit that fits a neighbour still never comes into a group that is enough."""
    units, rules = ground.units, ground.rules
    if at is None:
        return Reason("limits")
    network = at.zone.network
    place = int(np.flatnonzero(network.units == unit)[0])
    stopped = grow_from(network.tables, place, rules.max_units, _VISITS)
    if stopped.enough:
        return Reason("search_limit")
    if stopped.units:
        return Reason("max_units", {"unit": str(units.codes[unit]), "value": rules.max_units,
                                    "limit": rules.max_units})  # fmt: skip
    if not stopped.people and not stopped.pair:
        reach = _connected(network, place)
        group = [*network.units[reach].tolist()]
        few = people_reason("too_few", group, units, rules)
        if few:
            return few
    for key, alone in (("cap", not stopped.pair), ("span", not stopped.people)):
        main = next((r for r in reasons if r.key == key), None)
        if alone and main:
            return main
    return Reason("limits", {"unit": str(units.codes[unit])})


def _connected(network: Network, unit: int) -> list[int]:
    seen, queue = {unit}, [unit]
    while queue:
        one = queue.pop()
        for other in network.around(one).tolist():
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return sorted(seen)
