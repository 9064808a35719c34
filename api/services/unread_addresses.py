"""Households whose address could not be read: for the planner to put the register right."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from api.services.caller import Caller
from api.services.shapes import Json
from data import addresses
from data.importers.addresses import key_of_fault
from data.spreadsheet import write_csv
from geo.problems import Problem

COLUMNS = ("code", "village_code", "address", "fault", "message_zh", "message")


def list_unread(
    connection: sa.Connection, caller: Caller, *, scope: str | None = None, limit: int | None
) -> Json:
    """Return ``total``, how many by ``fault``, and the first ``rows``, each with its reason.

    Raises
    ------
    Refusal
        If the caller may not see the scope.
    """
    found = addresses.fetch_unread(connection, scope=caller.narrow(scope), limit=limit)
    faults = [
        {"fault": key_of_fault(fault), "count": count, **_reason(fault)}
        for fault, count in found.faults.items()
    ]
    rows = [
        {**row, "fault": key_of_fault(row["fault"]), **_reason(row["fault"])} for row in found.rows
    ]
    return {"total": sum(found.faults.values()), "faults": faults, "rows": rows}


def write_unread(connection: sa.Connection, caller: Caller, *, scope: str | None = None) -> bytes:
    """Return all of them as CSV, safe for a spreadsheet."""
    rows = list_unread(connection, caller, scope=scope, limit=None)["rows"]
    return write_csv(pd.DataFrame(rows, columns=list(COLUMNS)))


def _reason(fault: str) -> dict[str, str]:
    problem = Problem(key_of_fault(fault))
    return {"message_zh": problem.sentence("zh"), "message": problem.sentence("en")}
