"""``wangge merge``: which units to join that are too small; of the database, or of files."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.service_options import SCOPE_HELP, AsJson, Crs, Output
from api.commands.service_tables import show_problems
from api.commands.whole_file import whole_file
from api.terminal import both, prefers_chinese, print_json, print_table, progress, say

if TYPE_CHECKING:
    from api.services.files.merging import Merged
    from api.services.tables import Language

GROUPS_SHOWN = 20
LEFT_SHOWN = 20


class Unit(StrEnum):
    """What is joined, of the database."""

    grid = "grid"
    natural_village = "natural_village"
    village = "village"


def _check_positive(value: float | None) -> float | None:
    if value is not None and not 0 < value <= 1_000_000:  # not a number is neither
        raise typer.BadParameter("应大于 0、不大于 1,000,000  above 0, at most 1,000,000")
    return value


Units = Annotated[
    Path | None,
    typer.Option("--units", help="单元文件(面)；不给则用数据库。 Polygons; else the database."),
]
Population = Annotated[
    str | None,
    typer.Option(
        "--population",
        help="户数或人口的列；缺省按列名找。 Column of households or people; else found by name.",
    ),
]
Township = Annotated[
    str | None,
    typer.Option(
        "--township",
        help="乡镇的列，合并不出乡镇。 Column of the township; merges stay inside one.",
    ),
]
Id = Annotated[str | None, typer.Option("--id", help="编码的列。 Column of the units' ids.")]
Lock = Annotated[
    str | None,
    typer.Option(
        "--lock", help="锁定列，是者不动。 Column that says which units stay as they are."
    ),
]
Minimum = Annotated[
    int | None,
    typer.Option(
        "--min",
        min=1,
        max=1_000_000,
        help="下限；文件必须给出，数据库的网格缺省按规则。 Minimum: required of files; of the "
        "database the profile's for grids if absent.",
    ),
]
Target = Annotated[
    int | None, typer.Option("--target", min=1, max=1_000_000, help="目标规模。 Best size.")
]
Maximum = Annotated[int | None, typer.Option("--max", min=1, max=1_000_000, help="上限。 Maximum.")]
MaxUnits = Annotated[
    int,
    typer.Option("--max-units", min=2, max=12, help="每组最多单元数。 Most units in a group."),
]
MaxSpan = Annotated[
    float | None,
    typer.Option(
        "--max-span-m",
        callback=_check_positive,
        help="组内任意两个单元相距不超过(米，直线)。 Longest straight line between two units.",
    ),
]
SharedBorder = Annotated[
    float,
    typer.Option(
        "--min-shared-border-m",
        callback=_check_positive,
        help="相邻至少共有这么长的边界(米)，点接触不算。 Border that neighbours share at least.",
    ),
]
UnitAsked = Annotated[
    Unit | None,
    typer.Option("--unit", help="数据库：合并什么，缺省网格。 Of the database: what is joined."),
]
Scope = Annotated[str | None, typer.Option("--scope", help=SCOPE_HELP)]
Plan = Annotated[
    str | None,
    typer.Option("--plan", help="方案：用其草案与锁定。 A plan: grids and locks of its draft."),
]


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        help="网格合并建议：数据库，或文件进文件出。 Merges of small units: of the database, or of "
        "files."
    )(merge)


def merge(
    units: Units = None,
    population: Population = None,
    township: Township = None,
    id: Id = None,
    minimum: Minimum = None,
    target: Target = None,
    maximum: Maximum = None,
    max_units: MaxUnits = 5,
    max_span_m: MaxSpan = None,
    lock: Lock = None,
    min_shared_border_m: SharedBorder = 10.0,
    crs: Crs = None,
    unit: UnitAsked = None,
    scope: Scope = None,
    plan: Plan = None,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Suggest which units to join, and say why."""
    from api.services.files import merge_writing

    _check_words(locals())
    if output is not None and not merge_writing.is_known(output):
        endings = ", ".join(merge_writing.FORMATS)
        raise typer.BadParameter(f"{output.name}: {endings}", param_hint="--output")
    language: Language = "zh" if prefers_chinese() else "en"
    words = dict(locals())

    def keep(merged: Merged) -> Merged:
        if output is not None:
            for path, content in merge_writing.write_merged(merged, output, language).items():
                with whole_file(path) as file:
                    file.write(content)
        return merged

    with progress("正在计算", "measuring"):
        merged = _of_database(words, keep) if units is None else keep(_of_file(words))
    show_problems(merged.result["problems"])
    if as_json:
        print_json(merged.result)
    else:
        show_merges(merged.result)
        if output is not None:
            say(f"已写入 {output}。", f"Written: {output}.")
    if merged.contradicted:  # a report was made, but nobody should take it for an answer
        raise typer.Exit(1)


