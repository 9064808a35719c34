"""Addresses of the register that could not be read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow, Scope
from api.schemas_addresses import UnreadAddresses
from api.services import unread_addresses

router = APIRouter(tags=["addresses"])


@router.get("/api/addresses/unread", response_model=UnreadAddresses)
def list_unread_addresses(
    desk: DeskNow,
    scope: Scope = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
) -> Response:
    """Return the households whose address could not be read, with the reason of each."""
    with desk.read() as connection:
        return answer(
            unread_addresses.list_unread(connection, desk.caller, scope=scope, limit=limit)
        )
