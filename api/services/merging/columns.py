"""What the columns of tables about merges are called in both languages."""

from __future__ import annotations

from typing import Literal

Kind = Literal["text", "whole", "number", "flag", "share", "place"]

# Name → zh, en, what it holds, whether it is in the unit of spans.
COLUMNS: dict[str, tuple[str, str, Kind, bool]] = {
    "group": ("所在组", "group", "text", False),
    "members": ("成员编码", "member codes", "text", False),
    "member_names": ("成员", "members", "text", False),
    "units": ("单元数", "units", "whole", False),
    "registered": ("户籍人口", "registered", "whole", False),
    "below": ("不到下限", "below the minimum", "flag", False),
    "below_count": ("不到下限的单元", "units below the minimum", "whole", False),
    "left_count": ("仍不到下限", "left below", "whole", False),
    "groups": ("建议合并组", "suggested groups", "whole", False),
    "township_code": ("乡镇编码", "township code", "text", False),
    "township_name": ("乡镇", "township", "text", False),
    "span": ("组内最远", "span", "number", True),
    "shared_border_m": ("公共边界(米)", "shared border (m)", "number", False),
    "healthy_touched": ("受影响的合格单元", "healthy units touched", "whole", False),
    "pinned": ("已确定", "pinned", "flag", False),
    "seat": ("含镇政府驻地", "holds a township seat", "flag", False),
    "why_zh": ("理由(中文)", "reason (zh)", "text", False),
    "why_en": ("理由(英文)", "reason (en)", "text", False),
    "next_zh": ("不这样的话(中文)", "otherwise (zh)", "text", False),
    "next_en": ("不这样的话(英文)", "otherwise (en)", "text", False),
    "next_members": ("次优方案的组", "group of the runner-up", "text", False),
    "part": ("部分", "part", "whole", False),
    "cells": ("自然村编码", "natural village codes", "text", False),
    "cell_names": ("自然村", "natural villages", "text", False),
    "term": ("目标层次", "level of the objective", "text", False),
    "value": ("结果", "value", "whole", False),
    "bound": ("最好可能", "bound", "whole", False),
    "proved": ("已证明最优", "proved", "flag", False),
    "gap": ("与最好可能的差距", "gap", "share", False),
    "candidates": ("可行的组合", "feasible groups", "whole", False),
    "size_from": ("规模不小于", "from", "whole", False),
    "size_to": ("小于", "below", "whole", False),
    "before": ("合并前单元数", "units before", "whole", False),
    "after": ("合并后单元数", "units after", "whole", False),
}
LISTS = ("members", "member_names", "next_members", "cells", "cell_names")
TITLES: dict[str, dict[Literal["zh", "en"], str]] = {
    "groups": {"zh": "建议合并", "en": "suggested merges"},
    "units": {"zh": "各单元", "en": "units"},
    "left": {"zh": "仍不到下限", "en": "left below"},
    "above": {"zh": "超过上限", "en": "above the maximum"},
    "levels": {"zh": "目标层次", "en": "objective"},
    "sizes": {"zh": "规模分布", "en": "sizes"},
}
WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "unit": {
        "grid": ("网格", "grids"),
        "natural_village": ("自然村", "natural villages"),
        "village": ("行政村", "villages"),
    },
    "state": {
        "within": ("不变", "unchanged"),
        "merged": ("合并", "merged"),
        "left": ("仍不到下限", "left below the minimum"),
        "locked": ("锁定", "locked"),
        "above": ("超过上限", "above the maximum"),
    },
    "within": {
        "village": ("村内", "one village"),
        "township": ("乡镇内", "one township"),
        "county": ("县内", "the county"),
    },
    "objective": {
        "least_change": ("改动最少", "least change"),
        "most_groups": ("组数最多", "most groups"),
    },
    "term": {
        "together_broken": ("未满足的“并在一起”", "decisions to keep together that are broken"),
        "left": ("仍不到下限的单元", "units left below the minimum"),
        "groups": ("够下限的组", "groups that reach the minimum"),
        "healthy_touched": ("受影响的合格单元", "healthy units touched"),
        "touched": ("受影响的单元", "units touched"),
        "travel": ("各户到组内中心的路程合计", "ways of all households to the hub of their group"),
        "balance": ("与目标规模的差合计", "distance from the target in sum"),
    },
}
