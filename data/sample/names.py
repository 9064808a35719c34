"""Invented names that sound like the place: 张家湾, 上坝, 桂花小区.

Real are only the names of the county, its townships and its villages.
"""

from __future__ import annotations

import numpy as np

from data.sample.frame import IntArray

_SURNAMES = "陈李王张刘杨周吴罗邓何谭冉向熊庞袁胡郑余彭袁汪黄蒋程龚潘苟康祝柏钟文田石赵孙马唐许"
_VALLEY = ("坝", "河坝", "湾", "沟", "溪", "河口", "院子", "坪", "桥", "滩")
_SLOPE = ("湾", "坪", "沟", "院子", "屋基", "槽", "田", "塝", "坡", "林")
_CREST = ("梁", "垭", "包", "岭", "坡", "山", "寨", "岩", "槽", "坪")
# fmt: off
_THINGS = (
    "核桃", "板栗", "白果", "枫香", "柏树", "黄连", "杜仲", "天麻", "腊梅", "樱桃", "桐子",
    "茶园", "竹林", "楠木", "杉树", "麻柳", "漆树", "石灰", "瓦窑", "纸厂", "碾盘", "水井",
    "龙洞", "燕子", "白岩", "红岩", "黑沟", "青龙", "土地", "观音", "庙", "祠堂", "学堂", "炭厂",
    "盐井", "马鞍", "牛角", "鹰嘴", "大石", "长石",
)
# fmt: on
_PLACED = ("上", "下", "大", "小", "前", "后", "中", "老", "新")
# fmt: off
_ESTATES = (
    "锦绣", "桂花", "金桥", "滨江", "阳光", "翠园", "龙腾", "丽景", "世纪", "安居", "惠民",
    "荣兴", "南山", "北苑", "东湖", "西苑", "春晓", "明珠", "和谐", "幸福", "文昌", "状元",
    "凤鸣", "青松", "银杏", "天和", "华庭", "江畔", "山水", "祥和", "嘉和", "富康", "新城",
    "向阳", "东升", "迎宾", "广场", "农贸", "车站", "教师",
)
# fmt: on
_ESTATE_KINDS = ("小区", "花园", "家园", "片区", "新居", "苑")
# fmt: off
STREETS = (
    "东大街", "南大街", "北大街", "西大街", "滨河路", "文化路", "人民路", "解放路", "红军路",
    "建设路", "学府路", "桥头街", "土城路", "诸葛路", "环城路", "河街", "新街", "老街", "商业街",
    "车站路",
)
# fmt: on
_DIGITS = "零一二三四五六七八九"


def zh_number(number: int) -> str:
    """Write a number from 1 to 999 in words.

    Examples
    --------
    >>> zh_number(7), zh_number(12), zh_number(20), zh_number(105)
    ('七', '十二', '二十', '一百零五')
    """
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def name_cells(
    village: IntArray, town: np.ndarray, ridge: np.ndarray, rng: np.random.Generator
) -> list[str]:
    """Name natural villages, unique within the village.

    Parameters
    ----------
    village
        Village of each cell.
    town
        Per cell: a quarter of a town rather than a hamlet.
    ridge
        Mean place on the slope per cell, -1 valley … 1 crest: the ending follows it.
    """
    names: list[str] = []
    used: set[tuple[int, str]] = set()
    for home, urban, at in zip(village.tolist(), town.tolist(), ridge.tolist(), strict=True):
        endings = _VALLEY if at < -0.35 else _SLOPE if at < 0.15 else _CREST
        while True:
            name = _estate(rng) if urban else _hamlet(endings, rng)
            if (home, name) not in used:
                break
        used.add((home, name))
        names.append(name)
    return names


def _estate(rng: np.random.Generator) -> str:
    return _one(_ESTATES, rng) + _one(_ESTATE_KINDS, rng)


def _hamlet(endings: tuple[str, ...], rng: np.random.Generator) -> str:
    kind = rng.random()
    if kind < 0.56:
        return f"{_one(_SURNAMES, rng)}家{_one(endings, rng)}"
    if kind < 0.86:
        return _one(_THINGS, rng) + _one(endings, rng)
    return _one(_PLACED, rng) + _one(endings, rng)


def _one(options: str | tuple[str, ...] | list[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]
