"""Whole columns as text: trimmed, in plain letters, without the marks of spreadsheets.

Every function takes Arrow arrays and returns one of the same length; nothing loops over rows.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_MARKED = r"""^(?:['’]([0-9].*)|="([^"]*)")$"""


def as_text(values: pa.Array) -> pa.Array:
    """Return any plain array as trimmed text; empty text is missing.

    Whole numbers stored as floats lose their ``.0`` and never turn into scientific notation.

    Examples
    --------
    >>> as_text(pa.array([500229001001.0, None, 1.5])).to_pylist()
    ['500229001001', None, '1.5']
    """
    if pa.types.is_floating(values.type):
        numbers = values.to_numpy(zero_copy_only=False).astype(np.float64)
        whole = np.isfinite(numbers) & (numbers == np.floor(numbers)) & (np.abs(numbers) < 2**63)
        integers = pa.array(np.where(whole, numbers, 0).astype(np.int64)).cast(pa.large_string())
        values = pc.if_else(pa.array(whole), integers, values.cast(pa.large_string()))
        values = pc.if_else(pa.array(np.isnan(numbers)), None, values)
    elif pa.types.is_binary(values.type) or pa.types.is_large_binary(values.type):
        values = pa.nulls(len(values), pa.large_string())
    elif not pa.types.is_large_string(values.type):
        values = values.cast(pa.large_string())
    trimmed = pc.utf8_trim_whitespace(values)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def fold_width(values: pa.Array) -> pa.Array:
    """Return texts with full-width letters and digits as plain ones (NFKC).

    Examples
    --------
    >>> fold_width(pa.array(["１２Ａ", None])).to_pylist()
    ['12A', None]
    """
    if pc.all(pc.string_is_ascii(values)).as_py() is not False:
        return values
    return pc.utf8_normalize(values, form="NFKC")


def unguard(values: pa.Array) -> pa.Array:
    """Undo the guard against formulas of our own CSV export: ``'=1`` is the text ``=1``."""
    if not pc.any(pc.starts_with(values, "'")).as_py():
        return values
    return pc.replace_substring_regex(values, r"^'([=+\-@\t\r])", r"\1")


def strip_marks(texts: pa.Array) -> pa.Array:
    """Return numbers without the marks that keep them texts in a spreadsheet: ``'012``, ``="012"``.

    Examples
    --------
    >>> strip_marks(pa.array(["'012", '="012"', "A'1"])).to_pylist()
    ['012', '012', "A'1"]
    """
    return pc.replace_substring_regex(texts, _MARKED, r"\1\2")


def compose_codes(parts: list[pa.Array], widths: list[int]) -> pa.Array:
    """Join the part columns of a village code, zeros in front; whole codes stay as they are.

    Examples
    --------
    >>> parts = [pa.array([v]) for v in (50, 2, 29, 1, 3)]
    >>> compose_codes(parts, [2, 2, 2, 3, 3]).to_pylist()
    ['500229001003']
    """
    texts = [strip_zero_decimals(as_text(part)) for part in parts]
    padded = [pc.utf8_lpad(t, w, "0") for t, w in zip(texts, widths, strict=True)]
    joined = pc.binary_join_element_wise(*padded, pa.scalar("", pa.large_string()))
    last = texts[-1]  # some files hold the whole code in the last part
    return pc.if_else(pc.greater(pc.fill_null(pc.utf8_length(last), 0), widths[-1]), last, joined)


def strip_zero_decimals(texts: pa.Array) -> pa.Array:
    """Return whole numbers without ``.0`` behind them."""
    return pc.replace_substring_regex(texts, r"^([+-]?\d+)\.0*$", r"\1")
