"""Roads of the sample: between the seats along valleys, to the villages, to most settlements.

Junctions are shared vertices. On purpose there are a piece that nothing joins to the rest (a slide
has taken the road), a street whose two directions part, bridges, and settlements without a road.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.sample.cells import Cells
from data.sample.chains import Lines, put_together, smooth_roads, walk_chains
from data.sample.frame import STORE_CRS, CountyFrame, FloatArray, IntArray, to_lattice_degrees
from data.sample.terrain import Terrain
from data.sample.tracks import Ground

CLASSES = ("trunk", "primary", "secondary", "tertiary", "residential", "unclassified", "track")
_RANK = {name: rank for rank, name in enumerate(CLASSES)}
_KMH = {"trunk": 60.0, "primary": 40.0}
_LOOPS = 6
_TRUNK_FROM = 4  # townships on either side
_SECONDARY_FROM = 3  # villages behind a road
_PAVED_FROM = 20  # households behind a lane
_TOWN_M = 1100.0
_CUT_OFF = 4  # settlements behind the slide
_STREET_M = (250.0, 900.0)
_BLOCK_M = 60.0


def lay_roads(
    frame: CountyFrame, cells: Cells, homes: FloatArray, cell_of_home: IntArray, sites: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Lay the roads.

    Parameters
    ----------
    homes
        (households, 2) places, metric CRS.
    cell_of_home
        Natural village (cell) of each household.
    sites
        Centers: level, village, x, y. A road leads to each village's center.

    Returns
    -------
    GeoDataFrame
        Layer ``roads``, EPSG:4490 on the lattice, in a fixed order.
    """
    outline = np.asarray(cells.mesh.points[: cells.mesh.outline_count])
    ground = Ground(cells.terrain, outline)
    places = ground.places.copy()
    seats = ground.cell_at(cells.mesh.points[cells.seats])
    main = _main_roads(frame, ground, seats)
    built = np.unique(main.ends)

    local = sites[sites["level"].isin(("village", "station"))]
    stops = ground.cell_at(local[["x", "y"]].to_numpy())
    to_villages = _village_roads(frame, ground, built, stops, local["village"].to_numpy())
    places[stops] = local[["x", "y"]].to_numpy()
    built = np.union1d(built, to_villages.ends)

    count = np.bincount(cell_of_home, minlength=cells.count)
    settled = np.flatnonzero(count)
    middle = (
        np.column_stack(
            [np.bincount(cell_of_home, homes[:, k], cells.count)[settled] for k in (0, 1)]
        )
        / count[settled, None]
    )
    lanes, reached = _lanes(ground, built, middle, count[settled].astype(np.float64), seats)
    free = ~np.isin(reached.cells, built)
    places[reached.cells[free]] = reached.places[free]
    lines = put_together([main, to_villages, lanes])
    return _draw(cells.terrain, places, lines, np.union1d(seats, stops), int(seats[0]))


def _main_roads(frame: CountyFrame, ground: Ground, seats: IntArray) -> Lines:
    """Join the seats; what leads from one half of the county to the other is a trunk road."""
    ways = ground.link_seats(seats, _LOOPS)
    position = {int(cell): at for at, cell in enumerate(seats)}
    links = [(position[int(way[0])], position[int(way[-1])]) for way in ways]
    names = frame.townships["name"].str[0].to_list()
    parts = []
    for way, (a, b) in zip(ways, links, strict=True):
        behind = _behind(links[: len(seats) - 1], (a, b), len(seats))
        through = _TRUNK_FROM <= behind <= len(seats) - _TRUNK_FROM
        rank = _RANK["trunk" if through else "primary"]
        ends = np.column_stack([way[:-1], way[1:]])
        name = np.full(len(ends), f"{names[a]}{names[b]}路", dtype=object)
        parts.append(Lines(ends, np.full(len(ends), rank), name))
    return put_together(parts)


def _behind(tree: list[tuple[int, int]], link: tuple[int, int], count: int) -> int:
    """Return how many seats lie behind a link of the tree; none for a link that is not in it."""
    if link not in tree:
        return 0
    found, ahead = {link[0]}, [link[1]]
    while ahead:
        seat = ahead.pop()
        found.add(seat)
        for a, b in tree:
            for here, there in ((a, b), (b, a)):
                if here == seat and there not in found:
                    ahead.append(there)
    return min(len(found) - 1, count)


def _village_roads(
    frame: CountyFrame, ground: Ground, built: IntArray, stops: IntArray, villages: IntArray
) -> Lines:
    track = ground.branch(built, stops, np.ones(len(stops)))
    cells = track.cells[track.before[track.cells] >= 0]
    rank = np.where(track.wanted[cells] >= _SECONDARY_FROM, _RANK["secondary"], _RANK["tertiary"])
    name = np.full(len(track.before), "", dtype=object)
    of_village = frame.villages["name"].str.removesuffix("村").str.removesuffix("社区")
    name[stops] = [f"{of_village.iloc[v]}路" for v in villages]
    for cell in track.cells.tolist():  # towards what is built; the name of the last village holds
        ahead = track.before[cell]
        if ahead >= 0 and not name[ahead]:
            name[ahead] = name[cell]
    return Lines(np.column_stack([cells, track.before[cells]]), rank, name[cells])


