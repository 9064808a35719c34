"""Grids and centers by their name or code, which are no part of an address."""

from __future__ import annotations

import bisect
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

_BETWEEN = "\n"
# As many names that contain a text are looked at.
_LOOKED_AT = 1_000


@dataclass(frozen=True)
class Named:
    """Things by name and code, at the same positions; the earlier ones are answered first.

    Examples
    --------
    >>> named = Named(("甲网格", "乙网格"), ("G2", "G1"))
    >>> named.find("网格", 5), named.find("乙", 5), named.find("G", 1), named.exactly("G1")
    ([0, 1], [1], [0], [1])
    """

    names: Sequence[str]
    codes: Sequence[str]

    @cached_property
    def _text(self) -> str:
        return _BETWEEN.join(name.replace(_BETWEEN, " ") for name in self.names)

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(len(name) + len(_BETWEEN) for name in self.names))

    @cached_property
    def _exact(self) -> dict[str, list[int]]:
        made: dict[str, list[int]] = {}
        for at, called in enumerate(zip(self.names, self.codes, strict=True)):
            for text in set(called):
                made.setdefault(text, []).append(at)
        return made

    @cached_property
    def _by_code(self) -> list[tuple[str, int]]:
        return sorted((code, at) for at, code in enumerate(self.codes))

    def find(self, text: str, limit: int) -> list[int]:
        """Return what is called so, then what begins so, then whose name contains the text."""
        if not text or _BETWEEN in text:
            return []
        found = {*self.exactly(text), *self._containing(text), *self._coded(text)}
        return heapq.nsmallest(limit, found, key=lambda at: (self._closeness(at, text), at))

    def exactly(self, text: str) -> list[int]:
        """Return what has just this name or code."""
        return self._exact.get(text, [])

    def _closeness(self, at: int, text: str) -> int:
        name, code = self.names[at], self.codes[at]
        if text in (name, code):
            return 0
        return 1 if name.startswith(text) or code.startswith(text) else 2

    def _containing(self, text: str) -> Iterator[int]:
        # one search through all names is many times faster than one in each
        start = 0
        for _ in range(_LOOKED_AT):
            start = self._text.find(text, start)
            if start < 0:
                return
            at = bisect.bisect_right(self._ends, start)
            yield at
            start = self._ends[at]

    def _coded(self, text: str) -> Iterator[int]:
        first = bisect.bisect_left(self._by_code, (text, -1))
        for code, at in self._by_code[first : first + _LOOKED_AT]:
            if not code.startswith(text):
                return
            yield at
