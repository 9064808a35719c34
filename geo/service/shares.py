"""Counts of a service question: by status, and the share served by grid, village and area type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.codes import ancestors
from geo.reach.matrix import Nearest, State
from geo.service.columns import recode
from geo.service.question import Question

# Served, beyond the standard, or the reasons of geo.reach.matrix.State in their order.
Status = Literal["served", "far", "unreachable", "off_network", "unlocated", "no_center"]
STATUSES: tuple[Status, ...] = get_args(Status)

Codes = NDArray[np.int8]


def status_of(question: Question, near: Nearest) -> Codes:
    """Return each household's position in :data:`STATUSES`; at the standard is served."""
    beyond = ~near.within(question.limits)
    status = np.where(near.state == State.REACHED, beyond, near.state + 1)
    status[~np.isfinite(question.homes[:, 0])] = STATUSES.index("unlocated")
    return status.astype(np.int8)


def in_gaps(status: Codes) -> NDArray[np.int64]:
    """Return the positions of those left out; of the unlocated nothing is known."""
    return np.flatnonzero((status > 0) & (status != STATUSES.index("unlocated")))


def count_states(status: Codes, counts: Mapping[str, NDArray[np.int64]]) -> pd.DataFrame:
    """Return households and other counts by status; every household is in one row."""
    size = len(STATUSES)
    columns = {"households": np.bincount(status, minlength=size)}
    for name, values in counts.items():
        columns[name] = _sums(values, status, size)
    return pd.DataFrame(columns, index=pd.Index(STATUSES, name="status"), dtype=np.int64)


def measure_shares(
    question: Question, status: Codes, counts: Mapping[str, NDArray[np.int64]]
) -> pd.DataFrame:
    """Return the share served by grid, village, township and area type.

    Parameters
    ----------
    question
        Says what each household belongs to.
    status
        Position in :data:`STATUSES` of each.
    counts
        What else is summed, all and served: ``people``, ``residents``.

    Returns
    -------
    DataFrame
        ``by``, ``code`` (``""`` where unknown), ``households``, ``served``, ``share`` (0–1, of all
        households, so that a place nothing is known of is not called served), each count and
        ``…_served``, ``people_share``, and the households of every other status. Sorted.
    """
    parts = []
    for by, column in (
        ("grid", question.grids),
        ("township", recode(question.villages, lambda code: next(iter(ancestors(code)), ""))),
        ("village", question.villages),
        ("area_type", question.area_types),
    ):
        of_part, size = column.codes.astype(np.int64), len(column.categories)
        if by == "grid" and list(column.categories) in ([], [""]):
            continue  # nothing is known of grids
        table = np.bincount(of_part * len(STATUSES) + status, minlength=size * len(STATUSES))
        by_status = table.reshape(size, len(STATUSES))
        part = {
            "by": np.full(size, by, dtype=object),
            "code": np.asarray(column.categories, dtype=object),
            "households": by_status.sum(axis=1),
            "served": by_status[:, 0],
        }
        for name, values in counts.items():
            part[name] = _sums(values, of_part, size)
            part[f"{name}_served"] = _sums(values * (status == 0), of_part, size)
        part |= {name: by_status[:, 1 + i] for i, name in enumerate(STATUSES[1:])}
        parts.append(pd.DataFrame(part))
    shares = pd.concat(parts, ignore_index=True)
    shares.insert(4, "share", shares["served"] / shares["households"])
    with np.errstate(invalid="ignore"):
        people_share = shares["people_served"] / shares["people"]
    shares.insert(7, "people_share", people_share)
    return shares


def _sums(
    values: NDArray[np.int64], member: NDArray[np.integer[Any]], count: int
) -> NDArray[np.int64]:
    # floats hold whole numbers exactly up to 2^53, more people than there are
    return np.bincount(member, weights=values, minlength=count).astype(np.int64)
