"""Telling open maps that something has changed: one listener, many streams, none of them held up.

A stream begins with ``hello`` and the versions of now; afterwards it is told what changes. It is
never told everything at any price: who cannot keep up, or might have missed something, gets one
``resync`` and asks again.

A stream may watch a plan: then it is also told how many clients of this process do. Nothing about
that is stored anywhere, and a client is no more than a token its page has made up.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Hashable
from uuid import UUID

import sqlalchemy as sa
from psycopg2.extensions import connection as DriverConnection  # noqa: N812
from pydantic_core import to_json

from api.refusals import Unavailable
from api.services.caller import Caller
from data import workspace
from data.db import connect_alone
from data.events import APPLICATION, Event, Listener

SUBSCRIBERS = 200
WAITING = 64  # events a stream may be behind
KEEP_ALIVE_S = 15.0
RETRY_MS = 2000
LISTENING_S = 5.0  # a first subscriber waits no longer for the listener

KEEP_ALIVE = b": still here\n\n"


def write_event(kind: str, details: object) -> bytes:
    r"""Return an event as a stream carries it.

    Examples
    --------
    >>> write_event("layer", {"layer": "grids"})
    b'event: layer\ndata: {"layer":"grids"}\n\n'
    """
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), to_json(details))


RESYNC = write_event("resync", {})


def fetch_hello(connection: sa.Connection) -> bytes:
    """Return the first event: the epoch of the database, and the version of every layer.

    A map that connects again sees by it whether it has missed anything.
    """
    epoch = workspace.fetch_value(connection, "epoch")
    return write_event("hello", {"epoch": epoch, "layers": workspace.fetch_etags(connection)})


class Subscriber:
    """One open map; belongs to the event loop.

    Parameters
    ----------
    plan
        The plan it watches, if any.
    client
        Whose stream it is, for counting who watches the plan; None: nobody else's.
    """

    def __init__(self, caller: Caller, plan: UUID | None = None, client: str | None = None) -> None:
        self.caller = caller
        self.plan = plan
        self.client: Hashable = client or self
        self._presence: bytes | None = None
        self._waiting: deque[bytes] = deque()
        self._changed = asyncio.Event()
        self._ended = False

    def put(self, message: bytes) -> None:
        """Add what is to be told; who is too far behind is told to ask again instead."""
        if self._waiting and self._waiting[-1] is RESYNC:
            return
        if message is RESYNC or len(self._waiting) >= WAITING:
            self._waiting.clear()
            message = RESYNC
        self._waiting.append(message)
        self._changed.set()

    def tell_presence(self, editors: int) -> None:
        """Tell how many watch the plan; only the last number counts, and none is lost."""
        self._presence = write_event("presence", {"plan": str(self.plan), "editors": editors})
        self._changed.set()

    def end(self) -> None:
        """End the stream after what is waiting."""
        self._ended = True
        self._changed.set()

    async def follow(self, hello: bytes, keep_alive_s: float) -> AsyncIterator[bytes]:
        """Yield the stream, until the service stops."""
        yield b"retry: %d\n" % RETRY_MS + hello
        while True:
            while self._waiting:
                yield self._waiting.popleft()
            if self._presence is not None:
                presence, self._presence = self._presence, None
                yield presence
                continue  # more may have come meanwhile
            if self._ended:
                return
            try:
                await asyncio.wait_for(self._changed.wait(), keep_alive_s)
            except TimeoutError:
                yield KEEP_ALIVE
            self._changed.clear()


class Events:
    """The process's streams and the listener that feeds them.

    Parameters
    ----------
    engine
        Database that is listened to, with a connection beside the pool, once anybody follows.
    limit
        Streams at once.
    keep_alive_s
        After this much silence a stream carries a comment, so that nobody between takes it for
        dead.
    """

    def __init__(
        self, engine: sa.Engine, *, limit: int = SUBSCRIBERS, keep_alive_s: float = KEEP_ALIVE_S
    ) -> None:
        self._engine = engine
        self._limit = limit
        self.keep_alive_s = keep_alive_s
        self._subscribers: set[Subscriber] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listener: Listener | None = None
        self._starting = threading.Lock()

    def open(self) -> None:
        """Begin, in the event loop that will serve the streams."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """End every stream at once, and let nobody in; called in the event loop."""
        self._loop = None
        for subscriber in self._subscribers:
            subscriber.end()

    def stop(self) -> None:
        """Stop listening; waits a moment for the thread."""
        with self._starting:
            listener, self._listener = self._listener, None
        if listener is not None:
            listener.stop()

    def listen(self) -> None:
        """See to it that changes are heard; waits while the connection is made."""
        with self._starting:
            if self._loop is None:
                raise Unavailable("service_stopping")
            if self._listener is None or not self._listener.alive:
                self._listener = Listener(self._connect, self._hear)
            listener = self._listener
        # Not heard yet: nothing is lost, everybody is told to ask again as soon as it is.
        listener.wait(LISTENING_S)

    def join(
        self, caller: Caller, *, plan: UUID | None = None, client: str | None = None
    ) -> Subscriber:
        """Add a stream; called in the event loop.

        Parameters
        ----------
        plan
            The plan it watches; the caller may see it.
        client
            Who watches: several streams with one name are one.

        Raises
        ------
        Unavailable
            ``busy`` when there are too many, ``service_stopping``.
        """
        if self._loop is None:
            raise Unavailable("service_stopping")
        if len(self._subscribers) >= self._limit:
            raise Unavailable("busy")
        subscriber = Subscriber(caller, plan, client)
        before = self._count_editors(plan)
        self._subscribers.add(subscriber)
        self._tell_presence(plan, before, subscriber)
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        """Remove a stream; called in the event loop."""
        before = self._count_editors(subscriber.plan)
        self._subscribers.discard(subscriber)
        self._tell_presence(subscriber.plan, before)

    def _watching(self, plan: UUID | None) -> list[Subscriber]:
        if plan is None:
            return []
        return [subscriber for subscriber in self._subscribers if subscriber.plan == plan]

    def _count_editors(self, plan: UUID | None) -> int:
        return len({subscriber.client for subscriber in self._watching(plan)})

    def _tell_presence(
        self, plan: UUID | None, before: int, joined: Subscriber | None = None
    ) -> None:
        """Tell those who watch a plan if they are not as many as before, and who has joined."""
        editors = self._count_editors(plan)
        for subscriber in self._watching(plan):
            if editors != before or subscriber is joined:
                subscriber.tell_presence(editors)

    def _connect(self) -> DriverConnection:
        return connect_alone(self._engine, application=APPLICATION)

    def _hear(self, event: Event | None) -> None:
        """Pass on what the listener's thread has heard."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._spread, event)

    def _spread(self, event: Event | None) -> None:
        message = RESYNC if event is None else write_event(event.kind, event.details)
        for subscriber in self._subscribers:
            if event is None or event.scope is None or subscriber.caller.covers(event.scope):
                subscriber.put(message)
