"""The grids of a draft for its editor: exact stored coordinates, numbers, locks."""

from __future__ import annotations

import sqlalchemy as sa
from pydantic_core import to_json

from api.refusals import TooLarge
from api.services.caller import Caller
from api.services.plans.drafted import read_numbers
from api.services.plans.opening import Identity, Row, read_plan
from api.services.shapes import Json, plain, shape_geometry
from data import plan_checks, plan_lines

MAX_GRIDS = 20_000
_NAMED = ("code", "name", "village_code", "kind", "parent_code", "drafted")

Box = tuple[float, float, float, float]


def write_grids(
    connection: sa.Connection,
    identity: Identity,
    *,
    caller: Caller,
    bbox: Box | None = None,
    village: str | None = None,
) -> str:
    """Return the draft's grids inside its scope as GeoJSON, by code.

    Parameters
    ----------
    bbox
        West, south, east, north: grids that meet the box.
    village
        Beginning of the village code: grids of these villages.

    Raises
    ------
    TooLarge
        ``too_many_grids_asked`` above :data:`MAX_GRIDS`.
    """
    plan = read_plan(connection, identity, caller)
    codes = plan_checks.fetch_codes(
        connection,
        plan["id"],
        scope=plan["scope_code"],
        village=village,
        bbox=bbox,
        limit=MAX_GRIDS + 1,
    )
    if len(codes) > MAX_GRIDS:
        raise TooLarge("too_many_grids_asked", limit=MAX_GRIDS)
    lines = plan_lines.fetch_grids(connection, plan["id"], codes)
    villages = plan_lines.fetch_villages(connection, plan["id"], lines["village_code"].unique())
    locked = set(villages.loc[villages["locked"].astype(bool), "code"])
    numbers = read_numbers(lines)
    features = [
        {
            "type": "Feature",
            "geometry": shape_geometry(row["geometry"]),
            "properties": {
                **{name: plain(row[name]) for name in _NAMED},
                "locked": bool(row["locked"]) or row["village_code"] in locked,
                **numbers[index],
            },
        }
        for index, row in zip(lines.index, lines.to_dict("records"), strict=True)
    ]
    collection = {"type": "FeatureCollection", **_about(plan), "features": features}
    return to_json(collection, inf_nan_mode="null").decode()


def _about(plan: Row) -> Json:
    named = {name: plan[name] for name in ("state", "revision", "head")}
    return {"plan": str(plan["id"]), **named}
