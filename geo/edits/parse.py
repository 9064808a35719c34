"""Edits as JSON: read strictly, written canonically."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args

import shapely

from geo.edits import values
from geo.edits.members import (
    invalid,
    read_area,
    read_attributes,
    read_flag,
    read_group,
    read_line,
    read_pair,
    read_position,
    read_run,
    read_text,
    read_texts,
    read_units,
    read_village,
    read_villages,
    read_within,
)
from geo.edits.values import Edit

Reader = Callable[[Any, str], Any]


class Member(NamedTuple):
    """One member of an edit: its name in JSON, in the class, how it is read."""

    name: str
    attribute: str
    read: Reader
    required: bool = True


def parse_edit(value: Any) -> Edit:  # noqa: ANN401
    """Return the edit a JSON value describes.

    Parameters
    ----------
    value
        ``{"type": …}`` with the members of that type; coordinates lon/lat (EPSG:4490), a third
        number of a position is ignored. ``split`` also takes ``grid`` for a single one.

    Raises
    ------
    EditError
        ``invalid_edit`` with the member and the reason; ``bad_coordinate``,
        ``coordinates_in_metres``, ``coordinates_swapped``, ``too_many_vertices``,
        ``drawing_invalid``.

    Examples
    --------
    >>> parse_edit({"type": "merge", "grids": ["a", "b"]})
    Merge(grids=('a', 'b'), keep=None)
    """
    if not isinstance(value, Mapping):
        raise invalid("edit", "not an object", "不是对象")
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in EDITS:
        raise invalid("type", f"one of {', '.join(EDITS)}", f"应为{'、'.join(EDITS)}之一")
    make, members = EDITS[kind]
    given = {name: given for name, given in value.items() if name != "type"}
    if kind == "split" and "grid" in given and "grids" not in given:
        given["grids"] = [given.pop("grid")]
    for name in given:
        if name not in {member.name for member in members}:
            raise invalid(name[:80], "there is no such member", "没有这一项")
    read: dict[str, Any] = {}
    for member in members:
        if given.get(member.name) is not None:
            read[member.attribute] = member.read(given[member.name], member.name)
        elif member.required:
            raise invalid(member.name, "missing", "缺少")
    edit: Edit = make(**read)
    _check_together(edit)
    return edit


def edit_to_json(edit: Edit) -> dict[str, Any]:
    """Return an edit as JSON values; ``parse_edit`` of them is equal to it.

    Examples
    --------
    >>> edit_to_json(values.Merge(("a", "b")))
    {'type': 'merge', 'grids': ['a', 'b']}
    """
    out: dict[str, Any] = {"type": edit.type}
    for member in EDITS[edit.type][1]:
        value = getattr(edit, member.attribute)
        if value is None or value is False or (value == () and not member.required):
            continue
        if isinstance(value, get_args(Edit)):
            value = edit_to_json(value)
        elif isinstance(value, shapely.Geometry):
            value = json.loads(shapely.to_geojson(value))
        elif isinstance(value, tuple):
            value = list(value)
        out[member.name] = value
    return out


@dataclass(frozen=True)
class Needs:
    """What must be at hand to try an edit: the villages of all that is named here."""

    grids: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    natural_villages: tuple[str | int, ...] = ()
    shape: shapely.Geometry | None = None


def needs(edit: Edit) -> Needs:
    """Return what an edit is about; ``shape`` is in EPSG:4490."""
    match edit:
        case values.Split() | values.Merge() | values.Reshape() | values.ResolveOverlap():
            return Needs(grids=edit.grids)
        case values.Transfer():
            return Needs(grids=(edit.to, *edit.sources))
        case values.Assign():
            return Needs((edit.to, *edit.sources), natural_villages=edit.natural_villages)
        case values.MoveVertex():
            return Needs(shape=shapely.Point(edit.start))
        case values.FillGap():
            to = () if edit.to is None else (edit.to,)
            return Needs(grids=to, shape=shapely.Point(edit.at))
        case values.ClipToVillage() | values.SetAttributes():
            return Needs(grids=(edit.grid,))
        case values.Renumber() | values.MatchBorders() | values.LeaveJointVillage():
            return Needs(villages=(edit.village,))
        case values.JoinVillages():
            return Needs(villages=edit.villages)
        case values.ApplySuggestion():
            return Needs() if edit.edit is None else needs(edit.edit)
    return Needs(grids=edit.grids, villages=edit.villages)


def _check_together(edit: Edit) -> None:
    """Refuse what no single member is to blame for."""
    grids = getattr(edit, "grids", ())
    if len(set(grids)) < len(grids):
        twice = next(code for code in grids if grids.count(code) > 1)
        raise invalid("grids", f"{twice} is named twice", f"{twice} 重复")
    villages = getattr(edit, "villages", ())
    if isinstance(edit, values.JoinVillages) and len(set(villages)) < max(2, len(villages)):
        raise invalid("villages", "at least two, each once", "至少两个，不能重复")
    if isinstance(edit, values.Merge) and len(grids) < 2:
        raise invalid("grids", "at least two", "至少两个")
    if isinstance(edit, values.Merge) and edit.keep is not None and edit.keep not in grids:
        raise invalid("keep", "one of the grids", "必须是其中一个网格")
    if isinstance(edit, values.ResolveOverlap) and edit.winner not in grids:
        raise invalid("winner", "one of the grids", "必须是其中一个网格")
    if isinstance(edit, (values.Transfer, values.Assign)) and edit.to in edit.sources:
        raise invalid("from", f"{edit.to} takes the land", f"{edit.to} 是接收方")
    if isinstance(edit, (values.Lock, values.Unlock)) and not (grids or edit.villages):
        raise invalid("grids", "name grids or villages", "请指明网格或村")


def _suggested(value: Any, place: str) -> Edit:  # noqa: ANN401
    if isinstance(value, Mapping) and value.get("type") == values.ApplySuggestion.type:
        raise invalid(place, "a suggestion suggests no other", "建议中不能再套建议")
    return parse_edit(value)


_SOURCES = Member("from", "sources", read_texts, False)
_TIDY = Member("tidy", "tidy", read_flag, False)
_GRIDS = Member("grids", "grids", read_texts)
_PAIR = Member("grids", "grids", read_pair)
_GRID = Member("grid", "grid", read_text)
_TO = Member("to", "to", read_text)
_LINE = Member("line", "line", read_line)
_UNITS = (
    Member("grids", "grids", read_texts, False),
    Member("villages", "villages", read_texts, False),
)
# Every edit there is: its class and its members, in the order they are written.
EDITS: dict[str, tuple[Callable[..., Edit], tuple[Member, ...]]] = {
    "split": (values.Split, (_GRIDS, _LINE, _TIDY)),
    "merge": (values.Merge, (_GRIDS, Member("keep", "keep", read_text, False))),
    "reshape": (values.Reshape, (_PAIR, _LINE)),
    "transfer": (values.Transfer, (_TO, Member("area", "area", read_area), _SOURCES, _TIDY)),
    "assign": (
        values.Assign,
        (Member("natural_villages", "natural_villages", read_units), _TO, _SOURCES, _TIDY),
    ),
    "move_vertex": (
        values.MoveVertex,
        (Member("from", "start", read_position), Member("to", "end", read_position)),
    ),
    "fill_gap": (
        values.FillGap,
        (Member("at", "at", read_position), Member("to", "to", read_text, False)),
    ),
    "resolve_overlap": (values.ResolveOverlap, (_PAIR, Member("winner", "winner", read_text))),
    "clip_to_village": (values.ClipToVillage, (_GRID,)),
    "match_borders": (values.MatchBorders, (Member("village", "village", read_text),)),
    "set_attributes": (
        values.SetAttributes,
        (_GRID, Member("attributes", "attributes", read_attributes)),
    ),
    "renumber": (values.Renumber, (Member("village", "village", read_text),)),
    "join_villages": (
        values.JoinVillages,
        (
            Member("villages", "villages", read_villages),
            Member("name", "name", read_text, False),
            Member("code", "code", read_village, False),
            Member("within", "within", read_within, False),
        ),
    ),
    "leave_joint_village": (
        values.LeaveJointVillage,
        (Member("village", "village", read_village),),
    ),
    "apply_suggestion": (
        values.ApplySuggestion,
        (
            Member("run", "run", read_run),
            Member("group", "group", read_group),
            Member("edit", "edit", _suggested, False),
        ),
    ),
    "lock": (values.Lock, _UNITS),
    "unlock": (values.Unlock, _UNITS),
}
EDIT_TYPES = tuple(EDITS)
