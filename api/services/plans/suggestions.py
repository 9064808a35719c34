"""Suggestions of a run: the edit that a group stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from api.refusals import EditRefused
from api.services import runs
from api.services.caller import Caller
from api.services.shapes import Json
from geo.edits import ApplySuggestion, Edit, parse_edit
from geo.errors import EditError
from geo.problems import Problem

ANALYSIS = "merges"


def resolve(connection: sa.Connection, edit: Edit, caller: Caller) -> Edit:
    """Return an edit that a planner asks for; of a suggestion with what its run says it is.

    Raises
    ------
    EditError
        ``invalid_edit`` where the caller says himself what the run suggests.
    EditRefused
        ``run_not_merges``, ``suggestion_not_found``.
    NotFound, Conflict
        ``run_not_done``.
    """
    if not isinstance(edit, ApplySuggestion):
        return edit
    if edit.edit is not None:
        reason = {"reason": "the run says what it is", "reason_zh": "由分析结果给出，不必写"}
        raise EditError(Problem("invalid_edit", {"place": "edit", **reason}, field="edit"))
    return find_suggestion(fetch_groups(connection, edit.run, caller), edit)


def fetch_groups(connection: sa.Connection, run: UUID | str, caller: Caller) -> list[Json]:
    """Return the groups of a finished run of merges."""
    found = runs.fetch_done(connection, UUID(str(run)), caller)
    if found["analysis"] != ANALYSIS:
        raise EditRefused(Problem("run_not_merges", {"analysis": found["analysis"]}))
    groups = found["result"].get("groups") or []
    return [dict(group) for group in groups if isinstance(group, Mapping)]


def find_suggestion(groups: list[Json], wanted: ApplySuggestion) -> ApplySuggestion:
    """Return a suggestion with the edit that its group has."""
    edit = next((g.get("edit") for g in groups if _is_same(g.get("id"), wanted.group)), None)
    if not isinstance(edit, Mapping):
        raise EditRefused(Problem("suggestion_not_found", {"group": wanted.group}))
    return replace(wanted, edit=parse_edit(edit))


def _is_same(one: Any, other: str | int) -> bool:  # noqa: ANN401
    return one is not None and str(one) == str(other)
