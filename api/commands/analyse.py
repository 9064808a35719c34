"""``wangge gaps``, ``locate``, ``check`` and ``report``: questions to the data."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from api.commands.files import whole_file
from api.terminal import both, out, print_json, print_table, progress, say, show

AREAS_SHOWN = 20
if TYPE_CHECKING:
    from api.services.analyses import Question

POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\s*")


class Level(StrEnum):
    """Levels of service centers."""

    county = "county"
    township = "township"
    village = "village"
    station = "station"


class ReportLanguage(StrEnum):
    """Languages of a report."""

    zh = "zh"
    en = "en"


LEVEL_HELP = "中心级别：该级及以上都算。 Centers of this level or higher count."
STANDARD_HELP = "服务标准(米)；缺省按规则。 Service standard in metres; the profile's if absent."
SCOPE_HELP = "区划代码。 Division code."


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        help="服务覆盖盲区：数据库，或文件进文件出。 Service gaps: of the database, or of files."
    )(gaps)
    app.command(help="地址或坐标在哪个网格。 Which grid is an address or a place in.")(locate)
    app.command(help="检查网格是否无缝不重叠。 Check grids for gaps and overlaps.")(check)
    app.command(help="写出盲区报告(单个 HTML 文件)。 Write the gaps report, one HTML file.")(report)


def gaps(
    households: Path | None = typer.Option(None, help="住户文件。 Households."),
    centers: Path | None = typer.Option(None, help="中心文件。 Service centers."),
    areas: Path | None = typer.Option(
        None, help="自然村或网格文件，盲区从中划出。 Land to draw gaps in: settlements or grids."
    ),
    level: Level = typer.Option(Level.village, help=LEVEL_HELP),
    standard_m: float | None = typer.Option(None, "--standard-m", min=1, help=STANDARD_HELP),
    crs: str | None = typer.Option(None, help="文件坐标系。 Coordinate system of the files."),
    scope: str | None = typer.Option(None, help=SCOPE_HELP),
    output: Path | None = typer.Option(
        None,
        "-o",
        "--output",
        help="GeoJSON 文件：盲区。 Gap areas as GeoJSON.",
    ),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON。 Print JSON."),
) -> None:
    """Find households beyond every center."""
    from api.services import filegaps

    if (households is None) != (centers is None):
        raise typer.BadParameter("--households, --centers")
    if households is not None and centers is not None:
        with progress("正在计算", "measuring"):
            result, layer = filegaps.measure_files(
                households, centers, areas, level=level.value, standard_m=standard_m, crs=crs
            )
    else:
        result, layer = _measure_database(
            {"level": level.value, "standard_m": standard_m, "scope": scope}
        )
    if output is not None:
        with whole_file(output) as target:
            target.write(layer.encode())
    if as_json:
        print_json(result)
    else:
        _show_gaps(result)
        if output is not None:
            say(f"已写入 {output}。", f"Written: {output}.")


def _measure_database(parameters: dict[str, Any]) -> tuple[dict[str, Any], str]:
    from api import server
    from api.services import running, runs
    from api.services.caller import LOCAL_PLANNER
    from api.settings import load_settings

    with server.open_database(load_settings()) as engine:
        with progress("正在计算", "measuring"):
            run = running.answer_now(engine, _question(parameters), LOCAL_PLANNER)
        with engine.begin() as connection:
            result = runs.fetch_result(connection, run, LOCAL_PLANNER)
            return result, runs.fetch_layer(connection, run, "areas", LOCAL_PLANNER)


def _question(parameters: dict[str, Any]) -> Question:
    from api.schemas_runs import ServiceParameters
    from api.services.analyses import Question

    return Question("service_gaps", ServiceParameters(**parameters).model_dump())


def _show_gaps(result: dict[str, Any]) -> None:
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
    if not result["areas"]:
        return
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
            (both("最远 m", "farthest m"), "right"),
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
            for area in result["areas"][:AREAS_SHOWN]
        ],
    )
    hidden = len(result["areas"]) - AREAS_SHOWN
    if hidden > 0:
        say(f"…… 另有 {hidden:,} 处。", f"… and {hidden:,} more.")


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
