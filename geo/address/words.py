"""The words that say what kind of place a name is (镇, 社区, 村委会, Village, xiang)."""

from __future__ import annotations

import re
from typing import Literal

PlaceLevel = Literal["province", "city", "county", "township", "village", "natural_village"]
LEVELS: tuple[PlaceLevel, ...] = (
    "province",
    "city",
    "county",
    "township",
    "village",
    "natural_village",
)

# Longest first. A word may belong to several levels (市 is a city's and a county's).
_HAN: dict[str, tuple[PlaceLevel, ...]] = {
    "社区居民委员会": ("village",),
    "居民委员会": ("village",),
    "村民委员会": ("village",),
    "社区居委会": ("village",),
    "社区委员会": ("village",),
    "社区村委会": ("village",),
    "特别行政区": ("province",),
    "街道办事处": ("township",),
    "镇人民政府": ("township",),
    "乡人民政府": ("township",),
    "居委会": ("village",),
    "村委会": ("village",),
    "行政村": ("village",),
    "自然村": ("natural_village",),
    "民族乡": ("township",),
    "自治县": ("county",),
    "自治旗": ("county",),
    "自治区": ("province",),
    "自治州": ("city",),
    "街道办": ("township",),
    "办事处": ("township",),
    "镇政府": ("township",),
    "乡政府": ("township",),
    "村社区": ("village",),
    "村村民委员会": ("village",),
    "村村委会": ("village",),
    "村居委会": ("village",),
    "村民委": ("village",),
    "村两委": ("village",),
    "村部": ("village",),
    "管委会": ("township",),
    "开发区": ("township",),
    "管理区": ("township", "village"),
    "农场": ("township", "village"),
    "林场": ("township", "village"),
    "牧场": ("township", "village"),
    "渔场": ("township", "village"),
    "大队": ("village",),
    "社区": ("village",),
    "街道": ("township",),
    "地区": ("city", "township"),
    "公社": ("township",),
    "苏木": ("township",),
    "嘎查": ("village",),
    "新区": ("county",),
    "林区": ("county",),
    "特区": ("county",),
    "村": ("village",),
    "镇": ("township",),
    "乡": ("township",),
    "县": ("county",),
    "市": ("city", "county", "province"),
    "区": ("county",),
    "旗": ("county",),
    "州": ("city",),
    "盟": ("city",),
    "省": ("province",),
}
_LATIN: dict[str, tuple[PlaceLevel, ...]] = {
    "residential community": ("village",),
    "neighborhood committee": ("village",),
    "village committee": ("village",),
    "administrative village": ("village",),
    "natural village": ("natural_village",),
    "autonomous county": ("county",),
    "min zu xiang": ("township",),
    "minzu xiang": ("township",),
    "ju wei hui": ("village",),
    "cun wei hui": ("village",),
    "xing zheng cun": ("village",),
    "jie dao ban shi chu": ("township",),
    "jiedao": ("township",),
    "jie dao": ("township",),
    "subdistrict": ("township",),
    "sub district": ("township",),
    "street office": ("township",),
    "township": ("township",),
    "town": ("township",),
    "community": ("village",),
    "neighborhood": ("village",),
    "neighbourhood": ("village",),
    "she qu": ("village",),
    "shequ": ("village",),
    "village": ("village",),
    "hamlet": ("natural_village",),
    "cunweihui": ("village",),
    "juweihui": ("village",),
    "cun": ("village",),
    "zhen": ("township",),
    "xiang": ("township",),
    "county": ("county",),
    "banner": ("county",),
    "zizhi county": ("county",),
    "zi zhi xian": ("county",),
    "sumu": ("township",),
    "su mu": ("township",),
    "gacha": ("village",),
    "ga cha": ("village",),
    "farm": ("township", "village"),
    "nong chang": ("township", "village"),
    "lin chang": ("township", "village"),
    "zi ran cun": ("natural_village",),
    "mu chang": ("township", "village"),
    "yu chang": ("township", "village"),
    "district": ("county",),
    "xian": ("county",),
    "city": ("city", "county", "province"),
    "municipality": ("province", "city"),
    "prefecture": ("city",),
    "province": ("province",),
    "sheng": ("province",),
    "shi": ("city", "county", "province"),
    "qu": ("county",),
}
_LATIN_GLUED = {word.replace(" ", ""): levels for word, levels in _LATIN.items()}
_LONGEST_LATIN = max(map(len, _LATIN_GLUED))
_HAN_WORD = re.compile("|".join(sorted(_HAN, key=len, reverse=True)))
# 小区, 园区 … are estates, 市场 and 县道 neither cities nor counties; but 沂水县道托镇 is a county
_NOT_A_LEVEL = re.compile(
    r"(?<=[小园校厂矿景库片社营牧])区|(?:市场|[县乡村]道|区间)(?!\w{1,5}(?:[镇乡]|街道))|村口"
)

# What follows the proper name of a place of each level, longest first.
SUFFIXES: dict[PlaceLevel, tuple[str, ...]] = {
    level: tuple(sorted((w for w, at in _HAN.items() if level in at), key=len, reverse=True))
    for level in LEVELS
}

