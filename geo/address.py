"""Addresses as typed: one spelling, a key to look up, a decision that refuses rather than guesses.

A first, modest version: exact and prefix matches of normalised text. What it does not do: know
place names, repair typos, reorder parts, read pinyin.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "ambiguous", "none"]
Level = Literal["house", "group", "natural_village", "village", "township"]

# Traditional forms seen in addresses; one to one, none of them is another word in simplified.
_SIMPLIFIED = str.maketrans(
    "號組鄉鎮縣區棟單樓層戶隊灣園嶺壩龍東廣橋溝場雙葉陽陰豐廟莊馬黃長門興義寶萬亞廠雲電關鳳鐵銀"
    "蘭華國開學醫處辦會員員圍巖麗慶齊裡後嘴幹倉樹漁楊陳張劉趙羅鄧龐蘇譚韓魯鄭許側舊遠進達運頭"
    "頂順項灘澗溫潔濱濟淺澤灤烏鳥鴨雞魚羊廳廂庫廬廢橫權桿檔檢條楓極構標棗檸沖決況",
    "号组乡镇县区栋单楼层户队湾园岭坝龙东广桥沟场双叶阳阴丰庙庄马黄长门兴义宝万亚厂云电关凤铁银"
    "兰华国开学医处办会员员围岩丽庆齐里后嘴干仓树渔杨陈张刘赵罗邓庞苏谭韩鲁郑许侧旧远进达运头"
    "顶顺项滩涧温洁滨济浅泽滦乌鸟鸭鸡鱼羊厅厢库庐废横权杆档检条枫极构标枣柠冲决况",
)
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟零貳參陸", "一二三四五六七八九十百千〇二三六")
_DIGIT = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_SCALE = {"十": 10, "百": 100, "千": 1000}
_NUMERALS = "〇一二三四五六七八九十百千零壹贰叁肆伍陆柒捌玖拾佰仟貳參陸"
# A numeral counts as a number only before one of these, and only where no place name follows:
# 三组 is group 3, 二号村 and 三组村 are villages.
_NUMBERED = re.compile(
    rf"(?P<number>[{_NUMERALS}]+)"
    r"(?P<unit>村民小组|小组|组|号|户|栋|幢|单元|室|层)(?!村|社区|桥|沟|湾|坝|路|街|山|院子)"
)
# 一百二 is said for 120 as well as 102: not a number here
_WELL_FORMED = re.compile(r"(?:\d千(?:\d百)?|\d百)(?:〇?\d?十\d?|〇\d)?|\d?十\d?")
_GROUP = re.compile(r"(?<=[0-9])(?:村民小组|小组)")
_ORDINAL = re.compile(r"第(?=[0-9])")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]+")
_SEPARATORS = r"\s·•,，。.、;；:：'\"“”‘’()（）\[\]【】<>《》#/\\|_"
_DROPPED = re.compile(rf"[{_SEPARATORS}]+")
# between two numbers a separator is all that keeps 12/3 from being 123
_BETWEEN = re.compile(
    rf"(?<=[0-9{_NUMERALS}])(?:[{_SEPARATORS}\-‐‑‒–—―−~]+|(?<=[0-9])之(?=[0-9]))(?=[0-9{_NUMERALS}])"
)
_END = re.compile(
    r"(?:(?P<house>号|户|室)|(?P<group>组|社|队)|(?P<village>村|社区|委会)"
    r"|(?P<township>镇|乡|街道|办事处))$"
)


@dataclass(frozen=True)
class Match:
    """One address of the register that begins with the query's key.

    ``key`` is its :func:`address_key`; ``grid`` the code of the grid the household lies in,
    ``None`` for none.
    """

    key: str
    address: str
    grid: str | None
    household: str = ""


@dataclass(frozen=True)
class Decision:
    """What an address search answers.

    ``grid`` is given only with status ``ok``; ``grids`` are all grids it could be (sorted,
    ``None`` left out); ``match`` is the address found, with ``ok`` only; ``confidence`` 0–1, see
    :func:`decide`.
    """

    status: Status
    level: Level | None
    confidence: float
    grid: str | None
    grids: tuple[str, ...]
    match: Match | None
    candidates: tuple[Match, ...]


def normalise(text: str) -> str:
    """Return an address in one spelling.

    Full width to half width (NFKC), common traditional characters to simplified, spaces,
    punctuation and invisible characters dropped, but kept as ``-`` between two numbers; letters
    in capitals; Chinese and formal numerals before 组, 号, 户, 栋, 幢, 单元, 室, 层 as digits
    (三组 → 3组), 村民小组 after a number as 组. A numeral that is part of a name stays (二号村,
    三组桥), and so does one that could mean several numbers (一二组, 一百二号).

    Examples
    --------
    >>> normalise("凤凰社区 江家山２５號（三组）")
    '凤凰社区江家山25号3组'
    >>> normalise("二号村十二号之一"), normalise("第三村民小组")
    ('二号村12号之一', '第3组')
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    plain = plain.translate(_SIMPLIFIED).upper()
    plain = _DROPPED.sub("", _BETWEEN.sub("-", plain))
    plain = unicodedata.normalize("NFKC", plain)  # what was dropped may have kept accents apart
    plain = _NUMBERED.sub(_number, plain)
    return _GROUP.sub("组", plain)


