"""The 1,253 all-purpose grids: unions of natural villages, each inside one village."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.sample.cells import Cells
from data.sample.division import divide, is_connected
from data.sample.frame import CountyFrame, FloatArray, IntArray
from data.sample.people import People, share_out

GRIDS = 1253
_UNEVEN = 0.14  # share of villages whose grids were never evened out
_SEAT_TARGET, _TOWN_TARGET, _FRINGE_TARGET = 270.0, 180.0, 110.0
# What a dedicated grid is drawn around, and in how many places of the county.
_DEDICATED = (
    ("中学", "school", 4),
    ("农贸市场", "market", 3),
    ("人民医院", "hospital", 2),
    ("滨河公园", "park", 3),
)


@dataclass(frozen=True)
class Grids:
    """Grid of each cell, and what each grid is.

    ``of_cell`` (cells,), ``village`` (grids,), ``place`` (grids,): what a dedicated grid is
    drawn around, empty for basic grids.
    """

    of_cell: IntArray
    village: IntArray
    place: list[str]


def draw_grids(frame: CountyFrame, cells: Cells, people: People, rng: np.random.Generator) -> Grids:
    """Divide every village into grids, 1,253 in all."""
    households = np.bincount(people.cell, minlength=cells.count)
    graph = neighbours_of(cells)
    places = cells.middles()
    dedicated = _choose_dedicated(frame, cells, people, households, graph, rng)
    counts = _grids_per_village(frame, cells, people, households, dedicated, rng)
    even = rng.random(len(counts)) >= _UNEVEN

    of_cell = np.full(cells.count, -1)
    village: list[int] = []
    place: list[str] = []
    for number, count in enumerate(counts):
        inside = np.flatnonzero(cells.village == number)
        for cell in inside[np.isin(inside, list(dedicated))]:
            of_cell[cell] = len(village)
            village.append(number)
            place.append(dedicated[int(cell)])
        basic = inside[of_cell[inside] < 0]
        part = divide_cells(basic, graph, households, places, int(count), even=bool(even[number]))
        of_cell[basic] = len(village) + part
        village += [number] * int(count)
        place += [""] * int(count)
    return Grids(of_cell, np.array(village), place)


def neighbours_of(cells: Cells) -> list[list[int]]:
    """Adjacent cells of each cell, within its village."""
    beside: list[list[int]] = [[] for _ in range(cells.count)]
    for a, b in cells.neighbours.tolist():
        beside[a].append(b)
        beside[b].append(a)
    return beside


def divide_cells(
    inside: IntArray,
    graph: list[list[int]],
    weights: IntArray,
    places: FloatArray,
    parts: int,
    *,
    even: bool = True,
) -> IntArray:
    """Divide some cells of a village; the part of each, in the order given."""
    local = {int(cell): at for at, cell in enumerate(inside)}
    beside = [[local[n] for n in graph[cell] if n in local] for cell in local]
    weight = [float(w) for w in weights[inside]]
    return np.array(divide(beside, weight, places[inside], parts, even=even))


def _grids_per_village(
    frame: CountyFrame,
    cells: Cells,
    people: People,
    households: IntArray,
    dedicated: dict[int, str],
    rng: np.random.Generator,
) -> IntArray:
    """Count the basic grids of each village: towns by a target size, the rest by share."""
    villages = len(frame.villages)
    classes = frame.villages["urban_rural_class"].to_numpy()
    seat = frame.villages["code"].str[6:9].isin(["001", "002"]).to_numpy()
    total = np.bincount(cells.village, households, minlength=villages).astype(np.int64)
    room = np.bincount(cells.village, minlength=villages)
    special = np.bincount(cells.village[list(dedicated)], minlength=villages)
    target = np.select(
        [classes == "121", (classes == "122") & seat],
        [np.where(seat, _SEAT_TARGET, _TOWN_TARGET), _TOWN_TARGET],
        _FRINGE_TARGET,
    )
    most = np.maximum(room - special, 1)
    counts: IntArray = np.clip(np.rint(total / target), 1, most).astype(np.int64)
    rural = np.flatnonzero(~people.urban)
    left = GRIDS - int(counts[people.urban].sum()) - len(dedicated)
    wanted = total[rural].astype(np.float64) * np.exp(rng.normal(0.0, 0.17, len(rural)))
    rural_most = np.maximum(most[rural] * 2 // 3, 1).astype(np.int64)
    counts[rural] = _share_within(left, wanted, rural_most)
    return counts


def _share_within(total: int, weights: FloatArray, most: IntArray) -> IntArray:
    """Share out by weight, at least 1 and at most ``most`` each."""
    counts = np.ones(len(weights), np.int64)
    while left := total - int(counts.sum()):
        # each gets what it lacks of its fair share, so that the first 1 counts towards it
        lacking = np.clip(weights / weights.sum() * total - counts, 0.0, None)
        lacking = np.where(counts < most, lacking + 1e-3, 0.0)
        if left < 0 or not lacking.any():
            raise AssertionError("the grids do not fit the villages")
        counts = np.minimum(counts + share_out(left, lacking), most)
    return counts


def _choose_dedicated(
    frame: CountyFrame,
    cells: Cells,
    people: People,
    households: IntArray,
    graph: list[list[int]],
    rng: np.random.Generator,
) -> dict[int, str]:
    """Cells that become a dedicated grid, with the name of the place; one per village."""
    classes = frame.villages["urban_rural_class"].to_numpy()[cells.village]
    dormitories = np.bincount(people.cell, people.collective, minlength=cells.count)
    towns = np.flatnonzero(classes == "121")
    used: set[int] = set()
    chosen: dict[int, str] = {}
    for name, kind, count in _DEDICATED:
        liking = rng.random(len(towns)) + ((households[towns] > 20) & (households[towns] < 110))
        if kind in ("school", "hospital"):
            liking = liking + 10.0 * dormitories[towns]
        if kind == "park":
            liking = rng.random(len(towns)) / (1.0 + households[towns])
        found = 0
        for cell in towns[np.argsort(-liking, kind="stable")].tolist():
            village = int(cells.village[cell])
            others = set(np.flatnonzero(cells.village == village).tolist()) - {cell}
            if village in used or not is_connected(others, graph):
                continue
            used.add(village)
            chosen[cell] = name
            found += 1
            if found == count:
                break
    return chosen
