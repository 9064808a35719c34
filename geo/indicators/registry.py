"""Every indicator: what it means, its unit, its version, and what of a grid it depends on.

Whoever changes how an indicator is computed raises its version: stored numbers of the old one are
then measured again, because :data:`REGISTRY_VERSION` is part of what they are stored under.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Unit = Literal["households", "persons", "m2", "m", "ratio", "status"]
Part = Literal["shape", "households", "centers", "profile"]

_UNITS: dict[Unit, str] = {
    "households": "households 户",
    "persons": "persons 人",
    "m2": "m² 平方米",
    "m": "m 米",
    "ratio": "0–1",
    "status": "one of 之一：within, below, above, empty",
}


@dataclass(frozen=True)
class Indicator:
    """One number of a grid.

    Parameters
    ----------
    key
        Column of frames, of the store and of answers.
    version
        Counted up whenever the same grid would get another number.
    zh, en
        Name.
    unit
        What it counts, or its unit.
    depends
        Parts of a grid's content it is measured from.
    meaning_zh, meaning_en
        What it is, with its formula.
    source
        Where the formula is from, ``""`` for a plain count or length.
    """

    key: str
    version: int
    zh: str
    en: str
    unit: Unit
    depends: tuple[Part, ...]
    meaning_zh: str
    meaning_en: str
    source: str = ""


_PEOPLE: tuple[Part, ...] = ("shape", "households")
_SHAPE: tuple[Part, ...] = ("shape",)
_WAYS: tuple[Part, ...] = ("shape", "households", "centers")
_TYPE_7 = "Hyndman & Fan 1996, type 7"

_ALL = (
    Indicator(
        "households",
        1,
        "户数",
        "Households",
        "households",
        _PEOPLE,
        "网格内的住户数；恰在边界上的归编码最小的网格",
        "households in the grid; one on a border belongs to the lowest code",
    ),
    Indicator(
        "residents",
        1,
        "常住人口",
        "Residents",
        "persons",
        _PEOPLE,
        "网格内住户的常住人口之和",
        "sum over the grid's households",
    ),
    Indicator(
        "registered",
        1,
        "户籍人口",
        "Registered population",
        "persons",
        _PEOPLE,
        "网格内住户的户籍人口之和，未填的按 0 计",
        "sum over the grid's households, unknown as 0",
    ),
    Indicator(
        "children",
        1,
        "儿童",
        "Children",
        "persons",
        _PEOPLE,
        "网格内住户的儿童数之和，未填的按 0 计",
        "sum over the grid's households, unknown as 0",
    ),
    Indicator(
        "elderly",
        1,
        "老年人",
        "Elderly",
        "persons",
        _PEOPLE,
        "网格内住户的老年人数之和，未填的按 0 计",
        "sum over the grid's households, unknown as 0",
    ),
    Indicator(
        "aged_80",
        1,
        "80岁以上老人",
        "Aged 80 and over",
        "persons",
        _PEOPLE,
        "网格内住户的80岁以上老人数之和，未填的按 0 计",
        "sum over the grid's households, unknown as 0",
    ),
    Indicator(
        "area_m2",
        1,
        "面积",
        "Area",
        "m2",
        _SHAPE,
        "网格在其所在三度带平面上的面积",
        "area in the grid's own metric zone",
    ),
    Indicator(
        "compactness",
        1,
        "紧凑度",
        "Compactness",
        "ratio",
        _SHAPE,
        "4π × 面积 ÷ 周长²；圆为 1，正方形约 0.79",
        "4π × area ÷ perimeter²; 1 for a circle, 0.79 for a square",
        "Polsby & Popper 1991",
    ),
    Indicator(
        "reock",
        1,
        "外接圆充满度",
        "Reock compactness",
        "ratio",
        _SHAPE,
        "面积 ÷ 最小外接圆面积；圆为 1，狭长则接近 0",
        "area ÷ area of the smallest circle around it; 1 for a circle, near 0 for a strip",
        "Reock 1961",
    ),
    Indicator(
        "span_m",
        1,
        "最大跨度",
        "Span",
        "m",
        _SHAPE,
        "网格边界上相距最远两点的直线距离",
        "greatest distance between two points of the outline (diameter of its convex hull)",
        "Shamos 1978",
    ),
    Indicator(
        "center_median_m",
        1,
        "到中心距离（中位数）",
        "Way to the nearest center, median",
        "m",
        _WAYS,
        "网格内各户到最近服务中心（不分级别）直线距离的中位数",
        "median over the grid's households of the straight line to the nearest center of any level",
        _TYPE_7,
    ),
    Indicator(
        "center_p90_m",
        1,
        "到中心距离（90%分位）",
        "Way to the nearest center, 90th percentile",
        "m",
        _WAYS,
        "上述距离的90%分位数：由近到远排好的 n 个距离中第 1 + 0.9 × (n − 1) 个，不为整数时线性内插"
        "（同 Excel 的 PERCENTILE.INC）",
        "90th percentile of the same: of n ways in order the one at 1 + 0.9 × (n − 1), linear"
        " between two (as PERCENTILE.INC of a spreadsheet and percentile_cont of SQL)",
        _TYPE_7,
    ),
    Indicator(
        "center_max_m",
        1,
        "到中心距离（最远）",
        "Way to the nearest center, farthest",
        "m",
        _WAYS,
        "上述距离的最大值",
        "greatest of the same",
    ),
    Indicator(
        "profile_status",
        1,
        "规模",
        "Size against the profile",
        "status",
        ("shape", "households", "profile"),
        "按户数与规则集比较：适中、偏小、偏大、无住户；规则集没有规定的为空",
        "households against the profile's minimum and maximum; missing where it has no rule",
    ),
)

INDICATORS: dict[str, Indicator] = {indicator.key: indicator for indicator in _ALL}
REGISTRY_VERSION: str = hashlib.sha256(
    ";".join(f"{indicator.key}:{indicator.version}" for indicator in _ALL).encode()
).hexdigest()[:12]


def document() -> str:
    """Return ``docs/indicators.md``: every indicator."""
    lines = [
        "# Indicators 指标",
        "",
        "The numbers of a grid. Lengths and areas are computed in the metric zone of the grid's own"
        " middle; ways are straight lines; people are counted once, on a border in the grid with"
        " the lowest code. A number is stored with a digest of all it was measured from (shape,"
        " households in it, places of the centers, size rule, versions below) and measured again"
        " when that changes, not before. Written by `python -m api.documents`; do not edit by"
        " hand.",
        "",
        "网格的各项数字。长度和面积在网格中心所在的三度带平面上计算；距离为直线距离；每户只计一次，"
        "恰在边界上的归编码最小的网格。每个数字连同其来源（图形、区内住户、中心位置、规模规则和下列版本）"
        "的摘要一起存储，来源变了才重新计算。",
        "",
        "| key | 名称 | name | unit 单位 | version 版本 | from 来源 | 含义 | meaning | source |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for item in _ALL:
        cells = (
            f"`{item.key}`",
            item.zh,
            item.en,
            _UNITS[item.unit],
            str(item.version),
            ", ".join(item.depends),
            item.meaning_zh,
            item.meaning_en,
            item.source or "—",
        )
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", f"Registry 版本: `{REGISTRY_VERSION}`"]
    return "\n".join(lines) + "\n"
