"""What every route asks before it works: who is calling, and with which parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Header, Path, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.database import Database
from api.refusals import BadParameter
from api.services.address_index import AddressIndexes
from api.services.caller import LOCAL_PLANNER, Caller
from api.services.events import Events
from api.services.lookup import LookupIndexes
from api.services.partition import PartitionCache
from api.services.plans.editing import Tried
from api.services.plans.previews import Previews
from api.services.plans.problems import ProblemLists
from api.services.plans.settlements import Settlements
from api.services.shelf import Shelf
from api.services.workers import Workers
from api.services.workspace import LayerSummaries
from api.settings import COUNTY_TIME, Settings
from data.db import is_storable
from data.lines import Lines

# A date in a question means the end of that day, where the county is.
LAST_MOMENT = time(23, 59, 59, 999999)


async def find_caller() -> Caller:
    """Return who is calling: in local mode the planner at this machine, for everything."""
    return LOCAL_PLANNER


@dataclass(frozen=True)
class Desk:
    """What a route works with."""

    caller: Caller
    database: Database
    settings: Settings
    lookups: LookupIndexes
    addresses: AddressIndexes
    partitions: PartitionCache
    summaries: LayerSummaries
    problem_lists: ProblemLists
    previews: Previews[Tried]
    settlements: Settlements
    events: Events
    workers: Workers
    shelf: Shelf

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open the request's snapshot."""
        with self.database.read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Open the request's transaction."""
        with self.database.write() as connection:
            yield connection


async def open_desk(request: Request, caller: Annotated[Caller, Depends(find_caller)]) -> Desk:
    """Return the caller's desk: the route can reach nothing without it."""
    state = request.app.state
    return Desk(
        caller,
        state.database,
        state.settings,
        state.lookups,
        state.addresses,
        state.partitions,
        state.summaries,
        state.problem_lists,
        state.previews,
        state.settlements,
        state.events,
        state.workers,
        state.shelf,
    )


DeskNow = Annotated[Desk, Depends(open_desk)]


_known: dict[Callable[..., Any], frozenset[str]] = {}


def _known_parameters(route: APIRoute) -> frozenset[str]:
    """Return the query parameters a route and its dependencies declare."""
    if route.endpoint not in _known:
        _known[route.endpoint] = frozenset(_walk(route.dependant))
    return _known[route.endpoint]


def _walk(dependant: Dependant) -> Iterator[str]:
    yield from (parameter.alias for parameter in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _walk(inner)


async def refuse_unknown_parameters(request: Request) -> None:
    """Refuse what would otherwise be ignored: a wrong answer with status 200 is worse."""
    route: Any = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    known = _known_parameters(route)
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise BadParameter("unknown_parameter", parameter=name)
        _refuse_unstorable(name, value)
    for name, value in request.path_params.items():
        _refuse_unstorable(name, str(value))


def _refuse_unstorable(name: str, value: str) -> None:
    if not is_storable(value):
        raise BadParameter(
            "invalid_parameter", parameter=name, reason="not text", reason_zh="不是文字"
        )


def parse_moment(date: str | None, parameter: str = "date") -> datetime | None:
    """Return the instant a question means: end of the day in China, or the instant given.

    Examples
    --------
    >>> parse_moment("2026-03-01").isoformat()
    '2026-03-01T23:59:59.999999+08:00'
    >>> parse_moment("2026-03-01T08:00:00Z").isoformat()
    '2026-03-01T08:00:00+00:00'
    """
    if date is None:
        return None
    try:
        if len(date) == len("2026-03-01"):
            return datetime.combine(dt.date.fromisoformat(date), LAST_MOMENT, COUNTY_TIME)
        moment = datetime.fromisoformat(date)
    except ValueError:
        raise BadParameter("invalid_parameter", parameter=parameter, reason=date) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=COUNTY_TIME)


async def _moment(
    date: Annotated[
        str | None,
        Query(
            description="A day (its end, in China) or an instant, ISO 8601; absent means now.",
            examples=["2026-03-01"],
            pattern=r"^\d{4}-\d{2}-\d{2}(T[0-9:.]{5,15}(Z|[+-]\d{2}:\d{2})?)?$",
        ),
    ] = None,
) -> datetime | None:
    return parse_moment(date)


async def _lines(
    moment: Annotated[datetime | None, Depends(_moment)],
    plan: Annotated[
        UUID | None,
        Query(description="A plan: the lines of its draft. Not together with date."),
    ] = None,
) -> Lines:
    return Lines(moment, plan)


def parse_box(bbox: str | None) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of ``w,s,e,n``.

    Raises
    ------
    BadParameter
        If these are not four numbers in order and on the globe.
    """
    if bbox is None:
        return None
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError:
        raise BadParameter("invalid_parameter", parameter="bbox", reason=bbox[:80]) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadParameter("invalid_parameter", parameter="bbox", reason=bbox[:80])
    return west, south, east, north


async def _box(
    bbox: Annotated[
        str | None,
        Query(
            description="west,south,east,north in degrees.",
            pattern=r"^-?[0-9.]+(,-?[0-9.]+){3}$",
            max_length=120,
        ),
    ] = None,
) -> tuple[float, float, float, float] | None:
    return parse_box(bbox)


async def _seen(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="Revision the request was made for; required on every write.",
            examples=['"5"'],
            pattern='^(W/"[0-9]{1,18}"|"[0-9]{1,18}"|[0-9]{1,18})$',
        ),
    ] = None,
) -> int | None:
    return None if if_match is None else int(if_match.removeprefix("W/").strip('"'))


Seen = Annotated[int | None, Depends(_seen)]
LinesAsked = Annotated[Lines, Depends(_lines)]
Box = Annotated[tuple[float, float, float, float] | None, Depends(_box)]
Longitude = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False, description="Degrees.")]
Latitude = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False, description="Degrees.")]
Network = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=60,
        description="Network of grids; absent means the planned one, with plan its own.",
    ),
]
Scope = Annotated[
    str | None,
    Query(pattern=r"^[0-9A-Za-z_-]{1,40}$", description="Division code (or its beginning)."),
]
Code = Annotated[str, Path(min_length=1, max_length=120, description="Code of the unit.")]
Language = Annotated[str | None, Query(pattern="^(zh|en)$", description="zh or en.")]
