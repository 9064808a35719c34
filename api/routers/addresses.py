"""Addresses: which grid is one in, and completions while typing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow, LinesAsked
from api.schemas import AddressAnswer, Suggestions
from api.services import addresses
from api.services.lines import open_lines

router = APIRouter(tags=["addresses"])

Text = Annotated[str, Query(min_length=1, max_length=200, description="An address, or part of it.")]


@router.get("/api/addresses/search", response_model=AddressAnswer)
def search_address(
    desk: DeskNow, q: Text, asked: LinesAsked, limit: Annotated[int, Query(ge=1, le=50)] = 10
) -> Response:
    """Return where an address is: ok, ambiguous or none, never a guess."""
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller)
        return answer(addresses.search(connection, q, desk.caller, limit=limit, lines=lines))


@router.get("/api/addresses/suggest", response_model=Suggestions)
def suggest_addresses(
    desk: DeskNow, q: Text, asked: LinesAsked, limit: Annotated[int, Query(ge=1, le=50)] = 10
) -> Response:
    """Return completions while somebody types: places, grids, centers, addresses."""
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller)
        return answer(addresses.suggest(connection, q, desk.caller, limit=limit, lines=lines))
