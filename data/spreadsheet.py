"""Tables as files that spreadsheets open: CSV and XLSX, the same bytes for the same rows."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal
from unicodedata import east_asian_width

import numpy as np
import pandas as pd
import xlsxwriter

# A spreadsheet runs a cell that starts with one of these; the apostrophe makes it text.
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BOM = b"\xef\xbb\xbf"
# Rows of a sheet of Excel, and signs of a cell.
MOST_ROWS = 1_048_576
MOST_SIGNS = 32_767

# ``value``: a number or a text, whichever it is; ``place``: degrees, with all their decimals
Kind = Literal["text", "whole", "number", "share", "flag", "value", "place"]
_FORMATS: dict[Kind, str] = {
    "whole": "#,##0",
    "number": "#,##0.0##",
    "share": "0.0%",
    "place": "0.000000",
}
# The file's own date: anything but the clock.
_MADE = datetime(2000, 1, 1)
_NARROWEST, _WIDEST = 6, 48
_ROWS_MEASURED = 200


@dataclass(frozen=True)
class Sheet:
    """One table.

    Parameters
    ----------
    title
        Name of the sheet, at most 31 signs.
    headings, kinds
        Of each column; numbers are numbers, codes are texts.
    rows
        Values in the order of the columns; None is an empty cell.
    """

    title: str
    headings: Sequence[str]
    kinds: Sequence[Kind]
    rows: Iterable[Sequence[Any]]


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return an XLSX file: bold headings that stay in view, columns as wide as their words.

    Rows are written as they come, so that a table of a million takes no memory to speak of; what
    does not fit into a sheet goes into another of the same name with a number.
    """
    with tempfile.TemporaryDirectory(prefix="wangge-") as folder:
        path = Path(folder) / "book.xlsx"
        options = {"constant_memory": True, "tmpdir": folder, "nan_inf_to_errors": False}
        with xlsxwriter.Workbook(path, options) as book:
            book.set_properties({"created": _MADE})
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            formats = {k: book.add_format({"num_format": v}) for k, v in _FORMATS.items()}
            for sheet in sheets:
                _write_sheet(book, sheet, bold, formats)
        return path.read_bytes()


def _write_sheet(book: Any, sheet: Sheet, bold: Any, formats: dict[Kind, Any]) -> None:  # noqa: ANN401
    rows = iter(sheet.rows)
    first = list(islice(rows, _ROWS_MEASURED))
    widths = [_width(h, (row[i] for row in first)) for i, h in enumerate(sheet.headings)]
    ahead = chain(first, rows)
    row, number = next(ahead, None), 1
    while row is not None or number == 1:
        title = sheet.title[:28] if number == 1 else f"{sheet.title[:26]} {number}"
        page = book.add_worksheet(title)
        page.freeze_panes(1, 0)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        for column, heading in enumerate(sheet.headings):
            page.write_string(0, column, heading, bold)
        count = 0
        while row is not None and count < MOST_ROWS - 1:
            count += 1
            for column, (value, kind) in enumerate(zip(row, sheet.kinds, strict=True)):
                _write_cell(page, count, column, value, kind, formats)
            row = next(ahead, None)
        page.autofilter(0, 0, count, len(sheet.headings) - 1)
        number += 1


def _write_cell(
    page: Any,  # noqa: ANN401
    row: int,
    column: int,
    value: Any,  # noqa: ANN401
    kind: Kind,
    formats: dict[Kind, Any],
) -> None:
    if value is None or value is pd.NA or value != value or value == "":
        return
    if kind == "flag":
        page.write_boolean(row, column, bool(value))
    elif kind == "text" or isinstance(value, str):
        page.write_string(row, column, str(value)[:MOST_SIGNS])
    elif np.isfinite(value):
        page.write_number(row, column, value, formats.get(kind))
    else:
        page.write_string(row, column, "∞")


def _width(heading: str, values: Iterable[Any]) -> float:
    words = [*heading.split("\n"), *(_shown(value) for value in values)]
    signs = max(sum(1 + (east_asian_width(c) in "WF") for c in word) for word in words)
    return float(min(max(signs + 2, _NARROWEST), _WIDEST))


def _shown(value: Any) -> str:  # noqa: ANN401
    return f"{value:,.1f}" if isinstance(value, float) else "" if value is None else str(value)


def write_csv(frame: pd.DataFrame) -> bytes:
    """Return a CSV file in UTF-8 with BOM, its lines ended as RFC 4180 has it.

    Cells that a spreadsheet would run start with an apostrophe; true and false are in lower case.
    """
    guarded = {str(name): _guard(column) for name, column in frame.items()}
    buffer = io.StringIO()
    pd.DataFrame(guarded, index=frame.index).to_csv(buffer, index=False, lineterminator="\r\n")
    return BOM + buffer.getvalue().encode()


def _guard(column: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(column):
        return column.map({True: "true", False: "false"})
    if pd.api.types.is_numeric_dtype(column):
        return column
    texts = column.astype("object").where(column.notna(), None)
    return texts.map(guard_cell, na_action="ignore")


def guard_cell(value: Any) -> str:  # noqa: ANN401
    """Return a cell of text so that no spreadsheet runs it.

    Examples
    --------
    >>> guard_cell("=1+1"), guard_cell("A1")
    ("'=1+1", 'A1')
    """
    text = str(value)
    return "'" + text if text.startswith(FORMULA_STARTS) else text
