"""What the analysis of merges takes: units, sizes, limits, decisions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Unit = Literal["grid", "natural_village", "village"]
Within = Literal["village", "township", "county"]
Objective = Literal["least_change", "most_groups"]
UnitCode = Annotated[str, Field(min_length=1, max_length=120)]
Pair = Annotated[list[UnitCode], Field(min_length=2, max_length=2)]

MOST_DECISIONS = 2_000
_LARGEST = 1_000_000


class SizeAsked(BaseModel):
    """A number of households, of residents, or of both."""

    model_config = ConfigDict(extra="forbid")

    households: int | None = Field(default=None, ge=1, le=_LARGEST)
    residents: int | None = Field(default=None, ge=1, le=_LARGEST)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return self.households is None and self.residents is None


class MergeParameters(BaseModel):
    """Which units are too small, what groups are allowed, and what is decided already."""

    model_config = ConfigDict(extra="forbid")

    unit: Unit = "grid"
    minimum: SizeAsked | None = Field(
        default=None,
        description="Smallest size; null: the profile's for grids, required of other units.",
    )
    target: SizeAsked | None = Field(
        default=None, description="Best size; null: the profile's for grids, {}: none."
    )
    maximum: SizeAsked | None = Field(
        default=None, description="Largest size; null: the profile's for grids, {}: none."
    )
    max_units: int = Field(default=5, ge=2, le=12, description="Most units in a group.")
    max_span_m: float | None = Field(
        default=None,
        gt=0,
        le=1_000_000,
        allow_inf_nan=False,
        description="Longest way between two units of a group in metres; null: any.",
    )
    max_span_min: float | None = Field(
        default=None,
        gt=0,
        le=10_000,
        allow_inf_nan=False,
        description="The same in minutes; not together with metres.",
    )
    mode: Literal["straight", "road", "terrain"] = Field(
        default="straight", description="How ways are measured; terrain needs a span."
    )
    means: Literal["walk", "drive"] = Field(
        default="walk", description="On foot, or by car (by road only)."
    )
    within: Within | None = Field(
        default=None,
        description="Where the units of a group lie: grids and natural villages in one village "
        "always; villages in one township (default) or anywhere in the county.",
    )
    min_shared_border_m: float = Field(
        default=10.0,
        gt=0,
        le=100_000,
        allow_inf_nan=False,
        description="Neighbours share at least so much border, metres: a corner is no contact.",
    )
    use_barriers: bool = Field(
        default=True, description="Barriers that no road crosses part the units on their sides."
    )
    scope: str | None = Field(
        default=None,
        pattern=r"^[0-9A-Za-z_-]{1,40}$",
        description="Division code; null is everything.",
    )
    together: list[Pair] = Field(
        default=[], max_length=MOST_DECISIONS, description="Pairs that shall be in one group."
    )
    apart: list[Pair] = Field(
        default=[], max_length=MOST_DECISIONS, description="Pairs that shall not be in one group."
    )
    pinned: list[Annotated[list[UnitCode], Field(min_length=1, max_length=12)]] = Field(
        default=[], max_length=MOST_DECISIONS, description="Groups that shall be exactly so."
    )
    locked: list[UnitCode] = Field(
        default=[], max_length=10 * MOST_DECISIONS, description="Units that stay as they are."
    )
    objective: Objective = Field(
        default="least_change",
        description="Touch as little as possible, or make as many groups as possible.",
    )

    @model_validator(mode="after")
    def _agree(self) -> MergeParameters:
        if self.max_span_m is not None and self.max_span_min is not None:
            raise PydanticCustomError("one_span", "give max_span_m or max_span_min, not both")
        if self.means == "drive" and self.mode != "road":
            raise PydanticCustomError("drive_by_road", "driving is by road only")
        if self.mode == "terrain" and self.max_span_m is None and self.max_span_min is None:
            # from each unit to every other over the whole county would take hours
            raise PydanticCustomError("terrain_span", "over terrain give a longest span")
        if self.unit == "village":
            if self.within == "village":
                raise PydanticCustomError("within_unit", "a village cannot hold another")
            self.within = self.within or "township"
        elif self.within not in (None, "village"):
            raise PydanticCustomError(
                "within_unit", "grids and natural villages never leave their village"
            )
        else:
            self.within = "village"
        if self.minimum is not None and self.minimum.is_empty:
            self.minimum = None
        # in one order, so that the same question has one way to be put
        self.together, self.apart = _in_order(self.together), _in_order(self.apart)
        self.pinned, self.locked = _in_order(self.pinned), sorted(set(self.locked))
        return self


def _in_order(groups: list[list[str]]) -> list[list[str]]:
    return [list(group) for group in sorted({tuple(sorted(set(codes))) for codes in groups})]
