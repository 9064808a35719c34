"""Server-sent events: open maps refresh when somebody publishes, imports or edits."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import EventStream
from api.dependencies import Desk, DeskNow
from api.services import events

router = APIRouter(tags=["service"])


def _greet(desk: Desk) -> bytes:
    with desk.read() as connection:
        return events.fetch_hello(connection)


@router.get(
    "/api/events",
    response_class=Response,
    responses={200: {"content": {EventStream.media_type: {}}, "description": "A stream."}},
)
async def follow_events(desk: DeskNow) -> Response:
    """Follow what changes: hello, then layer, plan and comment, or resync to ask for everything."""
    # async: a stream holds neither a thread nor a connection of the database
    await run_in_threadpool(desk.events.listen)
    follower = desk.events.join(desk.caller)
    try:
        hello = await run_in_threadpool(_greet, desk)
    except BaseException:
        desk.events.leave(follower)
        raise
    content = follower.follow(hello, desk.events.keep_alive_s)
    return EventStream(content, lambda: desk.events.leave(follower))
