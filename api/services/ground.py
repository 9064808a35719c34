"""What an analysis works on: a snapshot of the store, and what a worker keeps of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol, TypeVar, get_args
from uuid import UUID

import sqlalchemy as sa

from api.refusals import Conflict
from api.services.county import County, fetch_county
from api.services.shapes import Json
from api.services.shelf import Shelf
from data import barriers, roads, terrain, workspace
from geo.problems import Problem
from geo.reach.heights import Heights
from geo.reach.line import StraightLine
from geo.reach.matrix import Mode, Ways
from geo.reach.roads import RoadNetwork
from geo.reach.terrain import Terrain
from geo.travel import Means, Travel

Value = TypeVar("Value")
# Called with how far an analysis is (0–1) and what it is at.
Tell = Callable[[float, str], None]
# The layer without which a way of going is not loaded.
LAYER_OF: dict[Mode, str] = {"road": "roads", "terrain": "terrain"}


class Source(Protocol):
    """Where the ways of going come from: the store, or files."""

    def loaded(self) -> list[Mode]:
        """Return the ways of going there is data for."""

    def ways(self, mode: Mode, means: Means, travel: Travel, zone: int) -> Ways:
        """Return how people get there, in a metric zone (EPSG code)."""

    def keep(self, parts: tuple[Hashable, ...], build: Callable[[], Value]) -> Value:
        """Return what is built of all the data, kept for the next question if that is of use."""


@dataclass(frozen=True)
class Ground:
    """A snapshot with the versions of its layers.

    Parameters
    ----------
    connection
        Open snapshot.
    versions
        As of :func:`api.services.analyses.fetch_input_versions`, read in the same snapshot.
    shelf
        What is kept between runs; every key holds the versions it was made of.
    plan
        The plan whose draft is asked about; None for the lines in force.
    """

    connection: sa.Connection
    versions: Json
    shelf: Shelf
    plan: UUID | None

    def key(self, *parts: Hashable, layers: tuple[str, ...] = ()) -> Hashable:
        """Return a key that holds the versions of layers (all of them, and the plan's, if none)."""
        names = layers or tuple(sorted(self.versions))
        versions = tuple((name, self.versions.get(name)) for name in ("epoch", *names))
        return (*parts, versions, None if layers else self.plan)

    def keep(self, parts: tuple[Hashable, ...], build: Callable[[], Value]) -> Value:
        """Return what lies on the shelf for this snapshot, built if nothing does."""
        return self.shelf.get(self.key(*parts), build)

    def county(self, scope: str | None) -> County:
        """Return the households, centers and land of a scope."""
        return self.keep(("county", scope), lambda: fetch_county(self.connection, scope, self.plan))

    def loaded(self) -> list[Mode]:
        """Return the ways of going there is data for."""
        counts = workspace.fetch_counts(self.connection)
        return [mode for mode in get_args(Mode) if mode == "straight" or counts[LAYER_OF[mode]]]

    def zone(self) -> int | None:
        """Return the metric zone of the terrain, None without one: then any will do."""
        heights = self._heights()
        return None if heights is None else heights.zone

    def ways(self, mode: Mode, means: Means, travel: Travel, zone: int) -> Ways:
        """Return how people get there.

        Raises
        ------
        Conflict
            ``layer_empty`` when the roads or the terrain are not loaded.
        """
        if mode == "straight":
            return StraightLine(travel)
        if mode == "road":
            return self._network(means, travel, zone)
        return self._terrain(travel)

    def _network(self, means: Means, travel: Travel, zone: int) -> RoadNetwork:
        def build() -> RoadNetwork:
            frame = roads.fetch_frame(self.connection)
            if frame.empty:
                raise Conflict("layer_empty", layer="roads")
            return RoadNetwork.build(frame.to_crs(zone), means, travel)

        return self.shelf.get(
            self.key("network", means, zone, repr(travel), layers=("roads",)), build
        )

    def _terrain(self, travel: Travel) -> Terrain:
        def build() -> Terrain:
            heights = self._heights()
            if heights is None:
                raise Conflict("layer_empty", layer="terrain")
            along = roads.fetch_frame(self.connection).to_crs(heights.zone)
            across = barriers.fetch_frame(self.connection).to_crs(heights.zone)
            return Terrain.build(heights, travel=travel, roads=along, barriers=across)

        layers = ("terrain", "roads", "barriers")
        return self.shelf.get(self.key("terrain", repr(travel), layers=layers), build)

    def _heights(self) -> Heights | None:
        key = self.key("heights", layers=("terrain",))
        return self.shelf.get(key, lambda: terrain.fetch_heights(self.connection))


def describe_ways(ways: Ways) -> list[Problem]:
    """Return what is to be said about a network: pieces that do not hang together."""
    return list(ways.report.problems) if isinstance(ways, RoadNetwork) else []
