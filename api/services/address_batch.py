"""A table of addresses: read it, answer every row, give it back with all its columns."""

from __future__ import annotations

import codecs
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from api.refusals import BadBody
from api.services.addresses import Finder
from data.importers.opening import DEFAULT_MAX_BYTES, open_table
from data.spreadsheet import BOM, Sheet, write_csv, write_workbook
from geo.address.explain import explain_answer, explain_fault, with_faults
from geo.problems import Problem

# What a column of addresses may be called, the likelier first; else it must be named.
_NAMES = (
    "地址", "详细地址", "住址", "家庭住址", "家庭地址", "现住址", "居住地址", "户籍地址",
    "门牌地址", "标准地址", "address", "addr", "text", "query", "q",
)  # fmt: skip
ADDED = (
    "status",
    "level",
    "household_id",
    "grid_code",
    "candidate_grid_codes",
    "ms",
    "confidence",
    "matched_address",
    "reason",
    "reason_zh",
)
_NUMBERS = frozenset({"ms", "confidence"})


@dataclass(frozen=True)
class Batch:
    """A table as it came: texts only, row by row, and what could not be read of it.

    ``marked`` tells that the answered table begins with a byte order mark, as spreadsheets want
    it; without one only what came as plain UTF-8 without one, from another program.
    """

    rows: pd.DataFrame
    problems: Sequence[Problem]
    marked: bool = True


def read_batch(path: Path, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Batch:
    """Read a CSV or XLSX file of addresses; every value stays text.

    Raises
    ------
    ImportFileError
        When it cannot be read at all.
    """
    source = open_table(path, max_bytes=max_bytes)
    columns = {
        name: pd.Series(values.to_pandas(), dtype="str").fillna("")
        for name, values in source.columns.items()
    }
    return Batch(pd.DataFrame(columns), source.problems, _is_marked(path))


def _is_marked(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(1 << 16)
    if start.startswith((BOM, b"PK")):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return True
    return False


def find_column(rows: pd.DataFrame, asked: str | None) -> str:
    """Return the column that holds the addresses.

    Raises
    ------
    BadBody
        ``address_column_unknown`` if the one asked for is not there, or none is called so that
        it could be told; ``names`` of the details lists the columns there are.
    """
    names = [str(name) for name in rows.columns]
    if asked is not None:
        if asked in names:
            return asked
    else:
        by_name = {name.strip().lower(): name for name in reversed(names)}
        for known in _NAMES:
            if known in by_name:
                return by_name[known]
        if len(names) == 1:
            return names[0]
    raise BadBody(
        "address_column_unknown",
        column=asked or "",
        columns=", ".join(names[:30]),
        names=names[:200],
    )


def answer_rows(finder: Finder, texts: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """Yield what is added to each row, in the order of :data:`ADDED`."""
    for text in texts:
        began = time.perf_counter()
        answer = finder.find(text)
        spent = (time.perf_counter() - began) * 1e3
        faults = [explain_fault(fault) for fault in answer.faults]
        reason_zh, reason = with_faults(explain_answer(answer), faults)
        yield (
            answer.status,
            "" if answer.level in (None, "county") else answer.level,
            finder.household(answer) or "",
            finder.grid_code(answer) or "",
            ";".join(finder.codes(answer)) if answer.status == "ambiguous" else "",
            round(spent, 3),
            answer.confidence,
            finder.matched(answer) or "",
            reason,
            reason_zh,
        )


def with_answers(rows: pd.DataFrame, answers: Sequence[Sequence[object]]) -> pd.DataFrame:
    """Return the rows with the answers behind them; a name that is taken gets a number."""
    added = pd.DataFrame(answers, columns=list(ADDED), index=rows.index)
    taken = set(rows.columns)
    names = {name: name if name not in taken else f"{name}_2" for name in ADDED}
    return pd.concat([rows, added.rename(columns=names)], axis=1)


def write_table(frame: pd.DataFrame, suffix: str, *, marked: bool = True) -> bytes:
    """Return the table as a CSV or XLSX file; no cell of it is run as a formula."""
    if suffix != ".xlsx":
        written = write_csv(frame)
        return written if marked else written.removeprefix(BOM)
    kinds = ["number" if name in _NUMBERS else "text" for name in frame.columns]
    rows = frame.itertuples(index=False, name=None)
    return write_workbook([Sheet("addresses", list(map(str, frame.columns)), kinds, rows)])  # type: ignore[arg-type]
