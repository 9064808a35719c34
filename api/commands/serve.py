"""``wangge serve``, ``db`` and ``migrate``: the service and its database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import typer

from api.stopping import stop_services
from api.terminal import both, print_json, print_table, say

PORT_HELP = "端口；0 为任意空闲端口。 Port; 0 takes any free one."


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(help="启动服务与网页地图。 Serve the web map and the API.")(serve)
    app.command(help="把数据库升级到本版本。 Bring the database to this version.")(migrate)
    database = typer.Typer(no_args_is_help=True, help="自带的数据库。 The private database.")
    database.command(help="启动并保持运行。 Start it, to stay.")(start)
    database.command(help="停止。 Stop it.")(stop)
    database.command(help="查看状态。 Show how it is.")(status)
    app.add_typer(database, name="db")


def serve(
    port: int | None = typer.Option(None, min=0, max=65535, help=PORT_HELP),
    host: str | None = typer.Option(None, help="监听地址(本机)。 Address, of this machine."),
) -> None:
    """Serve until stopped."""
    from api import server
    from api.settings import load_settings

    settings = load_settings(host=host, port=port)
    with stop_services():
        # the port first: a taken one is said before a database is started for nothing
        bound, moved = server.bind_socket(settings.host, wanted_port(settings))
        with bound, server.open_database(settings) as engine:
            prepare(engine)
            tidy(engine, settings)
            address = server.address_of(bound)
            announce(address.url, moved=moved)
            if settings.other_systems:
                announce_systems(settings, address.port)
            server.run_server(server.make_server(settings, engine), bound)


def wanted_port(settings: Any) -> int | None:  # noqa: ANN401
    """Return the port that was asked for, None when nothing was said."""
    port: int = settings.port
    return port if "port" in settings.model_fields_set else None


def prepare(engine: Any) -> None:  # noqa: ANN401
    """Put in what every database needs: the shipped profiles."""
    from api.services.workspace import seed

    with engine.begin() as connection:
        seed(connection)


def tidy(engine: Any, settings: Any) -> None:  # noqa: ANN401
    """Discard the imports of earlier days that nobody committed, with their files."""
    from api.services.waiting import discard_abandoned

    discard_abandoned(engine, settings.home / "imports", now=datetime.now(UTC))


def announce(url: str, *, moved: bool) -> None:
    """Say where the map is and how to stop."""
    from api.settings import DEFAULT_PORT

    if moved:
        say(
            f"端口 {DEFAULT_PORT} 已被占用，改用下一个空闲端口。",
            f"Port {DEFAULT_PORT} is taken; using the next free one.",
        )
    say(f"地图：{url}", f"Map: {url}")
    say("按 Ctrl+C 停止。", "Stop with Ctrl+C.")


def announce_systems(settings: Any, port: int) -> None:  # noqa: ANN401
    """Say where other systems ask."""
    from api.settings import is_loopback

    names = [name for name in settings.allowed_hosts if not is_loopback(name)]
    shown = " ".join(f"http://{f'[{n}]' if ':' in n else n}:{port}/api/" for n in names)
    say(f"其他系统凭接口密钥查询：{shown}", f"Other systems look up with an API key: {shown}")


def migrate() -> None:
    """Bring the schema up to date."""
    from api import server
    from api.settings import load_settings

    with server.open_database(load_settings(), migrate=False) as engine:
        changed = server.bring_up_to_date(engine)
        prepare(engine)
    if changed:
        say("数据库已升级。", "The database has been brought up to date.")
    else:
        say("数据库已是最新。", "The database is up to date.")


def _cluster() -> Any:  # noqa: ANN401
    from api.settings import load_settings
    from data.cluster import Cluster

    return Cluster(load_settings().home)


def start() -> None:
    """Start the private cluster."""
    url = _cluster().start()
    say("数据库已启动。", "The database is running.")
    typer.echo(url)


def stop(
    force: bool = typer.Option(False, "--force", help="即使正在使用。 Even while it is in use."),
) -> None:
    """Stop the private cluster."""
    if _cluster().stop(force=force):
        say("数据库已停止。", "The database has been stopped.")
    else:
        say("数据库本来就没有运行。", "The database was not running.")


def status(
    as_json: bool = typer.Option(False, "--json", help="输出 JSON。 Print JSON."),
) -> None:
    """Show the private cluster."""
    found = _cluster().status()
    values = {
        "exists": found.exists,
        "running": found.running,
        "in_use": found.in_use,
        "kept": found.kept,
        "pid": found.pid,
        "postgresql": found.major,
        "data_folder": str(found.data_folder),
        "log": str(found.log),
        "url": found.url,
    }
    if as_json:
        print_json(values)
        return
    words = {True: both("是", "yes"), False: both("否", "no")}
    rows = [(name, words.get(v, v) if isinstance(v, bool) else v) for name, v in values.items()]
    rows = [(name, str(value) if name in ("pid", "postgresql") else value) for name, value in rows]
    print_table(both("数据库", "database"), [("", "left"), ("", "left")], rows)
