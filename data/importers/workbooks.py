"""Tables in a workbook (XLSX): the first sheet that holds one, its heading wherever it stands."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import python_calamine

from data.errors import ImportFileError
from data.importers.guard import LIMITS, Limits, check_columns, check_rows, guard
from data.importers.log import ProblemLog
from data.importers.source import Source
from geo.problems import Problem

# Rows above the heading are titles; a heading does not stand lower than this.
_HIGHEST_HEADING = 20
# A small file can unfold into gigabytes.
_MOST_UNFOLDED = 2_000_000_000


def is_workbook(path: Path) -> bool:
    """Return whether a file is an XLSX workbook, by its content."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def read_workbook(path: Path, *, limits: Limits = LIMITS) -> Source:
    """Read the first sheet that is not empty; every value becomes text, as it is shown.

    The heading is the first row that fills as many columns as any of the first rows; merged
    titles above it are left out. Columns without a heading are named by their number.

    Raises
    ------
    ImportFileError
        ``no_rows``, ``too_many_rows``, ``too_many_columns``, ``file_too_large`` or
        ``file_unreadable``.
    """
    with guard(path, quote=False):
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size > _MOST_UNFOLDED:
            details = {"file": path.name, "size": size, "limit": _MOST_UNFOLDED}
            raise ImportFileError(Problem("file_too_large", details))
        rows = _first_table(path)
        if not rows:
            raise ImportFileError(Problem("no_rows", {"file": path.name}))
        heading = _find_heading(rows)
        names = _unique([_text(value) for value in rows[heading]])
        body = rows[heading + 1 :]
        check_columns(path.name, len(names), limits)
        check_rows(path.name, len(body), limits, columns=len(names))
    kept = [(at, row) for at, row in enumerate(body, start=1) if any(v != "" for v in row)]
    if not kept:
        raise ImportFileError(Problem("no_rows", {"file": path.name}))
    columns = {
        name: pa.array([_text(row[at]) if at < len(row) else "" for _, row in kept], pa.string())
        for at, name in enumerate(names)
    }
    numbers = np.asarray([at for at, _ in kept], dtype=np.int64)
    return Source(columns, numbers, len(body), ProblemLog())


def _first_table(path: Path) -> list[list[Any]]:
    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
        if rows:
            return rows
    return []


def _find_heading(rows: list[list[Any]]) -> int:
    filled = [sum(value != "" for value in row) for row in rows[:_HIGHEST_HEADING]]
    return filled.index(max(filled))


def _unique(names: list[str]) -> list[str]:
    made: list[str] = []
    for at, name in enumerate(names, start=1):
        base = " ".join(name.split()) or f"column_{at}"
        number, unique = 2, base
        while unique in made:
            unique, number = f"{base}_{number}", number + 1
        made.append(unique)
    return made


def _text(value: Any) -> str:  # noqa: ANN401
    """Return a cell as one reads it: whole numbers without a point, dates without a midnight."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)