def address_key(text: str, prefixes: Iterable[str] = ()) -> str:
    """Return the key addresses are stored and looked up by.

    Parameters
    ----------
    text
        Address as typed.
    prefixes
        Names that may be left out in front because every address of the register has them, such as
        ``重庆市`` and ``城口县``. Only names given are dropped: an address that names another
        county keeps it and matches nothing.

    Returns
    -------
    str
        :func:`normalise` without the prefixes, in any order and number; with 第 before a number
        dropped (第3组 = 3组).

    Examples
    --------
    >>> address_key("重庆市城口县葛城街道25号", ["重庆市", "城口县"])
    '葛城街道25号'
    """
    key = _ORDINAL.sub("", normalise(text))
    names = _names(tuple(prefixes))
    while name := next((n for n in names if key.startswith(n)), None):
        key = key[len(name) :]
    return key


def decide(query_key: str, matches: Sequence[Match], *, complete: bool = True) -> Decision:
    """Decide what a query means, given what the register holds.

    Parameters
    ----------
    query_key
        :func:`address_key` of the query.
    matches
        Addresses whose key is ``query_key`` or begins with it; others are ignored.
    complete
        Whether these are all of them. If the look-up stopped at a limit (equal ones first), a
        prefix is never taken as unique.

    Returns
    -------
    Decision
        * An address with this very key: ``ok``, level ``house``, confidence 1, if all
          households of this address lie in one grid (or all in none: then without a grid).
        * Else addresses that go on where the query ends a part (…3组, …凤凰社区, …25号): ``ok`` at
          the level of that part if all of them lie in one grid; confidence is the share of the
          longest of them that the query spells out. A number is never taken for the beginning
          of a longer one (1 is not 12), nor half a name for the whole.
        * Several grids possible: ``ambiguous``, confidence 1 / number of possibilities, no grid.
        * A key that only begins a name: ``ambiguous`` with the candidates, even if they agree.
        * Nothing: ``none``, confidence 0.

    Examples
    --------
    >>> found = [Match("江家山25号", "江家山25号", "001"), Match("江家山26号", "江家山26号", "002")]
    >>> decide("江家山25号", found).grid
    '001'
    >>> decide("江家山", found).status, decide("江家山2", found).status
    ('ambiguous', 'none')
    """
    exact = [match for match in matches if match.key == query_key]
    found = exact or [match for match in matches if _continues(query_key, match.key)]
    if not query_key or not found:
        return Decision("none", None, 0.0, None, (), None, ())
    found = sorted(found, key=_order)
    possible = {match.grid for match in found}
    grids = tuple(sorted(grid for grid in possible if grid is not None))
    level = "house" if exact else _level(query_key, found)
    whole = bool(exact) or (complete and level is not None)
    if len(possible) > 1 or not whole:
        doubt = 1.0 / max(len(possible), 2)
        return Decision("ambiguous", level, doubt, None, grids, None, tuple(found))
    share = 1.0 if exact else len(query_key) / max(len(match.key) for match in found)
    return Decision("ok", level, share, found[0].grid, grids, found[0], tuple(found))


@functools.lru_cache(maxsize=64)
def _names(prefixes: tuple[str, ...]) -> list[str]:
    """Return the prefixes in the spelling of keys, longest first."""
    return sorted({normalise(name) for name in prefixes} - {""}, key=len, reverse=True)


def _number(match: re.Match[str]) -> str:
    value = _value(match["number"].translate(_FORMAL))
    return match[0] if value is None else f"{value}{match['unit']}"


def _value(numeral: str) -> int | None:
    """Return the number, ``None`` where a row of digits could mean several (一二)."""
    if not any(sign in _SCALE for sign in numeral):
        if len(numeral) > 1 and "〇" not in numeral:
            return None
        return int("".join(str(_DIGIT[sign]) for sign in numeral))
    if not _WELL_FORMED.fullmatch(_arabic(numeral)):
        return None
    total, digit = 0, 0
    for sign in numeral:
        if sign in _SCALE:
            total += (digit or 1) * _SCALE[sign]
            digit = 0
        else:
            digit = _DIGIT[sign]
    return total + digit


def _arabic(numeral: str) -> str:
    return "".join(str(_DIGIT[sign]) if _DIGIT.get(sign) else sign for sign in numeral)


def _order(match: Match) -> tuple[str, str, str, str]:
    return match.key, match.address, match.household, match.grid or ""


def _continues(query: str, key: str) -> bool:
    """Whether ``key`` begins with ``query`` without breaking a number in two."""
    if not query or not key.startswith(query) or key == query:
        return False
    return not (query[-1].isdecimal() and key[len(query)].isdecimal())


def _level(query: str, found: Sequence[Match]) -> Level | None:
    """Return the level of the part the query ends; ``None`` if it ends inside a part."""
    end = _END.search(query)
    if end:
        level: Level = end.lastgroup  # type: ignore[assignment]
        return level
    rest = [match.key[len(query) :] for match in found]
    if query[-1].isdecimal():
        # 25|号 leaves out the word; 2|组 or 2|-1号 would be a guess
        return "house" if all(r.startswith(("号", "户", "室")) for r in rest) else None
    # a name is complete where a number follows in every address: 江家山|25号
    return "natural_village" if all(r[0].isdecimal() for r in rest) else None
