"""What an analysis of files works on: read once, ways of going built when they are asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import geopandas as gpd

from api.refusals import Conflict
from api.services.county import County
from api.services.ground import Value
from data.importers import loose
from data.profiles import DEFAULT
from geo.problems import Problem
from geo.profiles import Profile, parse_profile
from geo.reach.heights import Heights
from geo.reach.line import StraightLine
from geo.reach.matrix import Mode, Ways
from geo.reach.roads import RoadNetwork
from geo.reach.terrain import Terrain
from geo.travel import Means, Travel


@dataclass(frozen=True)
class Paths:
    """The files of a question, and what their columns are called.

    Parameters
    ----------
    households, centers, areas, roads, dem, barriers
        Files; what is None is not used.
    crs
        Coordinate system of those files that do not say theirs.
    id, weight
        Columns of the households: their id, whole numbers to weigh them by.
    capacity, supply
        Columns of the centers.
    cell_m
        Side of the cells the heights are brought to.
    """

    households: Path
    centers: Path
    areas: Path | None = None
    roads: Path | None = None
    dem: Path | None = None
    barriers: Path | None = None
    crs: str | None = None
    id: str | None = None
    weight: str | None = None
    capacity: str | None = None
    supply: str | None = None
    cell_m: float | None = None


@dataclass
class FileSource:
    """Files as a source of ways (:class:`api.services.ground.Source`).

    ``zone`` is the metric zone that households and centers are written in, if they both are.
    """

    roads: gpd.GeoDataFrame | None = None
    barriers: gpd.GeoDataFrame | None = None
    heights: Heights | None = None
    zone: int | None = None
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    def loaded(self) -> list[Mode]:
        """Return the ways there are files for, from the one that knows least of the ground."""
        there = {"straight": True, "road": self.roads is not None,
                 "terrain": self.heights is not None}  # fmt: skip
        return [cast("Mode", mode) for mode, loaded in there.items() if loaded]

    def ways(self, mode: Mode, means: Means, travel: Travel, zone: int) -> Ways:
        """Return how people get there.

        Raises
        ------
        Conflict
            ``layer_empty`` when there is no file of roads, or of heights.
        """
        if mode == "straight":
            return StraightLine(travel)
        if mode == "road":
            return self.keep(("network", means, zone), lambda: self._network(means, travel, zone))
        return self.keep(("terrain",), lambda: self._terrain(travel))

    def keep(self, parts: tuple[Hashable, ...], build: Callable[[], Value]) -> Value:
        """Return what was built for the same parts, else build it."""
        if parts not in self._kept:
            self._kept[parts] = build()
        return cast("Value", self._kept[parts])

    def _network(self, means: Means, travel: Travel, zone: int) -> RoadNetwork:
        if self.roads is None:
            raise Conflict("layer_empty", layer="roads")
        return RoadNetwork.build(self.roads.to_crs(zone), means, travel)

    def _terrain(self, travel: Travel) -> Terrain:
        heights = self.heights
        if heights is None:
            raise Conflict("layer_empty", layer="terrain")
        roads, barriers = (
            None if frame is None else frame.to_crs(heights.zone)
            for frame in (self.roads, self.barriers)
        )
        return Terrain.build(heights, travel=travel, roads=roads, barriers=barriers)


def read_paths(paths: Paths, level: str) -> tuple[County, FileSource, list[Problem]]:
    """Read the files; ``level`` is that of centers whose file does not say it.

    Returns
    -------
    tuple
        The county they make, the ways of going, and warnings.

    Raises
    ------
    ImportFileError
        With every row that has an error.
    """
    crs = paths.crs
    people = loose.read_households(paths.households, crs=crs, code=paths.id, weight=paths.weight)
    points = loose.read_centers(
        paths.centers, level=level, crs=crs, capacity=paths.capacity, supply=paths.supply
    )
    problems = [*people.problems, *points.problems]
    land = names = None
    if paths.areas is not None:
        land, names = _read_land(paths.areas, crs, problems)
    source = FileSource(zone=people.zone if people.zone == points.zone else None)
    if paths.roads is not None:
        source.roads = _keep(loose.read_roads(paths.roads, crs=crs), problems)
    if paths.barriers is not None:
        source.barriers = _keep(loose.read_barriers(paths.barriers, crs=crs), problems)
    if paths.dem is not None:
        placed = gpd.GeoDataFrame(
            geometry=[*people.frame.geometry, *points.frame.geometry], crs=people.frame.crs
        )
        source.heights, told = loose.read_heights(paths.dem, placed, crs=crs, cell_m=paths.cell_m)
        problems += told
    county = County(
        households=people.frame,
        centers=points.frame,
        land=land,
        names=names or {},
        area_types={},
        profile=read_profile(),
    )
    return county, source, problems


def _keep(read: loose.Loose, problems: list[Problem]) -> gpd.GeoDataFrame:
    problems += read.problems
    return read.frame


def _read_land(
    path: Path, crs: str | None, problems: list[Problem]
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Return the land, and its names by code where each of its polygons is a village."""
    frame = _keep(loose.read_land(path, crs=crs), problems)
    named = frame[frame["code"] == frame["village_code"]]
    return frame, dict(zip(named["code"], named["name"].fillna(""), strict=True))


def read_profile() -> Profile:
    """Return the rule set that ships as default."""
    file = files("data").joinpath("profiles", f"{DEFAULT}.json")
    return parse_profile(json.loads(file.read_text("utf-8")))
