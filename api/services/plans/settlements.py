"""Natural villages for the editor of a draft: who has which of them, and who lives there.

Counting their households and cutting them by the grids takes most of the time, and an edit changes
few of them: both are kept by what they were made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
import sqlalchemy as sa

from api.refusals import TooLarge
from api.services.caller import Caller
from api.services.held import Recent
from api.services.plans.grids import MAX_GRIDS, Box, is_inside, what_is_asked, write_collection
from api.services.plans.opening import Identity, Row, read_plan
from data import plan_views, workspace
from geo.shares import measure_shares
from geo.zones import project_shapes, zones_of

_LAYERS = ("natural_villages", "households")

# The version of the layers, and the natural village.
CountKey = tuple[str, int]
# The version of the layer, the natural village, the versions of the grids around it.
ShareKey = tuple[str, int, tuple[int, ...]]


class Counts(NamedTuple):
    """What is on the land of a natural village."""

    households: int
    residents: int
    area_m2: float


class Shared(NamedTuple):
    """The versions of grids that have land of a natural village, the largest share first.

    ``whole`` is the one that has all of it, if one has.
    """

    whole: int | None
    parts: tuple[int, ...]


class Settlements:
    """What the process keeps of natural villages."""

    def __init__(self, size: int = 50_000) -> None:
        self.counts = Recent[CountKey, Counts](size)
        self.shares = Recent[ShareKey, Shared](size)


def write_natural_villages(
    connection: sa.Connection,
    identity: Identity,
    *,
    caller: Caller,
    memory: Settlements,
    bbox: Box | None = None,
    village: str | None = None,
) -> str:
    """Return natural villages as GeoJSON, by code, asked as grids are.

    Raises
    ------
    NotFound
        Also ``village_not_found``.
    TooLarge
        ``too_many_grids_asked``.
    """
    plan = read_plan(connection, identity, caller)
    asked = what_is_asked(connection, plan, caller, bbox, village)
    rows = plan_views.fetch_natural_villages(connection, **asked, limit=MAX_GRIDS + 1)
    if len(rows) > MAX_GRIDS:
        raise TooLarge("too_many_grids_asked", limit=MAX_GRIDS)
    counts = _count(connection, [row.id for row in rows], memory)
    shares, codes = _share_out(connection, plan, rows, caller, memory)
    scope = plan["scope_code"]
    return write_collection(
        plan,
        (
            (
                row.shape,
                {
                    "id": row.id,
                    "code": row.code,
                    "name": row.name,
                    "village_code": row.village_code,
                    **count._asdict(),
                    "grid": None if shared.whole is None else codes[shared.whole],
                    "grids": [codes[grid] for grid in shared.parts],
                    "editable": is_inside(row.village_code, scope),
                },
            )
            for row, count, shared in zip(rows, counts, shares, strict=True)
        ),
    )


def _count(connection: sa.Connection, ids: Sequence[int], memory: Settlements) -> list[Counts]:
    version = workspace.etag(connection, _LAYERS)
    keys = [(version, id) for id in ids]
    found = memory.counts.find(keys)
    unknown = [id for id, counts in zip(ids, found, strict=True) if counts is None]
    if not unknown:
        return [counts for counts in found if counts is not None]
    people = plan_views.count_households(connection, unknown)
    shapes = plan_views.fetch_natural_shapes(connection, unknown)
    land = np.array([shapes[id] for id in unknown], dtype=object)
    areas = shapely.area(project_shapes(land, zones_of(land))).tolist()
    fresh = {id: Counts(*people[id], area_m2=area) for id, area in zip(unknown, areas, strict=True)}
    memory.counts.keep({(version, id): counts for id, counts in fresh.items()})
    return [counts or fresh[id] for id, counts in zip(ids, found, strict=True)]


def _share_out(
    connection: sa.Connection,
    plan: Row,
    rows: Sequence[Any],
    caller: Caller,
    memory: Settlements,
) -> tuple[list[Shared], Mapping[int, str]]:
    """Return who has what of each natural village, and the codes of these versions of grids."""
    if not rows:
        return [], {}
    boxes = np.array([(row.west, row.south, row.east, row.north) for row in rows])
    around = (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())
    grids = plan_views.fetch_boxes(connection, plan["id"], around, seen=caller.scopes)
    theirs = np.array([(g.west, g.south, g.east, g.north) for g in grids]).reshape(-1, 4)
    tree = shapely.STRtree(shapely.box(*theirs.T))
    near: list[list[int]] = [[] for _ in rows]
    # by code: of grids that lie over each other the lowest one has what both have
    for row, grid in sorted(tree.query(shapely.box(*boxes.T)).T.tolist()):
        near[row].append(grids[grid].id)
    version = workspace.etag(connection, ("natural_villages", "grids"))
    keys = [(version, row.id, tuple(ids)) for row, ids in zip(rows, near, strict=True)]
    found = memory.shares.find(keys)
    unknown = [key for key, shared in zip(keys, found, strict=True) if shared is None]
    fresh = _cut(connection, unknown)
    memory.shares.keep(fresh)
    known = [shared or fresh[key] for key, shared in zip(keys, found, strict=True)]
    return known, {grid.id: grid.code for grid in grids}


def _cut(connection: sa.Connection, keys: Sequence[ShareKey]) -> dict[ShareKey, Shared]:
    if not keys:
        return {}
    mine = plan_views.fetch_natural_shapes(connection, [id for _, id, _ in keys])
    ids = sorted({grid for _, _, grids in keys for grid in grids})
    theirs = plan_views.fetch_grid_shapes(connection, ids)
    place = {id: position for position, id in enumerate(ids)}
    pairs = [(row, place[grid]) for row, (_, _, grids) in enumerate(keys) for grid in grids]
    first, second = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    shares = measure_shares(
        np.array([mine[id] for _, id, _ in keys], dtype=object),
        np.array([theirs[id] for id in ids], dtype=object),
        (first, second),
    )
    parts: list[list[tuple[float, int]]] = [[] for _ in keys]
    whole: list[int | None] = [None for _ in keys]
    of_pairs = zip(pairs, shares.area_m2.tolist(), shares.whole.tolist(), strict=True)
    for (row, position), area, all_of_it in of_pairs:
        if area > 0:
            parts[row].append((area, ids[position]))
        if all_of_it and whole[row] is None:
            whole[row] = ids[position]
    return {
        key: Shared(one, tuple(grid for _, grid in sorted(of_grids, key=lambda p: -p[0])))
        for key, one, of_grids in zip(keys, whole, parts, strict=True)
    }
