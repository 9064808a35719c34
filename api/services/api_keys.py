"""Keys by which other systems may look up addresses: made, listed, revoked, recognised."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from api.database import Database
from api.refusals import BadParameter, Conflict, NotFound
from api.services.caller import Caller
from api.settings import COUNTY_TIME
from data import api_keys, audit

PREFIX = "wg_"  # so that a key is recognised where it should not be: in code, in a mail
HELD_S = 5.0
_LONGEST_NAME = 80
_LONGEST_KEY = 200
Json = dict[str, Any]


def hash_key(key: str) -> bytes:
    """Return what is stored of a key: it is 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def add_key(
    connection: sa.Connection, name: str, key: str, *, caller: Caller, now: datetime
) -> None:
    """Store a key under a name; the key itself is not kept.

    Raises
    ------
    BadParameter
        For a name that is empty, too long or not text.
    Conflict
        ``api_key_name_taken``.
    """
    if not (0 < len(name) <= _LONGEST_NAME and name == name.strip() and name.isprintable()):
        raise BadParameter(
            "invalid_parameter",
            parameter="NAME",
            reason=f"1 to {_LONGEST_NAME} signs, no space at the ends",
            reason_zh=f"1 到 {_LONGEST_NAME} 个字符，首尾不能有空格",
        )
    stored = api_keys.store_key(connection, name, hash_key(key), created_by=caller.name, now=now)
    if stored is None:
        raise Conflict("api_key_name_taken", name=name)
    _note(connection, "add", stored, name, caller, now)


def list_keys(connection: sa.Connection) -> list[Json]:
    """Return every key, the living first; what they are is known to their owners only."""
    return api_keys.fetch_keys(connection)


def revoke_key(connection: sa.Connection, name: str, *, caller: Caller, now: datetime) -> None:
    """Revoke a key; running servers refuse it within :data:`HELD_S` seconds.

    Raises
    ------
    NotFound
        If no living key has the name.
    """
    revoked = api_keys.revoke_key(connection, name, now=now)
    if revoked is None:
        raise NotFound("not_found", what="API key", id=name)
    _note(connection, "revoke", revoked, name, caller, now)


def _note(
    connection: sa.Connection, action: str, id: int, name: str, caller: Caller, now: datetime
) -> None:
    audit.store_act(
        connection,
        account=caller.name,
        action=f"api key {action}",
        object=str(id),
        details={"name": name},
        now=now,
    )


def _today() -> date:
    return datetime.now(COUNTY_TIME).date()


class KnownKeys:
    """The hashes of the living keys, held for :data:`HELD_S` seconds.

    So a request costs a hash and a look into a dictionary, a stranger's guesses never reach the
    database, and a key that was revoked (or just made) counts as such after these seconds.

    Parameters
    ----------
    clock, today
        Seconds that only grow; the day in the county.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = _today,
    ) -> None:
        self._database = database
        self._clock, self._today = clock, today
        self._lock = threading.Lock()
        self._held: dict[bytes, int] = {}
        self._used_on: dict[int, date | None] = {}
        self._until = float("-inf")

    def knows(self, key: str) -> bool | None:
        """Return whether a key is a living one; None when :meth:`ask` must be called."""
        if len(key) > _LONGEST_KEY:
            return False
        if self._clock() >= self._until:
            return None
        found = self._held.get(hash_key(key))
        if found is None:
            return False
        return True if self._used_on.get(found) == self._today() else None

    def ask(self, key: str) -> bool:
        """Return the same, from the database if need be; its use is noted once a day.

        Waits for the database, so it belongs into a thread.
        """
        with self._lock:  # however many wait, one of them asks
            if self._clock() >= self._until:
                until = self._clock() + HELD_S  # counted from before the snapshot
                with self._database.read() as connection:
                    living = api_keys.fetch_living(connection)
                self._used_on = {one.id: one.last_used_on for one in living}
                self._held = {one.secret_hash: one.id for one in living}
                self._until = until
            found = self._held.get(hash_key(key))
            if found is None:
                return False
            day = self._today()
            if self._used_on.get(found) != day:
                with self._database.write() as connection:
                    api_keys.note_use(connection, found, day=day)
                self._used_on[found] = day
            return True
