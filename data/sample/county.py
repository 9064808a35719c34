"""The sample county, put together: one call, one seed, the frames of every layer."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.sample.cells import Cells, divide_land
from data.sample.centers import place_centers
from data.sample.frame import STORE_CRS, CountyFrame, IntArray, read_frame, to_metric
from data.sample.grids import Grids, draw_grids
from data.sample.households import Homes, place_households
from data.sample.names import name_cells, zh_number
from data.sample.networks import draw_police_grids
from data.sample.people import People, settle_people
from data.sample.roads import lay_roads
from data.sample.water import draw_rivers, survey_heights
from geo.codes import area_type_of, number_grids
from geo.reach.heights import Heights

SEED = 500229
DRAWN_ON = pd.Timestamp("2021-03-01T00:00:00+08:00")


@dataclass(frozen=True)
class SampleCounty:
    """Layer frames (see :mod:`geo.frames`), EPSG:4490 on the lattice.

    ``divisions`` holds the county, 25 townships and 204 villages; ``grids`` the all-purpose
    network, ``police_grids`` another department's; ``terrain`` are heights in the metric CRS.
    Outline, divisions, classes and census totals
    are real, everything else is invented.
    """

    seed: int
    divisions: gpd.GeoDataFrame
    natural_villages: gpd.GeoDataFrame
    grids: gpd.GeoDataFrame
    households: gpd.GeoDataFrame
    centers: gpd.GeoDataFrame
    police_grids: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    terrain: Heights


def generate(seed: int = SEED) -> SampleCounty:
    """Generate the sample county; the same seed gives the same frames.

    Returns
    -------
    SampleCounty
        Natural villages tile the grids, grids the villages, villages the townships, townships the
        county, with shared vertices; every household lies inside its natural village.
    """
    frame = read_frame()
    # One stream a subject: changing how one thing is drawn leaves the others as they were.
    land, life, lines, homes_rng, service, police = np.random.default_rng(seed).spawn(6)
    cells = divide_land(frame, land)
    people = settle_people(frame, cells, life)
    grids = draw_grids(frame, cells, people, lines)
    ridge = cells.terrain.ridge(*cells.middles().T)
    town = (frame.villages["urban_rural_class"] == "121").to_numpy()[cells.village]
    names = name_cells(cells.village, town, ridge, lines)
    natural_villages = _natural_villages(frame, cells, people, names)
    order = natural_villages["code"].str[12:].astype(np.int64).to_numpy()
    homes = place_households(frame, cells, people, names, order, homes_rng)
    centers = place_centers(frame, cells, people, homes.degrees, names, service)
    codes, outlines = draw_police_grids(frame, cells, people, police)
    places = np.column_stack(to_metric(*homes.degrees.T))
    x, y = to_metric(centers["lon"].to_numpy(), centers["lat"].to_numpy())
    sites = centers.assign(x=x, y=y)
    return SampleCounty(
        seed=seed,
        divisions=_divisions(frame, cells, people),
        natural_villages=natural_villages.sort_values("code", ignore_index=True),
        grids=_grids(frame, cells, grids),
        households=_households(frame, cells, people, homes, natural_villages),
        centers=_centers(frame, centers),
        police_grids=_police(codes, outlines),
        roads=lay_roads(frame, cells, places, people.cell, sites),
        barriers=draw_rivers(frame, cells.terrain, cells.mesh.points[cells.seats]),
        terrain=survey_heights(cells.terrain),
    )


def _polygons(shapes: NDArray[np.object_], columns: dict[str, object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=STORE_CRS)


def _divisions(frame: CountyFrame, cells: Cells, people: People) -> gpd.GeoDataFrame:
    village_of_home = cells.village[people.cell]
    villages = np.bincount(village_of_home, people.residents, len(frame.villages))
    townships = np.bincount(cells.township, villages, len(frame.townships))
    trace = cells.coverage.polygons
    shapes = np.concatenate(
        [
            trace(np.zeros(cells.count, np.int64), 1),
            trace(cells.township[cells.village], len(frame.townships)),
            trace(cells.village, len(frame.villages)),
        ]
    )
    classes = frame.villages["urban_rural_class"].to_list()
    above = [None] * (1 + len(frame.townships))
    return _polygons(
        shapes,
        {
            "code": [frame.code, *frame.townships["code"], *frame.villages["code"]],
            "name": [frame.name, *frame.townships["name"], *frame.villages["name"]],
            "level": ["county"]
            + ["township"] * len(frame.townships)
            + ["village"] * len(frame.villages),
            "urban_rural_class": [*above, *classes],
            "area_type": [*above, *(area_type_of(c) for c in classes)],
            "residents": np.concatenate([[villages.sum()], townships, villages]).astype(np.int64),
            "valid_from": DRAWN_ON,
        },
    )


def _natural_villages(
    frame: CountyFrame, cells: Cells, people: People, names: list[str]
) -> gpd.GeoDataFrame:
    shapes = cells.coverage.polygons(np.arange(cells.count), cells.count)
    village = frame.villages["code"].to_numpy()[cells.village]
    table = _polygons(shapes, {"village_code": village})
    code = village + number_grids(table).to_numpy()

    def total(values: IntArray | None = None) -> IntArray:
        return np.bincount(people.cell, values, cells.count).astype(np.int64)

    return _polygons(
        shapes,
        {
            "code": code,
            "name": names,
            "village_code": village,
            "households": total(),
            "residents": total(people.residents),
            "registered": total(people.registered),
        },
    )


def _grids(frame: CountyFrame, cells: Cells, grids: Grids) -> gpd.GeoDataFrame:
    shapes = cells.coverage.polygons(grids.of_cell, len(grids.village))
    village = frame.villages["code"].to_numpy()[grids.village]
    suffix = number_grids(_polygons(shapes, {"village_code": village})).to_numpy()
    names = [
        f"{place}专属网格" if place else f"第{zh_number(int(number))}网格"
        for place, number in zip(grids.place, suffix, strict=True)
    ]
    table = _polygons(
        shapes,
        {
            "code": village + suffix,
            "name": names,
            "village_code": village,
            "kind": ["dedicated" if place else "basic" for place in grids.place],
            "parent_code": None,
            "network": "all_purpose",
            "valid_from": DRAWN_ON,
        },
    )
    return table.sort_values("code", ignore_index=True)


def _households(
    frame: CountyFrame,
    cells: Cells,
    people: People,
    homes: Homes,
    natural_villages: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    villages = frame.villages["code"].to_numpy()
    home = villages[cells.village[people.cell]]
    serial = pd.Series(home).groupby(home).cumcount() + 1
    table = gpd.GeoDataFrame(
        {
            "code": [
                f"H{village}{number:04d}" for village, number in zip(home, serial, strict=True)
            ],
            "address": homes.address,
            "village_code": villages[homes.register_village],
            "natural_village_code": natural_villages["code"].to_numpy()[people.cell],
            "residents": people.residents,
            "registered": people.registered,
            "children": people.children,
            "elderly": people.elderly,
            "aged_80": people.aged_80,
            "needs": None,
        },
        geometry=shapely.points(homes.degrees),
        crs=STORE_CRS,
    )
    return table.sort_values("code", ignore_index=True)


def _centers(frame: CountyFrame, centers: pd.DataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "code": centers["code"],
            "name": centers["name"],
            "level": centers["level"],
            "village_code": frame.villages["code"].to_numpy()[centers["village"]],
            "address": centers["address"],
            "services": centers["services"],
            "capacity": centers["capacity"],
            "floor_area_m2": centers["floor_area_m2"],
            "valid_from": DRAWN_ON,
        },
        geometry=shapely.points(centers[["lon", "lat"]].to_numpy()),
        crs=STORE_CRS,
    )


def _police(codes: pd.DataFrame, outlines: NDArray[np.object_]) -> gpd.GeoDataFrame:
    return _polygons(
        outlines,
        {
            "code": codes["code"],
            "name": codes["name"],
            "village_code": None,
            "kind": "basic",
            "parent_code": None,
            "network": "police",
            "valid_from": DRAWN_ON,
        },
    )
