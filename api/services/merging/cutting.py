"""Units above the maximum, and how each could be split along its natural villages."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from api.services.merging.rules import ALL
from api.services.merging.shaping import Story, shape_unit
from api.services.merging.units import StoredUnits
from api.services.shapes import Json, plain
from geo.crs import to_store
from geo.merging import suggest_splits
from geo.merging.splits import Split

_MEASURES = ("households", "residents")
_ALIKE = 1e-6  # of an area


def shape_above(story: Story, cells: StoredUnits | None) -> list[Json]:
    """Return the units above the maximum (:class:`api.schemas_merging.AboveOut`).

    Parameters
    ----------
    cells
        Natural villages in the CRS of the units; None: nothing to split along.
    """
    units = story.solved.units
    above = units.index[(units["state"] == "above").to_numpy(bool)]
    splits = {} if cells is None else _split(story, cells)
    return [
        {**shape_unit(story, code), **splits.get(code, _NOTHING)}
        for code in sorted(map(str, above))
    ]


_NOTHING: Json = {"parts": None, "reason": None, "edits": []}


def _split(story: Story, cells: StoredUnits) -> dict[str, Json]:
    units = story.solved.units
    above = (units["state"] == "above").to_numpy(bool)
    found: dict[str, Json] = {}
    for kind, one in story.solved.applied.items():
        own = above if kind == ALL else above & (story.frame["kind"] == kind).to_numpy(bool)
        if not own.any():
            continue
        frame = gpd.GeoDataFrame(story.frame[own])
        splits = suggest_splits(frame, cells.frame, one.rules)
        names = dict(zip(map(str, cells.frame.index), cells.frame["name"], strict=True))
        for split in splits.splits:
            drawn = splits.parts[splits.parts["unit"] == split.unit]
            found[split.unit] = _shape(story, split, gpd.GeoDataFrame(drawn), names)
    return found


def _shape(story: Story, split: Split, drawn: gpd.GeoDataFrame, names: Mapping[str, str]) -> Json:
    reason = story.tell(split.reasons[0]) if split.reasons else None
    if len(drawn) < 2:
        return {"parts": None, "reason": reason, "edits": []}
    parts = [
        {
            "cells": list(row["cells"]),
            "names": [names.get(code) or code for code in row["cells"]],
            **{name: plain(row.get(name)) for name in _MEASURES},
        }
        for row in drawn.to_dict("records")
    ]
    line = draw_cut(np.asarray(to_store(drawn).geometry.array, dtype=object))
    edits = [] if line is None else [{"type": "split", "grid": split.unit, "line": line}]
    return {"parts": parts, "reason": reason, "edits": edits}


def draw_cut(parts: NDArray[np.object_]) -> Json | None:
    """Return the lines that cut a grid into all of its parts at once.

    Where that cannot be drawn (borders that differ, a part in pieces) the line between one part
    and all others, if one does it: the grid is cut again after that, when its pieces have codes.
    """
    between = [_border(parts[i], parts[j]) for i, j in combinations(range(len(parts)), 2)]
    lines = shapely.get_parts(shapely.line_merge(shapely.union_all(between)))
    if _cuts_all(parts, lines):
        return _write(lines)
    for k in range(len(parts)):
        rest = shapely.union_all(np.delete(parts, k))
        if rest.geom_type != "Polygon" or parts[k].geom_type != "Polygon":
            continue
        common = shapely.line_merge(shapely.intersection(parts[k].exterior, rest.exterior))
        if common.geom_type == "LineString" and not common.is_ring:
            return _write(np.array([common], dtype=object))
    return None


def _border(one: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry:
    common = shapely.get_parts(shapely.intersection(one.boundary, other.boundary))
    return shapely.union_all(common[shapely.get_dimensions(common) == 1])


def _cuts_all(parts: NDArray[np.object_], lines: NDArray[np.object_]) -> bool:
    """Whether the lines and the outline enclose the parts, each in one piece, and nothing else."""
    if any(part.geom_type != "Polygon" for part in parts) or any(line.is_ring for line in lines):
        return False
    drawn = shapely.node(shapely.union_all([shapely.union_all(parts).boundary, *lines]))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(drawn)))
    found = [
        int((shapely.area(shapely.intersection(faces, part)) > _ALIKE * part.area).sum())
        for part in parts
    ]
    return found == [1] * len(parts) and bool(
        np.isclose(shapely.area(parts).sum(), shapely.union_all(parts).area, rtol=_ALIKE)
    )


def _write(lines: NDArray[np.object_]) -> Json:
    points = [shapely.get_coordinates(line).round(9).tolist() for line in lines]
    if len(points) == 1:
        return {"type": "LineString", "coordinates": points[0]}
    return {"type": "MultiLineString", "coordinates": points}
