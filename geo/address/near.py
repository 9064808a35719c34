"""Which places a text mentions though they are not written exactly so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from geo.address.align import HOMOPHONE, NEAR_HOMOPHONE, OTHER, align
from geo.address.doors import BARRIER
from geo.address.gazetteer import LOCALITY, Gazetteer
from geo.address.mentions import OTHER_KIND, SAME_KIND, Mention, Text, mention_at, names_written
from geo.address.signs import sign_row
from geo.address.sounds import near, sound, sounds
from geo.address.words import LEVELS

# Of a name in Latin letters one letter is less than a sign of a Han name.
LETTER = 0.4
# A name is looked at if the text holds as much of it, by sound.
_SHARE_OF_SIGNS, _SHARE_OF_LETTERS = 0.5, 0.7
# From this length on two things may be wrong with a name; shorter ones in Latin letters say little.
_LONG, _LONG_IN_LETTERS, _SHORTEST_IN_LETTERS = 4, 6, 4
# Of so few signs none may be wrong, unless it is a division's and has its word behind it.
_SHORT = 2
_TOWNSHIP, _VILLAGE = LEVELS.index("township"), LEVELS.index("village")


def find_near(text: Text, gazetteer: Gazetteer, exact: Sequence[Mention]) -> list[Mention]:
    """Return where a text nearly holds a proper name: a sign or letter wrong, missing, too much.

    A name of two signs counts only with the word behind it, unless the signs sound the same.
    Natural villages are looked for within the divisions the text mentions, if it mentions any.

    Parameters
    ----------
    exact
        What :func:`find_exact` found.
    """
    if len(text.units) == 0 or not gazetteer.stems:
        return []
    signs = gazetteer.letters if text.latin else gazetteer.signs
    asked = signs.sharing(_keys(text), _SHARE_OF_LETTERS if text.latin else _SHARE_OF_SIGNS)
    asked = asked[signs.lengths[asked] >= (_SHORTEST_IN_LETTERS if text.latin else 2)]
    wide = gazetteer.heads_of_divisions[text.latin]
    divisions = _near(text, gazetteer, asked[wide[asked]], exact, wide=True)
    anchors = {m.place for m in exact if gazetteer.places[m.place].level in (_TOWNSHIP, _VILLAGE)}
    anchors |= {m.place for m in divisions if m.signs >= 2}
    inside = gazetteer.villages_in(anchors)
    narrow = asked
    if inside:
        known = gazetteer.heads_in(inside, latin=text.latin)
        narrow = np.intersect1d(asked, known, assume_unique=True)
    return divisions + _near(text, gazetteer, narrow, exact, wide=False, inside=inside)


def _swallowed(near: Mention, whole: Sequence[Mention], *, latin: bool) -> list[int]:
    """Return the divisions whose whole names a name written with an error would hold.

    A homophone of the whole name is likelier than a sign too much before a shorter one (公下村 is
    恭下村, though there is 下村).
    """
    alike = not latin and near.cost < NEAR_HOMOPHONE
    return [
        m.place
        for m in whole
        if near.start <= m.start
        and m.end <= near.end
        and (m.word or m.end - m.start < near.end - near.start)
        and not (alike and m.end - m.start < near.end - near.start)
    ]


def _near(
    text: Text,
    gazetteer: Gazetteer,
    asked: NDArray[np.int32],
    exact: Sequence[Mention],
    *,
    wide: bool,
    inside: Set[int] = frozenset(),
) -> list[Mention]:
    """Return the mentions of some names: of divisions (``wide``), or else of natural villages.

    Parameters
    ----------
    inside
        Places they must lie directly in; empty for anywhere.
    """
    signs = gazetteer.letters if text.latin else gazetteer.signs
    rows, borders = _rows(text)
    whole = [
        m
        for m in exact
        if m.cost <= SAME_KIND and gazetteer.places[m.place].level in (_TOWNSHIP, _VILLAGE)
    ]
    sizes = signs.lengths[asked]
    limits = np.where(sizes >= (_LONG_IN_LETTERS if text.latin else _LONG), 2 * OTHER, OTHER)
    # what _is_likely would refuse for its length need not be found
    short = sizes <= (0 if text.latin else _SHORT)
    if not wide:
        limits[short] = HOMOPHONE
    spans, costs = align(signs.rows, signs.starts, asked, rows, limits + 1e-9)
    found = []
    for k, start, end, cost in _cheapest(spans, costs):
        if text.latin and (start not in borders or end not in borders):
            continue
        at, to = (borders[start], borders[end]) if text.latin else (start, end)
        if short[k] and cost >= NEAR_HOMOPHONE and not text.words[to][1]:
            continue
        for name in names_written(gazetteer, gazetteer.heads[text.latin][asked[k]], text.latin):
            if (name.level == LOCALITY) == wide:
                continue
            places: Sequence[int] = name.places
            if inside:
                places = [one for one in places if gazetteer.places[one].parent in inside]
            if not places:
                continue
            slip = cost * (LETTER if text.latin else 1.0)
            mention = mention_at(text, name, at, to, slip)
            if mention is None or not _is_likely(mention, text, name.level, latin=text.latin):
                continue
            # 雷州市 is no slip for 贵州省
            if name.level < _TOWNSHIP and mention.word and mention.cost - slip >= OTHER_KIND:
                continue
            held = _swallowed(mention, whole, latin=text.latin)
            found += [
                mention._replace(place=place)
                for place in places
                if all(one == place for one in held)
            ]
    return found


def _is_likely(mention: Mention, text: Text, level: int, *, latin: bool) -> bool:
    divided = mention.word or _names_a_division(text, mention)
    if level == LOCALITY and divided and not _is_hamlet(text, mention):
        return False
    if latin or mention.signs > _SHORT or mention.cost < NEAR_HOMOPHONE:
        return True
    return mention.word and level != LOCALITY


def _is_hamlet(text: Text, mention: Mention) -> bool:
    """Whether the word behind a name can only be a natural village's (自然村)."""
    return any(
        text.words[at] == (mention.end, ("natural_village",))
        for at in range(mention.start + 1, mention.end)
    )


