"""One JSON shape for every error, one map from exception class to status."""

from __future__ import annotations

import errno
import logging
from collections.abc import Mapping
from typing import Any

import sqlalchemy.exc
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import refusals
from api.faults import explain
from api.services.shapes import shape_geometry, shape_problem
from data.db import explain_rights
from data.errors import ConflictError, DataError, NotFoundError, ParameterError, ServerError
from geo.errors import GeoError
from geo.problems import Problem

log = logging.getLogger("wangge")

# The first class an error is an instance of decides.
STATUS: Mapping[type[Exception], int] = {
    refusals.BadParameter: 400,
    refusals.BadBody: 422,
    refusals.Forbidden: 403,
    refusals.NotFound: 404,
    refusals.Conflict: 409,
    refusals.Gone: 410,
    refusals.EditRefused: 422,
    refusals.NotSeen: 428,
    refusals.TooLarge: 413,
    refusals.Unsupported: 415,
    refusals.Unavailable: 503,
    refusals.Refusal: 400,
    GeoError: 422,
    ServerError: 503,
    NotFoundError: 404,
    ParameterError: 400,
    ConflictError: 409,
    DataError: 422,
    sqlalchemy.exc.OperationalError: 503,
    sqlalchemy.exc.InterfaceError: 503,
    sqlalchemy.exc.TimeoutError: 503,
}
RETRY_AFTER_S = "2"
DISK_FULL = "53100"  # PostgreSQL's SQLSTATE


def error_body(
    problem: Problem, more: tuple[Problem, ...] = (), fix: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the one shape: key, message, message_zh, details.

    ``details`` also say where: ``grids`` and ``geometry`` (lon/lat) to highlight, and for an
    edit of a plan the ``fix``, if there is one.
    """
    details = dict(problem.details)
    if problem.row is not None:
        details["row"] = problem.row
    if problem.grids:
        details["grids"] = list(problem.grids)
    if problem.geometry is not None:
        details["geometry"] = shape_geometry(problem.geometry)
    if fix is not None:
        details["fix"] = fix
    if more:
        details["problems"] = [shape_problem(p) for p in more[:100]]
    return {
        "error": {
            "key": problem.key,
            "message": problem.sentence("en"),
            "message_zh": problem.sentence("zh"),
            "details": details,
        }
    }


def error_response(
    status: int,
    problem: Problem,
    more: tuple[Problem, ...] = (),
    headers: Mapping[str, str] | None = None,
    fix: Mapping[str, Any] | None = None,
) -> Response:
    """Return the answer for one problem."""
    out = dict(headers or {})
    out["Cache-Control"] = "no-store"
    if status == 503:
        out["Retry-After"] = RETRY_AFTER_S
    return Response(
        to_json(error_body(problem, more, fix), inf_nan_mode="null", fallback=str),
        status,
        out,
        "application/json",
    )


def problem_of(error: BaseException) -> Problem:
    """Return the problem a person is told about ``error``."""
    if isinstance(error, refusals.Refusal):
        return error.problem
    if isinstance(error, (GeoError, DataError)):
        return error.problems[0]
    if getattr(getattr(error, "orig", None), "pgcode", None) == DISK_FULL or (
        isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    ):
        return Problem("disk_full")
    if isinstance(error, sqlalchemy.exc.DBAPIError) and (rights := explain_rights(error)):
        return rights
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return Problem("busy")
    if isinstance(error, (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError)):
        return Problem("database_unavailable")
    return Problem("internal_error")


def status_of(error: BaseException) -> int:
    """Return the status for ``error``; 500 for what nobody expected."""
    if problem_of(error).key in ("disk_full", "database_not_permitted"):
        return 503
    if isinstance(error, sqlalchemy.exc.DBAPIError) and error.connection_invalidated:
        return 503
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)


def _answer(request: Request, error: Exception) -> Response:
    status, problem = status_of(error), problem_of(error)
    if status == 503 and problem.key == "internal_error":
        problem = Problem("database_unavailable")
    if status >= 500:
        reason = str(error).partition("\n")[0]
        log.warning("%s %s: %s", request.method, request.url.path, reason)
    more = error.more if isinstance(error, refusals.Refusal) else ()
    if isinstance(error, (GeoError, DataError)):
        more = error.problems if len(error.problems) > 1 else ()
    fix = error.fix if isinstance(error, refusals.EditRefused) else None
    return error_response(status, problem, more, fix=fix)


def _unexpected(request: Request, error: Exception) -> Response:
    # starlette hands it on to the server's log, with the traceback, after this answer
    return error_response(500, Problem("internal_error"))


def allowed_methods(request: Request) -> list[str]:
    """Return the methods there are for the path that was asked."""
    path = request.url.path
    found = {
        method
        for route in request.app.state.routes
        if route.path_regex.match(path)
        for method in route.methods
    }
    return sorted(found)


def _http(request: Request, error: HTTPException) -> Response:
    path = request.url.path
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(allowed_methods(request) or ["GET", "HEAD"])
        problem = Problem("method_not_allowed", {"path": path, "method": request.method})
    elif error.status_code == 413:
        problem = Problem("too_large", {})
    elif error.status_code == 415:
        kind = request.headers.get("content-type", "")
        problem = Problem("unsupported_media_type", {"content_type": kind})
    elif error.status_code == 404:
        problem = Problem("no_such_address", {"path": path})
    else:
        problem = Problem("invalid_body", {"place": "body", "reason": str(error.detail)})
    return error_response(error.status_code, problem, headers=headers)


def _invalid(request: Request, error: RequestValidationError) -> Response:
    """Parameters of the address → 400, body → 422; the first fault speaks, all are listed."""
    faults = error.errors()
    first = faults[0]
    where, *path = [str(part) for part in first["loc"]]
    listed = [
        {"place": ".".join(map(str, f["loc"])), "reason": f["msg"], "reason_zh": explain(f)}
        for f in faults[:100]
    ]
    reasons = {"reason": first["msg"], "reason_zh": explain(first), "faults": listed}
    if where == "body":
        place = ".".join(path) or "body"
        return error_response(422, Problem("invalid_body", {"place": place, **reasons}))
    details = {"parameter": ".".join(path), **reasons}
    return error_response(400, Problem("invalid_parameter", details))


def add_error_handlers(app: FastAPI) -> None:
    """Make every exception that leaves a route an answer of the one shape."""
    for kind in STATUS:
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(sqlalchemy.exc.DBAPIError, _database)
    app.add_exception_handler(OSError, _database)
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _unexpected)


def _database(request: Request, error: Exception) -> Response:
    if status_of(error) == 500:
        raise error
    return _answer(request, error)
