"""Which places a text mentions: exactly, or nearly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from geo.address.doors import BARRIER
from geo.address.gazetteer import LOCALITY, Gazetteer, Namesakes
from geo.address.sounds import cut_syllables, sound
from geo.address.words import LEVELS, PlaceLevel, level_word, word_kind

# The word behind a name left out, written otherwise (村委会 for 村), or another (村 for 社区): the
# last costs more than rivals may differ by, as 大塘村 and 大塘社区 can be neighbours.
NO_WORD = 0.05
SAME_KIND = 0.02
OTHER_KIND = 0.25
UNSURE_KIND = 0.1
# What words in Latin letters say; the English ones of the second set are said of other kinds too.
_SURE_KINDS = {
    "cun": "村",
    "cunweihui": "村",
    "shequ": "社区",
    "juweihui": "居",
    "zhen": "镇",
    "xiang": "乡",
    "jiedao": "街道",
    "community": "社区",
    "subdistrict": "街道",
}
_UNSURE_KINDS = {"village": "村", "town": "镇", "township": "乡"}
# As many units may name the peoples of an autonomous county.
_PEOPLES = 16
# A natural village with 村 behind it, which it does not have in the register.
VILLAGE_WORD = 0.15
OLD_NAME = 0.05
# A Han sign weighs one; so do that many letters.
LETTERS_A_SIGN = 3.5
# More stretches of a text than these for one place are repetitions.
_OPTIONS = 4
# Fewer Latin letters are no name in pinyin (A区, 3b).
_FEWEST_LETTERS = 2
_TOWNSHIP, _VILLAGE = LEVELS.index("township"), LEVELS.index("village")


class Mention(NamedTuple):
    """A stretch of the text that names a place.

    ``start``, ``end`` are positions of units, the word behind the name included; ``cost`` is 0
    for the name as it is; ``exact`` tells that the proper name is written as it is; ``signs`` is
    the length of the proper name.
    """

    place: int
    start: int
    end: int
    cost: float
    exact: bool
    signs: int
    old: bool = False
    word: bool = False


@dataclass(frozen=True)
class Text:
    """What is left of an address when the numbers are out, as units with weights.

    ``latin`` texts have syllables and words for units, others signs. ``weights`` are 0 for
    borders.
    """

    units: tuple[str, ...]
    latin: bool
    weights: tuple[float, ...]

    @cached_property
    def words(self) -> tuple[tuple[int, tuple[PlaceLevel, ...]], ...]:
        """The level word that begins at each unit, and at the end (:func:`level_word`)."""
        return tuple(level_word(self.units, at) for at in range(len(self.units) + 1))

    @property
    def total(self) -> float:
        """Weight of all units."""
        return sum(self.weights)

    def between(self, start: int, end: int) -> str:
        """Return a stretch as one would read it."""
        return (" " if self.latin else "").join(self.units[start:end])


def make_texts(units: Iterable[str]) -> tuple[Text, ...]:
    """Return the units of a reading as a text: by signs, or by sound, or both if it is mixed."""
    given = tuple(units)
    letters = sum(len(unit) for unit in given if unit.isascii() and unit.isalpha())
    han = sum(not unit.isascii() for unit in given)
    if letters < _FEWEST_LETTERS:
        return (make_text(given, latin=False),)
    if han == 0:
        return (make_text(given, latin=True),)
    return make_text(given, latin=False), make_text(given, latin=True)


def make_text(units: Iterable[str], *, latin: bool) -> Text:
    """Return units with their weights; Latin words are cut where a name could end.

    Among Latin letters Han signs are taken by their sound.
    """
    given = tuple(units)
    if latin:
        cut: list[str] = []
        for unit in given:
            if unit == BARRIER or not unit.isalpha():
                cut.append(unit)
            elif unit.isascii():
                # lü is typed lv
                cut += cut_syllables(re.sub("(?<=[ln])v", "u", unit))
            else:
                cut.append(sound(unit) or unit)
        given = tuple(cut)
    weights = tuple(
        0.0 if unit == BARRIER else len(unit) / LETTERS_A_SIGN if latin else 1.0 for unit in given
    )
    return Text(given, latin, weights)


def find_exact(text: Text, gazetteer: Gazetteer) -> list[Mention]:
    """Return where proper names stand as they are (in Latin letters: in pinyin)."""
    found: list[Mention] = []
    bare: list[tuple[int, Mention]] = []
    by = gazetteer.by_sound if text.latin else gazetteer.by_stem
    longest = gazetteer.longest_sound if text.latin else gazetteer.longest
    for start in range(len(text.units)):
        held = ""
        for end in range(start + 1, len(text.units) + 1):
            if text.units[end - 1] == BARRIER:
                break
            held += text.units[end - 1]
            if len(held) > longest:
                break
            if held not in by:
                continue
            for names in names_written(gazetteer, held, text.latin):
                mention = mention_at(text, names, start, end, 0.0)
                if mention is None:
                    continue
                alike = [mention, *(mention._replace(place=at) for at in names.places[1:])]
                found += alike
                if mention.word:
                    bare += [(end, one) for one in alike]
    # 于城镇北村 is 于城镇 and 北村, or 于城 and 镇北村
    begun = {mention.start for mention in found}
    found += [
        mention._replace(end=end, cost=NO_WORD, word=False)
        for end, mention in bare
        if end in begun and mention.cost <= OTHER_KIND
    ]
    return found


def options(mentions: Iterable[Mention]) -> dict[int, list[Mention]]:
    """Return the cheapest few stretches of each place."""
    made: dict[int, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda m: (m.cost, -(m.end - m.start), m.start)):
        held = made.setdefault(mention.place, [])
        if len(held) < _OPTIONS and all(
            (m.start, m.end) != (mention.start, mention.end) for m in held
        ):
            held.append(mention)
    return made


def names_written(gazetteer: Gazetteer, held: str, latin: bool) -> Iterator[Namesakes]:
    """Yield the names whose proper name is written so, or sounds so."""
    for stem in gazetteer.by_sound[held] if latin else (held,):
        yield from gazetteer.by_stem[stem]


def mention_at(text: Text, name: Namesakes, start: int, end: int, cost: float) -> Mention | None:
    """Return the mention of the first place of a name, with the word behind it.

    ``None`` if that word is another level's.
    """
    level = name.level
    stop, levels = text.words[end]
    more = NO_WORD if name.suffix else 0.0
    if LEVELS[level] in levels:
        more = _word_cost(text.between(end, stop), name.suffix)
    elif level == LOCALITY and "village" in levels and name.suffix != "组":
        more = VILLAGE_WORD
    elif levels and not (level == LOCALITY and text.latin):
        return None
    else:
        stop = end
    again, levels = text.words[stop]
    english = stop < len(text.units) and text.units[stop] in {*_UNSURE_KINDS, "community"}
    if text.latin and stop > end and english and LEVELS[level] in levels:  # Erhaocun Village
        stop = again
    if text.latin and name.suffix.startswith("自治"):
        stop = max(stop, _autonomous(text, end))
    old = name.kind == "old"
    return Mention(
        name.places[0],
        start,
        stop,
        cost + more + (OLD_NAME if old else 0.0),
        cost == 0.0,
        len(name.stem),
        old,
        stop > end,
    )


def _autonomous(text: Text, start: int) -> int:
    """Return the end of ``Dai and Yi Autonomous County`` behind a name, ``start`` if it is not."""
    ahead = text.units[start : start + _PEOPLES]
    if "autonomous" not in ahead or BARRIER in ahead[: ahead.index("autonomous")]:
        return start
    return min(start + ahead.index("autonomous") + 2, len(text.units))


def _word_cost(typed: str, known: str) -> float:
    if typed == known or not known:
        return 0.0
    glued = typed.replace(" ", "")
    for kinds, cost in ((_SURE_KINDS, OTHER_KIND), (_UNSURE_KINDS, UNSURE_KIND)):
        if glued in kinds:
            return 0.0 if kinds[glued] in known else cost
    if typed.isascii():
        return 0.0
    return SAME_KIND if word_kind(typed) == word_kind(known) else OTHER_KIND
