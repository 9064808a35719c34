"""From pieces between cells of the raster to roads: joined, bent, followed from end to end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.sample.frame import FloatArray, IntArray


class Lines(NamedTuple):
    """Pieces of road between neighbouring cells: both cells, class (rank) and name of each."""

    ends: IntArray
    rank: IntArray
    name: NDArray[np.object_]


def put_together(parts: list[Lines]) -> Lines:
    """Return all pieces as one, each once, of its best class (the lowest rank)."""
    ends = np.sort(np.vstack([part.ends for part in parts]), axis=1)
    rank = np.concatenate([part.rank for part in parts])
    name = np.concatenate([part.name for part in parts])
    order = np.lexsort([rank, ends[:, 1], ends[:, 0]])
    first = np.r_[True, (np.diff(ends[order], axis=0) != 0).any(axis=1)]
    kept = order[first]
    return Lines(ends[kept], rank[kept], name[kept])


def smooth_roads(
    places: FloatArray, ends: IntArray, fixed: IntArray, rounds: int = 3
) -> FloatArray:
    """Move cells between two others towards their middle: the raster's corners become bends.

    Cells where roads meet or end stay, and so do ``fixed`` ones.
    """
    degree = np.bincount(ends.ravel(), minlength=len(places))
    degree[fixed] = 0
    # both neighbours of each cell that has two, in order of cells
    pairs = np.vstack([ends, ends[:, ::-1]])
    pairs = pairs[degree[pairs[:, 0]] == 2]
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    cells, beside = pairs[::2, 0], pairs[:, 1].reshape(-1, 2)
    moved = places.copy()
    for _ in range(rounds):
        moved[cells] = 0.5 * moved[cells] + 0.25 * moved[beside].sum(axis=1)
    return moved


def walk_chains(lines: Lines, stops: IntArray) -> Iterator[tuple[int, str, list[int]]]:
    """Follow the pieces: class, name and cells of each road from one end or junction to the next.

    A road also ends where its class or name changes and at ``stops``. The order is that of the
    pieces, whatever they are put together from.
    """
    at: defaultdict[int, list[int]] = defaultdict(list)
    for piece, (a, b) in enumerate(lines.ends.tolist()):
        at[a].append(piece)
        at[b].append(piece)
    kind = list(zip(lines.rank.tolist(), lines.name.tolist(), strict=True))
    ends = lines.ends.tolist()
    halts = set(stops.tolist())

    def goes_on(cell: int) -> bool:
        here = at[cell]
        return len(here) == 2 and kind[here[0]] == kind[here[1]] and cell not in halts

    done = [False] * len(ends)

    def follow(piece: int, start: int) -> list[int]:
        chain = [start]
        while True:
            done[piece] = True
            a, b = ends[piece]
            chain.append(b if chain[-1] == a else a)
            if not goes_on(chain[-1]):
                return chain
            piece = next((p for p in at[chain[-1]] if not done[p]), -1)
            if piece < 0:  # round a loop
                return chain

    for piece, (a, b) in enumerate(ends):
        for start in (a, b):
            if not done[piece] and not goes_on(start):
                yield (*kind[piece], follow(piece, start))
    for piece, (a, _) in enumerate(ends):  # loops without a junction
        if not done[piece]:
            yield (*kind[piece], follow(piece, a))
