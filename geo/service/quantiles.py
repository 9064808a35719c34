"""Weighted percentiles that somebody really has: never a distance made up between two others."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import GeoError
from geo.problems import Problem

# 0.07 of a hundred people is 7.000000000000001 in floats, and still seven people.
_ROUNDING = 1e-12


def weighted_quantiles(
    cost: ArrayLike,
    weight: ArrayLike,
    group: ArrayLike,
    shares: ArrayLike,
    *,
    group_count: int,
    totals: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Find the smallest observed cost up to which a share of each group's weight lies.

    The percentile of a share ``q`` is ``min {c : Σ weight[cost ≤ c] ≥ q · Σ weight}``, without
    interpolation: that many are really served within it.

    Parameters
    ----------
    cost
        Metres or seconds, shape (n,); what is not finite is left out.
    weight
        Whole numbers from 0, shape (n,).
    group
        Positions from 0, shape (n,).
    shares
        Each above 0, at most 1.
    group_count
        Number of groups, with the empty ones.
    totals
        Weight of each group that the shares are of, where it holds more than what has a cost: who
        cannot be reached still counts.

    Returns
    -------
    ndarray of float64, shape (group_count, len(shares))
        NaN where so large a share is not reached at any cost, and for a group without weight.

    Raises
    ------
    GeoError
        ``parameter_value`` for a share or a weight that is none.

    Examples
    --------
    >>> weighted_quantiles([10.0, 30.0, 20.0], [1, 1, 2], [0, 0, 0], [0.5, 0.75, 1], group_count=1)
    array([[20., 20., 30.]])
    """
    parts = np.atleast_1d(np.asarray(shares, np.float64))
    for part in parts.tolist():
        check_share(part)
    costs, weights = np.asarray(cost, np.float64), whole_weights(weight)
    finite = np.isfinite(costs)
    costs, weights, groups = costs[finite], weights[finite], np.asarray(group, np.int64)[finite]
    order = np.lexsort((costs, groups))
    costs, weights, groups = costs[order], weights[order], groups[order]
    cumulated = np.cumsum(weights)
    ends = np.concatenate([[0], cumulated])[np.searchsorted(groups, np.arange(group_count + 1))]
    before, own = ends[:-1], np.diff(ends)
    whole = own if totals is None else np.asarray(totals, np.int64)
    need = np.ceil(parts * whole[:, None] * (1 - _ROUNDING)).astype(np.int64)
    enough = (need >= 1) & (need <= own[:, None])
    found = np.full(need.shape, np.nan)
    row = np.searchsorted(cumulated, (before[:, None] + need)[enough])
    found[enough] = costs[row]
    return found


def check_share(share: float, name: str = "share") -> None:
    """Refuse what is not a share.

    Raises
    ------
    GeoError
        ``parameter_value``.
    """
    if not 0 < share <= 1:
        details = {"name": name, "value": str(share), "allowed": "0 < … ≤ 1"}
        raise GeoError(Problem("parameter_value", details, field=name))


def whole_weights(weight: ArrayLike, name: str = "weight") -> NDArray[np.int64]:
    """Return weights as whole numbers.

    Raises
    ------
    GeoError
        ``parameter_value`` for the first that is missing, negative or a fraction.
    """
    values = np.asarray(weight)
    if values.dtype.kind == "b":
        return values.astype(np.int64)
    whole = values >= 0
    if values.dtype.kind == "f":
        whole &= values == np.floor(values)
        whole &= np.isfinite(values)
    if not whole.all():
        row = int(np.argmin(whole))
        details = {"name": name, "value": str(values[row]), "allowed": "0, 1, 2, …"}
        raise GeoError(Problem("parameter_value", details, row=row + 1, field=name))
    return values.astype(np.int64)
