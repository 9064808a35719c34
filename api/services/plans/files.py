"""A plan as one file: GeoJSON of its grids, with the log, the comments and what it started from."""

from __future__ import annotations

import hashlib
from typing import Any

import geopandas as gpd
import shapely
import sqlalchemy as sa
from pydantic_core import to_json

from api.services.caller import Caller
from api.services.geojson import geometry_json
from api.services.plans import comments
from api.services.plans.drafted import measure_draft, read_numbers
from api.services.plans.opening import Identity, Row, read_plan
from api.services.shapes import Json, plain
from data import plan_comments, plan_joints, plan_lines, plan_log

FORMAT = 1
_NAMED = ("code", "name", "village_code", "kind", "parent_code", "locked")


def write_plan(connection: sa.Connection, identity: Identity, *, caller: Caller) -> str:
    """Return a plan as a FeatureCollection: the grids of the villages it touched, as they would be.

    The member ``wangge_plan`` holds what makes the plan again: name, scope, edits, comments, and
    digests of the lines it started from.
    """
    plan = read_plan(connection, identity, caller)
    villages = plan_lines.touched(connection, plan["id"])
    lines = plan_lines.fetch_lines(connection, plan["id"], villages)
    numbers = read_numbers(measure_draft(connection, plan, lines))
    features = [
        {
            "type": "Feature",
            "geometry": geometry_json(row["geometry"]),
            "properties": {
                **{name: plain(row[name]) for name in _NAMED},
                **numbers[index],
            },
        }
        for index, row in zip(lines.index, lines.to_dict("records"), strict=True)
    ]
    collection = {
        "type": "FeatureCollection",
        "wangge_plan": _about(connection, plan, villages),
        "features": features,
    }
    return to_json(collection, inf_nan_mode="null").decode()


def _about(connection: sa.Connection, plan: Row, villages: list[str]) -> Json:
    base = plan_lines.fetch_base(connection, plan["id"], villages)
    return {
        "format": FORMAT,
        "id": str(plan["id"]),
        "name": plan["name"],
        "scope": plan["scope_code"],
        "network": plan["network"],
        "state": plan["state"],
        "revision": plan["revision"],
        "note": plan["note"],
        "base_at": plan["base_at"],
        "edits": [
            {
                "edit": entry["edit"],
                "created": entry["outcome"].get("created", []),
                "recoded": entry["outcome"].get("recoded", {}),
                "author": entry["author"],
                "made_at": entry["made_at"],
            }
            for entry in plan_log.fetch_applied(connection, plan["id"])
        ],
        "comments": [
            comments.describe_comment(row)
            for row in plan_comments.fetch_comments(connection, plan["id"])
        ],
        "joint_villages": [
            {"code": joint.code, "name": joint.name, "members": list(joint.members)}
            for joint in plan_joints.fetch(
                connection, plan["id"], plan_joints.fetch_pinned(connection, plan["id"])
            )
        ],
        "base": [
            {"village": str(village), "codes": rows["code"].tolist(), "digest": digest_lines(rows)}
            for village, rows in base.groupby("village_code")
        ],
    }


def digest_lines(lines: gpd.GeoDataFrame) -> str:
    """Return a digest of codes and shapes, whatever the order of the rows (SHA-256)."""
    digest = hashlib.sha256()
    ordered = lines.sort_values("code")
    for code, shape in zip(ordered["code"], normal_shapes(ordered), strict=True):
        digest.update(f"{code} ".encode() + shapely.to_wkb(shape, byte_order=1))
    return digest.hexdigest()


def normal_shapes(lines: gpd.GeoDataFrame) -> Any:  # noqa: ANN401
    """Return shapes in the one form in which equal shapes are equal node by node."""
    return shapely.normalize(lines.geometry.to_numpy())
