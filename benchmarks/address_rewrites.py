"""Ways people write the same thing, and ways they get it wrong."""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Callable

import pypinyin
from opencc import OpenCC

from benchmarks.address_homes import numeral as han

_FORMAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_FULL = str.maketrans(
    "0123456789-#abcdefghijklmnopqrstuvwxyz",
    "０１２３４５６７８９－＃ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ",
)
# Signs taken for one another because half of them is the same.
LOOKALIKES = [
    "坪评平萍", "坝贝狈", "塘糖搪溏", "湾弯蛮", "沟勾钩构", "岭领玲龄", "梁粱", "桥侨轿娇",
    "洞铜桐",
    "冲仲种", "垭哑桠", "岩崖", "杨扬场汤", "陈阵", "李季", "孟盂", "河何荷", "湖糊蝴", "浜滨",
    "埭棣",
    "屯吨顿", "峰锋蜂", "红江虹", "柏伯泊", "杉衫彬", "碾辗", "盘盆", "竹笋", "清青请", "张涨",
    "王玉",
    "石右", "木术", "水永", "大太", "土士", "田由", "白自", "方万", "天夫", "双叉", "前煎", "柳抑",
    "榆愉",
    "枫飒", "屋层", "老考", "新薪", "院完", "嘴咀", "坡披破", "院浣", "街衔", "巷港", "胡湖",
    "铺埔浦",
]  # fmt: skip


def digitwise(number: int) -> str:
    """Return 一〇三 for 103; numbers below 100 as :func:`han`, since 一二 could be many things."""
    return (
        "".join("〇一二三四五六七八九"[int(d)] for d in str(number)) if number > 99 else han(number)
    )


def circled(number: int) -> str:
    return chr(0x245F + number) if 1 <= number <= 20 else str(number)


NUMERALS: dict[str, Callable[[int], str]] = {
    "arabic": str,
    "han": han,
    "formal": lambda n: han(n).translate(_FORMAL),
    "twenty": lambda n: han(n).replace("二十", "廿").replace("三十", "卅"),
    "zero": digitwise,
    "liang": lambda n: han(n).replace("零", "〇"),
    "full_width": lambda n: str(n).translate(_FULL),
    "circled": circled,
}


@functools.cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def traditional(text: str) -> str:
    return _converter("s2t").convert(text)


def full_width(text: str) -> str:
    return text.translate(_FULL)


def spaced(parts: list[str], rng: random.Random) -> str:
    return rng.choice((" ", "  ", "\u3000", "\t", "\u00a0")).join(parts)


def punctuated(parts: list[str], rng: random.Random) -> str:
    return rng.choice(("，", ", ", "、", "/", "·", "。", "；", "|", "→", " - ", "—")).join(parts)


@functools.cache
def reading(sign: str) -> str:
    read = pypinyin.lazy_pinyin(sign, errors="ignore")
    return read[0] if read else ""


@functools.cache
def _by_sound() -> dict[str, list[str]]:
    """The 3,755 commonest signs (GB 2312, level 1) by their sound."""
    made: dict[str, list[str]] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            sign = bytes((high, low)).decode("gb2312", errors="ignore")
            if sign:
                made.setdefault(reading(sign), []).append(sign)
    return made


_NEAR = (
    (r"^n(?=[aeiou])", "l"), (r"^l(?=[aeiou])", "n"), (r"^zh", "z"), (r"^z(?!h)", "zh"), (r"^sh",
     "s"),
    (r"^s(?!h)", "sh"), (r"^ch", "c"), (r"^c(?!h)", "ch"), (r"ang$", "an"), (r"an$", "ang"),
    (r"ing$", "in"), (r"in$", "ing"), (r"eng$", "en"), (r"en$", "eng"), (r"^h(?=u)", "f"), (r"^f",
     "h"),
)  # fmt: skip


def near_sounds(syllable: str) -> list[str]:
    return [new for old, to in _NEAR if (new := re.sub(old, to, syllable)) != syllable]


def homophone(name: str, rng: random.Random) -> str:
    """Return a name with one sign picked wrong from the list of an input method."""
    return _replace(name, rng, lambda sign: _by_sound().get(reading(sign), []))


def near_homophone(name: str, rng: random.Random) -> str:
    return _replace(
        name,
        rng,
        lambda s: [o for near in near_sounds(reading(s)) for o in _by_sound().get(near, [])],
    )


def lookalike(name: str, rng: random.Random) -> str:
    return _replace(name, rng, lambda s: [o for group in LOOKALIKES if s in group for o in group])


def other_sign(name: str, rng: random.Random) -> str:
    return _replace(name, rng, lambda _: list("天华国美安丰乐成元光春秋星云海"))


def dropped(name: str, rng: random.Random) -> str:
    at = rng.randrange(len(name))
    return name[:at] + name[at + 1 :]


def doubled(name: str, rng: random.Random) -> str:
    at = rng.randrange(len(name))
    return name[: at + 1] + name[at:]


def swapped(name: str, rng: random.Random) -> str:
    if len(name) < 2:
        return name
    at = rng.randrange(len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _replace(name: str, rng: random.Random, others: Callable[[str], list[str]]) -> str:
    order = list(range(len(name)))
    rng.shuffle(order)
    for at in order:
        found = [sign for sign in others(name[at]) if sign != name[at]]
        if found:
            return name[:at] + rng.choice(found) + name[at + 1 :]
    return name


ERRORS: dict[str, Callable[[str, random.Random], str]] = {
    "homophone": homophone,
    "near_homophone": near_homophone,
    "lookalike": lookalike,
    "other_sign": other_sign,
    "dropped": dropped,
    "doubled": doubled,
    "swapped": swapped,
}


def distance(one: str, other: str) -> float:
    """Return how far two names are apart: a sign that sounds alike counts half, a swap one."""
    before2: list[float] = []
    before = [float(j) for j in range(len(other) + 1)]
    for i, a in enumerate(one, 1):
        row = [float(i)]
        for j, b in enumerate(other, 1):
            step = 0.0 if a == b else _step(a, b)
            best = min(before[j] + 1, row[-1] + 1, before[j - 1] + step)
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before2[j - 2] + 1)
            row.append(best)
        before2, before = before, row
    return before[-1]


def _step(a: str, b: str) -> float:
    one, other = reading(a), reading(b)
    return 0.5 if one and (one == other or other in near_sounds(one)) else 1.0


@functools.cache
def syllables(name: str) -> tuple[str, ...]:
    return tuple(pypinyin.lazy_pinyin(name, errors=lambda text: list(text)))


@functools.cache
def toned(name: str) -> str:
    return " ".join(pypinyin.lazy_pinyin(name, style=pypinyin.Style.TONE))
