"""What runs take: the parameters of each analysis; and a run as it is told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.schemas_merge_runs import MergeParameters

AnalysisName = Literal["service_gaps", "service_radius", "accessibility", "merges"]
Level = Literal["county", "township", "village", "station"]
Mode = Literal["straight", "road", "terrain"]
Means = Literal["walk", "drive"]
Measure = Literal["distance", "time"]
Weight = Literal["households", "residents", "elderly"]


class ServiceParameters(BaseModel):
    """Which centers count, how people get there, and how far is too far."""

    model_config = ConfigDict(extra="forbid")

    level: Level = Field(
        default="village", description="Centers of this level or a higher one count."
    )
    mode: Mode = Field(
        default="straight", description="Straight line, by road, or on foot over the terrain."
    )
    means: Means = Field(default="walk", description="On foot, or by car (by road only).")
    measure: Measure | None = Field(
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
    weight: Weight = Field(default="residents", description="What a household counts.")
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


class RadiusParameters(ServiceParameters):
    """How far each center reaches."""

    weight: Weight = Field(
        default="households", description="What a household counts; capacities are in households."
    )
    share: float = Field(
        default=0.95, gt=0, le=1, description="Share of the people the radius is to serve."
    )
    capacity: bool = Field(
        default=False,
        description="Assign within capacities, with the least way in all; else to the nearest.",
    )


class AccessParameters(ServiceParameters):
    """How much service there is for each household within reach; the standard is the catchment."""

    method: Literal["2sfca", "e2sfca", "3sfca"] = Field(
        default="e2sfca", description="Family of two-step floating catchment areas."
    )
    supply: Literal["capacity", "floor_area", "one"] = Field(
        default="capacity", description="What a center offers; one: each the same."
    )


class GapsRequest(BaseModel):
    """Who is beyond the standard of every center, and where."""

    model_config = ConfigDict(extra="forbid")

    analysis: Literal["service_gaps"]
    parameters: ServiceParameters = Field(default_factory=ServiceParameters)
    plan: UUID | None = Field(default=None, description="A plan: the grids of its draft.")


class RadiusRequest(BaseModel):
    """How far each center reaches, and whether its capacity suffices."""

    model_config = ConfigDict(extra="forbid")

    analysis: Literal["service_radius"]
    parameters: RadiusParameters = Field(default_factory=RadiusParameters)
    plan: UUID | None = Field(default=None, description="A plan: the grids of its draft.")


class AccessRequest(BaseModel):
    """How much service there is within reach of each household and grid."""

    model_config = ConfigDict(extra="forbid")

    analysis: Literal["accessibility"]
    parameters: AccessParameters = Field(default_factory=AccessParameters)
    plan: UUID | None = Field(default=None, description="A plan: the grids of its draft.")


class MergesRequest(BaseModel):
    """Which sparsely populated units to join, and why."""

    model_config = ConfigDict(extra="forbid")

    analysis: Literal["merges"]
    parameters: MergeParameters = Field(default_factory=MergeParameters)
    plan: UUID | None = Field(default=None, description="A plan: the grids and locks of its draft.")


RunRequest = Annotated[
    GapsRequest | RadiusRequest | AccessRequest | MergesRequest, Field(discriminator="analysis")
]


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
