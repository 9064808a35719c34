"""The pages that write themselves: ``python -m api.documents`` rewrites them in ``docs/``.

A test holds them equal to the code, so a setting, a command or a route cannot go undocumented.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from api.settings import Settings, environment_name
from geo import indicators

# A page as wide as any terminal: help texts must not depend on who writes them.
WIDTH = 100


def settings_page() -> str:
    """Return ``docs/settings.md``: every setting with its default."""
    lines = [
        "# Settings 设置",
        "",
        "All settings are environment variables; nothing needs to be set. Written by "
        "`python -m api.documents`; do not edit by hand.",
        "",
        "全部设置都是环境变量，都可以不设。",
        "",
        "| variable 变量 | default 缺省 | meaning 含义 |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        meaning = (field.description or "").replace("|", "\\|")
        if name == "home":
            default = "root: `/var/lib/wangge`, else `$XDG_DATA_HOME/wangge`"
        elif field.default is None:
            default = "—"
        else:
            default = f"`{_plain(field.default)}`"
        lines.append(f"| `{environment_name(name)}` | {default} | {meaning} |")
    return "\n".join(lines) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value)


def command_helps() -> Iterator[tuple[str, str]]:
    """Yield every command's words and its help text, groups before their commands."""
    from api.cli import app

    yield from _helps(typer.main.get_command(app), ("wangge",))


def _helps(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    context = command.context_class(
        command, info_name=" ".join(words), terminal_width=WIDTH, max_content_width=WIDTH
    )
    text = re.sub(r"[ \t]+$", "", command.get_help(context), flags=re.MULTILINE)
    yield " ".join(words), text
    for name, inner in getattr(command, "commands", {}).items():
        yield from _helps(inner, (*words, name))


def commands_page() -> str:
    """Return ``docs/commands.md``: every command with its help."""
    lines = [
        "# Commands 命令",
        "",
        "`./run WORD …` in a checkout is `wangge WORD …`. Errors are sentences in Chinese and "
        "English on standard error, with exit code 1 (2 for a command that is not understood). "
        "Written by `python -m api.documents`; do not edit by hand.",
        "",
        "在代码目录中，`./run 命令 …` 即 `wangge 命令 …`。",
    ]
    for words, text in command_helps():
        lines += ["", f"## {words}", "", "```text", text.strip("\n"), "```"]
    return "\n".join(lines) + "\n"


PAGES = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "indicators.md": indicators.document,
}


def main(folder: Path) -> None:
    """Rewrite the pages in ``folder``."""
    for name, write in PAGES.items():
        (folder / name).write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
