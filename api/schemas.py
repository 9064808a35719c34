"""What answers look like: models for the OpenAPI document, held true by the contract tests.

Routes answer with plain values and are not validated again on the way out (that costs more than
the query); the contract tests check real answers against these models.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Count = int | None
Box = tuple[float, float, float, float]
Position = tuple[float, float]
Geometry = dict[str, Any]


class Open(BaseModel):
    """More members may follow in later versions."""

    model_config = ConfigDict(extra="allow")


class Named(Open):
    """A unit by code and name."""

    code: str
    name: str


class ProblemOut(BaseModel):
    """One reason why something is refused (error) or flagged (warning)."""

    key: str
    severity: Literal["error", "warning"]
    message: str
    message_zh: str
    details: dict[str, Any]
    row: int | None
    field: str | None
    grids: list[str]
    geometry: Geometry | None


class LayerOut(BaseModel):
    """How many features a layer has, and its version."""

    count: int
    version: str
    extent: Box | None


class MapMark(BaseModel):
    """What has to stand on every map."""

    zh: str
    en: str


class BasemapOut(BaseModel):
    """Tiles to show behind the layers."""

    kind: Literal["xyz", "wmts"]
    url: str
    labels_url: str | None
    crs: Literal["wgs84", "gcj02"]
    attribution: str


class ProfileOut(Open):
    """The rule set in force, with its source."""

    name: str
    title_zh: str
    title_en: str
    source: str
    sizes: dict[str, Any]
    standards: dict[str, Any]


class WorkspaceOut(BaseModel):
    """The county, its layers, and what the map has to say about them."""

    title: str
    title_en: str
    synthetic: bool
    review_number: str | None
    map_mark: MapMark
    extent: Box | None
    layers: dict[str, LayerOut]
    basemap: BasemapOut | None
    profile: ProfileOut | None
    household_classes: list[int]
    language: Literal["zh", "en"] | None
    version: str


class GridAt(BaseModel):
    """The grid a place is in, null where there is none."""

    grid: Named | None
    village: Named | None
    township: Named | None
    joint_village: Named | None


class JointVillageOut(Named):
    """A joint village (联村): its members, and what their grids amount to."""

    township: Named | None
    members: list[Named]
    households: Count
    residents: Count
    grids: int
    valid_from: datetime | None
    valid_to: datetime | None
    geometry: Geometry | None


class JointVillagesOut(BaseModel):
    """Joint villages by code."""

    joint_villages: list[JointVillageOut]


class Points(BaseModel):
    """Places to look up, longitude and latitude in degrees."""

    points: list[Position] = Field(max_length=100_000)


class GridCodes(BaseModel):
    """One grid code (or null) a point, in order, all from one version of the lines."""

    version: str
    codes: list[str | None]


class SizeRuleOut(BaseModel):
    """Households a grid of this kind should have."""

    minimum: Count
    target: Count
    maximum: Count


class GridRow(BaseModel):
    """A grid with its numbers; null where nothing is known."""

    code: str
    name: str
    village_code: str | None
    village: str | None
    township: str | None
    kind: Literal["basic", "dedicated"]
    households: Count
    residents: Count
    registered: Count
    elderly: Count
    aged_80: Count
    children: Count
    area_m2: float | None
    compactness: float | None
    reock: float | None
    span_m: float | None
    center_median_m: float | None
    center_p90_m: float | None
    center_max_m: float | None
    profile_status: Literal["within", "below", "above", "empty"] | None
    rule: SizeRuleOut | None
    center: Position
    locked: bool = Field(default=False, description="Only with plan=: its line must not change.")
    drafted: bool = Field(default=False, description="Only with plan=: shown as the plan has it.")


class GridTotals(BaseModel):
    """Sums over all grids that match, not over the page."""

    households: int
    residents: int
    registered: int
    within: int
    below: int
    above: int
    empty: int


class GridPage(BaseModel):
    """A page of grids; ``position`` is the place of the code that was to be found, from 0."""

    total: int
    totals: GridTotals
    rows: list[GridRow]
    position: int | None


class Validity(BaseModel):
    """One version of a grid's lines."""

    valid_from: datetime
    valid_to: datetime | None


class NearestCenter(Named):
    """The closest service center, by straight line."""

    level: str
    distance_m: float


class GridDetail(GridRow):
    """A grid with its shape, its history and what is wrong with it."""

    geometry: Geometry
    bbox: Box
    valid_from: datetime | None = Field(description="null for a grid that is only drafted.")
    history: list[Validity]
    nearest_center: NearestCenter | None
    problems: list[ProblemOut]
    flags: list[str]
    joint_village: Named | None


class ThingOut(Open):
    """A division, natural village, center or household with what is known of it."""

    geometry: Geometry | None
    bbox: Box | None
    problems: list[ProblemOut]


class PartitionOut(BaseModel):
    """Gaps, overlaps, invalid shapes and unmatched edges of the grids."""

    version: str
    checked_villages: int
    problems: list[ProblemOut]


class KeyCount(BaseModel):
    """How often a problem occurs in a file."""

    key: str
    severity: Literal["error", "warning"]
    count: int
    message: str
    message_zh: str


class ImportOut(BaseModel):
    """What was found in a file; nothing is stored before it is committed."""

    id: UUID
    layer: str
    filename: str
    state: Literal["reported", "committed", "discarded"]
    rows: int
    good_rows: int
    left_out: int = 0
    crs: str | None
    mapping: dict[str, str]
    columns: list[str]
    unused_columns: list[str]
    dropped_columns: list[str]
    counts: dict[str, int]
    by_key: list[KeyCount]
    problems: list[ProblemOut]
    preview: list[dict[str, Any]]
    can_commit: bool


class CommitOut(BaseModel):
    """What a commit did to the layer."""

    state: Literal["committed"]
    added: int
    changed: int
    unchanged: int
    closed: int
