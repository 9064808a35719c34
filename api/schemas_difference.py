"""What a difference between plans looks like (see :mod:`api.schemas`)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.schemas import Box, Count, Named, Open, Position
from api.schemas_plans import JointChange, State


class GridChange(Open):
    """How one grid differs."""

    code: str
    previous_code: str | None
    name: str
    village_code: str
    change: Literal["added", "removed", "changed", "renumbered", "attributes"]
    area_before_m2: float | None
    area_after_m2: float | None
    area_in_m2: float | None
    area_out_m2: float | None
    households_before: Count
    households_after: Count
    households_in: Count
    households_out: Count
    residents_before: Count
    residents_after: Count
    residents_in: Count
    residents_out: Count
    bbox: Box | None


class LandMoved(Open):
    """Land that goes from one grid to another."""

    old_grid: str | None
    new_grid: str | None
    area_m2: float
    households: int
    residents: int


class HouseholdMoved(BaseModel):
    """A household that gets another grid."""

    household: str
    old_grid: str | None
    new_grid: str | None
    residents: int
    point: Position


class DifferenceTotals(BaseModel):
    """Sums over the difference."""

    added: int
    removed: int
    changed: int
    renumbered: int
    attributes: int
    grids_before: int
    grids_after: int
    area_moved_m2: float
    households_moved: int
    residents_moved: int
    joint_villages: int


class DifferenceOut(BaseModel):
    """A plan against the lines in force when it touched them, or against another plan."""

    id: UUID
    state: State
    revision: int
    against: UUID | None
    totals: DifferenceTotals
    grids: list[GridChange]
    land: list[LandMoved]
    joint_villages: list[JointChange]
    villages: list[Named] = Field(
        description="The members of the joint villages that differ, before and after."
    )
    households: list[HouseholdMoved] | None
