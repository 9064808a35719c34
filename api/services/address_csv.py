"""An answer to an address as a CSV table: a row a candidate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data.spreadsheet import write_csv

# Named as in answered tables (api.services.address_batch).
COLUMNS = (
    "status",
    "level",
    "confidence",
    "household_id",
    "grid_code",
    "grid_name",
    "matched_address",
    "households",
    "lon",
    "lat",
    "reason",
    "reason_zh",
)
# The one row of an answer without any: its status and its reasons are told all the same.
_NO_CANDIDATE: Mapping[str, Any] = {
    "matched_address": None,
    "level": None,
    "point": None,
    "grid": None,
    "households": None,
    "household_id": None,
}


def write_answer(found: Mapping[str, Any]) -> bytes:
    """Return an answer of :meth:`api.services.addresses.Finder.search` as CSV.

    UTF-8 with BOM; no cell of it is run as a formula. Without a candidate it has one row.
    """
    told = {
        "status": found["status"],
        "confidence": found["confidence"],
        "reason": "; ".join([found["message"], *(f["message"] for f in found["faults"])]),
        "reason_zh": "；".join([found["message_zh"], *(f["message_zh"] for f in found["faults"])]),
    }
    rows = [
        {
            **told,
            **{n: one[n] for n in ("household_id", "matched_address", "households")},
            "level": one["level"] or found["level"],
            **_grid(one["grid"]),
            **_place(one["point"]),
        }
        for one in found["candidates"] or [_NO_CANDIDATE]
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return write_csv(frame.astype({"households": "Int64"}))


def _grid(grid: Mapping[str, str] | None) -> dict[str, str | None]:
    told = grid or {}
    return {"grid_code": told.get("code"), "grid_name": told.get("name")}


def _place(point: list[float] | None) -> dict[str, float | None]:
    return {"lon": point[0] if point else None, "lat": point[1] if point else None}
