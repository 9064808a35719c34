"""Joint villages (联村) as values: their codes, their names, and who borders whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.edits.zone import Shapes, Zone

FIRST, LAST = 601, 999
# Outlines of neighbouring villages come from different surveys and differ by a hair. Where they
# run closer than this they are one border; it takes more than this much of it, for a corner is no
# contact.
_APART_M = 0.5
_LEAST_M = 2.0
_NAMED = 6
_ENDINGS = re.compile(r"(?<=.)(村民委员会|居民委员会|村委会|居委会|行政村|社区|村)$")


@dataclass(frozen=True)
class JointVillage:
    """Villages that share one organisation; each keeps its code and its grids.

    Parameters
    ----------
    code
        12 digits: the township of its lowest member when it was made, and 601 or more.
    members
        Codes of villages, sorted.
    key
        Tells in the store which version it is; None for one that was made just now.
    """

    code: str
    name: str
    members: tuple[str, ...]
    key: Any = None


def default_name(members: Sequence[str], names: Mapping[str, str]) -> str:
    """Return what a joint village is called by its members' names.

    Examples
    --------
    >>> default_name(["1", "2", "3"], {"1": "甲村", "2": "乙社区", "3": "丙村"})
    '甲乙丙联村'
    """
    short = [_ENDINGS.sub("", names.get(code) or code) for code in members[:_NAMED]]
    more = "" if len(members) <= _NAMED else f"等{len(members)}村"
    return f"{''.join(short)}{more}联村"


def free_code(township: str, taken: Iterable[str]) -> str | None:
    """Return the lowest code of a township that no village and no joint village has or had.

    Examples
    --------
    >>> free_code("500229001", ["500229001001", "500229001601", "500229001603"])
    '500229001602'
    """
    used = set(taken)
    codes = (f"{township}{number}" for number in range(FIRST, LAST + 1))
    return next((code for code in codes if code not in used), None)


def parts_of(shapes: Mapping[str, shapely.Geometry]) -> list[list[str]]:
    """Return the codes of villages by what hangs together along borders, lowest code first.

    Parameters
    ----------
    shapes
        Code → land, EPSG:4490.
    """
    codes = sorted(shapes)
    if not codes:
        return []
    lonlat = np.array([shapes[code] for code in codes], dtype=object)
    metric = Zone.of(shapely.total_bounds(lonlat)).to_metric(lonlat)
    root = list(range(len(codes)))
    for one, other in _neighbours(metric):
        low, high = sorted((_find(root, one), _find(root, other)))
        root[high] = low
    groups: dict[int, list[str]] = {}
    for position, code in enumerate(codes):
        groups.setdefault(_find(root, position), []).append(code)
    return list(groups.values())


def _neighbours(shapes: Shapes) -> list[tuple[int, int]]:
    """Return pairs of positions of polygons that share a border, in metres."""
    near = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=_APART_M).T
    pairs = [(int(one), int(other)) for one, other in near if one < other]
    return [(one, other) for one, other in pairs if _share(shapes[one], shapes[other])]


def _share(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    if shapely.intersects(one, other) and shapely.relate_pattern(one, other, "T********"):
        return True  # they overlap: outlines that are no partition are told elsewhere
    beside = shapely.intersection(shapely.boundary(other), shapely.buffer(one, _APART_M))
    return bool(shapely.length(beside) > _LEAST_M)


def _find(root: list[int], position: int) -> int:
    while root[position] != position:
        root[position] = root[root[position]]
        position = root[position]
    return position