def _check_words(words: dict[str, Any]) -> None:
    """Refuse words that do not go together."""
    if words["units"] is None:
        for name in ("population", "township", "id", "lock", "crs"):
            if words[name] is not None:
                _refuse(f"--{name}", "只用于文件，与 --units 同用  of files only, with --units")
        return
    for name in ("unit", "scope", "plan"):
        if words[name] is not None:
            _refuse(f"--{name}", "只用于数据库  of the database only")
    if words["minimum"] is None:
        _refuse("--min", "给出下限  give a minimum")


def _of_file(words: dict[str, Any]) -> Merged:
    from api.services.files.merging import Asked, answer_merges

    given = {name: words[name] for name in Asked.__dataclass_fields__}
    return answer_merges(Asked(**given), lambda _part, _step: None)


def _of_database(words: dict[str, Any], keep: Callable[[Merged], Merged]) -> Merged:
    from api import server
    from api.services import run_tables, running
    from api.services.caller import LOCAL_PLANNER
    from api.services.merging.stored import fetch_merged
    from api.services.plans import opening
    from api.settings import load_settings

    settings = load_settings()
    with server.open_database(settings) as engine:
        plan = None
        if words["plan"] is not None:
            with engine.begin() as connection:
                plan = opening.find_plan(connection, words["plan"], LOCAL_PLANNER)["id"]
        question = run_tables.put_question("merges", _parameters(words), plan)
        run = running.answer_now(engine, question, LOCAL_PLANNER)
        with engine.begin() as connection:
            # written while connected: a page reads what lies around
            return keep(fetch_merged(connection, run, settings=settings, caller=LOCAL_PLANNER))


def _parameters(words: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a run; numbers count households."""
    sizes = {
        name: {"households": words[name]}
        for name in ("minimum", "target", "maximum")
        if words[name] is not None
    }
    return {
        **sizes,
        "unit": (words["unit"] or Unit.grid).value,
        "max_units": words["max_units"],
        "max_span_m": words["max_span_m"],
        "min_shared_border_m": words["min_shared_border_m"],
        "scope": words["scope"],
    }


def show_merges(result: dict[str, Any]) -> None:
    """Show what is suggested, and why; then who is left over."""
    from api.services.merging.tables import list_totals

    pairs = zip(list_totals(result, True), list_totals(result, False), strict=True)
    print_table(
        "",
        [("", "left"), ("", "right")],
        [(both(zh[0], en[0]), _both(zh[1], en[1])) for zh, en in pairs],
    )
    if result["groups"]:
        print_table(
            both("建议合并", "suggested merges"),
            [
                (both("单元", "units"), "left"),
                (both("户", "households"), "right"),
                (both("人", "residents"), "right"),
                (both("理由", "reason"), "left"),
            ],
            [
                (
                    "、".join(m["name"] or m["code"] for m in group["members"]),
                    group["households"],
                    group["residents"],
                    _one(group["why"]),
                )
                for group in result["groups"][:GROUPS_SHOWN]
            ],
        )
        _hidden(len(result["groups"]) - GROUPS_SHOWN)
    if result["left"]:
        print_table(
            both("仍不到下限", "left below the minimum"),
            [(both("单元", "unit"), "left"), (both("原因", "reason"), "left")],
            [
                (unit["name"] or unit["code"], _one(unit["reason"]))
                for unit in result["left"][:LEFT_SHOWN]
            ],
        )
        _hidden(len(result["left"]) - LEFT_SHOWN)


def _one(reason: dict[str, Any]) -> str:
    return str(reason["zh" if prefers_chinese() else "en"])


def _both(zh: Any, en: Any) -> Any:  # noqa: ANN401
    return both(zh, en) if isinstance(zh, str) and zh != en else zh


def _hidden(count: int) -> None:
    if count > 0:
        say(f"…… 另有 {count:,} 处。", f"… and {count:,} more.")


def _refuse(option: str, why: str) -> None:
    raise typer.BadParameter(f"{option}: {why}")
