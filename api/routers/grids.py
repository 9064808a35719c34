"""Grids: the table, and one grid with all that is known of it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import answer
from api.dependencies import Box, Code, DeskNow, LinesAsked, Scope
from api.schemas import GridDetail, GridPage
from api.services import grids
from api.services.lines import open_lines

router = APIRouter(tags=["grids"])

Sort = Literal[
    "code", "name", "households", "residents", "area_m2", "center_max_m", "profile_status"
]
Status = Literal["within", "below", "above", "empty"]


@router.get("/api/grids", response_model=GridPage)
def list_grids(
    desk: DeskNow,
    bbox: Box,
    asked: LinesAsked,
    village: Scope = None,
    township: Scope = None,
    q: Annotated[str | None, Query(max_length=100, description="Part of a code or a name.")] = None,
    status: Annotated[Status | None, Query(description="Against the size rule.")] = None,
    locked: Annotated[bool, Query(description="Of a draft: only what is locked.")] = False,
    drafted: Annotated[
        bool, Query(description="Of a draft: only villages it has touched.")
    ] = False,
    find: Annotated[
        str | None, Query(max_length=120, description="Code whose place in the list is asked.")
    ] = None,
    sort: Sort = "code",
    order: Literal["asc", "desc"] = "asc",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=2_000)] = 100,
) -> Response:
    """Return a page of grids (in force, of a day, of a draft), with totals over all that match."""
    question = grids.Question(
        bbox=bbox,
        parent=desk.caller.narrow(village or township),
        text=q,
        status=status,
        locked=locked,
        drafted=drafted,
        find=find,
        sort=sort,
        descending=order == "desc",
        offset=offset,
        limit=limit,
    )
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller)
        return answer(grids.list_page(connection, question, lines))


@router.get("/api/grids/{code}", response_model=GridDetail)
def show_grid(desk: DeskNow, code: Code, asked: LinesAsked) -> Response:
    """Return one grid: numbers, rule, shape, history, nearest center, problems."""
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller)
        return answer(grids.show(connection, code, desk.caller, desk.partitions, lines))
