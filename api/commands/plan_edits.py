"""``wangge plan edit``, ``undo`` and ``redo``: one edit a line, each stored by itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from api.commands import plan_tables as tables
from api.commands.plan_session import AsJson, Plan, planning
from api.terminal import both, print_json, say, say_problem, show

MAX_BYTES = 256_000_000


@dataclass
class Session:
    """What a file of edits has done so far."""

    revision: int
    made: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)


def edit(
    name: str = Plan,
    file: str = typer.Argument(help="文件，- 为标准输入。 File; - is standard input."),
    preview: bool = typer.Option(
        False, "--preview", help="只试，不保存。 Try all of it and store nothing."
    ),
    keep_going: bool = typer.Option(
        False, "--keep-going", help="被拒绝的行跳过，继续下一行。 Go on after a refused line."
    ),
    revision: int | None = typer.Option(
        None, help="方案应为此版本，否则拒绝。 Refuse unless the plan is at this revision."
    ),
    as_json: bool = AsJson,
) -> None:
    """Apply edits; a refused line changes nothing and ends the run."""
    from api.services.caller import LOCAL_PLANNER
    from api.services.plans import opening

    content = sys.stdin.buffer.read(MAX_BYTES + 1) if file == "-" else read_bytes(Path(file))
    with planning() as database:
        with database.read() as connection:
            plan = opening.find_plan(connection, name, LOCAL_PLANNER)
        seen = plan["revision"] if revision is None else revision
        session = Session(seen)
        try:
            _play(database, plan["id"], content, session, preview=preview, keep_going=keep_going)
        finally:
            # whatever ends the run: what is stored is told
            _report(session, preview=preview, as_json=as_json)
    raise typer.Exit(1 if session.refused else 0)


def _play(
    database: Any,  # noqa: ANN401
    plan: Any,  # noqa: ANN401
    content: bytes,
    session: Session,
    *,
    preview: bool,
    keep_going: bool,
) -> None:
    """Apply line after line: each in a transaction of its own, a preview in one for all."""
    from api.errors import problem_of
    from api.refusals import Refusal
    from geo.errors import GeoError

    lines = split_lines(content)
    if preview:
        with database.engine.connect() as connection, connection.begin() as whole:
            for number, line in lines:
                try:
                    with connection.begin_nested():
                        _apply(connection, plan, number, line, session)
                except (Refusal, GeoError) as error:
                    _refuse(session, number, problem_of(error), error)
                    if not keep_going:
                        break
            whole.rollback()
        return
    for number, line in lines:
        try:
            with database.write() as connection:
                _apply(connection, plan, number, line, session)
        except (Refusal, GeoError) as error:
            problem = problem_of(error)
            _refuse(session, number, problem, error)
            if not keep_going or problem.key in ("plan_changed", "plan_not_draft"):
                break


def _apply(connection: Any, plan: Any, number: int, line: bytes, session: Session) -> None:  # noqa: ANN401
    from api.services.caller import LOCAL_PLANNER
    from api.services.plans import editing

    answer = editing.edit_plan(
        connection,
        plan,
        read_line(line),
        caller=LOCAL_PLANNER,
        seen=session.revision,
        now=datetime.now(UTC),
    )
    session.revision = answer["revision"]
    session.made.append((number, answer))


def _refuse(session: Session, number: int, problem: Any, error: Exception) -> None:  # noqa: ANN401
    from api.errors import error_body
    from api.refusals import EditRefused

    fix = error.fix if isinstance(error, EditRefused) else None
    session.refused.append({"line": number, **error_body(problem, fix=fix)})
    say_problem(problem, prefix=both(f"第 {number} 行", f"line {number}") + ": ", remedy=True)
    if fix is not None:
        said = json.dumps(fix, ensure_ascii=False)
        show(f"  {both('可改为', 'possible instead')}: {said}")


def _report(session: Session, *, preview: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "revision": session.revision,
                "preview": preview,
                "edits": [{"line": number, **answer} for number, answer in session.made],
                "refused": session.refused,
            }
        )
        return
    if session.made:
        tables.show_edits(session.made)
    count, refused = len(session.made), len(session.refused)
    if preview:
        say(
            f"预览：{count:,} 行可行，{refused:,} 行被拒绝；什么也没有保存。",
            f"Preview: {count:,} lines possible, {refused:,} refused; nothing was stored.",
        )
        return
    say(
        f"已保存 {count:,} 个修改，{refused:,} 行被拒绝；方案为第 {session.revision} 版。",
        f"Edits stored: {count:,}; lines refused: {refused:,}. The plan is at revision "
        f"{session.revision}.",
    )


def split_lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    r"""Yield number and content of each line that is neither empty nor a ``#`` comment.

    Examples
    --------
    >>> list(split_lines(b'# a day of work\n\n{"type": "merge"}'))
    [(3, b'{"type": "merge"}')]
    """
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        text = line.strip()
        if text and not text.startswith(b"#"):
            yield number, text


def read_line(line: bytes) -> Any:  # noqa: ANN401
    """Return the JSON value of a line.

    Raises
    ------
    BadBody
        ``invalid_edit``.
    """
    from api.refusals import BadBody

    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = str(error)[:200] if isinstance(error, json.JSONDecodeError) else "not JSON"
        raise BadBody("invalid_edit", place="JSON", reason=reason, reason_zh="不是 JSON") from None


def read_bytes(path: Path) -> bytes:
    """Return a file's content.

    Raises
    ------
    BadBody
        ``file_missing``, ``file_unreadable``.
    TooLarge
        ``file_too_large``.
    """
    from api.refusals import BadBody, TooLarge

    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise TooLarge(
                "file_too_large",
                file=path.name,
                size_mb=size // 1_000_000,
                limit_mb=MAX_BYTES // 1_000_000,
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise BadBody("file_missing", file=str(path)) from None
    except OSError as error:
        raise BadBody("file_unreadable", file=str(path), reason=error.strerror) from None


def undo(
    name: str = Plan,
    times: int = typer.Option(1, min=1, help="次数。 How many edits."),
    as_json: bool = AsJson,
) -> None:
    """Undo the last edits."""
    _step(name, -1, times, as_json=as_json)


def redo(
    name: str = Plan,
    times: int = typer.Option(1, min=1, help="次数。 How many edits."),
    as_json: bool = AsJson,
) -> None:
    """Redo what was undone."""
    _step(name, 1, times, as_json=as_json)


def _step(name: str, step: int, times: int, *, as_json: bool) -> None:
    """Move along the log, all the way or not at all."""
    from api.services.caller import LOCAL_PLANNER
    from api.services.plans import history, opening

    made = []
    with planning() as database, database.write() as connection:
        plan = opening.find_plan(connection, name, LOCAL_PLANNER)
        seen = plan["revision"]
        for _ in range(times):
            answer = history.step(
                connection, plan["id"], step, caller=LOCAL_PLANNER, seen=seen, now=datetime.now(UTC)
            )
            seen = answer["revision"]
            made.append(answer)
    if as_json:
        print_json({"revision": seen, "steps": made})
        return
    tables.show_edits(list(enumerate(made, start=1)))
    say(f"方案为第 {seen} 版。", f"The plan is at revision {seen}.")
