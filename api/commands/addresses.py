"""``wangge addresses``: the addresses of the register."""

from __future__ import annotations

from pathlib import Path

import typer

from api.terminal import both, print_json, print_table, progress, say

SHOWN_ROWS = 20


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(no_args_is_help=True, help="登记的地址。 The addresses of the register.")
    group.callback()(_addresses)
    group.command("unread", help="列出读不出来的地址。 List addresses that cannot be read.")(
        list_unread
    )
    app.add_typer(group, name="addresses")


def _addresses() -> None:
    """Keep ``unread`` a word of its own although it is the only one."""


def list_unread(
    output: Path | None = typer.Option(
        None, "-o", "--output", help="CSV 文件，含全部行。 CSV file with every row."
    ),
    scope: str | None = typer.Option(None, help="区划代码。 Division code."),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON。 Print JSON."),
) -> None:
    """List the households whose address could not be read, with the reasons."""
    from api import server
    from api.commands.whole_file import whole_file
    from api.database import Database
    from api.services import unread_addresses
    from api.services.caller import LOCAL_PLANNER
    from api.settings import load_settings

    with (
        server.open_database(load_settings()) as engine,
        Database(engine).read() as connection,
        progress("正在读取", "reading"),
    ):
        limit = None if as_json else SHOWN_ROWS
        found = unread_addresses.list_unread(connection, LOCAL_PLANNER, scope=scope, limit=limit)
        if output is not None:
            with whole_file(output) as target:
                target.write(unread_addresses.write_unread(connection, LOCAL_PLANNER, scope=scope))
    if as_json:
        print_json(found)
        return
    if found["faults"]:
        print_table(
            both("原因", "reasons"),
            [("", "right"), ("", "left")],
            [(f["count"], both(f["message_zh"], f["message"])) for f in found["faults"]],
        )
        print_table(
            both("住户", "households"),
            [(both("户编号", "id"), "left"), (both("村", "village"), "left"), ("", "left")],
            [(r["code"], r["village_code"] or "", r["address"]) for r in found["rows"]],
        )
    total = found["total"]
    say(f"读不出来的地址 {total:,} 个。", f"{total:,} addresses cannot be read.")
    if output is not None:
        say(f"已写入 {output}。", f"Written: {output}.")
