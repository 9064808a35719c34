"""Joint villages 联村: in force, of a day, or of a draft."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow, LinesAsked, Scope
from api.schemas import JointVillagesOut
from api.services import joint_villages
from api.services.lines import open_lines

router = APIRouter(tags=["places"])


@router.get("/api/joint-villages", response_model=JointVillagesOut)
def list_joint_villages(
    desk: DeskNow,
    asked: LinesAsked,
    township: Scope = None,
    geometry: Annotated[bool, Query(description="true: with the land of the members.")] = False,
) -> Response:
    """Return the joint villages, by code, with their members and what these amount to."""
    scope = desk.caller.narrow(township)
    with desk.read() as connection:
        lines = open_lines(connection, asked, desk.caller)
        return answer(joint_villages.show_all(connection, lines, scope=scope, geometry=geometry))
