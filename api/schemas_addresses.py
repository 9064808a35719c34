"""What is said of addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import Box, Named, Open, Position

AddressLevel = Literal["house", "group", "natural_village", "village", "township"]


class GridOfMany(Named):
    """A grid an address may be in, with how many of the households it may mean."""

    households: int | None = None


class AddressCandidate(Open):
    """A house, or a place in a grid, that the address may mean; a house has its code."""

    matched_address: str
    level: AddressLevel | None
    point: Position | None
    grid: Named | None
    households: int | None
    household_id: str | None


class AddressFault(BaseModel):
    """Something an address has wrong: what was typed, what it was taken for, what that costs."""

    value: str
    element: str
    fault: str
    meant: str
    penalty: float
    message: str
    message_zh: str


class AddressAnswer(Open):
    """Where an address is; a doubtful one is refused rather than guessed."""

    status: Literal["ok", "ambiguous", "none"]
    level: AddressLevel | None
    confidence: float
    confidence_version: str
    grid: Named | None
    grids: list[GridOfMany]
    point: Position | None
    matched_address: str | None
    candidates: list[AddressCandidate]
    normalised: str
    parsed: dict[str, Any]
    faults: list[AddressFault]
    message: str
    message_zh: str


class Suggestion(BaseModel):
    """A completion while somebody types."""

    text: str
    kind: Literal["county", "township", "village", "natural_village", "grid", "center", "address"]
    code: str
    detail: str
    point: Position | None
    bbox: Box | None


class Suggestions(BaseModel):
    """Completions, best first."""

    suggestions: list[Suggestion]


class NearAddress(Open):
    """A registered address near a place."""

    matched_address: str
    distance_m: float
    point: Position | None
    grid: Named | None


class NearAddresses(BaseModel):
    """Where a place is, and the registered addresses nearest to it, the nearest first."""

    grid: Named | None
    village: Named | None
    township: Named | None
    addresses: list[NearAddress]


class BatchAnswer(Open):
    """One answered row of a table."""

    address: str
    status: Literal["ok", "ambiguous", "none"]
    level: str
    grid_code: str
    reason: str
    reason_zh: str


class BatchOut(BaseModel):
    """A table of addresses on its way: how many rows are answered, and the first of them."""

    id: str
    filename: str
    column: str
    columns: list[str]
    row_count: int
    done: int
    counts: dict[str, int]
    preview: list[BatchAnswer]
    problems: list[dict[str, Any]]


class WrongAnswer(BaseModel):
    """An address that is answered wrongly, and what would be right."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(min_length=1, max_length=200)
    note: str = Field(default="", max_length=500)


class ReportedAnswer(BaseModel):
    """A report as it was stored."""

    id: int
    query: str
    answer: AddressAnswer


class ReportOut(Open):
    """A report of a wrong answer; ``settled_at`` is null while it is open."""

    id: int
    query: str
    note: str
    created_at: datetime
    settled_at: datetime | None
    settled_note: str


class ReportList(BaseModel):
    """Reports, the newest first, and how many there are."""

    total: int
    reports: list[ReportOut]


class SettledReport(BaseModel):
    """What the planner did about it."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(default="", max_length=500)


class UnreadFault(BaseModel):
    """A reason why addresses could not be read, and how many."""

    fault: str
    count: int
    message: str
    message_zh: str


class UnreadAddress(BaseModel):
    """A household whose address could not be read."""

    code: str
    village_code: str | None
    address: str
    fault: str
    message: str
    message_zh: str


class UnreadAddresses(BaseModel):
    """Addresses that could not be read: all of them counted, the first listed."""

    total: int
    faults: list[UnreadFault]
    rows: list[UnreadAddress]
