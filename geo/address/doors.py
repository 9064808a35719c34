"""The numbers of an address: group 组, house number 号, sub-number 附号, building, unit, room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

from geo.address.numerals import HAN, read_numeral

# Stands between two names where a number was taken out: no name reaches across it.
BARRIER = "\n"

_NUM = rf"(?:[0-9]+|[{HAN}]+)"
_GROUP_WORDS = (
    "村民小组|居民小组|村民组|居民组|生产小组|生产队|经济社|合作社|互助组|小组|[小中]队|组|社|队|排"
)
# 6号丁家坑 is number 6 of 丁家坑, 6号丁附1号 number 6 丁.
_SIGN = "(?![附之])[\u4e00-\u9fff]"
_HAN_DOOR = re.compile(
    rf"第?(?P<group>{_NUM}) ?(?:{_GROUP_WORDS})(?<!社(?=[区会保团员长]))(?<!队(?=[员长部]))"
    rf"(?<!组(?=[员长织团]))(?<!排(?=[长房]))"
    rf"|(?P<building>[0-9]+|[{HAN}]+|[a-z][0-9]?) ?(?:号楼|栋|幢|座)"
    rf"|(?P<unit>{_NUM}|[a-z]) ?单元"
    rf"|(?P<b3>[0-9]+)-(?P<u3>[0-9]+)-(?P<r3>[0-9]+) ?[号室户]?"
    rf"|(?P<room>[a-z]?[0-9]+(?= ?[室房])|[{HAN}]+(?= ?室)) ?(?:室|房(?![子屋产前后]))"
    rf"|(?P<floor>{_NUM}) ?[层楼]"
    rf"|第?(?P<lead>[甲乙丙丁戊己a-z])?(?P<number>{_NUM})(?:[-之](?P<sub1>{_NUM}))? ?(?:号|户|#)"
    rf"(?P<tail>[甲乙丙丁戊己](?![{HAN}]|{_SIGN}))?"
    rf"(?: ?[附之-] ?(?P<sub2>{_NUM})(?: ?[号户])?)?"
    r"|(?<![a-z0-9])(?P<bare>[0-9]+)(?:-(?P<bare_sub>[0-9]+))?(?=$| )"
)
# 3组十二: behind a group, at the end, numerals are a number without its word
_HAN_TAIL = re.compile(rf"{BARRIER} ?(?P<number>[{HAN}]+)$")
_LATIN_DOOR = re.compile(
    r"\b(?:group|team) (?P<group_en>[0-9]+)\b"
    r"|\b(?:di )?(?P<group>[0-9]+) (?:cun min xiao zu|cunminxiaozu|xiao zu|xiaozu"
    r"|xiao dui|xiaodui|zu|dui|pai|she(?! ?qu)|group)\b"
    r"|\b(?:building|bldg|block) (?P<building_en>[0-9]+|[a-z])\b"
    r"|\b(?P<building>[0-9]+|[a-z]) (?:hao lou|haolou|dong|zhuang|building)\b"
    r"|\bunit (?P<unit_en>[0-9]+|[a-z])\b|\b(?P<unit>[0-9]+) (?:dan yuan|danyuan)\b"
    r"|\b(?:room|rm|flat|apt) (?P<room_en>[a-z]?[0-9]+)\b|\b(?P<room>[0-9]+) shi\b"
    r"|\b(?P<floor>[0-9]+) (?:ceng|lou|floor)\b"
    r"|\b(?P<b3>[0-9]+)-(?P<u3>[0-9]+)-(?P<r3>[0-9]+)\b"
    r"|(?:\b(?:no|number|house) |# ?)(?P<number_en>[0-9]+)(?:-(?P<sub_en>[0-9]+))?\b(?: hao\b)?"
    r"|\b(?P<number>[0-9]+)(?:-(?P<sub1>[0-9]+))? (?:hao|hu)\b(?: fu (?P<sub2>[0-9]+)(?: hao)?\b)?"
    r"|(?:(?<=^)|\b(?=[0-9-]+$))(?P<bare>[0-9]+)(?:-(?P<bare_sub>[0-9]+))?(?=$| )"
)


_LONE_SIGN = re.compile(rf"[^\W\d_a-z{HAN}](?=第?[0-9{HAN}]|$)")
_HAN_UNIT = re.compile(rf"[0-9{HAN}] ?[号组社队排户栋幢]")


@dataclass(frozen=True)
class Door:
    """The numbers of an address; ``None`` or ``""`` for what is not said.

    ``conflict`` holds what was said twice in two ways (3组 … 5组).
    """

    group: int | None = None
    number: int | None = None
    sub: int | None = None
    building: str = ""
    unit: str = ""
    room: str = ""
    conflict: str = ""

    @property
    def names_a_house(self) -> bool:
        """Whether it says more than the group."""
        return self.number is not None or bool(self.building or self.room)


@dataclass(frozen=True)
class Reading:
    """An address taken apart into numbers and the text that is left for names.

    ``units`` are signs (Han) and words (Latin), :data:`BARRIER` where a number was. ``other`` is
    what the numbers may mean as well: 4-55 is number 4, sub-number 55, or group 4, number 55.
    ``named`` are the stretches that may be part of names though they look like numbers: of two
    groups or house numbers the first (七社 2队, 三号浜七号).
    """

    units: tuple[str, ...]
    door: Door
    other: Door | None = None
    named: tuple[tuple[int, int], ...] = ()


def read_doors(text: str, protected: Iterable[tuple[int, int]] = ()) -> Reading:
    """Take the numbers out of an address.

    Parameters
    ----------
    text
        An address in the spelling of :func:`geo.address.text.spell`.
    protected
        Stretches (start, end) of names, in which no number is looked for (二号村).

    Examples
    --------
    >>> read_doors("巴山镇坪上村三组12号附1号").door
    Door(group=3, number=12, sub=1, building='', unit='', room='', conflict='')
    >>> "".join(read_doors("7号 5组 咸宜村").units).strip()
    '咸宜村'
    >>> read_doors("no 20-2 group 4 liping village").door.sub
    2
    """
    latin = _is_latin(text)
    held = list(protected)
    found: dict[str, list[str]] = {}
    spans: dict[str, list[tuple[int, int]]] = {"group": [], "number": []}
    pieces: list[str] = []
    end = 0
    text = _apart(text) if latin else text
    for match in (_LATIN_DOOR if latin else _HAN_DOOR).finditer(text):
        if any(match.start() < stop and start < match.end() for start, stop in held):
            continue
        said = {name.split("_en")[0]: value for name, value in match.groupdict().items() if value}
        numerals = [v for k, v in said.items() if k not in ("lead", "tail") and not v[0].isalpha()]
        if any(read_numeral(v) is None for v in numerals if not v.isascii()):
            continue
        for name in spans.keys() & said.keys():
            spans[name].append(match.span())
        for name, value in said.items():
            found.setdefault(name, []).append(value)
        pieces += [text[end : match.start()], BARRIER]
        end = match.end()
    rest = "".join([*pieces, text[end:]])
    if "number" not in found and "bare" not in found and "group" in found:
        tail = _HAN_TAIL.search(rest)
        if tail and read_numeral(tail["number"]) is not None:
            found["number"] = [tail["number"]]
            rest = rest[: tail.start()] + BARRIER
    door = _door(found)
    shorthand = "bare_sub" in found and not {"group", "number", "building"} & set(found)
    other = Door(group=door.number, number=door.sub) if shorthand else None
    named = tuple(span for held in spans.values() for span in _names(held, text))
    return Reading(_units(rest, latin), door, other, named)


def _names(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Return which of several numbers are names: those before a lone sign, else all but the last.

    三组五队屯5号 is group 3 of 五队屯.
    """
    if len(spans) < 2:
        return []
    lone = [span for span in spans if _LONE_SIGN.match(text, span[1])]
    return lone if 0 < len(lone) < len(spans) else spans[:-1]


