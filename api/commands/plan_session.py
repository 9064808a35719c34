"""How ``wangge plan`` reaches a plan: by id or name, one transaction a command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import typer

ID_HELP = "方案编号、编号开头或名称。 Id of the plan, its beginning, or its name."
JSON_HELP = "输出 JSON。 Print JSON."
Plan = typer.Argument(metavar="ID", help=ID_HELP)
AsJson = typer.Option(False, "--json", help=JSON_HELP)


@contextmanager
def planning() -> Iterator[Any]:
    """Open the database for the planner at this machine."""
    from api import server
    from api.database import Database
    from api.settings import load_settings

    with server.open_database(load_settings()) as engine:
        yield Database(engine)


def act(name: str, work: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """Do one thing to the plan called ``name``, in one transaction."""
    from api.services.caller import LOCAL_PLANNER
    from api.services.plans import opening

    with planning() as database, database.write() as connection:
        plan = opening.find_plan(connection, name, LOCAL_PLANNER)
        return work(
            connection,
            plan["id"],
            caller=LOCAL_PLANNER,
            seen=plan["revision"],
            now=datetime.now(UTC),
        )


def ask(name: str, question: Callable[..., Any]) -> Any:  # noqa: ANN401
    """Ask one thing about the plan called ``name``, on one snapshot."""
    from api.services.caller import LOCAL_PLANNER
    from api.services.plans import opening

    with planning() as database, database.read() as connection:
        plan = opening.find_plan(connection, name, LOCAL_PLANNER)
        return question(connection, plan["id"], caller=LOCAL_PLANNER)
