"""What of a file may be repeated in a report: the one rule for every quoted value.

A value that is wrong often stands in the wrong column, and the columns next to it hold names,
identity and phone numbers. Reports are shown, logged, downloaded and stored; the row number
already leads to the value, so anything that could be about a person is hidden.
"""

from __future__ import annotations

import re
import unicodedata

HIDDEN = "•••"
_LONGEST = 60
# Phone and identity numbers have ten digits and more, coordinates and counts nine at most before
# the point. Of a longer number six digits are told apart from zeros: no more than a region.
_NUMBER = re.compile(r"[+-]?0*(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?")
_MOST_DIGITS = 9
_FEW_DIGITS = 6
# a mobile phone number, or a good part of an identity number, wherever it stands
_LONG = re.compile(r"1[3-9]\d{9}|\d{16}")
_HARMLESS = re.compile(
    r"[+-]?(?:nan|inf|infinity)"
    r"|\d{1,4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?Z?)?"
    # a short code: no three letters in a row make a person's name, no six digits a number
    r"|(?=.{1,8}$)(?=.*\d)(?!.*[A-Za-z]{4})(?!.*\d{7})[A-Za-z0-9_.+-]+",
    re.IGNORECASE,
)


def quote(value: object) -> str:
    """Return ``value`` as it may stand in a report: as written if harmless, else ``•••``.

    Harmless are numbers of at most nine digits before the point (or six that count), dates
    and short codes with a digit. Words are not: a person's name
    cannot be told from them.

    Examples
    --------
    >>> [quote(v) for v in ("12x", "108.25", "1e300", "张三丰", "138 0013 8000", 1.3800138e10)]
    ['12x', '108.25', '1e300', '•••', '•••', '•••']
    >>> quote(None)
    ''
    """
    if value is None:
        return ""
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if _LONG.search(text):
        return HIDDEN
    if not text or _is_small_number(text) or _HARMLESS.fullmatch(text):
        return text[:_LONGEST]
    return HIDDEN


def printable(text: str) -> str:
    """Return ``text`` without what no database takes and no terminal should get.

    Examples
    --------
    >>> printable("a" + chr(0) + "b" + chr(0xD800))
    'a�b�'
    """
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", text)


def _is_small_number(text: str) -> bool:
    found = _NUMBER.fullmatch(text)
    if found is None or len(text) > _LONGEST:
        return False
    before, after, exponent = found[1], found[2], int(found[3] or 0)
    if len((before + after).strip("0")) <= _FEW_DIGITS:
        return True
    # a phone number written 0.138…e11 or 1380013800000e-2 is still one
    return len(before) <= _MOST_DIGITS and len(before) + max(exponent, 0) <= _MOST_DIGITS
