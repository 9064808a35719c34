"""The ground of an edit: which villages it is about, and their lines as the plan has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from api.refusals import EditRefused
from api.services.plans.opening import Row
from data import plan_joints, plan_lines
from geo.edits import ApplySuggestion, Edit, Needs, Partition, needs
from geo.edits.values import JoinVillages, LeaveJointVillage, SetAttributes
from geo.problems import Problem


def fetch_ground(connection: sa.Connection, plan: Row, edit: Edit) -> Partition:
    """Read what an edit may touch; the cost depends on the villages it is about.

    Raises
    ------
    EditRefused
        ``outside_plan_scope`` for units outside the plan, ``edit_misses`` for a drawing that meets
        no village.
    """
    wanted = needs(edit)
    if isinstance(edit, ApplySuggestion) and edit.edit is not None:
        edit = edit.edit
    if isinstance(edit, (JoinVillages, LeaveJointVillage)):
        named = getattr(edit, "code", None)
        return _fetch_joint(connection, plan, wanted.villages, [named] if named else [])
    codes = find_villages(connection, plan, wanted)
    if isinstance(edit, SetAttributes) and not codes:  # of no grid: perhaps of a joint village
        return _fetch_joint(connection, plan, (), [edit.grid])
    identity = plan["id"]
    cells = None
    if wanted.natural_villages:
        cells = plan_lines.fetch_natural_villages(connection, codes)
    return Partition(
        plan_lines.fetch_lines(connection, identity, codes),
        plan_lines.fetch_villages(connection, identity, codes),
        cells,
        plan_lines.fetch_taken(connection, identity, codes),
    )


def _fetch_joint(
    connection: sa.Connection, plan: Row, villages: Sequence[str], codes: Sequence[str]
) -> Partition:
    """Read villages with the joint villages they are in, and those of these codes.

    No grid is touched: grids are read where no outline tells what a village borders on.
    """
    identity = plan["id"]
    joint = plan_joints.fetch(connection, identity, villages, codes)
    met = sorted({*villages, *(village for one in joint for village in one.members)})
    _refuse_foreign(plan, {village: village for village in met})
    units = plan_lines.fetch_villages(connection, identity, met)
    bare = units["code"][units.geometry.isna().to_numpy()].tolist()
    return Partition(
        plan_lines.fetch_lines(connection, identity, bare),
        units,
        taken=plan_joints.fetch_taken(connection, identity, met),
        joint_villages=joint,
    )


def find_villages(connection: sa.Connection, plan: Row, wanted: Needs) -> list[str]:
    """Return the villages an edit is about, sorted; units nobody knows are left to the edit."""
    scope, identity = plan["scope_code"], plan["id"]
    found: dict[str, str] = {code: code for code in wanted.villages}
    if wanted.grids:
        found |= plan_lines.villages_of_grids(connection, identity, wanted.grids)
    if wanted.natural_villages:
        cells = plan_lines.villages_of_natural_villages(connection, wanted.natural_villages)
        found |= {str(name): village for name, village in cells.items()}
    beyond: dict[str, str] = {}
    met: list[str] = []
    if wanted.shape is not None:
        met = plan_lines.villages_meeting(connection, identity, wanted.shape)
        if not met and not found:
            raise EditRefused(Problem("edit_misses", geometry=wanted.shape))
        # a drawing may reach over the edge; only where it lies as a whole beyond is it refused
        if not any(village.startswith(scope) for village in met) and not found:
            beyond = {village: village for village in met}
    _refuse_foreign(plan, found | beyond)
    inside = [village for village in met if village.startswith(scope)]
    return sorted({*found.values(), *inside})


def _refuse_foreign(plan: Row, villages: Mapping[str, str]) -> None:
    """Refuse units (→ their village) outside the plan."""
    scope = plan["scope_code"]
    foreign = sorted(unit for unit, of in villages.items() if not of.startswith(scope))
    if foreign:
        details = {"units": foreign[:10], "scope": scope}
        raise EditRefused(Problem("outside_plan_scope", details, grids=tuple(foreign)))
