"""The register and the names of places, held in memory for the version they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from api.services.held import Held
from api.services.lookup import LookupIndexes
from data import addresses, natural_villages
from data.lines import IN_FORCE, Lines
from data.workspace import fetch_etags
from geo.address.completions import Completions, make_completions
from geo.address.gazetteer import Gazetteer, make_gazetteer
from geo.address.homes import Homes, localities_of, make_homes
from geo.address.named import Named
from geo.address.search import search
from geo.locate import GridIndex

_DEGREE = 111_320.0  # metres, at the equator
_KEPT = 2  # while one answers, the next is made
_LINES = 6
Marks = Mapping[str, str]
_WARMING = ("一二镇三村4组5号", "yi er zhem san cun 4 zu 5 hao")


Point = list[float]
Box = list[float]


def middle_of(points: NDArray[np.float64]) -> Point | None:
    """Return the point nearest to the median of points (lon, lat), ``None`` of none."""
    if len(points) == 0:
        return None
    middle = points[np.argmin(np.abs(points - np.median(points, axis=0)).sum(axis=1))]
    return [round(float(middle[0]), 9), round(float(middle[1]), 9)]


def box_of(points: NDArray[np.float64]) -> Box | None:
    """Return west, south, east, north of points (lon, lat), ``None`` of fewer than two."""
    if len(points) < 2:
        return None
    return [round(float(v), 9) for v in (*points.min(axis=0), *points.max(axis=0))]


@dataclass(frozen=True)
class AddressIndex:
    """Everything an address is looked up in; positions of households are those of ``homes``.

    ``codes`` and ``texts`` are the households' codes and addresses as registered, ``points``
    their places (lon, lat).
    """

    version: str
    gazetteer: Gazetteer
    homes: Homes
    completions: Completions
    codes: pd.Series
    texts: pd.Series
    points: NDArray[np.float64]
    _extents: dict[int, tuple[Point | None, Box | None]] = field(default_factory=dict)

    def extent_of(self, place: int) -> tuple[Point | None, Box | None]:
        """Return the household in the middle of a place, and the box of all of its households."""
        if place not in self._extents:
            points = self.known_points(self.homes.of_unit(place, None))
            self._extents[place] = (middle_of(points), box_of(points))
        return self._extents[place]

    def known_points(self, rows: NDArray[np.int64] | Sequence[int]) -> NDArray[np.float64]:
        """Return the places of those households that have one."""
        points = self.points[np.asarray(rows, dtype=np.int64)]
        return points[np.isfinite(points).all(axis=1)]

    @cached_property
    def tree(self) -> tuple[cKDTree, NDArray[np.int64]]:
        """The households by place (in metres, near enough for the nearest), and their positions."""
        placed = np.flatnonzero(np.isfinite(self.points).all(axis=1))
        return cKDTree(self.flat(self.points[placed])), placed

    def flat(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return lon, lat as metres on a plane, true at the middle latitude of the register."""
        middle = np.nanmedian(self.points[:, 1]) if len(self.points) else 0.0
        return points * (_DEGREE * np.cos(np.radians(middle)), _DEGREE)


@dataclass(frozen=True)
class Homed:
    """The grid of every household under some lines: position in ``codes``, -1 for none.

    ``names`` are those of the grids.
    """

    version: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    grids: NDArray[np.int32]


@dataclass(frozen=True)
class NamedThings:
    """Grids, then centers; the first ``grids`` of ``named`` are grids."""

    named: Named
    grids: int


class AddressIndexes:
    """The process's indexes of addresses. One never answers for another version or other lines."""

    def __init__(self, lookups: LookupIndexes) -> None:
        self._lookups = lookups
        self._held = Held[str, AddressIndex](_KEPT)
        self._homed = Held[tuple[str, str, Lines], Homed](_LINES)
        self._named = Held[tuple[str, str, Lines], NamedThings](_LINES)

    def prepare(self, connection: sa.Connection) -> None:
        """Build what the first question about the lines in force would wait for."""
        marks = fetch_etags(connection)
        homed = self.find_homed(connection, marks, self.find(connection, marks), IN_FORCE)
        self.find_named(connection, marks, homed, IN_FORCE)

    def find(self, connection: sa.Connection, marks: Marks) -> AddressIndex:
        """Return the index of what ``connection`` sees; build it if need be.

        Parameters
        ----------
        marks
            :func:`data.workspace.fetch_etags` of the same snapshot.
        """
        version = addresses.version_of(marks)
        return self._held.get(version, lambda: build_index(connection, version))

    def find_homed(
        self, connection: sa.Connection, marks: Marks, index: AddressIndex, lines: Lines
    ) -> Homed:
        """Return the grid of each household of an index, by the lines asked for."""
        snapshot = self._lookups.find(connection, lines, marks["grids"])
        key = (index.version, snapshot.version, lines)

        def build() -> Homed:
            found = snapshot.index.locate(index.points[:, 0], index.points[:, 1])
            codes, names = tuple(snapshot.codes[:-1]), tuple(snapshot.names[:-1])
            return Homed(snapshot.version, codes, names, found.astype(np.int32))

        return self._homed.get(key, build)

    def find_named(
        self, connection: sa.Connection, marks: Marks, homed: Homed, lines: Lines
    ) -> NamedThings:
        """Return the grids of some lines, and the centers, by name and code."""

        def build() -> NamedThings:
            centers = addresses.fetch_center_names(connection)
            return NamedThings(
                Named((*homed.names, *centers.values()), (*homed.codes, *centers)),
                len(homed.codes),
            )

        return self._named.get((homed.version, marks["centers"], lines), build)


def _settled(connection: sa.Connection, register: pd.DataFrame) -> pd.DataFrame:
    """Return the register with the natural village each household lies in, where it is not told."""
    told = register["natural_village_code"].astype("object")
    untold = np.flatnonzero(told.isna() | (told == ""))
    outlines = natural_villages.fetch_frame(connection)
    if len(untold) == 0 or len(outlines) == 0:
        return register
    index = GridIndex(outlines["code"].tolist(), outlines.geometry.to_numpy())
    found = index.locate(register["lon"].iloc[untold], register["lat"].iloc[untold])
    codes = np.array([*outlines["code"], ""], dtype=object)[found]
    filled = told.to_numpy(dtype=object, na_value="").copy()
    filled[untold] = codes
    return register.assign(natural_village_code=filled)


def build_index(connection: sa.Connection, version: str) -> AddressIndex:
    """Return the index of the register and the names the store has now."""
    register = addresses.fetch_register(connection)
    named = addresses.fetch_gazetteer(connection)
    settlements = named.natural_villages[["village_code", "name", "code"]]
    localities = pd.concat([settlements, localities_of(register)], ignore_index=True)
    gazetteer = make_gazetteer(named.divisions, localities, named.aliases)
    homes = make_homes(_settled(connection, register), gazetteer)
    # what the first query would wait for: groups, kernels, pinyin
    homes.prepare()
    for query in _WARMING:
        search(query, gazetteer, homes, np.full(len(homes.row), -1, dtype=np.int32))
    at = homes.row
    return AddressIndex(
        version,
        gazetteer,
        homes,
        make_completions(gazetteer),
        register["code"].iloc[at].reset_index(drop=True),
        register["address"].iloc[at].reset_index(drop=True),
        register[["lon", "lat"]].to_numpy(dtype=np.float64)[at],
    )
