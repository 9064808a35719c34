"""Household points in settlements, and their addresses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.sample.cells import Cells
from data.sample.frame import CountyFrame, FloatArray, IntArray, to_lattice_degrees
from data.sample.grids import divide_cells, neighbours_of
from data.sample.names import STREETS, zh_number
from data.sample.people import People, settled

_CELLS_PER_GROUP = 4.0
_FLATS, _FLOORS_OF = 24, 4  # flats of a building, flats on a floor
_MIXED = 460  # households of other villages that live in the county seat (多村混居)


@dataclass(frozen=True)
class Homes:
    """One row per household: its point (lon, lat on the lattice), address, register village."""

    degrees: FloatArray
    address: list[str]
    register_village: IntArray


def place_households(
    frame: CountyFrame,
    cells: Cells,
    people: People,
    cell_names: list[str],
    order_in_village: IntArray,
    rng: np.random.Generator,
) -> Homes:
    """Give every household a point inside its cell and an address.

    ``order_in_village`` is the number of each cell in its village (1, 2, …).
    """
    town = _town(frame)[cells.village[people.cell]]
    serial = _serial(people.cell)
    # Flats of a building, and the few houses of a farmstead, stand together.
    gather = np.where(town, _FLATS, 1 + (people.cell % 3))
    spot = serial // gather
    _, which, spot_of = np.unique(
        np.column_stack([people.cell, spot]), axis=0, return_index=True, return_inverse=True
    )
    points = _points(cells, people.cell[which], town[which], rng)[spot_of.ravel()]
    degrees = to_lattice_degrees(*_jitter(points, rng).T)
    return Homes(
        degrees=degrees,
        address=_addresses(frame, cells, people, cell_names, order_in_village, serial, rng),
        register_village=_register_villages(frame, cells, people, rng),
    )


def _town(frame: CountyFrame) -> np.ndarray:
    """Per village: blocks of flats with streets rather than hamlets with villager groups."""
    return (frame.villages["urban_rural_class"] == "121").to_numpy()


def _serial(cell: IntArray) -> IntArray:
    """Position of each household in its cell; rows are grouped by cell."""
    starts = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])
    serial: IntArray = np.arange(len(cell)) - np.repeat(starts, np.diff(np.r_[starts, len(cell)]))
    return serial


def _points(cells: Cells, cell: IntArray, town: np.ndarray, rng: np.random.Generator) -> FloatArray:
    """(n, 3, 2): a triangle of an element per spot, already shrunk towards the element's point.

    A point is drawn in a triangle between an element's middle and one of its sides, so it is
    inside the cell without asking.
    """
    element = _elements(cells, cell, town, rng)
    left, right, start, end = cells.mesh.sides.T
    owner = np.concatenate([left, right])
    ends = np.column_stack([np.concatenate([start, end]), np.concatenate([end, start])])
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], element)
    count = np.searchsorted(owner[order], element, side="right") - first
    side = order[first + (rng.random(len(element)) * count).astype(np.int64)]
    corners = np.vstack([cells.mesh.corners, cells.mesh.edge_middles])
    middle = cells.mesh.points[element]
    out = np.sqrt(rng.random(len(element)))[:, None] * 0.8
    along = rng.random(len(element))[:, None]
    edge = corners[ends[side, 0]] * (1.0 - along) + corners[ends[side, 1]] * along
    return np.stack([middle, middle + out * (edge - middle)], axis=1)


def _elements(cells: Cells, cell: IntArray, town: np.ndarray, rng: np.random.Generator) -> IntArray:
    """Draw an element per spot: near the core of the settlement, on land that invites."""
    suits = settled(cells)
    of_element = cells.of_element
    noise = np.exp(rng.normal(0.0, 0.5, len(suits)))
    core = np.zeros(cells.count, np.int64)
    order = np.lexsort((suits * noise, of_element))
    core[of_element[order]] = order  # the last, hence the most inviting, stays
    away = np.hypot(*(cells.mesh.points - cells.mesh.points[core[of_element]]).T)
    dense = np.zeros(cells.count, bool)
    dense[cell] = town
    weight = suits * np.exp(-((away / np.where(dense[of_element], 400.0, 170.0)) ** 2)) + 1e-9
    by_cell = np.argsort(of_element, kind="stable")
    heights = np.cumsum(weight[by_cell])
    ends = np.searchsorted(of_element[by_cell], np.arange(cells.count), side="right")
    top = heights[ends - 1]
    bottom = np.r_[0.0, top[:-1]]
    drawn = bottom[cell] + rng.random(len(cell)) * (top - bottom)[cell]
    at = np.searchsorted(heights, drawn, side="right")
    starts = np.r_[0, ends[:-1]]
    element: IntArray = by_cell[np.clip(at, starts[cell], ends[cell] - 1)]
    return element


def _jitter(spots: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Move each household a few metres along the line from the element's middle to its spot."""
    middle, spot = spots[:, 0], spots[:, 1]
    outwards = 1.0 + rng.uniform(-0.12, 0.12, len(spots))[:, None]
    moved: FloatArray = middle + (spot - middle) * outwards
    return moved


