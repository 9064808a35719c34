"""How Han names sound: pinyin without tones, near homophones, initials."""

from __future__ import annotations

import functools
import itertools
import re

import pypinyin
from pypinyin.style import convert

# Readings of one sign in names are few; more variants of one name only slow the search.
_VARIANTS = 4

# What many dialects of Mandarin do not tell apart.
_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


@functools.lru_cache(maxsize=65_536)
def sound(sign: str) -> str:
    """Return the pinyin of one sign, ``""`` for what has none; ü is written u.

    Examples
    --------
    >>> sound("坝"), sound("绿"), sound("a")
    ('ba', 'lu', '')
    """
    read = pypinyin.lazy_pinyin(sign, errors="ignore")
    return read[0].replace("v", "u").replace("ü", "u") if read else ""


def sounds(name: str) -> tuple[str, ...]:
    """Return the syllables of a name, read as a whole (重庆 is chong qing); letters stay.

    Examples
    --------
    >>> sounds("重庆"), sounds("绿水a区")
    (('chong', 'qing'), ('lu', 'shui', 'a', 'qu'))
    """
    read: list[str] = []
    for is_han, run in itertools.groupby(name, key=lambda sign: bool(sound(sign))):
        signs = "".join(run)
        read += pypinyin.lazy_pinyin(signs) if is_han else signs
    return tuple(syllable.replace("v", "u").replace("ü", "u") for syllable in read)


def spellings(name: str) -> tuple[str, ...]:
    """Return how a name may be typed in pinyin, letters only, the usual reading first.

    Examples
    --------
    >>> spellings("重庆")[:2]
    ('chongqing', 'zhongqing')
    """
    usual = "".join(sounds(name))
    readings = [_readings(sign) for sign in name]
    varied = itertools.islice(itertools.product(*readings), _VARIANTS)
    return tuple(dict.fromkeys([usual, *("".join(one) for one in varied)]))


@functools.lru_cache(maxsize=65_536)
def _readings(sign: str) -> tuple[str, ...]:
    read = pypinyin.pinyin(sign, style=pypinyin.Style.NORMAL, heteronym=True, errors="default")
    return tuple(dict.fromkeys(one.replace("v", "u").replace("ü", "u") for one in read[0]))


def initials(name: str) -> str:
    """Return the first letters of a name's syllables.

    Examples
    --------
    >>> initials("东方红二村")
    'dfhec'
    """
    return "".join(syllable[:1] for syllable in sounds(name))


def near(syllable: str) -> str:
    """Return what a syllable becomes where near homophones are not told apart.

    Examples
    --------
    >>> near("zhang") == near("zan"), near("niu") == near("liu"), near("ma") == near("ba")
    (True, True, False)
    """
    merged = syllable
    for careful, careless in _MERGED:
        merged = merged.replace(careful, careless)
    return "l" + merged[1:] if merged.startswith("n") else merged


@functools.cache
def _syllables() -> frozenset[str]:
    """Every syllable of Mandarin, from the readings of all signs."""
    known = pypinyin.constants.PINYIN_DICT
    made = set()
    for readings in known.values():
        for one in readings.split(",")[:1]:
            plain = convert(one, pypinyin.Style.NORMAL, strict=False)
            made.add(plain.replace("v", "u").replace("ü", "u"))
    return frozenset(syllable for syllable in made if re.search("[aeiou]", syllable))


@functools.lru_cache(maxsize=4096)
def cut_syllables(word: str) -> tuple[str, ...]:
    """Cut a Latin word wherever a border of syllables is possible, so that any name fits.

    Words that are no pinyin stay whole.

    Examples
    --------
    >>> cut_syllables("pingbazhen"), cut_syllables("xian"), cut_syllables("road")
    (('ping', 'ba', 'zhen'), ('xi', 'an'), ('road',))
    """
    known = _syllables()
    length = len(word)
    ahead = [False] * length + [True]
    for at in range(length - 1, -1, -1):
        ahead[at] = any(
            ahead[e] and word[at:e] in known for e in range(at + 1, min(at + 6, length) + 1)
        )
    if not ahead[0]:
        return (word,)
    reached = [True] + [False] * length
    for at in range(length):
        if reached[at]:
            for e in range(at + 1, min(at + 6, length) + 1):
                reached[e] |= word[at:e] in known
    borders = [at for at in range(length + 1) if reached[at] and ahead[at]]
    return tuple(word[a:b] for a, b in itertools.pairwise(borders))
