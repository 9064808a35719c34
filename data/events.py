"""What changes in the store, as it happens: a thread that LISTENs on a connection of its own.

Triggers notify (``0002_plans.sql``, ``0003_plan_events.sql``); whoever is told must not take it for
more than a hint to ask again: a notification says *that* something has changed, the store says
what.
"""

from __future__ import annotations

import contextlib
import json
import logging
import selectors
import socket
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg2
from psycopg2.extensions import connection as DriverConnection  # noqa: N812

CHANNEL = "wangge_events"
KINDS = ("plan", "comment", "layer", "run")
APPLICATION = "wangge events"
# A server that vanished with its network says nothing: ask it now and then.
SILENCE_S = 30.0
# Somebody who stops waits no longer than this for a thread that is just connecting.
STOPPING_S = 2.0

log = logging.getLogger("wangge")


class Event(NamedTuple):
    """Something has changed: a ``plan``, a ``comment`` on a plan, a ``layer`` or a ``run``.

    ``scope`` is the division code whose readers it concerns, None for everybody. ``details`` are
    ``id`` (of the plan), ``scope``, ``state``, ``revision``, ``author``, ``edit`` and ``villages``
    (:func:`data.plans.announce`; None where nobody said), ``layer``, or of a run ``id``,
    ``analysis``, ``state``, ``progress``, ``step``.
    """

    kind: str
    scope: str | None
    details: dict[str, Any]


def parse_event(payload: str) -> Event | None:
    """Return the event of a notification, None for one that is not ours.

    Examples
    --------
    >>> parse_event('{"event": "layer", "layer": "grids"}')
    Event(kind='layer', scope=None, details={'layer': 'grids'})
    >>> parse_event("hello") is None
    True
    """
    try:
        details = json.loads(payload)
    except ValueError:
        return None
    if not isinstance(details, dict) or details.get("event") not in KINDS:
        return None
    kind = details.pop("event")
    return Event(kind, details.get("scope"), details)


class Listener:
    """A thread that hands on every event of a database until it is stopped.

    When the server goes away it connects again, after pauses that grow.

    Parameters
    ----------
    connect
        Opens a connection of the driver, in no pool: it is kept for good.
    tell
        Called from the thread with each event; with None whenever events may have been missed,
        which is at every time it begins to listen.
    pauses_s
        The first and the longest pause.
    """

    def __init__(
        self,
        connect: Callable[[], DriverConnection],
        tell: Callable[[Event | None], None],
        *,
        pauses_s: tuple[float, float] = (0.5, 10.0),
    ) -> None:
        self._connect = connect
        self._tell = tell
        self._pauses_s = pauses_s
        self._pause_s = pauses_s[0]
        self._stopping = threading.Event()
        self._listening = threading.Event()
        self._bell, self._rung = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name=APPLICATION, daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread is there (connected or not)."""
        return self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Wait until it listens; return whether it does."""
        return self._listening.wait(seconds)

    def stop(self) -> None:
        """End the thread and its connection."""
        self._stopping.set()
        with contextlib.suppress(OSError):  # it has ended by itself
            self._bell.send(b"!")
        self._thread.join(STOPPING_S)

    def _run(self) -> None:
        with self._bell, self._rung:
            while not self._stopping.is_set():
                try:
                    with contextlib.closing(self._connect()) as connection:
                        self._listen(connection)
                except psycopg2.Error as error:
                    reason = str(error).strip().partition("\n")[0]
                    log.warning("events: %s; next try in %g s", reason, self._pause_s)
                finally:
                    self._listening.clear()
                self._stopping.wait(self._pause_s)
                self._pause_s = min(2 * self._pause_s, self._pauses_s[1])

    def _listen(self, connection: DriverConnection) -> None:
        connection.autocommit = True
        with connection.cursor() as cursor, selectors.DefaultSelector() as ready:
            ready.register(connection, selectors.EVENT_READ)
            ready.register(self._rung, selectors.EVENT_READ)
            cursor.execute(f"LISTEN {CHANNEL}")
            self._pause_s = self._pauses_s[0]
            self._tell(None)
            self._listening.set()
            while not self._stopping.is_set():
                if ready.select(SILENCE_S):
                    connection.poll()
                else:
                    cursor.execute("SELECT 1")
                while connection.notifies:
                    self._hand_on(connection.notifies.pop(0).payload)

    def _hand_on(self, payload: str) -> None:
        event = parse_event(payload)
        if event is None:
            log.warning("events: not understood: %.80s", payload)
        else:
            self._tell(event)
