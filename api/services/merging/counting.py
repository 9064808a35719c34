"""How many units are of which size: for sliders, and before and after."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.services.merging.rules import ALL, Applied, measure_of, shape_rules
from api.services.shapes import Json
from geo.merging import count_sizes
from geo.merging.units import whole_numbers

# A histogram of more bars than this nobody reads.
BARS = 24
_STEPS = (1, 2, 5)


def count_by_rules(
    sizes: pd.DataFrame, applied: Mapping[str, Applied], kinds: NDArray[np.object_]
) -> Json:
    """Count units by size, each under the rules of its own area type.

    Parameters
    ----------
    sizes
        ``households``, ``residents``.
    kinds
        Area type of each row.

    Returns
    -------
    dict
        ``below``, ``within``, ``above``, ``empty`` (nobody lives there), ``unknown``.
    """
    totals = dict.fromkeys(("below", "within", "above", "unknown"), 0)
    measure = measure_of(applied)
    numbers, faulty = whole_numbers(sizes[measure])
    empty = (numbers == 0) & ~faulty
    for kind, one in applied.items():
        own = ~empty & (True if kind == ALL else kinds == kind)
        for name, number in count_sizes(sizes[own], one.rules).items():
            totals[name] += number
    return {**totals, "empty": int(empty.sum())}


def choose_edges(values: Sequence[pd.Series]) -> list[int]:
    """Return the edges of at most :data:`BARS` bars of a round width that hold all values."""
    most = max(
        (int(known.max()) for series in values if len(known := numbers_of(series))), default=0
    )
    least = max(1, math.ceil((most + 1) / BARS))
    power = 10 ** math.floor(math.log10(least))
    step = next(s * power for s in (*_STEPS, 10) if s * power >= least)
    return [step * k for k in range((most // step) + 2)]


def count_bars(values: pd.Series, edges: Sequence[int]) -> list[int]:
    """Return how many values lie in each bar."""
    return [int(n) for n in np.histogram(numbers_of(values), bins=np.asarray(edges))[0]]


def numbers_of(values: pd.Series) -> NDArray[np.int64]:
    """Return those values that are numbers of people; others may be anything a file holds."""
    numbers, faulty = whole_numbers(values)
    return numbers[~faulty]


def shape_counts(
    sizes: pd.DataFrame, applied: Mapping[str, Applied], kinds: NDArray[np.object_]
) -> Json:
    """Return what a slider shows (:class:`api.schemas_merging.MergeCounts`)."""
    measure = measure_of(applied)
    edges = choose_edges([sizes[measure]])
    return {
        "units": len(sizes),
        **count_by_rules(sizes, applied, kinds),
        "rules": shape_rules(applied),
        "histogram": {
            "measure": measure,
            "edges": edges,
            "counts": count_bars(sizes[measure], edges),
        },
    }
