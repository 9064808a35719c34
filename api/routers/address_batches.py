"""Tables of addresses: answered at once, or slice by slice while somebody watches."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, UploadFile
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow, LinesAsked
from api.openapi import CONFLICT
from api.schemas_addresses import BatchOut
from api.services import address_batches, waiting
from api.services.addresses import Finder
from api.services.lines import open_lines

router = APIRouter(tags=["addresses"])

Table = Annotated[UploadFile, File(description="CSV (any Chinese encoding) or XLSX.")]
Column = Annotated[
    str | None, Form(max_length=200, description="Column of addresses; null: found by its name.")
]
Format = Literal["csv", "xlsx"]
_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in _TYPES.values()}, "description": "The table."}
}


@router.post("/api/addresses/batch", response_class=Response, responses=_FILE)
def answer_table(
    desk: DeskNow,
    file: Table,
    asked: LinesAsked,
    column: Column = None,
    format: Annotated[Format | None, Form(description="Null: as the file that came.")] = None,
) -> Response:
    """Return the table with grid, level and reasons in every row, all columns kept."""
    with (
        waiting.received(_folder(desk), file.filename, file.file) as path,
        desk.read() as connection,
    ):
        lines = open_lines(connection, asked, desk.caller)
        finder = Finder(connection, desk.addresses, desk.caller, lines)
        given = ".xlsx" if path.suffix.lower() == ".xlsx" else ".csv"
        suffix = f".{format}" if format else given
        content = address_batches.answer_file(
            finder, path, column=column, max_bytes=_limit(desk), suffix=suffix
        )
    return _file(f"{path.stem}-grids{suffix}", content)


@router.post("/api/addresses/batches", status_code=201, response_model=BatchOut)
def begin_batch(desk: DeskNow, file: Table, column: Column = None) -> Response:
    """Take a table in; it waits to be answered slice by slice, for a day at most."""
    folder = _folder(desk)
    with waiting.received(folder, file.filename, file.file) as path:
        begun = address_batches.begin(
            folder,
            uuid.uuid4(),
            path,
            column=column,
            max_bytes=_limit(desk),
            now=datetime.now(UTC),
        )
    return answer(begun, 201)


@router.get("/api/addresses/batches/{id}", response_model=BatchOut)
def show_batch(desk: DeskNow, id: UUID) -> Response:
    """Return how far a batch is, and its first answers."""
    return answer(address_batches.show(_folder(desk), id))


@router.post("/api/addresses/batches/{id}/next", response_model=BatchOut)
def answer_next_rows(
    desk: DeskNow,
    id: UUID,
    asked: LinesAsked,
    rows: Annotated[int, Query(ge=1, le=10_000)] = 1_000,
) -> Response:
    """Answer the next rows of a batch."""
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller)
        finder = Finder(connection, desk.addresses, desk.caller, lines)
        return answer(address_batches.go_on(_folder(desk), id, finder, rows=rows))


@router.get(
    "/api/addresses/batches/{id}/file",
    response_class=Response,
    responses=_FILE | CONFLICT,
)
def download_batch(desk: DeskNow, id: UUID, format: Format | None = None) -> Response:
    """Return the table with its answers, once all rows are answered."""
    name, content = address_batches.finish(_folder(desk), id, f".{format}" if format else None)
    return _file(name, content)


@router.delete("/api/addresses/batches/{id}", status_code=204)
def forget_batch(desk: DeskNow, id: UUID) -> Response:
    """Forget a table."""
    address_batches.forget(_folder(desk), id)
    return Response(status_code=204)


def _folder(desk: DeskNow) -> Path:
    return desk.settings.home / "batches"


def _limit(desk: DeskNow) -> int:
    return desk.settings.max_upload_mb * 1_000_000


def _file(name: str, content: bytes) -> Response:
    kind = _TYPES[Path(name).suffix]
    header = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, headers=header, media_type=kind)
