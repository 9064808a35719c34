"""What the command line shows: sentences in both languages, tables, progress."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unicodedata import category

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from geo.problems import VOCABULARY, Problem

# Results go to standard output, everything said about them to standard error.
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def visible(text: str) -> str:
    r"""Return text without what a terminal obeys: a stranger's file is quoted in our sentences.

    Examples
    --------
    >>> visible("X1\x1b[2J\u202e上河村")
    'X1\\x1b[2J\\u202e上河村'
    """
    return "".join(
        c.encode("unicode_escape").decode() if category(c) in _OBEYED and c != "\n" else c
        for c in text
    )


# control, format (writing direction …), surrogate, line and paragraph separator
_OBEYED = ("Cc", "Cf", "Cs", "Zl", "Zp")


class VisibleFormatter(logging.Formatter):
    """Log lines quote strangers, too."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback if there is one."""
        return visible(super().format(record))


def show(text: str, *, to: Console | None = None) -> None:
    """Print a line as it stands, by default on standard error."""
    (to or err).print(visible(text), markup=False)


def both(zh: str, en: str) -> str:
    """Return a line in both languages, the reader's first."""
    first, second = (zh, en) if prefers_chinese() else (en, zh)
    return f"{first}  {second}"


def prefers_chinese() -> bool:
    """Return whether the setting, or else the locale, asks for Chinese."""
    wanted = os.environ.get("WANGGE_LANGUAGE") or next(
        (os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), ""
    )
    return wanted.lower().startswith("zh")


def say(zh: str, en: str) -> None:
    """Tell the reader something, on standard error."""
    show(both(zh, en))


def say_problem(problem: Problem, *, prefix: str = "", remedy: bool = False) -> None:
    """Show a problem as a sentence in both languages, with its row, and what to do about it."""
    sentence = both(problem.sentence("zh"), problem.sentence("en"))
    file = f"{problem.details['file']} " if "file" in problem.details else ""
    where = both(f"{file}第 {problem.row} 行", f"{file}row {problem.row}")
    show(f"{prefix}{'' if problem.row is None else where + ': '}{sentence}")
    what_to_do = VOCABULARY[problem.key]
    if remedy and what_to_do.remedy_en:
        show(f"  {both(what_to_do.remedy_zh, what_to_do.remedy_en)}")


_LEFT_BY_JSON = re.compile(r"[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def print_json(value: Any) -> None:  # noqa: ANN401
    """Print one JSON document on standard output, and nothing else."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    # what is left of control and surrogate signs stands inside of texts, where JSON has escapes
    escaped = _LEFT_BY_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    sys.stdout.write(escaped + "\n")
    sys.stdout.flush()


def print_table(
    title: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]
) -> None:
    """Print a table; a column is (heading, ``left`` or ``right``). Unknown is —, never 0.

    Words are never cut: a code that is not whole is no code. A table whose words need more room
    than the terminal has is wider than the terminal.
    """
    cells = [[show_value(value) for value in row] for row in rows]
    table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
    for number, (heading, side) in enumerate(columns):
        texts = [heading, *(row[number] for row in cells)]
        table.add_column(
            heading,
            justify="right" if side == "right" else "left",
            overflow="fold",
            min_width=max(map(_longest_word, texts)),
        )
    for row in cells:
        table.add_row(*row)
    width = out.width if out.is_terminal or os.environ.get("COLUMNS") else _WIDTH_OF_FILES
    # the words, a space on either side of them, the lines between columns
    needed = 1 + sum((column.min_width or 0) + 3 for column in table.columns)
    Console(highlight=False, soft_wrap=True, width=max(width, needed)).print(table)


_WIDTH_OF_FILES = 160
_LONGEST_WORD = 60


def _longest_word(text: str) -> int:
    """Return the cells that the longest word takes; of Chinese, four signs stay together."""
    words = (cell_len(word) for word in _UNBROKEN.findall(text))
    return min(max(words, default=2), _LONGEST_WORD)


_UNBROKEN = re.compile(r"[\x21-\x7e\u2012-\u2212]+|[^\s\x21-\x7e]{1,4}")


def show_value(value: Any) -> str:  # noqa: ANN401
    """Return a value as a person reads it.

    Examples
    --------
    >>> show_value(12345), show_value(None), show_value(0.5)
    ('12,345', '—', '0.5')
    """
    if value is None or (isinstance(value, float) and value != value):
        return "—"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.1f}"
    return escape(visible(str(value)))


@contextmanager
def steps(zh: str, en: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how far something is that is counted; only on a terminal. Yield what is told how far."""
    if not err.is_terminal:
        yield lambda done: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(both(zh, en), total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def progress(zh: str, en: str) -> Iterator[None]:
    """Show that something longer goes on; only on a terminal."""
    if not err.is_terminal:
        yield
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        bar.add_task(both(zh, en), total=None)
        yield
