"""What is right: the homes an address describes, told from the truth and not by reading it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks import address_rewrites as rewrites
from benchmarks.address_counties import County
from benchmarks.address_homes import Home, unit_text

_STEM = re.compile(r"(?<=..)(?:街道|苏木|嘎查|社区|民族乡|镇|乡|村|农场|管理区|连)$")
_NUMBER = re.compile(r"第?[一二三四五六七八九十]+[号台]?")
_NUMBERED = re.compile(r"([一二三四五六七八九十]+)[组社队]$")
_NUMERALS = {rewrites.han(n): n for n in range(1, 100)}


@dataclass(frozen=True)
class Query:
    """A query and what is right.

    ``expect``: ``house`` and ``group`` (ok, in the one grid), ``ambiguous`` (all ``grids``
    listed), ``none``, ``none_or_ambiguous``, ``village_or_none`` (ok only for a whole village
    that is one grid), ``right_or_unsure`` (a person could not decide: anything but ok with
    another grid).
    """

    type: str
    text: str
    expect: str
    households: tuple[int, ...]
    grids: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """Which parts of an address are said.

    ``town`` and ``village`` are ``full``, ``stem`` or ``""``; ``village`` also ``old``.
    """

    town: str = "full"
    village: str = "full"
    unit: bool = True
    group: bool = True
    door: bool = True


WHOLE = Recipe()


def stem(name: str) -> str:
    """Return a name without its last word, unless no name would be left (七号村, 高村)."""
    found = _STEM.sub("", name)
    return name if _NUMBER.fullmatch(found) or found[-1:] in "一二三四五六七八九十" else found


class Truth:
    """Finds the homes that a set of parts describes, and what a reader of the register can know."""

    def __init__(self, county: County, say: Callable[[str], str] = lambda name: name) -> None:
        self.homes = county.homes
        self.say = say
        self.old: dict[str, str] = {code: name for code, name, _ in county.aliases}
        self.index: dict[str, list[int]] = {}
        self.said: set[tuple[str, str]] = set()
        self.links: dict[tuple[str, str], set[int]] = {}
        for home in county.homes:
            for key in dict.fromkeys(self._keys(home)):
                self.index.setdefault(key, []).append(home.id)
            if "unit" in home.says:
                self.said.add((home.code, home.unit))
            if len(home.says) == 2:
                self.links.setdefault((home.code, home.unit), set()).add(home.group)

    def key(self, home: Home, recipe: Recipe) -> str:
        town = {"full": home.town, "stem": stem(home.town), "": ""}[recipe.town]
        village = {
            "full": home.village, "stem": stem(home.village), "": "",
            "old": self.old.get(home.code, home.village),
        }[recipe.village]  # fmt: skip
        names = "".join(map(self.say, (town, village, home.unit if recipe.unit else "")))
        group = f"{home.group}组" if recipe.group and home.group else ""
        return f"{names}|{group}|{_door(home) if recipe.door else ''}"

    def _keys(self, home: Home) -> Iterator[str]:
        for town in ("full", "stem", ""):
            for village in ("full", "stem", "", *(["old"] if home.code in self.old else [])):
                for unit in (True, False):
                    for group in (True, False):
                        for door in (True, False):
                            key = self.key(home, Recipe(town, village, unit, group, door))
                            yield key
                            lone = _NUMBERED.search(home.unit)
                            if unit and lone and lone.start() == 0:
                                names, _, rest = key.partition("|")
                                names = names.removesuffix(self.say(home.unit))
                                yield f"{names}|{_NUMERALS[lone[1]]}组|{rest.partition('|')[2]}"

    def judge(self, home: Home, recipe: Recipe) -> tuple[str, tuple[int, ...], tuple[str, ...]]:
        """Return (expect, households, grids) of a query that says these parts of a home."""
        recipe = replace(
            recipe, unit=recipe.unit and bool(home.unit), group=recipe.group and bool(home.group)
        )
        keys = [self.key(home, recipe)]
        if recipe.unit and _NUMBERED.fullmatch(home.unit):
            # 七社 is group 7 as well
            group = _NUMERALS[_NUMBERED.fullmatch(home.unit)[1]]  # type: ignore[index]
            keys.append(
                self.key(replace(home, group=group), replace(recipe, unit=False, group=True))
            )
        return self.judge_keys(keys, recipe)

    def judge_keys(
        self, keys: Sequence[str], recipe: Recipe
    ) -> tuple[str, tuple[int, ...], tuple[str, ...]]:
        """Return the same for the homes of some keys."""
        true = [
            self.homes[at]
            for at in dict.fromkeys(at for key in keys for at in self.index.get(key, ()))
        ]
        grids = sorted({home.grid for home in true})
        if any(self._misleads(home, recipe) for home in true):
            return "unknowable", (), tuple(grids)
        said = [home for home in true if self._says(home, recipe)]
        just = [home for home in said if set(home.says) == _asked(home, recipe)]
        written = sorted({home.grid for home in just})
        known = sorted({home.grid for home in true if self._knowable(home, recipe)})
        ids = tuple(home.id for home in true)
        possible = {h.grid for h in self._consistent(true, recipe)} | set(grids)
        level = "house" if recipe.door else "group"
        if len(grids) > 1:
            if recipe.door and len(written) == 1:
                return "right_or_unsure", tuple(home.id for home in just), tuple(written)
            return ("ambiguous" if known == grids else "right_or_unsure"), ids, tuple(grids)
        if len(possible) > 1 and not (recipe.door and written):
            return "right_or_unsure", ids, tuple(grids)
        return (level if known else "right_or_unsure"), ids, tuple(grids)

    def _misleads(self, home: Home, recipe: Recipe) -> bool:
        """Whether the register knows nothing of the unit, or only that it lies in other groups."""
        if recipe.unit and home.unit and (home.code, home.unit) not in self.said:
            return True
        linked = self.links.get((home.code, home.unit), set())
        asked = recipe.unit or recipe.group
        return asked and len(home.says) == 1 and bool(linked) and home.group not in linked

    def _says(self, home: Home, recipe: Recipe) -> bool:
        """Whether the register's line names the unit and group that are asked."""
        return _asked(home, recipe) <= set(home.says)

    def _knowable(self, home: Home, recipe: Recipe) -> bool:
        if self._says(home, recipe):
            return True
        linked = self.links.get((home.code, home.unit), set())
        return linked == {home.group} and (
            recipe.group or "unit" in home.says or not recipe.unit or len(linked) == 1
        )

    def _consistent(self, true: Sequence[Home], recipe: Recipe) -> Iterator[Home]:
        """Yield the homes whose lines in the register do not exclude them."""
        for one in {(h.code, h.unit, h.group, _door(h)): h for h in true}.values():
            linked = self.links.get((one.code, one.unit), set())
            for home in self._around(one, recipe):
                if recipe.door and _door(home) != _door(one):
                    continue
                if recipe.unit and one.unit and home.unit != one.unit:
                    if "unit" in home.says:
                        continue
                    if not recipe.town and not recipe.village and home.code != one.code:
                        continue
                    if linked and "group" in home.says and home.group not in linked:
                        continue
                if recipe.group and one.group and home.group != one.group:
                    if "group" in home.says:
                        continue
                    known = self.links.get((home.code, home.unit), set())
                    if "unit" in home.says and known and one.group not in known:
                        continue
                yield home

    def _around(self, one: Home, recipe: Recipe) -> list[Home]:
        """Return the homes of every village that the names of townships and villages could mean."""
        if not recipe.town and not recipe.village:
            return list(self.homes)
        names = replace(recipe, unit=False, group=False, door=False)
        return [self.homes[at] for at in self.index[self.key(one, names)]]

    def homes_of(self, code: str) -> list[Home]:
        if not hasattr(self, "_by_code"):
            self._by_code: dict[str, list[Home]] = {}
            for home in self.homes:
                self._by_code.setdefault(home.code, []).append(home)
        return self._by_code[code]


