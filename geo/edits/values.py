"""The edits, as values: what a planner wants, in lon/lat, before it has met the lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from shapely import LineString, MultiLineString, MultiPolygon, Polygon

Position = tuple[float, float]
Line: TypeAlias = LineString | MultiLineString
Area: TypeAlias = Polygon | MultiPolygon


@dataclass(frozen=True)
class Split:
    """Cut grids along a line; the largest piece keeps the code.

    ``tidy`` gives pieces thinner than a sliver back to the neighbouring piece.
    """

    type: ClassVar[str] = "split"
    grids: tuple[str, ...]
    line: Line
    tidy: bool = False


@dataclass(frozen=True)
class Merge:
    """Join adjacent grids of one village; ``keep`` names the one that stays (else the lowest)."""

    type: ClassVar[str] = "merge"
    grids: tuple[str, ...]
    keep: str | None = None


@dataclass(frozen=True)
class Reshape:
    """Make the drawn line the border between two grids."""

    type: ClassVar[str] = "reshape"
    grids: tuple[str, str]
    line: Line


@dataclass(frozen=True)
class Transfer:
    """Give a drawn area to a grid; ``sources``, if any, are the only grids it is taken from.

    ``tidy`` lets pieces that the area cuts off, and slivers, go along.
    """

    type: ClassVar[str] = "transfer"
    to: str
    area: Area
    sources: tuple[str, ...] = ()
    tidy: bool = False


@dataclass(frozen=True)
class Assign:
    """Give whole natural villages to a grid; codes, or row ids as numbers."""

    type: ClassVar[str] = "assign"
    natural_villages: tuple[str | int, ...]
    to: str
    sources: tuple[str, ...] = ()
    tidy: bool = False


@dataclass(frozen=True)
class MoveVertex:
    """Move a node of the lines, in every grid that has it."""

    type: ClassVar[str] = "move_vertex"
    start: Position
    end: Position


@dataclass(frozen=True)
class FillGap:
    """Give the land in no grid around a place to a grid (else to the longest neighbour)."""

    type: ClassVar[str] = "fill_gap"
    at: Position
    to: str | None = None


@dataclass(frozen=True)
class ResolveOverlap:
    """Give the land that two grids share to one of them."""

    type: ClassVar[str] = "resolve_overlap"
    grids: tuple[str, str]
    winner: str


@dataclass(frozen=True)
class ClipToVillage:
    """Cut off what a grid has outside its village."""

    type: ClassVar[str] = "clip_to_village"
    grid: str


@dataclass(frozen=True)
class MatchBorders:
    """Make the grids of a village share their nodes where their borders differ by a hair."""

    type: ClassVar[str] = "match_borders"
    village: str


@dataclass(frozen=True)
class SetAttributes:
    """Change the name or the kind of a grid, or the name of a joint village by its code."""

    type: ClassVar[str] = "set_attributes"
    grid: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Renumber:
    """Number the grids of a village anew, west to east, north to south."""

    type: ClassVar[str] = "renumber"
    village: str


@dataclass(frozen=True)
class Lock:
    """Keep grids, or whole villages, from being changed."""

    type: ClassVar[str] = "lock"
    grids: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unlock:
    """Let grids, or whole villages, be changed again."""

    type: ClassVar[str] = "unlock"
    grids: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()


@dataclass(frozen=True)
class JoinVillages:
    """Join villages into a joint village (联村), or add them to the one some of them are in.

    ``code`` names the joint village, else it gets the lowest free code of its township; ``name``
    names it, else its members do. ``within`` says how far members may lie apart.
    """

    type: ClassVar[str] = "join_villages"
    villages: tuple[str, ...]
    name: str | None = None
    code: str | None = None
    within: str = "township"


@dataclass(frozen=True)
class LeaveJointVillage:
    """Let a village leave its joint village, which ends when only one is left in it."""

    type: ClassVar[str] = "leave_joint_village"
    village: str


@dataclass(frozen=True)
class ApplySuggestion:
    """Do what a group of a run suggests; ``edit`` is what that is, once the run was asked."""

    type: ClassVar[str] = "apply_suggestion"
    run: str
    group: str | int
    edit: Edit | None = None


Edit = (
    Split
    | Merge
    | Reshape
    | Transfer
    | Assign
    | MoveVertex
    | FillGap
    | ResolveOverlap
    | ClipToVillage
    | MatchBorders
    | SetAttributes
    | Renumber
    | Lock
    | Unlock
    | JoinVillages
    | LeaveJointVillage
    | ApplySuggestion
)
