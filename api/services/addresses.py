"""Which grid is an address in: the register and the names of places; never a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from api.services.address_index import AddressIndex, AddressIndexes, Homed, NamedThings, middle_of
from api.services.caller import Caller
from api.services.lookup import find_grid
from data import addresses, grids, workspace
from data.lines import IN_FORCE, Lines
from geo.address.answer import Answer, Found
from geo.address.completions import complete
from geo.address.explain import explain_answer, explain_fault
from geo.address.search import search as find_address

# The formula of the confidence; docs/addresses.md.
CONFIDENCE = "1"
# As many grids of one name are listed.
_SAME_NAME = 50

Row = Mapping[str, Any]
Json = dict[str, Any]


class Finder:
    """The addresses of one snapshot of the store, under some lines, for one caller."""

    def __init__(
        self,
        connection: sa.Connection,
        indexes: AddressIndexes,
        caller: Caller,
        lines: Lines = IN_FORCE,
    ) -> None:
        self._connection = connection
        self._caller = caller
        self._lines = lines
        self._indexes = indexes
        self._marks = workspace.fetch_etags(connection)
        self._index: AddressIndex = indexes.find(connection, self._marks)
        self._homed: Homed = indexes.find_homed(connection, self._marks, self._index, lines)

    @property
    def version(self) -> str:
        """What changes with the register, the names and the lines."""
        return f"{self._index.version} {self._homed.version}"

    def search(self, query: str, *, limit: int) -> Json:
        """Return where an address is: ``ok``, ``ambiguous`` or ``none``.

        Parameters
        ----------
        limit
            Most candidates listed.
        """
        answer = self.find(query)
        if answer.status == "none":
            named = self._named(query)
            if named:
                return self._of_places(named, answer.text)
        return self._describe(answer, limit)

    def find(self, query: str) -> Answer:
        """Return the answer of the engine, in positions of the index."""
        index = self._index
        return find_address(query, index.gazetteer, index.homes, self._homed.grids)

    def codes(self, answer: Answer) -> list[str]:
        """Return the codes of the grids an answer could be, those the caller may see."""
        return [code for at in answer.grids if self._caller.covers(code := self._homed.codes[at])]

    def household(self, answer: Answer) -> str | None:
        """Return the code of the one household an answer means, ``None`` for none or several."""
        first = answer.found[0] if answer.found else None
        if answer.status != "ok" or first is None or first.level != "house":
            return None
        return str(self._index.codes.iloc[first.rows[0]]) if len(first.rows) == 1 else None

    def matched(self, answer: Answer) -> str | None:
        """Return the address or place an answer settles on."""
        settled = answer.status == "ok" and bool(answer.found)
        return self._address(answer.found[0]) if settled else None

    def grid_code(self, answer: Answer) -> str | None:
        """Return the code of the grid an answer gives."""
        code = self._homed.codes[answer.grid] if answer.grid >= 0 else None
        return code if code is not None and self._caller.covers(code) else None

    def suggest(self, query: str, *, limit: int) -> Json:
        """Return completions: places and houses, then grids and centers."""
        index = self._index
        found = [
            self._completion(one.place, one.home)
            for one in complete(query, index.completions, index.homes, limit)
        ]
        if len(found) < limit:
            named = self._things.named.find(query.strip(), limit - len(found))
            found += [_named_place(row) for row in self._rows(named)]
        return {"suggestions": found}

    def reverse(self, lon: float, lat: float, *, limit: int) -> Json:
        """Return where a place is, and the registered addresses nearest to it."""
        index = self._index
        here = find_grid(self._connection, lon, lat, self._caller, self._lines)
        place = {name: here[name] for name in ("grid", "village", "township")}
        tree, placed = index.tree
        if len(placed) == 0:
            return place | {"addresses": []}
        far, near = tree.query(
            index.flat(np.asarray([lon, lat])), k=np.arange(1, min(limit, len(placed)) + 1)
        )
        homes = [int(placed[at]) for at in near]
        named = self._names([self._homed.grids[home] for home in homes])
        return place | {
            "addresses": [
                {
                    "matched_address": self._text(home),
                    "distance_m": round(float(metres), 1),
                    "point": self._point(home),
                    "grid": named.get(int(self._homed.grids[home])),
                    **self._parts(home),
                }
                for home, metres in zip(homes, far, strict=True)
            ]
        }

    def _describe(self, answer: Answer, limit: int) -> Json:
        named = self._names([*answer.grids, answer.grid])
        candidates = self._candidates(answer, limit)
        first = answer.found[0] if answer.found else None
        settled = answer.status == "ok" and first is not None
        message_zh, message = explain_answer(answer)
        return {
            "status": answer.status,
            "level": None if answer.level == "county" else answer.level,
            "confidence": answer.confidence,
            "confidence_version": CONFIDENCE,
            "grid": named.get(answer.grid),
            "grids": [
                named[at] | {"households": count}
                for at, count in answer.grids.items()
                if at in named
            ],
            "point": self._middle(first.rows) if settled and first else None,
            "matched_address": self._address(first) if settled and first else None,
            "candidates": candidates,
            "normalised": answer.text,
            "parsed": answer.parsed,
            "faults": [_fault(fault) for fault in answer.faults],
            "message": message,
            "message_zh": message_zh,
        }

    def _candidates(self, answer: Answer, limit: int) -> list[Json]:
        """Return what an address may mean: each house, or each place in each of its grids."""
        made: list[tuple[Found, list[int]]] = []
        for found in answer.found:
            if found.level == "house":
                made += [(found, [row]) for row in found.rows[:limit]]
            else:
                by_grid: dict[int, list[int]] = {}
                for row in found.rows:
                    by_grid.setdefault(int(self._homed.grids[row]), []).append(row)
                fullest = sorted(by_grid.items(), key=lambda item: (-len(item[1]), item[0]))
                made += [(found, rows) for _, rows in fullest]
            if len(made) >= limit:
                break
        made = made[:limit]
        named = self._names([int(self._homed.grids[rows[0]]) for _, rows in made if rows])
        return [
            {
                "matched_address": self._text(rows[0])
                if found.level == "house"
                else self._address(found),
                "level": None if found.level == "county" else found.level,
                "point": self._middle(rows),
                "grid": named.get(int(self._homed.grids[rows[0]])),
                "households": len(rows),
                "household_id": str(self._index.codes.iloc[rows[0]])
                if found.level == "house"
                else None,
            }
            for found, rows in made
            if rows
        ]

    def _names(self, places: Sequence[int]) -> dict[int, Json]:
        """Return code and name of grids by position, those the caller may see."""
        codes, names = self._homed.codes, self._homed.names
        return {
            int(at): {"code": codes[at], "name": names[at]}
            for at in places
            if at >= 0 and self._caller.covers(codes[at])
        }

    def _address(self, found: Found) -> str:
        if found.level == "house":
            return self._text(found.rows[0])
        group = f"{found.group}组" if found.group is not None else ""
        return self._index.gazetteer.full_name(found.place) + group

    def _text(self, home: int) -> str:
        return str(self._index.texts.iloc[home])

    def _point(self, home: int) -> list[float] | None:
        lon, lat = self._index.points[home]
        return None if np.isnan(lon) else [round(float(lon), 9), round(float(lat), 9)]

    def _middle(self, rows: Sequence[int] | NDArray[np.int64]) -> list[float] | None:
        """Return the place of the household in the middle of those meant."""
        return middle_of(self._index.known_points(rows))

    def _parts(self, home: int) -> Json:
        """Return the divisions a household is registered in, by name."""
        homes, gazetteer = self._index.homes, self._index.gazetteer
        place = homes.locality[home] if homes.locality[home] >= 0 else homes.village[home]
        return {
            gazetteer.places[at].level_name: {
                "code": gazetteer.places[at].code,
                "name": gazetteer.places[at].name,
            }
            for at in gazetteer.chain(int(place))
            if gazetteer.places[at].level_name in ("township", "village", "natural_village")
        }

    def _completion(self, place: int, home: int | None) -> Json:
        gazetteer = self._index.gazetteer
        found = gazetteer.places[place]
        above = "".join(
            gazetteer.places[at].name
            for at in gazetteer.chain(found.parent)
            if gazetteer.places[at].level_name in ("township", "village")
        )
        if home is None:
            point, box = self._index.extent_of(place)
            return {
                "text": found.name,
                "kind": found.level_name,
                "code": found.code,
                "detail": above,
                "point": point,
                "bbox": box,
            }
        return {
            "text": self._text(home),
            "kind": "address",
            "code": str(self._index.codes.iloc[home]),
            "detail": "",
            "point": self._point(home),
            "bbox": None,
        }

    @cached_property
    def _things(self) -> NamedThings:
        return self._indexes.find_named(self._connection, self._marks, self._homed, self._lines)

    def _rows(self, named: Sequence[int]) -> list[Row]:
        """Return grids and centers by their position, those the caller may see."""
        if not named:
            return []
        things = self._things
        codes = {at: things.named.codes[at] for at in named}
        rows = addresses.fetch_named(
            self._connection,
            grids=[code for at, code in codes.items() if at < things.grids],
            centers=[code for at, code in codes.items() if at >= things.grids],
            lines=self._lines,
        )
        return [row for row in rows if self._caller.covers(row["village_code"] or row["code"])]

    def _named(self, query: str) -> list[Row]:
        """Return the grids, or else the centers, of exactly this name or code."""
        rows = self._rows(self._things.named.exactly(query.strip())[:_SAME_NAME])
        return [row for row in rows if row["kind"] == rows[0]["kind"]]

    def _of_places(self, places: Sequence[Row], text: str) -> Json:
        """Answer the name of a grid or center: one is an answer, several are a choice."""
        held = [self._grid_of(place) for place in places]
        single = len(places) == 1
        codes = {grid["code"]: grid for grid in held if grid is not None}
        first = places[0]
        return {
            "status": "ok" if single else "ambiguous",
            "level": None,
            "confidence": 1.0 if single else round(1.0 / len(places), 4),
            "confidence_version": CONFIDENCE,
            "grid": held[0] if single else None,
            "grids": [codes[code] for code in sorted(codes)],
            "point": _place_point(first) if single else None,
            "matched_address": first["name"] or first["code"] if single else None,
            "candidates": [
                {
                    "matched_address": place["name"] or place["code"],
                    "level": None,
                    "point": _place_point(place),
                    "grid": grid,
                    "households": None,
                    "household_id": None,
                }
                for place, grid in zip(places, held, strict=True)
            ],
            "normalised": text,
            "parsed": {first["kind"]: first["name"] or first["code"]},
            "faults": [],
            "message": "A grid or center of this name.",
            "message_zh": "这是网格或服务中心的名称。",
        }

    def _grid_of(self, place: Row) -> Json | None:
        if place["kind"] == "grid":
            return {"code": place["code"], "name": place["name"] or ""}
        if place["lon"] is None:
            return None
        row = grids.fetch_grid_at(self._connection, place["lon"], place["lat"], self._lines)
        return None if row is None else {"code": row["code"], "name": row["name"] or ""}


def _fault(fault: Any) -> Json:  # noqa: ANN401
    message_zh, message = explain_fault(fault)
    return {
        "value": fault.value,
        "element": fault.element,
        "fault": fault.fault,
        "meant": fault.meant,
        "penalty": round(fault.penalty, 3),
        "message": message,
        "message_zh": message_zh,
    }


def _named_place(row: Row) -> Json:
    parts = [row["township"], row["village"]]
    return {
        "text": row["name"] or row["code"],
        "kind": row["kind"],
        "code": row["code"],
        "detail": "".join(dict.fromkeys(p for p in parts if p and p != row["name"])),
        "point": _place_point(row),
        "bbox": None if row["bbox"] is None else list(row["bbox"]),
    }


def _place_point(row: Row) -> list[float] | None:
    return None if row["lon"] is None else [round(row["lon"], 9), round(row["lat"], 9)]


def compose(parts: Mapping[str, str]) -> str:
    """Return an address from its parts; numbers without their word get it.

    Examples
    --------
    >>> compose({"village": "上河村", "group": "三", "number": "12"})
    '上河村三组12号'
    """
    words = {"group": "组", "number": "号", "sub": "号"}
    made = []
    for name in ("county", "township", "village", "natural_village", "group", "number", "sub"):
        value = parts.get(name, "").strip()
        if value and not value.endswith(("组", "社", "队", "号", "户")):
            value += words.get(name, "")
        made.append("附" + value if name == "sub" and value else value)
    return "".join(made)