def _is_latin(text: str) -> bool:
    if _HAN_UNIT.search(text):
        return False
    letters = sum("a" <= sign <= "z" for sign in text)
    return letters >= 2 and letters > sum(sign > "\u2e80" for sign in text)


def _apart(text: str) -> str:
    """Put spaces between letters and digits: 21hao → 21 hao."""
    apart = re.sub(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])", " ", text)
    return re.sub(r"(?<=[0-9] )(zu|dui|hao|pai)(?=[a-z]{2})(?!o)", r"\1 ", apart)


def _units(rest: str, latin: bool) -> tuple[str, ...]:
    if latin:
        return tuple(re.findall(rf"{BARRIER}|[a-z]+|[^\sa-z]", rest))
    return tuple(re.findall(rf"{BARRIER}|[a-z]+|\S", rest))


def _door(found: dict[str, list[str]]) -> Door:
    """Bring together what was said in several ways; bare numbers count if nothing else does."""
    if "b3" in found:
        for short, name in (("b3", "building"), ("u3", "unit"), ("r3", "room")):
            found.setdefault(name, found[short])
    numbers = found.get("number", [])
    subs = found.get("sub1", []) + found.get("sub2", []) + found.get("sub", [])
    bare = found.get("bare", [])
    if not numbers and bare:
        numbers, subs = bare[-1:], found.get("bare_sub", [])[-1:]
    rooms, buildings = found.get("room", []), found.get("building", [])
    if "unit" in found or "b3" in found or buildings:
        # 2座1单元203号 is room 203; 1#3单元602室 is building 1
        if numbers and not rooms:
            numbers, rooms = [], numbers
        elif numbers and not buildings:
            numbers, buildings = [], numbers
    letter = "".join(found.get("lead", []) + found.get("tail", []))
    return Door(
        group=_number(found.get("group")),
        number=_number(numbers),
        sub=_number(subs),
        building=_label(buildings),
        unit=_label(found.get("unit")),
        room=_label(rooms) or (letter if numbers else ""),
        conflict=next(
            (
                " ".join(said)
                for said in (found.get("group", []), numbers)
                if len({_number([one]) for one in said}) > 1
            ),
            "",
        ),
    )


def _number(said: list[str] | None) -> int | None:
    return read_numeral(said[0]) if said else None


def _label(said: list[str] | None) -> str:
    if not said:
        return ""
    value = read_numeral(said[0])
    return said[0] if value is None else str(value)


DOOR_FIELDS = tuple(field.name for field in fields(Door))
