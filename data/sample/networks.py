"""A second department's grids, drawn by nobody who looked at the first: the police beats."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.sample.borders import make_coverage, smooth
from data.sample.cells import Cells
from data.sample.frame import CountyFrame, IntArray
from data.sample.names import zh_number
from data.sample.people import People, share_out

POLICE_GRIDS = 400


def draw_police_grids(
    frame: CountyFrame, cells: Cells, people: People, rng: np.random.Generator
) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """Beats of the township police stations: they tile a township and cut through villages.

    Returns
    -------
    DataFrame with code (township, 000, number: 15 digits) and name; polygons (lon, lat).
    """
    townships = len(frame.townships)
    households = np.bincount(cells.township[cells.village[people.cell]], minlength=townships)
    counts = 3 + share_out(POLICE_GRIDS - 3 * townships, np.sqrt(households))
    region = _grow(cells, counts, rng)
    home = np.repeat(np.arange(townships), counts)
    mesh = smooth(cells.rough, (region, cells.township_of_element))
    polygons = make_coverage(mesh, region, frame.outline[:-1]).polygons(
        np.arange(len(home)), len(home)
    )
    number = np.concatenate([np.arange(count) + 1 for count in counts])
    codes = frame.townships["code"].to_numpy()
    names = frame.townships["name"].to_numpy()
    return (
        pd.DataFrame(
            {
                "code": [f"{codes[t]}000{n:03d}" for t, n in zip(home, number, strict=True)],
                "name": [
                    f"{_station(names[t])}派出所第{zh_number(int(n))}警务网格"
                    for t, n in zip(home, number, strict=True)
                ],
            }
        ),
        polygons,
    )


def _grow(cells: Cells, counts: IntArray, rng: np.random.Generator) -> IntArray:
    """Beat per element: grown from scattered seeds, evened out twice."""
    land, township = cells.land, cells.township_of_element
    order = np.lexsort((rng.random(len(township)), township))
    first = np.searchsorted(township[order], np.arange(len(counts)))
    seeds = np.concatenate([order[f : f + n] for f, n in zip(first, counts, strict=True)])
    for _ in range(3):
        region, _ = land.grow(seeds, costs=land.hops, within=township)
        seeds = land.centers(region, len(seeds))
    region, _ = land.grow(seeds, costs=land.hops, within=township)
    return region


def _station(township: str) -> str:
    for ending in ("街道", "镇", "乡"):
        if township.endswith(ending):
            return township.removesuffix(ending)
    return township
