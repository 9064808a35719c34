"""The nearest piece of road of each place, compiled: rings of cells around it, exact ties."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray


class Cells(NamedTuple):
    """Segments by square cells: those of a cell are ``segment[starts[c]:starts[c + 1]]``.

    Cells run west to east, then south to north, from ``west``, ``south``; ``size`` in metres.
    """

    west: float
    south: float
    size: float
    columns: int
    rows: int
    starts: NDArray[np.int64]
    segment: NDArray[np.int64]


@njit(cache=True, nogil=True)
def nearest_segments(
    cells: Cells,
    tail: NDArray[np.float64],
    head: NDArray[np.float64],
    places: NDArray[np.float64],
    limit_um: np.int64,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Return of each place the segment (-1 beyond the limit), where on it (0-1), and the leg.

    The least leg in whole micrometres; of equal ones the first segment.
    """
    count = len(places)
    segment = np.full(count, -1, np.int64)
    along = np.zeros(count)
    leg_um = np.zeros(count, np.int64)
    farthest = np.int64(np.ceil((limit_um + 1) / 1e6 / cells.size))
    for row in range(count):
        x, y = places[row]
        # a place far outside looks at nothing; clipped so that no float is too large for a cell
        middle = int(np.floor(min(max((x - cells.west) / cells.size, -1e9), 1e9)))
        level = int(np.floor(min(max((y - cells.south) / cells.size, -1e9), 1e9)))
        best = limit_um + 1
        for ring in range(farthest + 1):
            # whatever lies farther out is at least so far away
            if best < np.int64(np.floor((ring - 1) * cells.size * 1e6)):
                break
            for v in range(max(level - ring, 0), min(level + ring, cells.rows - 1) + 1):
                edge = v == level - ring or v == level + ring
                step = 1 if edge or ring == 0 else 2 * ring
                u = middle - ring
                if step == 1 and u < 0:
                    u = 0
                while u <= middle + ring and u < cells.columns:
                    if u >= 0:
                        cell = v * cells.columns + u
                        for entry in range(cells.starts[cell], cells.starts[cell + 1]):
                            found = cells.segment[entry]
                            ax, ay = tail[found]
                            dx, dy = head[found, 0] - ax, head[found, 1] - ay
                            share = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
                            share = min(max(share, 0.0), 1.0)
                            away = np.hypot(x - ax - share * dx, y - ay - share * dy)
                            if away * 1e6 > best + 1:
                                continue
                            leg = np.int64(np.rint(away * 1e6))
                            if leg < best or (leg == best and found < segment[row]):
                                best = leg
                                segment[row], along[row], leg_um[row] = found, share, leg
                    u += step
    return segment, along, leg_um
