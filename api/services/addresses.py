"""Which grid is an address in: the register first, then the names of places; never a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from api.services.caller import Caller
from api.services.shapes import Json, shape_box
from data import addresses, grids, natural_villages, workspace
from data.lines import IN_FORCE, Lines
from geo.address import Decision, Match, address_key, decide, normalise

# Households one address may stand for before the answer says that it has not seen them all.
LOOKED_AT = 500
GRIDS_SHOWN = 2_000
KINDS = ("township", "village", "natural_village", "grid", "center")
# Less of a settlement than this in a grid is a border drawn a little differently.
SLIVER = 0.01

Row = Mapping[str, Any]


def search(
    connection: sa.Connection, q: str, caller: Caller, *, limit: int, lines: Lines = IN_FORCE
) -> Json:
    """Return where an address is: ``ok``, ``ambiguous`` or ``none``.

    Parameters
    ----------
    lines
        Lines that are asked; the register is always that of now.
    limit
        Most candidates listed.
    """
    scope = caller.narrow(None)
    rows, key = _register(connection, q, scope, lines)
    matches = [Match(r["address_key"], r["address"], r["grid_code"], r["code"]) for r in rows]
    decision = decide(key, matches, complete=len(rows) < LOOKED_AT)
    if decision.status == "none":
        named = addresses.fetch_places(connection, q.strip(), scope=scope, limit=50, lines=lines)
        places = _named(named, q)
        if places:
            return _answer_places(connection, places, key, lines, limit)
    return _answer_register(decision, rows, key, limit)


def _register(
    connection: sa.Connection, q: str, scope: str | None, lines: Lines
) -> tuple[list[Row], str]:
    """Return households and the key that found them: as typed, with the county, without it."""
    key = address_key(q)
    county = workspace.fetch_value(connection, "title") or ""
    bare = address_key(q, [county])
    if not bare:  # nothing but the county, or nothing but signs
        return [], key
    keys = dict.fromkeys([key, normalise(county) + bare, bare])
    for wanted in keys:
        equal = addresses.fetch_households(
            connection, wanted, scope=scope, limit=LOOKED_AT, lines=lines
        )
        found = equal or addresses.fetch_households(
            connection, wanted, prefix=True, scope=scope, limit=LOOKED_AT, lines=lines
        )
        if found:
            return list(found), wanted
    return [], key


def _grid(row: Row) -> Json | None:
    code = row["grid_code"]
    return None if code is None else {"code": code, "name": row["grid_name"] or ""}


def _point(row: Row) -> list[float] | None:
    return None if row["lon"] is None else [round(row["lon"], 9), round(row["lat"], 9)]


def _answer_register(decision: Decision, rows: Sequence[Row], key: str, limit: int) -> Json:
    by_code = {row["code"]: row for row in rows}
    named = {row["grid_code"]: row["grid_name"] or "" for row in rows if row["grid_code"]}
    match = by_code[decision.match.household] if decision.match else None
    return {
        "status": decision.status,
        "level": decision.level,
        "confidence": decision.confidence,
        "grid": None if decision.grid is None else _grid(match or {"grid_code": None}),
        "grids": [{"code": code, "name": named[code]} for code in decision.grids],
        "point": _point(match) if match else None,
        "matched_address": match["address"] if match else None,
        "candidates": [
            {
                "matched_address": c.address,
                "point": _point(by_code[c.household]),
                "grid": _grid(row),
            }
            for c in decision.candidates[:limit]
            for row in [by_code[c.household]]
        ],
        "parsed": {"normalised": key},
        "faults": [],
    }


def _named(places: Sequence[Row], q: str) -> list[Row]:
    """Return the places of exactly this name or code, of the highest kind only."""
    wanted = normalise(q)
    same = [p for p in places if wanted in (normalise(p["name"] or ""), p["code"])]
    return [p for p in same if p["kind"] == same[0]["kind"]]


def _answer_places(
    connection: sa.Connection, places: Sequence[Row], key: str, lines: Lines, limit: int
) -> Json:
    """Answer the name of a place: one grid is a grid, several are a choice."""
    inside: dict[str, str] = {}
    for place in places[:limit]:
        inside |= _grids_of(connection, place, lines)
    codes = sorted(inside)
    single = len(places) == 1 and len(codes) == 1
    kind = places[0]["kind"]
    grid = {"code": codes[0], "name": inside[codes[0]]} if single else None
    return {
        "status": "ok" if single else "ambiguous",
        "level": kind if kind in ("township", "village", "natural_village") else None,
        "confidence": 1.0 if single else 1.0 / max(len(codes), len(places), 2),
        "grid": grid,
        "grids": [{"code": code, "name": inside[code]} for code in codes],
        "point": _point(places[0]) if len(places) == 1 else None,
        "matched_address": _full_name(places[0]) if len(places) == 1 else None,
        "candidates": [
            {"matched_address": _full_name(place), "point": _point(place), "grid": grid}
            for place in places[:limit]
        ],
        "parsed": {"normalised": key},
        "faults": [],
    }


def _grids_of(connection: sa.Connection, place: Row, lines: Lines) -> dict[str, str]:
    """Return code → name of the grids a place is in or consists of."""
    if place["kind"] in ("county", "township", "village"):
        page = grids.fetch_page(connection, parent=place["code"], lines=lines, limit=GRIDS_SHOWN)
        rows: Sequence[Row] = page.rows
    elif place["kind"] == "grid":
        rows = [place]
    elif place["kind"] == "natural_village":
        rows = _grids_under(connection, place["code"], lines)
    else:
        found = (
            None
            if place["lon"] is None
            else grids.fetch_grid_at(connection, place["lon"], place["lat"], lines)
        )
        rows = [found] if found else []
    return {row["code"]: row["name"] or "" for row in rows}


def _grids_under(connection: sa.Connection, code: str, lines: Lines) -> list[Row]:
    """Return the grids a natural village lies in."""
    settlement = natural_villages.fetch_one(connection, code)
    if settlement is None:
        return []
    shape = settlement["geometry"]
    page = grids.fetch_page(connection, bbox=shape.bounds, lines=lines, limit=GRIDS_SHOWN)
    return [
        row for row in page.rows if row["geometry"].intersection(shape).area > SLIVER * shape.area
    ]


def _full_name(place: Row) -> str:
    parts = [place["township"], place["village"], place["name"]]
    return "".join(dict.fromkeys(part for part in parts if part)) or place["code"]


def suggest(
    connection: sa.Connection, q: str, caller: Caller, *, limit: int, lines: Lines = IN_FORCE
) -> Json:
    """Return completions: places whose name begins with or holds the text, then addresses."""
    scope = caller.narrow(None)
    places = addresses.fetch_places(connection, q.strip(), scope=scope, limit=limit, lines=lines)
    found = [
        {
            "text": place["name"] or place["code"],
            "kind": place["kind"],
            "code": place["code"],
            "detail": _detail(place),
            "point": _point(place),
            "bbox": shape_box(place["bbox"]),
        }
        for place in places
        if place["kind"] in KINDS
    ]
    if len(found) < limit:
        rows, _ = _register(connection, q, scope, lines)
        found += [
            {
                "text": row["address"],
                "kind": "address",
                "code": row["code"],
                "detail": row["grid_name"] or row["grid_code"] or "",
                "point": _point(row),
                "bbox": None,
            }
            for row in rows[: limit - len(found)]
        ]
    return {"suggestions": found}


def _detail(place: Row) -> str:
    parts = [place["township"], place["village"]]
    return " ".join(dict.fromkeys(p for p in parts if p and p != place["name"]))
