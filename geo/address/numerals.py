"""Numbers as people write them in addresses: 12, 十二, 一二, 拾贰, 廿五, 两百零三."""

from __future__ import annotations

import re

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟弍弐零○两", "一二三四五六七八九十百千二二〇〇二")
_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
_SCALES = {"十": 10, "百": 100, "千": 1000}

# Every sign a number may be written with, as a character class of a regular expression.
HAN = "〇○零一二三四五六七八九十百千两廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟弍弐"
# 一百二 is said for 120 as well as for 102: not a number here.
_WELL_FORMED = re.compile(
    r"(?:[1-9]千)?(?:(?:(?<=千)〇)?[1-9]百)?(?:(?:(?<=[百千])〇)?[1-9]?十)?"
    r"(?:(?:(?<=[百千])〇|(?<=十)|^)[1-9])?"
)


def read_numeral(text: str) -> int | None:
    """Return the number a numeral means, ``None`` where it means none or several.

    Examples
    --------
    >>> [read_numeral(text) for text in ("12", "十二", "一百零五", "拾贰", "廿五", "一〇三")]
    [12, 12, 105, 12, 25, 103]
    >>> read_numeral("一百二"), read_numeral("十二百"), read_numeral("")
    (None, None, None)
    """
    if text.isascii() and text.isdecimal():
        return int(text) if len(text) <= _LONGEST else None
    signs = text.translate(_FORMAL)
    for sign, tens in (("廿", "二十"), ("卅", "三十"), ("卌", "四十")):
        signs = signs.replace(sign, tens)
    if not signs or len(signs) > _LONGEST + 3:
        return None
    if not any(sign in _SCALES for sign in signs):
        value = "".join(str(_DIGITS[sign]) for sign in signs if sign in _DIGITS)
        return int(value) if len(value) == len(signs) <= _LONGEST else None
    spelled = "".join(str(_DIGITS[s]) if _DIGITS.get(s) else s for s in signs)
    if not _WELL_FORMED.fullmatch(spelled):
        return None
    total, digit = 0, 0
    for sign in signs:
        if sign in _SCALES:
            total += (digit or 1) * _SCALES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


# No house has a longer number; more digits are a telephone's or an identity card's.
_LONGEST = 6
