"""Joint villages of a draft: what edits do to them, and what stands in the way of publishing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import shapely
import sqlalchemy as sa

from api.services.plans.opening import Row
from api.services.shapes import Json
from data import joint_publishing, plan_joints, plan_lines
from geo.edits import JointVillage
from geo.problems import Problem


def changed_joint(
    before: Sequence[JointVillage], after: Sequence[JointVillage] | None
) -> list[tuple[JointVillage | None, JointVillage | None]]:
    """Return what each joint village was and is, by code, of those that differ.

    ``after`` is None where nothing was done to them.
    """
    old = {joint.code: joint for joint in before}
    new = old if after is None else {joint.code: joint for joint in after}
    codes = sorted({*old, *new})
    pairs = [(old.get(code), new.get(code)) for code in codes]
    return [(was, now) for was, now in pairs if _content(was) != _content(now)]


def _content(joint: JointVillage | None) -> Any:  # noqa: ANN401
    return joint and (joint.name, joint.members)


def members_of(pairs: Iterable[tuple[JointVillage | None, JointVillage | None]]) -> set[str]:
    """Return the members of all of them, before and after."""
    return {village for pair in pairs for one in pair if one for village in one.members}


def codes_gone(before: Sequence[JointVillage], after: Sequence[JointVillage]) -> list[str]:
    """Return the codes that are there before and not after, sorted."""
    return sorted({joint.code for joint in before} - {joint.code for joint in after})


def describe_joint(
    before: Sequence[JointVillage], after: Sequence[JointVillage] | None
) -> list[Json]:
    """Return the joint villages that differ, as answers show them."""
    return [_describe(was, now) for was, now in changed_joint(before, after)]


def _describe(was: JointVillage | None, now: JointVillage | None) -> Json:
    shown = now or was
    assert shown is not None
    return {
        "code": shown.code,
        "change": "added" if was is None else "removed" if now is None else "changed",
        "name": shown.name,
        "members": list(shown.members),
        "before": None if was is None else {"name": was.name, "members": list(was.members)},
    }


def find_joint_problems(connection: sa.Connection, plan: Row) -> list[Problem]:
    """Return why the joint villages of a plan cannot come into force: conflicts first."""
    if plan["state"] not in ("draft", "submitted"):
        return []
    identity = plan["id"]
    lost = set(joint_publishing.find_codes_lost(connection, identity))
    pinned = plan_joints.fetch_pinned(connection, identity)
    drafted = plan_joints.fetch(connection, identity, pinned)
    conflicts = {one.code: one.members for one in drafted if one.code in lost}
    conflicts |= {
        one.code: one.members for one in joint_publishing.find_conflicts(connection, identity)
    }
    gone = joint_publishing.find_members_gone(connection, identity)
    return [
        *(
            Problem(
                "plan_conflict",
                {"villages": list(members), "codes": [code]},
                grids=(code,),
                geometry=_land_of(connection, plan, members),
            )
            for code, members in sorted(conflicts.items())
        ),
        *(
            Problem("joint_member_gone", {"code": code, "villages": villages}, grids=(code,))
            for code, villages in gone.items()
        ),
    ]


def _land_of(
    connection: sa.Connection, plan: Row, villages: Iterable[str]
) -> shapely.Geometry | None:
    units = plan_lines.fetch_villages(connection, plan["id"], villages)
    known = [shape for shape in units.geometry if shape is not None]
    return shapely.union_all(known) if known else None
