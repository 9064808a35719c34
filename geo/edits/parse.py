"""Edits as JSON: read strictly, written canonically."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args
from uuid import UUID

import numpy as np
import shapely

from geo.codes import DIGITS, level_of
from geo.edits import values
from geo.edits.values import Edit
from geo.errors import EditError
from geo.problems import Problem
from geo.shapes import REASONS_ZH, reason_of

MAX_VERTICES = 50_000
MAX_UNITS = 5_000
LONGEST_TEXT = 200
KINDS = ("basic", "dedicated")
WITHIN = ("township", "county")

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
        raise _invalid("edit", "not an object", "不是对象")
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in EDITS:
        raise _invalid("type", f"one of {', '.join(EDITS)}", f"应为{'、'.join(EDITS)}之一")
    make, members = EDITS[kind]
    given = {name: given for name, given in value.items() if name != "type"}
    if kind == "split" and "grid" in given and "grids" not in given:
        given["grids"] = [given.pop("grid")]
    for name in given:
        if name not in {member.name for member in members}:
            raise _invalid(name[:80], "there is no such member", "没有这一项")
    read: dict[str, Any] = {}
    for member in members:
        if given.get(member.name) is not None:
            read[member.attribute] = member.read(given[member.name], member.name)
        elif member.required:
            raise _invalid(member.name, "missing", "缺少")
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
        raise _invalid("grids", f"{twice} is named twice", f"{twice} 重复")
    villages = getattr(edit, "villages", ())
    if isinstance(edit, values.JoinVillages) and len(set(villages)) < max(2, len(villages)):
        raise _invalid("villages", "at least two, each once", "至少两个，不能重复")
    if isinstance(edit, values.Merge) and len(grids) < 2:
        raise _invalid("grids", "at least two", "至少两个")
    if isinstance(edit, values.Merge) and edit.keep is not None and edit.keep not in grids:
        raise _invalid("keep", "one of the grids", "必须是其中一个网格")
    if isinstance(edit, values.ResolveOverlap) and edit.winner not in grids:
        raise _invalid("winner", "one of the grids", "必须是其中一个网格")
    if isinstance(edit, (values.Transfer, values.Assign)) and edit.to in edit.sources:
        raise _invalid("from", f"{edit.to} takes the land", f"{edit.to} 是接收方")
    if isinstance(edit, (values.Lock, values.Unlock)) and not (grids or edit.villages):
        raise _invalid("grids", "name grids or villages", "请指明网格或村")


def _invalid(place: str, reason: str, reason_zh: str) -> EditError:
    details = {"place": place, "reason": reason, "reason_zh": reason_zh}
    return EditError(Problem("invalid_edit", details, field=place))


def _text(value: Any, place: str) -> str:  # noqa: ANN401
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise _invalid(place, "a short text", "应为简短文字")
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
        raise _invalid(place, "not text", "不是文字")
    return value.strip()


def _texts(value: Any, place: str) -> tuple[str, ...]:  # noqa: ANN401
    if not isinstance(value, list) or not 0 < len(value) <= MAX_UNITS:
        raise _invalid(place, f"a list of 1–{MAX_UNITS:,} codes", f"应为 1–{MAX_UNITS:,} 个编码")
    return tuple(_text(item, place) for item in value)


def _pair(value: Any, place: str) -> tuple[str, ...]:  # noqa: ANN401
    codes = _texts(value, place)
    if len(codes) != 2:
        raise _invalid(place, "exactly two", "正好两个")
    return codes


def _units(value: Any, place: str) -> tuple[str | int, ...]:  # noqa: ANN401
    if not isinstance(value, list) or not 0 < len(value) <= MAX_UNITS:
        raise _invalid(place, f"a list of 1–{MAX_UNITS:,} codes", f"应为 1–{MAX_UNITS:,} 个编码")
    return tuple(v if _is_id(v) else _text(v, place) for v in value)


def _is_id(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _village(value: Any, place: str) -> str:  # noqa: ANN401
    code = _text(value, place)
    if level_of(code) != "village" or len(code) != DIGITS["village"]:
        raise _invalid(place, "12-digit codes of villages", "应为 12 位村编码")
    return code


def _villages(value: Any, place: str) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(_village(code, place) for code in _texts(value, place))


def _within(value: Any, place: str) -> str:  # noqa: ANN401
    if value not in WITHIN:
        raise _invalid(place, ", ".join(WITHIN), "、".join(WITHIN))
    return str(value)


def _run(value: Any, place: str) -> str:  # noqa: ANN401
    try:
        return str(UUID(_text(value, place)))
    except ValueError:
        raise _invalid(place, "the id of a run", "应为分析任务的编号") from None


def _group(value: Any, place: str) -> str | int:  # noqa: ANN401
    return (
        int(value) if _is_id(value) or (type(value) is int and value == 0) else _text(value, place)
    )


def _suggested(value: Any, place: str) -> Edit:  # noqa: ANN401
    if isinstance(value, Mapping) and value.get("type") == values.ApplySuggestion.type:
        raise _invalid(place, "a suggestion suggests no other", "建议中不能再套建议")
    return parse_edit(value)


def _flag(value: Any, place: str) -> bool:  # noqa: ANN401
    if not isinstance(value, bool):
        raise _invalid(place, "true or false", "应为 true 或 false")
    return value


def _attributes(value: Any, place: str) -> dict[str, str]:  # noqa: ANN401
    if not isinstance(value, Mapping) or not value:
        raise _invalid(place, "name, kind", "name、kind")
    for name in value:
        if name not in ("name", "kind"):
            raise _invalid(f"{place}.{name}"[:80], "name, kind", "name、kind")
    out = {name: _text(text, f"{place}.{name}") for name, text in value.items()}
    if out.get("kind", KINDS[0]) not in KINDS:
        raise _invalid(f"{place}.kind", ", ".join(KINDS), "、".join(KINDS))
    return out


def _position(value: Any, place: str) -> values.Position:  # noqa: ANN401
    if not isinstance(value, list) or not 2 <= len(value) <= 3:
        raise _invalid(place, "[lon, lat]", "应为 [经度, 纬度]")
    for number in value:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise _invalid(place, "[lon, lat]", "应为 [经度, 纬度]")
    x, y = _number(value[0]), _number(value[1])
    if not (math.isfinite(x) and math.isfinite(y)):
        raise EditError(Problem("bad_coordinate", {"x": x, "y": y}, field=place))
    if abs(x) <= 180 and abs(y) <= 90:
        return x, y
    key = "bad_coordinate"
    if max(abs(x), abs(y)) > 1000:
        key = "coordinates_in_metres"
    elif abs(y) <= 180 and abs(x) <= 90:
        key = "coordinates_swapped"
    raise EditError(Problem(key, {"x": x, "y": y}, field=place))


def _number(value: float) -> float:
    """Return a number as float; whole numbers of any length, too."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _positions(value: Any, place: str) -> list[values.Position]:  # noqa: ANN401
    if not isinstance(value, list):
        raise _invalid(place, "a list of positions", "应为坐标列表")
    if len(value) > MAX_VERTICES:
        raise _too_many(len(value))
    return [_position(item, place) for item in value]


