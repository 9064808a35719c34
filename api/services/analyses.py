"""Runs of an analysis: kept with their inputs' versions, answered again from the store."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

import sqlalchemy as sa

from api.refusals import Conflict, NotFound
from api.services import gaps
from api.services.caller import Caller
from api.services.county import County, fetch_county
from api.services.shapes import Json
from data import runs, workspace
from geo.service.gaps import ServiceGaps, measure_service
from geo.service.question import pose_question

# A change of one of these layers makes a run stale.
INPUTS = ("divisions", "natural_villages", "grids", "households", "centers", "profiles")
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext(:key))")


def start(
    connection: sa.Connection,
    analysis: str,
    parameters: Json,
    *,
    caller: Caller,
    now: datetime,
) -> tuple[Json, bool]:
    """Return a run with these parameters on the present data, and whether it is a new one."""
    key = json.dumps([analysis, parameters], sort_keys=True)
    connection.execute(_ONE_AT_A_TIME, {"key": key})
    versions = fetch_input_versions(connection)
    same = runs.fetch_same(connection, analysis, parameters, versions)
    if same is not None:
        return _shape(dict(same), versions), False
    county = fetch_county(connection, parameters["scope"])
    found = measure(county, parameters)
    identity = uuid.uuid4()
    run = runs.store_run(
        connection,
        identity,
        analysis=analysis,
        parameters=parameters,
        input_versions=versions,
        state="done",
        result=shape_result(county, found),
        layers={"areas": gaps.write_areas(found), "unserved": gaps.write_unserved(found)},
        created_by=caller.name,
        now=now,
    )
    return _shape(dict(run), versions), True


def measure(county: County, parameters: Json) -> ServiceGaps:
    """Run the analysis."""
    question = pose_question(
        county.households,
        county.centers,
        county.land,
        profile=county.profile,
        area_types=county.area_types,
        level=parameters["level"],
        standard=parameters["standard_m"],
        weight="residents",
    )
    return measure_service(question)


def shape_result(county: County, found: ServiceGaps) -> Json:
    """Return what a run keeps."""
    return gaps.shape_gaps(
        found,
        names=county.names,
        center_names=dict(zip(county.centers["code"], county.centers["name"], strict=True)),
    )


def fetch_input_versions(connection: sa.Connection) -> Json:
    """Return what the inputs of a run are now: epoch and versions."""
    versions = workspace.fetch_versions(connection)
    epoch = workspace.fetch_value(connection, "epoch")
    return {"epoch": epoch, **{layer: versions[layer] for layer in INPUTS}}


def _shape(run: Json, versions: Json) -> Json:
    return {
        "id": str(run["id"]),
        "analysis": run["analysis"],
        "state": run["state"],
        "progress": run["progress"],
        "parameters": run["parameters"],
        "stale": run["input_versions"] != versions,
        "created_at": run["created_at"],
        "error": run.get("error"),
    }


def _fetch(connection: sa.Connection, identity: uuid.UUID | str) -> Json:
    run = runs.fetch_run(connection, identity)
    if run is None:
        raise NotFound("not_found", what="run", id=str(identity))
    return dict(run)


def show(connection: sa.Connection, identity: uuid.UUID | str) -> Json:
    """Return a run; ``stale`` tells that its inputs have changed since."""
    return _shape(_fetch(connection, identity), fetch_input_versions(connection))


def fetch_result(connection: sa.Connection, identity: uuid.UUID | str) -> Json:
    """Return the numbers of a finished run.

    Raises
    ------
    NotFound, Conflict
    """
    run = _fetch(connection, identity)
    if run["state"] != "done":
        raise Conflict("run_not_done", state=run["state"])
    result: Json = run["result"]
    return result


def fetch_layer(connection: sa.Connection, identity: uuid.UUID | str, name: str) -> str:
    """Return a layer of a finished run as GeoJSON."""
    text = runs.fetch_layer(connection, identity, name)
    if text is None:
        raise NotFound("not_found", what=f"layer {name}", id=str(identity))
    return text