def _asked(home: Home, recipe: Recipe) -> set[str]:
    asked = {"unit"} if recipe.unit and home.unit else set()
    return asked | ({"group"} if recipe.group and home.group else set())


def _door(home: Home) -> str:
    if home.building:
        return f"{home.building}-{home.door}-{home.room}"
    sub, room = (f"-{home.sub}" if home.sub else ""), (f" {home.room}" if home.room else "")
    return f"{home.lead}{home.number}{sub}{room}"


@dataclass(frozen=True)
class Parts:
    """The parts of an address as text, in the usual order."""

    town: str
    village: str
    unit: str
    group: str
    door: str
    group_first: bool = True

    def all(self) -> list[str]:
        inner = [self.group, self.unit] if self.group_first else [self.unit, self.group]
        return [part for part in (self.town, self.village, *inner, self.door) if part]

    def __str__(self) -> str:
        return "".join(self.all())


def parts_of(
    home: Home, recipe: Recipe, *, number: Callable[[int], str] = str, word: str = "组",
    door_word: str = "号", sub: str = "附{}号", group_first: bool | None = None,
) -> Parts:  # fmt: skip
    group = ""
    if recipe.group and home.group:
        first = "第" if word.startswith("第") else ""
        group = first + number(home.group) + word.removeprefix("第")
    if home.building:
        door = f"{number(home.building)}栋{number(home.door)}单元{home.room}室"
    elif home.sub:
        tail = sub.format(number(home.sub))
        door = number(home.number) + (
            f"{tail}{door_word}" if sub[0] == "-" else f"{door_word}{tail}"
        )
    else:
        door = home.lead + number(home.number) + door_word + (f"{home.room}室" if home.room else "")
    return Parts(
        {"full": home.town, "stem": stem(home.town), "": ""}[recipe.town],
        {"full": home.village, "stem": stem(home.village), "": ""}[recipe.village],
        unit_text(home, number) if recipe.unit else "",
        group,
        door if recipe.door else "",
        group_first=home.id % 2 == 0 if group_first is None else group_first,
    )  # fmt: skip