def _too_many(found: int) -> EditError:
    return EditError(Problem("too_many_vertices", {"count": found, "limit": MAX_VERTICES}))


def _parts(value: Any, place: str, single: str) -> list[Any]:  # noqa: ANN401
    """Return the coordinates of each part of a GeoJSON geometry of one kind."""
    kind = value.get("type") if isinstance(value, Mapping) else None
    coordinates = value.get("coordinates") if isinstance(value, Mapping) else None
    if kind not in (single, f"Multi{single}") or not isinstance(coordinates, list):
        raise _invalid(place, f"a GeoJSON {single}", f"应为 GeoJSON {single}")
    parts = [coordinates] if kind == single else coordinates
    if not 0 < len(parts) <= MAX_UNITS:
        raise _invalid(place, "empty", "为空")
    return parts


def _line(value: Any, place: str) -> values.Line:  # noqa: ANN401
    lines = []
    for part in _parts(value, place, "LineString"):
        positions = _positions(part, place)
        if len(set(positions)) < 2:
            raise _invalid(place, "a line needs two different points", "线至少要有两个不同的点")
        lines.append(shapely.LineString(positions))
    if sum(len(line.coords) for line in lines) > MAX_VERTICES:
        raise _too_many(sum(len(line.coords) for line in lines))
    line = lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
    _check_tangle(line, place)
    return line


