"""Answers as CSV tables: a row a candidate of an address, a row an address near a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data.spreadsheet import write_csv
from geo.address.explain import with_faults

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
# Of the place first, then of the address near it.
NEAR_COLUMNS = (
    "grid_code",
    "grid_name",
    "village_code",
    "village_name",
    "township_code",
    "township_name",
    "matched_address",
    "distance_m",
    "lon",
    "lat",
    "address_grid_code",
    "address_grid_name",
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
    reason_zh, reason = with_faults(
        (found["message_zh"], found["message"]),
        [(fault["message_zh"], fault["message"]) for fault in found["faults"]],
    )
    told = {
        "status": found["status"],
        "confidence": found["confidence"],
        "reason": reason,
        "reason_zh": reason_zh,
    }
    rows = [
        {
            **told,
            **{n: one[n] for n in ("household_id", "matched_address", "households")},
            "level": one["level"] or found["level"],
            **_named("grid", one["grid"]),
            **_place(one["point"]),
        }
        for one in found["candidates"] or [_NO_CANDIDATE]
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return write_csv(frame.astype({"households": "Int64"}))


def write_near(found: Mapping[str, Any]) -> bytes:
    """Return an answer of :meth:`api.services.addresses.Finder.reverse` as CSV.

    As :func:`write_answer`; where no address is known the place has its one row.
    """
    place: dict[str, Any] = {}
    for level in ("grid", "village", "township"):
        place |= _named(level, found[level])
    rows = [
        {
            **place,
            **{name: one.get(name) for name in ("matched_address", "distance_m")},
            **_place(one.get("point")),
            **_named("address_grid", one.get("grid")),
        }
        for one in found["addresses"] or [{}]
    ]
    return write_csv(pd.DataFrame(rows, columns=list(NEAR_COLUMNS)))


def _named(unit: str, found: Mapping[str, str] | None) -> dict[str, str | None]:
    told = found or {}
    return {f"{unit}_code": told.get("code"), f"{unit}_name": told.get("name")}


def _place(point: list[float] | None) -> dict[str, float | None]:
    return {"lon": point[0] if point else None, "lat": point[1] if point else None}
