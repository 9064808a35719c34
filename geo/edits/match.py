"""Make grids share their nodes where their borders differ by less than a millimetre.

Files that went through another program have such borders: every coordinate rounded a little
differently. No gap or overlap is thick enough to be mended by itself, yet nothing is edge-matched.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.edits.faces import Change
from geo.edits.ground import Ground, Partition
from geo.edits.noding import Node, insert_nodes, map_rings, node_lines
from geo.edits.refusal import refuse
from geo.edits.zone import Shapes
from geo.partition import THICKNESS_M

_ROUNDS = 3  # a node put on an edge may come near to the next one


def match_borders(partition: Partition, wholes: Sequence[str]) -> list[Change]:
    """Return the changes after which the grids of some wholes share their nodes.

    A big grid's line may move with those of its neighbours; what it is made of follows.

    Raises
    ------
    Refusal
        ``no_change``.
    """
    changes: list[Change] = []
    moved: dict[str, shapely.Geometry] = {}
    waiting = [whole for whole in wholes if whole not in partition.rows]
    while waiting:
        whole = waiting.pop(0)
        ground = partition.ground(whole)
        if whole in moved:
            ground = partition.ground_of(whole, ground.rows.tolist(), moved[whole])
        change = match_nodes(ground, follow=whole in moved)
        changes.append(change)
        big = [i for i, code in enumerate(ground.codes) if code in partition.children]
        waiting += [ground.codes[i] for i in big]
        for i in big:
            if i in change.shapes:
                shape = np.array([change.shapes[i]], dtype=object)
                moved[ground.codes[i]] = ground.zone.to_store(shape)[0]
    if not any(change.shapes for change in changes):
        raise refuse("no_change")
    return changes


def match_nodes(ground: Ground, *, follow: bool = False) -> Change:
    """Return the change, maybe none, after which the grids of a ground share their nodes.

    Nodes within 1 mm of each other become one: that of the outline where there is one, else the
    least. Nodes within 1 mm of an edge become nodes of that edge.

    Parameters
    ----------
    follow
        Whether the outline has moved: then its nodes draw those of the grids to them, also where
        these share theirs.
    """
    shapes = ground.shapes
    for turn in range(_ROUNDS):
        if not (follow and turn == 0) and shapely.coverage_is_valid(shapes, gap_width=THICKNESS_M):
            break
        shapes = _weld(ground, shapes)
        lines = list(shapely.boundary(shapes))
        noded = node_lines(shapes, lines, ground.zone, rim=ground.rim, snap_m=THICKNESS_M)
        shapes = np.array([insert_nodes(s, noded.inserted) for s in shapes], dtype=object)
    same = shapely.equals_exact(ground.shapes, shapes, tolerance=0.0)
    return Change(ground, {int(i): shapes[i] for i in np.flatnonzero(~same)})


def _weld(ground: Ground, shapes: Shapes) -> Shapes:
    """Return the shapes with nodes that lie within 1 mm of each other made one."""
    own = shapely.get_coordinates(shapes)
    rim = shapely.get_coordinates(ground.outline)
    xy = np.unique(np.concatenate([own, rim]), axis=0)
    pairs = cKDTree(xy).query_pairs(THICKNESS_M, output_type="ndarray")
    if not len(pairs):
        return shapes
    size = len(xy)
    graph = coo_array((np.ones(len(pairs)), pairs.T), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    nodes: list[Node] = [(x, y) for x, y in xy.tolist()]
    fixed = {(x, y) for x, y in shapely.get_coordinates(ground.rim).tolist()}
    chosen: dict[int, Node] = {}
    for label, node in sorted(
        zip(labels.tolist(), nodes, strict=True), key=lambda pair: (pair[1] not in fixed, pair[1])
    ):
        chosen.setdefault(label, node)
    become = {node: chosen[label] for label, node in zip(labels.tolist(), nodes, strict=True)}

    def welded(ring: shapely.LinearRing) -> list[Node]:
        return [become[x, y] for x, y in shapely.get_coordinates(ring).tolist()]

    return np.array(
        [shapely.remove_repeated_points(map_rings(shape, welded)) for shape in shapes],
        dtype=object,
    )
