"""Move a node of the lines, in every grid that has it."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import NamedTuple

import numpy as np
import shapely

from geo.edits.faces import Change
from geo.edits.ground import Ground
from geo.edits.joined import edge_set
from geo.edits.noding import SNAP_M, Node, map_rings, nearest_on
from geo.edits.refusal import refuse
from geo.edits.values import MoveVertex
from geo.edits.zone import Coordinates
from geo.partition import THICKNESS_M

REACH_M = 0.05  # how far beside a node one may point and still mean it


def find_node(ground: Ground, place: shapely.Geometry) -> Node | None:
    """Return the node of the grids nearest to a metric place, None beyond :data:`REACH_M`."""
    near = ground.tree.query(place, predicate="dwithin", distance=REACH_M)
    if not len(near):
        return None
    xy = shapely.get_coordinates(ground.shapes[near])
    off = np.hypot(*(xy - shapely.get_coordinates(place)[0]).T)
    best = int(np.argmin(off))
    return (float(xy[best, 0]), float(xy[best, 1])) if off[best] <= REACH_M else None


def move_vertex(ground: Ground, node: Node, edit: MoveVertex) -> Change:
    """Return the change that moves a node.

    A node on the outline of the village stays there: the end of a border slides along the outline,
    also away from a corner of it, which stays; other nodes of the outline do not move.

    Raises
    ------
    Refusal
        ``vertex_on_outline`` (with the place on the outline as its fix where there is one),
        ``no_change``.
    """
    goal = shapely.get_coordinates(ground.to_metric(shapely.Point(edit.end)))[0]
    at = shapely.Point(node)
    slid: _Slide | None = None
    if shapely.distance(ground.rim, at) <= THICKNESS_M:
        slid = _slide(ground, node, goal, edit)
        goal = slid.goal
    x, y = ground.zone.snap(goal.reshape(1, 2))[0].tolist()
    if shapely.distance(shapely.Point(x, y), at) <= SNAP_M:
        raise refuse("no_change", ground=ground, at=at)
    behind = slid.behind if slid is not None else None
    shapes = {}
    for position in ground.around([at]):
        shape = ground.shapes[position]
        if not (shapely.get_coordinates(shape) == node).all(axis=1).any():
            continue
        moved = map_rings(shape, partial(_replace, node=node, new=(x, y), behind=behind))
        shapes[position] = shapely.remove_repeated_points(moved)
    return Change(ground, shapes)


class _Slide(NamedTuple):
    """Where on the outline the end of a border goes, and the node behind it there."""

    goal: Coordinates
    behind: Node


def _slide(ground: Ground, node: Node, goal: Coordinates, edit: MoveVertex) -> _Slide:
    """Return how the end of a border slides: at most to the next node of the outline."""
    beside = _outline_neighbours(ground, node)
    if len(beside) != 2 or not _ends_border(ground, node):
        raise refuse("vertex_on_outline", ground=ground, at=shapely.Point(node))
    point = shapely.Point(goal)
    ways = shapely.linestrings([[node, end] for end in beside])
    ahead = int(np.argmin(shapely.distance(ways, point)))
    on_way = nearest_on(ways[ahead], np.array([point]))
    foot = nearest_on(ground.rim, on_way)[0]
    if shapely.distance(foot, point) > SNAP_M:
        lon, lat = shapely.get_coordinates(ground.to_lonlat(foot))[0].tolist()
        fix = MoveVertex(edit.start, (lon, lat))
        raise refuse("vertex_on_outline", ground=ground, at=shapely.Point(node), fix=fix)
    return _Slide(np.asarray(shapely.get_coordinates(foot)[0]), beside[1 - ahead])


def _outline_neighbours(ground: Ground, node: Node) -> list[Node]:
    """Return the nodes before and after a node on the outline: ends of edges of one grid only."""
    near = ground.around([shapely.Point(node)])
    seen = Counter(edge for i in near for edge in edge_set(ground.shapes[i]) if node in edge)
    return sorted(a if b == node else b for (a, b), count in seen.items() if count == 1)


def _ends_border(ground: Ground, node: Node) -> bool:
    """Return whether a border between grids meets the outline at a node."""
    near = ground.around([shapely.Point(node)])
    edges = {edge for position in near for edge in edge_set(ground.shapes[position])}
    return Counter(end for edge in edges for end in edge)[node] > 2


def _replace(ring: shapely.LinearRing, node: Node, new: Node, behind: Node | None) -> list[Node]:
    """Return a ring with a node moved.

    The grid that gains a stretch of the outline keeps the old node on it: the outline has a node
    more, never one less, so nobody who stands right there falls out.
    """
    nodes = [(x, y) for x, y in shapely.get_coordinates(ring).tolist()[:-1]]
    out: list[Node] = []
    for before, here, after in zip(
        [nodes[-1], *nodes], nodes, [*nodes[1:], nodes[0]], strict=False
    ):
        if here != node:
            out.append(here)
        elif before == behind:
            out += [node, new]
        elif after == behind:
            out += [new, node]
        else:
            out.append(new)
    return [*out, out[0]]
