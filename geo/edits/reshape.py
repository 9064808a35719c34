"""Make a drawn line the border between two grids.

::

    ┌──────┬──────┐   The line starts and ends on the common border (or beyond it): the border
    │ a   ╭┤  b   │   between its first and its last meeting with the line is replaced by the line.
    │    ─┼╯      │   What lay left of the old border lies left of the new one.
    └──────┴──────┘

A line from outline to outline that replaces the whole border, or ends on it once, leaves open which
side is whose: then as little land as possible changes hands.
"""

from __future__ import annotations

from collections.abc import Hashable
from itertools import pairwise

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo.edits.faces import Change, Faces, lay_faces, settle
from geo.edits.ground import Ground
from geo.edits.joined import edge_set, group_faces
from geo.edits.noding import SNAP_M, Edge, Node, edge_of
from geo.edits.refusal import refuse
from geo.edits.values import Reshape

_MANY = 12  # faces up to which every way to give them is looked at


def reshape(ground: Ground, first: int, second: int, edit: Reshape) -> Change:
    """Return the change that moves the border between two grids to a line.

    Raises
    ------
    Refusal
        ``not_adjacent``, ``line_misses_border``, ``line_along_border``.
    """
    line = ground.to_metric(edit.line)
    faces = lay_faces(ground, [first, second], [line])
    border = _border(faces, first, second)
    if not border:
        raise refuse("not_adjacent", *edit.grids, ground=ground, at=line)
    drawn = _inside(faces, border)
    if not drawn:
        shapes = ground.shapes[[first, second]]
        inside = shapely.intersection(line, shapely.buffer(shapely.union_all(shapes), SNAP_M))
        beside = shapely.buffer(shapely.union_all(shapely.boundary(shapes)), 2 * SNAP_M)
        along = shapely.length(inside) > SNAP_M and shapely.covers(beside, inside)
        key = "line_along_border" if along else "line_misses_border"
        raise refuse(key, *edit.grids, ground=ground, at=line)
    chain = _chain(border)
    owners = None
    if chain is not None:
        owners = _by_side(faces, first, second, chain, drawn)
    if owners is None:
        owners = _by_least_land(faces, first, second, drawn)
    if owners is None:
        raise refuse("line_misses_border", *edit.grids, ground=ground, at=line)
    return settle(faces, owners)


def _border(faces: Faces, first: int, second: int) -> set[Edge]:
    """Return the edges between the two grids."""
    of = {first: set[Edge](), second: set[Edge]()}
    for face, owners in enumerate(faces.owners):
        for owner in owners:
            of[owner] |= edge_set(faces.shapes[face])
    return of[first] & of[second]


def _inside(faces: Faces, border: set[Edge]) -> set[Edge]:
    """Return the drawn edges that divide faces of the two grids, old border left out."""
    seen: dict[Edge, int] = {}
    for face, owners in enumerate(faces.owners):
        if owners:
            for edge in edge_set(faces.shapes[face]):
                seen[edge] = seen.get(edge, 0) + 1
    return {e for e in faces.noded.drawn if seen.get(e, 0) == 2 and e not in border}


def _chain(border: set[Edge]) -> list[Node] | None:
    """Return the border as one open chain of nodes, None if it is a ring or in pieces."""
    beside: dict[Node, list[Node]] = {}
    for a, b in border:
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    ends = sorted(node for node, others in beside.items() if len(others) == 1)
    if len(ends) != 2 or any(len(others) > 2 for others in beside.values()):
        return None
    chain = [ends[0]]
    before: Node | None = None
    while len(chain) < len(beside):
        onward = [node for node in beside[chain[-1]] if node != before]
        if not onward:
            return None
        before = chain[-1]
        chain.append(onward[0])
    return chain if chain[-1] == ends[1] else None


