"""Along the log of a plan: undo, redo, and the log itself."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from typing import Any

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from api.refusals import Conflict
from api.services.caller import Caller
from api.services.plans import drafted
from api.services.plans.editing import EDITABLE, plan_state
from api.services.plans.joint import codes_gone, describe_joint
from api.services.plans.opening import Identity, Row, read_plan, take_plan
from api.services.shapes import Json
from data import plan_joints, plan_lines, plan_log, plans


def step(
    connection: sa.Connection,
    identity: Identity,
    way: int,
    *,
    caller: Caller,
    seen: int | None,
    now: datetime,
    geometry: bool = True,
) -> Json:
    """Undo the last edit (−1) or redo the next one (+1); ``geometry``: answer shapes, too.

    Raises
    ------
    Conflict
        ``nothing_to_undo``, ``nothing_to_redo``.
    """
    plan = take_plan(connection, identity, caller, seen=seen, states=EDITABLE)
    if way < 0 and not plan["head"]:
        raise Conflict("nothing_to_undo")
    if way > 0 and not plan["undone"]:
        raise Conflict("nothing_to_redo")
    entry = plan_log.fetch_entry(connection, plan["id"], plan["head"] + (1 if way > 0 else 0))
    if entry is None:
        raise LookupError(f"plan {plan['id']} has no edit where its head says")
    outcome = entry["outcome"]
    villages = outcome["villages"]
    members = _members(outcome)
    joint = plan_joints.fetch(connection, plan["id"], members)
    old = plan_lines.fetch_lines(connection, plan["id"], villages)
    touched = sorted({*villages, *members})
    plans.announce(connection, author=caller.name, villages=touched)
    moved = plan_lines.move_head(connection, plan["id"], way, now=now)
    if moved is None:
        raise LookupError(f"plan {plan['id']} has no edit to move along")
    new = plan_lines.fetch_lines(connection, plan["id"], villages)
    told = _compare(connection, moved, old, new, geometry=geometry)
    joint_now = plan_joints.fetch(connection, plan["id"], members)
    return {
        **plan_state(moved),
        "preview": False,
        "edit": entry["edit"],
        **told,
        "created": sorted([*told["created"], *codes_gone(joint_now, joint)]),
        "removed": sorted([*told["removed"], *codes_gone(joint, joint_now)]),
        "villages": touched,
        "joint_villages": describe_joint(joint, joint_now),
        "problems": [],
    }


def _members(outcome: Mapping[str, Any]) -> set[str]:
    """Return the members of the joint villages an edit changed, before and after."""
    sides = outcome.get("joint", {}).values()
    return {village for side in sides for joint in side for village in joint["members"]}


def _compare(
    connection: sa.Connection,
    plan: Row,
    old: gpd.GeoDataFrame,
    new: gpd.GeoDataFrame,
    *,
    geometry: bool,
) -> Json:
    """Return what is different between two states of villages of a plan; store fresh numbers."""
    measured = drafted.measure_draft(connection, plan, new)
    # a border household may go to another grid although that one's line stays as it is
    stale = (measured["content"] != new["content"]) & new["drafted"].astype(bool)
    codes = new.loc[stale, "code"]
    plan_lines.store_indicators(connection, plan["id"], measured[stale].set_axis(codes))
    numbers = drafted.read_numbers(measured)
    before = drafted.read_numbers(old)
    codes_before, codes_after = set(old["code"]), set(new["code"])
    # rows of a draft are never rewritten: another id is another version of the grid
    kept = set(old["id"])
    changed = new.loc[~new["id"].isin(kept), "code"]
    paired = {now: before[was] for now, was in _pair(old, new).items()}
    villages = plan_lines.fetch_villages(connection, plan["id"], new["village_code"].unique())
    locked = villages.loc[villages["locked"].astype(bool), "code"]
    return {
        "changed": drafted.describe_grids(new, numbers, paired, changed, locked, geometry=geometry),
        "created": sorted(codes_after - codes_before),
        "removed": sorted(codes_before - codes_after),
    }


def _pair(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> dict[Hashable, Hashable]:
    """Return index of ``new`` → index of the same grid in ``old``, by what it continues or code."""
    by_base = {b: i for i, b in zip(old.index, old["base_id"], strict=True) if not pd.isna(b)}
    by_code = dict(zip(old["code"], old.index, strict=True))
    found = {}
    for index, base, code in zip(new.index, new["base_id"], new["code"], strict=True):
        partner = by_code.get(code) if pd.isna(base) else by_base.get(base)
        if partner is not None:
            found[index] = partner
    return found


def show_log(
    connection: sa.Connection,
    identity: Identity,
    *,
    caller: Caller,
    before: int | None = None,
    limit: int | None = None,
) -> Json:
    """Return the last ``limit`` edits of the log before a position, by position."""
    plan = read_plan(connection, identity, caller)
    page = plan_log.fetch_page(connection, plan["id"], before=before, limit=limit)
    return {
        "id": str(plan["id"]),
        "revision": plan["revision"],
        "head": plan["head"],
        "total": page.total,
        "edits": [_describe_entry(entry) for entry in page.rows],
    }


def _describe_entry(entry: Mapping[str, Any]) -> Json:
    outcome = entry["outcome"]
    listed: Iterable[str] = ("changed", "created", "removed")
    return {
        **{name: entry[name] for name in ("position", "state", "revision", "edit")},
        **{name: outcome.get(name, []) for name in listed},
        "villages": sorted({*outcome.get("villages", []), *_members(outcome)}),
        "author": entry["author"],
        "made_at": entry["made_at"],
    }
