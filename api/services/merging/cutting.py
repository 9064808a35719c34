"""Units above the maximum, and how each could be split along its natural villages."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely

from api.services.merging.rules import ALL
from api.services.merging.shaping import Story, shape_unit
from api.services.merging.units import StoredUnits
from api.services.shapes import Json, plain
from geo.crs import to_store
from geo.merging import suggest_splits
from geo.merging.splits import Split

_MEASURES = ("households", "residents")


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
    line = _first_cut(drawn)
    edits = [] if line is None else [{"type": "split", "grid": split.unit, "line": line}]
    return {"parts": parts, "reason": reason, "edits": edits}


def _first_cut(drawn: gpd.GeoDataFrame) -> Json | None:
    """Return the line between one part and all others, where one line does it.

    A grid that falls into more than two parts is cut again after that, when its pieces have codes.
    """
    shapes = np.asarray(to_store(drawn).geometry.array, dtype=object)
    for k in range(len(shapes)):
        rest = shapely.union_all(np.delete(shapes, k))
        if rest.geom_type != "Polygon" or shapes[k].geom_type != "Polygon":
            continue
        common = shapely.line_merge(shapely.intersection(shapes[k].exterior, rest.exterior))
        if common.geom_type == "LineString" and not common.is_ring:
            points = shapely.get_coordinates(common).round(9).tolist()
            return {"type": "LineString", "coordinates": points}
    return None