def _by_side(
    faces: Faces, first: int, second: int, chain: list[Node], drawn: set[Edge]
) -> list[tuple[Hashable, ...]] | None:
    """Give faces by the side of the new border they lie on; None if that is not defined."""
    path = _path(chain, drawn)
    if path is None:
        return None
    start, end = chain.index(path[0]), chain.index(path[-1])
    if start > end:
        path, start, end = path[::-1], end, start
    new_border = [*chain[:start], *path, *chain[end + 1 :]]
    replaced = set(map(_edge, pairwise(chain[start : end + 1])))
    walls = set(map(_edge, pairwise(new_border)))
    left_is_first = _is_left(faces, first, chain)
    if left_is_first is None:
        return None
    regions = _regions(faces, walls)
    sides: dict[int, set[bool]] = {}
    ahead = set(pairwise(new_border))
    for region, members in enumerate(regions):
        for face in members:
            ring = shapely.get_coordinates(shapely.orient_polygons(faces.shapes[face])).tolist()
            for a, b in pairwise(map(tuple, ring)):
                if (a, b) in ahead:
                    sides.setdefault(region, set()).add(True)  # the face is left of the border
                elif (b, a) in ahead:
                    sides.setdefault(region, set()).add(False)
    owners = list[tuple[Hashable, ...]](faces.owners)
    for region, members in enumerate(regions):
        found = sides.get(region)
        if found is None:
            continue  # no part of the new border: it stays whose it is
        if len(found) > 1 or not replaced:
            return None
        owner = first if (found == {True}) == left_is_first else second
        for face in members:
            owners[face] = (owner,)
    return owners


def _path(chain: list[Node], drawn: set[Edge]) -> list[Node] | None:
    """Return the drawn path between its farthest meetings with the old border."""
    place = {node: i for i, node in enumerate(chain)}
    drawn_nodes = {node for edge in drawn for node in edge}
    meetings = sorted(place[node] for node in drawn_nodes if node in place)
    if len(meetings) < 2:
        return None
    along = {edge_of(a, b) for a, b in pairwise(chain)}
    return _walk(chain[meetings[0]], chain[meetings[-1]], drawn, along)


def _walk(start: Node, goal: Node, drawn: set[Edge], along: set[Edge]) -> list[Node] | None:
    """Return a way over drawn edges, using the old border only where the line runs along it."""
    nodes = sorted({node for edge in drawn | along for node in edge})
    place = {node: i for i, node in enumerate(nodes)}
    edges = [*sorted(drawn), *sorted(along - drawn)]
    # one edge of the old border costs more than any way over the drawn line
    costs = np.where(np.arange(len(edges)) < len(drawn), 1.0, float(len(edges)))
    ends = np.array([(place[a], place[b]) for a, b in edges]).T
    graph = coo_array((costs, (ends[0], ends[1])), shape=(len(nodes), len(nodes))).tocsr()
    _, before = dijkstra(graph, directed=False, indices=place[start], return_predecessors=True)
    way = [place[goal]]
    while way[-1] != place[start]:
        step = int(before[way[-1]])
        if step < 0:
            return None
        way.append(step)
    return [nodes[i] for i in reversed(way)]


def _is_left(faces: Faces, first: int, chain: list[Node]) -> bool | None:
    """Return whether the first grid lies left of the old border."""
    ahead = set(pairwise(chain))
    for face, owners in enumerate(faces.owners):
        if owners != (first,):
            continue
        ring = shapely.get_coordinates(shapely.orient_polygons(faces.shapes[face])).tolist()
        for a, b in pairwise(map(tuple, ring)):
            if (a, b) in ahead:
                return True
            if (b, a) in ahead:
                return False
    return None


def _regions(faces: Faces, walls: set[Edge]) -> list[list[int]]:
    """Group the faces of the two grids that no wall divides."""
    owned = [face for face, owners in enumerate(faces.owners) if owners]
    return group_faces(faces, owned, apart=walls)


def _by_least_land(
    faces: Faces, first: int, second: int, drawn: set[Edge]
) -> list[tuple[Hashable, ...]] | None:
    """Give faces so that the line is a border everywhere and least land changes hands."""
    owned = [face for face, owners in enumerate(faces.owners) if owners]
    if not 2 <= len(owned) <= _MANY:
        return None
    pairs = []
    edges = {face: edge_set(faces.shapes[face]) for face in owned}
    for i, a in enumerate(owned):
        pairs += [(a, b) for b in owned[i + 1 :] if edges[a] & edges[b] & drawn]
    area = {face: float(faces.shapes[face].area) for face in owned}
    best: tuple[float, dict[int, int]] | None = None
    for choice in range(2 ** len(owned)):
        given = {f: second if choice >> i & 1 else first for i, f in enumerate(owned)}
        if any(given[a] == given[b] for a, b in pairs) or len(set(given.values())) < 2:
            continue
        moved = sum(area[f] for f in owned if given[f] not in faces.owners[f])
        if best is None or moved < best[0]:
            best = moved, given
    if best is None:
        return None
    chosen = best[1]
    return [(chosen[f],) if f in chosen else () for f in range(len(faces.owners))]


def _edge(pair: tuple[Node, Node]) -> Edge:
    return edge_of(*pair)
