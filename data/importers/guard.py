"""What keeps a file that is broken, hostile or simply too much from doing harm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from data.errors import ImportFileError
from geo.problems import Problem


@dataclass(frozen=True)
class Limits:
    """How much of one file is read; beyond it the file is refused, with the limit told.

    Attributes
    ----------
    rows
        Data rows. A row costs about 2 kB of memory while it is checked.
    columns
        Columns, without the geometry; as many as a sheet of Excel has.
    cells
        Rows times columns: an empty cell takes a few bytes too.
    size_bytes
        All values together, uncompressed.
    """

    rows: int = 2_000_000
    columns: int = 16_384
    cells: int = 100_000_000
    size_bytes: int = 2_000_000_000


LIMITS = Limits()


@contextmanager
def guard(path: Path, name: str | None = None, *, quote: bool = True) -> Iterator[None]:
    """Turn whatever a reader raises about ``path`` into the problem ``file_unreadable``.

    The libraries below have no common base of their errors, and a broken file reaches corners
    that raise anything: one place catches them all. ``name`` is the file's name for the report;
    without ``quote`` the report names only the class of the error.

    Raises
    ------
    ImportFileError
        ``file_unreadable``; an ``ImportFileError`` passes as it is.
    """
    try:
        yield
    except ImportFileError:
        raise
    except Exception as error:
        told = name or path.name
        reason = (" ".join(str(error).split()) if quote else "") or type(error).__name__
        # a path of our own disk, or of an unpacked archive, tells the reader nothing
        for ours, theirs in ((str(path), told), (str(path.with_suffix("")), Path(told).stem)):
            reason = reason.replace(ours, theirs)
        reason = reason.replace(str(path.parent), "")
        # libraries quote what they stumbled over, and that may be someone's number
        reason = re.sub(r"\d{7,}", "…", reason).rstrip(".")[:300]
        raise ImportFileError(
            Problem("file_unreadable", {"file": told, "reason": reason})
        ) from error


def check_columns(name: str, columns: int, limits: Limits) -> None:
    """Raise ImportFileError(``too_many_columns``) above the limit."""
    if columns > limits.columns:
        details = {"file": name, "columns": columns, "limit": limits.columns}
        raise ImportFileError(Problem("too_many_columns", details))


def check_rows(name: str, rows: int, limits: Limits, *, columns: int = 1) -> None:
    """Raise ImportFileError(``too_many_rows``) above the limit for so many columns."""
    limit = min(limits.rows, limits.cells // max(columns, 1))
    if rows > limit:
        raise ImportFileError(Problem("too_many_rows", {"file": name, "limit": limit}))


def collect(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, name: str, limits: Limits
) -> pa.Table:
    """Return ``batches`` as one table, giving up as soon as a limit is passed.

    Raises
    ------
    ImportFileError
        ``too_many_rows`` or ``file_too_large``.
    """
    kept: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        rows += batch.num_rows
        size += sum(_decoded_bytes(column) for column in batch.columns)
        check_rows(name, rows, limits, columns=len(schema))
        if size > limits.size_bytes:
            raise too_large(name, size, limits.size_bytes)
        kept.append(batch)
    return pa.Table.from_batches(kept, schema)


def too_large(name: str, size: int, limit: int) -> ImportFileError:
    """Return the refusal of a file of ``size`` bytes."""
    details = {"file": name, "size_mb": round(size / 1e6, 1), "limit_mb": round(limit / 1e6, 1)}
    return ImportFileError(Problem("file_too_large", details))


def _decoded_bytes(column: pa.Array) -> int:
    """Return the size of a column as plain values: a dictionary hides how often one is meant."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary)
    meant = pc.sum(pc.cast(lengths.take(column.indices), pa.int64())).as_py() or 0
    return int(meant) + int(column.indices.nbytes)
