"""Is a road network in one piece? What a planner must know before trusting its distances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from geo.problems import Problem
from geo.reach.noding import Joined, Segments
from geo.reach.road_rows import Roads


class Piece(NamedTuple):
    """Roads that hang together, whatever their direction."""

    edges: int
    km: float


class NetworkReport(NamedTuple):
    """What a network is made of, and what about it may surprise.

    Parameters
    ----------
    roads, edges, km
        Rows in use, straight pieces between nodes, length.
    pieces
        Connected pieces, longest first. Nobody gets from one to another.
    traps, no_entry
        Nodes from which one-way roads let nobody back to the main part of their piece (the
        largest part in which everybody gets everywhere), and nodes nobody gets to from there.
        Both are usual where one-way roads are cut off at the edge of the file.
    joined
        Ends joined to roads they all but touched (``join_m``).
    crossings, bridge_crossings
        Pairs of edges of different roads that meet without a common node; where neither is a
        bridge the file may lack its junctions. They are not joined.
    self_crossing
        Codes of roads that cross themselves.
    unused
        Rows this means may not use, by class.
    problems
        Of rows (``row`` counts from 1), then of the network as a whole.
    """

    roads: int
    edges: int
    km: float
    pieces: tuple[Piece, ...]
    traps: int
    no_entry: int
    joined: tuple[Joined, ...]
    crossings: int
    bridge_crossings: int
    self_crossing: tuple[str, ...]
    unused: Mapping[str, int]
    problems: tuple[Problem, ...]


def survey(roads: Roads, segments: Segments, joined: tuple[Joined, ...]) -> NetworkReport:
    """Write the report of a network."""
    metres = segments.metres
    piece = _pieces(segments)
    edges = np.bincount(piece[segments.tail])
    km = np.bincount(piece[segments.tail], weights=metres) / 1000
    pieces = sorted(map(Piece, edges.tolist(), km.tolist()), key=lambda p: (-p.km, -p.edges))
    traps, no_entry = _one_way_faults(segments, roads, piece)
    crossings, at_bridges, itself = _crossings(segments, roads)
    report = NetworkReport(
        roads=len(np.unique(segments.road)),
        edges=len(metres),
        km=float(metres.sum() / 1000),
        pieces=tuple(pieces),
        traps=traps,
        no_entry=no_entry,
        joined=joined,
        crossings=crossings,
        bridge_crossings=at_bridges,
        self_crossing=tuple(roads.codes[road] for road in itself),
        unused=roads.unused,
        problems=roads.problems,
    )
    return report._replace(problems=roads.problems + _problems(report))


def _pieces(segments: Segments) -> NDArray[np.int64]:
    """Return the piece of each node."""
    return _components(segments.tail, segments.head, len(segments.nodes), "weak")


def _components(
    start: NDArray[np.int64], end: NDArray[np.int64], count: int, connection: str
) -> NDArray[np.int64]:
    arcs = csr_array((np.ones(len(start), np.int8), (start, end)), shape=(count, count))
    found = connected_components(arcs, directed=True, connection=connection)[1]
    return np.asarray(found, dtype=np.int64)


def _one_way_faults(segments: Segments, roads: Roads, piece: NDArray[np.int64]) -> tuple[int, int]:
    """Count the nodes without a way back to, or from, the main part of their piece."""
    along, against = roads.forward[segments.road], roads.backward[segments.road]
    start = np.concatenate([segments.tail[along], segments.head[against]])
    end = np.concatenate([segments.head[along], segments.tail[against]])
    count = len(segments.nodes)
    part = _components(start, end, count, "strong")
    # main part: the one with most nodes, of equal ones that with the first node
    _, first, size = np.unique(part, return_index=True, return_counts=True)
    order = np.lexsort((first, -size, piece[first]))
    main = np.zeros(len(first), np.bool_)
    main[order[np.diff(piece[first][order], prepend=-1) > 0]] = True
    inside = main[part]
    leaves = _reached(end, start, inside)
    entered = _reached(start, end, inside)
    return int((entered & ~leaves).sum()), int((leaves & ~entered).sum())


def _reached(
    start: NDArray[np.int64], end: NDArray[np.int64], inside: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return the nodes reached along arcs from any node that is inside."""
    count = len(inside)
    first = np.flatnonzero(inside)  # all hang on one node more, where the search begins
    rows = np.concatenate([start, np.full(len(first), count)])
    arcs = csr_array(
        (np.ones(len(rows), np.int8), (rows, np.concatenate([end, first]))),
        shape=(count + 1, count + 1),
    )
    reached = np.zeros(count + 1, np.bool_)
    reached[breadth_first_order(arcs, count, return_predecessors=False)] = True
    return reached[:-1]


def _crossings(segments: Segments, roads: Roads) -> tuple[int, int, list[int]]:
    """Count places where roads meet without a node: elsewhere, at bridges; roads by themselves."""
    lines = segments.lines
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    ends = np.stack([segments.tail, segments.head], axis=1)
    shared = (ends[one][:, :, None] == ends[other][:, None, :]).any(axis=(1, 2))
    apart = (one < other) & ~shared
    one, other = segments.road[one[apart]], segments.road[other[apart]]
    itself = np.unique(one[one == other])
    bridge = (roads.bridge[one] | roads.bridge[other])[one != other]
    return int((~bridge).sum()), int(bridge.sum()), itself.tolist()


def _problems(report: NetworkReport) -> tuple[Problem, ...]:
    if not report.edges:
        return (Problem("roads_not_usable", {"classes": sorted(report.unused)}),)
    found = []
    if len(report.pieces) > 1:
        rest = sum(piece.km for piece in report.pieces[1:])
        found.append(
            Problem("roads_in_pieces", {"pieces": len(report.pieces), "km": rest, "all": report.km})
        )
    if report.traps or report.no_entry:
        details = {"traps": report.traps, "no_entry": report.no_entry}
        found.append(Problem("roads_one_way_traps", details))
    if report.crossings:
        found.append(Problem("roads_cross_without_node", {"count": report.crossings}))
    return tuple(found)
