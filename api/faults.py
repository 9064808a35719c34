"""Why a value is not what was asked, in Chinese: pydantic knows English only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# By the type of the fault; {…} are the values that come with it.
_REASONS = {
    "missing": "缺少",
    "extra_forbidden": "没有这一项",
    "json_invalid": "不是有效的 JSON",
    "string_type": "应为文字",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不对，应符合 {pattern}",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "整数过大",
    "int_from_float": "应为整数",
    "float_type": "应为数",
    "float_parsing": "应为数",
    "finite_number": "应为有限的数",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "literal_error": "应为 {expected} 之一",
    "enum": "应为 {expected} 之一",
    "one_standard": "standard_m 与 standard_min 只给一个，measure 要与它一致",
    "drive_by_road": "驾车只能走道路（mode 为 road）",
    "uuid_type": "应为 UUID",
    "uuid_parsing": "应为 UUID",
}
_OTHER = "不合要求"


def explain(fault: Mapping[str, Any]) -> str:
    """Return the reason of a fault that pydantic has found.

    Examples
    --------
    >>> explain({"type": "less_than_equal", "ctx": {"le": 1000}})
    '应不大于 1000'
    >>> explain({"type": "a type of a later version"})
    '不合要求'
    """
    context = {name: _plain(value) for name, value in fault.get("ctx", {}).items()}
    try:
        return _REASONS.get(fault["type"], _OTHER).format(**context)
    except KeyError:
        return _OTHER


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.replace(" or ", " 或 ")
    return f"{value:g}" if isinstance(value, float) else value
