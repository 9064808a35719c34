"""How many units are of which size: for sliders, and before and after."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.services.merging.rules import ALL, Applied, measure_of, shape_rules
from api.services.shapes import Json
from geo.merging import rate_sizes
from geo.merging.units import whole_numbers

# A histogram of more bars than this nobody reads.
BARS = 24
# As large a part of the units, the largest, may share the last bar.
TAIL = 0.02
_STEPS = (1, 2, 5)
STATES = ("below", "within", "above", "unknown", "empty")
# Those that a map shows while sizes are being tried.
_SHOWN = ("below", "above")


def rate_by_rules(
    sizes: pd.DataFrame, applied: Mapping[str, Applied], kinds: NDArray[np.object_]
) -> NDArray[np.str_]:
    """Return the state of each unit under the rules of its own area type: of :data:`STATES`.

    Parameters
    ----------
    sizes
        ``households``, ``residents``.
    kinds
        Area type of each row.
    """
    numbers, faulty = whole_numbers(sizes[measure_of(applied)])
    states = np.where((numbers == 0) & ~faulty, "empty", "unknown")
    for kind, one in applied.items():
        own = (states != "empty") & (True if kind == ALL else kinds == kind)
        states[own] = rate_sizes(sizes[own], one.rules)
    return states


def count_by_rules(
    sizes: pd.DataFrame, applied: Mapping[str, Applied], kinds: NDArray[np.object_]
) -> Json:
    """Count units by size (:func:`rate_by_rules`): each of :data:`STATES` with its number."""
    return _count(rate_by_rules(sizes, applied, kinds))


def _count(states: NDArray[np.str_]) -> Json:
    return {state: int((states == state).sum()) for state in STATES}


def choose_edges(values: Sequence[pd.Series]) -> list[int]:
    """Return the edges of bars of a round width that most values share.

    At most :data:`BARS` bars hold all but the few largest (:data:`TAIL`); those share the last one,
    so that one unit of thousands does not press all others into the first bar.
    """
    known = np.concatenate([np.zeros(0, np.int64), *(numbers_of(series) for series in values)])
    most = int(known.max(initial=0))
    bulk = int(np.quantile(known, 1 - TAIL, method="higher")) if len(known) else 0
    least = max(1, math.ceil((bulk + 1) / BARS))
    power = 10 ** math.floor(math.log10(least))
    step = next(s * power for s in (*_STEPS, 10) if s * power >= least)
    edges = [step * k for k in range((bulk // step) + 2)]
    return edges if most < edges[-1] else [*edges, max(most + 1, edges[-1] + step)]


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
    """Return what a slider shows (:class:`api.schemas_merging.MergeCounts`).

    Parameters
    ----------
    sizes
        ``households``, ``residents``; index: codes.
    kinds
        Area type of each row.
    """
    measure = measure_of(applied)
    edges = choose_edges([sizes[measure]])
    states = rate_by_rules(sizes, applied, kinds)
    return {
        "units": len(sizes),
        **_count(states),
        "codes": {state: sizes.index[states == state].tolist() for state in _SHOWN},
        "rules": shape_rules(applied),
        "histogram": {
            "measure": measure,
            "edges": edges,
            "counts": count_bars(sizes[measure], edges),
        },
    }
