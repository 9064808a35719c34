"""What stands in the way of publishing a plan: one numbered list, checked village by village."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import shapely
import sqlalchemy as sa

from api.services.caller import Caller
from api.services.held import Held
from api.services.plans.checking import VillageCheck, check_villages
from api.services.plans.joint import find_joint_problems
from api.services.plans.opening import Identity, Row, read_plan
from api.services.shapes import Json, shape_box, shape_problem
from data import plan_checks, publishing, workspace
from geo.problems import Problem

LAYERS = ("divisions", "grids", "households", "centers", "profiles", "joint_villages")
_LISTS = 16
_VILLAGES = 4_000
_PROFILE = ("grid_below_minimum", "grid_above_maximum", "grid_empty")

VillageKey = tuple[str, str, tuple[int, ...]]


@dataclass(frozen=True)
class Told:
    """A problem of a plan, and the village it is in (None: of no single one)."""

    problem: Problem
    village: str | None


@dataclass(frozen=True)
class PlanCheck:
    """All problems of a plan, and the numbers to be stored before it is published, by code."""

    told: list[Told]
    stale: list[pd.DataFrame]


class ProblemLists:
    """The lists of the last plans that were asked for.

    A village is checked again only when its lines in the plan, or what they are checked against,
    have changed: its rows' ids and the versions of the layers are its key.
    """

    def __init__(self) -> None:
        self._lists = Held[tuple[str, int, str], PlanCheck](_LISTS)
        self._villages = Held[VillageKey, VillageCheck](_VILLAGES)

    def find(self, connection: sa.Connection, plan: Row) -> PlanCheck:
        """Return the problems of a plan: conflicts, then by village, errors first.

        The transaction must not have written to the plan or to a layer.
        """
        version = workspace.etag(connection, LAYERS)
        key = (str(plan["id"]), int(plan["revision"]), version)
        return self._lists.get(key, lambda: self._find(connection, plan, version))

    def _find(self, connection: sa.Connection, plan: Row, version: str) -> PlanCheck:
        told = [
            *_tell_conflicts(connection, plan),
            *_tell_taken(connection, plan),
            *(Told(problem, None) for problem in find_joint_problems(connection, plan)),
        ]
        stale = []
        rows = plan_checks.fetch_village_versions(connection, plan["id"])
        keys = {village: (version, village, ids) for village, ids in rows.items()}
        lacking = [village for _, village, _ in self._villages.lacking(keys.values())]
        fresh = check_villages(connection, plan, lacking)
        for village, key in keys.items():
            check = self._villages.get(key, partial(_take, connection, plan, village, fresh))
            told += [Told(problem, village) for problem in check.problems]
            stale.append(check.stale)
        return PlanCheck(told, stale)

    def show(
        self,
        connection: sa.Connection,
        identity: Identity,
        *,
        caller: Caller,
        after: int | None = None,
    ) -> Json:
        """Return the numbered list; ``next`` is the first one after ``after``, round and round."""
        plan = read_plan(connection, identity, caller)
        told = self.find(connection, plan).told
        listed = [number_problem(number, one) for number, one in enumerate(told, start=1)]
        errors = sum(one.problem.severity == "error" for one in told)
        following = [one for one in listed if one["number"] > (after or 0)]
        open_states = plan["state"] in ("draft", "submitted")
        return {
            "id": str(plan["id"]),
            "state": plan["state"],
            "revision": plan["revision"],
            "errors": errors,
            "warnings": len(told) - errors,
            "needs_note": bool(odd_sizes(told)),
            "can_publish": open_states
            and errors == 0
            and plan_checks.changes_lines(connection, plan["id"]),
            "problems": listed,
            "next": (following or listed)[0] if listed else None,
        }


def _take(
    connection: sa.Connection, plan: Row, village: str, fresh: Mapping[str, VillageCheck]
) -> VillageCheck:
    # what was not lacking a moment ago may have been pushed out by another thread
    if village not in fresh:
        fresh = check_villages(connection, plan, [village])
    return fresh[village]


def odd_sizes(told: Sequence[Told]) -> list[Problem]:
    """Return the problems that a note has to acknowledge."""
    return [one.problem for one in told if one.problem.key in _PROFILE]


def number_problem(number: int, told: Told) -> Json:
    """Return a problem with its number and its box."""
    place = told.problem.geometry
    return {
        "number": number,
        "village": told.village,
        **shape_problem(told.problem),
        "bbox": None if place is None else shape_box(place.bounds),
    }


def _tell_conflicts(connection: sa.Connection, plan: Row) -> list[Told]:
    """Tell for each village whose lines in force have changed which grids did."""
    if plan["state"] not in ("draft", "submitted"):
        return []
    by_village: dict[str, list[publishing.Conflict]] = {}
    for conflict in publishing.find_conflicts(connection, plan["id"]):
        by_village.setdefault(conflict.village_code, []).append(conflict)
    return [
        Told(_explain(village, conflicts), village) for village, conflicts in by_village.items()
    ]


def _explain(village: str, conflicts: Sequence[publishing.Conflict]) -> Problem:
    codes = tuple(conflict.code for conflict in conflicts)
    place = shapely.GeometryCollection([conflict.geometry for conflict in conflicts])
    details = {"villages": [village], "codes": list(codes)}
    return Problem("plan_conflict", details, grids=codes, geometry=place)


def _tell_taken(connection: sa.Connection, plan: Row) -> list[Told]:
    return [
        Told(Problem("code_taken", {"code": code}, grids=(code,)), village)
        for code, village in plan_checks.fetch_taken_codes(connection, plan["id"])
    ]
