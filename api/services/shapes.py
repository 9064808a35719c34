"""How values of the product look as JSON: problems, geometries, boxes, counts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.problems import Problem

Json = dict[str, Any]


def shape_problem(problem: Problem) -> Json:
    """Return a problem as the web map and the reports read it."""
    details = {name: plain(value) for name, value in problem.details.items()}
    if problem.grids and "grids" in details:
        details["grids"] = list(problem.grids)
    return {
        "key": problem.key,
        "severity": problem.severity,
        "message": problem.sentence("en"),
        "message_zh": problem.sentence("zh"),
        "details": details,
        "row": problem.row,
        "field": problem.field,
        "grids": list(problem.grids),
        "geometry": shape_geometry(problem.geometry),
    }


def shape_geometry(geometry: BaseGeometry | None) -> Json | None:
    """Return GeoJSON of a geometry in lon/lat, or None when there is nothing to draw."""
    if geometry is None or geometry.is_empty:
        return None
    mapping: Json = shapely.geometry.mapping(geometry)
    return mapping


def shape_box(bounds: Iterable[float] | None) -> list[float] | None:
    """Return ``[west, south, east, north]`` with nine decimals; None when it is empty."""
    if bounds is None:
        return None
    values = [round(float(v), 9) for v in bounds]
    return values if all(map(math.isfinite, values)) else None


def plain(value: Any) -> Any:  # noqa: ANN401
    """Return a value JSON knows: NumPy and pandas scalars unpacked, unknown as None."""
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, BaseGeometry):
        return shape_geometry(value)
    if type(value).__name__ == "NAType" or value != value:  # NA is neither equal nor not; NaT
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
