"""Reach by road: on foot or by car along the network, legs from door to road on foot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas
import numpy as np
from numpy.typing import NDArray

from geo.reach.matrix import Measure, Mode, Nearest, Places, Reach, State
from geo.reach.network import NetworkReport, survey
from geo.reach.noding import Segments, node_roads
from geo.reach.road_kernels import FAR, Arcs, Groups, Sides, Stops, choose, pairs_within, search
from geo.reach.road_rows import read_roads
from geo.reach.snapping import PER_UNIT, Snapped, Snapper, micro
from geo.travel import Means, Travel

JOIN_M = 0.01  # true coincidence, but for rounding


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Roads as a network for one means (:class:`geo.reach.matrix.Ways`).

    The cost of a way: on foot in a straight line from the household to the nearest point of the
    nearest road, along the roads, and on foot from the road to the center. ``distance`` looks
    for least metres, ``time`` for least seconds. Walkers go both ways, drivers keep to one-way
    roads; whoever lives on one can only go ahead. A place belongs to its nearest road, even
    where that road leads nowhere and another is a little farther: nobody is moved silently.

    Costs are summed in whole micrometres or microseconds: the same way costs the same in every
    order, and a center ties with another only when the sums are equal to the last unit.

    Parameters
    ----------
    means, travel
        Who travels, and how fast.
    segments
        Pieces of road between nodes.
    codes
        Code of the road of each row ``segments.road`` refers to.
    sides
        Ends and directions of the pieces.
    seconds
        Of each piece.
    report
        What the network is made of; read it before trusting a distance.

    Examples
    --------
    >>> import shapely
    >>> roads = geopandas.GeoDataFrame(
    ...     {"code": ["1"], "road_class": ["residential"], "oneway": ["both"]},
    ...     geometry=[shapely.LineString([(0, 0), (1000, 0)])], crs=4545,
    ... ).assign(speed_kmh=np.nan, bridge=False)
    >>> network = RoadNetwork.build(roads, "walk", Travel(walk_kmh=3.6))
    >>> network.nearest(np.array([[100.0, 50.0]]), np.array([[900.0, 0.0]]), "distance").cost
    array([850.])
    """

    means: Means
    travel: Travel
    segments: Segments
    codes: tuple[str, ...]
    sides: Sides
    seconds: NDArray[np.float64]
    report: NetworkReport

    @classmethod
    def build(
        cls,
        roads: geopandas.GeoDataFrame,
        means: Means,
        travel: Travel,
        *,
        join_m: float = JOIN_M,
    ) -> RoadNetwork:
        """Build the network from road rows.

        Parameters
        ----------
        roads
            LineStrings in a metric CRS; columns ``code``, ``road_class`` (OpenStreetMap's
            highway), ``oneway`` (both, forward, backward), ``speed_kmh`` (NaN: by class),
            ``bridge``. Bad rows are left out and told in the report.
        means
            ``walk`` or ``drive``.
        travel
            Speeds and the snap limit.
        join_m
            Ends that stop this short of another road are joined to it
            (:func:`geo.reach.noding.node_roads`).

        Raises
        ------
        CrsError
            ``missing_crs``, ``metric_crs_needed``.
        FrameError
            ``column_missing``.
        """
        rows = read_roads(roads, means, travel)
        segments, joined = node_roads(rows, join_m)
        road = segments.road
        return cls(
            means=means,
            travel=travel,
            segments=segments,
            codes=rows.codes,
            sides=Sides(segments.tail, segments.head, rows.forward[road], rows.backward[road]),
            seconds=segments.metres * 3.6 / rows.kmh[road],
            report=survey(rows, segments, joined),
        )

    @property
    def mode(self) -> Mode:
        """``road``."""
        return "road"

    def states(self, places: Places) -> NDArray[np.int8]:
        """Return of each place whether it is on the network (``REACHED``), off it or unlocated.

        A center off the network is reached by nobody.
        """
        return _states(self._snapper.snap(places))

    def nearest(
        self, households: Places, centers: Places, measure: Measure, limit: float = np.inf
    ) -> Nearest:
        """Find each household's nearest center (:meth:`geo.reach.matrix.Ways.nearest`)."""
        homes, sites = self._snapper.snap(households), self._snapper.snap(centers)
        state = _states(homes)
        if not sites.known.any():
            state[homes.known] = State.NO_CENTER
        there, here = self._stops(sites, measure), self._stops(homes, measure)
        cost, owner, _ = search(self._arcs(measure), self.sides, there, _cutoff(limit))
        best, chosen = choose(
            cost, owner, self.sides, here, there, _groups(there.segment, len(self.seconds))
        )
        metres_or_seconds = best / PER_UNIT
        lost = (best == FAR) | (metres_or_seconds > limit)
        state[lost & (state == State.REACHED)] = State.UNREACHABLE
        return Nearest(
            np.where(lost, -1, chosen).astype(np.int32),
            np.where(lost, np.nan, metres_or_seconds),
            state,
        )

    def within(self, households: Places, centers: Places, measure: Measure, limit: float) -> Reach:
        """Find all pairs up to a limit (:meth:`geo.reach.matrix.Ways.within`)."""
        homes = self._stops(self._snapper.snap(households), measure)
        there = self._stops(self._snapper.snap(centers), measure)
        on_segment = _groups(homes.segment, len(self.seconds))
        used = np.flatnonzero(np.diff(on_segment.starts))
        nodes = np.concatenate([self.sides.tail[used], self.sides.head[used]])
        around = _groups(nodes, len(self.segments.nodes))
        at_node = Groups(around.starts, np.concatenate([used, used])[around.order])
        row, column, cost = pairs_within(
            self._arcs(measure), self.sides, homes, on_segment, at_node, there, _cutoff(limit)
        )
        shape = (len(households), len(centers))
        return Reach.of_pairs(row, column, cost / PER_UNIT, shape=shape, limit=limit)

    @cached_property
    def _snapper(self) -> Snapper:
        return Snapper(self.segments, self.travel.snap_limit_m)

    @cached_property
    def _length_um(self) -> NDArray[np.int64]:
        return micro(self.segments.metres)

    @cached_property
    def _into(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Ways into each node: starts, node one comes from, segment."""
        along, against = np.flatnonzero(self.sides.forward), np.flatnonzero(self.sides.backward)
        end = np.concatenate([self.sides.head[along], self.sides.tail[against]])
        origin = np.concatenate([self.sides.tail[along], self.sides.head[against]])
        by_end = _groups(end, len(self.segments.nodes))
        return by_end.starts, origin[by_end.order], np.concatenate([along, against])[by_end.order]

    def _costs(self, measure: Measure) -> NDArray[np.int64]:
        return self._length_um if measure == "distance" else micro(self.seconds)

    def _arcs(self, measure: Measure) -> Arcs:
        return Arcs(*self._into, self._costs(measure))

    def _stops(self, snapped: Snapped, measure: Measure) -> Stops:
        """Return places as costs of a measure."""
        on = snapped.segment >= 0
        segment = np.where(on, snapped.segment, 0)
        count = len(on)
        if not len(self.seconds):
            nothing, no = np.zeros(count, np.int64), np.zeros(count, np.bool_)
            return Stops(snapped.segment, nothing, nothing, nothing, no, no, no, no)
        whole, length = self._costs(measure)[segment], self._length_um[segment]
        along, leg = snapped.offset_um, snapped.leg_um
        if measure == "time":
            along = np.rint(along * (whole / np.maximum(length, 1))).astype(np.int64)
            leg = np.rint(leg * 3.6 / self.travel.walk_kmh).astype(np.int64)
        # at a node one is free to take any of its roads
        first, last = snapped.offset_um == 0, snapped.offset_um == length
        forward, backward = self.sides.forward[segment], self.sides.backward[segment]
        return Stops(
            segment=snapped.segment,
            along=along,
            rest=whole - along,
            leg=leg,
            at_tail=backward | first,
            at_head=forward | last,
            from_tail=forward | first,
            from_head=backward | last,
        )


def _states(snapped: Snapped) -> NDArray[np.int8]:
    on = np.where(snapped.segment >= 0, State.REACHED, State.OFF_NETWORK)
    return np.where(snapped.known, on, State.UNLOCATED).astype(np.int8)


def _cutoff(limit: float) -> np.int64:
    """Return where a search may stop: a unit more than the limit, which is compared in the end."""
    return np.int64(limit * PER_UNIT + 1.5) if limit * PER_UNIT < FAR / 2 else FAR - 1


def _groups(keys: NDArray[np.int64], count: int) -> Groups:
    """Return positions by key, those below 0 left out."""
    order = np.argsort(keys, kind="stable")
    order = order[np.searchsorted(keys[order], 0) :]
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(keys[order], minlength=count), out=starts[1:])
    return Groups(starts, order)
