"""What answers about plans look like (see :mod:`api.schemas`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import Box, Count, Geometry, Named, Open, Position, ProblemOut, SizeRuleOut

State = Literal["draft", "submitted", "published", "withdrawn"]
Status = Literal["within", "below", "above", "empty"] | None


class Strict(BaseModel):
    """A body: an unknown member is a mistake."""

    model_config = ConfigDict(extra="forbid")


class PlanWanted(Strict):
    """A plan to make."""

    name: str = Field(max_length=1_000, examples=["河东镇网格优化"])
    scope: str = Field(
        pattern=r"^[0-9A-Za-z_-]{1,40}$",
        description="Code of the county, township or village it may change.",
        examples=["500229"],
    )
    network: str | None = Field(
        default=None, max_length=60, description="Absent: the all-purpose network."
    )


class NewName(Strict):
    """A name for a plan."""

    name: str = Field(max_length=1_000)


class CopyWanted(NewName):
    """A branch of a plan."""

    head: int | None = Field(
        default=None,
        ge=0,
        le=10_000_000,
        description="How many edits are applied in it; absent: as many as in the plan.",
    )


class PublishWanted(Strict):
    """How a plan is published."""

    note: str | None = Field(
        default=None,
        max_length=10_000,
        description="Why grids outside the size rules stay as they are.",
    )


class RebaseWanted(Strict):
    """How a plan is brought onto the lines in force."""

    drop: bool = Field(default=False, description="Leave out edits that are not possible any more.")


class PlanOut(BaseModel):
    """A plan; ``revision`` is what the next write sends as If-Match."""

    id: UUID
    name: str
    scope: str
    scope_name: str | None
    network: str
    state: State
    revision: int
    head: int
    edits: int
    undone: int
    base_at: datetime
    created_by: str
    created_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    note: str
    copied_from: UUID | None
    touched_villages: list[Named]
    bbox: Box | None


class PlanPage(BaseModel):
    """Plans, the last changed first."""

    total: int
    plans: list[PlanOut]


class Indicators(Open):
    """Numbers of a grid; null where nothing is known."""

    households: Count
    residents: Count
    registered: Count
    children: Count
    elderly: Count
    aged_80: Count
    area_m2: float | None
    compactness: float | None
    reock: float | None
    span_m: float | None
    center_median_m: float | None
    center_p90_m: float | None
    center_max_m: float | None
    profile_status: Status


class DraftGrid(Indicators):
    """A grid of a draft with its numbers and its shape, exactly as stored (null: not asked)."""

    code: str
    name: str
    village_code: str
    kind: Literal["basic", "dedicated"]
    parent_code: str | None
    locked: bool
    geometry: Geometry | None
    before: Indicators | None


class JointBefore(BaseModel):
    """What a joint village was."""

    name: str
    members: list[str]


class JointChange(BaseModel):
    """A joint village (联村) that differs; of one that ends it says what it was."""

    code: str
    change: Literal["added", "removed", "changed"]
    name: str
    members: list[str]
    before: JointBefore | None


class EditOut(BaseModel):
    """What an edit (or undo, redo) did, or would do.

    ``created`` and ``removed`` are codes of grids, or of joint villages.
    """

    id: UUID
    state: State
    revision: int
    head: int
    undone: int
    preview: bool
    edit: dict[str, Any] | None
    changed: list[DraftGrid]
    created: list[str]
    removed: list[str]
    villages: list[str]
    joint_villages: list[JointChange]
    problems: list[ProblemOut]


class SuggestionsWanted(Strict):
    """Which suggestions of a run are accepted."""

    run: UUID
    groups: list[int | str] | None = Field(
        default=None, max_length=20_000, description="Ids of groups; absent: all of the run."
    )


class SuggestionApplied(BaseModel):
    """A group that was applied, and the code of what it is now."""

    group: int | str
    code: str | None


class SuggestionRefused(BaseModel):
    """A group that could not be applied, and why."""

    group: int | str | None
    problem: ProblemOut


class SuggestionsOut(BaseModel):
    """What came of suggestions, and all they changed."""

    id: UUID
    state: State
    revision: int
    head: int
    undone: int
    applied: list[SuggestionApplied]
    refused: list[SuggestionRefused]
    changed: list[DraftGrid]
    created: list[str]
    removed: list[str]
    villages: list[str]
    joint_villages: list[JointChange]
    problems: list[ProblemOut]


class LogEntry(BaseModel):
    """One edit of the log."""

    position: int
    state: Literal["applied", "undone", "overtaken", "conflict"]
    revision: int
    edit: dict[str, Any]
    changed: list[str]
    created: list[str]
    removed: list[str]
    villages: list[str]
    author: str
    made_at: datetime


class LogOut(BaseModel):
    """Edits of a plan by position; ``total`` is how many there ever were."""

    id: UUID
    revision: int
    head: int
    total: int
    edits: list[LogEntry]


class NumberedProblem(ProblemOut):
    """A problem of a plan with its number in the list."""

    number: int
    village: str | None
    bbox: Box | None


class ProblemsOut(BaseModel):
    """What keeps a plan from being published, and what has to be acknowledged."""

    id: UUID
    state: State
    revision: int
    errors: int
    warnings: int
    needs_note: bool
    can_publish: bool
    problems: list[NumberedProblem]
    next: NumberedProblem | None


class Sizes(BaseModel):
    """What some grids amount to; ``sizes`` are the households of each that has a number, sorted."""

    grids: int
    households: int
    residents: int
    rated: int
    within: int
    below: int
    above: int
    empty: int
    smallest: Count
    largest: Count
    sizes: list[int]


class SizesOfKind(Sizes):
    """The same of the grids of one area type, with the rule they stand under."""

    rule: SizeRuleOut | None


class ScopeSizes(Sizes):
    """The same of all grids in the scope of a plan."""

    by_area_type: dict[str, SizesOfKind]


class SummaryOut(BaseModel):
    """The grids of a plan's scope: in the lines it started from, and in its draft.

    ``rule`` is the one most of them stand under.
    """

    id: UUID
    state: State
    revision: int
    rule: SizeRuleOut | None
    before: ScopeSizes
    after: ScopeSizes


class PublishedOut(PlanOut):
    """A published plan with what its publication did to the lines."""

    counts: dict[str, int]


class ChangedMeaning(BaseModel):
    """An edit that was replayed on grids whose land is not what it met when it was made."""

    position: int
    edit: dict[str, Any]
    grids: list[str]


class RebasedOut(PlanOut):
    """A plan on the lines in force; the edits that were left out, those that need a second look."""

    replayed: int
    dropped: list[dict[str, Any]]
    changed_meaning: list[ChangedMeaning]


class ImportedPlan(PlanOut):
    """A plan from a file, with what differs from the file."""

    replayed: int
    dropped: list[dict[str, Any]]
    problems: list[ProblemOut]


class CommentWanted(Strict):
    """A comment on a place."""

    text: str = Field(max_length=10_000)
    point: Position = Field(description="[lon, lat]")


class CommentState(Strict):
    """Whether a comment is settled."""

    resolved: bool


class CommentOut(BaseModel):
    """A comment on a place in a plan."""

    id: int
    text: str
    point: Position
    author: str
    made_at: datetime
    resolved: bool
    resolved_by: str | None
    resolved_at: datetime | None


class CommentsOut(BaseModel):
    """The comments of a plan, oldest first."""

    comments: list[CommentOut]
