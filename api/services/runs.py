"""Runs: asked for, followed, cancelled, asked again; the same question is answered once.

Who works on them: :mod:`api.worker`. What they compute: :mod:`api.services.analyses`.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime

import sqlalchemy as sa

from api.refusals import Conflict, NotFound
from api.services import analyses
from api.services.analyses import Question
from api.services.caller import Caller
from api.services.plans import opening
from api.services.shapes import Json
from data import runs

LISTED = 50
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext(:key))")


def start(
    connection: sa.Connection, question: Question, *, caller: Caller, now: datetime
) -> tuple[Json, bool]:
    """Queue a run, unless the same question over the same data is answered or on the way.

    Returns
    -------
    tuple
        The run, and whether it is a new one.

    Raises
    ------
    NotFound
        When there is no such plan.
    Conflict
        ``layer_empty`` when something the analysis needs is not there at all.
    """
    if question.plan is not None:
        opening.read_plan(connection, question.plan, caller)
    key = json.dumps([question.analysis, question.parameters, str(question.plan)], sort_keys=True)
    connection.execute(_ONE_AT_A_TIME, {"key": key})
    versions = analyses.fetch_input_versions(connection, question.plan)
    same = runs.fetch_same(
        connection, question.analysis, question.parameters, question.plan, versions
    )
    if same is not None:
        return _shape(same, versions), False
    analyses.require_inputs(connection, question)
    run = runs.add_run(
        connection,
        uuid.uuid4(),
        analysis=question.analysis,
        parameters=question.parameters,
        plan=question.plan,
        input_versions=versions,
        created_by=caller.name,
        now=now,
    )
    return _shape(run, versions), True


def show(connection: sa.Connection, identity: uuid.UUID, caller: Caller) -> Json:
    """Return a run; ``stale`` tells that its inputs have changed since."""
    run = _fetch(connection, identity, caller)
    return _shape(run, analyses.fetch_input_versions(connection, run["plan_id"]))


def show_recent(connection: sa.Connection, caller: Caller, analysis: str | None = None) -> Json:
    """Return the latest runs the caller may see, the newest first."""
    versions: dict[uuid.UUID | None, Json] = {}
    shown = []
    for run in runs.fetch_recent(connection, analysis=analysis, limit=LISTED):
        plan = run["plan_id"]
        if plan not in versions:
            versions[plan] = analyses.fetch_input_versions(connection, plan)
        if caller.covers(run["parameters"].get("scope") or ""):
            shown.append(_shape(run, versions[plan]))
    return {"runs": shown}


def cancel(connection: sa.Connection, identity: uuid.UUID, caller: Caller, now: datetime) -> Json:
    """Cancel a run that is queued or running.

    Raises
    ------
    NotFound, Conflict
        ``run_over`` when it has ended already.
    """
    run = _fetch(connection, identity, caller)
    ended = runs.end(connection, identity, "cancelled", now=now)
    if ended is None:
        raise Conflict("run_over", state=run["state"])
    return _shape(ended, analyses.fetch_input_versions(connection, run["plan_id"]))


def start_again(connection: sa.Connection, identity: uuid.UUID, caller: Caller) -> Json:
    """Queue a run again that was interrupted or cancelled, or has failed.

    Raises
    ------
    NotFound, Conflict
        ``run_not_over`` when it is on the way or done.
    """
    run = _fetch(connection, identity, caller)
    versions = analyses.fetch_input_versions(connection, run["plan_id"])
    queued = runs.queue_again(connection, identity, versions)
    if queued is None:
        raise Conflict("run_not_over", state=run["state"])
    return _shape(queued, versions)


def fetch_result(connection: sa.Connection, identity: uuid.UUID, caller: Caller) -> Json:
    """Return the numbers of a finished run.

    Raises
    ------
    NotFound, Conflict
        ``run_not_done``.
    """
    result: Json = fetch_done(connection, identity, caller)["result"]
    return result


def fetch_done(connection: sa.Connection, identity: uuid.UUID, caller: Caller) -> Json:
    """Return a finished run as it is stored, with ``analysis`` and ``result``.

    Raises
    ------
    NotFound, Conflict
        ``run_not_done``.
    """
    run = _fetch(connection, identity, caller)
    if run["state"] != "done":
        raise Conflict("run_not_done", state=run["state"])
    return run


def fetch_layer(connection: sa.Connection, identity: uuid.UUID, name: str, caller: Caller) -> str:
    """Return a layer of a finished run as GeoJSON.

    Raises
    ------
    NotFound
    """
    _fetch(connection, identity, caller)
    text = runs.fetch_layer(connection, identity, name)
    if text is None:
        raise NotFound("not_found", what=f"layer {name}", id=str(identity))
    return text


def _fetch(connection: sa.Connection, identity: uuid.UUID, caller: Caller) -> Json:
    run = runs.fetch_run(connection, identity)
    if run is None or not caller.covers(run["parameters"].get("scope") or ""):
        raise NotFound("not_found", what="run", id=str(identity))
    return run


def _shape(run: Json, versions: Json) -> Json:
    return {
        "id": str(run["id"]),
        "analysis": run["analysis"],
        "state": run["state"],
        "progress": run["progress"],
        "step": run["step"],
        "parameters": run["parameters"],
        "plan": None if run["plan_id"] is None else str(run["plan_id"]),
        "stale": run["state"] == "done" and run["input_versions"] != versions,
        "created_at": run["created_at"],
        "started_at": run["started_at"],
        "finished_at": run["finished_at"],
        "error": run["error"],
    }
