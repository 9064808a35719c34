"""The problems of one file: all of them counted, the first thousand of a kind told in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.problems import VOCABULARY, Problem

# A million bad rows must not become a million objects; the totals stay exact.
TOLD_OF_A_KIND = 1000

Details = Mapping[str, Any] | Callable[[int], Mapping[str, Any]]


class ProblemLog(list[Problem]):
    """A list of problems that also counts those it does not hold.

    Attributes
    ----------
    totals
        Number of problems by key, exact.
    fatal
        True once an error concerns the file as a whole: no row of it can be used.
    """

    def __init__(self) -> None:
        super().__init__()
        self.totals: Counter[str] = Counter()
        self.fatal = False
        self._bad: list[NDArray[np.int64]] = []
        self._left_out: list[NDArray[np.int64]] = []

    def add(self, problem: Problem) -> None:
        """Add one problem; an error without a row number is fatal for the file."""
        if self.totals[problem.key] < TOLD_OF_A_KIND:
            self.append(problem)
        self.totals[problem.key] += 1
        if problem.severity == "error":
            if problem.row is None:
                self.fatal = True
            else:
                self._bad.append(np.array([problem.row], dtype=np.int64))

    def note(self, problem: Problem) -> None:
        """Add a problem about the file or its geometry that refuses no row, whatever its key."""
        if self.totals[problem.key] < TOLD_OF_A_KIND:
            self.append(problem)
        self.totals[problem.key] += 1

    def add_rows(
        self,
        key: str,
        rows: NDArray[np.int64],
        details: Details | None = None,
        *,
        field: str | None = None,
        geometry: Callable[[int], BaseGeometry | None] | None = None,
    ) -> None:
        """Add one problem for each of ``rows`` (1-based row numbers).

        ``details`` and ``geometry`` may be functions of the position in ``rows``; they are
        only called for the problems that are told in full.
        """
        if not len(rows):
            return
        room = max(0, TOLD_OF_A_KIND - self.totals[key])
        for position, row in enumerate(rows[:room].tolist()):
            values = details(position) if callable(details) else (details or {})
            place = geometry(position) if geometry else None
            self.append(Problem(key, values, row=row, field=field, geometry=place))
        self.totals[key] += len(rows)
        if VOCABULARY[key].severity == "error":
            self._bad.append(np.asarray(rows, dtype=np.int64))

    def leave_out(
        self,
        key: str,
        rows: NDArray[np.int64],
        details: Details | None = None,
        *,
        field: str | None = None,
        geometry: Callable[[int], BaseGeometry | None] | None = None,
    ) -> None:
        """Tell of rows that are no fault of the file but do not belong into the layer."""
        self.add_rows(key, rows, details, field=field, geometry=geometry)
        self._left_out.append(np.asarray(rows, dtype=np.int64))

    @property
    def left_out_rows(self) -> NDArray[np.int64]:
        """Numbers of the rows that do not belong into the layer, ascending, each once."""
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *self._left_out]))

    @property
    def bad_rows(self) -> NDArray[np.int64]:
        """Numbers of the rows that have an error, ascending, each once."""
        if not self._bad:
            return np.empty(0, dtype=np.int64)
        return np.unique(np.concatenate(self._bad))

    def merge(self, other: ProblemLog) -> None:
        """Take over everything ``other`` counted."""
        self.extend(other)
        self.totals.update(other.totals)
        self.fatal = self.fatal or other.fatal
        self._bad.extend(other._bad)
        self._left_out.extend(other._left_out)
