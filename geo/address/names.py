"""Names of places: the proper name, the word behind it, and other ways to write it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.address.numerals import HAN, read_numeral
from geo.address.text import spell_name
from geo.address.words import SUFFIXES, PlaceLevel

# The peoples that autonomous counties and townships are named after (GB/T 3304-1991).
_PEOPLES = re.compile(
    "(?:(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山"
    "|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克"
    "|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各)族)+$"
)
# 新疆 is named after its people without 族.
_UYGUR = re.compile("(?<=新疆)维吾尔$")
# 科尔沁右翼中旗 is 科右中旗.
_WING = re.compile("^(.).+?([左右])翼(.)$")
# A proper name shorter than this says too little without the word behind it (东村, 峪镇).
_SHORTEST = 2


@dataclass(frozen=True)
class Name:
    """A name of a place: the proper name (``stem``) and the word behind it.

    ``kind`` is ``""`` for the name in use, ``old`` for one that no longer is.
    """

    place: int
    stem: str
    suffix: str
    kind: str = ""


def split_name(name: str, level: PlaceLevel) -> tuple[tuple[str, str], ...]:
    """Return the proper name and the word behind it; without the peoples' names as well.

    Examples
    --------
    >>> split_name("东方红二村", "village"), split_name("土城社区居民委员会", "village")
    ((('东方红二', '村'),), (('土城', '社区居民委员会'),))
    >>> split_name("新平彝族傣族自治县", "county")
    (('新平彝族傣族', '自治县'), ('新平', '自治县'))
    >>> split_name("科尔沁右翼中旗", "county")
    (('科尔沁右翼中', '旗'), ('科右中', '旗'))
    >>> split_name("东村", "village"), split_name("江家山", "natural_village")
    ((('东村', ''),), (('江家山', ''),))
    """
    if level == "natural_village":
        stem = _hamlet(name)
        if stem != name:
            return ((stem, "自然村"),)
        # 韩湾 is also said of 韩湾组
        stem = name.removesuffix("组")
        said = stem != name and len(stem) >= _SHORTEST
        return ((name, ""), (stem, "组")) if said else ((name, ""),)
    for suffix in SUFFIXES[level]:
        stem = name.removesuffix(suffix)
        if stem != name and len(stem) >= _SHORTEST:
            short = (_PEOPLES.sub("", stem), _UYGUR.sub("", stem), _WING.sub(r"\1\2\3", stem))
            stems = dict.fromkeys([stem, *(one for one in short if len(one) >= _SHORTEST)])
            return tuple((one, suffix) for one in stems)
    return ((name, ""),)


def locality_key(name: str) -> str:
    """Return what a natural village, street or estate is known by.

    Examples
    --------
    >>> locality_key("十二弄"), locality_key("外洋自然村")
    ('12弄', '外洋')
    """
    return _with_digits(_hamlet(spell_name(name)))


def _hamlet(name: str) -> str:
    """Return the name of a natural village without the word for it."""
    stem = name.removesuffix("自然村")
    return stem if len(stem) >= _SHORTEST else name


def names_of(place: int, name: str, level: PlaceLevel, kind: str) -> list[Name]:
    """Return the names a place is called by one name: with numerals, with digits, shortened."""
    spelled = spell_name(name)
    written = dict.fromkeys([spelled, _with_digits(spelled), _with_numerals(spelled)])
    made = [
        Name(place, stem, suffix, kind)
        for one in written
        for stem, suffix in split_name(one, level)
        if stem
    ]
    if level == "village" and len(spelled) == _SHORTEST and spelled.endswith("村"):
        # 高村's committee is 高村民委员会 or 高村委会, whose 村 is its own
        made += [Name(place, spelled + rest, "", kind) for rest in ("民委员会", "委会")]
    return made


def _with_numerals(name: str) -> str:
    """Return a name with its digits as numerals: 3巷 is also typed 三巷."""
    return re.sub(r"[0-9]{1,2}", lambda found: _numeral(int(found[0])), name)


def _numeral(value: int) -> str:
    tens, ones = divmod(value, 10)
    digits = "〇一二三四五六七八九"
    if tens == 0:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def _with_digits(name: str) -> str:
    """Return a name with its numerals as digits: 东方红二村 is also typed 东方红2村."""
    return re.sub(
        rf"[{HAN}]+",
        lambda found: found[0] if (value := read_numeral(found[0])) is None else str(value),
        name,
    )
