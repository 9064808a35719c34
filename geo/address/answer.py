"""What the search of an address answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geo.address.doors import Door

Status = Literal["ok", "ambiguous", "none"]
Level = Literal["house", "group", "natural_village", "village", "township", "county"]
Element = Literal[
    "text", "province", "city", "county", "township", "village", "natural_village", "group",
    "number", "sub", "building", "unit", "room",
]  # fmt: skip
FaultKey = Literal[
    "spelled",
    "old_name",
    "word",
    "not_understood",
    "other_place",
    "not_in_register",
    "contradicts",
    "said_twice",
    "beside",
    "too_long",
    "too_little",
    "private",
    "no_grid",
]


@dataclass(frozen=True)
class Fault:
    """Something an address has wrong, in the style of the BC geocoder.

    ``value`` is what was typed, ``meant`` what it was taken for (``""``: nothing), ``penalty``
    what it takes from the confidence.
    """

    value: str
    element: Element
    fault: FaultKey
    penalty: float
    meant: str = ""


@dataclass(frozen=True)
class Found:
    """One place or house an address may mean.

    ``place`` is a position in the gazetteer, ``group`` the group, ``rows`` the positions of the
    households meant (in :class:`geo.address.homes.Homes`), ``level`` how narrow it is.
    """

    place: int
    group: int | None
    level: Level
    rows: tuple[int, ...]
    cost: float


@dataclass(frozen=True)
class Answer:
    """The answer to one address.

    ``grid`` is a position among the grids, given with ``ok`` only, -1 for none; ``grids`` maps
    the grids it could be to their households, most first; ``found`` are the possibilities, best
    first; ``text`` is the address in one spelling, ``parsed`` its parts as they were understood.
    """

    status: Status
    level: Level | None
    confidence: float
    grid: int
    grids: dict[int, int]
    found: tuple[Found, ...]
    faults: tuple[Fault, ...]
    text: str
    parsed: dict[str, str]
    door: Door
