"""Members of edits as JSON has them: each read strictly, refused with its place and the reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import numpy as np
import shapely

from geo.codes import DIGITS, level_of
from geo.edits import values
from geo.errors import EditError
from geo.problems import Problem
from geo.shapes import REASONS_ZH, reason_of

MAX_VERTICES = 50_000
MAX_UNITS = 5_000
LONGEST_TEXT = 200
KINDS = ("basic", "dedicated")
WITHIN = ("township", "county")


def invalid(place: str, reason: str, reason_zh: str) -> EditError:
    """Return the refusal of a member that cannot be read."""
    details = {"place": place, "reason": reason, "reason_zh": reason_zh}
    return EditError(Problem("invalid_edit", details, field=place))


def read_text(value: Any, place: str) -> str:  # noqa: ANN401
    """Return a short text, trimmed."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise invalid(place, "a short text", "应为简短文字")
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
        raise invalid(place, "not text", "不是文字")
    return value.strip()


def read_texts(value: Any, place: str) -> tuple[str, ...]:  # noqa: ANN401
    """Return a list of codes."""
    if not isinstance(value, list) or not 0 < len(value) <= MAX_UNITS:
        raise invalid(place, f"a list of 1–{MAX_UNITS:,} codes", f"应为 1–{MAX_UNITS:,} 个编码")
    return tuple(read_text(item, place) for item in value)


def read_pair(value: Any, place: str) -> tuple[str, ...]:  # noqa: ANN401
    """Return exactly two codes."""
    codes = read_texts(value, place)
    if len(codes) != 2:
        raise invalid(place, "exactly two", "正好两个")
    return codes


def read_units(value: Any, place: str) -> tuple[str | int, ...]:  # noqa: ANN401
    """Return natural villages: codes, or row ids as numbers."""
    if not isinstance(value, list) or not 0 < len(value) <= MAX_UNITS:
        raise invalid(place, f"a list of 1–{MAX_UNITS:,} codes", f"应为 1–{MAX_UNITS:,} 个编码")
    return tuple(v if _is_id(v) else read_text(v, place) for v in value)


def _is_id(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def read_village(value: Any, place: str) -> str:  # noqa: ANN401
    """Return the code of a village, 12 digits."""
    code = read_text(value, place)
    if level_of(code) != "village" or len(code) != DIGITS["village"]:
        raise invalid(place, "12-digit codes of villages", "应为 12 位村编码")
    return code


def read_villages(value: Any, place: str) -> tuple[str, ...]:  # noqa: ANN401
    """Return codes of villages."""
    return tuple(read_village(code, place) for code in read_texts(value, place))


def read_within(value: Any, place: str) -> str:  # noqa: ANN401
    """Return how far members of a joint village may lie apart."""
    if value not in WITHIN:
        raise invalid(place, ", ".join(WITHIN), "、".join(WITHIN))
    return str(value)


def read_run(value: Any, place: str) -> str:  # noqa: ANN401
    """Return the id of a run."""
    try:
        return str(UUID(read_text(value, place)))
    except ValueError:
        raise invalid(place, "the id of a run", "应为分析任务的编号") from None


def read_group(value: Any, place: str) -> str | int:  # noqa: ANN401
    """Return the id of a group: a number from 0, or a text."""
    if type(value) is int and 0 <= value < 2**63:  # true is no number
        return value
    return read_text(value, place)


def read_flag(value: Any, place: str) -> bool:  # noqa: ANN401
    """Return true or false."""
    if not isinstance(value, bool):
        raise invalid(place, "true or false", "应为 true 或 false")
    return value


def read_attributes(value: Any, place: str) -> dict[str, str]:  # noqa: ANN401
    """Return the name and the kind of a grid, one of them at least."""
    if not isinstance(value, Mapping) or not value:
        raise invalid(place, "name, kind", "name、kind")
    for name in value:
        if name not in ("name", "kind"):
            raise invalid(f"{place}.{name}"[:80], "name, kind", "name、kind")
    out = {name: read_text(text, f"{place}.{name}") for name, text in value.items()}
    if out.get("kind", KINDS[0]) not in KINDS:
        raise invalid(f"{place}.kind", ", ".join(KINDS), "、".join(KINDS))
    return out


def read_position(value: Any, place: str) -> values.Position:  # noqa: ANN401
    """Return a place, lon/lat."""
    if not isinstance(value, list) or not 2 <= len(value) <= 3:
        raise invalid(place, "[lon, lat]", "应为 [经度, 纬度]")
    for number in value:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise invalid(place, "[lon, lat]", "应为 [经度, 纬度]")
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
        raise invalid(place, "a list of positions", "应为坐标列表")
    if len(value) > MAX_VERTICES:
        raise _too_many(len(value))
    return [read_position(item, place) for item in value]


def _too_many(found: int) -> EditError:
    return EditError(Problem("too_many_vertices", {"count": found, "limit": MAX_VERTICES}))


def _parts(value: Any, place: str, single: str) -> list[Any]:  # noqa: ANN401
    """Return the coordinates of each part of a GeoJSON geometry of one kind."""
    kind = value.get("type") if isinstance(value, Mapping) else None
    coordinates = value.get("coordinates") if isinstance(value, Mapping) else None
    if kind not in (single, f"Multi{single}") or not isinstance(coordinates, list):
        raise invalid(place, f"a GeoJSON {single}", f"应为 GeoJSON {single}")
    parts = [coordinates] if kind == single else coordinates
    if not 0 < len(parts) <= MAX_UNITS:
        raise invalid(place, "empty", "为空")
    return parts


def read_line(value: Any, place: str) -> values.Line:  # noqa: ANN401
    """Return a drawn line."""
    lines = []
    for part in _parts(value, place, "LineString"):
        positions = _positions(part, place)
        if len(set(positions)) < 2:
            raise invalid(place, "a line needs two different points", "线至少要有两个不同的点")
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


def read_area(value: Any, place: str) -> values.Area:  # noqa: ANN401
    """Return a drawn area."""
    polygons = []
    count = 0
    for part in _parts(value, place, "Polygon"):
        if not isinstance(part, list) or not part:
            raise invalid(place, "empty", "为空")
        rings = [_positions(ring, place) for ring in part]
        count += sum(map(len, rings))
        if count > MAX_VERTICES:
            raise _too_many(count)
        for ring in rings:
            if len(set(ring)) < 3:
                raise invalid(place, "a ring needs three different points", "环至少三个不同的点")
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    area = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    if not shapely.is_valid(area):
        reason, where = reason_of(area)
        details = {"reason": reason, "reason_zh": REASONS_ZH.get(reason, reason)}
        raise EditError(Problem("drawing_invalid", details, field=place, geometry=where))
    return area
