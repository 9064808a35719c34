"""What the grids of a plan's scope amount to: before it, and in its draft. No shape is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from api.services import indicators
from api.services.caller import Caller
from api.services.plans.opening import Identity, read_plan
from api.services.shapes import Json
from data import plan_views
from geo.profiles import AreaType, SizeRule

_STATUSES = ("within", "below", "above", "empty")


def summarise(connection: sa.Connection, identity: Identity, *, caller: Caller) -> Json:
    """Return the numbers of the grids in a plan's scope: in the lines it started from, and now.

    Raises
    ------
    NotFound
    """
    plan = read_plan(connection, identity, caller)
    rules = indicators.recall_rules(connection)
    rows = plan_views.fetch_sizes(connection, plan["id"], plan["scope_code"])
    kinds = [rules.area_types.get(row.village_code, rules.profile.rural_default) for row in rows]
    of_kind = {kind: rules.profile.size_rule(kind) for kind in sorted(set(kinds))}
    named = list(zip(rows, kinds, strict=True))
    after = [(row, kind) for row, kind in named if row.after]
    return {
        "id": str(plan["id"]),
        "state": plan["state"],
        "revision": plan["revision"],
        "rule": describe_rule(_most_common(after, of_kind)),
        "before": _amount([(row, kind) for row, kind in named if row.before], of_kind),
        "after": _amount(after, of_kind),
    }


def describe_rule(rule: SizeRule | None) -> Json | None:
    """Return a size rule as answers show it."""
    if rule is None:
        return None
    return {"minimum": rule.minimum, "target": rule.target, "maximum": rule.maximum}


def _most_common(
    rows: Iterable[tuple[Any, AreaType]], of_kind: Mapping[AreaType, SizeRule | None]
) -> SizeRule | None:
    """Return the rule most of the grids stand under."""
    counts: Counter[AreaType] = Counter()
    for row, kind in rows:
        if of_kind[kind] is not None:
            counts[kind] += row.grids
    return of_kind[counts.most_common(1)[0][0]] if counts else None


def _amount(rows: list[tuple[Any, AreaType]], of_kind: Mapping[AreaType, SizeRule | None]) -> Json:
    parts: dict[AreaType, list[Any]] = {}
    for row, kind in rows:
        parts.setdefault(kind, []).append(row)
    added = {kind: _add(its) for kind, its in sorted(parts.items())}
    by_kind = {kind: {"rule": describe_rule(of_kind[kind]), **its} for kind, its in added.items()}
    return {**_total(added.values()), "by_area_type": by_kind}


def _add(rows: Iterable[Any]) -> Json:
    grids = residents = 0
    sizes: list[int] = []
    statuses: Counter[str | None] = Counter()
    for row in rows:
        grids += row.grids
        residents += row.residents or 0
        sizes += [size for size in row.households if size is not None]
        statuses[row.profile_status] += row.grids
    return _described(grids, residents, sizes, [statuses[name] for name in _STATUSES])


def _total(parts: Collection[Json]) -> Json:
    sizes = [size for part in parts for size in part["sizes"]]
    counts = [sum(part[name] for part in parts) for name in _STATUSES]
    grids, residents = (sum(part[name] for part in parts) for name in ("grids", "residents"))
    return _described(grids, residents, sizes, counts)


def _described(grids: int, residents: int, sizes: list[int], counts: list[int]) -> Json:
    sizes.sort()
    return {
        "grids": grids,
        "households": sum(sizes),
        "residents": residents,
        "rated": sum(counts),
        **dict(zip(_STATUSES, counts, strict=True)),
        "smallest": sizes[0] if sizes else None,
        "largest": sizes[-1] if sizes else None,
        "sizes": sizes,
    }
