"""A good plan of a zone that has too many groups to list them all.

Groups are grown smallest first and then rearranged, window by window of neighbouring groups, with
every connected set of the units in a window to choose from, as large as the rules allow. The plan
of least cost among that and the one made of the narrower groups that were listed is improved the
same way. There is no bound: groups that nobody listed might do better.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geo.merging.candidates import Network, Pool, price
from geo.merging.growing import best_within, grow_plan
from geo.merging.rules import MergeRules

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Plan = dict[int, tuple[int, ...]]  # the group of each unit, places in the network, ascending

WINDOW = 11  # units rearranged at once, a few milliseconds
WINDOWS_A_UNIT = 1.0
_FIRST_WINDOWS = 200


def improve_by_windows(network: Network, rules: MergeRules, pool: Pool, begin: Ints) -> Pool:
    """Return the pool with the groups of a good plan added, and that plan's rows last.

    Parameters
    ----------
    begin
        Rows of a plan made of the pool.

    Returns
    -------
    Pool
        Its ``chosen`` are the rows of the plan.
    """
    grown = grow_plan(*network.tables, rules.max_units, rules.objective == "most_groups")
    plans = [_plan_of(grown, network)]
    rows = pool.members[begin]
    label = np.empty(len(network), np.int64)
    label[rows[rows >= 0]] = np.repeat(begin, (rows >= 0).sum(axis=1))
    plans.append(_plan_of(label, network))
    totals = [tuple(_cost_of(plan, network, rules).tolist()) for plan in plans]
    plan = plans[int(totals[1] < totals[0])]
    _rearrange(plan, network, rules)
    return _with_plan(pool, plan, network, rules)


def _plan_of(label: Ints, network: Network) -> Plan:
    order = np.argsort(label, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(order) else []
    return {unit: tuple(part.tolist()) for part in parts for unit in part.tolist()}


def _groups(plan: Plan) -> list[tuple[int, ...]]:
    return sorted(set(plan.values()))


def _cost_of(plan: Plan, network: Network, rules: MergeRules) -> Ints:
    costs = [price(network, np.array(g, np.int32), rules)[0] for g in _groups(plan)]
    return np.asarray(np.sum(costs, axis=0))


def _rearrange(plan: Plan, network: Network, rules: MergeRules) -> None:
    """Improve a plan in place; a group is looked at again where something next to it changed."""
    left = _FIRST_WINDOWS + int(WINDOWS_A_UNIT * len(network))
    costs = {
        group: price(network, np.array(group, np.int32), rules)[0] for group in _groups(plan)
    }
    tried: set[tuple[int, ...]] = set()
    most_groups = rules.objective == "most_groups"
    waiting = sorted(plan, key=lambda unit: int(network.rank[unit]))
    while waiting and left > 0:
        again: set[int] = set()
        for unit in waiting:
            window = _window(plan, plan[unit], network)
            if len(window) == len(plan[unit]) or window in tried:
                continue
            tried.add(window)
            left -= 1
            if left < 0:
                break
            by_code = np.array(sorted(window, key=lambda k: int(network.rank[k])), np.int32)
            masks, total = best_within(
                by_code, *network.tables, network.roots, rules.max_units, most_groups
            )
            before = sorted({plan[k] for k in window})
            gain = total - np.sum([costs[group] for group in before], axis=0)
            changed = gain[gain != 0]
            if not len(changed) or changed[0] > 0:
                continue
            for mask in masks.tolist():
                picked = [int(k) for at, k in enumerate(by_code) if mask >> at & 1]
                group = tuple(sorted(picked))
                costs[group] = price(network, np.array(group, np.int32), rules)[0]
                plan.update(dict.fromkeys(group, group))
                # what was found best before may not be any more
            again.update(window)
            for one in window:
                again.update(network.around(one).tolist())
        waiting = sorted(again, key=lambda unit: int(network.rank[unit]))


def _window(plan: Plan, own: tuple[int, ...], network: Network) -> tuple[int, ...]:
    """Return the units of a group and of those it borders most, as many as can be rearranged."""
    contacts: dict[tuple[int, ...], int] = {}
    for unit in own:
        for other in network.around(unit).tolist():
            if plan[other] != own:
                contacts[plan[other]] = contacts.get(plan[other], 0) + 1
    found = list(own)
    for group in sorted(contacts, key=lambda g: (len(g) == 1 and not network.under[g[0]],
                                                 -contacts[g], g)):  # fmt: skip
        if len(found) + len(group) <= WINDOW:
            found += group
    return tuple(sorted(found))


def _with_plan(pool: Pool, plan: Plan, network: Network, rules: MergeRules) -> Pool:
    """Add the groups of a plan to the pool where they are missing."""
    known = {tuple(sorted(row[row >= 0].tolist())): k for k, row in enumerate(pool.members)}
    groups = _groups(plan)
    new = [group for group in groups if group not in known]
    width = max(pool.members.shape[1], *(len(group) for group in groups))
    members = np.full((len(pool) + len(new), width), -1, np.int32)
    members[: len(pool), : pool.members.shape[1]] = pool.members
    costs, hubs = [pool.costs], [pool.hubs]
    for k, group in enumerate(new):
        by_code = np.array(sorted(group, key=lambda unit: int(network.rank[unit])), np.int32)
        cost, hub = price(network, by_code, rules)
        members[len(pool) + k, : len(group)] = by_code
        costs.append(cost[None])
        hubs.append(np.array([hub], np.int32))
        known[group] = len(pool) + k
    return replace(
        pool, members=members, costs=np.concatenate(costs), hubs=np.concatenate(hubs),
        chosen=np.array(sorted(known[group] for group in groups), np.int64),
    )  # fmt: skip
