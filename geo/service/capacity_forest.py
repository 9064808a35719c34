"""Few households split: an assignment of least cost whose splits hold no circle."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from geo.service.capacity_state import Places, Problem

Node = tuple[int, int]  # (0, center) or (1, row)


def unsplit(problem: Problem, places: Places) -> None:
    """Undo every circle of split rows and centers, at no cost.

    Where row a is split between centers j and k and row b too, people of a can go to j and as many
    of b to k. With the prices of an optimum that costs nothing either way. What remains is a
    forest: with m centers at most m rows are split (being left out counts as a center).
    """
    nobody = len(places.load)
    some = np.flatnonzero(places.people)
    order = np.argsort(problem.first, kind="stable")
    row_of = order[np.searchsorted(problem.first[order], some, side="right") - 1]
    parts = np.bincount(row_of, minlength=len(problem.first)) + (places.out > 0)
    tree: dict[Node, dict[Node, int]] = {}
    for row in np.flatnonzero(parts > 1).tolist():
        pairs = range(problem.first[row], problem.last[row])
        ends = {int(problem.center[pair]): pair for pair in pairs if places.people[pair] > 0}
        if places.out[row] > 0:
            ends[nobody] = -1
        for center, pair in ends.items():
            _add(tree, places, (1, row), (0, center), pair)


def _add(
    tree: dict[Node, dict[Node, int]], places: Places, row: Node, center: Node, pair: int
) -> None:
    way = _way(tree, row, center)
    tree.setdefault(row, {})[center] = tree.setdefault(center, {})[row] = pair
    if way is None:
        return
    way.append(row)  # around: row, …, center, row; people alternate between the pairs of a row
    steps = list(pairwise(way))
    less, more = steps[0::2], steps[1::2]
    many = min(_people(tree, places, *step) for step in less)
    for sign, side in ((-many, less), (many, more)):
        for a, b in side:
            of, at = (a, tree[a][b]) if a[0] else (b, tree[a][b])
            if at < 0:
                places.out[of[1]] += sign
            else:
                places.people[at] += sign
    for a, b in less:
        if _people(tree, places, a, b) == 0:
            del tree[a][b], tree[b][a]


def _people(tree: dict[Node, dict[Node, int]], places: Places, a: Node, b: Node) -> int:
    pair = tree[a][b]
    if pair >= 0:
        return int(places.people[pair])
    return int(places.out[a[1] if a[0] else b[1]])


def _way(tree: dict[Node, dict[Node, int]], start: Node, goal: Node) -> list[Node] | None:
    """Return the nodes from ``start`` to ``goal``, None if they do not hang together."""
    if start not in tree or goal not in tree:
        return None
    came: dict[Node, Node] = {start: start}
    stack = [start]
    while stack:
        node = stack.pop()
        if node == goal:
            way = [goal]
            while way[-1] != start:
                way.append(came[way[-1]])
            return way[::-1]
        for near in tree[node]:
            if near not in came:
                came[near] = node
                stack.append(near)
    return None
