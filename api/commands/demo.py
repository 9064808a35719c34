"""``wangge demo``: the sample county on a map, from nothing, in one command."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import typer

from api.commands.serve import PORT_HELP, announce, prepare, tidy, wanted_port
from api.stopping import stop_services
from api.terminal import print_json, progress, say


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(help="载入示例县并启动网页地图。 Load the sample county and serve the map.")(demo)


def demo(
    once: bool = typer.Option(
        False,
        "--once",
        help="自检一遍后停止，输出一行 JSON。 Check everything once, print one line of JSON, stop.",
    ),
    port: int | None = typer.Option(None, min=0, max=65535, help=PORT_HELP),
) -> None:
    """Load the sample when nothing is there, and serve."""
    from api import server
    from api.settings import load_settings

    began = time.monotonic()
    settings = load_settings(port=0 if once and port is None else port)
    with stop_services():
        bound, moved = server.bind_socket(settings.host, wanted_port(settings))
        with bound, server.open_database(settings) as engine:
            prepare(engine)
            tidy(engine, settings)
            load_sample(engine, settings)
            if once:
                _check_once(settings, engine, bound, began)
                return
            announce(server.address_of(bound).url, moved=moved)
            server.run_server(server.make_server(settings, engine), bound)


def _check_once(settings: Any, engine: Any, bound: Any, began: float) -> None:  # noqa: ANN401
    from api import server
    from api.commands.selfcheck import check_service

    with server.running_server(settings, engine, bound) as address:
        counts = check_service(address.url)
    print_json({"ok": True, **counts, "seconds": round(time.monotonic() - began, 1)})


def load_sample(engine: Any, settings: Any) -> None:  # noqa: ANN401
    """Write the sample's files and bring them in like any user's, unless there is data.

    Two demos on one home load it once: the second waits for the first.
    """
    from api.services import samples

    with engine.begin() as connection:
        samples.wait_for_turn(connection)
        if not samples.is_empty(connection):
            return
        began = time.monotonic()
        with progress("正在生成示例县", "making the sample county"):
            files = samples.write_files(settings.home / "sample")
        now = datetime.now(UTC)
        for layer, path in files.items():
            with progress(f"正在导入 {layer}", f"importing {layer}"):
                counts = samples.bring_in(connection, layer, path, settings=settings, now=now)
            say(f"已导入 {layer}：{counts['added']:,}", f"imported {layer}: {counts['added']:,}")
        with progress("正在计算网格指标", "measuring the grids"):
            samples.finish(connection, settings.home / "sample")
        seconds = time.monotonic() - began
        say(f"示例县已就绪({seconds:.1f} 秒)。", f"The sample county is ready ({seconds:.1f} s).")
