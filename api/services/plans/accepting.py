"""Accepting suggestions of a run, several or all: what is possible is done, the rest is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from api.refusals import Refusal
from api.services.caller import Caller
from api.services.plans import editing, suggestions
from api.services.plans.joint import describe_joint
from api.services.plans.opening import Identity, Row, read_plan, take_plan
from api.services.shapes import Json, shape_problem
from data import plan_joints, plans
from geo.edits import ApplySuggestion, Edit, JointVillage
from geo.edits.values import Assign, JoinVillages, Merge
from geo.errors import GeoError
from geo.problems import Problem


def accept(
    connection: sa.Connection,
    identity: Identity,
    *,
    run: UUID,
    groups: Sequence[str | int] | None,
    caller: Caller,
    seen: int | None,
    now: datetime,
    geometry: bool = True,
) -> Json:
    """Apply suggestions one after the other, each through the checks of an edit.

    Parameters
    ----------
    groups
        Ids of groups; None: all of the run, in its order.

    Returns
    -------
    dict
        The plan's state, ``applied`` (``group``, ``code``: what the group is now), ``refused``
        (``group``, ``problem``), and what has changed in all: ``changed`` grids, ``removed`` codes,
        ``villages``, ``joint_villages``.

    Raises
    ------
    EditRefused
        ``run_not_merges``.
    NotFound, NotSeen, Conflict
        ``run_not_done``, and as :func:`api.services.plans.editing.edit_plan`.
    """
    known = suggestions.fetch_groups(connection, run, caller)
    plan = take_plan(connection, identity, caller, seen=seen, states=editing.EDITABLE)
    wanted: list[str | int] = [g["id"] for g in known] if groups is None else list(groups)
    done = _Accepted()
    before = _joint_of(connection, plan)
    for group in dict.fromkeys(wanted):
        asked = ApplySuggestion(str(run), group)
        try:
            edit = suggestions.find_suggestion(known, asked)
            tried = editing.try_edit(connection, plan, edit)
        except (Refusal, GeoError) as error:
            problem = error.problem if isinstance(error, Refusal) else error.problems[0]
            done.refused.append((group, problem))
            continue
        done.note(plan, group, tried, geometry=geometry)
        plans.announce(
            connection, author=caller.name, edit=edit.type, villages=sorted(done.villages)
        )
        editing.store(connection, plan, tried, author=caller.name, now=now)
    plan = read_plan(connection, plan["id"], caller)
    return done.describe(plan, describe_joint(before, _joint_of(connection, plan)))


def _joint_of(connection: sa.Connection, plan: Row) -> tuple[JointVillage, ...]:
    return plan_joints.fetch_in(connection, plan["id"], plan["scope_code"])


class _Accepted:
    """What has been applied so far."""

    def __init__(self) -> None:
        self.applied: list[Json] = []
        self.refused: list[tuple[Any, Problem]] = []
        self.changed: dict[str, Json] = {}
        self.removed: list[str] = []
        self.created: list[str] = []
        self.villages: set[str] = set()
        self.problems: dict[str, Problem] = {}

    def note(self, plan: Row, group: str | int, tried: editing.Tried, *, geometry: bool) -> None:
        """Add one more; of a grid that changes again its first numbers are those before."""
        told = editing.describe(plan, tried, preview=False, geometry=geometry)
        for grid in told["changed"]:
            was = self.changed.get(grid["code"])
            self.changed[grid["code"]] = grid if was is None else {**grid, "before": was["before"]}
            self.problems.pop(grid["code"], None)
        for code in told["removed"]:
            self.changed.pop(code, None)
            self.problems.pop(code, None)
        self.problems |= {problem.grids[0]: problem for problem in tried.problems}
        self.created += told["created"]
        self.removed += [code for code in told["removed"] if code not in self.created]
        self.created = [code for code in self.created if code not in told["removed"]]
        self.villages |= set(told["villages"])
        self.applied.append({"group": group, "code": _code_of(tried)})

    def describe(self, plan: Row, joint: list[Json]) -> Json:
        """Return all of it."""
        return {
            **editing.plan_state(plan),
            "applied": self.applied,
            "refused": [
                {"group": group, "problem": shape_problem(problem)}
                for group, problem in self.refused
            ],
            "changed": [self.changed[code] for code in sorted(self.changed)],
            "created": self.created,
            "removed": self.removed,
            "villages": sorted(self.villages),
            "joint_villages": joint,
            "problems": [shape_problem(self.problems[code]) for code in sorted(self.problems)],
        }


def _code_of(tried: editing.Tried) -> str | None:
    """Return the code of what a suggestion has made."""
    edit: Edit | None = tried.edit
    if isinstance(edit, ApplySuggestion):
        edit = edit.edit
    match edit:
        case Merge():
            return edit.keep if edit.keep is not None else min(edit.grids)
        case Assign():
            return edit.to
        case JoinVillages():
            joined = tried.outcome.joint_villages or ()
            return next(j.code for j in joined if edit.villages[0] in j.members)
    return None
