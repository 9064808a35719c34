"""The ground an edit works on: the grids that tile one village (or one big grid), in metres."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import geopandas
import numpy as np
import shapely

from geo.edits.unions import JointVillage
from geo.edits.zone import Shapes, Zone
from geo.errors import FrameError
from geo.partition import THICKNESS_M
from geo.problems import Problem

_COLUMNS = ("code", "name", "village_code", "kind", "parent_code", "locked")


@dataclass(frozen=True)
class Partition:
    """The lines an edit may touch.

    Parameters
    ----------
    grids
        EPSG:4490 on the lattice, unique index, one row a grid: ``code``, ``name``,
        ``village_code``, ``kind``, ``parent_code``, ``locked`` and ``geometry``; further columns
        stay with their grid. Every grid of every village in ``villages``, one network.
    villages
        EPSG:4490: ``code``, ``locked``, ``geometry`` (None where the outline is not known).
    natural_villages
        EPSG:4490: ``code``, ``village_code``, ``geometry``, and ``id`` if edits name them so.
    taken
        Codes no new grid, or no new joint village, may get.
    joint_villages
        Every joint village that one of ``villages`` is in; its members are all among them.

    Raises
    ------
    FrameError
        ``column_missing``.
    """

    grids: geopandas.GeoDataFrame
    villages: geopandas.GeoDataFrame
    natural_villages: geopandas.GeoDataFrame | None = None
    taken: frozenset[str] = field(default_factory=frozenset)
    joint_villages: tuple[JointVillage, ...] = ()

    def __post_init__(self) -> None:
        missing = [name for name in _COLUMNS if name not in self.grids]
        missing += [name for name in ("code", "locked") if name not in self.villages]
        if missing:
            raise FrameError(Problem("column_missing", {"columns": ", ".join(missing)}))

    @cached_property
    def rows(self) -> dict[str, int]:
        """Code → position of its row in ``grids``."""
        return {str(code): row for row, code in enumerate(self.grids["code"])}

    @cached_property
    def villages_of(self) -> list[str]:
        """Village code of each row, ``""`` for none."""
        return [_text(code) for code in self.grids["village_code"]]

    @cached_property
    def children(self) -> dict[str, list[int]]:
        """Rows of the smaller grids by the code of the grid they are in."""
        found: dict[str, list[int]] = {}
        for row, parent in enumerate(self.grids["parent_code"]):
            if _text(parent) in self.rows:
                found.setdefault(_text(parent), []).append(row)
        return found

    @cached_property
    def wholes_of(self) -> list[str]:
        """Code of what each row is a part of: its parent grid if that is here, else its village."""
        parents = [_text(parent) for parent in self.grids["parent_code"]]
        pairs = zip(parents, self.villages_of, strict=True)
        return [parent if parent in self.rows else village for parent, village in pairs]

    @cached_property
    def locked(self) -> list[bool]:
        """Whether each row is locked itself or by its village."""
        own = self.grids["locked"].astype(bool)
        pairs = zip(own, self.villages_of, strict=True)
        return [bool(lock) or village in self.locked_villages for lock, village in pairs]

    @cached_property
    def locked_villages(self) -> frozenset[str]:
        """Codes of the locked villages."""
        marked = self.villages["locked"].astype(bool)
        return frozenset(str(code) for code in self.villages["code"][marked])

    @cached_property
    def shapes(self) -> Shapes:
        """Geometries of ``grids`` by position."""
        return np.asarray(self.grids.geometry.array)

    def ground(self, whole: str) -> Ground:
        """Return the ground of a village, or of a grid made of smaller ones."""
        found = np.flatnonzero(np.array(self.wholes_of, dtype=object) == whole)
        outline: shapely.Geometry | None
        if whole in self.rows:
            outline = self.shapes[self.rows[whole]]
        else:
            known = self.villages.geometry[self.villages["code"] == whole]
            outline = known.iloc[0] if len(known) else None
        return self.ground_of(whole, found.tolist(), outline)

    def ground_of(
        self, whole: str, members: Iterable[int], outline: shapely.Geometry | None
    ) -> Ground:
        """Return the ground of some rows, with the lon/lat outline of what they tile."""
        # by code, so that no answer depends on the order of the rows
        rows = np.array(sorted(members, key=lambda row: str(self.grids["code"].iloc[row])), int)
        zone = Zone.of(shapely.total_bounds(self.shapes[rows]))
        beyond = zone.to_metric(self._enclosed(rows)) if outline is None else ()
        if outline is not None:
            outline = zone.to_metric(np.array([outline], dtype=object))[0]
        codes = tuple(str(self.grids["code"].iloc[row]) for row in rows)
        shapes = zone.to_metric(self.shapes[rows])
        return Ground(whole, zone, rows, codes, shapes, outline, tuple(beyond))

    def _enclosed(self, rows: np.ndarray) -> Shapes:
        """Return the grids of other villages that rows of one village may close in."""
        own = {self.villages_of[row] for row in rows}
        foreign = np.array([village not in own for village in self.villages_of], dtype=bool)
        extent = shapely.box(*shapely.total_bounds(self.shapes[rows]))
        found: Shapes = self.shapes[foreign & shapely.intersects(self.shapes, extent)]
        return found


@dataclass(frozen=True)
class Ground:
    """Grids of one whole.

    Parameters
    ----------
    whole
        Code of the village or of the grid they tile.
    zone
        Its metric zone.
    rows
        Positions in the partition's frame.
    codes, shapes
        In the order of ``rows``; shapes in metres.
    outline
        What they tile, in metres, if it is known.
    beyond
        Land of other villages that may lie among them, where it is not known.
    """

    whole: str
    zone: Zone
    rows: np.ndarray
    codes: tuple[str, ...]
    shapes: Shapes
    outline: shapely.Geometry | None
    beyond: tuple[shapely.Geometry, ...] = ()

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index over the shapes."""
        return shapely.STRtree(self.shapes)

    @cached_property
    def rim(self) -> shapely.Geometry:
        """The line no edit moves: the outline, or where it is not known, that of the grids."""
        whole = shapely.union_all(self.shapes) if self.outline is None else self.outline
        return shapely.boundary(whole)

    @cached_property
    def whole_land(self) -> shapely.Geometry:
        """The land to tile: the outline's; if that is not known, theirs and what they enclose.

        What another village has of that is not theirs.
        """
        if self.outline is not None:
            return self.outline
        parts = shapely.get_parts(shapely.union_all(self.shapes))
        closed = shapely.union_all([shapely.Polygon(part.exterior) for part in parts])
        return shapely.difference(closed, shapely.union_all(self.beyond))

    def around(self, shapes: Iterable[shapely.Geometry]) -> list[int]:
        """Return positions of the grids that touch any of the shapes."""
        wanted = list(shapes)
        if not wanted:
            return []
        found = self.tree.query(wanted, predicate="dwithin", distance=THICKNESS_M)[1]
        return sorted({int(i) for i in found})

    def to_metric(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return a lon/lat geometry in metres."""
        return self.zone.to_metric(np.array([shape], dtype=object))[0]

    def to_lonlat(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return a metric geometry in lon/lat, to show it."""
        return self.zone.to_lonlat(np.array([shape], dtype=object))[0]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
