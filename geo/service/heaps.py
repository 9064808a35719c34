"""Heaps in plain arrays, for kernels: many mergeable heaps of moves, one queue of nodes.

A *move* takes people of a row from the center of one of its pairs to that of another. Its key is
what that adds per person. Moves are ordered by (key, row, pairs), so the least is one and the same
whatever the heap went through.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Links = NDArray[np.int32]


class Moves(NamedTuple):
    """Nodes of all pairing heaps (Fredman et al. 1986), ``-1`` linking to nothing.

    ``used`` holds (nodes ever used, first of the freed ones, nodes free for use).
    """

    key: Ints
    row: Links
    source: Ints
    target: Ints
    child: Links
    sibling: Links
    used: Ints


def make_moves(room: int, old: Moves | None = None) -> Moves:
    """Return room for that many moves, those of ``old`` in their places."""
    moves = Moves(
        np.empty(room, np.int64),
        np.empty(room, np.int32),
        np.empty(room, np.int64),
        np.empty(room, np.int64),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.array([0, -1, room], np.int64),
    )
    if old is not None:
        for into, values in zip(moves[:-1], old[:-1], strict=True):
            into[: len(values)] = values
        moves.used[:] = old.used + [0, 0, room - len(old.key)]
    return moves


@njit(cache=True, nogil=True)
def new_move(moves: Moves, key: int, row: int, source: int, target: int) -> int:
    """Return a node of its own; ``used[2]`` says whether there is room for one."""
    node = moves.used[1]
    if node >= 0:
        moves.used[1] = moves.sibling[node]
    else:
        node = moves.used[0]
        moves.used[0] += 1
    moves.used[2] -= 1
    moves.key[node], moves.row[node] = key, row
    moves.source[node], moves.target[node] = source, target
    moves.child[node] = moves.sibling[node] = -1
    return node


@njit(cache=True, nogil=True)
def meld(moves: Moves, a: int, b: int) -> int:
    """Return the root of two heaps made one."""
    if a < 0:
        return b
    if b < 0:
        return a
    if moves.key[b] != moves.key[a]:
        swap = moves.key[b] < moves.key[a]
    elif moves.row[b] != moves.row[a]:
        swap = moves.row[b] < moves.row[a]
    elif moves.source[b] != moves.source[a]:
        swap = moves.source[b] < moves.source[a]
    else:
        swap = moves.target[b] < moves.target[a]
    if swap:
        a, b = b, a
    moves.sibling[b] = moves.child[a]
    moves.child[a] = b
    return a


@njit(cache=True, nogil=True)
def pop_move(moves: Moves, root: int) -> int:
    """Free the root and return the new one."""
    pairs = -1  # melded two by two, in a list of their own
    node = moves.child[root]
    while node >= 0:
        other = moves.sibling[node]
        if other < 0:
            moves.sibling[node] = pairs
            pairs = node
            break
        after = moves.sibling[other]
        both = meld(moves, node, other)
        moves.sibling[both] = pairs
        pairs = both
        node = after
    top = -1
    while pairs >= 0:
        after = moves.sibling[pairs]
        moves.sibling[pairs] = -1
        top = meld(moves, top, pairs)
        pairs = after
    moves.sibling[root] = moves.used[1]
    moves.used[1] = root
    moves.used[2] += 1
    return top


class Queue(NamedTuple):
    """Nodes by (distance, number), each at most once: a binary heap that knows its places.

    ``size`` holds (nodes in the heap, nodes touched since :func:`clear`).
    """

    distance: Ints
    heap: Links
    place: Links
    done: NDArray[np.bool_]
    touched: Links
    size: Ints


FAR = np.int64(2) ** 62


def make_queue(nodes: int) -> Queue:
    """Return an empty queue of nodes ``0 … nodes - 1``."""
    return Queue(
        np.full(nodes, FAR),
        np.empty(nodes, np.int32),
        np.full(nodes, -1, np.int32),
        np.zeros(nodes, np.bool_),
        np.empty(nodes, np.int32),
        np.zeros(2, np.int64),
    )


@njit(cache=True, nogil=True)
def clear(queue: Queue) -> None:
    """Forget every node."""
    for i in range(queue.size[1]):
        node = queue.touched[i]
        queue.distance[node], queue.place[node], queue.done[node] = FAR, -1, False
    queue.size[:] = 0


@njit(cache=True, nogil=True)
def before(queue: Queue, a: int, b: int) -> bool:
    """Tell whether node ``a`` comes before node ``b``."""
    if queue.distance[a] != queue.distance[b]:
        return bool(queue.distance[a] < queue.distance[b])
    return a < b


@njit(cache=True, nogil=True)
def put(queue: Queue, node: int, distance: int) -> None:
    """Put a node in, or nearer."""
    if queue.distance[node] == FAR and not queue.done[node]:
        queue.touched[queue.size[1]] = node
        queue.size[1] += 1
    queue.distance[node] = distance
    at = queue.place[node]
    if at < 0:
        at = queue.size[0]
        queue.size[0] += 1
    while at > 0:
        above = (at - 1) // 2
        if not before(queue, node, queue.heap[above]):
            break
        queue.heap[at] = queue.heap[above]
        queue.place[queue.heap[at]] = at
        at = above
    queue.heap[at], queue.place[node] = node, at


@njit(cache=True, nogil=True)
def take(queue: Queue) -> int:
    """Take the nearest node out."""
    least = queue.heap[0]
    queue.place[least] = -1
    queue.size[0] -= 1
    count = queue.size[0]
    if count > 0:
        node, at = queue.heap[count], 0
        while 2 * at + 1 < count:
            below = 2 * at + 1
            if below + 1 < count and before(queue, queue.heap[below + 1], queue.heap[below]):
                below += 1
            if not before(queue, queue.heap[below], node):
                break
            queue.heap[at] = queue.heap[below]
            queue.place[queue.heap[at]] = at
            at = below
        queue.heap[at], queue.place[node] = node, at
    return least
