"""Sentences about joint villages (联村), and about suggestions that become edits."""

from __future__ import annotations

from geo.sentences.sentence import Sentence, error, warning

SENTENCES: dict[str, Sentence] = {
    "village_joined_elsewhere": error(
        "{village} 已在联村 {code}（{name}）中；一个村只能加入一个联村。",
        "Village {village} is in joint village {code} ({name}) already; a village is in one only.",
        "先让它退出原联村，或把其他村加入该联村。",
        "Let it leave that one first, or add the others to that one.",
    ),
    "village_not_joined": error(
        "{village} 不在任何联村中。",
        "Village {village} is in no joint village.",
        "核对村编码。",
        "Check the code.",
    ),
    "different_townships": error(
        "{villages} 不在同一个乡镇（{units}）。",
        "{villages} lie in different townships ({units}).",
        "只选同一乡镇的村；确需跨乡镇的，写明 within 为 county。",
        "Choose villages of one township, or say so: within county.",
    ),
    "different_counties": error(
        "{villages} 不在同一个县（{units}），不能组成联村。",
        "{villages} lie in different counties ({units}) and cannot be joined.",
        "只选同一个县的村。",
        "Choose villages of one county.",
    ),
    "villages_apart": error(
        "{villages} 与其余各村没有公共边界（只有一个角相接不算）。",
        "No border joins {villages} to the others; a corner is none.",
        "加入夹在中间的村，或只选相邻的村。",
        "Take in the villages between them, or choose neighbours only.",
    ),
    "village_without_land": error(
        "村 {village} 没有边界，也没有网格，无法判断与谁相邻。",
        "Village {village} has neither an outline nor grids: nobody knows what it borders on.",
        "先导入该村的边界或网格。",
        "Import its outline or its grids first.",
    ),
    "joint_code_taken": error(
        "编码 {code} 已被使用，或曾经使用过。",
        "Code {code} is in use, or once was.",
        "换一个编码，或不写编码，由系统取最小的空号。",
        "Choose another one, or none: it gets the lowest that is free.",
    ),
    "joint_code_irregular": error(
        "编码 {code} 不符合联村编码规则：应为 {township} 加 601 至 999。",
        "Code {code} is none of a joint village: {township} and 601 to 999 are asked for.",
        "按规则编码，或不写编码。",
        "Follow the rule, or give none.",
    ),
    "too_many_joint_villages": error(
        "乡镇 {township} 的联村编码（601 至 999）已用完。",
        "Township {township} has used up its codes for joint villages (601 to 999).",
        "加入已有的联村。",
        "Add to one that is there.",
    ),
    "joint_member_gone": error(
        "联村 {code} 的成员 {villages} 已不存在。",
        "There is no {villages} any more, which joint village {code} has as a member.",
        "让它退出联村。",
        "Let it leave the joint village.",
    ),
    "joint_village_differs": warning(
        "联村 {code} 重放后与文件中的不同。",
        "After the replay joint village {code} differs from the file.",
        "现行联村在导出之后有过改动；请核对方案。",
        "The joint villages in force have changed since the file was written: check the plan.",
    ),
    "run_not_merges": error(
        "这次分析（{analysis}）没有提出合并建议。",
        "This run ({analysis}) suggests nothing to merge.",
        "选一次合并建议分析。",
        "Choose a run of merges.",
    ),
    "suggestion_not_found": error(
        "这次分析没有第 {group} 组建议。",
        "The run has no group {group} that could be applied.",
        "核对组号；重新打开建议清单。",
        "Check the number: open the list of suggestions again.",
    ),
}
