"""What service analyses answer. Costs are in ``unit``: metres (m) or minutes (min)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas import Box, Count, Named, Position, ProblemOut
from api.schemas_runs import Level, Means, Measure, Mode, Weight

Unit = Literal["m", "min"]


class People(BaseModel):
    """Households, the residents in them, and what was chosen to weigh them by."""

    households: int
    residents: int
    people: int = Field(description="By the weight of the run.")


class ServiceResult(BaseModel):
    """What every service analysis says of its question."""

    unit: Unit
    level: Level
    mode: Mode
    means: Means
    measure: Measure
    weight: Weight
    standards: dict[str, float] = Field(description="By area type, of those that occur.")
    households: int
    residents: int
    people: int
    centers_counted: int = Field(description="Centers of the level or higher.")
    states: dict[str, People] = Field(
        description="served, far, unreachable, off_network, unlocated, no_center: all households."
    )
    loaded: list[Mode] = Field(description="Ways there is data for.")
    problems: list[ProblemOut] = Field(description="Warnings: what the numbers leave out.")


class GapSite(BaseModel):
    """A household's place where one new center would serve most of a gap, by straight line."""

    point: Position
    people: int


class GapArea(BaseModel):
    """Land beyond every center, with the households on it."""

    rank: int
    households: int
    residents: int
    people: int
    elderly: Count
    children: Count
    area_m2: float
    nearest_center: Named | None
    nearest_cost: float | None
    farthest_cost: float | None
    mean_cost: float | None = Field(description="Mean over the people.")
    extension_90: float | None = Field(
        description="What the standard must grow by to serve 90 % of the people; null: no way."
    )
    extension_all: float | None
    excess: float = Field(description="People times what they go beyond the standard.")
    without_way: int = Field(description="Households no way leads from.")
    site: GapSite | None
    villages: list[Named]
    bbox: Box
    point: Position


class GapShare(Named):
    """Served share of one unit."""

    households: int
    served: int
    share: float | None
    residents: int
    residents_served: int
    far: int
    unreachable: int
    off_network: int
    unlocated: int


class GapShares(BaseModel):
    """Served shares by unit."""

    township: list[GapShare]
    village: list[GapShare]
    grid: list[GapShare]
    area_type: list[GapShare]


class ModeCount(BaseModel):
    """Who is served, going one way, by the same standard."""

    mode: Mode
    served: int
    residents_served: int
    share: float | None


class VillageVerdict(Named):
    """A village by every way that is loaded."""

    households: int
    residents: int
    served: dict[str, int] = Field(description="Households by mode.")
    straight_only: int = Field(description="Households only the straight line calls served.")
    straight_only_residents: int
    verdict: Literal["covered", "partly", "not_covered", "unknown"]


class ModeComparison(BaseModel):
    """The same standard by every way that is loaded; ``based_on`` is the one that counts."""

    based_on: Mode
    modes: list[ModeCount]
    villages: list[VillageVerdict]


class GapResult(ServiceResult):
    """Who is beyond the service standard of every center."""

    served: int
    share: float | None
    unserved_households: int = Field(description="Placed and not served.")
    unserved_residents: int
    unserved_elderly: Count
    areas: list[GapArea]
    shares: GapShares
    comparison: ModeComparison


class HistogramBar(BaseModel):
    """People whose way lies in ``from`` < cost ≤ ``to``."""

    from_: float = Field(alias="from")
    to: float
    households: int
    people: int
    share: float = Field(description="Of everybody, up to ``to``.")


class CenterRadius(Named):
    """One center and those assigned to it."""

    level: Level
    village: Named | None
    point: Position
    households: int
    people: int
    radius_50: float | None
    radius_80: float | None
    radius_90: float | None
    radius_95: float | None
    radius_100: float | None
    radius: float | None = Field(description="Smallest that serves the share asked for.")
    mean_cost: float | None
    farthest_cost: float | None
    within: int = Field(description="People within the standard.")
    capacity: int | None = Field(description="null: not known, taken as unlimited.")
    load: float | None = Field(description="People over capacity.")
    over: int | None = Field(description="People beyond the capacity.")
    only_here: int = Field(description="People within the standard of no other center.")
    shared: int = Field(description="People within the standard of others, too.")
    takes_in: bool = Field(
        description="With capacities: one more place here takes in somebody who is left out."
    )
    worth: float | None = Field(
        description="With capacities: what else one more place here saves of all ways, in unit."
    )


class Uniform(BaseModel):
    """Smallest radius that, for every center alike, serves the share asked for."""

    radius: float | None = Field(description="null: not even the largest way serves so many.")
    attainable: float = Field(description="Largest share that any radius serves.")
    percentiles: dict[str, float | None] = Field(description="Radius for 50, 80, 90, 95 and 100 %.")
    with_capacity: float | None = Field(
        description="The same, within capacities (within the reach that was searched)."
    )
    attainable_with_capacity: float | None
    histogram: list[HistogramBar]


class Overlap(BaseModel):
    """People by the number of centers within their standard."""

    none: int
    one: int
    several: int


class CapacityResult(BaseModel):
    """Assignment within capacities: fewest left out, then the least way in all."""

    limit: float = Field(description="Farthest way anybody is assigned to.")
    assigned: int
    overflow: int = Field(description="People left out.")
    overflow_households: int
    reasons: dict[str, int] = Field(description="People by reason: full, closed, no_center.")
    split: int = Field(description="Households whose people go to several centers.")
    mean_cost: float | None
    mean_cost_nearest: float | None = Field(description="The same, everybody to the nearest.")
    proved: bool
    without_capacity: int = Field(description="Centers whose capacity is not known.")


class RadiusResult(ServiceResult):
    """How far each center reaches."""

    share: float
    uniform: Uniform
    centers: list[CenterRadius]
    overlap: Overlap
    capacity: CapacityResult | None


class AccessUnit(Named):
    """Score of a unit: places per person, the mean over its people."""

    households: int
    people: int
    score: float | None


class AccessResult(ServiceResult):
    """How much service there is within reach, per person."""

    method: str
    supply: str
    mean: float | None = Field(description="Over everybody: places per person.")
    without: int = Field(description="People with no service within reach.")
    breaks: list[float] = Field(description="Limits of five classes of grids, by quantiles.")
    grid: list[AccessUnit]
    village: list[AccessUnit]
    township: list[AccessUnit]
    unreached: list[Named] = Field(description="Centers nobody is in reach of.")


class WayOut(BaseModel):
    """The way from a place to a center."""

    state: Literal["reached", "unreachable", "off_network", "unlocated", "no_center"]
    unit: Unit
    cost: float | None
    center: Named | None
    straight_m: float | None = Field(description="Straight line to that center, else the nearest.")
    line: dict[str, Any] | None = Field(description="GeoJSON LineString.")