class Reached(NamedTuple):
    """Cells where lanes end, and the middle of the settlement there."""

    cells: IntArray
    places: FloatArray


def _lanes(
    ground: Ground, built: IntArray, middle: FloatArray, count: FloatArray, seats: IntArray
) -> tuple[Lines, Reached]:
    """Lead lanes to settlements, but not far up a mountain for a few households."""
    stops = ground.cell_at(middle)
    cost = ground.branch(built, stops, count).cost[stops]
    worth = cost <= 3000.0 + 400.0 * count
    track = ground.branch(built, stops[worth], count[worth])
    cells = track.cells[track.before[track.cells] >= 0]
    gone = _slide(track.before, cells, stops[worth])
    cells = cells[~np.isin(cells, gone)]
    ends = np.column_stack([cells, track.before[cells]])
    rank = np.where(track.wanted[cells] >= _PAVED_FROM, _RANK["unclassified"], _RANK["track"])
    away = np.hypot(*(ground.places[cells][:, None] - ground.places[seats]).transpose(2, 0, 1))
    rank[away.min(axis=1) < _TOWN_M] = _RANK["residential"]
    lanes = Lines(ends, rank, np.full(len(cells), "", dtype=object))
    return lanes, Reached(stops[worth], middle[worth])


def _slide(before: IntArray, cells: IntArray, stops: IntArray) -> IntArray:
    """Return three cells in a row whose lane is gone: the settlements behind are cut off."""
    behind = np.bincount(stops, minlength=len(before))
    for cell in cells.tolist():  # the farthest first
        behind[before[cell]] += behind[cell]
    trail = np.column_stack([cells, before[cells], before[before[cells]]])
    deep = (trail >= 0).all(axis=1) & (before[trail[:, 2]] >= 0)
    alone = deep & (behind[trail] == _CUT_OFF).all(axis=1)  # no other lane joins there
    return np.asarray(trail[alone][int(alone.sum()) // 2], dtype=np.int64)


class Row(NamedTuple):
    """One road: class (rank), name, whether it is a bridge, its cells in order."""

    rank: int
    name: str
    bridge: bool
    nodes: list[int]


def _draw(
    terrain: Terrain, places: FloatArray, lines: Lines, fixed: IntArray, seat: int
) -> gpd.GeoDataFrame:
    places = smooth_roads(places, lines.ends, fixed)
    rivers = shapely.STRtree([shapely.LineString(river) for river in terrain.rivers])
    rows = [
        Row(rank, name, wet, chain)
        for rank, name, nodes in walk_chains(lines, fixed)
        for wet, chain in _at_rivers(nodes, places, rivers)
    ]
    degrees = to_lattice_degrees(*places.T)
    shapes = [shapely.LineString(degrees[row.nodes]) for row in rows]
    oneway = ["both"] * len(rows)
    street = _street(rows, places, seat)
    oneway[street] = "forward"
    rows.append(rows[street])
    oneway.append("forward")
    shapes.append(_beside(places[rows[street].nodes]))
    classes = [CLASSES[row.rank] for row in rows]
    table = {
        "code": [f"R{number:05d}" for number in range(1, len(rows) + 1)],
        "name": [row.name for row in rows],
        "road_class": classes,
        "oneway": oneway,
        "speed_kmh": [_KMH.get(name, np.nan) for name in classes],
        "bridge": [row.bridge for row in rows],
    }
    return gpd.GeoDataFrame(table, geometry=shapes, crs=STORE_CRS)


def _at_rivers(
    nodes: list[int], places: FloatArray, rivers: shapely.STRtree
) -> Iterator[tuple[bool, list[int]]]:
    """Cut a chain where it comes to a river and where it leaves it: bridges are roads apart."""
    steps = shapely.linestrings(np.stack([places[nodes[:-1]], places[nodes[1:]]], axis=1))
    wet = np.zeros(len(steps), dtype=bool)
    wet[rivers.query(steps, predicate="intersects")[0]] = True
    cuts = [0, *(np.flatnonzero(np.diff(wet)) + 1).tolist(), len(steps)]
    for start, end in pairwise(cuts):
        yield bool(wet[start]), nodes[start : end + 1]


def _street(rows: list[Row], places: FloatArray, seat: int) -> int:
    """Return the street nearest to the county seat that is long enough to have two directions."""
    lengths = np.array(
        [0.0 if row.bridge else shapely.LineString(places[row.nodes]).length for row in rows]
    )
    away = np.array([np.hypot(*(places[row.nodes].mean(axis=0) - places[seat])) for row in rows])
    away[(lengths < _STREET_M[0]) | (lengths > _STREET_M[1])] = np.inf
    return int(np.argmin(away))


def _beside(line: FloatArray) -> shapely.LineString:
    """Return the other direction of a street: from its end back to its start, a block away."""
    along = line[-1] - line[0]
    aside = np.array([-along[1], along[0]]) / np.hypot(*along) * _BLOCK_M
    back = line[::-1].copy()
    back[1:-1] += aside
    return shapely.LineString(to_lattice_degrees(*back.T))