# Words around an address that say nothing about where it is: what codes call a county without a
# name, headings of forms, and what people say to each other.
_SAID = (
    "中华人民共和国|中国|市辖区|(?<=市)县(?=.{1,8}县)|省直辖县级行政区划|自治区直辖县级行政区划"
    "|户籍所在地|现居住地址|居住地址|常住地址|家庭住址|家庭地址|户籍地址|详细地址|通讯地址|联系地址"
    "|收货地址|案发地点|案发地|事发地点|事发地|户籍地|居住地|现住址|现住地|地址是|住址是|住址|地址"
    "|门牌号码|门牌号|门牌|身份证号码|身份证号|身份证|联系电话|手机号码|手机号|手机|电话|号码"
    "|邮政编码|邮编|收件人|户主|本人|租户|租客|住户|网格员|网格"
    "|您好|你好|请问|麻烦|谢谢|快递|快件|送到|寄到|自取|收货|报修|报警|求助|帮我|帮忙"
    "|查一下|查下|查询|查找|好像是|好像|大概|应该是|应该|属于|归属|是哪个|哪个|那个|什么|怎么走"
    "|我们家|我家里|我家|我住|我在|我妈|我爸|他家|她家|他住|她住|这里|就是|现住|位于"
    "|居住|住在|住|的|在|之|第|[吧吗呢]$"
    r"|(?<=\n)[^\W\d_]{2,3}(?:收|先生|女士|同志|师傅)$"
)
# These say nothing only where they stand alone: 门口塘, 杨家里 and 漏水洞 are names.
_SAID_ALONE = (
    "院子里|院内|院里|老房子|房子|房屋|门口|门前|家里|全家|那户|这户|那家|这家|里面"
    "|(?:着火|起火|停水|停电|漏水)了?"
)
NOISE = re.compile(
    rf"(?<![^\n])(?:{_SAID}|{_SAID_ALONE})+(?![^\n])|{_SAID}"
    "|people s republic of china|p r china|china|prc|address|house|number|near|the|of"
    "|tel|phone|mobile|my home|home|i live in|i live at"
)

# Next to a house is not the house.
VICINITY = re.compile(
    r"旁边|附近|对面|斜对面|隔壁|后面|前面|上面"
    r"|下面|背后|边上|旁|路口|左边|右边|边"
)


def level_word(units: tuple[str, ...], at: int) -> tuple[int, tuple[PlaceLevel, ...]]:
    """Return the end and the levels of the level word that begins at a unit of a text.

    Parameters
    ----------
    units
        Signs (Han) or words (Latin) of an address.
    at
        Position where a word is looked for.

    Returns
    -------
    tuple
        Position behind the word and its levels; ``(at, ())`` where there is none.

    Examples
    --------
    >>> level_word(tuple("议学行政村3"), 2)
    (5, ('village',))
    >>> level_word(("ge", "cheng", "jie", "dao"), 2)
    (4, ('township',))
    """
    if at >= len(units):
        return at, ()
    if units[at].isascii():
        # units may be smaller than syllables (ji e dao): what counts are the letters
        best: tuple[int, tuple[PlaceLevel, ...]] = (at, ())
        glued = ""
        for end in range(at, len(units)):
            glued += units[end]
            if len(glued) > _LONGEST_LATIN:
                break
            if glued in _LATIN_GLUED:
                best = end + 1, _LATIN_GLUED[glued]
        return best
    ahead = "".join(unit if len(unit) == 1 else " " for unit in units[at : at + 8])
    found = _HAN_WORD.match(ahead)
    if not found or _NOT_A_LEVEL.match(ahead):
        return at, ()
    return at + found.end(), _HAN[found[0]]


def names_a_place(text: str) -> PlaceLevel | None:
    """Return the level of the place a stretch of Han text names: its last level word's.

    Examples
    --------
    >>> names_a_place("岔河乡"), names_a_place("新开屋场"), names_a_place("阳光小区")
    ('township', None, None)
    """
    level: PlaceLevel | None = None
    masked = _NOT_A_LEVEL.sub(lambda m: "□" * len(m[0]), text)
    for found in _HAN_WORD.finditer(masked):
        if found.start() > 0:
            level = _HAN[found[0]][0]
    return level


def word_kind(word: str) -> str:
    """Return what kind of place a Han level word says: its last telling sign.

    Examples
    --------
    >>> word_kind("村民委员会") == word_kind("行政村"), word_kind("社区") == word_kind("居委会")
    (True, True)
    >>> word_kind("村") == word_kind("社区"), word_kind("民族乡") == word_kind("乡政府")
    (False, True)
    """
    for sign, kind in _KINDS:
        if sign in word:
            return kind
    return word


_KINDS = (
    ("社区", "社区"), ("居", "社区"), ("村", "村"), ("大队", "村"), ("嘎查", "嘎查"),
    ("苏木", "苏木"), ("街道", "街道"),
    ("办事处", "街道"), ("镇", "镇"), ("乡", "乡"), ("公社", "乡"), ("县", "县"), ("旗", "旗"),
    ("自治区", "自治区"), ("区", "区"), ("市", "市"),
)  # fmt: skip
