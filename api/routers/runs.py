"""Analyses: started, asked after, read, drawn, printed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.answers import answer
from api.dependencies import DeskNow, Language
from api.openapi import CONFLICT
from api.schemas import GapResult, RunOut, RunRequest
from api.services import analyses, reports

router = APIRouter(tags=["runs"])

# A report carries its scripts inside; in an origin of its own it can reach nothing of ours.
REPORT_POLICY = (
    "sandbox allow-scripts allow-popups allow-downloads; default-src 'none'; "
    "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; frame-ancestors 'none'"
)


@router.post(
    "/api/runs",
    status_code=201,
    response_model=RunOut,
    responses={200: {"model": RunOut, "description": "The same run, from the store."}, **CONFLICT},
)
def start_run(desk: DeskNow, wanted: RunRequest) -> Response:
    """Start an analysis; the same inputs and parameters are answered from the store."""
    parameters = wanted.parameters.model_dump()
    parameters["scope"] = desk.caller.narrow(parameters["scope"])
    with desk.write() as connection:
        run, fresh = analyses.start(
            connection, wanted.analysis, parameters, caller=desk.caller, now=datetime.now(UTC)
        )
    return answer(run, 201 if fresh else 200)


@router.get("/api/runs/{id}", response_model=RunOut)
def show_run(desk: DeskNow, id: UUID) -> Response:
    """Return how far a run is, and whether its inputs have changed since."""
    with desk.read() as connection:
        return answer(analyses.show(connection, id))


@router.get("/api/runs/{id}/result", response_model=GapResult, responses=CONFLICT)
def show_result(desk: DeskNow, id: UUID) -> Response:
    """Return the numbers of a finished run."""
    with desk.read() as connection:
        return answer(analyses.fetch_result(connection, id))


@router.get(
    "/api/runs/{id}/layers/{name}",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}, "description": "GeoJSON."}},
)
def show_layer(desk: DeskNow, id: UUID, name: Literal["areas", "unserved"]) -> Response:
    """Return a layer of a finished run."""
    with desk.read() as connection:
        text = analyses.fetch_layer(connection, id, name)
    return answer(text, media_type="application/geo+json")


@router.get(
    "/api/runs/{id}/report.html",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}, "description": "A page."}, **CONFLICT},
)
def show_report(desk: DeskNow, id: UUID, language: Language = None) -> Response:
    """Return the run as one page to mail; it opens with no network."""
    wanted = language or desk.settings.language or "zh"
    with desk.read() as connection:
        html = reports.write_run(connection, id, desk.settings, wanted)
    return HTMLResponse(html, headers={"Content-Security-Policy": REPORT_POLICY})
