"""What runs take and give: parameters of each analysis, state, results."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.schemas import GapResult

AnalysisName = Literal["service_gaps"]
RunResult = GapResult


class ServiceParameters(BaseModel):
    """Which centers count, how people get there, and how far is too far."""

    model_config = ConfigDict(extra="forbid")

    level: Literal["county", "township", "village", "station"] = Field(
        default="village", description="Centers of this level or a higher one count."
    )
    mode: Literal["straight", "road", "terrain"] = Field(
        default="straight", description="Straight line, by road, or on foot over the terrain."
    )
    means: Literal["walk", "drive"] = Field(default="walk", description="On foot, or by car.")
    measure: Literal["distance", "time"] | None = Field(
        default=None,
        description="Metres or minutes; null: what the standard is given in, else metres.",
    )
    standard_m: float | None = Field(
        default=None,
        gt=0,
        le=1_000_000,
        allow_inf_nan=False,
        description="Farthest acceptable way in metres, inclusive; null: the profile's.",
    )
    standard_min: float | None = Field(
        default=None,
        gt=0,
        le=10_000,
        allow_inf_nan=False,
        description="Farthest acceptable way in minutes, inclusive; null: the profile's.",
    )
    scope: str | None = Field(
        default=None,
        pattern=r"^[0-9A-Za-z_-]{1,40}$",
        description="Division code; null is everything.",
    )

    @model_validator(mode="after")
    def _agree(self) -> ServiceParameters:
        given = [
            measure
            for measure, value in (("distance", self.standard_m), ("time", self.standard_min))
            if value is not None
        ]
        if len(given) == 2 or (given and self.measure not in (None, given[0])):
            raise PydanticCustomError(
                "one_standard", "give standard_m or standard_min, and the measure that goes with it"
            )
        if self.means == "drive" and self.mode != "road":
            raise PydanticCustomError("drive_by_road", "driving is by road only")
        # always said, so that the same question has one way to be put
        self.measure = self.measure or ("time" if self.standard_min is not None else "distance")
        return self


class GapsRequest(BaseModel):
    """Who is beyond the standard of every center, and where."""

    model_config = ConfigDict(extra="forbid")

    analysis: Literal["service_gaps"]
    parameters: ServiceParameters = Field(default_factory=ServiceParameters)
    plan: UUID | None = Field(default=None, description="A plan: the grids of its draft.")


RunRequest = GapsRequest


class RunOut(BaseModel):
    """A run: over when ``state`` is neither queued nor running."""

    id: UUID
    analysis: str
    state: Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
    progress: float = Field(description="0 to 1.")
    step: str | None = Field(description="What it is at.")
    parameters: dict[str, Any]
    plan: UUID | None
    stale: bool = Field(description="Its data has changed since; ask again for a new answer.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: dict[str, Any] | None


class RunList(BaseModel):
    """The latest runs, the newest first."""

    runs: list[RunOut]
