"""Edges between centers: from one to another, with the heap of moves between the two.

Those from center ``j`` stand in one block of ``edge``, so that a search runs through memory in
order; a hash table finds the one to ``k``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from geo.service.heaps import FAR, KEY, SOURCE, Ints, pop_move

# An edge: where to, the top of its heap with key and source (a pair whose people are still there).
TO, LEAST, WHOSE, TOP = range(4)
# The block of a center: where it begins, edges in it, edges it has room for.
FIRST, COUNT, SIZE = range(3)
# An entry of the hash table: j * centers + k, place in the block.
NAME, RANK = range(2)


class Edges(NamedTuple):
    """Arrays of records; ``used`` holds (entries used, edges used)."""

    edge: Ints
    block: Ints
    slot: Ints
    entry: Ints
    used: Ints


def make_edges(room: int, centers: int, old: Edges | None = None) -> Edges:
    """Return room for that many edges, those of ``old`` in their places."""
    # a block that is full moves, to twice the size: all of them ever take less than 4 x room
    edges = Edges(
        np.empty((4 * room, 4), np.int64),
        np.zeros((centers, 3), np.int64),
        np.full(2 * room, -1, np.int64),
        np.empty((room, 2), np.int64),
        np.zeros(2, np.int64),
    )
    if old is not None:
        for into, values in ((a, b) for a, b in zip(edges, old, strict=True) if b is not old.slot):
            into[: len(values)] = values
        _rehash(edges.slot, edges.entry, edges.used[0])
    return edges


@njit(cache=True, nogil=True)
def _find(slot: Ints, entry: Ints, name: int) -> int:
    mixed = np.uint64(name) * np.uint64(0x9E3779B97F4A7C15)
    at = int(np.int64((mixed ^ (mixed >> np.uint64(29))) % np.uint64(len(slot))))
    while slot[at] >= 0 and entry[slot[at], NAME] != name:
        at = at + 1 if at + 1 < len(slot) else 0
    return at


@njit(cache=True, nogil=True)
def _rehash(slot: Ints, entry: Ints, count: int) -> None:
    for i in range(count):
        slot[_find(slot, entry, entry[i, NAME])] = i


@njit(cache=True, nogil=True)
def edge_between(
    edge: Ints, block: Ints, slot: Ints, entry: Ints, used: Ints, j: int, k: int
) -> int:
    """Return the place of the edge from ``j`` to ``k``, a new one if there is none."""
    name = j * len(block) + k
    at = _find(slot, entry, name)
    if slot[at] >= 0:
        return int(block[j, FIRST] + entry[slot[at], RANK])
    slot[at] = used[0]
    entry[used[0], NAME], entry[used[0], RANK] = name, block[j, COUNT]
    used[0] += 1
    if block[j, COUNT] == block[j, SIZE]:
        old, new = block[j, FIRST], used[1]
        for i in range(block[j, COUNT]):
            edge[new + i] = edge[old + i]
        block[j, FIRST], block[j, SIZE] = new, max(1, 2 * block[j, SIZE])
        used[1] += block[j, SIZE]
    place = block[j, FIRST] + block[j, COUNT]
    block[j, COUNT] += 1
    edge[place, TO], edge[place, LEAST], edge[place, WHOSE], edge[place, TOP] = k, FAR, -1, -1
    return int(place)


@njit(cache=True, nogil=True)
def live(people: Ints, moves: Ints, top: int) -> int:
    """Return a heap without moves of people who have left."""
    while top >= 0 and people[moves[top, SOURCE]] == 0:
        top = pop_move(moves, top)
    return top


@njit(cache=True, nogil=True)
def set_top(edge: Ints, moves: Ints, place: int, top: int) -> None:
    """Give an edge its heap."""
    edge[place, TOP] = top
    edge[place, LEAST] = moves[top, KEY] if top >= 0 else FAR
    edge[place, WHOSE] = moves[top, SOURCE] if top >= 0 else -1


@njit(cache=True, nogil=True)
def leave(people: Ints, moves: Ints, edge: Ints, block: Ints, j: int, pair: int, many: int) -> None:
    """Take people of a pair from center ``j``; where they were the next to move, others are now."""
    people[pair] -= many
    if people[pair] == 0:
        for place in range(block[j, FIRST], block[j, FIRST] + block[j, COUNT]):
            if edge[place, WHOSE] == pair:
                set_top(edge, moves, place, live(people, moves, edge[place, TOP]))
