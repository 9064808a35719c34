"""``wangge import``, ``export`` and ``sample``: files in and out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any

import typer

from api.commands.whole_file import whole_file
from api.terminal import (
    both,
    prefers_chinese,
    print_json,
    print_table,
    progress,
    say,
    say_problem,
    show,
)

SHOWN_PROBLEMS = 20
SHOWN_OF_A_KIND = 5


class Layer(StrEnum):
    """Layers that come in."""

    divisions = "divisions"
    villages = "villages"
    natural_villages = "natural_villages"
    grids = "grids"
    households = "households"
    centers = "centers"
    roads = "roads"
    barriers = "barriers"
    terrain = "terrain"
    aliases = "aliases"


class Exported(StrEnum):
    """Layers that go out."""

    divisions = "divisions"
    natural_villages = "natural_villages"
    grids = "grids"
    joint_villages = "joint_villages"
    households = "households"
    centers = "centers"
    roads = "roads"
    barriers = "barriers"
    terrain = "terrain"


class Mode(Enum):
    """What an import does with rows the file lacks."""

    upsert = "upsert"
    replace = "replace"


class Format(StrEnum):
    """Formats of an export."""

    geojson = "geojson"
    geojsonl = "geojsonl"
    csv = "csv"
    xlsx = "xlsx"
    tif = "tif"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        "import",
        help="导入文件：先报告，确认后才保存。 Bring in a file: a report first, then stored.",
    )(import_file)
    app.command("export", help="导出图层。 Write a layer to a file.")(export_layer)
    sample = typer.Typer(no_args_is_help=True, help="示例县。 The sample county.")
    sample.callback()(_sample)
    sample.command("write", help="把示例县写成文件。 Write the sample county as files.")(
        write_sample
    )
    app.add_typer(sample, name="sample")


def _sample() -> None:
    """Keep ``write`` a word of its own although it is the only one."""


def parse_pairs(pairs: list[str]) -> dict[str, str]:
    """Return field → column of ``field=column`` words.

    Examples
    --------
    >>> parse_pairs(["residents=total_pop"])
    {'residents': 'total_pop'}
    """
    mapping = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not (name and equals and column):
            raise typer.BadParameter(f"{pair!r}: field=column")
        mapping[name.strip()] = column.strip()
    return mapping


def import_file(
    layer: Layer = typer.Argument(help="图层。 Layer the rows belong to."),
    file: Path = typer.Argument(
        help="GeoJSON、GeoPackage、CSV 等文件；高程为 GeoTIFF。 The file; GeoTIFF of terrain."
    ),
    crs: str | None = typer.Option(
        None, help="坐标系，如 EPSG:4547、GCJ02。 Coordinate system, if not in the file."
    ),
    pairs: list[str] = typer.Option(
        [], "--map", metavar="FIELD=COLUMN", help="字段对应的列，可重复。 Column of a field."
    ),
    encoding: str | None = typer.Option(None, help="文字编码，如 gb18030。 Text encoding."),
    source_layer: str | None = typer.Option(
        None, "--layer", help="文件中的图层名。 Layer in the file, if it has several."
    ),
    cell_m: float | None = typer.Option(
        None, min=1, max=1000, help="高程格网边长(米)。 Side of the cells of terrain, metres."
    ),
    mode: Mode = typer.Option(
        Mode.upsert, help="replace：文件中没有的将停用。 replace closes what the file lacks."
    ),
    yes: bool = typer.Option(
        False,
        "--yes",
        "-y",
        help="不询问，直接导入；没有终端时，图层已有内容才必须给出。 "
        "Do not ask; without a terminal needed only where the layer holds something.",
    ),
    skip_bad_rows: bool = typer.Option(
        False, "--skip-bad-rows", help="跳过有错误的行。 Leave out rows with errors."
    ),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON。 Print JSON."),
) -> None:
    """Report, ask, store."""
    from api import server
    from api.services import imports, waiting
    from api.services.caller import LOCAL_PLANNER
    from api.settings import load_settings

    settings = load_settings()
    folder = settings.home / "imports"
    options = imports.Options(
        layer=layer.value,
        crs=crs,
        mapping=parse_pairs(pairs),
        encoding=encoding,
        source_layer=source_layer,
        mode=mode.value,
        max_bytes=settings.max_upload_mb * 1_000_000,
        cell_m=cell_m,
    )
    with server.open_database(settings) as engine:
        with progress("正在读取并检查", "reading and checking"), engine.begin() as connection:
            report = imports.report_file(
                connection,
                file,
                options,
                folder=folder,
                caller=LOCAL_PLANNER,
                now=datetime.now(UTC),
            )
        try:
            counts = _confirm_and_store(
                engine,
                report,
                folder,
                replace=mode is Mode.replace,
                yes=yes,
                skip_bad_rows=skip_bad_rows,
                as_json=as_json,
            )
        finally:
            waiting.forget(folder, report["id"])  # whatever came: nobody can take it up again
    if as_json:
        print_json({"report": report, "commit": counts})
        return
    say(
        f"已导入：新增 {counts['added']:,}，修改 {counts['changed']:,}，"
        f"未变 {counts['unchanged']:,}，停用 {counts['closed']:,}。",
        f"Stored: {counts['added']:,} added, {counts['changed']:,} changed, "
        f"{counts['unchanged']:,} unchanged, {counts['closed']:,} closed.",
    )


def _confirm_and_store(
    engine: Any,  # noqa: ANN401
    report: dict[str, Any],
    folder: Path,
    *,
    replace: bool,
    yes: bool,
    skip_bad_rows: bool,
    as_json: bool,
) -> dict[str, Any]:
    from api.services import imports
    from api.services.caller import LOCAL_PLANNER

    if not as_json:
        _show_report(report)
    if not _confirmed(
        report,
        replace=replace,
        yes=yes or (not as_json and _is_first(engine, report["layer"])),
        skip_bad_rows=skip_bad_rows,
        as_json=as_json,
    ):
        with engine.begin() as connection:
            imports.discard(connection, report["id"], now=datetime.now(UTC))
        if as_json:
            print_json({"report": report, "commit": None})
        raise typer.Exit(0 if as_json and not yes and report["can_commit"] else 1)
    with progress("正在保存", "storing"), engine.begin() as connection:
        return imports.commit(
            connection,
            report["id"],
            folder=folder,
            skip_bad_rows=skip_bad_rows,
            caller=LOCAL_PLANNER,
            now=datetime.now(UTC),
        )


def _is_first(engine: Any, layer: str) -> bool:  # noqa: ANN401
    """Whether nobody is there to be asked, and nothing to be lost: the layer is empty."""
    from data import workspace

    if sys.stdin.isatty():
        return False
    with engine.begin() as connection:
        counts = workspace.fetch_counts(connection)
    divisions = ("counties", "townships", "villages")
    held = divisions if layer in ("divisions", "villages") else (layer,)
    return all(counts.get(name) == 0 for name in held)


def _confirmed(
    report: dict[str, Any], *, replace: bool, yes: bool, skip_bad_rows: bool, as_json: bool
) -> bool:
    from geo.problems import Problem

    bad = report["rows"] - report["good_rows"] - report["left_out"]
    refusal = None
    if not report["good_rows"]:
        refusal = Problem("import_empty")
    elif replace and not report["can_commit"]:
        refusal = Problem("replace_needs_all_rows", {"count": bad})
    elif not (report["can_commit"] or skip_bad_rows):
        refusal = Problem("import_has_errors", {"count": bad})
    if refusal is not None:
        if not as_json:
            say_problem(refusal)
            if refusal.key == "import_has_errors":
                say("可用 --skip-bad-rows 跳过。", "--skip-bad-rows leaves them out.")
        return False
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        if not as_json:
            say("没有导入；加 --yes 即可导入。", "Nothing was stored; add --yes to store it.")
        return False
    if typer.confirm(both("导入这些行？", "Store these rows?"), err=True):
        return True
    say_problem(Problem("import_declined"))
    return False


def _show_report(report: dict[str, Any]) -> None:
    mapping = ", ".join(f"{name} ← {column}" for name, column in report["mapping"].items())
    say(
        f"{report['filename']}：{report['rows']:,} 行，可导入 {report['good_rows']:,} 行，"
        f"坐标系 {report['crs'] or '—'}。",
        f"{report['filename']}: {report['rows']:,} rows, {report['good_rows']:,} can be stored, "
        f"coordinate system {report['crs'] or '—'}.",
    )
    show(mapping)
    if report["dropped_columns"]:
        names = ", ".join(report["dropped_columns"])
        say(f"已丢弃个人信息列：{names}。", f"Personal columns dropped: {names}.")
    if report["by_key"]:
        print_table(
            both("问题", "problems"),
            [("", "left"), ("", "right"), ("", "left")],
            [
                (line["severity"], line["count"], both(line["message_zh"], line["message"]))
                for line in report["by_key"]
            ],
        )
    shown = _some_of_each(report["problems"])
    for problem in shown:
        number = problem["row"]
        row = "" if number is None else both(f"第 {number} 行", f"row {number}") + ": "
        show(f"  {row}{both(problem['message_zh'], problem['message'])}")
    hidden = sum(report["counts"].values()) - len(shown)
    if hidden > 0:
        say(f"  …… 另有 {hidden:,} 个。", f"  … and {hidden:,} more.")


def _some_of_each(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first problems, so many of a kind that the other kinds are seen too."""
    counted: Counter[str] = Counter()
    shown = []
    for problem in problems:
        counted[problem["key"]] += 1
        if counted[problem["key"]] <= SHOWN_OF_A_KIND:
            shown.append(problem)
    return shown[:SHOWN_PROBLEMS]


