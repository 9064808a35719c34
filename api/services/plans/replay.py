"""Replaying a log of edits on other lines: a rebase, or a plan that comes from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from api.refusals import Conflict, Refusal
from api.services.caller import Caller
from api.services.plans import editing, life
from api.services.plans.meaning import NAMING, Met, find_changed_joint
from api.services.plans.opening import Identity, Row, read_plan, take_plan
from api.services.shapes import Json, shape_problem
from data import plan_log, publishing
from geo.errors import GeoError
from geo.problems import Problem


@dataclass
class Replay:
    """How far a replay has come.

    Parameters
    ----------
    codes
        Code a grid had in the log → code it has now, where an edit gave it another one.
    changed_meaning
        Edits that were possible on grids whose land is not what it was: ``position`` in the log as
        it is now, ``edit``, ``grids``.
    """

    codes: dict[str, str] = field(default_factory=dict)
    played: int = 0
    failed: list[tuple[Row, Problem]] = field(default_factory=list)
    changed_meaning: list[Json] = field(default_factory=list)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why edits were not possible, in their order."""
        return tuple(problem for _, problem in self.failed)

    def describe_failed(self) -> list[Json]:
        """Return the edits that were not possible, each with its reason."""
        return [
            {
                "position": entry["position"],
                "edit": entry["edit"],
                "problem": shape_problem(problem),
            }
            for entry, problem in self.failed
        ]


def rebase(
    connection: sa.Connection,
    identity: Identity,
    *,
    drop: bool,
    caller: Caller,
    seen: int | None,
    now: datetime,
) -> Json:
    """Put a draft on the lines in force now by replaying its edits.

    An edit may be possible and yet mean something else than it did: the answer says which.

    Parameters
    ----------
    drop
        Leave out edits that are not possible any more; without it nothing changes then.

    Raises
    ------
    Conflict
        ``rebase_conflict`` with ``conflicts``: position, edit and problem of each.
    NotFound, NotSeen
    """
    plan = take_plan(connection, identity, caller, seen=seen, action=("变基", "rebasing"))
    met = Met.read(connection, plan, plan_log.fetch_applied(connection, plan["id"]))
    entries = publishing.reset(connection, plan["id"], now=now)
    replay = play(connection, plan, entries, caller=caller, now=now, met=met)
    if replay.failed and not drop:
        failed = replay.describe_failed()
        raise Conflict("rebase_conflict", more=replay.problems, count=len(failed), conflicts=failed)
    plan = read_plan(connection, plan["id"], caller)
    life.note_act(
        connection,
        "rebase",
        plan,
        caller=caller,
        now=now,
        replayed=replay.played,
        dropped=len(replay.failed),
        changed_meaning=len(replay.changed_meaning),
    )
    return {
        **life.describe(connection, plan),
        "replayed": replay.played,
        "dropped": replay.describe_failed(),
        "changed_meaning": replay.changed_meaning,
    }


def play(
    connection: sa.Connection,
    plan: Row,
    entries: Iterable[Row],
    *,
    caller: Caller,
    now: datetime,
    met: Met | None = None,
) -> Replay:
    """Play entries of a log, in their order, on the plan as it is.

    Parameters
    ----------
    entries
        ``edit``, ``outcome``, ``position``; with an ``id`` they are rows of this plan's log and are
        stored again or discarded there, else they are new to it and the caller's.
    met
        What their grids were like then; None where that is not known.
    """
    replay = Replay()
    for entry in entries:
        value = recode(entry["edit"], replay.codes)
        try:
            edit = editing.read_edit(value)
            tried = editing.try_edit(connection, plan, edit)
        except (Refusal, GeoError) as error:
            replay.failed.append((entry, _reason(error)))
            if entry.get("id") is not None:
                plan_log.discard(connection, plan["id"], [entry["id"]], "conflict")
            continue
        editing.store(
            connection,
            plan,
            tried,
            author=caller.name,  # an entry of the log keeps its own
            now=now,
            entry=entry.get("id"),
        )
        replay.played += 1
        changed = met.find_changed(entry, replay.codes, tried.partition.grids) if met else []
        if met:
            changed += find_changed_joint(entry, tried.changed_before)
        if changed:
            told = {"position": replay.played, "edit": value, "grids": changed}
            replay.changed_meaning.append(told)
        replay.codes = follow_codes(
            replay.codes,
            entry["outcome"],
            tried.outcome.created,
            _recoded(tried),
        )
    return replay


def _reason(error: Refusal | GeoError) -> Problem:
    return error.problem if isinstance(error, Refusal) else error.problems[0]


def _recoded(tried: editing.Tried) -> dict[str, str]:
    """Return old → new code of the grids that stay and get another one."""
    before, after = tried.partition.grids["code"], tried.outcome.grids["code"]
    kept = after.index.intersection(before.index)
    pairs = zip(before.loc[kept], after.loc[kept], strict=True)
    return {str(old): str(new) for old, new in pairs if old != new}


def recode(edit: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    """Return an edit with the codes of grids as they are now.

    Examples
    --------
    >>> recode({"type": "merge", "grids": ["v001", "v009"]}, {"v009": "v011"})
    {'type': 'merge', 'grids': ['v001', 'v011']}
    """
    out = dict(edit)
    if isinstance(out.get("edit"), Mapping):  # of a suggestion
        out["edit"] = recode(out["edit"], codes)
    for name in NAMING:
        value = out.get(name)
        if isinstance(value, str):
            out[name] = codes.get(value, value)
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            out[name] = [codes.get(item, item) for item in value]
    return out


def follow_codes(
    codes: Mapping[str, str],
    then: Mapping[str, Any],
    created: Iterable[str],
    recoded: Mapping[str, str],
) -> dict[str, str]:
    """Return which grid of the log is which one now, after one more edit.

    Parameters
    ----------
    codes
        Code then → code now, before the edit; a code that is not in it is the same.
    then
        Outcome in the log: ``created`` codes in a fixed order, ``recoded`` old → new.
    created, recoded
        The same of the replay.

    Examples
    --------
    >>> follow_codes({}, {"created": ["v003"], "recoded": {}}, ["v004"], {})
    {'v003': 'v004'}
    >>> follow_codes({"v003": "v004"}, {"created": ["v001"], "recoded": {"v003": "v001"}},
    ...              ["v002"], {"v004": "v002"})
    {'v001': 'v002'}
    """
    was: Mapping[str, str] = then.get("recoded") or {}
    back = {now: old for old, now in codes.items()}
    known = {*codes, *was, *(back.get(now, now) for now in recoded)}
    out: dict[str, str] = {}
    for old in known:
        present = codes.get(old, old)
        out[was.get(old, old)] = recoded.get(present, present)
    fresh = [code for code in then.get("created", ()) if code not in set(was.values())]
    made = [code for code in created if code not in set(recoded.values())]
    out |= dict(zip(fresh, made, strict=False))
    return {old: new for old, new in out.items() if old != new}
