"""What an answer comes to, line by line, in the planner's words."""

from __future__ import annotations

from typing import Any

from api.services.merging.tables import list_totals as list_merges
from api.services.shapes import Json
from api.services.tables import UNITS, Language, in_brackets, word_of

Line = tuple[str, Any]


def list_totals(result: Json, language: Language) -> list[Line]:
    """Return names and values of any analysis; costs with their unit in the name."""
    zh = language == "zh"
    if "unit_of_span" in result:
        return list_merges(result, zh)
    unit = UNITS[result["unit"]][language]
    lines: list[Line] = [
        ("中心级别(及以上)" if zh else "centers of this level or higher",
         word_of("level", result["level"], language)),
        ("距离类型" if zh else "way of going", word_of("mode", result["mode"], language)),
        ("出行方式" if zh else "means", word_of("means", result["means"], language)),
        *((in_brackets("服务标准" if zh else "standard", unit, language)
           + (f" {word_of('area_type', kind, language)}" if len(result["standards"]) > 1 else ""),
           value) for kind, value in result["standards"].items()),
        ("权重" if zh else "weight", word_of("weight", result["weight"], language)),
        ("参与计算的中心" if zh else "centers that count", result["centers_counted"]),
        ("户数" if zh else "households", result["households"]),
        ("人口" if zh else "residents", result["residents"]),
        ("计数(按权重)" if zh else "people by weight", result["people"]),
    ]  # fmt: skip
    for status, counts in result["states"].items():
        if counts["households"] or status == "served":
            word = word_of("status", status, language)
            for name, of_what in (("households", "户"), ("people", "计数")):
                part = of_what if zh else name
                lines.append((in_brackets(word, part, language), counts[name]))
    return [*lines, *_of_gaps(result, zh), *_of_radii(result, zh, unit), *_of_access(result, zh)]


def _of_gaps(result: Json, zh: bool) -> list[Line]:
    if "areas" not in result:
        return []
    lines: list[Line] = [
        ("覆盖率(户)" if zh else "share of households served", result["share"]),
        ("盲区个数" if zh else "gaps", len(result["areas"])),
        ("盲区户数" if zh else "households in gaps", result["unserved_households"]),
        ("盲区人口" if zh else "residents in gaps", result["unserved_residents"]),
        ("盲区60岁以上" if zh else "aged 60 and over in gaps", result["unserved_elderly"]),
    ]
    compared = result["comparison"]["modes"]
    for other in compared if len(compared) > 1 else []:
        mode = word_of("mode", other["mode"], "zh" if zh else "en")
        lines.append((f"按{mode}已覆盖户数" if zh else f"served, {mode}", other["served"]))
    return lines


def _of_radii(result: Json, zh: bool, unit: str) -> list[Line]:
    if "uniform" not in result:
        return []
    uniform, limited = result["uniform"], result["capacity"]
    part = f"{result['share']:g}"
    lines: list[Line] = [
        (f"统一服务半径({unit})，服务比例 {part}" if zh else f"one radius ({unit}) for {part}",
         uniform["radius"]),
        ("可达到的最大比例" if zh else "largest share any radius serves", uniform["attainable"]),
    ]  # fmt: skip
    if limited is not None:
        lines += [
            (f"考虑能力的统一服务半径({unit})" if zh else f"one radius within capacities ({unit})",
             uniform["with_capacity"]),
            ("能力内已分配(计数)" if zh else "assigned within capacities", limited["assigned"]),
            ("容纳不下(计数)" if zh else "left out", limited["overflow"]),
            (f"平均路程({unit})" if zh else f"mean way ({unit})", limited["mean_cost"]),
            ("能力不明的中心" if zh else "centers of unknown capacity",
             limited["without_capacity"]),
        ]  # fmt: skip
    return lines


def _of_access(result: Json, zh: bool) -> list[Line]:
    if "method" not in result:
        return []
    return [
        ("方法" if zh else "method", str(result["method"]).upper()),
        ("供给" if zh else "supply", result["supply"]),
        ("每千人可达性" if zh else "mean score per 1,000 people",
         None if result["mean"] is None else 1000 * result["mean"]),
        ("范围内没有服务(计数)" if zh else "people with no service in reach", result["without"]),
        ("无人可及的中心" if zh else "centers nobody reaches", len(result["unreached"])),
    ]  # fmt: skip
