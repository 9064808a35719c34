"""CSV files: encoding, delimiter, header, and rows that are broken without breaking the rest."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from data.errors import ImportFileError
from data.importers.encodings import find_encoding, looks_like_mojibake
from data.importers.guard import LIMITS, Limits, check_columns, check_rows, guard
from data.importers.log import ProblemLog
from data.importers.source import Source
from geo.problems import Problem

_DELIMITERS = ",\t;|"
_LONGEST_HEADER = 1_000_000
_SAMPLE = 200_000
# titles and headings above the first row of data
_MOST_HEADINGS = 6
_NUMBER = re.compile(r"\d{4}|^[+-]?\d")
# a quoted value may run over this many lines before its quote is taken for a stray one
_LONGEST_QUOTED = 20

BrokenRow = tuple[int, int, int]  # data row number, columns expected, columns found


def read_csv(path: Path, *, encoding: str | None, limits: Limits = LIMITS) -> Source:
    """Read a CSV file; every value stays text.

    A row that cannot be read becomes a ``broken_row`` problem, the others are still read.
    A million rows take about a second: no row passes through Python unless a quote is astray.

    Raises
    ------
    ImportFileError
        ``encoding_unknown``, ``encoding_wrong``, ``no_rows``, ``too_many_rows``,
        ``too_many_columns`` or ``file_unreadable``.
    """
    content = _as_utf8(path, encoding)
    # what the parser says of a row quotes it, so no reason is passed on
    with guard(path, quote=False):
        names, delimiter, body, headings = _split_header(content, path.name, limits)
        del content
        # lines may be blank or within quotes; far too many are refused before they are parsed
        lines = max(body.count(b"\n"), body.count(b"\r")) // 2
        check_rows(path.name, lines, limits, columns=len(names))
        table, broken = _parse_or_mend(body, names, delimiter)
        check_rows(path.name, table.num_rows + len(broken), limits, columns=len(names))
    problems = ProblemLog()
    if headings:
        problems.add(Problem("headings_taken", {"count": headings, "columns": ", ".join(names)}))
    if looks_like_mojibake(body[:_SAMPLE].decode("utf-8", "ignore")):
        problems.add(Problem("text_garbled", {"file": path.name}))
    row_count = table.num_rows + len(broken)
    if row_count == 0:
        raise ImportFileError(Problem("no_rows", {"file": path.name}))
    problems.add_rows(
        "broken_row",
        np.array([row for row, _, _ in broken], dtype=np.int64),
        lambda i: {"expected": broken[i][1], "found": broken[i][2]},
    )
    rows = _numbers_without(row_count, [row for row, _, _ in broken])
    columns = {name: _whole(table.column(name)) for name in names}
    return Source(columns, rows, row_count, problems)


def _as_utf8(path: Path, encoding: str | None) -> bytes:
    content = path.read_bytes()
    found = find_encoding(content, path.name, asked=encoding)
    if found in ("utf-8", "utf-8-sig"):
        return content.removeprefix(b"\xef\xbb\xbf")
    text = (
        content[: len(content) // 2 * 2].decode(found) if "16" in found else content.decode(found)
    )
    return text.removeprefix("\ufeff").encode()


def _split_header(content: bytes, file: str, limits: Limits) -> tuple[list[str], str, bytes, int]:
    """Return unique column names, the delimiter, all after the header, and the rows it took.

    Rows are those of titles and merged headings that were taken together, 0 for a plain table.
    """
    content = content.lstrip(b"\r\n")
    if content[:4].lower() == b"sep=":  # Excel's own hint
        content = content.partition(b"\n")[2]
    head = content[:_LONGEST_HEADER].decode("utf-8", "ignore")
    lines = [line for line in head.split("\n", _MOST_HEADINGS)[:_MOST_HEADINGS] if line.strip()]
    delimiter = _delimiter_of(lines[:1])
    if not any(d in line for d in _DELIMITERS for line in lines[:1]):
        delimiter = _delimiter_of(lines)  # a title alone in the first line
    header, length, headings = _settle_header(head, delimiter)
    check_columns(file, len(header), limits)
    names: dict[str, None] = {}  # in order, and quick to look up
    for position, cell in enumerate(header, start=1):
        name = cell.strip() or f"column_{position}"
        while name in names:
            name += f"_{position}"
        names[name] = None
    if not names:
        raise ImportFileError(Problem("no_rows", {"file": file}))
    return list(names), delimiter, content[len(head[:length].encode()) :], headings


def _delimiter_of(lines: list[str]) -> str:
    return max(
        _DELIMITERS,
        key=lambda d: (max((line.count(d) for line in lines), default=0), -_DELIMITERS.index(d)),
    )


def _settle_header(head: str, delimiter: str) -> tuple[list[str], int, int]:
    """Return the names of the columns, the characters they take, and the rows taken together.

    0 rows: the first one is the header.
    """
    found: list[tuple[list[str], int]] = []
    end = 0
    for _ in range(_MOST_HEADINGS):
        if not head[end:].strip():
            break
        cells, length = _read_header(head[end:], delimiter)
        end += length
        found.append(([cell.strip() for cell in cells], end))
    if not found:
        return [], 0, 0
    first = next((i for i, (cells, _) in enumerate(found) if sum(map(bool, cells)) > 1), 0)
    # under a title there are names: numbers are the first row of a table of one name
    if first and not _are_names(found[first][0]):
        first = 0
    cells, end = found[first]
    if first + 1 < len(found) and _continues(cells, found[first + 1][0]):
        below, end = found[first + 1]
        return [under or over for over, under in zip(cells, below, strict=True)], end, first + 2
    return cells, end, first + 1 if first else 0


def _continues(over: list[str], under: list[str]) -> bool:
    """Return whether a row names the parts of the headings above it.

    A heading over several columns leaves the next cells empty; one that goes down over both rows
    leaves the cell below empty.
    """
    if len(over) != len(under) or all(over) or all(under) or not _are_names(under):
        return False
    return all(a or b for a, b in zip(over, under, strict=True)) and bool(over[0])


def _are_names(cells: list[str]) -> bool:
    return not any(_NUMBER.search(cell) for cell in cells)


def _read_header(head: str, delimiter: str) -> tuple[list[str], int]:
    """Return the cells of the header and the number of characters it takes."""
    lines = io.StringIO(head, newline="")
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        header = next(reader, [])
        closed = reader.line_num <= _LONGEST_QUOTED
    except csv.Error:
        closed = False
    if closed:
        return header, lines.tell()
    # a quote that is never closed would make names of the rows below
    first = head.splitlines(keepends=True)[0]
    return [cell.strip().strip('"') for cell in first.split(delimiter)], len(first)


def _parse_or_mend(
    body: bytes, names: list[str], delimiter: str
) -> tuple[pa.Table, list[BrokenRow]]:
    swallowed: list[str] = []
    try:
        parsed = _parse(body, names, delimiter, swallowed)
        if not swallowed and not _is_open(body, parsed[0]):
            return parsed
    except pa.ArrowInvalid:
        swallowed = []  # an open quote at the end of a block: mended below
    mended, broken = _mend(body.decode(), len(names), delimiter)
    return _parse(mended, names, delimiter, [])[0], broken


def _parse(
    body: bytes, names: list[str], delimiter: str, swallowed: list[str]
) -> tuple[pa.Table, list[BrokenRow]]:
    broken: list[BrokenRow] = []
    if not body.strip():
        return pa.table({name: pa.array([], pa.string()) for name in names}), broken

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        if "\n" in row.text.strip():
            swallowed.append(row.text)  # a stray quote took the next lines with it
        broken.append((row.number, row.expected_columns, row.actual_columns))
        return "skip"

    table = pyarrow.csv.read_csv(
        pa.BufferReader(body),
        # row numbers of broken rows are only told by a single-threaded reader
        read_options=pyarrow.csv.ReadOptions(
            use_threads=False, column_names=names, block_size=16_000_000
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )
    return table, broken


def _is_open(body: bytes, table: pa.Table) -> bool:
    """Return whether the last value is a quote that is never closed, with all that follows."""
    if not table.num_rows or body[-10:].rstrip().endswith(b'"'):
        return False
    last = table.column(table.num_columns - 1)[-1].as_py()
    return last is not None and "\n" in last.strip()


def _mend(text: str, width: int, delimiter: str) -> tuple[bytes, list[BrokenRow]]:
    """Go line by line where a stray quote would take the rest of the file with it."""
    lines = [line for line in text.splitlines(keepends=True) if line.strip()]
    kept = io.StringIO(newline="")
    writer = csv.writer(kept, delimiter=delimiter)
    broken: list[BrokenRow] = []
    row, start = 0, 0
    while start < len(lines):
        row += 1
        cells, length = _record(lines[start : start + _LONGEST_QUOTED], delimiter)
        if len(cells) != width:  # only this line is given up, the next stands for itself
            broken.append((row, width, len(cells) or lines[start].count(delimiter) + 1))
            start += 1
            continue
        writer.writerow(cells)
        start += length
    return kept.getvalue().encode(), broken


def _record(lines: list[str], delimiter: str) -> tuple[list[str], int]:
    """Return the cells of the first record and its number of lines; no cells if it never ends."""
    for end in range(1, len(lines) + 1):
        # an odd quote is one that is not closed yet, or a plain character amid a cell (5")
        odd = sum(line.count('"') for line in lines[:end]) % 2 == 1
        reader = csv.reader(lines[:end], delimiter=delimiter, strict=odd)
        try:
            return next(reader), reader.line_num
        except csv.Error:  # open still, or longer than any text of ours
            continue
    return [], 1


def _numbers_without(count: int, missing: list[int]) -> NDArray[np.int64]:
    numbers = np.arange(1, count + 1, dtype=np.int64)
    return np.delete(numbers, np.array(missing, dtype=np.int64) - 1)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    # 64-bit offsets: a million addresses may pass 2 GB of text
    return column.cast(pa.large_string()).combine_chunks()
