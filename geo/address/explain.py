"""What an answer says about itself, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

from geo.address.answer import Answer, Element, Fault, FaultKey

_ELEMENTS: dict[Element, tuple[str, str]] = {
    "text": ("地址", "address"),
    "province": ("省", "province"),
    "city": ("市", "city"),
    "county": ("县", "county"),
    "township": ("乡镇", "township"),
    "village": ("村（社区）", "village"),
    "natural_village": ("自然村", "natural village"),
    "group": ("组", "group"),
    "number": ("门牌号", "house number"),
    "sub": ("附号", "sub-number"),
    "building": ("楼栋", "building"),
    "unit": ("单元", "unit"),
    "room": ("室", "room"),
}
_FAULTS: dict[FaultKey, tuple[str, str]] = {
    "spelled": ("“{value}”按“{meant}”理解", "“{value}” was taken for “{meant}”"),
    "old_name": ("“{value}”是“{meant}”的旧名", "“{value}” is an old name of “{meant}”"),
    "word": ("“{value}”按“{meant}”理解", "“{value}” was taken for “{meant}”"),
    "not_understood": ("没有读懂“{value}”", "“{value}” was not understood"),
    "other_place": (
        "“{value}”不在本地名录里，可能是别处的地址",
        "“{value}” is no place of these lists; the address may be elsewhere",
    ),
    "not_in_register": (
        "登记里没有这个{element_zh}：{value}",
        "the register has no such {element}: {value}",
    ),
    "contradicts": (
        "{element_zh} {value} 与登记里这个地方的不一致",
        "{element} {value} contradicts what the register says of this place",
    ),
    "said_twice": (
        "说了两个不同的号：{value}",
        "two different numbers are given: {value}",
    ),
    "beside": ("说的是旁边，不是这一户", "it says beside, so it is not this house"),
    "too_long": ("太长，不像地址", "too long to be an address"),
    "too_little": ("没有可以辨认的地名", "it names no place that is known"),
    "private": (
        "去掉了电话或证件号码，没有保存",
        "a telephone or identity number was dropped and not kept",
    ),
    "no_grid": ("这一户不在任何网格内", "the house lies in no grid"),
}
_LEVELS = {
    "house": ("门牌", "house"),
    "group": ("组", "group"),
    "natural_village": ("自然村", "natural village"),
    "village": ("村（社区）", "village"),
    "township": ("乡镇", "township"),
}


def explain_fault(fault: Fault) -> tuple[str, str]:
    """Return what is wrong with a part of an address, in Chinese and English.

    Examples
    --------
    >>> explain_fault(Fault("65", "group", "not_in_register", 0.2))
    ('登记里没有这个组：65', 'the register has no such group: 65')
    """
    zh, en = _FAULTS[fault.fault]
    element_zh, element = _ELEMENTS[fault.element]
    words = {"value": fault.value, "meant": fault.meant, "element_zh": element_zh}
    return zh.format(**words), en.format(**words, element=element)


def explain_answer(answer: Answer) -> tuple[str, str]:
    """Return in a sentence why an answer is as it is, in Chinese and English."""
    level_zh, level = _LEVELS.get(answer.level or "", ("", ""))
    homes = sum(answer.grids.values())
    if answer.status == "none":
        return "没有找到，不作猜测。", "Not found; no guess is made."
    if answer.status == "ok":
        if answer.level == "house":
            return "找到这一户。", "The house was found."
        return (
            f"只确定到{level_zh}；登记在那里的 {homes} 户都在同一个网格。",
            f"Certain as far as the {level}; the {homes} households there are all in one grid.",
        )
    if len(answer.grids) > 1:
        return (
            f"有 {len(answer.grids)} 个网格可能，请在候选中选择。",
            f"It could be {len(answer.grids)} grids; choose among the candidates.",
        )
    return (
        "不够确定，请在候选中确认。",
        "Not certain enough; please confirm among the candidates.",
    )


def with_faults(message: tuple[str, str], faults: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return the sentence of :func:`explain_answer` with those of its faults in brackets.

    Examples
    --------
    >>> with_faults(("没有找到。", "Not found."), [("没有甲", "no A"), ("没有乙", "no B")])
    ('没有找到（没有甲；没有乙）。', 'Not found (no A; no B).')
    """
    if not faults:
        return message
    zh, en = message
    told_zh = "；".join(fault[0] for fault in faults)
    told = "; ".join(fault[1] for fault in faults)
    return f"{zh.removesuffix('。')}（{told_zh}）。", f"{en.removesuffix('.')} ({told})."