def export_layer(
    layer: Exported = typer.Argument(help="图层。 Layer to write."),
    output: Path | None = typer.Option(
        None, "-o", "--output", help="文件；缺省写到标准输出。 File; standard output if absent."
    ),
    format: Format | None = typer.Option(None, help="格式，缺省按文件名。 By the file's name."),
    scope: str | None = typer.Option(None, help="区划代码。 Division code."),
) -> None:
    """Write a layer from one snapshot."""
    from api import server
    from api.database import Database
    from api.services import exports
    from api.services.caller import LOCAL_PLANNER
    from api.settings import load_settings

    raster = layer is Exported.terrain
    kind = format.value if format else "tif" if raster else _format_of(output)
    if raster != (kind == Format.tif.value):
        raise typer.BadParameter(
            both("terrain 只能导出为 tif，其他图层不能。", "tif is for terrain, and for it alone."),
            param_hint="--format",
        )
    narrowed = LOCAL_PLANNER.narrow(scope)
    settings = load_settings()
    with server.open_database(settings) as engine, Database(engine).read() as connection:
        chunks: Iterable[bytes]
        if raster:
            chunks = [exports.fetch_terrain(connection, scope=narrowed)[1]]
        else:
            language = "zh" if prefers_chinese() else "en"
            _, chunks = exports.stream(
                connection,
                layer.value,
                kind,
                scope=narrowed,
                settings=settings,
                language=language,
            )
        if output is None:
            for chunk in chunks:
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            return
        with progress("正在导出", "exporting"), whole_file(output) as target:
            for chunk in chunks:
                target.write(chunk)
    say(f"已写入 {output}。", f"Written: {output}.")


def _format_of(output: Path | None) -> str:
    suffix = output.suffix[1:].lower() if output else "geojson"
    return suffix if suffix in set(Format) - {Format.tif} else "geojson"


def write_sample(
    folder: Path = typer.Argument(help="文件夹。 Folder to write into."),
    seed: int = typer.Option(500229, help="随机种子。 Seed."),
) -> None:
    """Write the sample county's files."""
    from api.services import samples

    with progress("正在生成示例县", "making the sample county"):
        files = samples.write_files(folder, seed)
    for layer, path in files.items():
        typer.echo(f"{layer}\t{path}")
