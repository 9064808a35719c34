"""Where roads run: the cheapest ways over the terrain raster, joined to what is built already.

Roads keep to valleys, climb gently, and cross a river only where going round costs more than a
bridge. Each step is one search from everything built so far, so that new roads branch off old ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import cKDTree

from data.sample.frame import FloatArray, IntArray
from data.sample.terrain import STEP_M, Terrain

_MARGIN_M = 500.0
_BRIDGE_M = 2500.0  # a cell of river costs as much as so long a way: no road runs in one
_GENTLE = 0.07  # rise over run from which a road costs clearly more
_MOVES = ((0, 1), (1, 0), (1, 1), (1, -1))
_NOWHERE = -9999  # scipy's word for "no cell before"


@dataclass(frozen=True)
class Track:
    """Cheapest ways from what is built to cells that want a road.

    ``before[cell]`` is the next cell on the way to what is built, negative on it and where there
    is no way; ``cells`` are those on any way, the farthest first; ``wanted[cell]`` counts whom a
    way through the cell serves.
    """

    before: IntArray
    cells: IntArray
    wanted: FloatArray
    cost: FloatArray


class Ground:
    """The raster as a graph of cells, inside the county.

    Parameters
    ----------
    terrain
        Heights and rivers.
    outline
        (n, 2) ring of the county, metric CRS.
    """

    def __init__(self, terrain: Terrain, outline: FloatArray) -> None:
        rows, columns = terrain.heights_m.shape
        x = terrain.x0 + np.arange(columns) * STEP_M
        y = terrain.y0 + np.arange(rows) * STEP_M
        land = shapely.buffer(shapely.Polygon(outline), _MARGIN_M)
        shapely.prepare(land)
        inside = shapely.contains_xy(land, *np.meshgrid(x, y))
        number = np.full((rows, columns), -1, np.int64)
        number[inside] = np.arange(int(inside.sum()))
        row, column = np.nonzero(inside)
        self.places = np.column_stack([x[column], y[row]])
        self._tree = cKDTree(self.places)
        self._graph = self._join(terrain.heights_m, _river_cells(terrain), number)

    def cell_at(self, places: FloatArray) -> IntArray:
        """Return the cell nearest to each place."""
        return np.asarray(self._tree.query(places)[1], dtype=np.int64)

    def link_seats(self, seats: IntArray, loops: int) -> list[IntArray]:
        """Return ways, as cells, that join all seats; ``loops`` more than a tree needs.

        Each cell belongs to its nearest seat; where two such territories meet lies the cheapest
        way between their seats.
        """
        cost, before, nearest = dijkstra(
            self._graph, indices=seats, min_only=True, return_predecessors=True
        )
        pairs = self._graph.tocoo()
        a, b = pairs.coords
        apart = (nearest[a] != nearest[b]) & (nearest[a] >= 0) & (nearest[b] >= 0) & (a < b)
        a, b = a[apart], b[apart]
        through = cost[a] + pairs.data[apart] + cost[b]
        position = np.full(int(seats.max()) + 1, -1)
        position[seats] = np.arange(len(seats))
        ends = np.sort(np.column_stack([position[nearest[a]], position[nearest[b]]]), axis=1)
        order = np.lexsort([through, ends[:, 1], ends[:, 0]])
        ends, through, a, b = ends[order], through[order], a[order], b[order]
        first = np.r_[True, (np.diff(ends, axis=0) != 0).any(axis=1)]
        ends, through, a, b = ends[first], through[first], a[first], b[first]
        shape = (len(seats), len(seats))
        tree = minimum_spanning_tree(csr_array((through, ends.T), shape=shape)).tocoo()
        joined = set(zip(*np.sort(tree.coords, axis=0).tolist(), strict=True))
        spare = [i for i in np.argsort(through) if tuple(ends[i].tolist()) not in joined]
        kept = [i for i in range(len(ends)) if tuple(ends[i].tolist()) in joined] + spare[:loops]
        return [np.array(_back(int(a[i]), before)[::-1] + _back(int(b[i]), before)) for i in kept]

    def branch(self, built: IntArray, wants: IntArray, weights: FloatArray) -> Track:
        """Return the cheapest ways from cells that want a road to the cells that are built."""
        cost, before, _ = dijkstra(
            self._graph, indices=built, min_only=True, return_predecessors=True
        )
        wanted = np.asarray(np.bincount(wants, weights, len(cost)), dtype=np.float64)
        used = np.zeros(len(cost), dtype=bool)
        ahead = np.unique(wants[np.isfinite(cost[wants])])
        while len(ahead):
            used[ahead] = True
            ahead = before[ahead]
            ahead = np.unique(ahead[ahead >= 0])
            ahead = ahead[~used[ahead]]
        cells = np.flatnonzero(used)
        cells = cells[np.lexsort([cells, -cost[cells]])]
        for cell in cells.tolist():
            if before[cell] >= 0:
                wanted[before[cell]] += wanted[cell]
        return Track(np.asarray(before, dtype=np.int64), cells, wanted, cost)

    def _join(self, heights: FloatArray, river: NDArray[np.bool_], number: IntArray) -> csr_array:
        rows, columns = number.shape
        starts, ends, costs = [], [], []
        for down, right in _MOVES:
            here = np.s_[: rows - down, max(-right, 0) : columns - max(right, 0)]
            there = np.s_[down:, max(right, 0) : columns + min(right, 0)]
            both = (number[here] >= 0) & (number[there] >= 0)
            run = STEP_M * float(np.hypot(down, right))
            slope = np.abs(heights[there] - heights[here])[both] / run
            way = run * (1.0 + np.minimum((slope / _GENTLE) ** 2, 40.0))
            way += _BRIDGE_M / 2 * (river[here][both].astype(int) + river[there][both])
            starts += [number[here][both], number[there][both]]
            ends += [number[there][both], number[here][both]]
            costs += [way, way]
        size = int(number.max()) + 1
        joined = (np.concatenate(costs), (np.concatenate(starts), np.concatenate(ends)))
        return csr_array(joined, shape=(size, size))


def _back(cell: int, before: IntArray) -> list[int]:
    """Return the cells from one back to where its search began."""
    way = [cell]
    while before[way[-1]] != _NOWHERE:
        way.append(int(before[way[-1]]))
    return way


def _river_cells(terrain: Terrain) -> NDArray[np.bool_]:
    """Cells that rivers flow through; they touch by their sides, so no way slips between."""
    rows, columns = terrain.heights_m.shape
    cells = np.zeros((rows, columns), dtype=bool)
    for river in terrain.rivers:
        line = shapely.get_coordinates(shapely.segmentize(shapely.LineString(river), STEP_M / 10))
        column = np.rint((line[:, 0] - terrain.x0) / STEP_M).astype(np.int64)
        row = np.rint((line[:, 1] - terrain.y0) / STEP_M).astype(np.int64)
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        row, column = row[inside], column[inside]
        cells[row, column] = True
        cells[row[:-1], column[1:]] |= np.abs(np.diff(row)) + np.abs(np.diff(column)) <= 2
    return cells
