"""The command ``wangge``: the verbs of the product on the database, or on files."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Sequence

import typer

from api import VERSION
from api.commands import (
    addresses,
    analyse,
    demo,
    files,
    keys,
    locate,
    merging,
    plan,
    serve,
    service,
)
from api.compiled import drop_stale
from api.stopping import Stopped, stop_commands
from api.terminal import VisibleFormatter, print_json, say, say_problem

app = typer.Typer(
    name="wangge",
    help="网格：县域网格、住户与党群服务中心。 Governance grids, households and service centers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,  # plain text: the same on every terminal and in the docs
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"wangge {VERSION}")
        raise typer.Exit


@app.callback()
def wangge(
    version: bool = typer.Option(
        False, "--version", help="版本。 Print the version.", callback=_show_version, is_eager=True
    ),
) -> None:
    """Keep the group's own options."""


for module in (serve, demo, files, service, merging, locate, addresses, analyse, plan, keys):
    module.add_to(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; a refusal is a sentence in zh and en and exit code 1, never a traceback."""
    handler = logging.StreamHandler()
    handler.setFormatter(VisibleFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    words = list(sys.argv[1:] if arguments is None else arguments)
    drop_stale()
    try:
        with stop_commands():
            app(args=words, prog_name="wangge")
    except Stopped as end:
        with contextlib.suppress(OSError):  # the terminal itself may have been closed
            say("已中止；没有完成的写入已撤销。", "Stopped; what was not finished has been undone.")
        return int(end.code or 1)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except BrokenPipeError:
        return 1
    except Exception as error:
        return _report(error)
    return 0


def _report(error: Exception) -> int:
    # Imported late: only a failure pays for the web's error map.
    from api.errors import problem_of

    problem = problem_of(error)
    if problem.key == "internal_error":
        logging.getLogger("wangge").error("unexpected", exc_info=error)
    say_problem(problem, remedy=True)
    more = getattr(error, "problems", ()) or getattr(error, "more", ())
    for further in more:
        if further != problem:
            say_problem(further, prefix="  ")
    return 1


__all__ = ["app", "main", "print_json"]
