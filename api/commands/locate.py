"""``wangge locate``: which grid is an address, a place, or every row of a table in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.whole_file import whole_file
from api.terminal import both, print_json, print_table, say, steps

if TYPE_CHECKING:
    from api.services.addresses import Finder

POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\s*")
_SLICE = 500
_MOST_ROWS = 5_000_000


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        help="地址、坐标或整张表在哪个网格。 Which grid is an address, a place or a table in."
    )(locate)


def locate(
    place: Annotated[
        str | None, typer.Argument(help="地址，或 经度,纬度。 An address, or lon,lat.")
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", help="地址表(CSV、XLSX)。 A table of addresses (CSV, XLSX)."),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option("--column", help="地址列；缺省按列名找。 Column of addresses; else by name."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="结果表(CSV、XLSX)。 The answered table."),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", help="按某日的网格，如 2026-03-01。 By the grids of a day."),
    ] = None,
    plan: Annotated[
        str | None,
        typer.Option("--plan", help="方案：按其草案网格。 A plan: by the grids of its draft."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """Find the grid of an address, of a place, or of every row of a table.

    A table that was broken off goes on where it was when the command is given again.
    """
    from api import server
    from api.database import Database
    from api.dependencies import parse_moment
    from api.services.address_index import AddressIndexes
    from api.services.addresses import Finder
    from api.services.caller import LOCAL_PLANNER
    from api.services.lines import open_lines
    from api.services.lookup import LookupIndexes
    from api.services.plans import opening
    from api.settings import load_settings
    from data.lines import Lines

    if (place is None) == (batch is None) or (batch is not None and output is None):
        raise typer.BadParameter(
            "给出一个地址，或 --batch 和 -o。 Give an address, or --batch and -o."
        )
    moment = parse_moment(date, "--date")
    settings = load_settings()
    with server.open_database(settings) as engine, Database(engine).read() as connection:
        asked = Lines(moment)
        if plan is not None:
            asked = Lines(moment, opening.find_plan(connection, plan, LOCAL_PLANNER)["id"])
        lines = open_lines(connection, asked, LOCAL_PLANNER)
        finder = Finder(connection, AddressIndexes(LookupIndexes()), LOCAL_PLANNER, lines)
        if batch is not None and output is not None:
            _answer_table(finder, batch, column, output, settings.max_upload_mb * 1_000_000)
            return
        found = _answer_one(finder, place or "", connection, lines)
    if as_json:
        print_json(found)
    elif "status" in found:
        _show_address(found)
    else:
        _show_place(found)
    known = found["grid"] is not None or found.get("status") in ("ok", "ambiguous")
    raise typer.Exit(0 if known else 1)


def _answer_one(finder: Finder, place: str, connection: Any, lines: Any) -> dict[str, Any]:  # noqa: ANN401
    from api.services import lookup
    from api.services.caller import LOCAL_PLANNER

    point = POINT.fullmatch(place)
    if point is None:
        return finder.search(place, limit=10)
    lon, lat = lookup.check_points([[float(v) for v in point.groups()]])[0]
    return lookup.find_grid(connection, float(lon), float(lat), LOCAL_PLANNER, lines)


def _answer_table(
    finder: Finder, path: Path, column: str | None, output: Path, max_bytes: int
) -> None:
    """Answer a table slice by slice, in a folder beside the output that a broken run leaves."""
    from uuid import NAMESPACE_URL, uuid5

    from api.refusals import NotFound
    from api.services import address_batches

    waits = output.with_name(f".{output.name}.part")
    stamp = path.stat()
    asked = f"{path.resolve()} {stamp.st_size} {stamp.st_mtime_ns} {column} {finder.version}"
    identity = uuid5(NAMESPACE_URL, asked)
    try:
        state = address_batches.show(waits, identity)
    except NotFound:
        state = address_batches.begin(
            waits,
            identity,
            path,
            column=column,
            max_bytes=max_bytes,
            now=datetime.now(UTC),
            most_rows=_MOST_ROWS,
        )
    with steps("正在查询", "looking up", state["row_count"]) as advance:
        advance(state["done"])
        while state["done"] < state["row_count"]:
            state = address_batches.go_on(waits, identity, finder, rows=_SLICE)
            advance(state["done"])
    suffix = ".xlsx" if output.suffix.lower() == ".xlsx" else ".csv"
    _, content = address_batches.finish(waits, identity, suffix)
    with whole_file(output) as target:
        target.write(content)
    address_batches.forget(waits, identity)
    if not any(waits.iterdir()):
        waits.rmdir()
    counts = state["counts"]
    said = tuple(counts.get(status, 0) for status in ("ok", "ambiguous", "none"))
    say(
        "{} 行：找到 {}，待选 {}，未找到 {}。已写入 {}。".format(state["row_count"], *said, output),
        "{} rows: {} found, {} to choose, {} not found. Written: {}.".format(
            state["row_count"], *said, output
        ),
    )


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
    say(found["message_zh"], found["message"])
    for fault in found["faults"]:
        say("  " + fault["message_zh"], "  " + fault["message"])
    if found["status"] == "none":
        return
    rows = [
        (c["matched_address"], (c["grid"] or {}).get("code"), (c["grid"] or {}).get("name"))
        for c in found["candidates"]
    ]
    headings = [(both("地址", "address"), "left"), (both("网格", "grid"), "left"), ("", "left")]
    print_table("", headings, rows)
