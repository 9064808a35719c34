"""``wangge keys``: the keys by which other systems may look up addresses."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from api.terminal import both, print_json, print_table, say

if TYPE_CHECKING:
    from api.database import Database
    from api.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        no_args_is_help=True,
        help="其他系统查询地址用的接口密钥。 API keys by which other systems look up addresses.",
    )
    group.command("add", help="新建密钥，只显示一次。 Make a key; it is shown once.")(add)
    group.command("list", help="列出密钥。 List the keys.")(list_all)
    group.command("revoke", help="停用密钥。 Revoke a key.")(revoke)
    app.add_typer(group, name="keys")


@contextmanager
def _opened() -> Iterator[tuple[Database, Settings]]:
    from api import server
    from api.database import Database
    from api.settings import load_settings

    settings = load_settings()
    with server.open_database(settings) as engine:
        yield Database(engine), settings


def add(
    name: str = typer.Argument(help="名称，如使用它的系统。 Name, of the system that uses it."),
) -> None:
    """Make a key: the key alone goes to standard output, once; only its hash is stored."""
    from api.services import api_keys
    from api.services.caller import LOCAL_PLANNER

    key = api_keys.PREFIX + secrets.token_urlsafe()
    with _opened() as (database, settings):
        with database.write() as connection:
            api_keys.add_key(connection, name, key, caller=LOCAL_PLANNER, now=datetime.now(UTC))
        say(
            f"{name} 的接口密钥，只显示这一次，请妥善保存：",
            f"The API key of {name}. It is shown this once; keep it safe:",
        )
        typer.echo(key)
        if not settings.other_systems:
            say(
                "设置 WANGGE_OTHER_SYSTEMS=true 并重新启动服务后，其他系统才能查询。",
                "Other systems are answered once the service is started with "
                "WANGGE_OTHER_SYSTEMS=true.",
            )


def list_all(
    as_json: bool = typer.Option(False, "--json", help="输出 JSON。 Print JSON."),
) -> None:
    """List the keys by name; what they are is nowhere."""
    from api.services import api_keys
    from api.settings import COUNTY_TIME

    with _opened() as (database, _), database.read() as connection:
        found = api_keys.list_keys(connection)
    if as_json:
        print_json(found)
        return
    headings = [
        (both("名称", "name"), "left"),
        (both("建立", "made"), "left"),
        (both("最近使用", "last used"), "left"),
        (both("停用", "revoked"), "left"),
    ]
    rows = [
        (
            key["name"],
            key["created_at"].astimezone(COUNTY_TIME).date(),
            key["last_used_on"],
            key["revoked_at"] and key["revoked_at"].astimezone(COUNTY_TIME).date(),
        )
        for key in found
    ]
    print_table(both("接口密钥", "API keys"), headings, rows)


def revoke(name: str = typer.Argument(help="名称。 Name of the key.")) -> None:
    """Revoke a key for good; its name is free again."""
    from api.services import api_keys
    from api.services.caller import LOCAL_PLANNER

    with _opened() as (database, _), database.write() as connection:
        api_keys.revoke_key(connection, name, caller=LOCAL_PLANNER, now=datetime.now(UTC))
    say(
        f"密钥 {name} 已停用；正在运行的服务 {api_keys.HELD_S:g} 秒内不再接受它。",
        f"The key {name} is revoked; running services refuse it within {api_keys.HELD_S:g} s.",
    )
