"""What the reasons of merges say, in zh and en."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """One sentence in both languages."""

    zh: str
    en: str


WORDS: dict[str, Words] = {
    # why a group was made
    "under": Words(
        "{unit} 的{measure_zh}只有 {value}，不到下限 {limit}。",
        "{unit} has {value} {measure}, less than the minimum of {limit}.",
    ),
    "together": Words(
        "已定：{one} 与 {other} 并在一起。", "It was decided that {one} and {other} go together."
    ),
    "pinned": Words("已定：这几个单元并为一组，不再改动。", "It was decided to keep this group."),
    # why a neighbour cannot be in it
    "fits": Words(
        "与 {unit} 单独合并符合各项限制。", "The two by themselves would keep every limit."
    ),
    "zone": Words("{unit} 不属于同一{within_zh}。", "{unit} lies in another {within}."),
    "zone_unknown": Words(
        "不知道 {unit} 属于哪个{within_zh}。", "It is not known which {within} {unit} lies in."
    ),
    "barrier": Words(
        "与 {unit} 之间有阻隔（河流等），能通过的公共边界只有 {value:,.0f} 米，"
        "要求 {limit:,.0f} 米。",
        "A barrier lies between: {value:,.0f} m of the border with {unit} can be crossed, "
        "{limit:,.0f} m are asked for.",
    ),
    "corner": Words(
        "与 {unit} 的公共边界只有 {value:,.1f} 米，要求 {limit:,.0f} 米（点接触不算相邻）。",
        "The border with {unit} is {value:,.1f} m; {limit:,.0f} m are asked for, a corner does not "
        "count.",
    ),
    "locked_around": Words("{unit} 已锁定，保持不变。", "{unit} is locked and stays as it is."),
    "pinned_around": Words(
        "{unit} 已归入确定的一组。", "{unit} is in a group that was decided to stay."
    ),
    "people_unknown": Words(
        "{unit} 的户数或人口缺失或有误。", "The households or residents of {unit} cannot be used."
    ),
    "no_shape": Words("{unit} 没有可用的图形。", "{unit} has no usable shape."),
    "duplicate_code": Words(
        "编码 {unit} 出现不止一次，无法判断。", "Code {unit} is used more than once."
    ),
    "apart": Words(
        "已定：{one} 与 {unit} 不并在一起。", "It was decided to keep {one} and {unit} apart."
    ),
    "span": Words(
        "到 {unit} 有 {value:,.0f} {unit_of_span_zh}，超过 {limit:,.0f}。",
        "{unit} is {value:,.0f} {unit_of_span} away, more than {limit:,.0f}.",
    ),
    "no_way": Words(
        "到 {unit} 没有路可走，或远远超过限制。",
        "No way leads to {unit}, or only one far beyond the limit.",
    ),
    "cap": Words(
        "加上 {unit} 后{measure_zh}共 {value}，超过上限 {limit}。",
        "With {unit} there would be {value} {measure}, more than the maximum of {limit}.",
    ),
    "max_units": Words(
        "需要 {value} 个以上单元才够下限，最多允许 {limit} 个。",
        "More than {limit} units would be needed to reach the minimum.",
    ),
    "not_needed": Words(
        "不加 {unit} 也已达到下限。", "The group reaches the minimum without {unit}."
    ),
    "costs_more": Words("加入 {unit} 的方案更差。", "Plans in which {unit} joins are worse."),
    # why a unit is left over
    "isolated": Words("四周没有相邻单元。", "It has no neighbour."),
    "locked": Words("已锁定，保持不变。", "It is locked and stays as it is."),
    "too_few": Words(
        "所有能并到一起的单元加起来，{measure_zh}也只有 {value}，不到下限 {limit}。",
        "All units it could ever join add up to {value} {measure}, less than the minimum of "
        "{limit}.",
    ),
    "limits": Words(
        "各项限制合在一起，没有够下限的组合。",
        "Under all limits taken together no group reaches the minimum.",
    ),
    "taken": Words(
        "能帮它的单元用在别处更好：{units}。",
        "The units that could help it do more elsewhere: {units}.",
    ),
    "search_limit": Words(
        "组合太多，没有全部试过。", "There were too many groups to try them all."
    ),
    "rules": Words(
        "规则自相矛盾，没有计算。", "The rules contradict each other; nothing was tried."
    ),
    "not_asked": Words("这次没有计算这里。", "This place was not asked about."),
    # why the runner-up lost: how much worse it is at the first level that differs
    "lost_together_broken": Words(
        "否则有 {value} 条“并在一起”的决定无法满足。",
        "Otherwise {value} more of the decisions to keep units together would be broken.",
    ),
    "lost_left": Words(
        "否则多 {value} 个单元达不到下限。", "Otherwise {value} more would stay under the minimum."
    ),
    "lost_groups": Words("否则少 {value} 个组。", "Otherwise there would be {value} fewer groups."),
    "lost_healthy_touched": Words(
        "否则要多动 {value} 个本来合格的单元。",
        "Otherwise {value} more healthy units would be touched.",
    ),
    "lost_touched": Words(
        "否则要多动 {value} 个单元。", "Otherwise {value} more units would be touched."
    ),
    "lost_travel": Words(
        "否则各户到组内中心的路程合计多 {value:,.0f} {unit_of_span_zh}。",
        "Otherwise the ways of all households would add up to {value:,.0f} {unit_of_span} more.",
    ),
    "lost_balance": Words(
        "否则离目标规模合计更远 {value:,.0f}。",
        "Otherwise sizes would be {value:,.0f} farther from the target in sum.",
    ),
    "lost_tie": Words(
        "与它一样好，按编码先后取了这一个。", "It is as good; the order of codes decided."
    ),
    "lost_infeasible": Words("没有别的办法。", "There is no other way."),
    # splits
    "split_cell_above": Words(
        "自然村 {unit} 自身{measure_zh}就有 {value}，超过上限 {limit}，不能再分。",
        "Natural village {unit} alone has {value} {measure}, more than the maximum of {limit}.",
    ),
    "split_no_cells": Words("里面没有自然村，无从划分。", "There are no natural villages in it."),
    "split_one_cell": Words(
        "里面只有一个自然村，不能再分。", "It is one natural village and cannot be divided."
    ),
    "split_part_below": Words(
        "这一部分{measure_zh}只有 {value}，不到下限 {limit}。",
        "This part has {value} {measure}, less than the minimum of {limit}.",
    ),
    "split_part_above": Words(
        "这一部分{measure_zh}有 {value}，超过上限 {limit}。",
        "This part has {value} {measure}, more than the maximum of {limit}.",
    ),
    "split_in_pieces": Words(
        "自然村不相连，分成 {value} 片。", "Its natural villages lie in {value} pieces."
    ),
}


class _Plain(dict[str, Any]):
    """A value nobody gave shows as a dash; one without a Chinese version as it is."""

    def __missing__(self, key: str) -> Any:  # noqa: ANN401
        return self.get(key.removesuffix("_zh"), "—")


def say(key: str, values: Mapping[str, Any], language: Language) -> str:
    """Return the sentence of a reason.

    Examples
    --------
    >>> say("cap", {"unit": "A", "value": 120, "measure": "households", "limit": 100}, "en")
    'With A there would be 120 households, more than the maximum of 100.'
    >>> say("under", {"unit": "A", "value": 1, "measure": "households", "limit": 30}, "en")
    'A has 1 household, less than the minimum of 30.'
    """
    shown = {
        name: ("、" if language == "zh" else ", ").join(map(str, value))
        if isinstance(value, (list, tuple))
        else value
        for name, value in values.items()
    }
    if values.get("value") == 1 and "measure" in values:
        shown["measure"] = str(values["measure"]).removesuffix("s")
    template: str = getattr(WORDS[key], language)
    return template.format_map(_Plain(shown))


LEVEL_ZH = {
    "together_broken": "未满足的“并在一起”",
    "left": "不到下限的单元数",
    "groups": "组数",
    "healthy_touched": "受影响的合格单元数",
    "touched": "受影响的单元数",
    "travel": "路程合计",
    "balance": "与目标规模的差",
}
