"""A household of an invented county, and the parts of its address as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Home:
    """The truth about a household.

    ``unit`` is a natural village, street, lane, row, estate or named group; ``group`` the number
    of its group 组; ``lead`` the sign before a number (甲12号); ``grid`` its grid's code;
    ``written`` what the register says, ``says`` which of unit and group it names.
    """

    id: int
    province: str
    city: str
    county: str
    town: str
    village: str
    code: str
    unit: str
    group: int
    number: int
    sub: int
    lead: str
    building: int
    door: int
    room: int
    grid: str
    lon: float
    lat: float
    scope: str
    written: str = ""
    says: tuple[str, ...] = ()


def numeral(number: int) -> str:
    """Return a number below 10,000 in Chinese numerals (12 is 十二)."""
    digits = "零一二三四五六七八九"
    made = ""
    for scale, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        value = number // scale % 10
        if value:
            made += digits[value] + sign
        elif made and not made.endswith("零") and number % scale:
            made += "零"
    return made.removeprefix("一") if made.startswith("一十") else made


def unit_text(home: Home, number: Callable[[int], str] = str) -> str:
    """Return the unit, with its number if it has one in digits (3排, 人民路128弄)."""
    return re.sub("[0-9]+", lambda found: number(int(found[0])), home.unit)


def group_text(home: Home, word: str, *, han: bool = False) -> str:
    """Return 3组, 三社, 第三村民小组 (``word`` 第村民小组)."""
    if not home.group:
        return ""
    said = numeral(home.group) if han else str(home.group)
    first = "第" if word.startswith("第") else ""
    return first + said + word.removeprefix("第")


def door_text(home: Home, sub: str = "附{}号", *, han: bool = False, word: str = "号") -> str:
    """Return 12号, 12号附1号, 12-1号, 甲12号, 3栋2单元501室."""

    def say(n: int) -> str:
        return numeral(n) if han else str(n)

    if home.building:
        return f"{say(home.building)}栋{say(home.door)}单元{home.room}室"
    if not home.sub:
        room = f"{home.room}室" if home.room else ""
        return f"{home.lead}{say(home.number)}{word}{room}"
    tail = sub.format(say(home.sub))
    return f"{say(home.number)}{tail}{word}" if sub[0] == "-" else f"{say(home.number)}号{tail}"
