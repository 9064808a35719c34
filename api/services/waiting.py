"""Files of an import: the upload while it is read, then what waits for commit or discard.

All of them hold what a planner brought, so none stays longer than it is needed: a day at most.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

import pyarrow as pa
import sqlalchemy as sa

import data.imports
from data.importers.personal import find_personal_values

PATIENCE = timedelta(days=1)
_UPLOAD = "upload"
_LONGEST_NAME = 80


def clean_name(filename: str | None) -> str:
    r"""Return a file's name as it may be stored: no folders, signs one can see, nobody's number.

    A name with a phone or citizen number in it is probably a person's; none of it is kept.

    Examples
    --------
    >>> clean_name("C:\\data\\住户.csv"), clean_name("../.."), clean_name("王五13800138000.csv")
    ('住户.csv', 'upload', 'upload.csv')
    """
    name = Path((filename or "").replace("\\", "/")).name
    name = "".join(c for c in name if c.isprintable())[-_LONGEST_NAME:]
    if name.startswith(".") or not name:  # hidden, or nothing left before the suffix
        name = f"{_UPLOAD}.{name.strip('.')}".rstrip(".")
    if not find_personal_values(pa.array([name]))[0]:
        return name
    suffix = Path(name).suffix
    return _UPLOAD + (suffix if suffix[1:].isalpha() else "")


@contextmanager
def received(folder: Path, filename: str | None, content: IO[bytes]) -> Iterator[Path]:
    """Keep an upload as a file of its own name while it is read."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=f"{_UPLOAD}-") as place:
        path = Path(place) / clean_name(filename)
        with path.open("wb") as target:
            shutil.copyfileobj(content, target, 1 << 20)
        yield path


def rows_file(folder: Path, identity: UUID | str) -> Path:
    """Return where the good rows of an import wait."""
    return folder / f"{identity}.parquet"


def problems_file(folder: Path, identity: UUID | str) -> Path:
    """Return where the table of an import's problems waits."""
    return folder / f"{identity}.problems.csv"


def forget(folder: Path, identity: UUID | str) -> None:
    """Remove the files of an import, after the transaction that made them needless."""
    rows_file(folder, identity).unlink(missing_ok=True)
    problems_file(folder, identity).unlink(missing_ok=True)


def sweep(folder: Path, *, now: datetime) -> None:
    """Remove what has been lying in ``folder`` for more than a day, broken off uploads too."""
    oldest = (now - PATIENCE).timestamp()
    for old in folder.glob("*"):
        try:
            if old.stat().st_mtime >= oldest:
                continue
            if old.is_dir():
                shutil.rmtree(old)
            else:
                old.unlink()
        except FileNotFoundError:  # another program sweeps the same folder
            continue


def discard_abandoned(engine: sa.Engine, folder: Path, *, now: datetime) -> None:
    """Discard the imports nobody committed for more than a day, and remove their files."""
    with engine.begin() as connection:
        abandoned = data.imports.expire_batches(connection, before=now - PATIENCE)
    for identity in abandoned:
        forget(folder, identity)
    sweep(folder, now=now)
