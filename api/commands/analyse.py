"""``wangge locate``, ``check`` and ``report``: questions to the data."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from api.commands.files import whole_file
from api.commands.service_options import LEVEL_HELP, SCOPE_HELP, STANDARD_HELP, Level
from api.terminal import both, print_json, print_table, progress, say

if TYPE_CHECKING:
    from api.services.analyses import Question

POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\s*")


class ReportLanguage(StrEnum):
    """Languages of a report."""

    zh = "zh"
    en = "en"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(help="地址或坐标在哪个网格。 Which grid is an address or a place in.")(locate)
    app.command(help="检查网格是否无缝不重叠。 Check grids for gaps and overlaps.")(check)
    app.command(help="写出盲区报告(单个 HTML 文件)。 Write the gaps report, one HTML file.")(report)


def _question(parameters: dict[str, Any]) -> Question:
    from api.schemas_runs import ServiceParameters
    from api.services.analyses import Question

    return Question("service_gaps", ServiceParameters(**parameters).model_dump())


def locate(
    place: str = typer.Argument(help="地址，或 经度,纬度。 An address, or lon,lat."),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON。 Print JSON."),
) -> None:
    """Find the grid of an address or of a place."""
    from api import server
    from api.database import Database
    from api.services import addresses, lookup
    from api.services.caller import LOCAL_PLANNER
    from api.settings import load_settings

    point = POINT.fullmatch(place)
    with server.open_database(load_settings()) as engine, Database(engine).read() as connection:
        if point:
            lon, lat = lookup.check_points([[float(v) for v in point.groups()]])[0]
            found = lookup.find_grid(connection, float(lon), float(lat), LOCAL_PLANNER)
        else:
            found = addresses.search(connection, place, LOCAL_PLANNER, limit=10)
    if as_json:
        print_json(found)
    elif point:
        _show_place(found)
    else:
        _show_address(found)
    known = found["grid"] is not None or found.get("status") in ("ok", "ambiguous")
    raise typer.Exit(0 if known else 1)


def _show_place(found: dict[str, Any]) -> None:
    if found["grid"] is None:
        say("这里不在任何网格内。", "This place is in no grid.")
        return
    rows = [
        (both(zh, en), found[key]["code"], found[key]["name"])
        for key, zh, en in (
            ("grid", "网格", "grid"),
            ("village", "村", "village"),
            ("township", "乡镇", "township"),
        )
        if found[key]
    ]
    print_table("", [("", "left"), (both("编码", "code"), "left"), ("", "left")], rows)


def _show_address(found: dict[str, Any]) -> None:
    if found["status"] == "none":
        say("没有找到这个地址。", "This address was not found.")
        return
    if found["status"] == "ambiguous":
        say("不止一处符合：", "More than one place fits:")
    rows = [
        (c["matched_address"], (c["grid"] or {}).get("code"), (c["grid"] or {}).get("name"))
        for c in found["candidates"]
    ]
    headings = [(both("地址", "address"), "left"), (both("网格", "grid"), "left"), ("", "left")]
    print_table("", headings, rows)


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
