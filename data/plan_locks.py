"""What a draft has locked: grids, by themselves or by their village, and villages."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

_GRIDS = text("SELECT l.code FROM plan_lines(CAST(:plan AS uuid)) l WHERE l.locked")
_VILLAGES = text("SELECT k.village_code FROM plan_locks(CAST(:plan AS uuid)) k")


class Locks(NamedTuple):
    """Codes of what is locked."""

    grids: frozenset[str]
    villages: frozenset[str]


def fetch_locks(connection: Connection, plan: UUID | None) -> Locks:
    """Return the locks of a draft at its head; none where there is no plan."""
    if plan is None:
        return Locks(frozenset(), frozenset())
    values = {"plan": str(plan)}
    grids = connection.execute(_GRIDS, values).scalars()
    villages = connection.execute(_VILLAGES, values).scalars()
    return Locks(frozenset(grids), frozenset(villages))
