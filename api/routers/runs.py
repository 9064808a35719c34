"""Analyses: started, followed, cancelled, read, drawn, printed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api.answers import answer
from api.dependencies import Desk, DeskNow, Language, Latitude, Longitude
from api.openapi import CONFLICT
from api.schemas_merging import RunResult
from api.schemas_runs import AnalysisName, RunList, RunOut, RunRequest
from api.schemas_service import WayOut
from api.services import reports, runs, ways
from api.services.analyses import Question

router = APIRouter(tags=["runs"])

# A report carries its scripts inside; in an origin of its own it can reach nothing of ours.
REPORT_POLICY = (
    "sandbox allow-scripts allow-popups allow-downloads; default-src 'none'; "
    "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; frame-ancestors 'none'"
)

Wait = Annotated[
    float,
    Query(
        ge=0,
        le=60,
        description="Seconds to wait for the result; the answer comes earlier when it is there.",
    ),
]
CenterCode = Annotated[
    str | None, Query(min_length=1, max_length=120, description="Center; null: the nearest.")
]
Layer = Annotated[str, Path(pattern="^[a-z_]{1,40}$", description="A layer of the run.")]


@router.post(
    "/api/runs",
    status_code=201,
    response_model=RunOut,
    responses={200: {"model": RunOut, "description": "The same run, from the store."}, **CONFLICT},
)
async def start_run(desk: DeskNow, wanted: RunRequest, wait: Wait = 20) -> Response:
    """Start an analysis; the same question over the same data is answered from the store.

    Small ones are done when the answer comes. Otherwise ask again, or follow `run` events.
    """
    run, fresh = await run_in_threadpool(_start, desk, wanted)
    if fresh:
        await run_in_threadpool(desk.workers.wake)
    return answer(await _settled(desk, run, wait), 201 if fresh else 200)


def _start(desk: Desk, wanted: RunRequest) -> tuple[dict[str, Any], bool]:
    parameters = wanted.parameters.model_dump()
    parameters["scope"] = desk.caller.narrow(parameters["scope"])
    question = Question(wanted.analysis, parameters, wanted.plan)
    with desk.write() as connection:
        return runs.start(connection, question, caller=desk.caller, now=datetime.now(UTC))


async def _settled(desk: Desk, run: dict[str, Any], wait: float) -> dict[str, Any]:
    """Return the run as it is once it is over, or after ``wait`` seconds."""
    if wait <= 0 or run["state"] not in ("queued", "running"):
        return run
    identity = UUID(run["id"])
    # async: whoever waits holds neither a thread nor a connection
    over = desk.workers.watch(identity)
    try:
        now = await run_in_threadpool(_show, desk, identity)
        if now["state"] in ("queued", "running"):
            await asyncio.wait([asyncio.wrap_future(over)], timeout=wait)
            now = await run_in_threadpool(_show, desk, identity)
        return now
    finally:
        desk.workers.unwatch(identity, over)


def _show(desk: Desk, identity: UUID) -> dict[str, Any]:
    with desk.read() as connection:
        return runs.show(connection, identity, desk.caller)


@router.get("/api/runs", response_model=RunList)
def list_runs(desk: DeskNow, analysis: AnalysisName | None = None) -> Response:
    """Return the latest runs, the newest first, without their results."""
    desk.workers.warm()  # somebody is about to ask for one
    with desk.read() as connection:
        return answer(runs.show_recent(connection, desk.caller, analysis))


@router.get("/api/runs/{id}", response_model=RunOut)
async def show_run(desk: DeskNow, id: UUID, wait: Wait = 0) -> Response:
    """Return how far a run is, and whether its inputs have changed since."""
    return answer(await _settled(desk, await run_in_threadpool(_show, desk, id), wait))


@router.delete("/api/runs/{id}", response_model=RunOut, responses=CONFLICT)
def cancel_run(desk: DeskNow, id: UUID) -> Response:
    """Cancel a run that waits or is being worked on."""
    with desk.write() as connection:
        run = runs.cancel(connection, id, desk.caller, datetime.now(UTC))
    desk.workers.cancel(id)
    return answer(run)


@router.post("/api/runs/{id}/restart", response_model=RunOut, responses=CONFLICT)
async def restart_run(desk: DeskNow, id: UUID, wait: Wait = 0) -> Response:
    """Queue a run again that was interrupted or cancelled, or has failed."""
    run = await run_in_threadpool(_restart, desk, id)
    await run_in_threadpool(desk.workers.wake, id)
    return answer(await _settled(desk, run, wait))


def _restart(desk: Desk, identity: UUID) -> dict[str, Any]:
    with desk.write() as connection:
        return runs.start_again(connection, identity, desk.caller)


@router.get("/api/runs/{id}/result", response_model=RunResult, responses=CONFLICT)
def show_result(desk: DeskNow, id: UUID) -> Response:
    """Return the numbers of a finished run."""
    with desk.read() as connection:
        return answer(runs.fetch_result(connection, id, desk.caller))


@router.get(
    "/api/runs/{id}/layers/{name}",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}, "description": "GeoJSON."}},
)
def show_layer(desk: DeskNow, id: UUID, name: Layer) -> Response:
    """Return a layer of a finished run."""
    with desk.read() as connection:
        text = runs.fetch_layer(connection, id, name, desk.caller)
    return answer(text, media_type="application/geo+json")


@router.get("/api/runs/{id}/way", response_model=WayOut)
def show_way(
    desk: DeskNow, id: UUID, lon: Longitude, lat: Latitude, center: CenterCode = None
) -> Response:
    """Return the way from a place to its nearest center, or to ``center``, as the run goes."""
    with desk.read() as connection:
        return answer(
            ways.trace_way(
                connection, desk.shelf, id, (lon, lat), center=center, caller=desk.caller
            )
        )


@router.get(
    "/api/runs/{id}/report.html",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}, "description": "A page."}, **CONFLICT},
)
def show_report(desk: DeskNow, id: UUID, language: Language = None) -> Response:
    """Return the run as one page to mail; it opens with no network."""
    wanted = language or desk.settings.language or "zh"
    with desk.read() as connection:
        html = reports.write_run(connection, id, desk.settings, wanted, desk.caller)
    return HTMLResponse(html, headers={"Content-Security-Policy": REPORT_POLICY})
