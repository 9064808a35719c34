"""Road rows as the network takes them: checked, in one order, bad ones told by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import require_metric
from geo.errors import FrameError
from geo.problems import Problem
from geo.shapes import codes_of
from geo.travel import NO_WALKING, Means, Travel

COLUMNS = ("code", "road_class", "oneway", "speed_kmh", "bridge")
_WIDEST_M = 1e8  # beyond any coordinate of a metric zone
ONEWAY = ("both", "forward", "backward")


class Roads(NamedTuple):
    """Usable lines in canonical order: by code, then shape, whatever the order of the file.

    Parameters
    ----------
    lines
        LineStrings in a metric CRS; a MultiLineString gives one each part.
    road
        Position of each line's road in the four arrays below.
    codes, kmh, forward, backward, bridge
        Of each road: code, speed by the means, may one go along or against the line, bridge.
    unused
        Rows nobody may use by this means, by class.
    problems
        What was wrong with rows; ``row`` counts from 1.
    """

    lines: NDArray[np.object_]
    road: NDArray[np.int64]
    codes: tuple[str, ...]
    kmh: NDArray[np.float64]
    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    bridge: NDArray[np.bool_]
    unused: Mapping[str, int]
    problems: tuple[Problem, ...]


def read_roads(roads: geopandas.GeoDataFrame, means: Means, travel: Travel) -> Roads:
    """Check road rows and keep those the means may use.

    Parameters
    ----------
    roads
        LineStrings in a metric CRS with columns :data:`COLUMNS`.
    means
        Walkers go both ways on every class but motorways at ``walk_kmh``; drivers keep to
        ``oneway`` and to the classes of ``drive_kmh``, at the road's own ``speed_kmh`` if given.
    travel
        Speeds.

    Raises
    ------
    CrsError
        ``missing_crs``, ``metric_crs_needed``.
    FrameError
        ``column_missing``.
    """
    require_metric(roads)
    missing = [name for name in COLUMNS if name not in roads]
    if missing:
        raise FrameError(Problem("column_missing", {"columns": missing}))
    shapes, codes = np.asarray(roads.geometry.array, dtype=object), codes_of(roads)
    problems = _bad_shapes(shapes, codes)
    bad = {problem.row for problem in problems}
    classes = ["" if pd.isna(name) else str(name) for name in roads["road_class"]]
    ways, of_ways = _ways(roads, codes)
    kmh, of_speeds = _speeds(roads, codes, classes, means, travel)
    problems += of_ways + of_speeds if means == "drive" else []
    sound = [row for row in range(len(roads)) if row + 1 not in bad]
    used = [row for row in sound if kmh[row] > 0]
    used.sort(key=lambda row: (codes[row], shapely.to_wkb(shapes[row])))
    chosen = np.array(used, np.int64)
    lines, road = shapely.get_parts(shapes[chosen], return_index=True)
    return Roads(
        lines=lines,
        road=road,
        codes=tuple(codes[row] for row in used),
        kmh=kmh[chosen],
        forward=(means == "walk") | (ways[chosen] != "backward"),
        backward=(means == "walk") | (ways[chosen] != "forward"),
        bridge=roads["bridge"].eq(True).fillna(False).to_numpy(np.bool_)[chosen],
        unused=Counter(sorted(classes[row] for row in sound if not kmh[row] > 0)),
        problems=tuple(sorted(problems, key=lambda problem: (problem.row or 0, problem.key))),
    )


def _bad_shapes(shapes: NDArray[np.object_], codes: Sequence[str]) -> list[Problem]:
    kinds = shapely.get_type_id(shapes)
    linear = ((kinds == 1) | (kinds == 5)) & ~shapely.is_empty(shapes)
    problems = []
    xy, of_row = shapely.get_coordinates(shapes, return_index=True)
    broken = np.zeros(len(shapes), np.bool_)
    broken[of_row[~_placed(xy)]] = True
    for row in map(int, np.flatnonzero(~linear)):
        shape = shapes[row]
        found = "—" if shape is None else ("empty" if shape.is_empty else shape.geom_type)
        problems.append(
            Problem("road_not_a_line", {"code": codes[row], "found": found}, row=row + 1)
        )
    for row in map(int, np.flatnonzero(linear & broken)):
        x, y = xy[of_row == row][~_placed(xy[of_row == row])][0]
        problems.append(Problem("bad_coordinate", {"x": float(x), "y": float(y)}, row=row + 1))
    sound = linear & ~broken
    lengths = np.full(len(shapes), np.nan)
    lengths[sound] = shapely.length(shapes[sound])
    for row in map(int, np.flatnonzero(lengths == 0)):
        problems.append(Problem("road_without_length", {"code": codes[row]}, row=row + 1))
    return problems


def _ways(
    roads: geopandas.GeoDataFrame, codes: Sequence[str]
) -> tuple[NDArray[np.object_], list[Problem]]:
    """Return ``oneway`` of each row, unknown words as ``both``."""
    given = ["both" if pd.isna(word) else str(word) for word in roads["oneway"]]
    problems = [
        Problem("road_oneway", {"code": codes[row], "value": word}, row=row + 1, field="oneway")
        for row, word in enumerate(given)
        if word not in ONEWAY
    ]
    known = [word if word in ONEWAY else "both" for word in given]
    return np.array(known, dtype=object), problems


def _speeds(
    roads: geopandas.GeoDataFrame,
    codes: Sequence[str],
    classes: list[str],
    means: Means,
    travel: Travel,
) -> tuple[NDArray[np.float64], list[Problem]]:
    """Return km/h of each row, 0 where the means may not go."""
    if means == "walk":
        walked = [travel.walk_kmh * (name not in NO_WALKING) for name in classes]
        return np.array(walked, np.float64), []
    by_class = np.array([travel.drive_kmh.get(name, 0.0) for name in classes], np.float64)
    own = pd.to_numeric(roads["speed_kmh"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = (own <= 0) | np.isinf(own)
    problems = [
        Problem(
            "road_speed",
            {"code": codes[row], "value": float(own[row])},
            row=row + 1,
            field="speed_kmh",
        )
        for row in map(int, np.flatnonzero(wrong))
    ]
    return np.where(np.isnan(own) | wrong | ~(by_class > 0), by_class, own), problems


def _placed(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray((np.abs(xy) < _WIDEST_M).all(axis=1))  # NaN compares as false
