"""How answers about service look on a terminal."""

from __future__ import annotations

from typing import Any

from api.terminal import both, out, print_table, say, show

ROWS_SHOWN = 20
PROBLEMS_SHOWN = 20


def show_problems(problems: list[dict[str, Any]]) -> None:
    """Say what the numbers leave out."""
    for problem in problems[:PROBLEMS_SHOWN]:
        row, file = problem["row"], problem["details"].get("file", "")
        where = "" if row is None else both(f"{file} 第 {row} 行", f"{file} row {row}") + ": "
        show(f"{where}{both(problem['message_zh'], problem['message'])}")
    _hidden(len(problems) - PROBLEMS_SHOWN)


def show_gaps(result: dict[str, Any]) -> None:
    """Show who is served, by every way that is loaded, and the areas."""
    share = "—" if result["share"] is None else f"{result['share']:.1%}"
    show(
        both(
            f"住户 {result['households']:,}，已覆盖 {result['served']:,}({share})，"
            f"盲区 {result['unserved_households']:,} 户 {result['unserved_residents']:,} 人。",
            f"{result['households']:,} households, {result['served']:,} served ({share}); beyond "
            f"every center {result['unserved_households']:,} with "
            f"{result['unserved_residents']:,} residents.",
        ),
        to=out,
    )
    _show_modes(result)
    if not result["areas"]:
        return
    unit = result["unit"]
    print_table(
        both("覆盖盲区", "service gaps"),
        [
            ("#", "right"),
            (both("村", "villages"), "left"),
            (both("户", "households"), "right"),
            (both("人", "residents"), "right"),
            (both("60岁以上", "60+"), "right"),
            (both("面积 km²", "km²"), "right"),
            (both("最近中心", "nearest center"), "left"),
            (both(f"最远 {unit}", f"farthest {unit}"), "right"),
        ],
        [
            (
                area["rank"],
                "、".join(v["name"] or v["code"] for v in area["villages"]),
                area["households"],
                area["residents"],
                area["elderly"],
                area["area_m2"] / 1e6,
                (area["nearest_center"] or {}).get("name"),
                area["farthest_cost"],
            )
            for area in result["areas"][:ROWS_SHOWN]
        ],
    )
    _hidden(len(result["areas"]) - ROWS_SHOWN)


def show_radius(result: dict[str, Any]) -> None:
    """Show the one radius for all, and what each center has to reach."""
    _show_totals(result)
    unit = result["unit"]
    print_table(
        both("服务半径", "service radius"),
        [
            (both("编号", "id"), "left"),
            (both("中心", "center"), "left"),
            (both("户", "households"), "right"),
            (both("计数", "people"), "right"),
            (f"50% {unit}", "right"),
            (f"95% {unit}", "right"),
            (f"100% {unit}", "right"),
            (both("能力", "capacity"), "right"),
            (both("负荷 %", "load %"), "right"),
        ],
        [
            (
                center["code"],
                center["name"],
                *(center[n] for n in ("households", "people")),
                *(center[n] for n in ("radius_50", "radius_95", "radius_100", "capacity")),
                None if center["load"] is None else 100 * center["load"],
            )
            for center in result["centers"][:ROWS_SHOWN]
        ],
    )
    _hidden(len(result["centers"]) - ROWS_SHOWN)


def show_access(result: dict[str, Any]) -> None:
    """Show the score of everybody, and of the villages."""
    _show_totals(result)
    villages = [unit for unit in result["village"] if unit["score"] is not None]
    if not villages:
        return
    print_table(
        both("各村可达性", "scores by village"),
        [
            (both("村", "village"), "left"),
            (both("户", "households"), "right"),
            (both("计数", "people"), "right"),
            (both("每千人", "per 1,000"), "right"),
        ],
        [
            (unit["name"] or unit["code"], unit["households"], unit["people"], 1e3 * unit["score"])
            for unit in villages[:ROWS_SHOWN]
        ],
    )
    _hidden(len(villages) - ROWS_SHOWN)


def _show_totals(result: dict[str, Any]) -> None:
    from api.services.totals import list_totals

    pairs = zip(list_totals(result, "zh"), list_totals(result, "en"), strict=True)
    print_table(
        "",
        [("", "left"), ("", "right")],
        [(both(zh[0], en[0]), _both_values(zh[1], en[1])) for zh, en in pairs],
    )


def _both_values(zh: Any, en: Any) -> Any:  # noqa: ANN401
    return both(zh, en) if isinstance(zh, str) and zh != en else zh


def _show_modes(result: dict[str, Any]) -> None:
    modes = result["comparison"]["modes"]
    if len(modes) < 2:
        return
    words = {
        "straight": both("直线", "straight line"),
        "road": both("道路", "by road"),
        "terrain": both("地形", "over terrain"),
    }
    print_table(
        both("同一标准，不同走法", "the same standard, other ways"),
        [("", "left"), (both("已覆盖户", "served"), "right"), ("%", "right")],
        [
            (words[m["mode"]], m["served"], None if m["share"] is None else 100 * m["share"])
            for m in modes
        ],
    )


def _hidden(count: int) -> None:
    if count > 0:
        say(f"…… 另有 {count:,} 处。", f"… and {count:,} more.")
