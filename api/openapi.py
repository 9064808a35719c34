"""The OpenAPI document: what FastAPI writes, with our errors and nothing said twice."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel


class ErrorDetail(BaseModel):
    """What went wrong, for machines (key, details) and for people (two languages)."""

    key: str
    message: str
    message_zh: str
    details: dict[str, Any]


class ErrorBody(BaseModel):
    """The one shape of every error."""

    error: ErrorDetail


ERROR_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": text}
    for status, text in {
        400: "A parameter is unknown or not valid.",
        401: "Not from this machine, and the API key is missing; or a key is not known.",
        403: "Not from this machine, from another site's page, or outside the caller's scope.",
        404: "There is no such thing.",
        413: "Too large.",
        422: "The body was read and cannot be used.",
        500: "A fault of the service; it is in the log.",
        503: "The database cannot be reached, the disk is full, or too much is going on.",
    }.items()
}

_ERROR_409 = {"model": ErrorBody, "description": "Not possible in the present state."}
_ERROR_410 = {"model": ErrorBody, "description": "It is no longer there."}
CONFLICT: dict[int | str, dict[str, Any]] = {409: _ERROR_409}
_ERROR_428 = {"model": ErrorBody, "description": "The header If-Match is missing."}
CONFLICT_OR_GONE: dict[int | str, dict[str, Any]] = {409: _ERROR_409, 410: _ERROR_410}

GEOJSON: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/geo+json": {}}, "description": "GeoJSON, EPSG:4490."}
}
STALE: dict[int | str, dict[str, Any]] = {409: _ERROR_409, 428: _ERROR_428}


def describe(app: FastAPI) -> None:
    """Give the document its introduction."""
    app.description = (
        "Governance grids, households and service centers of a county. Coordinates are "
        "longitude, latitude in degrees (EPSG:4490). Errors have one shape, with a key and a "
        "sentence in English and Chinese. There is no login yet: only this machine is answered. "
        "Where it is set so, other systems may look up addresses and grids with an API key, in "
        "the header X-API-Key or as Authorization: Bearer."
    )
