"""Tables in the planner's words: headings with units, words in place of codes, as sheets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from api.services.merging import columns as merging
from api.services.shapes import plain
from data.spreadsheet import Kind, Sheet

Language = Literal["zh", "en"]


class Column(NamedTuple):
    """A column: its heading in both languages, what it holds, whether it is a cost.

    A cost is in the unit of the run, which then stands in the heading.
    """

    zh: str
    en: str
    kind: Kind = "text"
    is_cost: bool = False


def _cost(zh: str, en: str) -> Column:
    return Column(zh, en, "number", True)


COLUMNS: dict[str, Column] = {
    # what a row is
    "id": Column("编号", "id"),
    "code": Column("编码", "code"),
    "name": Column("名称", "name"),
    "rank": Column("序号", "rank", "whole"),
    "level": Column("级别", "level"),
    "by": Column("分组", "group"),
    "village": Column("村", "village"),
    "villages": Column("所在村", "villages"),
    "villages_code": Column("村编码", "village codes"),
    "village_code": Column("村编码", "village code"),
    "village_name": Column("村名称", "village name"),
    # a household and its way
    "nearest_center": Column("最近的中心", "nearest center"),
    "nearest_center_code": Column("最近中心编号", "code of nearest center"),
    "nearest_center_name": Column("最近中心名称", "nearest center"),
    "center": Column("分配到的中心", "assigned center"),
    "distance_m": Column("到中心距离(米)", "distance to center (m)", "number"),
    "time_min": Column("到中心时间(分钟)", "time to center (min)", "number"),
    "distance_straight_m": Column("直线距离(米)", "straight line (m)", "number"),
    "distance_road_m": Column("道路距离(米)", "by road (m)", "number"),
    "distance_terrain_m": Column("地形距离(米)", "over terrain (m)", "number"),
    "time_straight_min": Column("按直线时间(分钟)", "straight line (min)", "number"),
    "time_road_min": Column("按道路时间(分钟)", "by road (min)", "number"),
    "time_terrain_min": Column("按地形时间(分钟)", "over terrain (min)", "number"),
    "straight_m": Column("到该中心直线距离(米)", "straight line to it (m)", "number"),
    "standard_m": Column("服务标准(米)", "standard (m)", "number"),
    "standard_min": Column("服务标准(分钟)", "standard (min)", "number"),
    "center_distance_m": Column("到分配中心距离(米)", "distance to assigned center (m)", "number"),
    "center_time_min": Column("到分配中心时间(分钟)", "time to assigned center (min)", "number"),
    "cost": _cost("到最近中心", "to nearest center"),
    "standard": _cost("服务标准", "standard"),
    "served": Column("是否覆盖", "served", "flag"),
    "served_straight": Column("按直线是否覆盖", "served, straight line", "flag"),
    "served_road": Column("按道路是否覆盖", "served, by road", "flag"),
    "served_terrain": Column("按地形是否覆盖", "served, over terrain", "flag"),
    "status": Column("状态", "status"),
    "reason": Column("原因", "reason"),
    "area": Column("所在盲区", "gap", "whole"),
    "area_rank": Column("所在盲区", "gap", "whole"),
    "assigned": Column("已分配(计数)", "assigned", "whole"),
    "overflow": Column("容纳不下(计数)", "left out", "whole"),
    "score": Column("可达性(每人)", "score per person", "number"),
    # counts
    "households": Column("户数", "households", "whole"),
    "residents": Column("人口", "residents", "whole"),
    "people": Column("计数(按权重)", "people by weight", "whole"),
    "elderly": Column("60岁以上", "aged 60 and over", "whole"),
    "children": Column("0–14岁", "aged 0–14", "whole"),
    "served_households": Column("已覆盖户数", "households served", "whole"),
    "served_straight_households": Column("按直线已覆盖户数", "served, straight line", "whole"),
    "served_road_households": Column("按道路已覆盖户数", "served, by road", "whole"),
    "served_terrain_households": Column("按地形已覆盖户数", "served, over terrain", "whole"),
    "residents_served": Column("已覆盖人口", "residents served", "whole"),
    "share": Column("覆盖率", "share served", "share"),
    "share_to": Column("累计占比", "share up to here", "share"),
    "far": Column("超出标准户数", "beyond the standard", "whole"),
    "unreachable": Column("无路可达户数", "without a way", "whole"),
    "off_network": Column("附近无道路户数", "no road near", "whole"),
    "unlocated": Column("位置不明户数", "no known place", "whole"),
    "straight_only": Column("仅直线算覆盖的户数", "served by straight line only", "whole"),
    "straight_only_residents": Column(
        "仅直线算覆盖的人口", "residents served by straight line only", "whole"
    ),
    "verdict": Column("结论", "verdict"),
    "without_way": Column("无路可达户数", "without a way", "whole"),
    # gaps
    "area_m2": Column("面积(平方米)", "area (m²)", "number"),
    "nearest_cost": _cost("最近", "nearest"),
    "farthest_cost": _cost("最远", "farthest"),
    "mean_cost": _cost("平均", "mean"),
    "extension_90": _cost("标准放宽多少可覆盖九成", "extension that serves 90 %"),
    "extension_all": _cost("标准放宽多少可全部覆盖", "extension that serves all"),
    "excess": _cost("计数×超出部分", "people × excess"),
    "site_lon": Column("建议点经度", "suggested longitude", "place"),
    "site_lat": Column("建议点纬度", "suggested latitude", "place"),
    "site_people": Column("建议点可覆盖(计数)", "people covered from there", "whole"),
    "lon": Column("经度", "longitude", "place"),
    "lat": Column("纬度", "latitude", "place"),
    # centers
    "within": Column("标准以内(计数)", "people within the standard", "whole"),
    "radius_50": _cost("50% 服务半径", "radius of 50 %"),
    "radius_80": _cost("80% 服务半径", "radius of 80 %"),
    "radius_90": _cost("90% 服务半径", "radius of 90 %"),
    "radius_95": _cost("95% 服务半径", "radius of 95 %"),
    "radius_100": _cost("100% 服务半径", "radius of 100 %"),
    "radius": _cost("服务半径", "service radius"),
    "unit": Column("单位", "unit"),
    "capacity": Column("服务能力", "capacity", "whole"),
    "load": Column("负荷率", "load", "share"),
    "over": Column("超出能力(计数)", "beyond capacity", "whole"),
    "only_here": Column("仅此中心可及(计数)", "reached by this one only", "whole"),
    "shared": Column("其他中心也可及(计数)", "reached by others too", "whole"),
    "takes_in": Column("增加能力可多接收", "more places take more in", "flag"),
    "worth": _cost("每增一份能力节省", "saved by one more place"),
    "supply": Column("供给", "supply", "number"),
    "ratio": Column("供需比", "supply per person", "number"),
    "from": _cost("大于", "above"),
    "to": _cost("至", "up to"),
}

COLUMNS |= {name: Column(*words) for name, words in merging.COLUMNS.items()}

# Columns that hold several codes or names.
LISTS = ("villages", "villages_code", *merging.LISTS)

TITLES: dict[str, dict[Language, str]] = {
    "households": {"zh": "住户", "en": "households"},
    "centers": {"zh": "中心", "en": "centers"},
    "areas": {"zh": "盲区", "en": "gaps"},
    "service_areas": {"zh": "服务区", "en": "service areas"},
    "shares": {"zh": "覆盖率", "en": "shares served"},
    "villages": {"zh": "各村", "en": "villages"},
    "unserved": {"zh": "盲区住户", "en": "households in gaps"},
    "histogram": {"zh": "路程分布", "en": "distribution of ways"},
    "overflow": {"zh": "容纳不下的住户", "en": "households left out"},
    "grids": {"zh": "各网格", "en": "grids"},
    "townships": {"zh": "各乡镇", "en": "townships"},
    "unreached": {"zh": "无人可及的中心", "en": "centers nobody reaches"},
    **merging.TITLES,
}

UNITS = {"m": {"zh": "米", "en": "m"}, "min": {"zh": "分钟", "en": "min"}}

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "level": {
        "county": ("县级", "county"),
        "township": ("乡镇级", "township"),
        "village": ("村级", "village"),
        "station": ("站点", "station"),
    },
    "status": {
        "served": ("已覆盖", "served"),
        "far": ("超出标准", "beyond the standard"),
        "unreachable": ("无路可达", "no way to any center"),
        "off_network": ("附近没有道路", "no road near"),
        "unlocated": ("位置不明", "no known place"),
        "no_center": ("没有中心", "no center"),
    },
    "verdict": {
        "covered": ("已覆盖", "covered"),
        "partly": ("部分覆盖", "partly covered"),
        "not_covered": ("未覆盖", "not covered"),
        "unknown": ("无法判断", "unknown"),
    },
    "by": {
        "township": ("乡镇", "township"),
        "village": ("村", "village"),
        "grid": ("网格", "grid"),
        "area_type": ("地区类型", "area type"),
    },
    "reason": {
        "assigned": ("全部分配", "all assigned"),
        "full": ("可及的中心已满", "every center in reach is full"),
        "closed": ("可及的中心能力为 0", "every center in reach has capacity 0"),
        "no_center": ("范围内没有中心", "no center in reach"),
    },
    "area_type": {
        "urban": ("城镇", "urban"),
        "rural_plain": ("平原农村", "rural plain"),
        "mountain": ("山区", "mountain"),
    },
    "mode": {
        "straight": ("直线", "straight line"),
        "road": ("道路", "by road"),
        "terrain": ("地形步行", "on foot over terrain"),
    },
    "means": {"walk": ("步行", "on foot"), "drive": ("驾车", "by car")},
    "weight": {
        "households": ("户数", "households"),
        "residents": ("人口", "residents"),
        "elderly": ("60岁以上", "aged 60 and over"),
    },
    **{name: merging.WORDS[name] for name in ("state", "term")},
}


def make_sheet(title: str, frame: pd.DataFrame, unit: str, language: Language) -> Sheet:
    """Return a frame as a sheet: its shapes left out, its costs in ``unit`` (m or min)."""
    table = pd.DataFrame(frame.drop(columns=[n for n in ("geometry", "unit") if n in frame]))
    names = [str(name) for name in table.columns]
    columns = [COLUMNS.get(name, Column(name, name)) for name in names]
    return Sheet(
        title=title,
        headings=[heading(column, unit, language) for column in columns],
        kinds=[column.kind for column in columns],
        rows=_rows(table, names, language),
    )


def heading(column: Column, unit: str, language: Language) -> str:
    """Return a heading, with the unit of a cost."""
    word: str = getattr(column, language)
    return in_brackets(word, UNITS[unit][language], language) if column.is_cost else word


def in_brackets(word: str, part: str, language: Language) -> str:
    """Return a word with another in brackets behind it."""
    return f"{word}({part})" if language == "zh" else f"{word} ({part})"


def word_of(column: str, value: str, language: Language) -> str:
    """Return the word for a code, the code itself where there is none."""
    return WORDS.get(column, {}).get(value, (value, value))[language == "en"]


def _rows(table: pd.DataFrame, names: Sequence[str], language: Language) -> Iterable[Sequence[Any]]:
    columns = [_values(table[name], name, language) for name in names]
    return zip(*columns, strict=True)


def _values(column: pd.Series, name: str, language: Language) -> list[Any]:
    values = column.astype(object).where(column.notna(), None).tolist()
    if name in WORDS:
        words = {code: word_of(name, code, language) for code in WORDS[name]}
        return [words.get(value, value) for value in values]
    return [join_list(value) for value in values]


def join_list(value: Any) -> Any:  # noqa: ANN401
    """Return a list as one text, anything else as it is."""
    if isinstance(value, (list, tuple)):
        return ";".join(map(str, value))
    return value.item() if isinstance(value, np.generic) else value


def flatten(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose lists are texts: for files that know none."""
    lists = [name for name in LISTS if name in frame]
    return frame.assign(**{name: frame[name].map(join_list) for name in lists})


def describe_sheet(pairs: Iterable[tuple[str, Any]], language: Language) -> Sheet:
    """Return a sheet of names and values: parameters, totals, what is to be known of the data."""
    title, name, value = (
        ("参数", "项目", "内容") if language == "zh" else ("parameters", "item", "value")
    )
    rows = [(word, join_list(plain(content))) for word, content in pairs]
    return Sheet(title, (name, value), ("text", "value"), rows)
