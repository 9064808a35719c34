"""Units above the maximum: how to divide them along the borders of natural villages."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import require_metric
from geo.errors import CrsError, FrameError
from geo.merging.contacts import find_contacts
from geo.merging.result import Reason
from geo.merging.rules import MEASURES_ZH, MergeRules
from geo.merging.split_kernels import cut_in_two, divide_exactly
from geo.merging.units import whole_numbers
from geo.problems import Problem
from geo.shapes import repair

Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

FEW_CELLS = 12  # of which every division is looked at
MOST_PARTS = 60
_SLIVER_M2 = 1.0


@dataclass(frozen=True)
class Split:
    """One unit divided.

    Parameters
    ----------
    unit
        Its code.
    parts
        Codes of the natural villages of each part, in the order of their first.
    reasons
        Why it could not be divided, or what a part still breaks; empty when all is in order.
    exact
        Whether every division was looked at.
    """

    unit: str
    parts: tuple[tuple[str, ...], ...]
    reasons: tuple[Reason, ...]
    exact: bool


@dataclass(frozen=True)
class Splits:
    """Suggested splits.

    Parameters
    ----------
    splits
        One a unit, in the order of codes.
    parts
        One row a part, index from 0: ``unit``, ``part`` (from 1), ``cells`` (codes), the numbers of
        people that the rules name, ``geometry``. A unit that cannot be divided has one part.
    """

    splits: tuple[Split, ...]
    parts: geopandas.GeoDataFrame


def suggest_splits(
    units_above: geopandas.GeoDataFrame, cells: geopandas.GeoDataFrame, rules: MergeRules
) -> Splits:
    """Suggest how to divide units that are above the maximum.

    Cells are clipped to the unit and put into as few parts as the maximum asks for, each connected:
    first as few as possible parts above the maximum, then as few parts, then as few below the
    minimum, then balanced (the squares of households add up to least), then compact (least new
    border). Up to twelve cells every division is looked at; more are cut in two again and again,
    each time at the best of the cuts across one of many directions.

    Parameters
    ----------
    units_above
        Polygons in a metric CRS, index: codes.
    cells
        Natural villages, polygons in the same CRS, index: codes; people are taken to live evenly
        over a cell that is cut by a unit's border. Columns of people that the rules name.
    rules
        ``minimum``, ``maximum``, ``min_shared_border_m``.

    Returns
    -------
    Splits
        Also for units that cannot be divided, with the reason.

    Raises
    ------
    CrsError
        ``missing_crs``, ``metric_crs_needed``, ``crs_differs``.
    FrameError
        ``column_missing``.
    """
    require_metric(units_above)
    require_metric(cells)
    if units_above.crs != cells.crs:
        details = {"crs": units_above.crs.name, "other": cells.crs.name}
        raise CrsError(Problem("crs_differs", details))
    measures = tuple(rules.maximum.asked) or rules.measures
    missing = [name for name in measures if name not in cells]
    if missing:
        raise FrameError(Problem("column_missing", {"columns": ", ".join(missing)}))
    names = np.array([str(code) for code in cells.index], dtype=object)
    order = np.argsort(names.astype(np.str_), kind="stable") if len(names) else np.zeros(0, int)
    names = names[order]
    shapes = repair(np.asarray(cells.geometry.array, dtype=object)[order])
    people = np.column_stack(
        [whole_numbers(cells[measure])[0][order] for measure in measures]
        or [np.zeros((len(names), 0), np.int64)]
    )
    tree = shapely.STRtree(shapes)
    splits, rows, drawn = [], [], []
    codes = [str(code) for code in units_above.index]
    outlines = repair(np.asarray(units_above.geometry.array, dtype=object))
    for k in sorted(range(len(codes)), key=lambda k: (codes[k], k)):
        inside = _clip(outlines[k], tree, shapes, people)
        split, parts = _divide(codes[k], inside, names, rules, measures)
        splits.append(split)
        for number, part in enumerate(parts, start=1):
            total = inside.people[part].sum(axis=0).tolist()
            whole = [str(names[inside.cells[i]]) for i in part]
            rows.append((codes[k], number, tuple(whole), *total))
            drawn.append(
                shapely.normalize(shapely.union_all(inside.shapes[part])) if part else outlines[k]
            )
    table = pd.DataFrame(rows, columns=["unit", "part", "cells", *measures])
    frame = geopandas.GeoDataFrame(
        table, geometry=np.array(drawn, dtype=object), crs=units_above.crs
    )
    return Splits(tuple(splits), frame)


@dataclass(frozen=True)
class _Inside:
    """Cells clipped to one unit."""

    cells: Ints
    shapes: Shapes
    people: Ints


def _clip(
    outline: shapely.Geometry, tree: shapely.STRtree, shapes: Shapes, people: Ints
) -> _Inside:
    near = np.sort(tree.query(outline, predicate="intersects"))
    clipped = shapely.intersection(shapes[near], outline)
    area, own = shapely.area(clipped), shapely.area(shapes[near])
    kept = area > np.minimum(_SLIVER_M2, own / 2)
    near, clipped = near[kept], clipped[kept]
    # polygons only: where a cell touches the outline lines come along
    clipped = np.array(
        [
            shape if shape.geom_type in ("Polygon", "MultiPolygon")
            else shapely.union_all([p for p in shapely.get_parts(shape) if p.area > 0])
            for shape in clipped
        ],
        dtype=object,
    )  # fmt: skip
    share = np.minimum(1.0, area[kept] / own[kept])
    share[share > 1 - 1e-6] = 1.0
    return _Inside(near, clipped, np.rint(people[near] * share[:, None]).astype(np.int64))


def _divide(
    unit: str,
    inside: _Inside,
    names: NDArray[np.object_],
    rules: MergeRules,
    measures: tuple[str, ...],
) -> tuple[Split, list[list[int]]]:
    count = len(inside.cells)
    if count < 2:
        key = "split_no_cells" if count == 0 else "split_one_cell"
        own = tuple((str(names[i]),) for i in inside.cells)
        return Split(unit, own, (Reason(key, {"unit": unit}),), True), [list(range(count))]
    contacts, _ = find_contacts(inside.shapes, names[inside.cells])
    border = np.zeros((count, count))
    border[contacts.first, contacts.second] = contacts.length
    border += border.T
    border[border < rules.min_shared_border_m] = 0.0
    high = np.array([rules.maximum.asked.get(m, 2**60) for m in measures], np.int64)
    low = np.array([rules.minimum.asked.get(m, 0) for m in measures], np.int64)
    whole_metres = np.rint(border).astype(np.int64)
    exact = count <= FEW_CELLS
    if exact:
        label = divide_exactly(whole_metres, inside.people, low, high)
    else:
        middle = shapely.get_coordinates(shapely.centroid(inside.shapes))
        label = _cut_often(whole_metres, inside.people, low, high, middle)
    parts = [np.flatnonzero(label == k).tolist() for k in np.unique(label)]
    parts.sort(key=lambda part: part[0])
    reasons = _what_is_wrong(inside, parts, names, rules, measures)
    named = tuple(tuple(str(names[inside.cells[i]]) for i in part) for part in parts)
    return Split(unit, named, reasons, exact), parts


def _cut_often(
    border: Ints, people: Ints, low: Ints, high: Ints, middle: NDArray[np.float64]
) -> Ints:
    """Cut in two until no part is above, or none that is can be cut."""
    label = np.zeros(len(people), np.int64)
    closed: set[int] = set()
    while label.max() + 1 < MOST_PARTS:
        sums = np.array([people[label == k].sum(axis=0) for k in range(label.max() + 1)])
        above = [k for k in range(len(sums)) if (sums[k] > high).any() and k not in closed]
        if not above:
            break
        part = above[0]
        inside = np.flatnonzero(label == part)
        side = cut_in_two(
            np.ascontiguousarray(border[np.ix_(inside, inside)]),
            np.ascontiguousarray(people[inside]), low, high, np.ascontiguousarray(middle[inside]),
        )  # fmt: skip
        if not side.any():
            closed.add(part)
            continue
        label[inside[side]] = label.max() + 1
    return label


def _what_is_wrong(
    inside: _Inside,
    parts: list[list[int]],
    names: NDArray[np.object_],
    rules: MergeRules,
    measures: tuple[str, ...],
) -> tuple[Reason, ...]:
    found = []
    for part in parts:
        for m, measure in enumerate(measures):
            total = int(inside.people[part, m].sum())
            low = rules.minimum.asked.get(measure)
            high = rules.maximum.asked.get(measure)
            words = {"value": total, "measure": measure, "measure_zh": MEASURES_ZH[measure],
                     "unit": str(names[inside.cells[part[0]]])}  # fmt: skip
            if high is not None and total > high:
                key = "split_part_above"
                for i in part:
                    if inside.people[i, m] > high:
                        key, total = "split_cell_above", int(inside.people[i, m])
                        words |= {"unit": str(names[inside.cells[i]]), "value": total}
                        break
                found.append(Reason(key, {**words, "limit": high}))
            elif low is not None and total < low:
                found.append(Reason("split_part_below", {**words, "limit": low}))
    return tuple(found)
