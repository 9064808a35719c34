"""What somebody who types may be about to write: names in Han, pinyin or initials, then houses."""

from __future__ import annotations

import bisect
import functools
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.address.doors import Door, read_doors
from geo.address.gazetteer import Gazetteer
from geo.address.homes import Homes
from geo.address.meanings import find_meanings
from geo.address.sounds import initials, sounds
from geo.address.text import spell
from geo.address.words import LEVELS

_COUNTY = LEVELS.index("county")
# A head is understood if no more is wrong with it than words left out.
_UNDERSTOOD = 0.2
# Behind every other sign.
_LAST_SIGN = "\U0010ffff"
# A name of a place has three keys, and a place may have a few names.
_KEYS_A_PLACE = 12


@dataclass(frozen=True)
class Completion:
    """One completion: a place, and the household where it is a house (else ``None``).

    ``home`` is a position in :class:`geo.address.homes.Homes`.
    """

    place: int
    home: int | None = None


@dataclass(frozen=True)
class Completions:
    """The beginnings of all names, sorted; made by :func:`make_completions`."""

    gazetteer: Gazetteer
    keys: tuple[str, ...]
    places: NDArray[np.int64]

    def beginning_with(self, text: str, limit: int, *, inside: int | None = None) -> list[int]:
        """Return the places whose name, pinyin or initials begin with a text.

        What is called just so first, then the widest.

        Parameters
        ----------
        inside
            A place they must lie in.
        """
        start = bisect.bisect_left(self.keys, text)
        end = bisect.bisect_left(self.keys, text + _LAST_SIGN, start)
        at = np.arange(start, end)
        if inside is not None:
            place = self.order[self.places[start:end]]
            at = at[(place > self.order[inside]) & (place < self.ends[inside])]
        found = self.places[at]
        whole = self.lengths[at] == len(text)
        ranked = found[np.lexsort((found, self.levels[found], ~whole))]
        return list(dict.fromkeys(ranked[: limit * _KEYS_A_PLACE].tolist()))[:limit]

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Signs of each key."""
        return np.fromiter(map(len, self.keys), np.int64, len(self.keys))

    @cached_property
    def levels(self) -> NDArray[np.int64]:
        """Level of each place."""
        places = self.gazetteer.places
        return np.fromiter((place.level for place in places), np.int64, len(places))

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """Number of each place: what lies in it has the next ones, up to its end."""
        return self._numbered[0]

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """The number after the last of what lies in each place."""
        return self._numbered[1]

    @cached_property
    def _numbered(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        inside: dict[int, list[int]] = {}
        for at, place in enumerate(self.gazetteer.places):
            inside.setdefault(place.parent, []).append(at)
        order = np.zeros(len(self.gazetteer.places), np.int64)
        ends = np.zeros_like(order)
        given = 0
        waiting = [(at, False) for at in inside.get(-1, ())]
        while waiting:
            at, is_done = waiting.pop()
            if is_done:
                ends[at] = given
                continue
            order[at] = given
            given += 1
            waiting.append((at, True))
            waiting += [(child, False) for child in inside.get(at, ())]
        return order, ends


def make_completions(gazetteer: Gazetteer) -> Completions:
    """Return the completions of a gazetteer's names."""
    pairs: set[tuple[str, int]] = set()
    for name in gazetteer.names:
        if gazetteer.places[name.place].level < _COUNTY:
            continue
        pairs |= {(key, name.place) for key in _keys(name.stem + name.suffix)}
    ordered = sorted(pairs)
    places = np.fromiter((place for _, place in ordered), np.int64, len(ordered))
    return Completions(gazetteer, tuple(key for key, _ in ordered), places)


@functools.lru_cache(maxsize=65_536)
def _keys(written: str) -> tuple[str, str, str]:
    return written, "".join(sounds(written)), initials(written)


def complete(query: str, completions: Completions, homes: Homes, limit: int) -> list[Completion]:
    """Return completions of what was typed, best first.

    First places whose name begins so; then, if the text begins with a place that is understood,
    places inside it that go on so, and its houses whose number begins so.

    Examples
    --------
    With a village 凤凰社区 in the township 葛城街道, ``葛城fh``, ``fenghuang`` and ``凤`` all lead
    to it.
    """
    text = spell(query).text
    if not text:
        return []
    glued = text.replace(" ", "")
    found = [Completion(place) for place in completions.beginning_with(glued, limit)]
    if len(found) < limit:
        found += _going_on(text, completions, limit)
    if len(found) < limit:
        found += _houses(text, completions.gazetteer, homes, limit)
    return list(dict.fromkeys(found))[:limit]


def _going_on(text: str, completions: Completions, limit: int) -> list[Completion]:
    """Return places inside a place the text begins with that go on as the text does."""
    gazetteer = completions.gazetteer
    for cut in range(len(text) - 1, 0, -1):
        head, tail = text[:cut], text[cut:].replace(" ", "")
        if not tail or (text[cut - 1].isascii() and text[cut - 1] != " " and tail[0].isascii()):
            continue
        place = _understood(head, gazetteer)
        if place is None:
            continue
        within = completions.beginning_with(tail, limit, inside=place)
        return [Completion(at) for at in within]
    return []


def _understood(head: str, gazetteer: Gazetteer) -> int | None:
    """Return the only place a text means that holds no numbers, ``None`` if there is none."""
    if re.search(r"[0-9]", head):
        return None
    meanings = find_meanings(head, gazetteer, near=False)
    sure = [m.chain.place for m in meanings if m.chain.cost <= _UNDERSTOOD]
    return sure[0] if len(sure) == 1 else None


def _houses(text: str, gazetteer: Gazetteer, homes: Homes, limit: int) -> list[Completion]:
    """Return the houses of the place a text means whose number begins as it does."""
    reading = read_doors(text)
    if reading.door.number is None and reading.door.group is None:
        return []
    if not any(unit.isalpha() for unit in reading.units):
        return []
    made: list[Completion] = []
    for meaning in find_meanings(text, gazetteer, near=False):
        if meaning.chain.cost > _UNDERSTOOD:
            break
        place = meaning.chain.place
        if gazetteer.places[place].level < LEVELS.index("village"):
            continue
        rows = homes.of_unit(place, meaning.door.group)
        begins = _begins(homes.number[rows], meaning.door)
        if meaning.door.group is None:  # 上河村1 may go on as 1组 as well
            begins |= _begins(homes.group[rows], meaning.door)
        rows = rows[begins]
        order = np.lexsort((homes.sub[rows], homes.number[rows]))
        made += [Completion(place, int(row)) for row in rows[order][: limit - len(made)]]
        if len(made) >= limit:
            break
    return made


def _begins(numbers: np.ndarray, door: Door) -> np.ndarray:
    if door.number is None:
        return numbers >= 0
    said = str(door.number)
    return np.asarray([str(number).startswith(said) for number in numbers.tolist()], dtype=bool)
