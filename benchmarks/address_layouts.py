"""How villages are laid out, and how their clerks write: the habits of a region at work."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from benchmarks.address_homes import Home, door_text, group_text, numeral, unit_text
from benchmarks.address_regions import Region


@dataclass(frozen=True)
class Unit:
    name: str
    group: int = 0
    estate: bool = False

    @property
    def numbered(self) -> bool:
        """Whether it is a row of houses or a lane, with a number."""
        return any(sign.isdigit() for sign in self.name)


def read_unit(text: str) -> Unit:
    if "|" in text:
        return Unit(text.replace("|", ""))
    if text.endswith("#"):
        return Unit(text[:-1], estate=True)
    name, _, group = text.partition("/")
    return Unit(name, int(group or 0))


def _names(region: Region, rng: random.Random, count: int) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < count:
        names[rng.choice(region.first) + rng.choice(region.last)] = None
    return list(names)


def _hills(region: Region, rng: random.Random) -> list[Unit]:
    """Groups with one to three natural villages each; some lie in two groups, some have no name."""
    groups = rng.randint(3, 8)
    made = []
    names = iter(_names(region, rng, groups * 3))
    for group in range(1, groups + 1):
        if rng.random() < 0.12:
            made.append(Unit("", group))
            continue
        made += [Unit(next(names), group) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.3 and made[0].name and groups > 3:
        made.append(Unit(made[0].name, 3))
    return made


def _plain(region: Region, rng: random.Random) -> list[Unit]:
    """Streets of the same few names in every village, or rows of houses, or nothing at all."""
    kind = rng.random()
    if kind < 0.25:
        return [Unit("")]
    if kind < 0.5:
        return [Unit(f"{row}排") for row in range(1, rng.randint(4, 9))]
    return [Unit(name) for name in _names(region, rng, rng.randint(2, 5))]


def _named(region: Region, rng: random.Random) -> list[Unit]:
    """Groups that have names and no numbers; some villages have numbers as well."""
    made = [Unit(name) for name in _names(region, rng, rng.randint(3, 8))]
    if rng.random() < 0.25:
        made += [Unit("", group) for group in range(1, 5)]
    return made


def _coast(region: Region, rng: random.Random) -> list[Unit]:
    """Rows of houses with names along the water, some with groups."""
    names = _names(region, rng, rng.randint(2, 6))
    if rng.random() < 0.4:
        return [Unit(name, group) for group, name in enumerate(names, 1)]
    return [Unit(name) for name in names]


def _steppe(region: Region, rng: random.Random) -> list[Unit]:
    """Camps, or nothing but numbers."""
    if rng.random() < 0.3:
        return [Unit("")]
    return [Unit(name) for name in _names(region, rng, rng.randint(2, 4))]


LAYOUTS = {"hills": _hills, "plain": _plain, "named": _named, "coast": _coast, "steppe": _steppe}


@dataclass(frozen=True)
class Style:
    """How the clerk of one village writes."""

    head: str
    town: float
    word: str
    unit_first: bool
    drops_unit: float
    drops_group: float
    han: bool
    sub: str
    village_word: str

    @classmethod
    def make(cls, region: Region, rng: random.Random, scope: str) -> Style:
        return cls(
            head=rng.choice(("", "", "county", "full")),
            town=rng.choice((0.0, 0.0, 0.3)),
            word=rng.choice(region.words),
            unit_first=rng.random() < 0.4,
            drops_unit=rng.choice((0.0, 0.3, 0.7)) if scope != "unit" else 0.0,
            drops_group=rng.choice((0.0, 0.4, 0.9)) if scope != "group" else rng.choice((0.0, 0.3)),
            han=rng.random() < 0.25,
            sub=rng.choice(("附{}号", "-{}", "附{}号", "之{}")),
            village_word=rng.choice(("", "", "", "委会", "民委员会")),
        )

    def write(self, home: Home, rng: random.Random) -> Home:
        """Return the household with its line of the register."""
        head = {"": "", "county": home.county, "full": home.province + home.city + home.county}[
            self.head
        ]
        town = "" if rng.random() < self.town else home.town
        village = home.village + (self.village_word if home.village.endswith("村") else "")
        drop_unit = home.unit and home.group and rng.random() < self.drops_unit
        drop_group = not drop_unit and home.unit and rng.random() < self.drops_group
        unit = "" if drop_unit else unit_text(home, numeral if self.han else str)
        group = "" if drop_group else group_text(home, self.word, han=self.han)
        middle = unit + group if self.unit_first else group + unit
        text = (
            head
            + town
            + village
            + middle
            + door_text(home, "附{}号" if self.han else self.sub, han=self.han)
        )
        says = tuple(name for name, said in (("unit", unit), ("group", group)) if said)
        return replace(home, written=text, says=says)