def _check_tangle(line: values.Line, place: str) -> None:
    """Refuse scribbles: noding n lines that all cross each other takes n² steps."""
    parts = shapely.get_parts(line)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    within = part[:-1] == part[1:]
    steps = shapely.linestrings(np.stack([xy[:-1][within], xy[1:][within]], axis=1))
    limit = 10_000 + 20 * len(steps)
    tree = shapely.STRtree(steps)
    count = 0
    for first in range(0, len(steps), 500):
        count += tree.query(steps[first : first + 500]).shape[1]
        if count > limit:
            details = {"count": count, "limit": limit}
            raise EditError(Problem("drawing_tangled", details, field=place))


def _area(value: Any, place: str) -> values.Area:  # noqa: ANN401
    polygons = []
    count = 0
    for part in _parts(value, place, "Polygon"):
        if not isinstance(part, list) or not part:
            raise _invalid(place, "empty", "为空")
        rings = [_positions(ring, place) for ring in part]
        count += sum(map(len, rings))
        if count > MAX_VERTICES:
            raise _too_many(count)
        for ring in rings:
            if len(set(ring)) < 3:
                raise _invalid(place, "a ring needs three different points", "环至少三个不同的点")
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    area = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    if not shapely.is_valid(area):
        reason, where = reason_of(area)
        details = {"reason": reason, "reason_zh": REASONS_ZH.get(reason, reason)}
        raise EditError(Problem("drawing_invalid", details, field=place, geometry=where))
    return area


_SOURCES = Member("from", "sources", _texts, False)
_TIDY = Member("tidy", "tidy", _flag, False)
_GRIDS = Member("grids", "grids", _texts)
_PAIR = Member("grids", "grids", _pair)
_GRID = Member("grid", "grid", _text)
_TO = Member("to", "to", _text)
_LINE = Member("line", "line", _line)
_UNITS = (
    Member("grids", "grids", _texts, False),
    Member("villages", "villages", _texts, False),
)
# Every edit there is: its class and its members, in the order they are written.
EDITS: dict[str, tuple[Callable[..., Edit], tuple[Member, ...]]] = {
    "split": (values.Split, (_GRIDS, _LINE, _TIDY)),
    "merge": (values.Merge, (_GRIDS, Member("keep", "keep", _text, False))),
    "reshape": (values.Reshape, (_PAIR, _LINE)),
    "transfer": (values.Transfer, (_TO, Member("area", "area", _area), _SOURCES, _TIDY)),
    "assign": (
        values.Assign,
        (Member("natural_villages", "natural_villages", _units), _TO, _SOURCES, _TIDY),
    ),
    "move_vertex": (
        values.MoveVertex,
        (Member("from", "start", _position), Member("to", "end", _position)),
    ),
    "fill_gap": (
        values.FillGap,
        (Member("at", "at", _position), Member("to", "to", _text, False)),
    ),
    "resolve_overlap": (values.ResolveOverlap, (_PAIR, Member("winner", "winner", _text))),
    "clip_to_village": (values.ClipToVillage, (_GRID,)),
    "match_borders": (values.MatchBorders, (Member("village", "village", _text),)),
    "set_attributes": (
        values.SetAttributes,
        (_GRID, Member("attributes", "attributes", _attributes)),
    ),
    "renumber": (values.Renumber, (Member("village", "village", _text),)),
    "join_villages": (
        values.JoinVillages,
        (
            Member("villages", "villages", _villages),
            Member("name", "name", _text, False),
            Member("code", "code", _village, False),
            Member("within", "within", _within, False),
        ),
    ),
    "leave_joint_village": (
        values.LeaveJointVillage,
        (Member("village", "village", _village),),
    ),
    "apply_suggestion": (
        values.ApplySuggestion,
        (
            Member("run", "run", _run),
            Member("group", "group", _group),
            Member("edit", "edit", _suggested, False),
        ),
    ),
    "lock": (values.Lock, _UNITS),
    "unlock": (values.Unlock, _UNITS),
}
EDIT_TYPES = tuple(EDITS)
