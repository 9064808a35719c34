"""``wangge check`` and ``report``: questions to the data."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from api.commands.service_options import LEVEL_HELP, SCOPE_HELP, STANDARD_HELP, Level
from api.commands.whole_file import whole_file
from api.terminal import both, print_json, print_table, progress, say

if TYPE_CHECKING:
    from api.services.analyses import Question


class ReportLanguage(StrEnum):
    """Languages of a report."""

    zh = "zh"
    en = "en"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(help="检查网格是否无缝不重叠。 Check grids for gaps and overlaps.")(check)
    app.command(help="写出盲区报告(单个 HTML 文件)。 Write the gaps report, one HTML file.")(report)


def _question(parameters: dict[str, Any]) -> Question:
    from api.schemas_runs import ServiceParameters
    from api.services.analyses import Question

    return Question("service_gaps", ServiceParameters(**parameters).model_dump())


def check(
    scope: str | None = typer.Option(None, help=SCOPE_HELP),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON。 Print JSON."),
) -> None:
    """Check the grids of every village; exit code 1 when something is wrong."""
    from api import server
    from api.database import Database
    from api.services.caller import LOCAL_PLANNER
    from api.services.partition import PartitionCache
    from api.settings import load_settings

    narrowed = LOCAL_PLANNER.narrow(scope)
    with (
        server.open_database(load_settings()) as engine,
        Database(engine).read() as connection,
        progress("正在检查", "checking"),
    ):
        found = PartitionCache().check(connection, narrowed)
    problems = found["problems"]
    if as_json:
        print_json(found)
    elif problems:
        print_table(
            both("问题", "problems"),
            [("", "left"), (both("网格", "grids"), "left"), ("", "left")],
            [
                (p["severity"], ", ".join(p["grids"]), both(p["message_zh"], p["message"]))
                for p in problems
            ],
        )
    if not as_json:
        villages = found["checked_villages"]
        say(
            f"检查了 {villages:,} 个村，{len(problems):,} 个问题。",
            f"{villages:,} villages checked, {len(problems):,} problems.",
        )
    raise typer.Exit(1 if any(p["severity"] == "error" for p in problems) else 0)


def report(
    output: Path = typer.Option(..., "-o", "--output", help="HTML 文件。 The HTML file."),
    level: Level = typer.Option(Level.village, help=LEVEL_HELP),
    standard_m: float | None = typer.Option(None, "--standard-m", min=1, help=STANDARD_HELP),
    scope: str | None = typer.Option(None, help=SCOPE_HELP),
    language: ReportLanguage | None = typer.Option(None, help="语言。 Language."),
) -> None:
    """Write the report of the gaps run with these parameters."""
    from api import server
    from api.services import reports, running
    from api.services.caller import LOCAL_PLANNER
    from api.settings import load_settings
    from api.terminal import prefers_chinese

    settings = load_settings()
    wanted = language.value if language else "zh" if prefers_chinese() else "en"
    parameters = {"level": level.value, "standard_m": standard_m, "scope": scope}
    with (
        server.open_database(settings) as engine,
        progress("正在生成报告", "writing the report"),
    ):
        run = running.answer_now(engine, _question(parameters), LOCAL_PLANNER)
        with engine.begin() as connection:
            html = reports.write_run(connection, run, settings, wanted, LOCAL_PLANNER)
    with whole_file(output) as target:
        target.write(html.encode())
    say(f"已写入 {output}。", f"Written: {output}.")
