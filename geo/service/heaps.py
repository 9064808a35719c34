"""Heaps in plain arrays, for kernels: many mergeable heaps of moves, one queue of nodes.

Each is one array of integers, a record a row: what is used together lies together, and numba counts
no references (on tuples of arrays it does, at each use, which costs more than the work).

numba's cache on disk looks at a kernel's own file only. Whoever changes this file also has to touch
those whose kernels call it (``capacity_*.py``), or runs what was compiled before.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Links = NDArray[np.int32]

FAR = 2**62

# Moves: pairing heaps (Fredman et al. 1986). A move takes people of a row from the center of one of
# its pairs to that of another; the key is what that adds per person. They are ordered by (key, row,
# pairs), so the least is one and the same whatever a heap went through. -1 links to nothing. Row 0
# is none: it holds the number of rows used, the first row freed, how many are free for use.
KEY, ROW, SOURCE, TARGET, CHILD, SIBLING = range(6)
USED, FREED, ROOM = range(3)


def make_moves(room: int, old: Ints | None = None) -> Ints:
    """Return room for that many moves, those of ``old`` in their places."""
    moves = np.empty((room + 1, 6), np.int64)
    moves[0, : ROOM + 1] = 1, -1, room
    if old is not None:
        moves[: len(old)] = old
        moves[0, ROOM] += len(moves) - len(old)
    return moves


@njit(cache=True, nogil=True)
def new_move(moves: Ints, key: int, row: int, source: int, target: int) -> int:
    """Return a heap of one move; ``moves[0, ROOM]`` tells whether there is room for it."""
    node = moves[0, FREED]
    if node >= 0:
        moves[0, FREED] = moves[node, SIBLING]
    else:
        node = moves[0, USED]
        moves[0, USED] += 1
    moves[0, ROOM] -= 1
    moves[node, KEY], moves[node, ROW] = key, row
    moves[node, SOURCE], moves[node, TARGET] = source, target
    moves[node, CHILD] = moves[node, SIBLING] = -1
    return int(node)


@njit(cache=True, nogil=True)
def meld(moves: Ints, a: int, b: int) -> int:
    """Return the root of two heaps made one."""
    if a < 0:
        return b
    if b < 0:
        return a
    first, second = a, b
    for field in range(4):
        if moves[a, field] != moves[b, field]:
            if moves[b, field] < moves[a, field]:
                first, second = b, a
            break
    moves[second, SIBLING] = moves[first, CHILD]
    moves[first, CHILD] = second
    return first


@njit(cache=True, nogil=True)
def pop_move(moves: Ints, root: int) -> int:
    """Free the root and return the new one."""
    pairs = -1  # melded two by two, in a list of their own
    node = moves[root, CHILD]
    while node >= 0:
        other = moves[node, SIBLING]
        after = -1
        if other >= 0:
            after = moves[other, SIBLING]
        both = meld(moves, node, other)
        moves[both, SIBLING] = pairs
        pairs = both
        node = after
    top = -1
    while pairs >= 0:
        after = moves[pairs, SIBLING]
        top = meld(moves, top, pairs)
        pairs = after
    moves[root, SIBLING] = moves[0, FREED]
    moves[0, FREED] = root
    moves[0, ROOM] += 1
    return int(top)


# Queue: nodes by (distance, number), each at most once, in a binary heap that knows where each
# stands. HEAP and TOUCHED are lists, in the rows from 0 on; the last row holds their lengths.
DISTANCE, PLACE, DONE, HEAP, TOUCHED = range(5)


def make_queue(nodes: int) -> Ints:
    """Return an empty queue of nodes ``0 … nodes - 1``."""
    queue = np.zeros((nodes + 1, 5), np.int64)
    queue[:nodes, DISTANCE], queue[:nodes, PLACE] = FAR, -1
    return queue


@njit(cache=True, nogil=True)
def clear(queue: Ints) -> None:
    """Forget every node."""
    for i in range(queue[-1, TOUCHED]):
        node = queue[i, TOUCHED]
        queue[node, DISTANCE], queue[node, PLACE], queue[node, DONE] = FAR, -1, 0
    queue[-1, TOUCHED] = queue[-1, HEAP] = 0


@njit(cache=True, nogil=True)
def _before(queue: Ints, a: int, b: int) -> bool:
    if queue[a, DISTANCE] != queue[b, DISTANCE]:
        return bool(queue[a, DISTANCE] < queue[b, DISTANCE])
    return a < b


@njit(cache=True, nogil=True)
def put(queue: Ints, node: int, distance: int) -> None:
    """Put a node in; one that is in already may only come nearer."""
    if queue[node, DISTANCE] == FAR:
        queue[queue[-1, TOUCHED], TOUCHED] = node
        queue[-1, TOUCHED] += 1
    queue[node, DISTANCE] = distance
    at = queue[node, PLACE]
    if at < 0:
        at = queue[-1, HEAP]
        queue[-1, HEAP] += 1
    while at > 0:
        above = (at - 1) // 2
        other = queue[above, HEAP]
        if not _before(queue, node, other):
            break
        queue[at, HEAP], queue[other, PLACE] = other, at
        at = above
    queue[at, HEAP], queue[node, PLACE] = node, at


@njit(cache=True, nogil=True)
def take(queue: Ints) -> int:
    """Take the nearest node out."""
    least = queue[0, HEAP]
    queue[least, PLACE] = -1
    queue[-1, HEAP] -= 1
    count = queue[-1, HEAP]
    if count > 0:
        node, at = queue[count, HEAP], 0
        while 2 * at + 1 < count:
            below = 2 * at + 1
            if below + 1 < count and _before(queue, queue[below + 1, HEAP], queue[below, HEAP]):
                below += 1
            other = queue[below, HEAP]
            if not _before(queue, other, node):
                break
            queue[at, HEAP], queue[other, PLACE] = other, at
            at = below
        queue[at, HEAP], queue[node, PLACE] = node, at
    return int(least)
