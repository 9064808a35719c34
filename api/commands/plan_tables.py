"""What ``wangge plan`` prints: plans, logs, edits, problems and differences as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from api.commands.joint_tables import show_joint
from api.settings import COUNTY_TIME
from api.terminal import both, print_table, say, show, show_value

Json = Mapping[str, Any]

STATES_ZH = {
    "draft": "草案",
    "submitted": "已提交",
    "published": "已发布",
    "withdrawn": "已撤回",
}
LOG_ZH = {"applied": "有效", "undone": "已撤销", "overtaken": "被取代", "conflict": "变基时放弃"}
CHANGES_ZH = {
    "added": "新增",
    "removed": "取消",
    "changed": "改动",
    "renumbered": "重新编号",
    "attributes": "名称类型",
}
SIZES_ZH = {"below": "偏少", "above": "偏多", "empty": "无户"}
_CODES_SHOWN = 6


def show_plans(page: Json) -> None:
    """Print the list of plans."""
    print_table(
        both("方案", "plans"),
        [
            (both("编号", "id"), "left"),
            (both("名称", "name"), "left"),
            (both("范围", "scope"), "left"),
            (both("状态", "state"), "left"),
            (both("版本", "revision"), "right"),
            (both("修改", "edits"), "right"),
            (both("村", "villages"), "right"),
        ],
        [
            (
                plan["id"][:8],
                plan["name"],
                _named(plan["scope"], plan["scope_name"]),
                both(STATES_ZH[plan["state"]], plan["state"]),
                plan["revision"],
                plan["edits"],
                len(plan["touched_villages"]),
            )
            for plan in page["plans"]
        ],
    )
    hidden = page["total"] - len(page["plans"])
    if hidden > 0:
        say(f"…… 另有 {hidden:,} 个。", f"… and {hidden:,} more.")


def show_plan(plan: Json) -> None:
    """Print one plan."""
    villages = "、".join(unit["name"] or unit["code"] for unit in plan["touched_villages"][:10])
    more = len(plan["touched_villages"]) - 10
    rows: list[tuple[str, Any]] = [
        (both("编号", "id"), plan["id"]),
        (both("名称", "name"), plan["name"]),
        (both("范围", "scope"), _named(plan["scope"], plan["scope_name"])),
        (both("状态", "state"), both(STATES_ZH[plan["state"]], plan["state"])),
        (both("版本", "revision"), plan["revision"]),
        (both("修改", "edits"), plan["edits"]),
        (both("可重做", "can be redone"), plan["undone"]),
        (both("涉及的村", "villages touched"), villages + (f" … +{more}" if more > 0 else "")),
        (both("基于", "based on the lines of"), _moment(plan["base_at"])),
    ]
    if plan["published_at"]:
        rows.append((both("发布于", "published"), _moment(plan["published_at"])))
    if plan["note"]:
        rows.append((both("说明", "note"), plan["note"]))
    print_table("", [("", "left"), ("", "left")], [(name, str(value)) for name, value in rows])


def show_counts(counts: Mapping[str, int]) -> None:
    """Print what a publication did."""
    names = {
        "opened": "启用",
        "closed": "停用",
        "unchanged": "未变",
        "joint_opened": "联村启用",
        "joint_closed": "联村停用",
    }
    zh = "，".join(f"{names[k]} {v:,}" for k, v in counts.items())
    en = ", ".join(f"{v:,} {k.replace('_', ' villages ')}" for k, v in counts.items())
    say(f"已发布：{zh}。", f"Published: {en}.")


def show_log(entries: Sequence[Json]) -> None:
    """Print the log of a plan."""
    if not entries:
        return
    print_table(
        both("修改记录", "log"),
        [
            ("#", "right"),
            (both("类型", "type"), "left"),
            ("", "left"),
            (both("网格", "grids"), "left"),
            (both("作者", "author"), "left"),
            (both("时间", "at"), "left"),
        ],
        [
            (
                entry["position"],
                entry["edit"]["type"],
                both(LOG_ZH[entry["state"]], entry["state"]),
                _codes([*entry["changed"], *(f"−{code}" for code in entry["removed"])])
                or _codes(entry["villages"]),
                entry["author"],
                _moment(entry["made_at"]),
            )
            for entry in entries
        ],
    )


def show_edits(made: Sequence[tuple[int, Json]]) -> None:
    """Print the grids that edits changed, households before → after."""
    rows = []
    for number, answer in made:
        kind = (answer["edit"] or {}).get("type", "")
        for grid in answer["changed"]:
            before = grid["before"]
            rows.append(
                (
                    number,
                    kind,
                    grid["code"],
                    grid["name"],
                    _step(None if before is None else before["households"], grid["households"]),
                    _size(grid["profile_status"]),
                )
            )
        rows += [
            (number, kind, code, "", both(CHANGES_ZH["removed"], "removed"), "")
            for code in answer["removed"]
            if code not in {joint["code"] for joint in answer["joint_villages"]}
        ]
    joint = [(number, one) for number, answer in made for one in answer["joint_villages"]]
    if joint:
        show_joint(joint)
    if rows or not joint:
        _show_rows(rows)
    for number, answer in made:
        for problem in answer["problems"]:
            place = both(f"第 {number} 行", f"line {number}")
            show(f"{place}: {both(problem['message_zh'], problem['message'])}")


def _show_rows(rows: Sequence[Sequence[Any]]) -> None:
    print_table(
        both("改动的网格", "grids changed"),
        [
            (both("行", "line"), "right"),
            (both("类型", "type"), "left"),
            (both("编码", "code"), "left"),
            (both("名称", "name"), "left"),
            (both("户数", "households"), "right"),
            (both("规模", "size"), "left"),
        ],
        rows,
    )


def show_problems(found: Json) -> None:
    """Print the numbered problems."""
    if found["problems"]:
        print_table(
            both("问题", "problems"),
            [("#", "right"), ("", "left"), (both("网格", "grids"), "left"), ("", "left")],
            [
                (
                    problem["number"],
                    problem["severity"],
                    _codes(problem["grids"]),
                    both(problem["message_zh"], problem["message"]),
                )
                for problem in found["problems"]
            ],
        )
    say(
        f"{found['errors']:,} 个错误，{found['warnings']:,} 个提示。",
        f"{found['errors']:,} errors, {found['warnings']:,} warnings.",
    )


def show_difference(answer: Json) -> None:
    """Print the difference per grid, and its totals."""
    if answer["grids"]:
        _show_grids_that_differ(answer["grids"])
    if answer["joint_villages"]:
        show_joint([("", joint) for joint in answer["joint_villages"]])
    totals = answer["totals"]
    say(
        f"网格 {totals['grids_before']:,} → {totals['grids_after']:,}；"
        f"易主土地 {totals['area_moved_m2'] / 1e4:,.1f} 公顷，"
        f"{totals['households_moved']:,} 户、{totals['residents_moved']:,} 人换网格。",
        f"Grids {totals['grids_before']:,} → {totals['grids_after']:,}; "
        f"{totals['area_moved_m2'] / 1e4:,.1f} ha of land, {totals['households_moved']:,} "
        f"households and {totals['residents_moved']:,} residents get another grid.",
    )
    if answer["households"]:
        print_table(
            both("换网格的住户", "households that move"),
            [(both("户", "household"), "left"), ("", "left"), ("→", "left")],
            [(h["household"], h["old_grid"], h["new_grid"]) for h in answer["households"]],
        )


def _show_grids_that_differ(grids: Sequence[Json]) -> None:
    print_table(
        both("差异", "difference"),
        [
            (both("编码", "code"), "left"),
            (both("名称", "name"), "left"),
            ("", "left"),
            (both("公顷", "ha"), "right"),
            (both("户数", "households"), "right"),
            (both("划入户", "in"), "right"),
            (both("划出户", "out"), "right"),
        ],
        [
            (
                row["code"] if not _renamed(row) else f"{row['previous_code']} → {row['code']}",
                row["name"],
                both(CHANGES_ZH[row["change"]], row["change"]),
                _step(_hectares(row["area_before_m2"]), _hectares(row["area_after_m2"])),
                _step(row["households_before"], row["households_after"]),
                row["households_in"],
                row["households_out"],
            )
            for row in grids
        ],
    )


def show_dropped(dropped: Sequence[Json]) -> None:
    """Print the edits a replay left out."""
    for item in dropped:
        problem = item["problem"]
        position, kind = item["position"], item["edit"]["type"]
        show(
            f"{both('放弃', 'left out')} #{position} {kind}: "
            f"{both(problem['message_zh'], problem['message'])}"
        )


def show_changed_meaning(edits: Sequence[Json]) -> None:
    """Print the edits that were replayed on other land than they were made for."""
    for item in edits:
        codes = _codes(item["grids"])
        show(
            f"{both('请核对', 'look again')} #{item['position']} {item['edit']['type']}: "
            f"{both(f'网格 {codes} 的范围已与修改时不同。', f'{codes}: not the land it was.')}"
        )


def show_warnings(problems: Sequence[Json]) -> None:
    """Print problems as sentences."""
    for problem in problems:
        show(both(problem["message_zh"], problem["message"]))


def show_comments(comments: Sequence[Json]) -> None:
    """Print the comments of a plan."""
    print_table(
        both("评论", "comments"),
        [
            ("#", "right"),
            (both("位置", "place"), "left"),
            (both("评论", "comment"), "left"),
            (both("作者", "author"), "left"),
            (both("已解决", "resolved"), "left"),
        ],
        [
            (
                comment["id"],
                f"{comment['point'][0]:.6f}, {comment['point'][1]:.6f}",
                comment["text"],
                comment["author"],
                comment["resolved_by"] if comment["resolved"] else "",
            )
            for comment in comments
        ],
    )


def _moment(at: datetime | str) -> str:
    """Return an instant by the clock of the county."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{moment.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M:%S}"


def _named(code: str, name: str | None) -> str:
    return f"{code} {name}" if name else code


def _codes(codes: Iterable[str]) -> str:
    listed = list(codes)
    more = len(listed) - _CODES_SHOWN
    return ", ".join(listed[:_CODES_SHOWN]) + (f" … +{more}" if more > 0 else "")


def _renamed(row: Json) -> bool:
    return bool(row["previous_code"]) and row["previous_code"] != row["code"]


def _step(before: float | None, after: float | None) -> str:
    """Return a number before and after, or the one number if it stays."""
    first, second = show_value(before), show_value(after)
    return second if first == second else f"{first} → {second}"


def _size(status: str | None) -> str:
    """Return how a grid stands to the size rule; nothing when it is as it should be."""
    return "" if status in (None, "within") else both(SIZES_ZH[status], status)


def _hectares(area_m2: float | None) -> float | None:
    return None if area_m2 is None else area_m2 / 1e4
