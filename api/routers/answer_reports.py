"""Answers that clerks say are wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow
from api.schemas_addresses import ReportedAnswer, ReportList, SettledReport, WrongAnswer
from api.services import answer_reports
from api.services.addresses import Finder
from data.lines import IN_FORCE

router = APIRouter(tags=["addresses"])

Number = Annotated[int, Path(ge=1, le=2**53)]


@router.post("/api/addresses/reports", status_code=201, response_model=ReportedAnswer)
def report_answer(desk: DeskNow, wrong: WrongAnswer) -> Response:
    """Tell that an address is answered wrongly."""
    with desk.write() as connection:
        finder = Finder(connection, desk.addresses, desk.caller, IN_FORCE)
        told = answer_reports.report(finder, connection, wrong.query, wrong.note, datetime.now(UTC))
    return answer(told, 201)


@router.get("/api/addresses/reports", response_model=ReportList)
def list_reports(
    desk: DeskNow,
    settled: Annotated[bool | None, Query(description="Null: all of them.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Return the answers that were said to be wrong, the newest first."""
    with desk.read() as connection:
        return answer(answer_reports.show(connection, settled=settled, limit=limit))


@router.post("/api/addresses/reports/{id}/settle", status_code=204)
def settle_report(desk: DeskNow, id: Number, settled: SettledReport) -> Response:
    """Settle a report."""
    with desk.write() as connection:
        answer_reports.settle(connection, id, settled.note, datetime.now(UTC))
    return Response(status_code=204)
