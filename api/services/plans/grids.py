"""The grids of a draft for its editor: exact stored coordinates, numbers, locks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json

from api.refusals import NotFound, TooLarge
from api.services.caller import Caller
from api.services.plans.opening import Identity, Row, read_plan
from api.services.shapes import Json
from data import plan_views
from geo.indicators import INDICATORS

MAX_GRIDS = 20_000
_NAMED = ("code", "name", "village_code", "kind", "parent_code", "drafted", "locked")
_SHOWN = (*_NAMED, *INDICATORS)

Box = plan_views.Box


def write_grids(
    connection: sa.Connection,
    identity: Identity,
    *,
    caller: Caller,
    bbox: Box | None = None,
    village: str | None = None,
) -> str:
    """Return the draft's grids as GeoJSON, by code: those asked, else those of its scope.

    Beyond the scope they are shown and not edited: ``editable`` is false.

    Parameters
    ----------
    bbox
        West, south, east, north: grids that meet the box.
    village
        Beginning of the village code: grids of these villages.

    Raises
    ------
    NotFound
        Also ``village_not_found``.
    TooLarge
        ``too_many_grids_asked`` above :data:`MAX_GRIDS`.
    """
    plan = read_plan(connection, identity, caller)
    asked = what_is_asked(connection, plan, caller, bbox, village)
    rows = plan_views.fetch_grids(connection, plan["id"], **asked, limit=MAX_GRIDS + 1)
    if len(rows) > MAX_GRIDS:
        raise TooLarge("too_many_grids_asked", limit=MAX_GRIDS)
    scope = plan["scope_code"]
    return write_collection(
        plan,
        (
            (
                row.shape,
                {
                    **{name: getattr(row, name) for name in _SHOWN},
                    "editable": is_inside(row.village_code, scope),
                },
            )
            for row in rows
        ),
    )


def what_is_asked(
    connection: sa.Connection, plan: Row, caller: Caller, bbox: Box | None, village: str | None
) -> dict[str, Any]:
    """Return what to look for; refuse a village there is none of."""
    if village is not None and not (
        caller.covers(village) and plan_views.is_village(connection, plan["id"], village)
    ):
        raise NotFound("village_not_found", village=village)
    scope = plan["scope_code"] if bbox is None and village is None else None
    return {"scope": scope, "village": village, "bbox": bbox, "seen": caller.scopes}


def is_inside(village: str | None, scope: str) -> bool:
    """Return whether a village belongs to the scope of a plan."""
    return village is not None and village.startswith(scope)


def write_collection(plan: Row, features: Iterable[tuple[str, Json]]) -> str:
    """Return a FeatureCollection of shapes, which are GeoJSON already, and their properties."""
    about = {name: plan[name] for name in ("state", "revision", "head")}
    head = {"type": "FeatureCollection", "plan": str(plan["id"]), **about}
    written = ",".join(
        f'{{"type":"Feature","geometry":{shape},"properties":{_write(properties)}}}'
        for shape, properties in features
    )
    return f'{_write(head)[:-1]},"features":[{written}]}}'


def _write(value: Json) -> str:
    return to_json(value, inf_nan_mode="null").decode()
