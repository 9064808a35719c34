"""Divide a small graph of cells into connected parts of about equal weight."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.sample.frame import FloatArray

_ROUNDS = 60
_SPREAD = 0.05


def divide(
    neighbours: Sequence[Sequence[int]],
    weights: Sequence[float],
    places: FloatArray,
    parts: int,
    *,
    even: bool = True,
) -> list[int]:
    """Return the part (0 … parts - 1) of each cell.

    Parameters
    ----------
    neighbours
        Adjacent cells of each cell; the graph is connected.
    weights
        Weight of each cell.
    places
        (n, 2) middle of each cell in metres: parts are kept compact.
    parts
        At most the number of cells.
    even
        False leaves the sizes as they grew, as uneven as a county's old grids.

    Examples
    --------
    >>> line = [[1], [0, 2], [1, 3], [2]]
    >>> places = np.array([[0.0, 0], [1, 0], [2, 0], [3, 0]])
    >>> divide(line, [1, 1, 1, 1], places, 2)
    [0, 0, 1, 1]
    """
    part = _grow(neighbours, weights, places, parts)
    if even and parts > 1:
        _even_out(part, neighbours, weights, places, parts)
    return part


def is_connected(members: set[int], neighbours: Sequence[Sequence[int]]) -> bool:
    """Whether the cells hang together."""
    if not members:
        return False
    first = min(members)
    reached, edge = {first}, [first]
    while edge:
        for cell in neighbours[edge.pop()]:
            if cell in members and cell not in reached:
                reached.add(cell)
                edge.append(cell)
    return len(reached) == len(members)


def _seeds(weights: Sequence[float], places: FloatArray, parts: int) -> list[int]:
    """Cells far from each other, starting in the west; empty cells are the last choice."""
    favour = np.minimum(np.asarray(weights) / (sum(weights) / parts + 1e-9) + 0.15, 1.0)
    seeds = [int(np.argmin(places[:, 0] - places[:, 1] * 0.2))]
    away = np.hypot(*(places - places[seeds[0]]).T)
    while len(seeds) < parts:
        away[seeds] = -1.0
        seeds.append(int(np.argmax(away * favour)))
        away = np.minimum(away, np.hypot(*(places - places[seeds[-1]]).T))
    return seeds


def _grow(
    neighbours: Sequence[Sequence[int]],
    weights: Sequence[float],
    places: FloatArray,
    parts: int,
) -> list[int]:
    """Grow: the lightest part that can takes the free neighbour nearest to its seed."""
    part = [-1] * len(weights)
    seeds = _seeds(weights, places, parts)
    load = [0.0] * parts
    for number, seed in enumerate(seeds):
        part[seed], load[number] = number, weights[seed]
    free = len(weights) - parts
    while free:
        for number in sorted(range(parts), key=lambda n: (load[n], n)):
            options = {
                beside
                for cell, owner in enumerate(part)
                if owner == number
                for beside in neighbours[cell]
                if part[beside] < 0
            }
            if options:
                seed = places[seeds[number]]
                taken = min(options, key=lambda c: (float(np.hypot(*(places[c] - seed))), c))
                part[taken] = number
                load[number] += weights[taken]
                free -= 1
                break
        else:
            raise AssertionError("the cells do not hang together")
    return part


def _even_out(
    part: list[int],
    neighbours: Sequence[Sequence[int]],
    weights: Sequence[float],
    places: FloatArray,
    parts: int,
) -> None:
    """Hand border cells over while that evens the weights and keeps parts whole and compact."""
    mean = max(sum(weights) / parts, 1e-9)
    members = [{c for c, owner in enumerate(part) if owner == n} for n in range(parts)]
    load = [sum(weights[c] for c in cells) for cells in members]
    scale = float(np.mean(np.var(places, axis=0))) / parts + 1e-9
    for _ in range(_ROUNDS):
        moved = False
        for cell in range(len(part)):
            giver = part[cell]
            if len(members[giver]) == 1:
                continue
            for taker in sorted({part[beside] for beside in neighbours[cell]} - {giver}):
                w = weights[cell]
                gain = (load[giver] ** 2 + load[taker] ** 2) - (
                    (load[giver] - w) ** 2 + (load[taker] + w) ** 2
                )
                farther = _offset(cell, members[taker], places) - _offset(
                    cell, members[giver], places
                )
                if gain / mean**2 <= _SPREAD * farther / scale + 1e-9:
                    continue
                if not is_connected(members[giver] - {cell}, neighbours):
                    continue
                members[giver].remove(cell)
                members[taker].add(cell)
                load[giver] -= w
                load[taker] += w
                part[cell] = taker
                moved = True
                break
        if not moved:
            return


def _offset(cell: int, members: set[int], places: FloatArray) -> float:
    others = places[sorted(members - {cell})]
    return float(np.sum((places[cell] - others.mean(axis=0)) ** 2)) if len(others) else 0.0
