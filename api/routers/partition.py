"""Whether the lines are sound."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow, Scope
from api.schemas import PartitionOut

router = APIRouter(tags=["grids"])


@router.get("/api/partition/problems", response_model=PartitionOut)
def list_partition_problems(desk: DeskNow, scope: Scope = None) -> Response:
    """Return gaps, overlaps, invalid shapes and unmatched edges, each with its place."""
    with desk.read() as connection:
        found = desk.partitions.check(connection, desk.caller.narrow(scope))
    return answer(found)
