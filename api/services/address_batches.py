"""Tables of addresses on their way: slice by slice, so that whoever waits sees how far it is.

A batch waits in a folder of the program's: the rows as they came, and a line for each answered
row. Nothing else knows where it stands, so a reload of the page, or a start of the server, goes on
where it was. Nobody's table stays longer than a day.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd

from api.refusals import Conflict, NotFound, TooLarge
from api.services import waiting
from api.services.address_batch import (
    ADDED,
    answer_rows,
    find_column,
    read_batch,
    with_answers,
    write_table,
)
from api.services.addresses import Finder
from api.services.shapes import shape_problem

MOST_ROWS = 100_000
_PREVIEW = 20
_META, _ROWS, _ANSWERS, _STATE = "batch.json", "rows.parquet", "answers.jsonl", "state.json"
_LOCK = "batch.lock"

Json = dict[str, Any]


def begin(
    folder: Path,
    identity: UUID,
    path: Path,
    *,
    column: str | None,
    max_bytes: int,
    now: datetime,
    most_rows: int = MOST_ROWS,
) -> Json:
    """Read a table and let it wait; return what there is to know of it.

    Raises
    ------
    ImportFileError
        When it cannot be read.
    BadBody
        ``address_column_unknown``.
    TooLarge
        ``too_many_rows`` beyond :data:`MOST_ROWS`.
    """
    waiting.sweep(folder, now=now)
    batch = read_batch(path, max_bytes=max_bytes)
    if len(batch.rows) > most_rows:
        raise TooLarge("too_many_rows", file=path.name, rows=len(batch.rows), limit=most_rows)
    chosen = find_column(batch.rows, column)
    place = folder / str(identity)
    place.mkdir(parents=True)
    batch.rows.to_parquet(place / _ROWS, index=False)
    (place / _ANSWERS).touch()
    meta = {
        "filename": waiting.clean_name(path.name),
        "column": chosen,
        "columns": list(batch.rows.columns),
        "row_count": len(batch.rows),
        "marked": batch.marked,
        "problems": [shape_problem(problem) for problem in list(batch.problems)[:50]],
    }
    (place / _META).write_text(json.dumps(meta, ensure_ascii=False), "utf-8")
    return show(folder, identity)


def show(folder: Path, identity: UUID) -> Json:
    """Return how far a batch is, with the first answers."""
    meta, place = _meta(folder, identity), folder / str(identity)
    with _alone(place):
        return _show(folder, identity, meta)


def _show(folder: Path, identity: UUID, meta: Json) -> Json:
    place = folder / str(identity)
    done, counts = _progress(place)
    first = _rows(folder, identity, [meta["column"]]).iloc[:_PREVIEW]
    return {
        "id": str(identity),
        **meta,
        "done": done,
        "counts": counts,
        "preview": [
            {"address": text, **dict(zip(ADDED, one, strict=True))}
            for text, one in zip(first[meta["column"]], _answers(place, _PREVIEW), strict=False)
        ],
    }


def go_on(folder: Path, identity: UUID, finder: Finder, *, rows: int) -> Json:
    """Answer the next rows of a batch; return how far it is then."""
    meta, place = _meta(folder, identity), folder / str(identity)
    with _alone(place):
        done, counts = _progress(place)
        table = _rows(folder, identity, [meta["column"]])
        texts = [str(text) for text in table[meta["column"]].array[done : done + rows]]
        answers = list(answer_rows(finder, texts))
        with (place / _ANSWERS).open("a", encoding="utf-8") as journal:
            journal.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in answers)
        told = Counter(counts) + Counter(str(one[0]) for one in answers)
        _tell(place, done + len(answers), told)
        return _show(folder, identity, meta)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Answer, or look at the answers, one at a time.

    A page that is reloaded asks for the next rows while the slice it asked for before is still on
    its way: both would answer the same rows, and every later answer would be of another row. Who
    only looks would take a line that is being written for one the power cut off, and cut it off.
    """
    with (place / _LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def finish(folder: Path, identity: UUID, suffix: str | None = None) -> tuple[str, bytes]:
    """Return the name and the bytes of the table with its answers.

    Raises
    ------
    Conflict
        ``batch_not_done`` while rows are not answered yet.
    """
    meta, place = _meta(folder, identity), folder / str(identity)
    with _alone(place):
        answers = _answers(place)
    if len(answers) < meta["row_count"]:
        raise Conflict("batch_not_done", done=len(answers), rows=meta["row_count"])
    given = Path(meta["filename"])
    wanted = suffix or (".xlsx" if given.suffix.lower() == ".xlsx" else ".csv")
    frame = with_answers(_rows(folder, identity), answers)
    return f"{given.stem}-grids{wanted}", write_table(frame, wanted, marked=meta["marked"])


def forget(folder: Path, identity: UUID) -> None:
    """Remove a batch."""
    _meta(folder, identity)
    shutil.rmtree(folder / str(identity))


def answer_file(
    finder: Finder, path: Path, *, column: str | None, max_bytes: int, suffix: str
) -> bytes:
    """Return a table with its answers, all at once.

    Raises
    ------
    ImportFileError, BadBody, TooLarge
        As :func:`begin`.
    """
    batch = read_batch(path, max_bytes=max_bytes)
    if len(batch.rows) > MOST_ROWS:
        raise TooLarge("too_many_rows", file=path.name, rows=len(batch.rows), limit=MOST_ROWS)
    chosen = find_column(batch.rows, column)
    answers = list(answer_rows(finder, batch.rows[chosen].tolist()))
    return write_table(with_answers(batch.rows, answers), suffix, marked=batch.marked)


def _meta(folder: Path, identity: UUID) -> Json:
    try:
        read: Json = json.loads((folder / str(identity) / _META).read_text("utf-8"))
    except FileNotFoundError:
        raise NotFound("not_found", what="batch", id=str(identity)) from None
    return read


def _rows(folder: Path, identity: UUID, columns: list[str] | None = None) -> pd.DataFrame:
    return pd.read_parquet(folder / str(identity) / _ROWS, columns=columns)


def _answers(place: Path, most: int | None = None) -> list[Sequence[object]]:
    """Return the answered rows, the first of them if only so many are wanted."""
    with (place / _ANSWERS).open(encoding="utf-8") as journal:
        return [json.loads(line) for line in itertools.islice(journal, most)]


def _progress(place: Path) -> tuple[int, dict[str, int]]:
    """Return how many rows are answered, and how; the journal is right where the two disagree."""
    journal = (place / _ANSWERS).read_bytes()
    done = journal.count(b"\n")
    if not journal.endswith(b"\n") and journal:  # the power failed in the middle of a line
        (place / _ANSWERS).write_bytes(journal[: journal.rfind(b"\n") + 1])
    told = json.loads((place / _STATE).read_text("utf-8")) if (place / _STATE).exists() else {}
    if told.get("done") != done:
        counts = Counter(str(one[0]) for one in _answers(place))
        _tell(place, done, counts)
        return done, dict(counts)
    return done, told["counts"]


def _tell(place: Path, done: int, counts: Mapping[str, int]) -> None:
    (place / _STATE).write_text(json.dumps({"done": done, "counts": dict(counts)}), "utf-8")
