"""``wangge plan``: making, editing, comparing and publishing plans; a plan can be scripted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import typer

from api.commands import plan_edits, plan_results
from api.commands import plan_tables as tables
from api.commands.joint_tables import show_joint
from api.commands.plan_session import AsJson, Plan, act, ask, planning
from api.commands.whole_file import whole_file
from api.terminal import print_json, progress, say


class State(Enum):
    """States of a plan."""

    draft = "draft"
    submitted = "submitted"
    published = "published"
    withdrawn = "withdrawn"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        no_args_is_help=True,
        help="方案：起草、比较、发布网格线。 Plans: draft, compare and publish lines.",
    )
    for name, command, about in (
        ("create", create, "新建方案。 Make a plan."),
        ("list", list_plans, "方案一览。 List the plans."),
        ("show", show, "一个方案及其修改记录。 A plan and its log."),
        ("edit", plan_edits.edit, "执行修改，每行一个 JSON。 Apply edits, one JSON a line."),
        ("undo", plan_edits.undo, "撤销。 Undo edits."),
        ("redo", plan_edits.redo, "重做。 Redo edits."),
        (
            "problems",
            plan_results.problems,
            "问题清单，有错误时退出码为 1。 Problems; exit code 1.",
        ),
        (
            "diff",
            plan_results.diff,
            "与现行网格或另一方案比较。 Compare it with the lines.",
        ),
        ("submit", submit, "提交。 Submit a draft."),
        (
            "publish",
            plan_results.publish,
            "发布，成为现行网格。 Make it the lines in force.",
        ),
        ("withdraw", withdraw, "撤回。 Withdraw a plan."),
        ("reopen", reopen, "退回草案。 Make it a draft again."),
        ("rebase", plan_results.rebase, "在现行网格上重放。 Replay it on the lines in force."),
        ("copy", copy, "复制为新的草案。 Copy it into a new draft."),
        ("comments", comments, "评论一览。 List the comments."),
        ("export", export, "把方案写成一个文件。 Write a plan to one file."),
        ("import", import_plan, "从文件读入方案。 Bring in a plan from a file."),
    ):
        group.command(name, help=about)(command)
    app.add_typer(group, name="plan")


def create(
    name: str = typer.Argument(help="名称。 Name of the plan."),
    scope: str = typer.Argument(help="区划代码(6、9、12 位)。 Division code it may change."),
    network: str | None = typer.Option(None, help="网络。 Network of grids."),
    as_json: bool = AsJson,
) -> None:
    """Make a draft."""
    from api.services.caller import LOCAL_PLANNER
    from api.services.plans import life

    with planning() as database, database.write() as connection:
        plan = life.create(
            connection,
            name=name,
            scope=scope,
            network=network,
            caller=LOCAL_PLANNER,
            now=datetime.now(UTC),
        )
    if as_json:
        print_json(plan)
        return
    tables.show_plan(plan)


def list_plans(
    state: State | None = typer.Option(None, help="只列一种状态。 One state."),
    scope: str | None = typer.Option(None, help="区划代码。 Division code."),
    as_json: bool = AsJson,
) -> None:
    """Show every plan."""
    from api.services.caller import LOCAL_PLANNER
    from api.services.plans import life

    with planning() as database, database.read() as connection:
        page = life.list_page(
            connection,
            state=state.value if state else None,
            scope=LOCAL_PLANNER.narrow(scope),
            offset=0,
            limit=1_000,
        )
    if as_json:
        print_json(page)
        return
    tables.show_plans(page)


def show(name: str = Plan, as_json: bool = AsJson) -> None:
    """Show a plan and its log."""
    from api.services.plans import difference, history, life

    plan = ask(name, life.show)
    log = ask(plan["id"], history.show_log)
    joint = ask(plan["id"], difference.show_joint)
    if as_json:
        print_json({**plan, "joint_villages": joint, "log": log["edits"]})
        return
    tables.show_plan(plan)
    if joint:
        show_joint([("", one) for one in joint])
    tables.show_log(log["edits"])


def submit(name: str = Plan) -> None:
    """Submit a draft."""
    from api.services.plans import life

    tables.show_plan(act(name, life.submit))


def withdraw(name: str = Plan) -> None:
    """Withdraw a plan."""
    from api.services.plans import life

    tables.show_plan(act(name, life.withdraw))


def reopen(name: str = Plan) -> None:
    """Make a submitted or withdrawn plan a draft again."""
    from api.services.plans import life

    tables.show_plan(act(name, life.reopen))


def copy(
    name: str = Plan,
    new_name: str = typer.Argument(metavar="NAME", help="新方案的名称。 Name of the copy."),
) -> None:
    """Make a new draft of it."""
    from api.services.plans import life

    def work(connection: Any, identity: Any, *, caller: Any, seen: int, now: Any) -> Any:  # noqa: ANN401
        return life.copy(connection, identity, name=new_name, caller=caller, now=now)

    tables.show_plan(act(name, work))


def comments(name: str = Plan, as_json: bool = AsJson) -> None:
    """Show the comments."""
    from api.services.plans import comments as places

    found = ask(name, places.show)
    if as_json:
        print_json(found)
        return
    tables.show_comments(found["comments"])


def export(
    name: str = Plan,
    output: Path = typer.Option(..., "-o", "--output", help="文件。 The file."),
) -> None:
    """Write the plan with its log, lines and comments."""
    from api.services.plans import files

    text = ask(name, files.write_plan)
    with whole_file(output) as target:
        target.write(text.encode())
    say(f"已写入 {output}。", f"Written: {output}.")


def import_plan(
    file: Path = typer.Argument(help="plan export 写出的文件。 A file of plan export."),
    drop: bool = typer.Option(
        False, "--drop", help="放弃无法重放的修改。 Leave out edits that are not possible."
    ),
    as_json: bool = AsJson,
) -> None:
    """Make a draft from a file."""
    from api.services.caller import LOCAL_PLANNER
    from api.services.plans import incoming

    content = plan_edits.read_bytes(file)
    with planning() as database, database.write() as connection, progress("正在读入", "reading"):
        plan = incoming.bring_in(
            connection, content, drop=drop, caller=LOCAL_PLANNER, now=datetime.now(UTC)
        )
    if as_json:
        print_json(json.loads(json.dumps(plan, default=str)))
        return
    tables.show_plan(plan)
    tables.show_dropped(plan["dropped"])
    tables.show_warnings(plan["problems"])
