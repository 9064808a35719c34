"""The land of the sample: every element's natural village, village and township.

Natural villages (*cells* in this package) are the finest units; grids, villages, townships and
the county are unions of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from data.sample.borders import Coverage, make_coverage, smooth
from data.sample.frame import CountyFrame, FloatArray, IntArray, to_metric
from data.sample.mesh import Mesh, make_mesh
from data.sample.regions import Land, grow_natural_villages, grow_townships, grow_villages
from data.sample.terrain import Terrain, make_terrain

CELLS = 5000
_CLASS_RANK = {"121": 2, "122": 1, "210": 2}
# The one seat no source gives a point for; a valley between its neighbours in the west.
_INVENTED_SEATS = {"500229111": (540_500.0, 3_530_500.0)}


@dataclass(frozen=True)
class Cells:
    """The land, divided.

    Attributes
    ----------
    mesh
        Elements and corners, borders smoothed.
    rough
        The mesh before smoothing, for networks with lines of their own.
    land
        The mesh as a graph.
    of_element
        (elements,) cell of each element.
    village, township
        (cells,) village of each cell, (villages,) township of each village.
    township_of_element
        (elements,) township of each element.
    neighbours
        (n, 2) pairs of cells of the same village that share a side.
    seats
        (townships,) element of each township's seat.
    coverage
        Traces polygons of any grouping of cells.
    """

    terrain: Terrain
    mesh: Mesh
    rough: Mesh
    land: Land
    of_element: IntArray
    village: IntArray
    township: IntArray
    township_of_element: IntArray
    neighbours: IntArray
    seats: IntArray
    coverage: Coverage

    @property
    def count(self) -> int:
        """Number of cells."""
        return len(self.village)

    def middles(self) -> FloatArray:
        """(cells, 2) mean of each cell's elements, metric CRS."""
        size = np.bincount(self.of_element)
        return np.column_stack(
            [np.bincount(self.of_element, self.mesh.points[:, k]) / size for k in (0, 1)]
        )


def divide_land(frame: CountyFrame, rng: np.random.Generator) -> Cells:
    """Raise the terrain, mesh it, and grow townships, villages and natural villages on it."""
    ring = np.column_stack(to_metric(frame.outline[:-1, 0], frame.outline[:-1, 1]))
    seats = frame.townships[["x", "y"]].to_numpy(dtype=np.float64, copy=True)
    for code, place in _INVENTED_SEATS.items():
        seats[(frame.townships["code"] == code).to_numpy()] = place
    terrain = make_terrain(ring, seats, rng)
    mesh = make_mesh(ring, terrain, seats, seats[:2].mean(axis=0), rng)
    land = Land(mesh, terrain)
    tree = cKDTree(mesh.points)

    codes = {code: at for at, code in enumerate(frame.townships["code"])}
    parents = frame.villages["code"].str[:9].map(codes).to_numpy(dtype=np.int64)
    classes = frame.villages["urban_rural_class"]
    rank = np.array([_CLASS_RANK.get(code, 0) for code in classes], dtype=np.int64)
    weights = np.power(np.bincount(parents, np.where(rank > 0, 0.35, 1.0)), 0.75, dtype=np.float64)
    townships = grow_townships(land, seats, weights)
    seat_elements = np.asarray(tree.query(seats)[1], dtype=np.int64)
    villages = grow_villages(
        land, townships, parents, _known_elements(frame, tree), rank, seat_elements, rng
    )
    elements = np.bincount(villages, minlength=len(parents))
    share = elements**0.8 / (elements**0.8).sum()
    counts = np.minimum(np.clip(np.rint(share * CELLS), 6, 48), elements // 6).astype(np.int64)
    cells = grow_natural_villages(land, villages, counts, rng)

    smoothed = smooth(mesh, (cells, villages, townships))
    village = np.zeros(int(cells.max()) + 1, np.int64)
    village[cells] = villages
    pairs = np.sort(cells[mesh.sides[:, :2]], axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    return Cells(
        terrain=terrain,
        mesh=smoothed,
        rough=mesh,
        land=land,
        of_element=cells,
        village=village,
        township=parents,
        township_of_element=townships,
        neighbours=pairs[village[pairs[:, 0]] == village[pairs[:, 1]]],
        seats=seat_elements,
        coverage=make_coverage(smoothed, cells, frame.outline[:-1]),
    )


def _known_elements(frame: CountyFrame, tree: cKDTree) -> IntArray:
    """Element of each village whose place is known, else -1."""
    places = frame.villages[["x", "y"]].to_numpy(dtype=np.float64)
    known = np.isfinite(places).all(axis=1)
    elements = np.full(len(places), -1)
    elements[known] = tree.query(places[known])[1]
    return elements
