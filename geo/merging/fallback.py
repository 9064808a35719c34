"""A good plan of a zone that has too many groups to list them all.

Groups are grown smallest first and then rearranged, window by window of neighbouring groups, with
every connected set of the units in a window to choose from, as large as the rules allow. There is
no bound: groups that nobody listed might do better.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.merging.candidates import Pool, price
from geo.merging.growing import grow_plan
from geo.merging.network import Network
from geo.merging.rules import MergeRules
from geo.merging.windows import best_within

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Plan = dict[int, tuple[int, ...]]  # the group of each unit, places in the network, ascending

WINDOW = 13  # units rearranged at once, some milliseconds
# Steps of rearranging in a zone: so many, and so many a unit. A second, and some milliseconds.
MOST_STEPS = (500_000_000, 2_000_000)


def improve_by_windows(network: Network, rules: MergeRules, pool: Pool) -> Pool:
    """Return the pool with the groups of a good plan added, whose rows are its ``chosen``."""
    grown = grow_plan(network.tables, rules.max_units)
    plan = _plan_of(grown)
    _rearrange(plan, network, rules)
    return _with_plan(pool, plan, network, rules)


def _plan_of(label: Ints) -> Plan:
    order = np.argsort(label, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(order) else []
    return {unit: tuple(part.tolist()) for part in parts for unit in part.tolist()}


def _groups(plan: Plan) -> list[tuple[int, ...]]:
    return sorted(set(plan.values()))


def _rearrange(plan: Plan, network: Network, rules: MergeRules) -> None:
    """Improve a plan in place; a group is looked at again where something next to it changed."""
    left = MOST_STEPS[0] + MOST_STEPS[1] * len(network)
    costs = {group: price(network, np.array(group, np.int32))[0] for group in _groups(plan)}
    tried: set[tuple[int, ...]] = set()
    waiting = network.by_code(plan).tolist()
    while waiting and left > 0:
        again: set[int] = set()
        for unit in waiting:
            window = _window(plan, plan[unit], network)
            if len(window) == len(plan[unit]) or window in tried:
                continue
            tried.add(window)
            if left <= 0:
                break
            by_code = network.by_code(window)
            masks, total, steps = best_within(network.tables, by_code, rules.max_units)
            left -= steps
            before = sorted({plan[k] for k in window})
            gain = total - np.sum([costs[group] for group in before], axis=0)
            changed = gain[gain != 0]
            if not len(changed) or changed[0] > 0:
                continue
            for mask in masks.tolist():
                picked = [int(k) for at, k in enumerate(by_code) if mask >> at & 1]
                group = tuple(sorted(picked))
                costs[group] = price(network, np.array(group, np.int32))[0]
                plan.update(dict.fromkeys(group, group))
                # what was found best before may not be any more
            again.update(window)
            for one in window:
                again.update(network.around(one).tolist())
        waiting = network.by_code(again).tolist()


def _window(plan: Plan, own: tuple[int, ...], network: Network) -> tuple[int, ...]:
    """Return the units of a group and of those around it, as many as can be rearranged.

    What has most borders with those taken so far comes next, healthy units by themselves last.
    """
    found = list(own)
    contacts: dict[tuple[int, ...], int] = {}
    last = own
    while True:
        for unit in last:
            for other in network.around(unit).tolist():
                contacts[plan[other]] = contacts.get(plan[other], 0) + 1
        for group in [g for g in contacts if g[0] in found or len(g) + len(found) > WINDOW]:
            del contacts[group]
        if not contacts:
            return tuple(sorted(found))
        last = min(
            contacts,
            key=lambda g: (len(g) == 1 and not network.tables.under[g[0]], -contacts[g], g),
        )
        found += last


def _with_plan(pool: Pool, plan: Plan, network: Network, rules: MergeRules) -> Pool:
    """Add the groups of a plan to the pool where they are missing."""
    groups = _groups(plan)
    known = _rows_of(groups, pool)
    new = [group for group in groups if group not in known]
    width = max(pool.members.shape[1], *(len(group) for group in groups))
    members = np.full((len(pool) + len(new), width), -1, np.int32)
    members[: len(pool), : pool.members.shape[1]] = pool.members
    costs, hubs = [pool.costs], [pool.hubs]
    for k, group in enumerate(new):
        by_code = network.by_code(group)
        cost, hub = price(network, by_code)
        members[len(pool) + k, : len(group)] = by_code
        costs.append(cost[None])
        hubs.append(np.array([hub], np.int32))
        known[group] = len(pool) + k
    return replace(
        pool, members=members, costs=np.concatenate(costs), hubs=np.concatenate(hubs),
        chosen=np.array(sorted(known[group] for group in groups), np.int64),
    )  # fmt: skip


def _rows_of(groups: list[tuple[int, ...]], pool: Pool) -> dict[tuple[int, ...], int]:
    """Return the rows of those groups that the pool has."""
    digests = _digest(pool.members)
    width = max(len(group) for group in groups)
    wanted = np.full((len(groups), width), -1, np.int64)
    for k, group in enumerate(groups):
        wanted[k, : len(group)] = group
    found = {}
    for row in np.flatnonzero(np.isin(digests, _digest(wanted))).tolist():
        members = pool.members[row]
        found[tuple(sorted(members[members >= 0].tolist()))] = row
    return {group: found[group] for group in groups if group in found}


def _digest(members: NDArray[np.integer[Any]]) -> NDArray[np.uint64]:
    """Return a number a group, whatever the order of its members."""
    mixed = (members + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return np.asarray((mixed * np.uint64(0xBF58476D1CE4E5B9)).sum(axis=1))
