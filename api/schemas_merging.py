"""What the analysis of merges answers; spans are in metres or minutes (``unit_of_span``)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas import Box, Count, Named, Position, ProblemOut
from api.schemas_merge_runs import SizeAsked, Unit, Within
from api.schemas_service import AccessResult, GapResult, RadiusResult


class ReasonOut(BaseModel):
    """Why, as a key with its values and as a sentence."""

    key: str
    values: dict[str, Any]
    zh: str
    en: str


class RunnerUpOut(ReasonOut):
    """What would come next if the group were not made, and why it is worse."""

    members: list[str] = Field(description="Units of the next best group; one: it is left over.")
    names: list[str]
    exact: bool = Field(description="Everything was rearranged, not only the units around.")


class MemberOut(Named):
    """A unit in a group."""

    households: Count
    residents: Count
    registered: Count
    below: bool = Field(description="Less than the minimum by itself.")
    seat: bool = Field(description="Holds the township's seat: residents of villages are mixed.")
    village: Named | None


class GroupOut(BaseModel):
    """Units that are better off together."""

    id: str = Field(description="Lowest code of its members.")
    name: str = Field(description="Names of its members.")
    members: list[MemberOut]
    township: Named | None
    village: Named | None
    households: Count
    residents: Count
    registered: Count
    span: float | None = Field(description="Longest way between two members.")
    shared_border_m: float
    hub: str = Field(description="Member to which the ways of all add up to least.")
    healthy_touched: int
    point: Position
    bbox: Box
    why: ReasonOut
    whys: list[ReasonOut] = Field(description="One a unit below the minimum, one a decision.")
    others: list[ReasonOut] = Field(description="Neighbours that are not in it, and why.")
    runner_up: RunnerUpOut | None
    price: dict[str, int] | None = Field(
        description="How much worse the plan would be without the group, by level."
    )
    pinned: bool
    seat: bool
    edit: dict[str, Any] | None = Field(description="The edit of a plan that makes the group.")


class LeftOut(Named):
    """A unit that stays below the minimum."""

    households: Count
    residents: Count
    township: Named | None
    village: Named | None
    point: Position | None
    reason: ReasonOut
    neighbours: list[ReasonOut]


class PartOut(BaseModel):
    """A part of a unit that is too large."""

    cells: list[str] = Field(description="Natural villages.")
    names: list[str]
    households: Count
    residents: Count


class AboveOut(Named):
    """A unit above the maximum, and how it could be split along natural villages."""

    households: Count
    residents: Count
    township: Named | None
    village: Named | None
    point: Position | None
    parts: list[PartOut] | None
    reason: ReasonOut | None
    edits: list[dict[str, Any]] = Field(description="Edit that makes all parts, or the first cut.")


class SizeCounts(BaseModel):
    """Units by size; of a group as of one unit."""

    below: int
    within: int
    above: int
    empty: int = Field(description="Nobody lives there.")
    unknown: int = Field(description="Numbers that cannot be used.")


class SizeHistogram(BaseModel):
    """Units by households (or residents): ``edges[i]`` ≤ size < ``edges[i + 1]``.

    The largest share the last bar.
    """

    measure: Literal["households", "residents"]
    edges: list[int]
    before: list[int]
    after: list[int]


class RulesApplied(BaseModel):
    """Sizes of one area type, as they were applied."""

    minimum: SizeAsked
    target: SizeAsked
    maximum: SizeAsked
    from_profile: bool


class LevelOut(BaseModel):
    """One level of the objective: its value, and the best it could be."""

    name: str
    value: int
    bound: int | None
    proved: bool
    gap: float | None


class TownshipOut(Named):
    """What came of one township."""

    units: int
    below: int
    left: int
    groups: int
    proved: bool
    gap: float | None = Field(description="Of the first level that is not proved; null: no bound.")
    candidates: int = Field(description="Groups that keep every rule.")


class MergeResult(BaseModel):
    """Which units to join, which are left over, which to split, and why."""

    unit: Unit
    unit_of_span: Literal["m", "min"]
    within: Within
    objective: Literal["least_change", "most_groups"]
    rules: dict[str, RulesApplied] = Field(
        description="By area type; key all where one rule holds for everything."
    )
    limits: dict[str, Any] = Field(description="max_units, max_span, min_shared_border_m.")
    units: int
    counts: SizeCounts
    counts_after: SizeCounts
    histogram: SizeHistogram
    proved: bool
    levels: list[LevelOut]
    townships: list[TownshipOut]
    groups: list[GroupOut]
    left: list[LeftOut]
    above: list[AboveOut]
    barriers: int = Field(description="Barriers that were looked at.")
    problems: list[ProblemOut]


class HistogramOut(BaseModel):
    """Units by size: ``edges[i]`` ≤ size < ``edges[i + 1]``; the largest share the last bar."""

    measure: Literal["households", "residents"]
    edges: list[int]
    counts: list[int]


class CodesOut(BaseModel):
    """Codes of the units that a map shows while sizes are being tried."""

    below: list[str]
    above: list[str]


class MergeCounts(SizeCounts):
    """How many units are below, within and above sizes that are being tried, and which."""

    units: int
    codes: CodesOut
    rules: dict[str, RulesApplied]
    histogram: HistogramOut
    version: str


RunResult = GapResult | RadiusResult | AccessResult | MergeResult
