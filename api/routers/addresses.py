"""Addresses: which grid is one in, completions while typing, and tables of them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow, Latitude, LinesAsked, Longitude
from api.refusals import BadParameter
from api.schemas_addresses import AddressAnswer, NearAddresses, Suggestions
from api.services.address_csv import write_answer, write_near
from api.services.addresses import Finder, compose
from api.services.lines import open_lines

router = APIRouter(tags=["addresses"])

# Anything may be pasted; what is too long to be an address is answered with none.
Text = Annotated[
    str | None,
    Query(
        min_length=1, max_length=20_000, description="An address as people say it, or part of it."
    ),
]
Typed = Annotated[
    str, Query(min_length=1, max_length=20_000, description="What has been typed so far.")
]
Part = Annotated[str | None, Query(max_length=80)]
Limit = Annotated[int, Query(ge=1, le=50)]
CSV = "text/csv; charset=utf-8"
Format = Annotated[Literal["json", "csv"], Query(description="csv: a table, for a spreadsheet.")]


@router.get(
    "/api/addresses/search",
    response_model=AddressAnswer,
    responses={200: {"content": {CSV: {}}, "description": "The answer; as CSV a row a candidate."}},
)
def search_address(
    desk: DeskNow,
    asked: LinesAsked,
    q: Text = None,
    limit: Limit = 10,
    county: Part = None,
    township: Part = None,
    village: Part = None,
    natural_village: Part = None,
    group: Part = None,
    number: Part = None,
    sub: Part = None,
    format: Format = "json",
) -> Response:
    """Return where an address is: ok, ambiguous or none, never a guess.

    Give `q`, or the address by its parts.
    """
    parts = {
        "county": county,
        "township": township,
        "village": village,
        "natural_village": natural_village,
        "group": group,
        "number": number,
        "sub": sub,
    }
    given = {name: value for name, value in parts.items() if value}
    if (q is None) == (not given):
        raise BadParameter(
            "invalid_parameter",
            parameter="q",
            reason="give q, or the parts of an address",
            reason_zh="给出 q，或地址的各个部分",
        )
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller)
        finder = Finder(connection, desk.addresses, desk.caller, lines)
        found = finder.search(compose(given) if q is None else q, limit=limit)
    return _table(write_answer(found)) if format == "csv" else answer(found)


def _table(content: bytes) -> Response:
    named = {"Content-Disposition": 'attachment; filename="addresses.csv"'}
    return answer(content, headers=named, media_type=CSV)


@router.get("/api/addresses/suggest", response_model=Suggestions)
def suggest_addresses(desk: DeskNow, q: Typed, asked: LinesAsked, limit: Limit = 10) -> Response:
    """Return completions while somebody types, in Han, pinyin or initials."""
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller)
        finder = Finder(connection, desk.addresses, desk.caller, lines)
        return answer(finder.suggest(q, limit=limit))


@router.get(
    "/api/addresses/reverse",
    response_model=NearAddresses,
    responses={200: {"content": {CSV: {}}, "description": "The answer; as CSV a row an address."}},
)
def find_nearest_addresses(
    desk: DeskNow,
    lon: Longitude,
    lat: Latitude,
    asked: LinesAsked,
    limit: Limit = 3,
    format: Format = "json",
) -> Response:
    """Return the divisions and the grid of a place, and the registered addresses nearest to it."""
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller)
        finder = Finder(connection, desk.addresses, desk.caller, lines)
        found = finder.reverse(lon, lat, limit=limit)
    return _table(write_near(found)) if format == "csv" else answer(found)
