"""Bringing files in: a report first, nothing stored before it is committed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, UploadFile
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow
from api.openapi import CONFLICT, CONFLICT_OR_GONE
from api.schemas import CommitOut, ImportOut
from api.services import imports, waiting

router = APIRouter(tags=["imports"])

Layer = Literal[
    "divisions",
    "villages",
    "natural_villages",
    "grids",
    "households",
    "centers",
    "roads",
    "barriers",
    "terrain",
    "aliases",
]


@router.post("/api/imports", status_code=201, response_model=ImportOut)
def report_file(
    desk: DeskNow,
    file: Annotated[
        UploadFile, File(description="GeoJSON, GeoPackage, CSV …; GeoTIFF of terrain.")
    ],
    layer: Annotated[Layer, Form(description="Layer the rows belong to.")],
    crs: Annotated[
        str | None,
        Form(max_length=200, description="EPSG:4547, WGS84, GCJ02 … if not in the file."),
    ] = None,
    mapping: Annotated[
        str | None, Form(max_length=20_000, description='JSON {"field": "column"}.')
    ] = None,
    encoding: Annotated[str | None, Form(max_length=40)] = None,
    source_layer: Annotated[str | None, Form(max_length=200)] = None,
    mode: Annotated[
        Literal["upsert", "replace"], Form(description="replace closes what the file lacks.")
    ] = "upsert",
    cell_m: Annotated[
        float | None, Form(ge=1, le=1000, description="Side of the cells of terrain, metres.")
    ] = None,
) -> Response:
    """Read a file and report every problem by row."""
    options = imports.Options(
        layer=layer,
        crs=crs,
        mapping=imports.parse_mapping(mapping),
        encoding=encoding,
        source_layer=source_layer,
        mode=mode,
        cell_m=cell_m,
        max_bytes=desk.settings.max_upload_mb * 1_000_000,
    )
    folder = desk.settings.home / "imports"
    with waiting.received(folder, file.filename, file.file) as path, desk.write() as connection:
        report = imports.report_file(
            connection, path, options, folder=folder, caller=desk.caller, now=datetime.now(UTC)
        )
    return answer(report, 201)


@router.get("/api/imports/{id}", response_model=ImportOut)
def show_import(desk: DeskNow, id: UUID) -> Response:
    """Return the report again."""
    with desk.read() as connection:
        return answer(imports.show(connection, id))


@router.get(
    "/api/imports/{id}/problems.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "One problem a row."}},
)
def list_import_problems(desk: DeskNow, id: UUID) -> Response:
    """Return the problems as a table for a spreadsheet."""
    with desk.read() as connection:
        text = imports.write_problems(connection, id, desk.settings.home / "imports")
    name = {"Content-Disposition": 'attachment; filename="problems.csv"'}
    return answer(text, headers=name, media_type="text/csv; charset=utf-8")


@router.post("/api/imports/{id}/commit", response_model=CommitOut, responses=CONFLICT_OR_GONE)
def commit_import(
    desk: DeskNow,
    id: UUID,
    skip_bad_rows: Annotated[bool, Query(description="Leave out rows with errors.")] = False,
) -> Response:
    """Store the rows, all of them or none."""
    folder = desk.settings.home / "imports"
    with desk.write() as connection:
        counts = imports.commit(
            connection,
            id,
            folder=folder,
            skip_bad_rows=skip_bad_rows,
            caller=desk.caller,
            now=datetime.now(UTC),
        )
    waiting.forget(folder, id)
    return answer(counts)


@router.delete("/api/imports/{id}", status_code=204, responses=CONFLICT)
def discard_import(desk: DeskNow, id: UUID) -> Response:
    """Forget a file that was not committed."""
    with desk.write() as connection:
        imports.discard(connection, id, now=datetime.now(UTC))
    waiting.forget(desk.settings.home / "imports", id)
    return Response(status_code=204)
