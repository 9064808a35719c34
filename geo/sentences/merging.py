"""Sentences about merges: data, rules and decisions that do not go together."""

from __future__ import annotations

from geo.sentences.sentence import Sentence, error, warning

SENTENCES: dict[str, Sentence] = {
    # rules
    "merge_without_minimum": error(
        "没有给出下限，不知道哪些单元太小。",
        "No minimum is given, so no unit is too small.",
        "给出户数下限、人口下限或两者。",
        "Give a minimum of households, of residents, or both.",
    ),
    "merge_sizes_contradict": error(
        "{measure_zh}的下限 {minimum}、目标 {target}、上限 {maximum} 应当由小到大。",
        "Minimum {minimum}, target {target} and maximum {maximum} of {measure} are not ascending.",
        "改正其中一项。",
        "Change one of them.",
    ),
    # units
    "merge_people_faulty": warning(
        "单元 {unit} 的{measure_zh}是“{value}”，不能使用；该单元不参与合并。",
        "The {measure} of {unit} are “{value}”, which cannot be used; the unit takes no part.",
        "填写 0 或正整数。",
        "Give 0 or a whole number above it.",
    ),
    "merge_code_duplicate": warning(
        "单元编码 {unit} 出现 {count} 次，这些单元都不参与合并。",
        "Code {unit} is used by {count} units; none of them takes part.",
        "给每个单元不同的编码。",
        "Give every unit a code of its own.",
    ),
    "merge_shape_missing": warning(
        "单元 {unit} 没有可用的图形，不参与合并。",
        "Unit {unit} has no usable shape and takes no part.",
        "补画边界。",
        "Draw its outline.",
    ),
    "merge_shape_repaired": warning(
        "单元 {unit} 的图形无效（{reason_zh}），按修复后的图形计算。",
        "The shape of {unit} is invalid ({reason}); a repaired one was used.",
        "在标出的位置修改边界。",
        "Redraw the outline at the marked place.",
    ),
    "merge_zone_missing": warning(
        "不知道单元 {unit} 属于哪个{within_zh}，不与别的单元合并。",
        "It is not known which {within} {unit} lies in; it is merged with nothing.",
        "补上所属编码。",
        "Give the code.",
    ),
    "merge_zone_column_missing": error(
        "数据没有 {column} 列，无法按{within_zh}限制合并，没有计算。",
        "There is no column {column} to keep merges inside one {within}; none was tried.",
        "补上这一列，或把范围设为全县。",
        "Add the column, or ask for merges within the county.",
    ),
    "merge_without_townships": warning(
        "单元没有乡镇列，没有按乡镇限制合并。",
        "The units have no column of townships; merges were not kept inside one.",
        "用 --township 指明乡镇的列。",
        "Name the column by --township.",
    ),
    "merge_borders_differ": warning(
        "有 {count} 对相邻单元的边界不一致（缝隙、重叠或节点不同），相差 {tolerance_m:g} 米以内的按"
        "相邻计算。",
        "The borders of {count} {count:pair/pairs} of neighbours differ (gaps, overlaps, nodes); "
        "gaps up to {tolerance_m:g} m were taken as contact.",
        "在方案中对该村执行 match_borders，使两边完全一致。",
        "Run match_borders on the village in a plan: both sides become the same.",
    ),
    "merge_units_overlap": warning(
        "单元 {unit} 与 {other} 重叠 {area_m2:,.0f} 平方米。",
        "Units {unit} and {other} overlap by {area_m2:,.0f} m².",
        "确定重叠部分归谁。",
        "Decide who keeps the shared part.",
    ),
    # decisions
    "merge_unit_unknown": warning(
        "决定中提到的单元 {unit} 不存在，这一条没有采用。",
        "There is no unit {unit}; the decision that names it was not used.",
        "删除这条决定。",
        "Remove the decision.",
    ),
    "merge_together_refused": warning(
        "“{one} 与 {other} 并在一起”无法满足：{reason_zh}",
        "{one} and {other} cannot be put together: {reason}",
        "放宽这条限制，或撤销这条决定。",
        "Loosen that limit, or withdraw the decision.",
    ),
    "merge_pinned_refused": warning(
        "确定的一组（{units}）不符合规则，没有采用：{reason_zh}",
        "The pinned group ({units}) breaks a rule and was not kept: {reason}",
        "放宽这条限制，或撤销这条决定。",
        "Loosen that limit, or withdraw the decision.",
    ),
    "merge_decisions_contradict": warning(
        "{one} 与 {other} 既要并在一起又不能并在一起；按“不并在一起”处理。",
        "{one} and {other} are to be both together and apart; they were kept apart.",
        "撤销其中一条。",
        "Withdraw one of the two.",
    ),
    # answers
    "merge_holds_seat": warning(
        "建议的一组（{units}）含镇政府驻地 {seat}，那里几个村混居，请先核对住户归属。",
        "The suggested group ({units}) holds the town seat {seat}, where residents of several "
        "villages are mixed: check whose households they are first.",
    ),
    "merge_units_pile_up": warning(
        "有 {count} 个单元各与几十个以上的单元重叠或贴近，它们彼此之间不按相邻计算。",
        "{count} units each overlap dozens of others or come near them; among themselves they do "
        "not count as neighbours.",
        "检查图层是否重复，或把缓冲区当成了边界。",
        "See whether a layer is there twice, or buffers stand in for outlines.",
    ),
    "merge_search_limited": warning(
        "{zone_zh}的组合太多，每组不超过 {units} 个单元的全部列出，"
        "更大的由小到大逐步拼出再局部改进；结果没有最优证明。",
        "Too many groups are possible in {zone}: those of up to {units} units were listed, "
        "larger ones grown from the smallest unit on and improved place by "
        "place; nothing is proved.",
        "减少每组单元数的上限，缩短跨度，或给出上限。",
        "Allow fewer units a group, a shorter span, or give a maximum.",
    ),
    "merge_not_proved": warning(
        "{zone_zh}没有证明是最优：{level_zh}最多还能改进 {gap}。",
        "Not proved best in {zone}: {level} may be better by at most {gap}.",
    ),
}
