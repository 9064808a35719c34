"""Whether the service is up, and its database."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from api import VERSION
from api.answers import answer
from api.dependencies import DeskNow
from api.services import workspace

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """The service answers and reaches its database."""

    status: str
    database: str
    version: str


@router.get("/api/health", response_model=Health)
def show_health(desk: DeskNow) -> Response:
    """Say that all is well; 503 when the database cannot be reached."""
    with desk.read() as connection:
        database = workspace.describe_database(connection)
    return answer({"status": "ok", "database": database, "version": VERSION})
