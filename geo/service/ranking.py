"""The table of gaps: who is in each, what it would take to serve them, which comes first."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from geo.crs import STORE_CRS, to_lattice
from geo.reach.matrix import Nearest
from geo.service.hints import find_best_places
from geo.service.land import Polygons
from geo.service.quantiles import weighted_quantiles
from geo.service.question import Question
from geo.shapes import repair

Positions = NDArray[np.int64]


def rank_areas(
    question: Question,
    near: Nearest,
    rows: Positions,
    shapes: Polygons,
    member: Positions,
    counts: Mapping[str, NDArray[np.int64] | None],
) -> tuple[geopandas.GeoDataFrame, Positions]:
    """Describe and rank gaps.

    Parameters
    ----------
    question, near
        As asked, and the nearest center of each household.
    rows
        Positions of the unserved households.
    shapes, member
        Polygons in the question's zone in an order that depends on the land alone, and the
        position of each unserved household's (:func:`geo.service.areas.find_areas`).
    counts
        Further sums: the values of every household, None where there is no such column.

    Returns
    -------
    tuple
        The frame of :attr:`geo.service.gaps.ServiceGaps.areas`, and the rank of each shape.
    """
    count = len(shapes)
    people = question.people[rows]
    table = pd.DataFrame(
        {"households": np.bincount(member, minlength=count), "people": _sum(people, member, count)}
    )
    for name, values in counts.items():
        sums = [pd.NA] * count if values is None else _sum(values[rows], member, count)
        table[name] = pd.array(sums, dtype="Int64")
    table["area_m2"] = shapely.area(shapes)
    table = table.join(_ways(question, near, rows, member, count))
    table = table.join(_hints(question, rows, member, people))
    table["villages"] = _villages(question, rows, member, count)
    # shapes come in a fixed order, so equal ones keep it
    order = table.sort_values(
        ["people", "excess", "households"], ascending=False, kind="stable"
    ).index.to_numpy()
    ranks = np.empty(count, dtype=np.int64)
    ranks[order] = np.arange(1, count + 1)
    stored = geopandas.GeoSeries(shapes, crs=question.zone).to_crs(STORE_CRS)
    # a needle between reach and border may cross itself once its nodes are rounded
    drawn = repair(to_lattice(np.asarray(stored.array)))
    areas = geopandas.GeoDataFrame(table, geometry=drawn, crs=STORE_CRS)
    areas = areas.iloc[order].reset_index(drop=True)
    areas.insert(0, "rank", np.arange(1, count + 1))
    return areas, ranks


def _sum(values: NDArray[np.int64], member: Positions, count: int) -> NDArray[np.int64]:
    return np.bincount(member, weights=values, minlength=count).astype(np.int64)


def _ways(
    question: Question, near: Nearest, rows: Positions, member: Positions, count: int
) -> pd.DataFrame:
    """Return what the ways of each gap's households say, of those that have one."""
    has_way = np.isfinite(near.cost[rows])
    gap, row = member[has_way], rows[has_way]
    cost, center = near.cost[row], near.center[row]
    people, limit = question.people[row], question.limits[row]
    # one order of adding, whatever the order of the households: the same bytes
    order = np.lexsort((row, limit, people, center, cost, gap))
    gap, row, cost, center = gap[order], row[order], cost[order], center[order]
    people, limit = people[order], limit[order]
    excess = _excess(cost, limit)
    households = np.bincount(member, minlength=count)
    total = _sum(question.people[rows], member, count)
    # where nobody is counted, households are: there is a way to go all the same
    weight = np.where(total[gap] > 0, people, 1)
    found, first = np.unique(gap, return_index=True)
    last = np.append(first, len(gap))[1:] - 1
    table = pd.DataFrame(index=np.arange(count))
    codes = question.centers["code"].to_numpy(dtype=object)
    table["nearest_center"] = pd.Series(codes[center[first]], index=found, dtype=object)
    table["nearest_cost"] = pd.Series(cost[first], index=found)
    table["farthest_cost"] = pd.Series(cost[last], index=found)
    farthest = np.full(count, -1, dtype=np.int64)
    farthest[found] = row[last]
    table["farthest"] = farthest
    heavy = np.bincount(gap, weights=weight, minlength=count)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(gap, weights=weight * cost, minlength=count) / heavy
    table["mean_cost"] = mean
    table["extension_90"] = weighted_quantiles(
        excess, weight, gap, 0.9, group_count=count, totals=np.where(total > 0, total, households)
    )[:, 0]
    without_way = households - np.bincount(gap, minlength=count)
    widest = np.full(count, -np.inf)
    np.maximum.at(widest, gap, excess)
    table["extension_all"] = np.where(without_way == 0, widest, np.nan)
    table["excess"] = np.bincount(gap, weights=people * excess, minlength=count)
    table["without_way"] = without_way
    return table


def _excess(cost: NDArray[np.float64], limit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the least that added to the limit serves: floats may round the difference down."""
    excess = cost - limit
    short = limit + excess < cost
    excess[short] = np.nextafter(excess[short], np.inf)
    return excess


def _hints(
    question: Question, rows: Positions, member: Positions, people: NDArray[np.int64]
) -> pd.DataFrame:
    radius = question.of_area_type(question.straight_m)[rows]
    places = question.homes[rows]
    total = np.bincount(member, weights=people)
    place, covered = find_best_places(
        places, radius, np.where(total[member] > 0, people, 1), member
    )
    turn = pyproj.Transformer.from_crs(question.zone, STORE_CRS, always_xy=True)
    lon, lat = (np.round(values, 9) for values in turn.transform(*places[place].T))
    return pd.DataFrame(
        {"site_lon": lon, "site_lat": lat, "site_people": np.where(total > 0, covered, 0)}
    )


def _villages(
    question: Question, rows: Positions, member: Positions, count: int
) -> list[tuple[str, ...]]:
    names = question.villages.categories
    pairs = np.unique(member * (len(names) + 1) + question.villages.codes[rows])
    found: list[list[str]] = [[] for _ in range(count)]
    for gap, village in zip(*np.divmod(pairs, len(names) + 1), strict=True):
        if names[village]:
            found[gap].append(names[village])
    return [tuple(codes) for codes in found]
