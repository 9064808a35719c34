"""One township (or village) from its units to its best plan."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.merging.candidates import Pool, list_groups, split_pool
from geo.merging.contacts import Contacts
from geo.merging.costs import BALANCE, BROKEN, LEFT, MAIN, TRAVEL
from geo.merging.cover import Cover, cover, plan_of
from geo.merging.decided import Decided
from geo.merging.fallback import improve_by_windows
from geo.merging.network import Network, build_network
from geo.merging.program import Effort
from geo.merging.rules import MergeRules
from geo.merging.spans import Spans
from geo.merging.units import Units

Ints = NDArray[np.int64]
TERMS = (BROKEN, LEFT, MAIN, TRAVEL, BALANCE)


@dataclass(frozen=True)
class Piece:
    """An independent part of a zone: its units (places in the network), groups, and plan."""

    units: Ints
    rows: Ints
    cover: Cover


@dataclass(frozen=True)
class ZoneAnswer:
    """The plan of a zone.

    Parameters
    ----------
    network, pool
        What could be moved, and what there was to choose from.
    pieces
        Of more than one unit each.
    groups
        All groups chosen of units that could be moved, positions among all units, ascending.
    gaps
        By term how much better a plan could be at most, None where that is not known.
    limited
        Size of group up to which all were tried, where that is less than asked; else 0.
    """

    network: Network
    pool: Pool
    pieces: tuple[Piece, ...]
    groups: tuple[tuple[int, ...], ...]
    gaps: Mapping[int, int | None]
    limited: int


def solve_zone(
    zone: int, units: Units, rules: MergeRules, contacts: Contacts, decided: Decided, spans: Spans
) -> ZoneAnswer:
    """Find the best plan of one zone."""
    network = build_network(zone, units, rules, contacts, decided, spans)
    pool = list_groups(network, rules)
    limited = pool.max_units if pool.max_units < rules.max_units else 0
    if limited:
        pool = improve_by_windows(network, rules, pool)
    pieces, chosen = [], []
    effort = Effort(len(network))
    for members, rows in split_pool(pool, len(network)):
        if pool.chosen is None:
            found = cover(pool, members, rows, effort)
        else:
            found = plan_of(pool, rows[np.isin(rows, pool.chosen)])
        chosen.append(found.chosen)
        if len(members) > 1:
            pieces.append(Piece(members, rows, found))
    gaps: dict[int, int | None] = {}
    for term in TERMS:
        gap: int | None = 0
        for piece in pieces:
            bound = piece.cover.bounds[term]
            gap = None if gap is None or bound is None else gap + piece.cover.values[term] - bound
        gaps[term] = None if limited else gap
    picked = np.sort(np.concatenate(chosen)) if chosen else np.zeros(0, np.int64)
    groups = tuple(
        tuple(sorted(network.units[row[row >= 0]].tolist())) for row in pool.members[picked]
    )
    return ZoneAnswer(network, pool, tuple(pieces), groups, gaps, limited)


def digest_zone(
    zone: int, units: Units, rules: MergeRules, contacts: Contacts, decided: Decided
) -> str:
    """Return a digest of all that the plan of a zone and its reasons depend on."""
    inside = np.flatnonzero(units.zone == zone)
    member = np.zeros(len(units), bool)
    member[inside] = True
    near = member[contacts.first] | member[contacts.second]
    around = np.unique(np.concatenate([contacts.first[near], contacts.second[near], inside]))
    found = hashlib.sha256(repr(rules).encode())
    # of units outside only the names show in reasons
    for i in around.tolist():
        found.update(repr((units.codes[i], units.fault[i], bool(member[i]))).encode())
    for values in (*units.people.values(), units.locked, decided.locked, units.seat):
        found.update(np.ascontiguousarray(values[inside]).tobytes())
    found.update(np.ascontiguousarray(units.places[inside]).tobytes())
    for metres in (contacts.length, contacts.open):
        found.update(np.ascontiguousarray(metres[near]).tobytes())
    for ends in (contacts.first, contacts.second):
        found.update(np.searchsorted(around, ends[near]).tobytes())
    kinds = {"pinned": decided.pinned, "apart": sorted(decided.apart), "together": decided.together}
    for kind, decisions in kinds.items():
        for group in decisions:
            if member[list(group)].any():
                found.update(repr((kind, *(units.codes[i] for i in group))).encode())
    return found.hexdigest()
