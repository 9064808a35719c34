"""Merges of sparsely populated units: what sizes being tried would mean."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.answers import answer
from api.dependencies import DeskNow, Scope
from api.schemas_merge_runs import MergeParameters, SizeAsked, Unit
from api.schemas_merging import MergeCounts
from api.services.merging import sliders

router = APIRouter(tags=["runs"])

Number = Annotated[int | None, Query(ge=1, le=1_000_000, description="Absent: as in a run.")]


@router.get("/api/merges/counts", response_model=MergeCounts)
def count_merges(
    desk: DeskNow,
    unit: Unit = "grid",
    minimum_households: Number = None,
    minimum_residents: Number = None,
    maximum_households: Number = None,
    maximum_residents: Number = None,
    no_maximum: Annotated[
        bool, Query(description="No unit is too large, whatever the rules in force say.")
    ] = False,
    scope: Scope = None,
    plan: Annotated[UUID | None, Query(description="A plan: the grids of its draft.")] = None,
) -> Response:
    """Return how many units are below, within and above sizes, and which: for sliders, at once."""
    parameters = MergeParameters(
        unit=unit,
        minimum=_size(minimum_households, minimum_residents),
        target=SizeAsked(),
        maximum=SizeAsked() if no_maximum else _size(maximum_households, maximum_residents),
        scope=desk.caller.narrow(scope),
    ).model_dump()
    with desk.read() as connection:
        return answer(
            sliders.count(connection, desk.shelf, parameters, plan=plan, caller=desk.caller)
        )


def _size(households: int | None, residents: int | None) -> SizeAsked | None:
    asked = SizeAsked(households=households, residents=residents)
    return None if asked.is_empty else asked
