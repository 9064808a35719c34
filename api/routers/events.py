"""Server-sent events: open maps refresh when somebody publishes, imports or edits."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import EventStream
from api.dependencies import Desk, DeskNow
from api.services import events
from api.services.plans import opening

router = APIRouter(tags=["service"])


Watched = Annotated[UUID | None, Query(description="Plan that is looked at: tells `presence`.")]
Client = Annotated[
    str | None,
    Query(
        pattern="^[0-9a-z-]{1,40}$",
        description="Token the page has made up: its streams count as one editor.",
    ),
]


def _check_plan(desk: Desk, plan: UUID) -> None:
    with desk.read() as connection:
        opening.read_plan(connection, plan, desk.caller)


def _greet(desk: Desk) -> bytes:
    with desk.read() as connection:
        return events.fetch_hello(connection)


@router.get(
    "/api/events",
    response_class=Response,
    responses={200: {"content": {EventStream.media_type: {}}, "description": "A stream."}},
)
async def follow_events(desk: DeskNow, plan: Watched = None, client: Client = None) -> Response:
    """Follow what changes: hello, then layer, plan and comment, or resync to ask for everything.

    Who watches a plan is told `presence`: how many do.
    """
    # async: a stream holds neither a thread nor a connection of the database
    await run_in_threadpool(desk.events.listen)
    if plan is not None:
        await run_in_threadpool(_check_plan, desk, plan)
    follower = desk.events.join(desk.caller, plan=plan, client=client)
    try:
        hello = await run_in_threadpool(_greet, desk)
    except BaseException:
        desk.events.leave(follower)
        raise
    content = follower.follow(hello, desk.events.keep_alive_s)
    return EventStream(content, lambda: desk.events.leave(follower))
