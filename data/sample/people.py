"""How many people live where: census totals shared out to villages, cells and households.

Sums are exact: residents, family households, children, elderly and those of 80 and over come out
as the census shares say, to the person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.sample.cells import Cells
from data.sample.frame import Census, CountyFrame, FloatArray, IntArray

# Shares of family households with 1, 2, … 7 residents; the villages have grown small and old.
_SIZES_RURAL = np.array([0.270, 0.290, 0.200, 0.130, 0.070, 0.030, 0.010])
_SIZES_URBAN = np.array([0.145, 0.225, 0.270, 0.200, 0.100, 0.045, 0.015])
_RURAL_HOUSEHOLD_SIZE = 2.55
_SPARSE_VILLAGES = 9
_COLLECTIVES = 96


@dataclass(frozen=True)
class People:
    """One row per household, grouped by cell.

    Attributes
    ----------
    cell
        Cell the household lives in.
    residents, registered, children, elderly, aged_80
        Persons.
    collective
        True for dormitories, homes and camps (集体户).
    urban
        Per village: urban by its class code.
    """

    cell: IntArray
    residents: IntArray
    registered: IntArray
    children: IntArray
    elderly: IntArray
    aged_80: IntArray
    collective: np.ndarray
    urban: np.ndarray


def settle_people(frame: CountyFrame, cells: Cells, rng: np.random.Generator) -> People:
    """Share the census out over the cells."""
    census = frame.census
    classes = frame.villages["urban_rural_class"]
    urban = classes.str.startswith("1").to_numpy(dtype=bool)
    rural_residents = census.residents - round(census.residents * census.urban_share)
    rural_households = round(rural_residents / _RURAL_HOUSEHOLD_SIZE)
    urban_households = census.family_households - rural_households

    suits = settled(cells)
    per_cell = np.bincount(cells.of_element, suits).astype(np.float64)
    households = np.zeros(len(urban), np.int64)
    weights = _village_weights(frame, cells, per_cell, rng)
    households[urban] = share_out(urban_households, weights[urban])
    households[~urban] = share_out(rural_households, weights[~urban])
    cell_households = np.zeros(cells.count, np.int64)
    rough = per_cell * np.exp(rng.normal(0.0, 0.42, cells.count))
    for village, count in enumerate(households):
        inside = np.flatnonzero(cells.village == village)
        cell_households[inside] = share_out(int(count), rough[inside])

    cell = np.repeat(np.arange(cells.count), cell_households)
    in_town = urban[cells.village[cell]]
    residents = np.zeros(len(cell), np.int64)
    residents[~in_town] = _sizes(rural_households, rural_residents, _SIZES_RURAL, rng)
    residents[in_town] = _sizes(
        urban_households, census.family_residents - rural_residents, _SIZES_URBAN, rng
    )
    homes, persons = _collectives(frame, cells, cell_households, census, rng)
    cell = np.concatenate([cell, homes])
    residents = np.concatenate([residents, persons])
    collective = np.arange(len(cell)) >= len(in_town)
    order = np.lexsort((collective, cell))
    cell, residents, collective = cell[order], residents[order], collective[order]

    elderly, aged_80, children = _ages(residents, collective, census, rng)
    return People(
        cell=cell,
        residents=residents,
        registered=_registered(residents, collective, urban[cells.village[cell]], rng),
        children=children,
        elderly=elderly,
        aged_80=aged_80,
        collective=collective,
        urban=urban,
    )


def settled(cells: Cells) -> FloatArray:
    """How much each element invites to settle: valley floors and low slopes, 0…1."""
    x, y = cells.mesh.points.T
    ridge = cells.terrain.ridge(x, y)
    height = cells.terrain.height_m(x, y)
    low: FloatArray = np.exp(-(((ridge + 0.85) / 0.62) ** 2)) * np.exp(
        -np.clip(height - 800.0, 0.0, None) / 420.0
    )
    low[: cells.mesh.outline_count] = 0.0  # nobody lives on the county's outline
    suits: FloatArray = low + 1e-6
    return suits


def share_out(total: int, weights: FloatArray) -> IntArray:
    """Whole numbers in proportion to the weights that sum to ``total`` (largest remainders).

    Examples
    --------
    >>> share_out(10, np.array([1.0, 1.0, 1.0]))
    array([4, 3, 3])
    """
    exact = total * weights / weights.sum()
    shares: IntArray = np.floor(exact).astype(np.int64)
    left = total - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:left]] += 1
    return shares


def _village_weights(
    frame: CountyFrame, cells: Cells, per_cell: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Relative size of each village within the towns, and within the country."""
    classes = frame.villages["urban_rural_class"].to_numpy()
    county_seat = frame.villages["code"].str[6:9].isin(["001", "002"]).to_numpy()
    fit = np.bincount(cells.village, per_cell, minlength=len(classes))
    weights = (fit / fit.mean()) ** 0.55 * np.exp(rng.normal(0.0, 0.32, len(classes)))
    weights = np.where(classes == "210", 1.5 * np.clip(weights, 0.7, None), weights)
    town = np.where(county_seat, 3.4, 1.25)
    fringe = np.where(county_seat, 1.6, 0.8)
    even = np.exp(rng.normal(0.0, 0.2, len(classes)))
    weights = np.where(classes == "121", town * even, weights)
    weights = np.where(classes == "122", fringe * even, weights)
    rural = np.flatnonzero(classes == "220")
    remote = rural[np.argsort(fit[rural], kind="stable")][:_SPARSE_VILLAGES]
    mean = weights[rural].mean()
    weights[remote] = mean * rng.uniform(0.09, 0.2, len(remote))
    return weights