def _register_villages(
    frame: CountyFrame, cells: Cells, people: People, rng: np.random.Generator
) -> IntArray:
    """Village where the household is on the register: for a few not the one it lives in."""
    home = cells.village[people.cell]
    seat = frame.villages["code"].str[6:9].isin(["001", "002"]).to_numpy()
    core = seat & _town(frame)
    movers = rng.permutation(np.flatnonzero(core[home] & ~people.collective))[:_MIXED]
    rural = np.flatnonzero(~people.urban)
    register = home.copy()
    register[movers] = rural[(rng.beta(0.6, 2.4, len(movers)) * len(rural)).astype(np.int64)]
    return register


def _addresses(
    frame: CountyFrame,
    cells: Cells,
    people: People,
    cell_names: list[str],
    order_in_village: IntArray,
    serial: IntArray,
    rng: np.random.Generator,
) -> list[str]:
    """Addresses as registers write them: with and without the county, 三组 and 3组."""
    towns = frame.townships["name"].to_list()
    villages = frame.villages["name"].to_list()
    town = _town(frame).tolist()
    group = _villager_groups(cells, order_in_village)
    flat = serial // _FLATS
    style = rng.random(len(serial))
    street = rng.integers(len(STREETS), size=cells.count)
    gate = 2 * rng.integers(1, 90, size=cells.count)
    number = _group_numbers(people.cell, group, cells.village)
    written: list[str] = []
    for row, cell in enumerate(people.cell.tolist()):
        village = int(cells.village[cell])
        head = towns[int(cells.township[village])] + villages[village]
        if people.collective[row]:
            tail = f"{cell_names[cell]}集体户{serial[row] + 1}号"
        elif town[village]:
            unit, home = divmod(int(serial[row]) % _FLATS, _FLATS // 2)
            tail = (
                f"{STREETS[street[cell]]}{gate[cell]}号{cell_names[cell]}{flat[row] + 1}栋"
                f"{unit + 1}单元{home // _FLOORS_OF * 2 + 1}0{home % _FLOORS_OF + 1}"
            )
        else:
            written_group = zh_number(group[cell]) if style[row] < 0.7 else str(group[cell])
            place = cell_names[cell] if style[row] % 0.1 < 0.055 else ""
            tail = f"{written_group}组{place}{number[row]}号"
        county = "" if 0.55 < style[row] < 0.63 else frame.name
        written.append(county + head + tail)
    return written


def _villager_groups(cells: Cells, order_in_village: IntArray) -> list[int]:
    """Villager group (村民小组) of each cell: older units than the grids, with other limits."""
    graph = neighbours_of(cells)
    middles = cells.middles()
    ones = np.ones(cells.count, np.int64)
    group = np.zeros(cells.count, np.int64)
    for village in range(len(cells.township)):
        inside = np.flatnonzero(cells.village == village)
        parts = max(1, round(len(inside) / _CELLS_PER_GROUP))
        part = divide_cells(inside, graph, ones, middles, parts)
        first = np.full(parts, len(inside) + 1)
        np.minimum.at(first, part, order_in_village[inside])
        rank = np.argsort(np.argsort(first, kind="stable"), kind="stable")
        group[inside] = rank[part] + 1
    numbered: list[int] = group.tolist()
    return numbered


def _group_numbers(cell: IntArray, group: list[int], village: IntArray) -> IntArray:
    """House number: runs through the villager group."""
    key = village[cell] * 1000 + np.asarray(group)[cell]
    order = np.argsort(key, kind="stable")
    number = np.empty(len(cell), np.int64)
    number[order] = _serial(key[order]) + 1
    return number
