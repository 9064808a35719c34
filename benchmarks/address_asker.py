"""Who asks: draws homes of a county and says what is right; kinds of query register here."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from benchmarks import address_rewrites as rewrites
from benchmarks.address_counties import REGIONS, County
from benchmarks.address_homes import Home
from benchmarks.address_truth import Query, Recipe, Truth, stem

Kind = Callable[["Asker"], Query | None]
KINDS: dict[str, Kind] = {}

# A sign that may be a number.
NUMERAL = re.compile("[一二三四五六七八九十0-9]")


class Asker:
    """Makes queries of a county, one after another, the same for the same seed."""

    def __init__(self, county: County, seed: int) -> None:
        self.county = county
        self.rng = random.Random(f"queries {county.region.key} {seed}")
        self.truth = Truth(county)
        self.by_sound = Truth(county, lambda name: "".join(rewrites.syllables(name)))
        homes = county.homes
        self.villages = {home.village for home in homes}
        self.towns = {home.town for home in homes}
        self.names = self.villages | self.towns | {home.unit for home in homes}
        self.stems = {stem(name) for name in self.names}
        self.town_stems = {stem(name) for name in self.towns}
        self.head = county.region.county
        self.long_head = county.region.province + county.region.city + county.region.county
        self.foreign = [region for region in REGIONS.values() if region is not county.region]

    def home(self) -> Home:
        return self.rng.choice(self.county.homes)

    def recipe(self) -> Recipe:
        """Return a usual choice of parts: town and village, one of them left out at times."""
        rng = self.rng
        town, village = rng.choice(
            (("full", "full"), ("full", "full"), ("full", "full"), ("", "full"), ("stem", "full"))
        )
        unit, group = rng.choice(((True, True), (True, True), (True, False), (False, True)))
        return Recipe(town, village, unit, group)

    def asked(self, kind: str, text: str, home: Home, recipe: Recipe) -> Query:
        return Query(kind, text, *self.truth.judge(home, recipe))

    def shares_stem(self, town: str) -> bool:
        return any(stem(other) == stem(town) and other != town for other in self.towns)

    def near_any(self, name: str, names: set[str], limit: float) -> bool:
        return any(rewrites.distance(stem(name), stem(other)) <= limit for other in names)


def kind(make: Kind) -> Kind:
    KINDS[make.__name__.strip("_")] = make
    return make


def unsure(expect: str) -> str:
    """Return what to expect where a person could not decide."""
    return "unknowable" if expect == "unknowable" else "right_or_unsure"
