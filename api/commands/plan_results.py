"""``wangge plan problems``, ``diff``, ``publish`` and ``rebase``: what a draft amounts to."""

from __future__ import annotations

from pathlib import Path

import typer

from api.commands import plan_tables as tables
from api.commands.plan_session import AsJson, Plan, act, ask, planning
from api.commands.whole_file import whole_file
from api.terminal import print_json, progress, say


def problems(name: str = Plan, as_json: bool = AsJson) -> None:
    """Show what stands in the way of publishing."""
    from api.services.plans import problems as listing

    with progress("正在检查", "checking"):
        found = ask(name, listing.ProblemLists().show)
    if as_json:
        print_json(found)
    else:
        tables.show_problems(found)
    raise typer.Exit(1 if found["errors"] else 0)


def diff(
    name: str = Plan,
    against: str | None = typer.Option(None, metavar="ID", help="另一方案。 Another plan."),
    output: Path | None = typer.Option(
        None, "-o", "--output", help="GeoJSON 文件。 The difference as GeoJSON."
    ),
    households: bool = typer.Option(False, help="列出每一户。 List every household that moves."),
    as_json: bool = AsJson,
) -> None:
    """Compare, per grid and in total."""
    from api.services.caller import LOCAL_PLANNER
    from api.services.plans import difference, opening

    with planning() as database, database.read() as connection, progress("正在比较", "comparing"):
        caller = LOCAL_PLANNER
        plan = opening.find_plan(connection, name, caller)
        other = opening.find_plan(connection, against, caller)["id"] if against else None
        found = difference.compare_plan(connection, plan["id"], caller=caller, against=other)
        answer = found.as_json(households=households)
        if output is not None:
            with whole_file(output) as target:
                target.write(found.as_geojson(households=households).encode())
    if as_json:
        print_json(answer)
        return
    tables.show_difference(answer)
    if output is not None:
        say(f"已写入 {output}。", f"Written: {output}.")


def publish(
    name: str = Plan,
    note: str | None = typer.Option(
        None, help="理由(有网格户数不合规定时必填)。 Why grids outside the size rules stay."
    ),
    as_json: bool = AsJson,
) -> None:
    """Check and publish."""
    from api.services.plans import problems as listing
    from api.services.plans import publishing

    with progress("正在检查并发布", "checking and publishing"):
        done = act(
            name,
            lambda *place, **who: publishing.publish(
                *place, **who, note=note, lists=listing.ProblemLists()
            ),
        )
    if as_json:
        print_json(done)
        return
    tables.show_plan(done)
    tables.show_counts(done["counts"])


def rebase(
    name: str = Plan,
    drop: bool = typer.Option(
        False, "--drop", help="放弃无法重放的修改。 Leave out edits that are not possible."
    ),
) -> None:
    """Replay on the lines in force."""
    from api.services.plans import replay

    with progress("正在重放", "replaying"):
        done = act(name, lambda *place, **who: replay.rebase(*place, **who, drop=drop))
    tables.show_plan(done)
    tables.show_dropped(done["dropped"])
    tables.show_changed_meaning(done["changed_meaning"])