def _sizes(
    households: int, residents: int, shares: FloatArray, rng: np.random.Generator
) -> IntArray:
    """Household sizes with the given shares, nudged by ones until the sum is right."""
    sizes = rng.choice(np.arange(1, len(shares) + 1), households, p=shares / shares.sum())
    missing = residents - int(sizes.sum())
    step = 1 if missing > 0 else -1
    movable = np.flatnonzero((sizes > 2) & (sizes < 6))
    picked = rng.permutation(movable)[: abs(missing)]
    if len(picked) < abs(missing):
        raise AssertionError("the shares of household sizes do not fit the census")
    sizes[picked] += step
    return sizes.astype(np.int64)


def _collectives(
    frame: CountyFrame,
    cells: Cells,
    cell_households: IntArray,
    census: Census,
    rng: np.random.Generator,
) -> tuple[IntArray, IntArray]:
    """Dormitories, homes and camps in the towns: cell and residents of each."""
    persons = share_out(
        census.residents - census.family_residents, np.exp(rng.normal(0.0, 0.6, _COLLECTIVES))
    )
    classes = frame.villages["urban_rural_class"].to_numpy()[cells.village]
    towns = np.flatnonzero(np.isin(classes, ["121", "122"]) & (cell_households > 0))
    weight = np.where(classes[towns] == "121", 2.0, 1.0)
    weight = weight * np.sqrt(cell_households[towns])
    return rng.choice(towns, _COLLECTIVES, p=weight / weight.sum()), persons


def _registered(
    residents: IntArray, collective: np.ndarray, urban: np.ndarray, rng: np.random.Generator
) -> IntArray:
    """Count registered persons: in the country many more than live there, in town fewer."""
    away = rng.poisson(1.6, len(residents))
    here = rng.binomial(residents, 0.72) + rng.poisson(0.25, len(residents))
    moved_in = rng.random(len(residents)) < 0.16
    in_town = np.where(moved_in, 0, here)
    registered = np.where(urban, in_town, residents + away)
    return np.where(collective, 0, registered).astype(np.int64)


def _ages(
    residents: IntArray, collective: np.ndarray, census: Census, rng: np.random.Generator
) -> tuple[IntArray, IntArray, IntArray]:
    """Elderly, those of 80 and over, and children per household; totals by the census shares.

    Persons are ranked within their household: the first two may be old, children come after the
    first, so every child lives with somebody.
    """
    household = np.repeat(np.arange(len(residents)), residents)
    first = np.cumsum(residents) - residents
    rank = np.arange(len(household)) - first[household]
    size, dorm = residents[household], collective[household]

    old = np.select([rank == 0, rank == 1], [1.0, 0.75], 0.0) * np.select(
        [size == 1, size == 2], [2.4, 2.0], 0.75
    )
    elderly = _pick(round(census.residents * census.share_elderly), np.where(dorm, 0.06, old), rng)
    aged = _pick(round(census.residents * census.share_aged_80), np.where(elderly, 1.0, 0.0), rng)
    young = np.select([rank == 1, rank >= 2], [0.12, 1.0], 0.0) * ~elderly
    children = _pick(
        round(census.residents * census.share_children), np.where(dorm, 0.7 * ~elderly, young), rng
    )
    count = len(residents)
    return tuple(  # type: ignore[return-value]
        np.bincount(household, chosen, minlength=count).astype(np.int64)
        for chosen in (elderly, aged, children)
    )


def _pick(count: int, weights: FloatArray, rng: np.random.Generator) -> np.ndarray:
    """Choose exactly ``count`` persons, the heavier the likelier (exponential keys)."""
    with np.errstate(divide="ignore"):
        keys = rng.exponential(1.0, len(weights)) / weights
    chosen = np.zeros(len(weights), bool)
    chosen[np.argsort(keys, kind="stable")[:count]] = True
    if not np.all(weights[chosen] > 0):
        raise AssertionError("too few persons to choose from")
    return chosen
