"""Move a node of the lines, in every grid that has it."""

from __future__ import annotations

from collections import Counter

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
    a corner does not move.

    Raises
    ------
    Refusal
        ``vertex_on_outline`` (with the place on the outline as its fix where there is one),
        ``no_change``.
    """
    goal = shapely.get_coordinates(ground.to_metric(shapely.Point(edit.end)))[0]
    at = shapely.Point(node)
    if shapely.distance(ground.rim, at) <= THICKNESS_M:
        goal = _on_outline(ground, node, goal, edit)
    x, y = ground.zone.snap(goal.reshape(1, 2))[0].tolist()
    if (x, y) == node:
        raise refuse("no_change", ground=ground, at=at)
    shapes = {}
    for position in ground.around([at]):
        shape = ground.shapes[position]
        if not (shapely.get_coordinates(shape) == node).all(axis=1).any():
            continue
        moved = map_rings(shape, lambda ring: _replace(ring, node, (x, y)))
        shapes[position] = shapely.remove_repeated_points(moved)
    return Change(ground, shapes)


def _on_outline(ground: Ground, node: Node, goal: Coordinates, edit: MoveVertex) -> Coordinates:
    """Return where on the outline the end of a border goes."""
    if _is_corner(ground.rim, node) or not _ends_border(ground, node):
        raise refuse("vertex_on_outline", ground=ground, at=shapely.Point(node))
    point = shapely.Point(goal)
    foot = nearest_on(ground.rim, np.array([point]))[0]
    if shapely.distance(foot, point) > SNAP_M:
        lon, lat = shapely.get_coordinates(ground.to_lonlat(foot))[0].tolist()
        fix = MoveVertex(edit.start, (lon, lat))
        raise refuse("vertex_on_outline", ground=ground, at=shapely.Point(node), fix=fix)
    return np.asarray(shapely.get_coordinates(foot)[0])


def _is_corner(boundary: shapely.Geometry, node: Node) -> bool:
    """Return whether the outline turns at a node: without it, it would be another line."""
    for ring in shapely.get_parts(boundary):
        xy = shapely.get_coordinates(ring)[:-1]
        for i in map(int, np.flatnonzero((xy == node).all(axis=1))):
            straight = shapely.LineString([xy[i - 1], xy[(i + 1) % len(xy)]])
            if shapely.distance(straight, shapely.Point(node)) > THICKNESS_M:
                return True
    return False


def _ends_border(ground: Ground, node: Node) -> bool:
    """Return whether a border between grids meets the outline at a node."""
    near = ground.around([shapely.Point(node)])
    edges = {edge for position in near for edge in edge_set(ground.shapes[position])}
    return Counter(end for edge in edges for end in edge)[node] > 2


def _replace(ring: shapely.LinearRing, node: Node, new: Node) -> list[Node]:
    nodes = [(x, y) for x, y in shapely.get_coordinates(ring).tolist()]
    return [new if each == node else each for each in nodes]
