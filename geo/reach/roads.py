"""Reach by road: on foot or by car along the network, legs from door to road on foot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.reach.matrix import Costs, Measure, Mode, Nearest, Pairs, Places, Reach, State, Way
from geo.reach.network import NetworkReport, survey
from geo.reach.noding import Segments, node_roads
from geo.reach.pair_order import order_pairs
from geo.reach.road_drawing import (
    CORNER,
    STEPS,
    draw_land,
    draw_way,
    feet_of,
    trace_nodes,
)
from geo.reach.road_graph import Graph, cutoff, groups
from geo.reach.road_kernels import FAR, Groups, Sides, choose, costs_between, pairs_within, search
from geo.reach.road_rows import read_roads
from geo.reach.snapping import PER_UNIT, Snapped, Snapper
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
    graph
        The same as arcs and costs.
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
    graph: Graph
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
        sides = Sides(segments.tail, segments.head, rows.forward[road], rows.backward[road])
        seconds = segments.metres * 3.6 / rows.kmh[road]
        return cls(
            means=means,
            travel=travel,
            segments=segments,
            codes=rows.codes,
            graph=Graph(len(segments.nodes), sides, segments.metres, seconds, travel.walk_kmh),
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
        return self._snapper.snap(places).states

    def nearest(
        self, households: Places, centers: Places, measure: Measure, limit: float = np.inf
    ) -> Nearest:
        """Find each household's nearest center (:meth:`geo.reach.matrix.Ways.nearest`)."""
        homes, sites = self._snapper.snap(households), self._snapper.snap(centers)
        state = homes.states
        if not sites.known.any():
            state[homes.known] = State.NO_CENTER
        graph, there = self.graph, self.graph.stops(sites, measure)
        cost, owner, _ = search(graph.arcs(measure), graph.sides, there, cutoff(limit))
        here, on_segment = graph.stops(homes, measure), groups(there.segment, len(graph.metres))
        best, chosen = choose(cost, owner, graph.sides, here, there, on_segment)
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
        graph, sides = self.graph, self.graph.sides
        here = graph.stops(self._snapper.snap(households), measure)
        there = graph.stops(self._snapper.snap(centers), measure)
        homes = groups(here.segment, len(graph.metres))
        used = np.flatnonzero(np.diff(homes.starts))
        around = groups(np.concatenate([sides.tail[used], sides.head[used]]), graph.nodes)
        at_node = Groups(around.starts, np.concatenate([used, used])[around.order])
        row, column, cost = pairs_within(
            graph.arcs(measure), sides, here, homes, at_node, there, cutoff(limit)
        )
        inside = cost / PER_UNIT <= limit
        row, column, cost = row[inside], column[inside], cost[inside]
        starts, order = order_pairs(row, column, cost, (len(households), len(centers)))
        return Reach(
            starts, column[order].astype(np.int32), cost[order] / PER_UNIT, len(centers), limit
        )

    def between(
        self, households: Places, centers: Places, pairs: Pairs, measure: Measure, limit: float
    ) -> Costs:
        """Measure some pairs (:meth:`geo.reach.matrix.Ways.between`)."""
        graph = self.graph
        here = graph.stops(self._snapper.snap(households), measure)
        there = graph.stops(self._snapper.snap(centers), measure)
        asked = groups(pairs.center, len(centers))
        cost = costs_between(
            graph.arcs(measure), graph.sides, here, there, asked, pairs.household, cutoff(limit)
        )
        found = cost / PER_UNIT
        return np.where((cost < FAR) & (found <= limit), found, np.nan)

    def way(self, household: Places, center: Places, measure: Measure) -> Way | None:
        """Trace the way, with the legs on foot (:meth:`geo.reach.matrix.Ways.way`)."""
        ends = np.stack([household, center])
        snapped = self._snapper.snap(ends)
        if (snapped.segment < 0).any():
            return None
        graph, sides = self.graph, self.graph.sides
        here, there = (graph.stops(snapped.at(end), measure) for end in (0, 1))
        cost, owner, via = search(graph.arcs(measure), sides, there, cutoff(np.inf))
        on_segment = groups(there.segment, len(graph.metres))
        best, chosen = choose(cost, owner, sides, here, there, on_segment)
        if chosen[0] < 0:
            return None
        segment = here.segment[0]
        tail, head = int(sides.tail[segment]), int(sides.head[segment])
        least = best[0] - here.leg[0]
        nodes: list[int] = []  # none where both stand on one segment and the way is along it
        if here.at_tail[0] and cost[tail] + here.along[0] == least:
            nodes = trace_nodes(via, sides, tail)
        elif here.at_head[0] and cost[head] + here.rest[0] == least:
            nodes = trace_nodes(via, sides, head)
        line = draw_way(self.segments, ends, feet_of(self.segments, snapped), nodes)
        return Way(line, float(best[0] / PER_UNIT))

    def land(self, centers: Places, measure: Measure, limit: float) -> shapely.Geometry:
        """Draw the roads in reach and the land beside (:meth:`geo.reach.matrix.Ways.land`).

        A part of a road is in reach where the way from it fits the limit, cut where the limit
        ends. The land beside it is drawn up to the snap limit where the limit leaves √2 times
        that on foot, which the leg costs at most where the road is straight; towards the end less
        and less, in eighths of it. Land between roads farther apart stays open, and so do
        roads of a piece without a center.
        """
        return self._land(self._snapper.snap(centers), measure, limit)

    def areas(self, centers: Places, measure: Measure, limits: ArrayLike) -> NDArray[np.object_]:
        """Draw each center's :meth:`land` by itself (:meth:`geo.reach.matrix.Ways.areas`)."""
        snapped = self._snapper.snap(centers)
        each = np.broadcast_to(np.asarray(limits, np.float64), (len(centers),))
        drawn = np.full(len(centers), shapely.Polygon(), dtype=object)
        for position in map(int, np.flatnonzero(snapped.segment >= 0)):
            drawn[position] = self._land(snapped.at(position), measure, float(each[position]))
        return drawn

    def _land(self, snapped: Snapped, measure: Measure, limit: float) -> shapely.Geometry:
        if not limit >= 0 or not (snapped.segment >= 0).any():
            return shapely.Polygon()
        there = self.graph.stops(snapped, measure)
        arcs = self.graph.arcs(measure)
        reached, _, _ = search(arcs, self.graph.sides, there, cutoff(limit))
        a_metre = 1.0 if measure == "distance" else 3.6 / self.travel.walk_kmh
        metres = [self.travel.snap_limit_m * step / STEPS for step in range(STEPS, 0, -1)]
        beside = [(wide, wide * CORNER * a_metre) for wide in metres]
        return draw_land(self.segments, self.graph.sides, arcs.cost, reached, there, limit, beside)

    @cached_property
    def _snapper(self) -> Snapper:
        return Snapper(self.segments, self.travel.snap_limit_m)