def _names_a_division(text: Text, mention: Mention) -> bool:
    """Whether what stands there ends as the name of a village or township does."""
    stop, levels = text.words[mention.end - 1]
    return bool(levels) and stop == mention.end and mention.end - mention.start > 1


def _rows(text: Text) -> tuple[NDArray[np.int32], dict[int, int]]:
    """Return the units as the alignment takes them, and position there → position of the unit."""
    rows: list[tuple[int, int, int, int]] = []
    borders = {0: 0}
    for at, unit in enumerate(text.units):
        if unit == BARRIER:
            rows.append((-1, 0, 0, 0))
        elif text.latin:
            rows += [sign_row(letter, "") for letter in unit]
        else:
            rows.append(sign_row(unit[0], sound(unit) if len(unit) == 1 else ""))
        borders[len(rows)] = at + 1
    return np.asarray(rows, dtype=np.int32).reshape(-1, 4), borders


def _keys(text: Text) -> set[str]:
    if text.latin:
        return {letter for unit in text.units for letter in unit}
    read = set(sounds("".join(unit for unit in text.units if unit != BARRIER)))
    return {near(sound(unit) or unit) for unit in text.units} | {near(one) for one in read}


def _cheapest(
    spans: NDArray[np.int32], costs: NDArray[np.float64]
) -> Iterator[tuple[int, int, int, float]]:
    """Yield stretches, the cheapest first; of equally cheap ones the longer."""
    order = np.lexsort((spans[:, 1] - spans[:, 2], costs))
    for (k, start, end), cost in zip(spans[order].tolist(), costs[order].tolist(), strict=True):
        yield k, start, end, cost
