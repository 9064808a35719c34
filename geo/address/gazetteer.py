"""The names of places an address may hold: divisions, natural villages, streets, estates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.address.names import Name, locality_key, names_of
from geo.address.numerals import HAN
from geo.address.signs import Signs
from geo.address.sounds import sounds, spellings
from geo.address.words import LEVELS, SUFFIXES, PlaceLevel

_LOOKS_LIKE_A_NUMBER = re.compile(rf"第?[{HAN}0-9]+[号组社队排户]")
_NUMERALS = re.compile(rf"[{HAN}0-9]")
# Names of cities that are none, as statistics write them under a municipality.
_PLACEHOLDERS = frozenset({"县", "市辖区", "省直辖县级行政区划", "自治区直辖县级行政区划"})
LOCALITY = LEVELS.index("natural_village")


@dataclass(frozen=True)
class Place:
    """One place; ``parent`` is a position in :attr:`Gazetteer.places`, -1 for none."""

    level: int
    name: str
    code: str
    parent: int

    @property
    def level_name(self) -> PlaceLevel:
        """Its level as a word."""
        return LEVELS[self.level]


@dataclass(frozen=True)
class Namesakes:
    """The places of one level that have a name: 老寨 may be a natural village of many villages.

    ``stem``, ``suffix`` and ``kind`` are those of :class:`geo.address.names.Name`; ``places`` are
    positions in :attr:`Gazetteer.places`.
    """

    stem: str
    suffix: str
    kind: str
    level: int
    places: tuple[int, ...]


@dataclass(frozen=True)
class Gazetteer:
    """All names of the store's places; made by :func:`make_gazetteer`, never changed after.

    ``children`` holds the localities of each village.
    """

    places: tuple[Place, ...]
    names: tuple[Name, ...]
    by_code: dict[str, int]
    localities: dict[tuple[int, str], int]
    children: dict[int, list[int]] = field(default_factory=dict)
    _chains: dict[int, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def by_stem(self) -> dict[str, tuple[Namesakes, ...]]:
        """Names by their proper name."""
        made: dict[str, dict[tuple[str, str, int], list[int]]] = {}
        for name in self.names:
            alike = (name.suffix, name.kind, self.places[name.place].level)
            made.setdefault(name.stem, {}).setdefault(alike, []).append(name.place)
        return {
            stem: tuple(Namesakes(stem, *alike, tuple(places)) for alike, places in held.items())
            for stem, held in made.items()
        }

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Every proper name once."""
        return tuple(self.by_stem)

    @cached_property
    def longest(self) -> int:
        """Signs of the longest proper name."""
        return max(map(len, self.stems), default=0)

    @cached_property
    def with_numerals(self) -> tuple[re.Pattern[str], ...]:
        """What finds names that hold numerals: with a word behind them (二号村), and without."""
        whole: set[str] = set()
        stems: set[str] = set()
        for stem, names in self.by_stem.items():
            if not _NUMERALS.search(stem):
                continue
            if not _LOOKS_LIKE_A_NUMBER.fullmatch(stem):  # 七号 for 七号村 would eat house numbers
                stems.add(stem)
            for level in {LEVELS[name.level] for name in names}:
                words = SUFFIXES[level] if level != "natural_village" else ()
                whole |= {stem + word for word in words}
            whole |= {stem for name in names if not name.suffix}
        return tuple(re.compile(_any_of(held)) for held in (whole, stems) if held)

    @cached_property
    def by_sound(self) -> dict[str, list[str]]:
        """Proper names by the letters of their pinyin."""
        made: dict[str, list[str]] = {}
        for stem in self.stems:
            for spelling in spellings(stem):
                made.setdefault(spelling, []).append(stem)
        return made

    @cached_property
    def longest_sound(self) -> int:
        """Letters of the longest proper name in pinyin."""
        return max(map(len, self.by_sound), default=0)

    @cached_property
    def signs(self) -> Signs:
        """The proper names as numbers, for the alignment."""
        return Signs.of([(list(stem), sounds(stem)) for stem in self.stems])

    @cached_property
    def letters(self) -> Signs:
        """The proper names' pinyin as numbers, letter by letter."""
        return Signs.of([(list(letters), ()) for letters in self.by_sound])

    @cached_property
    def heads(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What :attr:`signs` and :attr:`letters` stand for: proper names, and their pinyin."""
        return self.stems, tuple(self.by_sound)

    @cached_property
    def heads_of_divisions(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which of :attr:`heads` name a division."""
        wide = {name.stem for name in self.names if self.places[name.place].level < LOCALITY}
        return (
            np.asarray([stem in wide for stem in self.stems], dtype=bool),
            np.asarray([not wide.isdisjoint(held) for held in self.by_sound.values()], dtype=bool),
        )

    @cached_property
    def _heads_of_villages(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """Positions in :attr:`heads` of the localities of each village."""
        made: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
        for at, stem in enumerate(self.stems):
            for name in self.by_stem[stem]:
                if name.level == LOCALITY:
                    for place in name.places:
                        made[0].setdefault(self.places[place].parent, []).append(at)
        place_of = {stem: at for at, stem in enumerate(self.stems)}
        villages: dict[int, list[int]] = {}
        for village, held in made[0].items():
            for at in held:
                villages.setdefault(at, []).append(village)
        for at, stems in enumerate(self.by_sound.values()):
            for stem in stems:
                for village in villages.get(place_of[stem], ()):
                    made[1].setdefault(village, []).append(at)
        return made

    def heads_in(self, villages: Iterable[int], *, latin: bool) -> NDArray[np.int32]:
        """Return the positions in :attr:`heads` of the localities of villages, each once."""
        held = self._heads_of_villages[latin]
        return np.asarray(
            sorted({at for village in villages for at in held.get(village, ())}), dtype=np.int32
        )

    def villages_in(self, places: Iterable[int]) -> set[int]:
        """Return the villages that are, or lie in, one of some townships and villages."""
        found = set()
        for place in places:
            level = self.places[place].level
            if level == LOCALITY - 1:
                found.add(place)
            elif level == LOCALITY - 2:
                found.update(self._villages_of.get(place, ()))
        return found

    @cached_property
    def _villages_of(self) -> dict[int, list[int]]:
        made: dict[int, list[int]] = {}
        for at, place in enumerate(self.places):
            if place.level == LOCALITY - 1:
                made.setdefault(place.parent, []).append(at)
        return made

    def chain(self, place: int) -> tuple[int, ...]:
        """Return a place and those it lies in, the widest first."""
        if place < 0:
            return ()
        found = self._chains.get(place)
        if found is None:
            parent = self.places[place].parent
            found = self._chains[place] = (*self.chain(parent), place)
        return found

    def full_name(self, place: int) -> str:
        """Return the names of a place and of those it lies in, one after another."""
        return "".join(
            self.places[at].name
            for at in self.chain(place)
            if self.places[at].name not in _PLACEHOLDERS
        )


def _any_of(names: Iterable[str]) -> str:
    """Return a pattern of any of some names, of several the longest.

    By their first sign, so that a text is not compared with thousands of names at each place.
    """
    by_sign: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        by_sign.setdefault(name[0], []).append(re.escape(name[1:]))
    return "|".join(
        # 2号 is not in 12号
        (rf"(?<![0-9{HAN}])" if _NUMERALS.match(sign) else "")
        + re.escape(sign)
        + f"(?:{'|'.join(rests)})"
        for sign, rests in sorted(by_sign.items())
    )


def make_gazetteer(
    divisions: pd.DataFrame, localities: pd.DataFrame, aliases: pd.DataFrame | None = None
) -> Gazetteer:
    """Return the gazetteer of a store.

    Parameters
    ----------
    divisions
        ``code``, ``name``, ``level`` (province … village), each code beginning with its parent's.
    localities
        ``village_code``, ``name`` of natural villages, streets and estates, and ``code`` (``""``
        for those only the register knows); a name counts once a village.
    aliases
        ``code``, ``name``, ``kind`` (``old``, ``official``, ``other``) of divisions or natural
        villages.
    """
    places: list[Place] = []
    names: list[Name] = []
    by_code: dict[str, int] = {}
    ordered = divisions.assign(rank=divisions["level"].map(LEVELS.index)).sort_values(
        ["rank", "code"], kind="stable"
    )
    for code, name, rank in zip(ordered["code"], ordered["name"], ordered["rank"], strict=True):
        parent = next(
            (by_code[code[:n]] for n in (9, 6, 4, 2) if n < len(code) and code[:n] in by_code), -1
        )
        by_code[code] = len(places)
        places.append(Place(int(rank), name or "", code, parent))
        if name and name not in _PLACEHOLDERS:
            names += names_of(by_code[code], name, LEVELS[int(rank)], "")
    known: dict[tuple[int, str], int] = {}
    children: dict[int, list[int]] = {}
    for village, name, code in zip(
        localities["village_code"], localities["name"], localities["code"], strict=True
    ):
        parent = by_code.get(village, -1)
        key = locality_key(name or "")
        if parent < 0 or not key:
            continue
        at = known.get((parent, key))
        if at is None:
            at = known[parent, key] = len(places)
            places.append(Place(LOCALITY, name, code or "", parent))
            names += names_of(at, name, "natural_village", "")
            children.setdefault(parent, []).append(at)
        if code:
            by_code.setdefault(code, at)
    if aliases is not None:
        for code, name, kind in zip(aliases["code"], aliases["name"], aliases["kind"], strict=True):
            at = by_code.get(code, -1)
            if at >= 0 and name:
                level = LEVELS[places[at].level]
                names += names_of(at, name, level, "old" if kind == "old" else "")
    return Gazetteer(tuple(places), tuple(dict.fromkeys(names)), by_code, known, children)
