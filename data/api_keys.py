"""Keys of other systems: what they hash to, never the keys themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

Row = dict[str, Any]

_STORE = text("""
    INSERT INTO api_key (name, secret_hash, created_by, created_at)
    VALUES (:name, :secret_hash, :created_by, :now)
    ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING
    RETURNING id
""")
_FETCH = text("""
    SELECT id, name, created_by, created_at, revoked_at, last_used_on FROM api_key
     ORDER BY revoked_at IS NOT NULL, created_at, id
""")
_LIVING = text("SELECT id, secret_hash, last_used_on FROM api_key WHERE revoked_at IS NULL")
# the clock may have been set back since
_REVOKE = text("""
    UPDATE api_key SET revoked_at = GREATEST(:now, created_at)
     WHERE name = :name AND revoked_at IS NULL
    RETURNING id
""")
_NOTE_USE = text("""
    UPDATE api_key SET last_used_on = :day
     WHERE id = :id AND (last_used_on IS NULL OR last_used_on < :day)
""")


class LivingKey(NamedTuple):
    """A key that was not revoked: its number, its hash and the day of its last use, if any."""

    id: int
    secret_hash: bytes
    last_used_on: date | None


def store_key(
    connection: Connection, name: str, secret_hash: bytes, *, created_by: str, now: datetime
) -> int | None:
    """Store a key by its hash; return its number, None where a living key has the name.

    Parameters
    ----------
    secret_hash
        SHA-256 of the secret, 32 bytes.
    """
    values = {"name": name, "secret_hash": secret_hash, "created_by": created_by, "now": now}
    found = connection.execute(_STORE, values).scalar()
    return None if found is None else int(found)


def fetch_keys(connection: Connection) -> list[Row]:
    """Return all keys, the living first, in the order they were made; hashes stay in the store."""
    return [dict(row) for row in connection.execute(_FETCH).mappings()]


def fetch_living(connection: Connection) -> list[LivingKey]:
    """Return the keys that were not revoked."""
    return [
        LivingKey(int(row.id), bytes(row.secret_hash), row.last_used_on)
        for row in connection.execute(_LIVING)
    ]


def revoke_key(connection: Connection, name: str, *, now: datetime) -> int | None:
    """Revoke the living key of a name for good; return its number, None if there is none."""
    found = connection.execute(_REVOKE, {"name": name, "now": now}).scalar()
    return None if found is None else int(found)


def note_use(connection: Connection, id: int, *, day: date) -> None:
    """Write down that a key was used on a day, if that is not known yet."""
    connection.execute(_NOTE_USE, {"id": id, "day": day})
